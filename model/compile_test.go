package model_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/model"
)

// The judge agrees with the plain judge, cost and feasibility, on random
// placements of random instances over every feature.
func TestEvaluateAgreesWithPlainJudge(t *testing.T) {
	feasible, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 9).Draw(t, "replicas"), rapid.IntRange(1, 5).Draw(t, "nodes"))
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "placement"), 0))
		for range 30 {
			pl := make(model.Placement, p.Copies)
			for i := range p.Items {
				item := &p.Items[i]
				for c := item.First; c < item.First+item.Count; c++ {
					pl[c] = int32(rng.IntN(len(in.Nodes)))
					if item.Unplaced != model.NoLimit && rng.IntN(4) == 0 {
						pl[c] = model.NoPlace
					}
				}
			}
			verdict := p.Evaluate(pl)
			plain := plainJudge{in, byTask(in, p.Expand(pl))}
			if got, want := value(t, p, verdict.Cost), plain.cost(); got.Cmp(want) != 0 {
				t.Fatalf("judge says %s, plain judge %s for %v", got.FloatString(9), want.FloatString(9), plain.at)
			}
			if moved, out := plain.changes(); verdict.Moved != moved || verdict.LeftOut != out {
				t.Fatalf("judge says %d move and %d are left out, plain judge %d and %d for %v", verdict.Moved, verdict.LeftOut, moved, out, plain.at)
			}
			if got, want := len(verdict.Violations) == 0, plain.feasible(); got != want {
				t.Fatalf("judge says feasible %v (%v), plain judge %v for %v", got, verdict.Violations, want, plain.at)
			}
			all++
			if len(verdict.Violations) == 0 {
				feasible++
			}
		}
	})
	t.Logf("%d of %d placements were feasible", feasible, all)
	if feasible == 0 || feasible == all {
		t.Errorf("%d of %d placements were feasible: the test sees one side only", feasible, all)
	}
}

// Compiling loses no optimum: over all placements of the document, judged
// plainly, the best costs the same as over all placements of the problem.
func TestCompileKeepsTheOptimum(t *testing.T) {
	solved, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 4).Draw(t, "replicas"), rapid.IntRange(2, 3).Draw(t, "nodes"))
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		want := bestPlain(in)
		best := int64(-1)
		pl := make(model.Placement, p.Copies)
		each(pl, 0, int32(len(in.Nodes)), func() {
			for i := range p.Items {
				item := &p.Items[i]
				for c := item.First; c < item.First+item.Count; c++ {
					if pl[c] != model.NoPlace && !p.Domains[item.Domain].Has(pl[c]) {
						return
					}
				}
			}
			v := p.Evaluate(pl)
			if len(v.Violations) == 0 && (best < 0 || v.Cost < best) {
				best = v.Cost
			}
		})
		all++
		switch {
		case want == nil && best >= 0:
			t.Fatalf("the document is infeasible, the problem costs %s", p.Format(best))
		case want == nil:
			return
		case p.Impossible != "":
			t.Fatalf("called impossible (%s), but costs %s", p.Impossible, want.FloatString(6))
		case best < 0:
			t.Fatalf("the problem is infeasible, the document costs %s", want.FloatString(6))
		case value(t, p, best).Cmp(want) != 0:
			t.Fatalf("the problem costs %s, the document %s", p.Format(best), want.FloatString(9))
		case p.TrivialBound() > best:
			t.Fatalf("trivial bound %d above the optimum %d", p.TrivialBound(), best)
		}
		solved++
	})
	t.Logf("%d of %d instances were feasible", solved, all)
}

// bestPlain is the least cost over all placements of a document; nil if none is
// feasible.
func bestPlain(in *model.Instance) *big.Rat {
	first := []int{0}
	for i := range in.Tasks {
		first = append(first, first[i]+in.Tasks[i].Replicas)
	}
	at := make([]int32, first[len(in.Tasks)])
	var best *big.Rat
	each(at, 0, int32(len(in.Nodes)), func() {
		g := plainJudge{in, byTask(in, at)}
		if !g.feasible() {
			return
		}
		if c := g.cost(); best == nil || c.Cmp(best) < 0 {
			best = c
		}
	})
	return best
}

// each runs f for every assignment of NoPlace and the nodes to at[k:].
func each(at []int32, k int, nodes int32, f func()) {
	if k == len(at) {
		f()
		return
	}
	for at[k] = model.NoPlace; at[k] < nodes; at[k]++ {
		each(at, k+1, nodes, f)
	}
}

func byTask(in *model.Instance, at []int32) map[string][]string {
	tasks := map[string][]string{}
	k := 0
	for i := range in.Tasks {
		for range in.Tasks[i].Replicas {
			name := ""
			if at[k] != model.NoPlace {
				name = in.Nodes[at[k]].Name
			}
			tasks[in.Tasks[i].Name] = append(tasks[in.Tasks[i].Name], name)
			k++
		}
	}
	return tasks
}

func value(t *rapid.T, p *model.Problem, cost int64) *big.Rat {
	r, ok := new(big.Rat).SetString(p.Format(cost))
	if !ok {
		t.Fatalf("Format(%d) is %q, no number", cost, p.Format(cost))
	}
	return r
}
