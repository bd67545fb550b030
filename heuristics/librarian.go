package heuristics

import (
	"cmp"
	"context"
	"slices"

	"berth/model"
	"berth/search"
)

// Librarian: every rack first shelves the books that its own readers want most.
//
// The rule of thumb for replicated chunks: each node in turn takes the hottest chunk
// that is read there, has a replica left to place and none on the node yet, as long
// as there is room; replicas that nobody's readers want then go where most room is,
// on nodes that do not hold one. "Hottest" is what a replica there saves. It looks at
// one node at a time and never takes anything back: nobody asks what a place on a
// shelf is worth to others. A sort of what is saved, and O(nodes) a replica left.
var Librarian = &search.Method{
	Name:    "librarian",
	Short:   "each node takes the chunks that its own readers want most, then what is left goes where room is",
	Handles: model.AllFeatures &^ model.MoveLimit,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		b := newBuilder(p, board)
		if b.shelve() && b.fill() {
			b.finish()
		}
		return nil
	},
}

// wanted is what the first copy of an item saves on a node.
type wanted struct {
	item, node int32
	saves      int64
}

// shelve has the nodes take turns. It returns false where the board stopped it.
func (b *builder) shelve() bool {
	lists := make([][]wanted, len(b.held))
	for i := range b.p.Items {
		it := &b.p.Items[i]
		for _, r := range b.p.Rebates[it.Rebates.From:it.Rebates.To] {
			lists[r.Node] = append(lists[r.Node], wanted{int32(i), r.Node, r.Amount})
		}
		if row := &b.p.Costs[it.Cost]; it.Count == 1 {
			for k, j := range row.Nodes {
				if row.Values[k] < row.Rest {
					lists[j] = append(lists[j], wanted{int32(i), j, row.Rest - row.Values[k]})
				}
			}
		}
	}
	for _, list := range lists {
		slices.SortFunc(list, func(a, c wanted) int {
			return cmp.Or(cmp.Compare(c.saves, a.saves), cmp.Compare(a.item, c.item))
		})
	}
	placed := make([]int32, len(b.p.Items))
	for left := true; left; {
		left = false
		for j := range lists {
			for len(lists[j]) > 0 {
				w := lists[j][0]
				lists[j] = lists[j][1:]
				it := &b.p.Items[w.item]
				if placed[w.item] < it.Count && !b.holdsCopy(it, w.node) && b.p.Domains[it.Domain].Has(w.node) && b.fits(w.item, w.node) {
					b.put(it.First+placed[w.item], w.node)
					placed[w.item]++
					left = true
					break
				}
			}
		}
		if !b.goOn() {
			return false
		}
	}
	return true
}

// holdsCopy says whether node j has a copy of an item, where that matters to it.
func (b *builder) holdsCopy(it *model.Item, j int32) bool {
	return it.Bound && slices.Contains(b.at[it.First:it.First+it.Count], j)
}

// fill places the copies that are left, each where most is free. It returns false
// where the board stopped it.
func (b *builder) fill() bool {
	for i := range b.p.Items {
		it := &b.p.Items[i]
		for c := it.First; c < it.First+it.Count; c++ {
			if b.at[c] != model.NoPlace {
				continue
			}
			best, most, again := model.NoPlace, int64(-1), true
			for _, j := range b.nodesOf(it) {
				second := b.holdsCopy(it, j)
				if !b.fits(int32(i), j) || second && !again {
					continue
				}
				if free := b.slack(j); free > most || again && !second {
					best, most, again = j, free, second
				}
			}
			b.spent += int64(20 * len(b.held))
			if best = b.orLeaveOut(int32(i), c, best); best >= 0 {
				b.put(c, best)
			}
			if !b.goOn() {
				return false
			}
		}
	}
	return true
}
