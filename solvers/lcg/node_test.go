package lcg

import (
	"testing"

	"berth/solvers/lcg/engine"
)

// TestNodeCountsWhatLies: two tasks that do not fit between 10 and 15 are refused, also
// beside a third that ends as late and may begin before; and a task that is not placed
// runs elsewhere where it would not fit beside one of them.
func TestNodeCountsWhatLies(t *testing.T) {
	type task struct{ earliest, last, time int64 }
	for _, row := range []struct {
		name    string
		running []task
		open    []task
		holds   bool
		away    bool // the open one
	}{
		{"two that fit", []task{{10, 16, 3}, {10, 16, 3}}, nil, true, false},
		{"two that do not", []task{{10, 15, 3}, {10, 15, 3}}, nil, false, false},
		{"and a third that begins before", []task{{10, 15, 3}, {10, 15, 3}, {0, 15, 1}}, nil, false, false},
		{"one that begins before ends first", []task{{0, 9, 1}, {10, 16, 3}, {10, 16, 3}}, nil, true, false},
		{"an open one", []task{{10, 15, 3}, {0, 15, 1}}, []task{{10, 15, 3}}, true, true},
		{"an open one that fits", []task{{10, 16, 3}, {0, 16, 1}}, []task{{10, 16, 3}}, true, false},
	} {
		e, n := engine.New(0), &node{}
		var wake []engine.Half
		add := func(k task) engine.Literal {
			x, here := e.NewVariable(k.earliest, k.last-k.time, false), e.NewBoolean()
			n.items, n.here = append(n.items, item{x, k.time}), append(n.here, here)
			wake = append(wake, x, x.Not(), here.Half)
			return here
		}
		for _, k := range row.running {
			e.AddClause(add(k))
		}
		var here engine.Literal
		for _, k := range row.open {
			here = add(k)
		}
		e.AddPropagator(n, wake...)
		if holds := e.Settle(); holds != row.holds {
			t.Errorf("%s: holds is %v", row.name, holds)
		} else if len(row.open) > 0 && e.False(here) != row.away {
			t.Errorf("%s: away is %v", row.name, !row.away)
		}
	}
}
