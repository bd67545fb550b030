//go:build tripwire

package lagrange

import (
	"context"
	"fmt"
	"testing"

	"berth/model"
	"berth/search"
)

// The tripwire is tight: a search whose multipliers are wrong loses the known
// placement, and says so.
func TestTripwire(t *testing.T) {
	in := &model.Instance{Weights: model.Weights{Fetch: model.DecimalOne}}
	for j := range 2 {
		in.Nodes = append(in.Nodes, model.Node{Name: fmt.Sprintf("n%d", j), Capacity: model.Resources{{Resource: "memory", Quantity: model.Quantity{Units: 3}}}})
	}
	for i := range 4 {
		in.Tasks = append(in.Tasks, model.Task{
			Name: fmt.Sprintf("t%d", i), Replicas: 1, Home: []string{"n0"}, Fetch: &model.Fetch{Rest: model.Decimal(i+1) * model.DecimalOne},
			Demand: model.Resources{{Resource: "memory", Quantity: model.Quantity{Units: 1}}},
		})
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	search.Hang(p, model.Placement{1, 0, 0, 0})
	b := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
	restated, err := newInstance(p, b)
	if err != nil {
		t.Fatal(err)
	}
	e := newRunEngine(restated, b)
	e.aim()
	e.ask(e.dearest, 10)
	if e.lost != nil {
		t.Fatalf("a sound search: %v", e.lost)
	}
	e = newRunEngine(restated, search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil))
	for k := range e.cost {
		e.cost[k] += 100 * e.step()
	}
	e.ask(e.dearest, 10)
	if e.lost == nil {
		t.Error("a search with wrong costs lost the known placement, and nobody noticed")
	}
}
