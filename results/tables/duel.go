package tables

import (
	"fmt"
	"math"

	"berth/model"
	"berth/results"
)

// Verdict is a table of what a duel comes to. It has no head.
func Verdict(d *results.Duel) Table {
	t := Table{
		Name: "verdict", Title: fmt.Sprintf("%s against %s", d.A, d.B),
		Columns: []Column{{Fields: []string{"what"}}, {Prose: true, Fields: []string{"value"}}},
	}
	say := func(what, value string) {
		t.Rows = append(t.Rows, []Cell{name(what), name(value)})
	}
	say("verdict", d.Verdict)
	say("on", model.Plural(len(d.Pairs), "instance"))
	say("result", fmt.Sprintf("%s is better on %d, worse on %d, as good on %d", d.A, d.Better, d.Worse, d.Ties))
	say("time", ratio(d.Ratio, "to the proof", d.PTime))
	say("used", ratio(d.UsedRatio, "in all, proof or not", d.PUsed))
	if !math.IsNaN(d.GapDiff.Value) {
		say("gap", fmt.Sprintf("a difference of %s percentage points (%s)", interval(d.GapDiff, percent).Text, probability(d.PGap)))
	}
	if d.AWrong+d.BWrong > 0 {
		say("wrong", fmt.Sprintf("%s of %s, %s of %s", model.Plural(d.AWrong, "claim"), d.A, model.Plural(d.BWrong, "claim"), d.B))
		t.Rows[len(t.Rows)-1][1].Wrong = true
	}
	return t
}

// Pairs is a table of the instances on which two methods differ most, so many of them
// at most.
func Pairs(d *results.Duel, most int) Table {
	t := Table{
		Name: "pairs", Title: "Where they differ most",
		Columns: []Column{
			{Head: "instance", Fields: []string{"instance"}},
			{Head: "group", Seldom: true, Fields: []string{"group"}},
			fieldColumn(d.A), fieldColumn(d.B),
			{Head: d.A + " used (s)", Number: true, Fields: []string{d.A + " used"}},
			{Head: d.B + " used (s)", Number: true, Fields: []string{d.B + " used"}},
		},
		Notes: []string{fieldNote},
	}
	groups := make(map[string]bool)
	for _, p := range d.Pairs {
		groups[p.Entry.Group] = true
	}
	for _, p := range d.Pairs[:min(most, len(d.Pairs))] {
		t.Rows = append(t.Rows, []Cell{
			name(p.Entry.Name), groupOf(p.Entry, len(groups)), field(p.A), field(p.B), measured(p.A.Used), measured(p.B.Used),
		})
	}
	return t
}

func ratio(i results.Interval, of string, p float64) string {
	return fmt.Sprintf("%s times as long %s (%s)", interval(i, number).Text, of, probability(p))
}

// probability words the result of a test.
func probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return "no test"
	case p < smallest:
		return "p < 0.001"
	}
	return "p = " + number(p)
}
