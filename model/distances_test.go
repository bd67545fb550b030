package model_test

import (
	"slices"
	"strings"
	"testing"

	"berth/internal/compiled"
	"berth/model"
)

// sites is an instance with distances between three nodes; DISTANCE is to be filled in.
const sites = `
format: berth/v1
kind: placement
nodes: [{name: a}, {name: b}, {name: c}]
tasks: [{name: t}, {name: u, on: [c]}]
traffic: [{between: [t, u], volume: 2}]
network: {distance: DISTANCE}
`

func siteProblem(t *testing.T, distance string) *model.Problem {
	t.Helper()
	return compiled.Document(t, strings.Replace(sites, "DISTANCE", distance, 1))
}

func TestDistancesBetweenNodes(t *testing.T) {
	once := siteProblem(t, "{a: {b: 4, c: 7.5}, b: {c: 3}}")
	twice := siteProblem(t, "{c: {a: 7.5}, b: {b: 0, c: 3.0, a: 4}, a: {c: 7.5, b: 4}}")
	if once.Digest != twice.Digest {
		t.Error("distances stated once and both ways have different digests")
	}
	if once.Features&model.Matrix == 0 {
		t.Error("the feature is missing")
	}
	for to, want := range []string{"15", "6", "0"} {
		if got := once.Format(once.Evaluate(model.Placement{int32(to), 2}).Cost); got != want {
			t.Errorf("from node %d to c: cost %s, want %s", to, got, want)
		}
	}
	if once.NodeClass[0] == once.NodeClass[1] {
		t.Error("two nodes are alike that are differently far from the third")
	}
}

// Equal distances are levels, so that all methods for levels take them.
func TestEqualDistancesAreLevels(t *testing.T) {
	p := siteProblem(t, "{a: {b: 4, c: 4}, b: {c: 4}}")
	levels := siteProblem(t, "[{same: node, cost: 0}, {cost: 4}]")
	if p.Matrix != nil || !slices.Equal(p.Levels, levels.Levels) || p.Features != levels.Features {
		t.Errorf("levels %v and features %v, want %v and %v", p.Levels, p.Features.Names(), levels.Levels, levels.Features.Names())
	}
}
