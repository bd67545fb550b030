//go:build cgo

package colgen

import (
	"cmp"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/solvers/clp"
)

// Placements of the method patterns. Of the nodes of which the program uses several patterns, a dive
// gives those one which they use most, one part of them after the other, and asks for new patterns
// of all others in between. Then the copies take their places: who stays is said, and guests of a
// kind are those of its copies that are left, in order. Rules that only some of them keep, and
// copies for which there is no pattern, are seen to by a repair.

const (
	wholeUse    = 0.75 // of a pattern, from which on it is taken
	takenPart   = 10   // one of so many nodes that have no whole pattern gets one in any case
	leastPart   = 100  // … and one in so many of all
	diveLooks   = 2    // rounds for patterns between two takings …
	lookTakings = 40   // … of so many
	plantWork   = 50_000_000
	plantPair   = 1000 // a repair takes no more than this for each copy and node
)

// dive looks for a placement. It returns false where the run has to stop.
func (s *patternSearch) dive() bool {
	taken := make([]int32, s.nodes) // by node: its pattern
	s.open = slices.Repeat([]bool{true}, s.nodes)
	patience := s.stages
	s.stages = firstStages
	defer func() {
		for j, c := range taken {
			if !s.open[j] {
				s.model.SetBounds(int32(s.first)+c, 0, clp.Infinity)
			}
		}
		s.open, s.stages, s.primal = nil, patience, true
	}()
	for taking := 0; ; taking++ {
		uses := s.model.Values(nil)[s.first:]
		for c, use := range uses {
			if j := s.columns[c].node; s.open[j] && use > uses[taken[j]] || s.columns[taken[j]].node != j {
				taken[j] = int32(c)
			}
		}
		var split []int32 // nodes that have parts of patterns
		for j := range int32(s.nodes) {
			if s.open[j] && uses[taken[j]] < 1-wholeAt {
				split = append(split, j)
			}
		}
		if len(split) == 0 {
			break
		}
		slices.SortStableFunc(split, func(i, j int32) int { return cmp.Compare(uses[taken[j]], uses[taken[i]]) })
		for n, j := range split {
			if n > max(len(split)/takenPart, s.nodes/leastPart) && uses[taken[j]] < wholeUse {
				break
			}
			s.open[j] = false
			s.model.SetBounds(int32(s.first)+taken[j], 1, 1)
		}
		s.primal = false
		for look := 0; ; look++ {
			if !s.solve() {
				return false
			}
			if look == diveLooks || taking > lookTakings {
				break
			}
			s.price(s.between(0))
			if !s.count() {
				return false
			}
			if !s.gather() {
				break
			}
		}
	}
	s.plant(taken)
	return s.board.Work(0) && !s.board.Done()
}

// plant offers a placement of patterns, one for each node.
func (s *patternSearch) plant(taken []int32) {
	p := s.problem
	pl := slices.Repeat(model.Placement{model.NoPlace}, p.Copies)
	placed := make([]int32, len(p.Items)) // copies of each item
	place := func(i, j, copies int32) int32 {
		item := &p.Items[i]
		copies = min(copies, item.Count-placed[i])
		for c := item.First + placed[i]; copies > 0 && c < item.First+placed[i]+copies; c++ {
			pl[c] = j
		}
		placed[i] += max(copies, 0)
		return copies
	}
	for _, c := range taken {
		q := &s.columns[c]
		for _, h := range q.in {
			if h.stay != guests {
				place(s.stays[q.node][h.stay].item, q.node, h.copies)
			}
		}
	}
	next := make([]int, len(s.kinds)) // item of each kind with copies left
	for _, c := range taken {
		q := &s.columns[c]
		for _, h := range q.in {
			items := s.kinds[h.kind].items
			for left := h.copies; h.stay == guests && left > 0 && next[h.kind] < len(items); {
				i := items[next[h.kind]]
				if placed[i] == p.Items[i].Count {
					next[h.kind]++
					continue
				}
				left -= place(i, q.node, left)
			}
		}
	}
	heuristics.Mend(p, s.board, pl, min(plantWork, plantPair*int64(p.Copies)*int64(s.nodes)))
}
