package heuristics

import "berth/search/room"

// newRoom returns a tree that finds the next node with room.
func newRoom(s *state) *room.Tree {
	return room.New(len(s.held), len(s.p.Resources), func(j int, by []int64) {
		base := j * len(by)
		for r := range by {
			by[r] = s.p.Capacity[base+r] - s.load[base+r]
		}
	})
}
