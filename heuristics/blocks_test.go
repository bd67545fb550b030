package heuristics

import (
	"context"
	"slices"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// TestMendFullClusters mends what penalty first leaves of full clusters with many rules
// over racks. Each has a placement, the one that it was made from.
func TestMendFullClusters(t *testing.T) {
	mended := 0
	const problems = 40
	for seed := range uint64(problems) {
		in := families.Instance(t, "tasks", seed, func(spec *instances.Spec) {
			spec.Nodes, spec.Tasks, spec.Resources, spec.Racks, spec.Fill = 12, 120, 2, 3, 97
			spec.Affinity, spec.AntiAffinity, spec.Replicas, spec.Selectors = 12, 24, 3, 20
		})
		p := compiled.Instance(t, in)
		board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
		b := newBuilder(p, board)
		b.placeByPenalty()
		if Mend(p, board, b.at, 100_000_000) != nil {
			mended++
			if best, _ := board.Best(); best == nil || len(p.Evaluate(best).Violations) > 0 {
				t.Errorf("seed %d: no placement was offered, or one that the judge refuses", seed)
			}
		}
	}
	t.Logf("mended %d of %d", mended, problems)
	if mended*100 < 95*problems {
		t.Errorf("mended %d of %d", mended, problems)
	}
}

// TestMoveBlocks moves blocks in small problems where much is broken: the cost that is
// kept stays that of the placement, what the steps gained is what the price of all fell
// by, and it never rises.
func TestMoveBlocks(t *testing.T) {
	moved := 0
	for seed := range uint64(300) {
		p := compiled.Instance(t, instances.Mixed(seed, 12, 6))
		if p.Copies == 0 || p.Impossible != "" {
			continue
		}
		board := search.NewBoard(context.Background(), p, search.Limits{}, seed, 1, nil)
		w := newWalk(newState(p), board, repairStream)
		for c := range w.at {
			if nodes := w.nodesOf(&p.Items[w.itemOf[c]]); len(nodes) > 0 {
				w.move(int32(c), nodes[w.rng.IntN(len(nodes))])
			}
		}
		before, whole := slices.Clone(w.at), w.cost+totalPenalty(w.state)
		w.moveBlocks()
		if fell := whole - w.cost - totalPenalty(w.state); fell != -w.gain || fell < 0 {
			t.Fatalf("seed %d: the steps gained %d, the whole fell by %d", seed, -w.gain, fell)
		}
		if fresh := newStateOf(p, model.Placement(w.at)); fresh.cost != w.cost || fresh.breaches != w.breaches || fresh.over != w.over {
			t.Fatalf("seed %d: kept %d, %d, %d; afresh %d, %d, %d", seed, w.cost, w.breaches, w.over, fresh.cost, fresh.breaches, fresh.over)
		}
		if !slices.Equal(before, w.at) {
			moved++
		}
	}
	t.Logf("blocks moved in %d problems", moved)
	if moved < 20 {
		t.Errorf("blocks moved in %d problems only", moved)
	}
}
