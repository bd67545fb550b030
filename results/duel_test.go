package results

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"berth/model"
)

func TestDuelByHand(t *testing.T) {
	d, err := small().Duel("a", "b")
	if err != nil {
		t.Fatal(err)
	}
	if d.Better != 1 || d.Worse != 1 || d.Ties != 0 || len(d.Pairs) != 2 {
		t.Errorf("%d better, %d worse, %d ties of %d", d.Better, d.Worse, d.Ties, len(d.Pairs))
	}
	near(t, "ratio", d.Ratio.Value, (math.Sqrt(math.Sqrt(2*4)*11)-1)/(math.Sqrt(math.Sqrt(11*3)*11)-1))
	near(t, "used ratio", d.UsedRatio.Value, (math.Sqrt(math.Sqrt(2*4)*11)-1)/(math.Sqrt(math.Sqrt(11*3)*6)-1))
	near(t, "gap", d.GapDiff.Value, (-0.1+0.75)/2)
	near(t, "p of times", d.PTime, 1) // one of two is 0, so the approximation of one: centre ½, corrected to 0
	near(t, "p of gaps", d.PGap, 1)   // of two that differ in sign, 2 · 2/4
	near(t, "p of used", d.PUsed, 1)
	j, i := d.Pairs[0], d.Pairs[1]
	if j.Entry.Name != "j" || i.Entry.Name != "i" || i.AProven != true || i.BProven || j.AProven {
		t.Errorf("%+v, %+v", j, i)
	}
	near(t, "difference on j", j.Difference, 7.5) // 75 % of gap, the same time
	near(t, "difference on i", i.Difference, math.Log10(math.Sqrt(11*3)/math.Sqrt(2*4))+1)
}

// Who comes to nothing sooner is no better for it.
func TestNothingIsNoBetterSoon(t *testing.T) {
	crash, timeout := on("i", "a", Crash, "", ""), on("i", "b", Timeout, "", "")
	timeout.Usage.Wall = 10
	d, err := NewStudy([]Record{crash, timeout, on("i", "c", Optimal, "1", "1")}).Duel("a", "b")
	if err != nil {
		t.Fatal(err)
	}
	if d.Better != 0 || d.Worse != 0 || d.Ties != 1 {
		t.Errorf("a crash beside a timeout: %d better, %d worse, %d ties", d.Better, d.Worse, d.Ties)
	}
}

// race makes up a study in which each method takes times on instances, with the given
// costs; at 10 s nothing is proven.
func race(times map[string][]float64, costs map[string][]int) *Study {
	var records []Record
	for method := range times {
		for i, seconds := range times[method] {
			outcome := Optimal
			if seconds >= 10 {
				outcome = Feasible
			}
			cost := 100
			if costs != nil {
				cost, outcome = costs[method][i], Feasible
			}
			r := on(fmt.Sprintf("i%02d", i), method, outcome, number(cost), "")
			r.Usage.Wall = seconds
			records = append(records, r)
		}
	}
	return NewStudy(records)
}

func TestVerdicts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	fast, slow, alike, fast3, ten := make([]float64, 30), make([]float64, 30), make([]float64, 30), make([]float64, 30), make([]float64, 30)
	low, high := make([]int, 30), make([]int, 30)
	for i := range fast {
		fast[i] = 0.5 + r.Float64()
		slow[i] = 3 * fast[i] * (1 + r.Float64()/10)
		alike[i] = fast[i] * (0.9 + r.Float64()/5)
		fast3[i] = fast[i]
		ten[i] = 10
		low[i] = 100 + i
		high[i] = 100 + i + i/2 + 1
	}
	for _, c := range []struct {
		name  string
		study *Study
		want  string // a pattern in which * is any number
	}{
		{"faster", race(map[string][]float64{"a": fast, "b": slow}, nil), "a is 3.1 times as fast as b (95 % between * and *, 30 instances, p < 0.001). Their gaps are the same (30 instances)."},
		{"slower", race(map[string][]float64{"a": slow, "b": fast}, nil), "b is 3.1 times as fast as a (95 % between * and *, 30 instances, p < 0.001). Their gaps are the same (30 instances)."},
		{"alike", race(map[string][]float64{"a": fast, "b": alike}, nil), "No difference in the time to the proof can be seen between a and b (* times as long, 95 % between * and *, 30 instances, p = *). Their gaps are the same (30 instances)."},
		{"equal", race(map[string][]float64{"a": fast, "b": fast3}, nil), "No difference in the time to the proof can be seen between a and b (1.00 times as long, 95 % between 1.00 and 1.00, 30 instances, p = 1). Their gaps are the same (30 instances)."},
		{
			"heuristics", race(map[string][]float64{"a": fast, "b": slow}, map[string][]int{"a": low, "b": high}),
			"The gap of a is smaller than that of b by 6.7 points in the mean (95 % between * and *, 30 instances, p < 0.001). a ends 3.1 times as fast as b (95 % between * and *, 30 instances, p < 0.001).",
		},
		{
			"nothing proven", race(map[string][]float64{"a": ten, "b": ten}, nil),
			"Their gaps are the same (30 instances). No difference in the time that they take can be seen between a and b (1.00 times as long, 95 % between 1.00 and 1.00, 30 instances, p = 1).",
		},
		{
			"one instance", race(map[string][]float64{"a": {1}, "b": {5}}, nil),
			"No difference in the time to the proof can be seen between a and b (0.20 times as long, 1 instance, p = 1). Their gaps are the same (1 instance).",
		},
		{
			"one is wrong", NewStudy([]Record{on("i", "a", Optimal, "12", "12"), on("i", "b", Feasible, "10", "")}),
			"No difference in their gaps can be seen (100 points, 1 instance, p = 1). No difference in the time that they take can be seen between a and b (1.00 times as long, 1 instance, p = 1). a claimed what is not true in 1 run.",
		},
		{
			"infeasible", NewStudy([]Record{on("i", "a", Infeasible, "", ""), on("i", "b", Timeout, "", "")}),
			"No difference in the time to the proof can be seen between a and b (0.20 times as long, 1 instance, p = 1).",
		},
	} {
		d, err := c.study.Duel("a", "b")
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		rest, ok := d.Verdict, true
		for k, part := range strings.Split(c.want, "*") {
			if k > 0 {
				rest = strings.TrimLeft(rest, "0123456789.e-")
			}
			if rest, ok = strings.CutPrefix(rest, part); !ok {
				break
			}
		}
		if !ok || rest != "" {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, d.Verdict, c.want)
		}
	}
}

func TestDuelTurnedRound(t *testing.T) {
	for seed := range uint64(10) {
		s := NewStudy(troubled(rand.New(rand.NewPCG(seed, 3)), 12))
		d, err1 := s.Duel("m0", "m1")
		e, err2 := s.Duel("m1", "m0")
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if d.Better != e.Worse || d.Worse != e.Better || d.Ties != e.Ties || d.AWrong != e.BWrong || d.Better+d.Worse+d.Ties != len(d.Pairs) {
			t.Errorf("%d %d %d, turned round %d %d %d, of %d", d.Better, d.Worse, d.Ties, e.Better, e.Worse, e.Ties, len(d.Pairs))
		}
		if d.PTime != e.PTime || d.PGap != e.PGap || d.PUsed != e.PUsed {
			t.Errorf("p %g %g %g, turned round %g %g %g", d.PTime, d.PGap, d.PUsed, e.PTime, e.PGap, e.PUsed)
		}
		near(t, "ratio", d.Ratio.Value, 1/e.Ratio.Value)
		near(t, "gap", d.GapDiff.Value, -e.GapDiff.Value)
		near(t, "low end of the ratio", d.Ratio.Low, 1/e.Ratio.High)
		near(t, "high end of the gap", d.GapDiff.High, -e.GapDiff.Low)
		for k := 1; k < len(d.Pairs); k++ {
			if d.Pairs[k].Difference > d.Pairs[k-1].Difference {
				t.Errorf("pair %d differs more than the one before", k)
			}
		}
	}
}

func TestDuelFindsMethods(t *testing.T) {
	versions := func(v string, cost model.Number) Record {
		r := on("i", "lp", Feasible, cost, "")
		r.Version = v
		r.ID = r.Digest()
		return r
	}
	s := NewStudy([]Record{
		versions("v1-aaa", "1"), versions("v2-abc", "2"), versions("v2-abd", "3"),
		on("i", "highs", Feasible, "4", ""), on("j", "cbc", Feasible, "4", ""), on("i", "clasp", Unfit, "", ""),
	})
	for _, c := range []struct{ a, b, want string }{
		{"lp@v1", "highs", "lp (v1) highs"},
		{"lp@v2-abc", "lp@v2-abd", "lp (v2-abc) lp (v2-abd)"},
		{"lp (v1)", "highs@", "lp (v1) highs"},
		{"lp@v2", "highs", `"lp@v2" is any of lp (v2-abc), lp (v2-abd); name one of them`},
		{"lp", "highs", `no such method: "lp"; the records have cbc, clasp, highs, lp (v1), lp (v2-abc), lp (v2-abd)`},
		{"lp@v3", "highs", "no such method"},
		{"highs", "highs@v1", "highs and highs@v1 are the same method"},
		{"highs", "highs", "are the same method"},
		{"highs", "cbc", "highs and cbc have no instance in common that both handle"},
		{"highs", "clasp", "have no instance in common"},
	} {
		d, err := s.Duel(c.a, c.b)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = d.A + " " + d.B
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s against %s: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

func TestWins(t *testing.T) {
	for _, c := range []struct {
		name string
		runs []Record
		want string
	}{
		{"a proof wins", []Record{on("i", "a", Optimal, "10", "10"), on("i", "b", Feasible, "10", "")}, "1 0"},
		{"the lower cost wins", []Record{on("i", "a", Feasible, "11", ""), on("i", "b", Feasible, "10", "")}, "0 1"},
		{"two win", []Record{on("i", "a", Feasible, "10", ""), on("i", "b", Feasible, "10", "")}, "1 1"},
		{"nobody wins", []Record{on("i", "a", Timeout, "", ""), on("i", "b", Crash, "", "")}, "0 0"},
		{"a liar does not win", []Record{on("i", "a", Wrong, "9", ""), on("i", "b", Feasible, "10", "")}, "0 1"},
		{"nor is anything lost to it", []Record{on("i", "a", Optimal, "11", ""), on("i", "b", Feasible, "10", ""), on("i", "c", Unfit, "", "")}, "0 1 0"},
		{"infeasible is an answer", []Record{on("i", "a", Infeasible, "", ""), on("i", "b", Timeout, "", "")}, "1 0"},
		{"alone", []Record{on("i", "a", Feasible, "10", "")}, "1"},
	} {
		var got []string
		for _, row := range NewStudy(c.runs).Summaries() {
			got = append(got, fmt.Sprint(row.Wins))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
	for _, c := range []struct {
		a, b float64
		want int
	}{{1, 2, -1}, {2, 1, 1}, {1, 1.04, 0}, {0.001, 0.005, 0}, {0.001, 0.009, -1}, {1, 1.06, -1}} {
		s := race(map[string][]float64{"a": {c.a}, "b": {c.b}}, nil)
		if got := compareCells(s.cells[0][0], s.cells[0][1]); got != c.want {
			t.Errorf("%g s and %g s compare as %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
