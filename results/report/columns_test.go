package report

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/results"
)

// restored does what commandOf of the script does.
func restored(template string, r *results.Run, seed string) string {
	if plain, ok := strings.CutPrefix(template, plainMark); ok {
		return plain
	}
	return strings.ReplaceAll(strings.ReplaceAll(template, fileMark, r.Entry.File), seedMark, seed)
}

func TestCommandsAreRestored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"a.yaml", "12", "1", "2", " ", "-", "\x01", "\x02", "\x03", "'", "x", "/", "--seed "})
		text := strings.Join(rapid.SliceOf(piece).Draw(t, "command"), "")
		file := rapid.SampledFrom([]string{"", "a.yaml", "1", "12", "x/a"}).Draw(t, "file")
		seed := rapid.SampledFrom([]string{"1", "2", "12"}).Draw(t, "seed")
		number := map[string]uint64{"1": 1, "2": 2, "12": 12}[seed]
		r := &results.Run{Record: &results.Record{Command: text, Seed: number}, Entry: &results.Entry{Instance: results.Instance{File: file}}}
		if got := restored(withMarks(r), r, seed); got != text {
			t.Errorf("command %q comes back as %q", text, got)
		}
	})
}

func TestCommandsOfASweepAreFew(t *testing.T) {
	study := results.NewStudy(usual.records())
	columns, _ := columnsOf(study, shortIDs(study))
	if n := len(columns.Command.Words); n > 3*len(study.Methods) {
		t.Errorf("%d templates for %d methods", n, len(study.Methods))
	}
}

func TestMeasuredValuesKeepFourDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(rapid.Float64Range(-1e300, 1e300), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 9999, 10000, 12345})).Draw(t, "value")
		text, err := json.Marshal(measured{v})
		if err != nil {
			t.Fatal(err)
		}
		var back []*float64
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			if back[0] != nil {
				t.Errorf("%v becomes %v", v, *back[0])
			}
			return
		}
		if math.Abs(*back[0]-v) > 5.0001e-4*math.Abs(v) {
			t.Errorf("%v becomes %v", v, *back[0])
		}
	})
}

func TestShortIDsTellRunsApart(t *testing.T) {
	study := results.NewStudy(usual.records())
	seen := map[string]bool{}
	for r, id := range shortIDs(study) {
		if seen[id] || len(id) < shortestID || !strings.HasPrefix(r.ID, id) {
			t.Errorf("run %s goes by %q", r.ID, id)
		}
		seen[id] = true
	}
}

func TestThinning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, most := rapid.IntRange(0, 300).Draw(t, "n"), rapid.IntRange(2, 100).Draw(t, "most")
		kept := pick(n, most)
		if len(kept) != min(n, most) || !slices.IsSorted(kept) || len(slices.Compact(slices.Clone(kept))) != len(kept) {
			t.Fatalf("of %d, at most %d: %v", n, most, kept)
		}
		if n > 0 && (kept[0] != 0 || kept[len(kept)-1] != n-1) {
			t.Errorf("of %d, at most %d: the ends are missing in %v", n, most, kept)
		}
	})
	lengths := map[int]int{1: 10, 4: 5, 100: 3}
	for _, c := range []struct{ most, want int }{{60, 10}, {46, 5}, {45, 5}, {44, 4}, {1, 2}} {
		if got := fit(lengths, c.most); got != c.want {
			t.Errorf("room for %d steps: cut to %d, want %d", c.most, got, c.want)
		}
	}
}

func TestStepsAreThoseOfTheRecords(t *testing.T) {
	study := results.NewStudy(usual.records())
	s, thinned := stepsOf(study)
	if thinned.Most != 0 || thinned.Kept != thinned.All {
		t.Fatalf("thinned: %+v", thinned)
	}
	at := 0
	for k, r := range study.Runs {
		for j, step := range r.Trajectory {
			if s.Cost[at+j] != step.Cost || s.Seconds[at+j] != step.Seconds || s.By.Words[s.By.At[at+j]] != step.By {
				t.Fatalf("run %d, step %d", k, j)
			}
		}
		at += s.Count[k]
	}
}

// The page takes the curves of a group from the points of the whole study.
func TestCurvesOfAGroupHaveThePointsOfTheWhole(t *testing.T) {
	study := results.NewStudy(usual.records())
	columns, n := columnsOf(study, shortIDs(study))
	columns.addCurves(study, n)
	for _, group := range study.Groups {
		part := study.Select(func(r *results.Run) bool { return r.Entry.Group == group })
		for name, c := range map[string]struct {
			lines []results.Curve
			value func(k int) (float64, bool)
			x     func(p results.Point) float64
		}{
			"profile": {part.Profile(), func(k int) (float64, bool) { return columns.Ratio[k], !math.IsNaN(columns.Ratio[k]) }, func(p results.Point) float64 { return p.X }},
			"gaps":    {part.GapProfile(), func(k int) (float64, bool) { return columns.Gap[k], columns.Curves[k]&onGaps > 0 }, func(p results.Point) float64 { return p.X }},
			"cactus":  {part.Cactus(), func(k int) (float64, bool) { return max(columns.Wall[k], 0.001), columns.Curves[k]&onCactus > 0 }, func(p results.Point) float64 { return p.Y }},
		} {
			points := 0
			for _, line := range c.lines {
				for _, p := range line.Points {
					points++
					if v, ok := c.value(n.run[p.Run]); !ok || v != c.x(p) {
						t.Fatalf("%s of %s: %v in the columns, want %v", name, group, v, c.x(p))
					}
				}
			}
			on := 0
			for k, r := range study.Runs {
				if _, ok := c.value(k); ok && r.Entry.Group == group {
					on++
				}
			}
			if on != points {
				t.Errorf("%s of %s: %d points in the columns, want %d", name, group, on, points)
			}
		}
	}
}

func text(t *testing.T, study *results.Study) []byte {
	t.Helper()
	var page bytes.Buffer
	if err := Write(&page, study); err != nil {
		t.Fatal(err)
	}
	return page.Bytes()
}

func TestSameRecordsSamePage(t *testing.T) {
	records := usual.records()
	first := text(t, results.NewStudy(records))
	shuffled := append(slices.Clone(records), records[:50]...)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
	if !bytes.Equal(first, text(t, results.NewStudy(shuffled))) {
		t.Error("the page depends on the order of the records")
	}
}

// A tenth of 200,000 runs, with a tenth of the steps that a page holds, must fit into
// a tenth of what 15 MB leave beside the libraries.
func TestPageIsSmall(t *testing.T) {
	empty := len(text(t, results.NewStudy(nil)))
	tenth := large
	tenth.instances /= 10
	tenth.steps = 2
	if size := len(text(t, results.NewStudy(tenth.records()))) - empty; size > (15_000_000-empty)/10 {
		t.Errorf("20,000 runs take %d bytes; %d would be a tenth of 15 MB", size, (15_000_000-empty)/10)
	}
}

func TestOverviewSaysWhatMatters(t *testing.T) {
	study := results.NewStudy(usual.records())
	page := string(text(t, study))
	for _, want := range []string{
		"Wrong claims", "claims that 99999 is optimal", "Better than published", "published: best-known",
		"1080: 9 methods, 40 instances in 3 groups, 3 seeds", "20 November 2026", "60 s, 2 GiB, 1 thread", "bench-1, Xeon at 2.80 GHz 8 cores, 32 GiB, Linux 6.1",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestNamesAreEscaped(t *testing.T) {
	s := sweep{instances: 2, groups: 1, seeds: 1, methods: []string{"<script>alert(1)</script>"}, limit: 60, wrong: 1}
	if bytes.Contains(text(t, results.NewStudy(s.records())), []byte("<script>alert")) {
		t.Error("a name is read as HTML")
	}
}
