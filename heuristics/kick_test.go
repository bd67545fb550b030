package heuristics

import (
	"context"
	"slices"
	"testing"

	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// A kick back sends to where it runs today what is elsewhere, and nothing else.
func TestKickBack(t *testing.T) {
	p := compiled.Document(t, `
format: berth/v1
kind: placement
nodes: [{name: a, capacity: {m: 4}}, {name: b, capacity: {m: 4}}]
tasks: [{name: p, demand: {m: 2}, current: a}, {name: q, demand: {m: 2}, current: b}, {name: new, demand: {m: 1}}]
`)
	board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
	at := make(model.Placement, p.Copies)
	copyOf := map[string]int32{}
	for i := range p.Items {
		copyOf[p.Label(int32(i))] = p.Items[i].First
	}
	at[copyOf["p"]], at[copyOf["q"]], at[copyOf["new"]] = 1, 1, 0
	w := newWalk(newStateOf(p, at), board, walkStream)
	for range 3 { // chance might draw others only
		w.kickBack()
	}
	at[copyOf["p"]] = 0
	if !slices.Equal(w.at, at) {
		t.Errorf("after kicks back: %v; want %v", w.at, at)
	}
}
