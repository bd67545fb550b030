//go:build cgo && tripwire

package colgen

import (
	"context"
	"fmt"
	"testing"

	"berth/model"
	"berth/search"
)

// The alarm is tight: a search whose costs are wrong loses the known placement, and
// says so.
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
	for _, wrong := range []bool{false, true} {
		restated, err := newInstance(p)
		if err != nil {
			t.Fatal(err)
		}
		b := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
		s := newTree(restated, onBoard{restated, p, b})
		s.alarm = newAlarm(restated, p, model.Placement{1, 0, 0, 0}, p.Evaluate(model.Placement{1, 0, 0, 0}).Cost)
		s.question = restated.dearest
		s.aim()
		if wrong {
			for k := range restated.cost {
				restated.cost[k] += 100 * restated.step()
			}
		}
		if !s.evaluate() {
			t.Fatal("stopped")
		}
		if err := s.build(); err != nil {
			t.Fatal(err)
		}
		s.tighten(rootCuts)
		if lost := s.failure != nil; lost != wrong {
			t.Errorf("with wrong costs %v: %v", wrong, s.failure)
		}
		s.close()
	}
}
