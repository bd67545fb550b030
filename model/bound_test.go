package model_test

import (
	"testing"

	"berth/internal/compiled"
)

// Where room is short, the bound counts what is left out: least price for its size
// first, the last in part, on the nodes that are allowed.
func TestTrivialBoundCountsWhatIsLeftOut(t *testing.T) {
	const nodes = `format: berth/v1
kind: placement
nodes:
  - {name: a, capacity: {memory: 4}}
  - {name: b, capacity: {memory: 4}}
  - {name: c, capacity: {memory: 90, cpu: 0}}
tasks:
  - {name: stays, demand: {memory: 2, cpu: 0}, on: [a, b]}
`
	for _, test := range []struct {
		tasks, want string
	}{
		{`  - {name: x, demand: {memory: 3}, replicas: 2, unplaced: 7, on: [a, b]}`, "0"},
		{`  - {name: x, demand: {memory: 3}, replicas: 3, unplaced: 7, on: [a, b]}`, "7"},
		{`  - {name: x, demand: {memory: 3}, replicas: 3, unplaced: 7}`, "0"},
		{`  - {name: x, demand: {memory: 4}, replicas: 2, unplaced: 6, on: [a, b]}`, "6"}, // half of one, and costs are multiples of 6
		{`  - {name: x, demand: {memory: 4}, replicas: 2, unplaced: 6, fetch: 2, on: [a, b]}`, "6"},
		{`  - {name: x, demand: {memory: 4}, unplaced: 6, on: [a, b]}
  - {name: y, demand: {memory: 2}, replicas: 2, unplaced: 1, on: [a, b]}`, "1"},
		{`  - {name: x, demand: {memory: 2}, replicas: 5, unplaced: 1, on: [a, b]}`, "2"},
		{`  - {name: x, demand: {memory: 2}, replicas: 5, unplaced: 0, on: [a, b]}`, "0"},
	} {
		p := compiled.Document(t, nodes+test.tasks)
		if got := p.Format(p.TrivialBound()); got != test.want {
			t.Errorf("%s: %s; want %s", test.tasks, got, test.want)
		}
	}
}
