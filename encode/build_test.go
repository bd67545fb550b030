package encode_test

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/encode"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
)

// somewhere places every copy on a random node of its item's domain, or leaves it
// out where that has a price.
func somewhere(p *model.Problem, rng *rand.Rand) model.Placement {
	pl := make(model.Placement, p.Copies)
	for i := range p.Items {
		it := &p.Items[i]
		nodes := p.Domains[it.Domain].Nodes()
		for c := it.First; c < it.First+it.Count; c++ {
			pl[c] = model.NoPlace
			out := it.Unplaced != model.NoLimit && rng.IntN(4) == 0
			if len(nodes) > 0 && !out {
				pl[c] = nodes[rng.IntN(len(nodes))]
			}
		}
	}
	return pl
}

// A placement is feasible exactly where all rows hold with the values that it
// gives to the variables, and then the objective is its cost.
func TestValuesKeepRowsAndCost(t *testing.T) {
	feasible, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 9).Draw(t, "replicas"), rapid.IntRange(1, 5).Draw(t, "nodes"))
		p := compiled.Instance(t, in)
		g := encode.Build(p)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "placement"), 0))
		for range 30 {
			pl := somewhere(p, rng)
			verdict := p.Evaluate(pl)
			values := g.Values(pl)
			row := g.Violated(values)
			all++
			if len(verdict.Violations) > 0 {
				if row < 0 {
					t.Fatalf("all rows hold at %v, but %s", pl, verdict.Violations[0].Text)
				}
				continue
			}
			feasible++
			if row >= 0 {
				t.Fatalf("row %d (%s) does not hold at the feasible %v", row, g.Describe(row), pl)
			}
			if got := g.Objective(values); got != verdict.Cost {
				t.Fatalf("the objective is %d at %v, the cost %d", got, pl, verdict.Cost)
			}
		}
	})
	t.Logf("%d of %d placements were feasible", feasible, all)
	if feasible == 0 || feasible == all {
		t.Errorf("%d of %d placements were feasible: the test sees one side only", feasible, all)
	}
}

// Over all assignments of 0 and 1 that keep the rows, the least objective is the
// least cost of a placement; and the assignment decodes to a placement of no
// greater cost.
func TestOptimumIsThatOfTheProblem(t *testing.T) {
	solved, infeasible := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 6).Draw(t, "replicas"), rapid.IntRange(1, 4).Draw(t, "nodes"))
		p := compiled.Instance(t, in)
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatal("the instance is too large for brute force")
		}
		g := encode.Build(p)
		values, objective := minimise(g)
		if (best == nil) != (values == nil) {
			t.Fatalf("brute force finds %v, the program %v", best, values)
		}
		if best == nil {
			infeasible++
			return
		}
		solved++
		if objective != cost {
			t.Fatalf("the least cost is %d, the least objective %d", cost, objective)
		}
		pl, err := g.Decode(func(v int32) bool { return values[v] })
		if err != nil {
			t.Fatal(err)
		}
		if v := p.Evaluate(pl); len(v.Violations) > 0 || v.Cost != cost {
			t.Fatalf("the optimum decodes to %v, which costs %d, not %d: %v", pl, v.Cost, cost, v.Violations)
		}
	})
	t.Logf("%d solved, %d infeasible", solved, infeasible)
	if solved == 0 || infeasible == 0 {
		t.Error("the test sees one side only")
	}
}

// Every row is in normal form, and Estimate is an upper bound.
func TestRowsAreNormalAndEstimateIsAbove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 20).Draw(t, "replicas"), rapid.IntRange(1, 12).Draw(t, "nodes"))
		p := compiled.Instance(t, in)
		g := encode.Build(p)
		for v := range g.Vars {
			if g.Meaning(int32(v)) == "" {
				t.Fatalf("x%d means nothing: %v", v+1, g.Vars[v])
			}
		}
		terms := int64(0)
		for k := range g.Rows {
			if g.Describe(k) == "" {
				t.Fatalf("row %d has no description: %v", k, g.Rows[k].Origin)
			}
			seen := map[int32]bool{}
			for _, term := range g.Rows[k].Terms {
				if term.Coef == 0 || seen[term.Var] {
					t.Fatalf("row %d (%s) is not in normal form: %v", k, g.Describe(k), g.Rows[k])
				}
				seen[term.Var] = true
			}
			terms += int64(len(g.Rows[k].Terms))
		}
		vars, most := encode.Estimate(p)
		if int64(len(g.Vars)) > vars || terms > most {
			t.Fatalf("the program has %d variables and %d terms, the estimate says %d and %d", len(g.Vars), terms, vars, most)
		}
	})
}

// What has to be together and spread, too, is a small program.
func TestEstimateOfASpreadThatCannotHold(t *testing.T) {
	p := compiled.Document(t, `format: berth/v1
kind: placement
nodes: [{name: a}, {name: b}]
tasks: [{name: p}, {name: q}]
rules: [{affinity: [p, q]}, {spread: [p, q]}]
`)
	if vars, terms := encode.Estimate(p); vars > 100 || terms > 100 {
		t.Errorf("%d variables and %d terms", vars, terms)
	}
}
