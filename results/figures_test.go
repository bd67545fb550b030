package results

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"berth/model"
)

// small is a study that can be computed by hand: a proves one of two instances, b
// half of it, and has placements of the other.
func small() *Study {
	published := &Known{Value: "16", Status: "best-known"}
	run := func(instance, method string, seed uint64, outcome Outcome, cost model.Number, wall float64, steps ...Step) Record {
		r := on(instance, method, outcome, cost, "")
		r.Seed, r.Usage.Wall, r.Trajectory = seed, wall, steps
		if instance == "j" {
			r.Known = published
		}
		r.ID = r.Digest()
		return r
	}
	return NewStudy([]Record{
		run("i", "a", 1, Optimal, "10", 1, Step{Seconds: 0.1, Cost: "10"}),
		run("i", "a", 2, Optimal, "10", 3, Step{Seconds: 1, Cost: "12"}, Step{Seconds: 2, Cost: "10"}),
		run("i", "b", 1, Feasible, "12", 10, Step{Seconds: 1, Cost: "12"}),
		run("i", "b", 2, Optimal, "10", 2, Step{Seconds: 1, Cost: "10"}),
		run("j", "a", 1, Timeout, "", 10),
		run("j", "a", 2, Timeout, "", 10),
		run("j", "b", 1, Feasible, "20", 5, Step{Seconds: 5, Cost: "20"}),
		run("j", "b", 2, Feasible, "20", 5, Step{Seconds: 5, Cost: "20"}),
		run("j", "c", 1, Unfit, "", 0),
	})
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if got != want && !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) && !(math.IsNaN(got) && math.IsNaN(want)) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

func TestSummariesByHand(t *testing.T) {
	nan := math.NaN()
	type values struct{ time, par10, used, gap, primal float64 }
	for k, want := range []struct {
		counts string
		values values
	}{
		{"a: 2 instances, 4 runs, 2 solved, 2 proven, 0 wrong, 2 failed, 0 unfit, 1 wins", values{
			time:   math.Sqrt(math.Sqrt(2*4)*11) - 1,           // √(2·4) on i, 11 on j
			par10:  (2.0 + 100) / 2,                            // (1+3)/2 on i, 10·10 on j
			used:   math.Sqrt(math.Sqrt(2*4)*11) - 1,           // it is stopped at the limit
			gap:    (0.0 + 1) / 2,                              // no placement of j
			primal: (0.01/2 + (0.1+0.1*(1-10.0/12))/2 + 1) / 2, // on i 1 until 0.1 of 10 s; 1 until 1 s, then ⅙ until 2 s
		}},
		{"b: 2 instances, 4 runs, 4 solved, 1 proven, 0 wrong, 0 failed, 0 unfit, 1 wins", values{
			time:   math.Sqrt(math.Sqrt(11*3)*11) - 1,
			par10:  (51.0 + 100) / 2, // (100+2)/2 on i
			used:   math.Sqrt(math.Sqrt(11*3)*6) - 1,
			gap:    (0.2/2 + 0.25) / 2,
			primal: ((0.1+0.9*(1-10.0/12))/2 + 0.1/2 + 0.5 + 0.5*0.2) / 2,
		}},
		{"c: 0 instances, 1 runs, 0 solved, 0 proven, 0 wrong, 0 failed, 1 unfit, 0 wins", values{nan, nan, nan, nan, nan}},
	} {
		got := small().Summaries()[k]
		counts := fmt.Sprintf("%s: %d instances, %d runs, %d solved, %d proven, %d wrong, %d failed, %d unfit, %d wins",
			got.Method, got.Instances, got.Runs, got.Solved, got.Proven, got.Wrong, got.Failed, got.Unfit, got.Wins)
		if counts != want.counts {
			t.Errorf("%s\nwant %s", counts, want.counts)
		}
		near(t, got.Method+" time", got.Time.Value, want.values.time)
		near(t, got.Method+" PAR10", got.PAR10.Value, want.values.par10)
		near(t, got.Method+" used", got.Used.Value, want.values.used)
		near(t, got.Method+" gap", got.Gap.Value, want.values.gap)
		near(t, got.Method+" primal", got.Primal.Value, want.values.primal)
	}
}

func TestCurvesByHand(t *testing.T) {
	s := small()
	for _, c := range []struct {
		name   string
		curves []Curve
		want   []string
	}{
		{"profile", s.Profile(), []string{"a of 4: i/1 (1, 0.25) i/2 (1.5, 0.5)", "b of 4: i/2 (1, 0.25)", "c of 1:"}},
		{"gap profile", s.GapProfile(), []string{
			"a of 4: i/1 (0, 0.25) i/2 (0, 0.5)",
			"b of 4: i/2 (0, 0.25) i/1 (0.2, 0.5) j/1 (0.25, 0.75) j/2 (0.25, 1)", "c of 1:",
		}},
		{"cactus", s.Cactus(), []string{"a of 4: i/1 (1, 1) i/2 (2, 3)", "b of 4: i/2 (1, 2)", "c of 1:"}},
	} {
		for m, curve := range c.curves {
			got := fmt.Sprintf("%s of %d:", curve.Method, curve.Runs)
			for _, p := range curve.Points {
				got += fmt.Sprintf(" %s/%d (%.4g, %.4g)", p.Run.Entry.Name, p.Run.Seed, p.X, p.Y)
			}
			if got != c.want[m] {
				t.Errorf("%s: %s, want %s", c.name, got, c.want[m])
			}
		}
	}
}

func TestGapOverTimeByHand(t *testing.T) {
	bands := small().GapOverTime(3) // 0.1, 1 and 10 s
	for m, want := range []struct {
		method               string
		runs                 int
		lower, median, upper []float64
	}{
		{"a", 4, []float64{0.75, 0.15, 0}, []float64{1, 0.6, 0.5}, []float64{1, 1, 1}}, // gaps 0 1 1 1; 0 0.2 1 1; 0 0 1 1
		{"b", 4, []float64{1, 0.15, 0.15}, []float64{1, 0.6, 0.225}, []float64{1, 1, 0.25}},
		{"c", 0, nil, nil, nil},
	} {
		b := bands[m]
		if b.Method != want.method || b.Runs != want.runs || len(b.Median) != len(want.median) || len(b.Seconds) != len(want.median) {
			t.Fatalf("%+v, want %+v", b, want)
		}
		for k := range want.median {
			what := fmt.Sprintf("%s at moment %d: ", b.Method, k)
			near(t, what+"seconds", b.Seconds[k], math.Pow10(k-1))
			near(t, what+"lower", b.Lower[k], want.lower[k])
			near(t, what+"median", b.Median[k], want.median[k])
			near(t, what+"upper", b.Upper[k], want.upper[k])
		}
	}
}

func TestHeatByHand(t *testing.T) {
	h := small().Heat()
	for i, row := range [][]string{
		{"optimal 2 proven 1 gap 0", "feasible 2 proven 0.5 gap 0.1", "none"},
		{"timeout 2 proven 0 gap 1", "feasible 2 proven 0 gap 0.25", "unfit 0 proven 0 gap 0"},
	} {
		for m, want := range row {
			got := "none"
			if c := h.Cells[i][m]; c != nil {
				got = fmt.Sprintf("%s %d proven %g gap %.4g", c.Outcome, c.Fit, c.Proven, c.Gap)
			}
			if got != want {
				t.Errorf("%s on %s: %s, want %s", h.Methods[m], h.Instances[i].Name, got, want)
			}
		}
	}
}

func TestFiguresKeepTheirShape(t *testing.T) {
	for seed := range uint64(10) {
		s := NewStudy(troubled(rand.New(rand.NewPCG(seed, 2)), 10))
		runs := map[string]int{}
		for _, r := range s.Runs {
			runs[r.Method]++
		}
		for name, curves := range map[string][]Curve{"profile": s.Profile(), "gap profile": s.GapProfile(), "cactus": s.Cactus()} {
			for _, c := range curves {
				if len(c.Points) > c.Runs || c.Runs > runs[c.Method] || name != "gap profile" && c.Runs != runs[c.Method] {
					t.Errorf("%s of %s: %d points of %d runs, and there are %d", name, c.Method, len(c.Points), c.Runs, runs[c.Method])
				}
				for k := 1; k < len(c.Points); k++ {
					if a, b := c.Points[k-1], c.Points[k]; a.X > b.X || a.Y > b.Y {
						t.Errorf("%s of %s falls from %v to %v", name, c.Method, a, b)
					}
				}
				for _, p := range c.Points {
					if name != "cactus" && p.Y > 1 || name == "profile" && p.X < 1 || p.X < 0 || p.Y < 0 {
						t.Errorf("%s of %s has %v", name, c.Method, p)
					}
				}
			}
		}
		for _, b := range s.GapOverTime(9) {
			for k := range b.Seconds {
				if b.Lower[k] < 0 || b.Lower[k] > b.Median[k] || b.Median[k] > b.Upper[k] || b.Upper[k] > 1 {
					t.Errorf("%s at %g s: %g %g %g", b.Method, b.Seconds[k], b.Lower[k], b.Median[k], b.Upper[k])
				}
				if k > 0 && (b.Lower[k] > b.Lower[k-1] || b.Median[k] > b.Median[k-1] || b.Upper[k] > b.Upper[k-1] || b.Seconds[k] < b.Seconds[k-1]) {
					t.Errorf("%s gets worse at %g s", b.Method, b.Seconds[k])
				}
			}
		}
		for _, row := range s.Summaries() {
			for name, i := range map[string]Interval{"time": row.Time, "PAR10": row.PAR10, "used": row.Used, "gap": row.Gap, "primal": row.Primal} {
				if i.Bounded() && !(i.Low <= i.Value+1e-9 && i.Value <= i.High+1e-9) {
					t.Errorf("%s of %s: %v", name, row.Method, i)
				}
			}
			if row.Solved+row.Wrong+row.Unfit+row.Failed > row.Runs || row.Gap.Value < 0 || row.Gap.Value > 1 || row.Primal.Value < 0 || row.Primal.Value > 1 {
				t.Errorf("%+v", row)
			}
		}
	}
}
