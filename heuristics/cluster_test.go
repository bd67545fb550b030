package heuristics

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/model"
	"berth/search"
)

// After each round, two clusters that exchange traffic and may still be one have an edge
// that holds the traffic of all pairs between them.
func TestEdgesSumUpTraffic(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 10 { // many have no traffic, or nothing that may be one
			p, err := model.Compile(instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(5, 40).Draw(t, "replicas"), rapid.IntRange(2, 8).Draw(t, "nodes")))
			if err != nil {
				t.Fatal(err)
			}
			compared += compareEdges(t, p)
		}
	})
	if compared == 0 {
		t.Error("no edges were compared")
	}
}

// compareEdges joins clusters to the end, and returns how many edges it has held against the pairs.
func compareEdges(t *rapid.T, p *model.Problem) (compared int) {
	x := newClusters(newBuilder(p, search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)))
	for joined := true; joined; {
		joined = x.join()
		of := make([]int32, len(p.Items))
		for i := range of {
			of[i] = -1
		}
		for k := range x.all {
			for _, i := range x.all[k].members {
				of[i] = int32(k)
			}
		}
		want := map[[2]int32]float64{}
		for _, pair := range p.Pairs {
			if a, b := of[pair.A], of[pair.B]; a >= 0 && b >= 0 && a != b {
				want[[2]int32{min(a, b), max(a, b)}] += float64(pair.Price)
			}
		}
		x.gather()
		for _, e := range x.edges {
			ends := [2]int32{e.a, e.b}
			if e.traffic != want[ends] && x.fit(&x.all[e.a], &x.all[e.b]) {
				t.Fatalf("clusters %v exchange %g by their edge, %g by their pairs", ends, e.traffic, want[ends])
			}
			delete(want, ends)
			compared++
		}
		for ends, traffic := range want {
			if traffic > 0 && x.fit(&x.all[ends[0]], &x.all[ends[1]]) {
				t.Fatalf("clusters %v exchange %g, may be one and have no edge", ends, traffic)
			}
		}
	}
	return compared
}
