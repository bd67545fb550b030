package heuristics

import (
	"context"
	"math"

	"berth/model"
	"berth/search"
)

// Regret: who has most to lose is placed next.
//
// The regret of an item is what its second cheapest node costs more than its
// cheapest, over the nodes that still have room for it; the item with the largest
// goes to its cheapest node, then regrets are looked at again (MTHG: S. Martello,
// P. Toth: Knapsack Problems, Wiley 1990, section 7.4; IFORS 1981). Unlike in
// penalty first, an item whose home has filled up moves in the queue.
//
// Regrets are not all computed again after each step. An item watches its two
// cheapest nodes; those that no longer fit are computed again, and every item is
// when it comes to the head of the queue. A node watched by many is gone through
// only when an eighth of its room has gone since. Nodes at the common price of a
// sparse row are not watched, as another of them takes their place. What is bound
// to an item by traffic is computed again when the item is placed.
//
// Departures: one criterion, the cost; no improvement step at the end. O((exceptions
// + log nodes) · how often an item's room goes).
var Regret = &search.Method{
	Name:    "regret",
	Short:   "the item with most to lose between its best and second best node goes next",
	Source:  "S. Martello, P. Toth: Knapsack Problems, Wiley 1990, section 7.4 (MTHG)",
	Handles: model.AllFeatures &^ model.MoveLimit,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		r := &regrets{
			builder: newBuilder(p, board),
			key:     make([]int64, len(p.Items)), placedOf: make([]int32, len(p.Items)),
			watch: make([][]int32, len(p.NodeNames)), scanned: make([]int64, len(p.NodeNames)),
			watching: make([][2]int32, len(p.Items)),
		}
		if r.place() {
			r.finish()
		}
		return nil
	},
}

// regrets is a builder with its queue.
type regrets struct {
	*builder
	queue    []claim    // a heap
	key      []int64    // by item: its regret when last computed
	placedOf []int32    // by item: copies dealt with
	watch    [][]int32  // by node: items that watch it, and some that no longer do
	watching [][2]int32 // by item
	scanned  []int64    // by node: the slack when its watchers were last gone through
}

// claim is an item's place in the queue; it is void when the item has another key.
type claim struct {
	key  int64
	item int32
}

const (
	fewWatchers = 64
	gonePart    = 8
	doneWith    = -1 // the key of an item that is placed
)

func (r *regrets) place() bool {
	for i := range r.p.Items {
		r.key[i] = doneWith
		r.watching[i] = [2]int32{model.NoPlace, model.NoPlace}
		r.evaluate(int32(i))
		if !r.goOn() {
			return false
		}
	}
	for j := range r.scanned {
		r.scanned[j] = r.slack(int32(j))
	}
	for len(r.queue) > 0 {
		top := r.pop()
		if r.key[top.item] == top.key {
			r.settle(top)
		}
		if !r.goOn() {
			return false
		}
	}
	return true
}

// evaluate computes an item's regret and queues it.
func (r *regrets) evaluate(i int32) {
	first, second := r.options(i, r.nextCopy(i))
	r.enqueue(i, first, second)
	r.spent += placeWork
}

func (r *regrets) nextCopy(i int32) int32 { return r.p.Items[i].First + r.placedOf[i] }

func (r *regrets) enqueue(i int32, first, second option) {
	if key := regret(first, second); key != r.key[i] {
		r.key[i] = key
		r.push(claim{key, i})
	}
	old := r.watching[i]
	now := [2]int32{r.watched(i, first.node), r.watched(i, second.node)}
	r.watching[i] = now
	for _, j := range now {
		if j >= 0 && j != old[0] && j != old[1] {
			r.watch[j] = append(r.watch[j], i)
		}
	}
}

// watched returns the node if the item is to watch it, else NoPlace.
func (r *regrets) watched(i, j int32) int32 {
	row := &r.p.Costs[r.p.Items[i].Cost]
	if j >= 0 && row.Values != nil && (row.Nodes == nil || row.At(j) != row.Rest) {
		return j
	}
	return model.NoPlace
}

func regret(first, second option) int64 {
	if second.cost == none.cost {
		return math.MaxInt64
	}
	return second.cost - first.cost
}

// settle places the next copy of an item, unless its regret has fallen: then it
// queues again.
func (r *regrets) settle(top claim) {
	i := top.item
	c := r.nextCopy(i)
	first, second := r.options(i, c)
	if now := regret(first, second); now < top.key {
		r.enqueue(i, first, second)
		return
	}
	r.key[i] = doneWith
	if first.node >= 0 {
		r.put(c, first.node)
	}
	r.spent += placeWork
	if r.placedOf[i]++; r.placedOf[i] < r.p.Items[i].Count {
		r.evaluate(i)
	}
	for _, q := range r.partners.of(i) {
		if r.key[q.item] != doneWith {
			r.evaluate(q.item)
		}
	}
	if first.node >= 0 {
		r.scan(first.node)
	}
}

// scan computes the items again that watch a node and fit there no more.
func (r *regrets) scan(j int32) {
	slack := r.slack(j)
	if len(r.watch[j]) > fewWatchers && slack > r.scanned[j]-r.scanned[j]/gonePart {
		return
	}
	r.scanned[j] = slack
	watchers := r.watch[j]
	r.spent += int64(5 * len(watchers))
	kept := watchers[:0]
	for _, i := range watchers {
		switch {
		case r.key[i] == doneWith || r.watching[i][0] != j && r.watching[i][1] != j:
		case r.fits(i, j):
			kept = append(kept, i)
		default:
			r.evaluate(i)
		}
	}
	r.watch[j] = kept
}

// before orders the queue: the larger regret first, then the lower index.
func (a claim) before(b claim) bool {
	if a.key != b.key {
		return a.key > b.key
	}
	return a.item < b.item
}

func (r *regrets) push(x claim) {
	q := append(r.queue, x)
	k := len(q) - 1
	for k > 0 && x.before(q[(k-1)/2]) {
		q[k] = q[(k-1)/2]
		k = (k - 1) / 2
	}
	q[k] = x
	r.queue = q
}

func (r *regrets) pop() claim {
	q := r.queue
	top, x := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	r.queue = q
	k := 0
	for len(q) > 0 {
		child := 2*k + 1
		if child >= len(q) {
			break
		}
		if child+1 < len(q) && q[child+1].before(q[child]) {
			child++
		}
		if !q[child].before(x) {
			break
		}
		q[k] = q[child]
		k = child
	}
	if len(q) > 0 {
		q[k] = x
	}
	return top
}
