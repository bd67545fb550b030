package harness

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"berth/model"
	"berth/results"
)

func record(outcome results.Outcome, cost, bound string, work int64) results.Record {
	return results.Record{
		Instance: results.Instance{Name: "shop", Digest: "sha256:1"}, Method: "lp", Seed: 1,
		Limits: results.Limits{Work: 100, Threads: 1}, Outcome: outcome, Cost: model.Number(cost),
		Claim: results.Claim{Bound: model.Number(bound)}, Usage: results.Usage{Work: work},
	}
}

// Each sort of loss is found, and what is no loss is not one.
func TestCompareWithBaseline(t *testing.T) {
	optimal := record(results.Optimal, "12", "12", 1000)
	feasible := record(results.Feasible, "12", "10", 1000)
	for name, c := range map[string]struct {
		before, now results.Record
		lost, found string // what is said; empty: nothing
	}{
		"the same":         {optimal, optimal, "", ""},
		"proof lost":       {optimal, record(results.Feasible, "12", "12", 1000), "proof lost", ""},
		"cost higher":      {feasible, record(results.Feasible, "12.5", "10", 1000), "cost higher", ""},
		"cost lower":       {feasible, record(results.Feasible, "11.5", "10", 1000), "", "cost lower"},
		"bound lower":      {feasible, record(results.Feasible, "12", "9.999999", 1000), "bound lower", ""},
		"bound gone":       {feasible, record(results.Feasible, "12", "", 1000), "bound lower", ""},
		"bound higher":     {feasible, record(results.Feasible, "12", "11", 1000), "", "bound higher"},
		"slower":           {optimal, record(results.Optimal, "12", "12", 1101), "slower", ""},
		"a little slower":  {optimal, record(results.Optimal, "12", "12", 1099), "", ""},
		"faster":           {optimal, record(results.Optimal, "12", "12", 500), "", "faster"},
		"placement lost":   {feasible, record(results.Unknown, "", "10", 1000), "placement lost", ""},
		"crash":            {record(results.Unknown, "", "", 0), record(results.Crash, "", "", 0), "outcome worse", ""},
		"wrong":            {feasible, record(results.Wrong, "12", "12", 1000), "wrong claim", ""},
		"proof gained":     {feasible, optimal, "", "outcome better"},
		"infeasible stays": {record(results.Infeasible, "", "", 5), record(results.Infeasible, "", "", 5), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			before, now := NewBaseline([]results.Record{c.before}), NewBaseline([]results.Record{c.now})
			var lost, found []string
			for _, f := range now.Compare(before, 1.1) {
				if f.Lost {
					lost = append(lost, f.What)
				} else {
					found = append(found, f.What)
				}
			}
			if (len(lost) > 0) != (c.lost != "") || c.lost != "" && !strings.HasPrefix(lost[0], c.lost) {
				t.Errorf("lost %q, want %q", lost, c.lost)
			}
			if c.found != "" && !slices.ContainsFunc(found, func(what string) bool { return strings.HasPrefix(what, c.found) }) {
				t.Errorf("found %q, want %q", found, c.found)
			}
		})
	}
	t.Run("runs come and go", func(t *testing.T) {
		other := optimal
		other.Seed = 2
		found := NewBaseline([]results.Record{other}).Compare(NewBaseline([]results.Record{optimal}), 1.1)
		if len(found) != 2 || !found[0].Lost || !strings.Contains(found[0].What, "gone") || found[1].Lost || found[1].What != "new run" {
			t.Errorf("found %+v", found)
		}
	})
	t.Run("refuted by another run", func(t *testing.T) {
		other := record(results.Feasible, "11.5", "", 1000)
		other.Method = "anneal"
		before := NewBaseline([]results.Record{feasible, other})
		for name, claim := range map[string]results.Record{
			"optimum": optimal, "bound": record(results.Feasible, "12", "11.75", 1000), "infeasible": record(results.Infeasible, "", "", 1000),
		} {
			now := NewBaseline([]results.Record{claim, other})
			found := now.Compare(before, 1.1)
			if len(found) != 1 || found[0].What != "wrong claim" || !found[0].Lost || !strings.Contains(found[0].Now, "anneal with seed 1 has a placement that costs 11.5") {
				t.Errorf("%s: found %+v", name, found)
			}
			if wrong := now.Wrong(); !strings.HasPrefix(wrong, "lp on shop, seed 1: claims") {
				t.Errorf("%s: %q is wrong", name, wrong)
			}
		}
	})
	t.Run("another instance of that name", func(t *testing.T) {
		other := optimal
		other.Instance.Digest = "sha256:2"
		found := NewBaseline([]results.Record{other}).Compare(NewBaseline([]results.Record{optimal}), 1.1)
		if len(found) != 1 || !found[0].Lost || !strings.Contains(found[0].What, "another") {
			t.Errorf("found %+v", found)
		}
	})
}

func TestBaselineReadsBack(t *testing.T) {
	other := record(results.Infeasible, "", "", 0)
	other.Instance = results.Instance{Name: "overfull", Digest: "sha256:2"}
	b := NewBaseline([]results.Record{record(results.Optimal, "12.5", "12.5", 1000), other})
	got, err := ReadBaseline(b.Write(), "b.tsv")
	if err != nil || !reflect.DeepEqual(got, b) {
		t.Errorf("read back %+v, %v", got, err)
	}
	for name, text := range map[string]string{
		"b.tsv:1: this is no baseline": "hello\n",
		"b.tsv:2: it has 2 columns":    baselineHead + "\na\tb\n",
		"b.tsv:2: seed is":             baselineHead + "\na\td\tm\tx\tl\toptimal\t1\t1\t1\n",
		"b.tsv:2: there is no outcome": baselineHead + "\na\td\tm\t1\tl\tgood\t1\t1\t1\n",
		"b.tsv:2: cost is":             baselineHead + "\na\td\tm\t1\tl\toptimal\tone\t1\t1\n",
		"b.tsv:3: m on a, seed 1 with": baselineHead + strings.Repeat("\na\td\tm\t1\tl\toptimal\t1\t1\t1", 2) + "\n",
	} {
		if _, err := ReadBaseline([]byte(text), "b.tsv"); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("error %v, want %q", err, name)
		}
	}
}
