package results

import (
	"strings"
	"testing"

	"berth/model"
)

// on makes up a run on the instance of that name, within ten seconds.
func on(instance, method string, outcome Outcome, cost, bound model.Number) Record {
	r := Record{
		Instance: Instance{Name: instance, Group: "g", File: instance + ".yaml", Digest: "digest of " + instance},
		Method:   method, Seed: 1, Limits: Limits{Seconds: 10, Threads: 1}, Version: "v1",
		Outcome: outcome, Cost: cost, Claim: Claim{Status: string(outcome), Objective: cost, Bound: bound}, Usage: Usage{Wall: 2},
	}
	r.ID = r.Digest()
	return r
}

func TestClaimsAreHeldAgainstEachOther(t *testing.T) {
	optimum := func(value model.Number) *Known { return &Known{Value: value, Status: "optimal", Source: "Smith 2001"} }
	bestKnown := func(value, bound model.Number) *Known {
		return &Known{Value: value, Bound: bound, Status: "best-known"}
	}
	for _, c := range []struct {
		name        string
		known       *Known
		runs        []Record
		best, bound model.Number
		wrong       map[string]string // method to what its note says
		beats       []string
		infeasible  bool
	}{
		{
			name: "all true", runs: []Record{on("i", "a", Optimal, "10", "10"), on("i", "b", Feasible, "12", "9.5"), on("i", "c", Timeout, "", "8")},
			best: "10", bound: "10",
		},
		{
			name: "optimal above a judged cost", runs: []Record{on("i", "a", Optimal, "10", "10"), on("i", "b", Feasible, "9.75", "9.5")},
			best: "9.75", bound: "9.5", wrong: map[string]string{"a": "claims that 10 is optimal; b with seed 1 has a placement that costs 9.75"},
		},
		{
			name: "the same in other words", runs: []Record{on("i", "a", Optimal, "10.0", "10.00"), on("i", "b", Optimal, "10", "")},
			best: "10.0", bound: "10.0",
		},
		{
			name: "a bound above a judged cost", runs: []Record{on("i", "a", Timeout, "", "10.001"), on("i", "b", Feasible, "10", "")},
			best: "10", bound: "", wrong: map[string]string{"a": "no placement costs less than 10.001; b with seed 1"},
		},
		{
			name: "a bound above its own cost", runs: []Record{on("i", "a", Feasible, "10", "11")},
			best: "10", wrong: map[string]string{"a": "its own placement costs 10"},
		},
		{
			name: "infeasible where there is a placement", runs: []Record{on("i", "a", Infeasible, "", ""), on("i", "b", Feasible, "10", "3")},
			best: "10", bound: "3", wrong: map[string]string{"a": "claims that there is no placement; b with seed 1"},
		},
		{
			name: "infeasible where a value is published", known: bestKnown("10", ""), runs: []Record{on("i", "a", Infeasible, "", "")},
			best: "10", wrong: map[string]string{"a": "10 is published"},
		},
		{
			name: "infeasible", runs: []Record{on("i", "a", Infeasible, "", ""), on("i", "b", Timeout, "", "")}, infeasible: true,
		},
		{
			name: "published as infeasible", known: &Known{Status: "infeasible"}, runs: []Record{on("i", "b", Timeout, "", "")}, infeasible: true,
		},
		{
			name: "published as infeasible, and is not", known: &Known{Status: "infeasible"},
			runs: []Record{on("i", "a", Infeasible, "", ""), on("i", "b", Feasible, "10", "")},
			best: "10", wrong: map[string]string{"a": "b with seed 1 has a placement"}, beats: []string{"b"},
		},
		{
			name: "optimal above what is published", known: optimum("9"), runs: []Record{on("i", "a", Optimal, "10", "10")},
			best: "9", bound: "9", wrong: map[string]string{"a": "9 is published (Smith 2001)"},
		},
		{
			name: "a bound above what is published", known: bestKnown("9", ""), runs: []Record{on("i", "a", Feasible, "10", "9.5")},
			best: "9", wrong: map[string]string{"a": "no placement costs less than 9.5; 9 is published"},
		},
		{
			name: "better than a published optimum", known: optimum("10"), runs: []Record{on("i", "a", Optimal, "9", "9"), on("i", "b", Feasible, "9.5", "8")},
			best: "9", bound: "9", beats: []string{"a", "b"},
		},
		{
			name: "better than a published optimum, unproven", known: optimum("10"), runs: []Record{on("i", "b", Feasible, "9.5", "8")},
			best: "9.5", bound: "8", beats: []string{"b"},
		},
		{
			name: "a better bound than published", known: bestKnown("10", "7"),
			runs: []Record{on("i", "a", Timeout, "", "7"), on("i", "b", Feasible, "11", "8"), on("i", "c", Feasible, "10", "9")},
			best: "10", bound: "9", beats: []string{"c", "b"},
		},
		{
			name: "a published value is proven", known: bestKnown("10", ""), runs: []Record{on("i", "a", Feasible, "10", "9"), on("i", "b", Optimal, "10", "10")},
			best: "10", bound: "10", beats: []string{"b"},
		},
		{
			name: "a published optimum is proven again", known: optimum("10"), runs: []Record{on("i", "b", Optimal, "10", "10")},
			best: "10", bound: "10",
		},
		{
			name: "what crashes proves nothing", runs: []Record{on("i", "a", Crash, "", "9"), on("i", "b", Feasible, "10", "8"), on("i", "c", Rubbish, "", "11")},
			best: "10", bound: "8", wrong: map[string]string{"c": "no placement costs less than 11"},
		},
		{
			name: "a wrong run's placement is a placement", runs: []Record{on("i", "a", Wrong, "8", "9"), on("i", "b", Optimal, "10", "10")},
			best: "8", wrong: map[string]string{"a": "", "b": "a with seed 1 has a placement that costs 8"},
		},
		{
			name: "what is stopped proves its bound", runs: []Record{on("i", "a", Memory, "", "9"), on("i", "b", Timeout, "", "8.5"), on("i", "c", Unknown, "", "8")},
			bound: "9",
		},
		{
			name: "a published optimum is found and not proven", known: optimum("10"), runs: []Record{on("i", "a", Feasible, "10", "8")},
			best: "10", bound: "10",
		},
		{
			name: "nothing known", runs: []Record{on("i", "a", Unknown, "", ""), on("i", "b", Unfit, "", "")},
		},
		{
			name: "a published bound above a judged cost", known: bestKnown("12", "11"), runs: []Record{on("i", "a", Feasible, "10", "4")},
			best: "10", bound: "4", beats: []string{"a"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.runs[0].Known = c.known // one of the records is enough
			s := NewStudy(c.runs)
			e := s.Instances[0]
			if e.Best != c.best || e.Bound != c.bound || e.Infeasible != c.infeasible {
				t.Errorf("best %q, bound %q, infeasible %v; want %q, %q, %v", string(e.Best), string(e.Bound), e.Infeasible, string(c.best), string(c.bound), c.infeasible)
			}
			for _, r := range s.Runs {
				note, wrong := c.wrong[r.Method]
				if (r.Outcome == Wrong) != wrong || !strings.Contains(r.Note, note) {
					t.Errorf("%s is %s, %q; want wrong %v, %q", r.Method, r.Outcome, r.Note, wrong, note)
				}
				if !wrong && r.Outcome != r.Record.Outcome {
					t.Errorf("%s was %s and is %s", r.Method, r.Record.Outcome, r.Outcome)
				}
			}
			var beats []string
			for _, r := range e.Beats {
				beats = append(beats, r.Method)
			}
			if strings.Join(beats, " ") != strings.Join(c.beats, " ") {
				t.Errorf("%v beat what is published, want %v", beats, c.beats)
			}
		})
	}
}

func TestTheStrongestOfWhatIsPublishedCounts(t *testing.T) {
	weaker := []*Known{
		{Value: "10", Status: "optimal", Source: "A"},
		{Value: "10", Status: "optimal", Source: "B"},
		{Value: "10.0", Status: "best-known", Bound: "9", Source: "A"},
		{Value: "10", Status: "best-known", Bound: "8", Source: "A"},
		{Value: "10", Status: "best-known", Source: "A"},
		{Value: "11", Status: "optimal", Source: "A"},
		{Status: "infeasible", Source: "A"},
	}
	for k, strong := range weaker {
		for _, weak := range weaker[k+1:] {
			for _, known := range [][2]*Known{{strong, weak}, {weak, strong}} {
				runs := []Record{on("i", "a", Unknown, "", ""), on("i", "b", Unknown, "", "")}
				runs[0].Known, runs[1].Known = known[0], known[1]
				if got := NewStudy(runs).Instances[0].Known; got != strong {
					t.Errorf("%v counts, and %v is stronger", got, strong)
				}
			}
		}
	}
}
