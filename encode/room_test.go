package encode_test

import (
	"testing"

	"berth/encode"
	"berth/internal/compiled"
)

// What a node has beyond the last multiple of all demands there is no room: only tasks that may be
// there count, with what they take there.
func TestRoom(t *testing.T) {
	p := compiled.Document(t, `
format: berth/v1
kind: placement
nodes:
  - {name: a, capacity: {memory: 23}}
  - {name: b, capacity: {memory: 23}}
  - {name: c, capacity: {memory: 23}}
tasks:
  - {name: four, demand: {memory: 4}}
  - {name: six, demand: {memory: 6}, demandOn: {b: {memory: 8}}}
  - {name: five, demand: {memory: 5}, on: [c]}
`)
	for j, want := range []int64{22, 20, 23} {
		if got := encode.Room(p, int32(j), 0); got != want {
			t.Errorf("node %s has room for %d; want %d", p.NodeNames[j], got, want)
		}
	}
}
