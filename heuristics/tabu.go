package heuristics

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"berth/model"
	"berth/search"
)

// Tabu: the best of all shifts and swaps, again and again, for up to some hundred copies
// that talk over distances of any kind.
//
// After E. Taillard: Robust taboo search for the quadratic assignment problem, Parallel
// Computing 17, 1991, with the price of overload of J.-F. Cordeau, M. Gaudioso, G.
// Laporte, L. Moccia: A memetic heuristic for the generalized quadratic assignment
// problem, INFORMS Journal on Computing 18, 2006: it rises while a node is too full and
// falls while none is, so that the search goes to and fro across what is feasible. What a
// copy would cost on each node, as the others are, is kept: so a shift is judged by two
// look-ups and a swap by six. A copy does not soon return to a node that it left, unless
// that is better than all before. When nothing better comes for long, some copies go
// anywhere, from the best or from where the search is.
//
// Cost: a step looks at copies · (copies + nodes) moves and brings a table of copies ·
// nodes up to date. Where there are too many copies it withdraws.
var Tabu = &search.Method{
	Name:   "tabu",
	Short:  "the best of all shifts and swaps, for traffic over distances between nodes",
	Source: "Taillard 1991; Cordeau, Gaudioso, Laporte, Moccia 2006",
	Handles: model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies |
		model.TrafficOn | model.Distances | model.Matrix,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		if !hasChoice(p) {
			return nil
		}
		if tooManyForTabu(p) {
			return fmt.Errorf("tabu: %d copies on %d nodes are too many: %w", p.Copies, len(p.NodeNames), search.ErrTooLarge)
		}
		t := newTabu(p, board)
		if t == nil {
			return nil
		}
		for t.step() {
		}
		return nil
	},
}

const (
	mostTabu  = 500
	mostCells = 1 << 20 // copies × nodes

	tabuStream = 9
	patient    = 20   // steps a copy without anything better, before a kick
	dearer     = 1.06 // price of overload from one step to the next while a node is too full,
	cheaper    = 0.94 // and while none is
	floorPart  = 16   // the least price of overload is such a part of what a copy's place matters
	tabuWork   = 16   // units that a move takes to be judged
)

func tooManyForTabu(p *model.Problem) bool {
	return p.Copies > mostTabu || p.Copies*len(p.NodeNames) > mostCells
}

// tabu is a placement with what moves cost.
type tabu struct {
	p     *model.Problem
	board *search.Board
	rng   *rand.Rand

	nodes    int32
	at       []int32
	itemOf   []int32
	allowed  [][]int32 // by copy
	may      []bool    // [copy*nodes+node]
	demand   [][]int64 // [copy*nodes+node], by resource
	weight   []int64   // [copy*copies+copy]: price of a unit of distance
	distance []int64   // [node*nodes+node]
	cost     []int64   // [copy*nodes+node]: what the copy would pay there
	load     []int64
	usual    []int64 // demand, by resource

	total   int64   // the cost
	price   float64 // of overload by one usual demand
	floor   float64 // the least that is
	until   []int64 // [copy*nodes+node]: the step before which the copy does not go there
	now     int64
	least   int64 // the best since the last kick,
	changed int64 // and the step that found it
}

// newTabu starts from the best on the board, or anywhere. It returns nil where a copy has
// no node.
func newTabu(p *model.Problem, board *search.Board) *tabu {
	n, m := p.Copies, len(p.NodeNames)
	typical := float64(typicalCost(p))
	t := &tabu{
		p: p, board: board, rng: rand.New(rand.NewPCG(board.Seed(), tabuStream)), nodes: int32(m),
		at: make([]int32, n), itemOf: make([]int32, n), allowed: make([][]int32, n), may: make([]bool, n*m), demand: make([][]int64, n*m),
		weight: make([]int64, n*n), distance: make([]int64, m*m), cost: make([]int64, n*m), load: make([]int64, len(p.Capacity)),
		usual: usualDemand(p), total: p.Offset, price: typical, floor: typical / floorPart, until: make([]int64, n*m), least: math.MaxInt64,
	}
	for x := range int32(m) {
		for y := range int32(m) {
			t.distance[int(x)*m+int(y)] = p.Distance(x, y)
		}
	}
	for i := range p.Items {
		it := &p.Items[i]
		nodes := p.Domains[it.Domain].Nodes()
		if len(nodes) == 0 {
			return nil
		}
		for c := it.First; c < it.First+it.Count; c++ {
			t.itemOf[c], t.allowed[c] = int32(i), nodes
			for _, j := range nodes {
				t.may[int(c)*m+int(j)] = true
				t.demand[int(c)*m+int(j)] = p.Demands[it.Demand].On(j)
				t.cost[int(c)*m+int(j)] = p.Costs[it.Cost].At(j)
			}
		}
	}
	for _, pair := range p.Pairs {
		a, b := int(p.Items[pair.A].First), int(p.Items[pair.B].First)
		t.weight[a*n+b] += pair.Price * p.Full
		t.weight[b*n+a] = t.weight[a*n+b]
	}
	start, _ := board.Best()
	for c := range t.at {
		t.at[c] = t.allowed[c][t.rng.IntN(len(t.allowed[c]))]
		if start != nil {
			t.at[c] = start[c]
		}
		t.take(int32(c), t.at[c], 1)
		t.total += t.cost[c*m+int(t.at[c])]
	}
	// What is summed up so far is linear; each pair comes in when its second copy does.
	for c := range t.at {
		for e := range t.at[:c] {
			t.total += t.weight[c*n+e] * t.distance[int(t.at[c])*m+int(t.at[e])]
		}
	}
	for c := range t.at {
		t.tell(int32(c), -1, t.at[c])
	}
	return t
}

// take adds what a copy takes on a node, so many times.
func (t *tabu) take(c, j int32, times int64) {
	demand := t.demand[c*t.nodes+j]
	for r, d := range demand {
		t.load[int(j)*len(demand)+r] += times * d
	}
}

// tell brings up to date what the partners of a copy would pay, which went from a node
// (-1: none) to another.
func (t *tabu) tell(c, from, to int32) {
	n, m := len(t.at), int(t.nodes)
	toRow := t.distance[int(to)*m:][:m]
	var fromRow []int64
	if from >= 0 {
		fromRow = t.distance[int(from)*m:][:m]
	}
	for e, w := range t.weight[int(c)*n:][:n] {
		if w == 0 {
			continue
		}
		costs := t.cost[e*m:][:m]
		for j, d := range toRow {
			costs[j] += w * d
		}
		for j, d := range fromRow {
			costs[j] -= w * d
		}
	}
}

// move puts a copy on another node.
func (t *tabu) move(c, to int32) {
	from := t.at[c]
	t.total += t.cost[c*t.nodes+to] - t.cost[c*t.nodes+from]
	t.take(c, from, -1)
	t.take(c, to, 1)
	t.at[c] = to
	t.tell(c, from, to)
}

// over is by how much a node is too full, in usual demands, with a demand more and
// another less; either may be nil.
func (t *tabu) over(j int32, more, less []int64) float64 {
	resources := len(t.usual)
	sum := 0.
	for r := range resources {
		k := int(j)*resources + r
		load := t.load[k] - t.p.Capacity[k]
		if more != nil {
			load += more[r]
		}
		if less != nil {
			load -= less[r]
		}
		if load > 0 {
			sum += float64(load) / float64(t.usual[r])
		}
	}
	return sum
}

// exchange is a move: a copy goes to a node, and another, if there is one, comes from it.
type exchange struct {
	copy, other, to int32 // other is -1 in a shift
}

// step makes the best move. It returns false where the board ended it.
func (t *tabu) step() bool {
	t.now++
	n, m := int32(len(t.at)), t.nodes
	excess := make([]float64, m)
	whole := 0.
	for j := range excess {
		excess[j] = t.over(int32(j), nil, nil)
		whole += excess[j]
	}
	chosen, value, ties := exchange{copy: -1}, math.Inf(1), 0
	consider := func(e exchange, cost int64, over float64, held bool) {
		if held && (over > 0 || t.total+cost >= t.least) {
			return
		}
		switch v := float64(cost) + float64(t.price*(over-whole)); {
		case v < value:
			chosen, value, ties = e, v, 1
		case v == value:
			if ties++; t.rng.IntN(ties) == 0 {
				chosen = e
			}
		}
	}
	for c := range n {
		a := t.at[c]
		costs, own := t.cost[c*m:][:m], t.demand[c*m+a]
		relieved := t.over(a, nil, own)
		for _, b := range t.allowed[c] {
			if b != a {
				over := whole - excess[a] - excess[b] + relieved + t.over(b, t.demand[c*m+b], nil)
				consider(exchange{c, -1, b}, costs[b]-costs[a], zero(over), t.until[c*m+b] > t.now)
			}
		}
		for e := range c {
			b := t.at[e]
			if a == b || t.itemOf[c] == t.itemOf[e] || !t.may[c*m+b] || !t.may[e*m+a] {
				continue
			}
			there, back := t.demand[c*m+b], t.demand[e*m+a]
			cost := costs[b] - costs[a] + t.cost[e*m+a] - t.cost[e*m+b] + 2*t.weight[c*n+e]*t.distance[a*m+b]
			over := whole - excess[a] - excess[b] + t.over(a, back, own) + t.over(b, there, t.demand[e*m+b])
			consider(exchange{c, e, b}, cost, zero(over), t.until[c*m+b] > t.now && t.until[e*m+a] > t.now)
		}
	}
	if chosen.copy >= 0 {
		t.make(chosen)
	}
	return t.judge() && t.board.Work(tabuWork*int64(n)*int64(n+m)+100)
}

// zero is a sum of floats that may have lost its last digits: what is next to nothing is 0.
func zero(over float64) float64 {
	if over < 1e-9 {
		return 0
	}
	return over
}

// make makes a move, and keeps its copies from returning for a while.
func (t *tabu) make(e exchange) {
	hold := func(c int32) {
		t.until[c*t.nodes+t.at[c]] = t.now + int64(len(t.at))/2 + t.rng.Int64N(int64(len(t.at))+1)
	}
	from := t.at[e.copy]
	hold(e.copy)
	if e.other >= 0 {
		hold(e.other)
		t.move(e.other, from)
	}
	t.move(e.copy, e.to)
}

// judge offers what is better than before, sets the price of overload, and kicks where
// nothing better has come for long. It returns false where the board ended it.
func (t *tabu) judge() bool {
	full := false
	for k, load := range t.load {
		full = full || load > t.p.Capacity[k]
	}
	if full {
		t.price = min(t.price*dearer, highest)
	} else {
		t.price = max(t.price*cheaper, t.floor)
	}
	if !full && t.total < t.least {
		t.least, t.changed = t.total, t.now
		if _, cost := t.board.Best(); t.total < cost {
			t.board.Offer(t.at, t.total)
		}
	}
	if t.now-t.changed > int64(patient*len(t.at)) {
		t.kick()
	}
	return t.board.Work(0)
}

// kick sends some copies anywhere, from the best there is or from where the search is.
func (t *tabu) kick() {
	if best, _ := t.board.Best(); best != nil && t.rng.IntN(2) == 0 {
		for c, j := range best {
			if t.at[c] != j {
				t.move(int32(c), j)
			}
		}
	}
	for range 2 + t.rng.IntN(2*len(t.at)) {
		c := int32(t.rng.IntN(len(t.at)))
		if j := t.allowed[c][t.rng.IntN(len(t.allowed[c]))]; j != t.at[c] {
			t.move(c, j)
		}
	}
	clear(t.until)
	t.least, t.changed = math.MaxInt64, t.now
}
