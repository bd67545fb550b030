package main

import (
	"slices"
	"testing"

	"berth/internal/compiled"
	"berth/model"
)

func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{
		0: "0%", 1e-9: "<0.01%", 0.0001: "0.01%", 0.004: "0.4%", 0.0099: "0.99%", 0.034: "3.4%", 0.5: "50%", 0.9634: "96.3%",
		0.9994: "99.9%", 0.99999: ">99.9%", 1: "100%", 2.503: "250.3%",
	} {
		if got := percent(share); got != want {
			t.Errorf("%v is %q, want %q", share, got, want)
		}
	}
}

// Amounts beside a whole have its unit, and are never said to be nothing or all where they are not.
func TestAmounts(t *testing.T) {
	p := compiled.Document(t, "format: berth/v1\nkind: placement\nnodes: [{name: a, capacity: {cpu: 4, memory: 16Gi}}]\n"+
		"tasks: [{name: x, demand: {cpu: 1m, memory: 1Ki}}]\n")
	const kibibytes = 1 << 20 // of a GiB
	for _, c := range []struct {
		resource      int
		amount, whole int64
		want          string
	}{
		{0, 3500, 4000, "3.5"},
		{0, 4000, 4000, "4"},
		{0, 3999, 4000, "3999m"},
		{0, 1, 4000, "1m"},
		{0, 0, 4000, "0"},
		{0, 250, 500, "250m"},
		{0, 2000, 3800, "2000m"},
		{1, 31 * kibibytes / 2, 16 * kibibytes, "15.5Gi"},
		{1, 16*kibibytes - 1, 16 * kibibytes, "16777215Ki"},
		{1, kibibytes/2 + 1, 16 * kibibytes, "0.5Gi"},
		{1, kibibytes, 16*kibibytes - 1024, "1024Mi"},
		{1, 20 * kibibytes, 16 * kibibytes, "20Gi"},
		{1, 5, 0, "5Ki"},
	} {
		if got := amounts(p, c.resource, c.whole)(c.amount); got != c.want {
			t.Errorf("%s of %s is written %q, want %q", p.Amount(c.resource, c.amount), p.Amount(c.resource, c.whole), got, c.want)
		}
	}
}

// Lists of nodes are split at commas, but for those within quotes; what only looks like quotes is a
// part of names, as is every other character.
func TestNodeNames(t *testing.T) {
	for text, want := range map[string][]string{
		"n1": {"n1"}, "n1,n2": {"n1", "n2"}, `"rack 1, left",n2`: {"rack 1, left", "n2"}, `n2,"a,b"`: {"n2", "a,b"},
		`say "n",n2`: {`say "n"`, "n2"}, `"n1,n2`: {`"n1`, "n2"}, "n1,": {"n1", ""}, ",": {"", ""}, " n1 ,n2": {" n1 ", "n2"}, "n\n,m": {"n\n", "m"},
		`"a ""b"", c"`: {`a "b", c`},
	} {
		var without []string
		if err := (&nodesFlag{&without}).Set(text); err != nil || !slices.Equal(without, want) {
			t.Errorf("%q is %q, %v; want %q", text, without, err, want)
		}
		var places []model.TaskNodes
		if err := (&placesFlag{&places}).Set("a=b=" + text); err != nil || places[0].Task != "a=b" || !slices.Equal(places[0].Nodes, want) {
			t.Errorf("a=b=%q is %q, %v", text, places, err)
		}
	}
	var places []model.TaskNodes
	if err := (&placesFlag{&places}).Set(`web="a=1, left",n2`); err != nil || places[0].Task != "web" || !slices.Equal(places[0].Nodes, []string{"a=1, left", "n2"}) {
		t.Errorf("%q, %v", places, err)
	}
}

// A node whose name has a comma can be left out.
func TestWithoutANodeWithAComma(t *testing.T) {
	text := "format: berth/v1\nkind: placement\nnodes: [{name: 'a, left'}, {name: b}]\ntasks: [{name: x, current: b}]\n"
	status, out, errs := call(t, text, "solve", "--format", "table", "-", "--without", `"a, left"`)
	if status != statusSolved || errs != "" {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

func TestClaimed(t *testing.T) {
	gap := 0.25
	for want, s := range map[string]*model.Solution{
		"no schedule exists": {Status: model.Infeasible},
		"no schedule was found, and none is proven impossible, proven that none is below 3": {Status: model.Unknown, Bound: "3"},
		"makespan 4, proven optimal":                       {Status: model.Optimal, Objective: "4", Bound: "4"},
		"makespan 4, no bound is known":                    {Status: model.Feasible, Objective: "4"},
		"makespan 4, proven that none is below 3, gap 25%": {Status: model.Feasible, Objective: "4", Bound: "3", Gap: &gap},
		"makespan 0, proven that none is below -1":         {Status: model.Feasible, Objective: "0", Bound: "-1"},
	} {
		if got := claimed(s, "schedule", "makespan"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
