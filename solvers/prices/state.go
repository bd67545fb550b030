package prices

import (
	"math"
	"slices"

	"berth/model"
	"berth/search"
)

// state is a placement in the making: where every copy is, what is free, who is on
// each node, and the cost. Moves are written to a trail and can be taken back.
type state struct {
	*ledger
	board  *search.Board
	lambda []float64 // the prices, in units of cost
	crowd  float64   // what a copy of mean size weighs on a full node, in units of cost

	at    []int32   // by copy: its node, or nobody's
	on    [][]int32 // by node: its copies
	slot  []int32   // by copy: its index there
	free  []int64   // by node and resource
	cost  int64     // of the copies that are somewhere
	gone  []int32   // those that are nowhere
	out   []float64 // by item: what that counts for a copy
	lost  float64   // … for all of them
	trail []step
	space *space

	work    int64 // since it was last reported
	done    int64 // … before
	stopped bool
}

// goOn reports the work and says whether to go on.
func (s *state) goOn() bool {
	units := s.work
	s.work, s.done = 0, s.done+units
	s.stopped = s.stopped || !s.board.Work(units)
	return !s.stopped
}

// step is where a copy was.
type step struct{ copy, node int32 }

// crowding is what a copy of mean size weighs on a full node against what its place
// usually matters.
const crowding = 0.12

// farOut limits the penalty for a copy that is nowhere, in multiples of the dearest place.
const farOut = 1000

func newState(l *ledger, b *search.Board) *state {
	s := &state{
		ledger: l, board: b, lambda: make([]float64, len(l.price)), crowd: crowding * l.matters,
		at: make([]int32, len(l.itemOf)), on: make([][]int32, l.nodes), slot: make([]int32, len(l.itemOf)),
		free: slices.Clone(l.room), cost: l.problem.Offset, out: make([]float64, len(l.items)),
	}
	for k, price := range l.price {
		s.lambda[k] = float64(price) / l.unit()
	}
	for i := range s.out {
		s.out[i] = farOut * float64(l.dearest+1)
	}
	for c := range s.at {
		s.at[c], s.slot[c] = nobody, int32(c)
		s.gone = append(s.gone, int32(c))
		s.lost += s.out[s.itemOf[c]]
	}
	s.space = newSpace(s)
	return s
}

// costOn returns what a copy of an item pays on node j, where it may be there.
func (in *instance) costOn(it *item, j int32) int64 {
	for _, o := range in.options(it) {
		if o.node == j {
			return o.cost
		}
	}
	return in.rest[it.choice]
}

// itemAt returns the item of a copy.
func (s *state) itemAt(c int32) *item { return &s.items[s.itemOf[c]] }

// move takes copy c from where it is to node j, which may be nobody's.
func (s *state) move(c, j int32) {
	s.trail = append(s.trail, step{c, s.at[c]})
	s.put(c, j)
}

func (s *state) put(c, j int32) {
	it := s.itemAt(c)
	s.work += 100
	if old := s.at[c]; old != nobody {
		free := s.free[int(old)*s.resources:]
		for r, size := range s.takes(it.kind, old) {
			free[r] += size
		}
		s.on[old] = s.without(s.on[old], c)
		s.cost -= s.costOn(it, old)
		if s.open != nil && len(s.on[old]) == 0 {
			s.cost -= s.open[old]
		}
		s.space.update(old)
	} else {
		s.gone = s.without(s.gone, c)
		if s.lost -= s.out[s.itemOf[c]]; len(s.gone) == 0 {
			s.lost = 0
		}
	}
	if s.at[c] = j; j == nobody {
		s.slot[c] = int32(len(s.gone))
		s.gone = append(s.gone, c)
		s.lost += s.out[s.itemOf[c]]
		return
	}
	free := s.free[int(j)*s.resources:]
	for r, size := range s.takes(it.kind, j) {
		free[r] -= size
	}
	s.slot[c] = int32(len(s.on[j]))
	s.on[j] = append(s.on[j], c)
	s.cost += s.costOn(it, j)
	if s.open != nil && len(s.on[j]) == 1 {
		s.cost += s.open[j]
	}
	s.space.update(j)
}

// without takes copy c out of the list that it is in.
func (s *state) without(list []int32, c int32) []int32 {
	last := list[len(list)-1]
	list[s.slot[c]], s.slot[last] = last, s.slot[c]
	return list[:len(list)-1]
}

// undo takes back all moves after the first n of the trail.
func (s *state) undo(n int) {
	for k := len(s.trail) - 1; k >= n; k-- {
		s.put(s.trail[k].copy, s.trail[k].node)
	}
	s.trail = s.trail[:n]
}

// fits says whether a copy of kind k has room on node j.
func (s *state) fits(k, j int32) bool {
	free := s.free[int(j)*s.resources:]
	for r, size := range s.takes(k, j) {
		if size > free[r] {
			return false
		}
	}
	return true
}

// rent is the price of what a copy of kind k takes on node j, in units of cost.
func (s *state) rent(k, j int32) float64 {
	prices, sum := s.lambda[int(j)*s.resources:], 0.0
	for r, size := range s.takes(k, j) {
		sum += float64(prices[r] * float64(size))
	}
	return sum
}

// weight is how unwelcome a copy of kind k is on node j because that is full: most
// in the resource that it takes most of.
func (s *state) weight(k, j int32) float64 {
	sum, at := 0.0, int(j)*s.resources
	for r, size := range s.takes(k, j) {
		if room := s.room[at+r]; room > 0 {
			sum += float64(float64(size) / s.mean[r] * (float64(room-s.free[at+r]) / float64(room)))
		}
	}
	return float64(sum * s.crowd)
}

// best returns the node with room, other than but, for which the cost of a copy of an item, its
// rent times rents, and its weight come to least; value is the sum of the first two. Of the nodes
// of the item's set it looks at among of them.
func (s *state) best(it *item, but int32, among int, rents float64) (node int32, value float64) {
	node, value = nobody, math.Inf(1)
	low := value
	for _, o := range s.options(it) {
		v := float64(o.cost)
		if o.node == but || v >= low || !s.fits(it.kind, o.node) {
			continue
		}
		if rents > 0 {
			v += float64(rents * s.rent(it.kind, o.node))
		}
		if w := v + s.weight(it.kind, o.node); w < low {
			node, value, low = o.node, v, w
		}
	}
	s.work += int64(len(s.options(it))) * 8
	rest := s.rest[it.choice]
	if rest == nowhere || float64(rest) >= value {
		return node, value
	}
	if j := s.space.find(it.kind, but, among, rents); j != nobody {
		v := float64(rest)
		if rents > 0 {
			v += float64(rents * s.rent(it.kind, j))
		}
		if v < value {
			node, value = j, v
		}
	}
	return node, value
}

// placement restates the nodes of all copies for the problem.
func (s *state) placement() model.Placement {
	pl := make(model.Placement, len(s.at))
	for c, j := range s.at {
		if pl[c] = j; j == s.outside {
			pl[c] = model.NoPlace
		}
	}
	return pl
}

// setOut sets the penalty for a copy of an item that is nowhere.
func (s *state) setOut(i int32, out float64) {
	it := &s.items[i]
	for c := it.first; c < it.first+it.count; c++ {
		if s.at[c] == nobody {
			s.lost += out - s.out[i]
		}
	}
	s.out[i] = out
}

// worth is what a placement has come to.
type worth struct {
	cost int64
	lost float64
}

func (s *state) today() worth { return worth{s.cost, s.lost} }

// gain is how much better than another the placement is.
func (s *state) gain(than worth) float64 { return float64(than.cost-s.cost) + (than.lost - s.lost) }

// over is how much of the copies is nowhere.
func (s *state) over() float64 { return float64(len(s.gone)) / float64(max(len(s.at), 1)) }
