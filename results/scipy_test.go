package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// oracle is what testdata/study.py says of a study.
type oracle struct {
	Entries   map[string][3]any
	Outcomes  map[string]Outcome
	Summaries map[string]map[string]float64
	Cells     map[string]map[string]float64 // by "method\ninstance"
	Cactus    map[string][]float64
	Gaps      map[string][2]any
	Profile   map[string][2]any
	Bands     map[string][][3]float64
	Duels     []struct {
		A, B                                      string
		Pairs                                     int
		Ratio, UsedRatio, Gap, PTime, PUsed, PGap float64
	}
}

// question is what it is asked.
type question struct {
	Records []Record  `json:"records"`
	Moments []float64 `json:"moments"` // of the gap over time
}

func askScipy(t *testing.T, cases []question) []oracle {
	t.Helper()
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.Command("/usr/bin/python3", "-W", "ignore", "testdata/study.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &stderr
	answer, err := cmd.Output()
	if errors.Is(err, fs.ErrNotExist) || strings.Contains(stderr.String(), "No module named") {
		t.Skip("scipy is missing; apt-get install python3-scipy")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var oracles []oracle
	if err := json.Unmarshal(answer, &oracles); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	return oracles
}

// A random sweep with trouble of every sort, against numpy and scipy.
func TestStudyAgainstScipy(t *testing.T) {
	var cases []question
	for _, instances := range []int{1, 3, 12, 80} {
		c := question{Records: troubled(rand.New(rand.NewPCG(uint64(instances), 9)), instances)}
		for _, b := range NewStudy(c.Records).GapOverTime(6) {
			if b.Runs > 0 {
				c.Moments = b.Seconds
			}
		}
		cases = append(cases, c)
	}
	for k, want := range askScipy(t, cases) {
		s := NewStudy(cases[k].Records)
		checkFacts(t, s, want)
		checkMeans(t, s, want)
		checkFigures(t, s, want)
		checkDuels(t, s, want)
	}
}

func checkFacts(t *testing.T, s *Study, want oracle) {
	t.Helper()
	wrong := 0
	for _, r := range s.Runs {
		if r.Outcome != want.Outcomes[r.ID] {
			t.Errorf("%s on %s is %s, want %s", r.Method, r.Entry.Name, r.Outcome, want.Outcomes[r.ID])
		}
		if r.Outcome == Wrong && r.Record.Outcome != Wrong {
			wrong++
		}
	}
	if len(s.Instances) > 10 && wrong < 10 {
		t.Errorf("%d claims are refuted; the records are too tame for a test", wrong)
	}
	for _, e := range s.Instances {
		text := func(n string) string {
			if d, ok := parseDecimal(e.Best); n == "best" && ok {
				return d.rat().RatString()
			}
			if d, ok := parseDecimal(e.Bound); n == "bound" && ok {
				return d.rat().RatString()
			}
			return "None"
		}
		if got := [3]any{text("best"), text("bound"), e.Infeasible}; got != want.Entries[e.Name] {
			t.Errorf("%s: %v, want %v", e.Name, got, want.Entries[e.Name])
		}
	}
}

// nearScipy compares a number with one of Python, which writes 1e300 for what is not
// there.
func nearScipy(t *testing.T, what string, got, want float64) {
	t.Helper()
	if want == 1e300 && (math.IsNaN(got) || math.IsInf(got, 1)) {
		return
	}
	near(t, what, got, want)
}

func checkMeans(t *testing.T, s *Study, want oracle) {
	t.Helper()
	cells := 0
	for _, row := range s.Heat().Cells {
		for _, c := range row {
			if c == nil || c.Fit == 0 {
				continue
			}
			cells++
			w := want.Cells[c.Method+"\n"+c.Entry.Name]
			what := c.Method + " on " + c.Entry.Name
			near(t, what+": time", c.Time, w["time"])
			near(t, what+": used", c.Used, w["used"])
			near(t, what+": PAR10", c.PAR10, w["par10"])
			near(t, what+": gap", c.Gap, w["gap"])
			near(t, what+": primal", c.Primal, w["primal"])
			near(t, what+": proven", c.Proven, w["proven"])
		}
	}
	if cells != len(want.Cells) {
		t.Errorf("%d cells, want %d", cells, len(want.Cells))
	}
	for _, row := range s.Summaries() {
		w := want.Summaries[row.Method]
		nearScipy(t, row.Method+": time", row.Time.Value, w["time"])
		nearScipy(t, row.Method+": used", row.Used.Value, w["used"])
		nearScipy(t, row.Method+": PAR10", row.PAR10.Value, w["par10"])
		nearScipy(t, row.Method+": gap", row.Gap.Value, w["gap"])
		nearScipy(t, row.Method+": primal", row.Primal.Value, w["primal"])
	}
}

func checkFigures(t *testing.T, s *Study, want oracle) {
	t.Helper()
	sorted := func(name string, curves []Curve, wanted map[string][2]any) {
		for _, c := range curves {
			xs, runs := wanted[c.Method][0].([]any), int(wanted[c.Method][1].(float64))
			if len(c.Points) != len(xs) || c.Runs != runs {
				t.Errorf("%s of %s: %d points of %d runs, want %d of %d", name, c.Method, len(c.Points), c.Runs, len(xs), runs)
				continue
			}
			for k, p := range c.Points {
				near(t, name+" of "+c.Method, p.X, xs[k].(float64))
				near(t, name+" of "+c.Method+": share", p.Y, float64(k+1)/float64(runs))
			}
		}
	}
	sorted("profile", s.Profile(), want.Profile)
	sorted("gap profile", s.GapProfile(), want.Gaps)
	for _, c := range s.Cactus() {
		if len(c.Points) != len(want.Cactus[c.Method]) {
			t.Errorf("cactus of %s: %d points, want %d", c.Method, len(c.Points), len(want.Cactus[c.Method]))
			continue
		}
		for k, p := range c.Points {
			near(t, "cactus of "+c.Method, p.Y, want.Cactus[c.Method][k])
			near(t, "cactus of "+c.Method+": number", p.X, float64(k+1))
		}
	}
	for _, b := range s.GapOverTime(6) {
		for k := range b.Seconds {
			near(t, b.Method+": lower quartile", b.Lower[k], want.Bands[b.Method][k][0])
			near(t, b.Method+": median", b.Median[k], want.Bands[b.Method][k][1])
			near(t, b.Method+": upper quartile", b.Upper[k], want.Bands[b.Method][k][2])
		}
	}
}

func checkDuels(t *testing.T, s *Study, want oracle) {
	t.Helper()
	for _, w := range want.Duels {
		d, err := s.Duel(w.A, w.B)
		if err != nil {
			t.Error(err)
			continue
		}
		what := w.A + " against " + w.B
		if len(d.Pairs) != w.Pairs {
			t.Errorf("%s: %d pairs, want %d", what, len(d.Pairs), w.Pairs)
		}
		near(t, what+": ratio", d.Ratio.Value, w.Ratio)
		near(t, what+": ratio of used times", d.UsedRatio.Value, w.UsedRatio)
		nearScipy(t, what+": gap", d.GapDiff.Value, w.Gap)
		near(t, what+": p of times", d.PTime, w.PTime)
		near(t, what+": p of used times", d.PUsed, w.PUsed)
		near(t, what+": p of gaps", d.PGap, w.PGap)
	}
}
