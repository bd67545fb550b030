package results

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// everything is all that a study says, in words.
func everything(s *Study) string {
	var b strings.Builder
	say := func(v any) { fmt.Fprintf(&b, "%v\n", v) }
	say(s.Methods)
	say(s.Groups)
	for _, e := range s.Instances {
		say([]any{e.Instance, e.Best, e.Bound, e.Infeasible})
		if e.Known != nil {
			say(*e.Known)
		}
		for _, r := range e.Beats {
			say(r.ID)
		}
	}
	for _, r := range s.Runs {
		say([]any{r.ID, r.Entry.Name, r.Method, r.Outcome, r.Note, r.Gap, r.Limit, r.Time, r.Primal, r.Usage, r.Started})
	}
	say(s.Summaries())
	for _, curves := range [][]Curve{s.Profile(), s.GapProfile(), s.Cactus()} {
		for _, c := range curves {
			say([]any{c.Method, c.Runs})
			for _, p := range c.Points {
				say([]any{p.X, p.Y, p.Run.ID})
			}
		}
	}
	say(s.GapOverTime(7))
	for m, a := range s.Methods {
		d, err := s.Duel(a, s.Methods[(m+2)%len(s.Methods)])
		if err != nil {
			say(err)
			continue
		}
		say([]any{d.A, d.B, d.Better, d.Worse, d.Ties, d.AWrong, d.BWrong, d.Ratio, d.UsedRatio, d.GapDiff, d.PTime, d.PUsed, d.PGap, d.Verdict})
		for _, p := range d.Pairs {
			say([]any{p.Entry.Name, p.ATime, p.BTime, p.AGap, p.BGap, p.AProven, p.BProven, p.Difference})
		}
	}
	return b.String()
}

func TestStudyDoesNotDependOnTheOrder(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		records := troubled(r, 6)
		want := everything(NewStudy(records))
		shuffled := slices.Concat(records, records[:r.IntN(len(records))])
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := everything(NewStudy(shuffled)); got != want {
			t.Errorf("seed %d: the study of shuffled records, some of them twice, differs:\n%s", seed, firstDifference(got, want))
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for k := range min(len(g), len(w)) {
		if g[k] != w[k] {
			return fmt.Sprintf("got  %s\nwant %s", g[k], w[k])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// A run that two machines made is the one that began first, and the other counts
// nowhere.
func TestARunMadeTwiceCountsOnce(t *testing.T) {
	first, second := on("i", "a", Feasible, "10", "3"), on("i", "a", Optimal, "9", "9")
	first.Started, second.Started = time.Unix(100, 0), time.Unix(200, 0)
	for _, records := range [][]Record{{first, second}, {second, first}, {second, first, second, first}} {
		s := NewStudy(records)
		if len(s.Runs) != 1 || s.Runs[0].Cost != "10" || s.Instances[0].Best != "10" {
			t.Errorf("%d runs, the first costs %s, best %s", len(s.Runs), s.Runs[0].Cost, s.Instances[0].Best)
		}
	}
	second.Started = first.Started
	one, two := NewStudy([]Record{first, second}), NewStudy([]Record{second, first})
	if one.Runs[0].Cost != two.Runs[0].Cost {
		t.Errorf("of two that began at once it is that of cost %s, or that of %s", one.Runs[0].Cost, two.Runs[0].Cost)
	}
	first.ID, second.ID = "", "" // as a program makes them
	if s := NewStudy([]Record{first, second}); len(s.Runs) != 1 {
		t.Errorf("%d runs of records without an ID", len(s.Runs))
	}
}

func TestInstancesAreTheirDigest(t *testing.T) {
	a, b, c := on("i", "a", Feasible, "10", ""), on("j", "b", Feasible, "9", ""), on("i", "a", Feasible, "5", "")
	b.Instance.Digest = a.Instance.Digest // another name on another machine
	c.Instance.Digest = "sha256:another instance of the same name"
	c.ID = c.Digest()
	s := NewStudy([]Record{a, b, c})
	var names []string
	for _, e := range s.Instances {
		names = append(names, e.Name+"="+string(e.Best))
	}
	if got := strings.Join(names, ", "); got != "i (another )=5, i (digest o)=9" {
		t.Errorf("instances %s", got)
	}
	a.Instance.Digest, b.Instance.Digest = "", "" // that cannot be read
	if s := NewStudy([]Record{a, b}); len(s.Instances) != 2 {
		t.Errorf("%d instances of two files", len(s.Instances))
	}
}

func TestEmptyStudy(t *testing.T) {
	s := NewStudy(nil)
	if len(s.Summaries()) != 0 || len(s.Profile()) != 0 || len(s.GapProfile()) != 0 || len(s.Cactus()) != 0 || len(s.GapOverTime(5)) != 0 || len(s.Heat().Cells) != 0 {
		t.Error("a study of nothing says something")
	}
	if _, err := s.Duel("a", "b"); err == nil {
		t.Error("two methods fight that are not there")
	}
}

func TestTimesAndGaps(t *testing.T) {
	proven, late, gaveUp, none := on("i", "a", Optimal, "-4", "-4"), on("i", "b", Optimal, "-4", "-4"), on("i", "c", Feasible, "-3", ""), on("i", "d", Timeout, "", "")
	wrong := on("i", "e", Feasible, "-3", "-3.5")
	proven.Usage.Wall = 0
	late.Usage.Wall = 10.4
	gaveUp.Usage.Wall = 0.5
	unlimited := on("i", "f", Feasible, "-2", "")
	unlimited.Limits.Seconds = 0
	proof, other := on("j", "a", Infeasible, "", ""), on("j", "b", Unknown, "", "")
	s := NewStudy([]Record{proven, late, gaveUp, none, wrong, unlimited, proof, other})
	inf := math.Inf(1)
	for k, want := range []struct{ gap, time, limit float64 }{
		{0, 0.001, 10},
		{0, 10.4, 10},
		{0.25, 10, 10},
		{inf, 10, 10},
		{inf, 10, 10},
		{0.5, 10.4, 10.4}, // without a limit the longest time on the instance
		{0, 2, 10},
		{inf, 10, 10},
	} {
		if r := s.Runs[k]; r.Gap != want.gap || r.Time != want.time || r.Limit != want.limit {
			t.Errorf("%s on %s: gap %g, time %g, limit %g; want %v", r.Method, r.Entry.Name, r.Gap, r.Time, r.Limit, want)
		}
	}
}

func TestIncumbents(t *testing.T) {
	gap := func(cost, best decimal) float64 { return gapTo(cost, best) }
	for _, c := range []struct {
		name       string
		outcome    Outcome
		trajectory []Step
		want       string // of the moments and gaps
		primal     float64
	}{
		{"no trajectory", Feasible, nil, "[8] [0.25]", 0.8 + 0.2*0.2},
		{
			"steps", Feasible,
			[]Step{{Seconds: 1, Cost: "20"}, {Seconds: 2, Bound: "3"}, {Seconds: 4, Cost: "12.5"}},
			"[1 4] [1 0.25]",
			0.1 + 0.3*0.5 + 0.6*0.2,
		},
		{"a step too good", Feasible, []Step{{Seconds: 1, Cost: "20"}, {Seconds: 3, Cost: "1"}}, "[1 3] [1 0.25]", 0.1 + 0.2*0.5 + 0.7*0.2},
		{"the end is better", Feasible, []Step{{Seconds: 1, Cost: "20"}}, "[1 8] [1 0.25]", 0.1 + 0.7*0.5 + 0.2*0.2},
		{"a step back", Feasible, []Step{{Seconds: 1, Cost: "12.5"}, {Seconds: 3, Cost: "20"}}, "[1] [0.25]", 0.1 + 0.9*0.2},
		{"time goes back", Feasible, []Step{{Seconds: 3, Cost: "20"}, {Seconds: 1, Cost: "12.5"}}, "[3 3] [1 0.25]", 0.3 + 0.7*0.2},
		{"no number", Feasible, []Step{{Seconds: 3, Cost: "?"}}, "[8] [0.25]", 0.8 + 0.2*0.2},
		{"wrong", Wrong, []Step{{Seconds: 3, Cost: "12.5"}}, "[] []", 1},
	} {
		r := on("i", "a", c.outcome, "12.5", "")
		r.Trajectory, r.Usage.Wall = c.trajectory, 8
		s := NewStudy([]Record{r, on("i", "b", Feasible, "10", "")})
		at, gaps := s.Runs[0].incumbents(gap)
		if got := fmt.Sprint(at, gaps); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if got := s.Runs[0].Primal; math.Abs(got-c.primal) > 1e-12 {
			t.Errorf("%s: primal integral %g, want %g", c.name, got, c.primal)
		}
	}
}

func TestSelect(t *testing.T) {
	records := troubled(rand.New(rand.NewPCG(5, 5)), 12)
	s := NewStudy(records)
	if all := s.Select(func(*Run) bool { return true }); everything(all) != everything(s) {
		t.Error("a study of all runs differs from the study")
	}
	group := s.Select(func(r *Run) bool { return r.Entry.Group == "g1" })
	if len(group.Runs) == 0 || len(group.Runs) == len(s.Runs) || !slices.Equal(group.Groups, []string{"g1"}) {
		t.Errorf("%d of %d runs, groups %v", len(group.Runs), len(s.Runs), group.Groups)
	}
	for _, r := range group.Runs {
		if !slices.Contains(s.Runs, r) {
			t.Errorf("%s is not a run of the study", r.ID)
		}
	}
	if none := s.Select(func(*Run) bool { return false }); len(none.Instances)+len(none.Methods)+len(none.Summaries()) > 0 {
		t.Error("a study of no runs says something")
	}
}

func TestOneRunHasNoInterval(t *testing.T) {
	row := NewStudy([]Record{on("i", "a", Optimal, "1", "1")}).Summaries()[0]
	if math.Abs(row.Time.Value-2) > 1e-12 || row.Time.Bounded() || row.Gap.Bounded() || row.Wins != 1 {
		t.Errorf("%+v", row)
	}
}
