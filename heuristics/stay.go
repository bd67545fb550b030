package heuristics

import (
	"cmp"
	"context"
	"math"
	"slices"

	"berth/model"
	"berth/search"
)

// Stay: what runs today stays where it is, as far as it may and fits; then the moves
// that save most.
//
// Items are taken by falling penalty (penalty_first.go), so that of those that no
// longer fit together the ones stay that would pay most elsewhere, and of equal ones
// the largest. What is left, and what is new, goes to the cheapest node that takes it,
// among equal ones to the fullest, unless looking at all nodes takes too long. Repair
// sees to rules that do not hold, and room is made for what is left out (evict.go).
// Then every copy is asked what its best move would save; those moves are made, the one
// that saves most first, each if it still saves and its replicas may leave. Two sorts and
// O(candidates) a copy, twice, and O(nodes) one that does not run.
//
// It is how an operator would go about it, and the one construction that keeps to a
// limit of moves.
var Stay = &search.Method{
	Name:    "stay",
	Short:   "what runs today stays where it can, or makes room for the rest, which goes where it is cheapest; then the moves that save most",
	Handles: model.AllFeatures,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		b := newBuilder(p, board)
		if !b.placeWhereItRuns() || !b.mend() {
			return nil
		}
		board.Offer(b.at, b.cost)
		if b.report() && b.makeRoom() && b.saveMost() {
			board.Offer(b.at, b.cost)
		}
		return nil
	},
}

// placeWhereItRuns leaves on its node what runs today and may stay, then places the
// rest. It returns false where the board stopped it.
func (b *builder) placeWhereItRuns() bool {
	order := descending(b.penalties(), b.sizes())
	for _, i := range order {
		if !b.keepRunning(i) {
			return false
		}
	}
	out := int64(0)
	for _, j := range b.at {
		if j == model.NoPlace {
			out++
		}
	}
	if out*int64(len(b.held))*snugWork > b.patientWork() {
		return b.placeRest(order)
	}
	return b.placeAll(order, b.snuggest)
}

// snugWork is about what it takes to look at a node for a copy.
const snugWork = 10

// snuggest is the choice of the cheapest node that fits; of equal ones, that with the least left
// free, as in best fit. O(nodes).
func (b *builder) snuggest(i, c int32) int32 {
	best, least, node := int64(0), int64(math.MaxInt64), model.NoPlace
	it := &b.p.Items[i]
	if it.Unplaced == model.NoLimit {
		best = math.MaxInt64
	}
	nodes := b.nodesOf(it)
	b.spent += snugWork * int64(len(nodes))
	for _, j := range nodes {
		if !b.fits(i, j) {
			continue
		}
		if cost := b.try(c, j).cost; cost <= best {
			if slack := b.slack(j); cost < best || slack < least {
				best, least, node = cost, slack, j
			}
		}
	}
	return node
}

// keepRunning puts copies of an item where it runs today, first where most of its
// replicas do.
func (b *builder) keepRunning(i int32) bool {
	it := &b.p.Items[i]
	domain := &b.p.Domains[it.Domain]
	runs := b.runsOf(i)
	if len(runs) > 1 {
		runs = slices.Clone(runs)
		slices.SortStableFunc(runs, func(r, s model.Run) int { return cmp.Compare(s.Replicas, r.Replicas) })
	}
	c := it.First
	for _, r := range runs {
		for n := int32(0); n < r.Upto && c < it.First+it.Count && domain.Has(r.Node) && b.fits(i, r.Node); n++ {
			b.put(c, r.Node)
			c++
		}
	}
	return b.goOn()
}

// saving is a copy with what its best move changes.
type saving struct {
	copy int32
	cost int64
}

// saveMost makes moves that save something and break nothing. It returns false where
// the board stopped it midway.
func (b *builder) saveMost() bool {
	b.room = newRoom(b.state)
	var savings []saving
	for c := range b.at {
		if _, cost := b.bestMove(int32(c)); cost < 0 {
			savings = append(savings, saving{int32(c), cost})
		}
		if !b.goOn() {
			return false
		}
	}
	slices.SortStableFunc(savings, func(a, b saving) int { return cmp.Compare(a.cost, b.cost) })
	for _, s := range savings {
		if j, cost := b.bestMove(s.copy); cost < 0 {
			b.put(s.copy, j)
		}
		if !b.goOn() {
			return false
		}
	}
	return true
}

// bestMove returns the move of a copy that is placed which saves most and breaks
// nothing; what it changes is 0 where there is none.
func (b *builder) bestMove(c int32) (to int32, cost int64) {
	to = b.at[c]
	i := b.itemOf[c]
	if to == model.NoPlace {
		return to, 0
	}
	for _, j := range b.candidates(i) {
		if d := b.try(c, j); d.penalty == 0 && d.cost < cost {
			to, cost = j, d.cost
		}
	}
	return to, cost
}
