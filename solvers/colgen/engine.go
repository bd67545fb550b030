package colgen

import "slices"

// host is whom a search works for: the board of the run, or an improver that has it
// search a piece of the problem. Costs are in steps above base, placements are
// copies by pair.
type host interface {
	work(units int64) bool              // counts units of work; false: stop
	left() int64                        // until the run is over
	highest() int64                     // the dearest placement that is still wanted
	offer(at []int32, steps int64) bool // reports a placement; true: better than any before
	raise(steps int64)                  // reports a bound
	exhausted()                         // reports that nothing wanted is left
	question(lower int64) int64         // how wide a question above a bound is to be
	stage(lower int64) int64            // how far above it a stage is to reach
}

// engine is one run.
type engine struct {
	*instance
	host    host
	stopped bool

	// Domains.
	hi     []int32   // by pair: copies that may still be there
	lo     []int32   // by pair: copies that have to be there
	slots  []int32   // by item: the sum of hi
	needy  []int32   // by item: the sum of lo
	raised []int32   // pairs whose lo is above 0
	listed [][]int32 // by node: items that may be there, or might when the list was made
	trail  []change
	failed bool   // some item has too few nodes left
	opened []bool // by node: its price is paid whatever is there
	hasty  bool   // knapsacks need not be solved to the end
	staged bool   // … or are solved by stages where a search of them takes long

	// Multipliers and the last evaluation.
	point
	value    int64 // the Lagrangian bound
	sacks    []sack
	cuts     []*cut
	groupsOf []*group  // cuts come from these …
	openings *openings // … and from these
	price    []int64   // by node, when it was last looked at: of using it, with what the cuts add
	atNode   [][]*cut  // by node
	cutoff   int64     // the dearest Lagrangian value that is of interest
	begun    []float64 // by pair: the solution of the program over pairs
	penalty  []int64   // by pair: by how much the node's part rises where the pair changes sides
	leave    []int64   // by item: what all nodes that take it lose without it
	isIn     []bool    // by pair: the node takes it

	// Scratch.
	knapsack knapsack
	barred   []bool // by item
	profit   []int64
	star     []int32
	flip     []int64
	room     []int64
	entries  []entry
	needed   []int64
	parts    []float64
	tally    int64 // work not yet counted
	spent    int64 // work that is counted
}

// point is where the bound is evaluated: multipliers of the rows "each copy once"
// and of the cuts.
type point struct {
	u []int64 // by item
	w []int64 // by cut, not negative
}

func (p *point) set(from *point) {
	p.u = append(p.u[:0], from.u...)
	p.w = append(p.w[:0], from.w...)
}

// change is a step of the domains that can be undone.
type change struct{ pair, hi, lo int32 }

// sack is the knapsack of one node at the present point.
type sack struct {
	prices []float64 // of its resources, kept from call to call
	in     []taking  // what it takes
	gain   int64     // what that is worth, less the price of using the node
	net    int64     // … also where that is less than nothing
	bound  int64     // no set is worth more
}

// taking is so many copies of an item.
type taking struct{ item, copies int32 }

func newEngine(in *instance, h host) *engine {
	e := &engine{
		instance: in, host: h, hi: slices.Clone(in.most), lo: make([]int32, len(in.most)),
		slots: make([]int32, in.items), needy: make([]int32, in.items),
		listed: make([][]int32, in.nodes), sacks: make([]sack, in.nodes), atNode: make([][]*cut, in.nodes),
		penalty: make([]int64, len(in.most)), profit: make([]int64, in.items), room: make([]int64, in.resources),
	}
	e.opened = make([]bool, in.nodes)
	e.u, e.barred = make([]int64, in.items), make([]bool, in.items)
	e.knapsack.blocked, e.knapsack.busy = make([]int32, in.items), make([]int32, in.cliques)
	for j := range e.sacks {
		e.sacks[j].prices = make([]float64, in.resources)
	}
	for k, n := range e.hi {
		e.slots[k%in.items] += n
	}
	for i, n := range e.slots {
		e.failed = e.failed || n < in.copies[i]
	}
	e.groupsOf, e.openings, e.price = in.groups(), in.newOpenings(), make([]int64, in.nodes)
	e.list()
	return e
}

// list makes the lists of open items anew.
func (e *engine) list() {
	for j := range e.listed {
		e.listed[j] = e.listed[j][:0]
		for i := range e.items {
			if e.hi[j*e.items+i] > 0 {
				e.listed[j] = append(e.listed[j], int32(i))
			}
		}
	}
}

// limit lowers the copies that may be at a pair.
func (e *engine) limit(pair int, copies int32) {
	if e.hi[pair] <= copies {
		return
	}
	i := pair % e.items
	e.trail = append(e.trail, change{int32(pair), e.hi[pair], e.lo[pair]})
	e.slots[i] -= e.hi[pair] - copies
	e.hi[pair] = copies
	e.failed = e.failed || e.slots[i] < e.copies[i] || copies < e.lo[pair]
}

// require raises the copies that have to be at a pair.
func (e *engine) require(pair int, copies int32) {
	if e.lo[pair] >= copies {
		return
	}
	i := pair % e.items
	e.trail = append(e.trail, change{int32(pair), e.hi[pair], e.lo[pair]})
	if e.lo[pair] == 0 {
		e.raised = append(e.raised, int32(pair))
	}
	e.needy[i] += copies - e.lo[pair]
	e.lo[pair] = copies
	e.failed = e.failed || copies > e.hi[pair] || e.needy[i] > e.copies[i]
	for k := i; k < len(e.hi) && !e.failed; k += e.items {
		e.limit(k, e.copies[i]-e.needy[i]+e.lo[k])
	}
}

// undo takes back the changes behind a mark.
func (e *engine) undo(mark int) {
	for t := len(e.trail) - 1; t >= mark; t-- {
		c := e.trail[t]
		i := int(c.pair) % e.items
		e.slots[i] += c.hi - e.hi[c.pair]
		e.needy[i] += c.lo - e.lo[c.pair]
		if e.lo[c.pair] > 0 && c.lo == 0 {
			e.raised = e.raised[:len(e.raised)-1]
		}
		e.hi[c.pair], e.lo[c.pair] = c.hi, c.lo
	}
	e.trail = e.trail[:mark]
	e.failed = false
}

// least returns the copies that have to be at a pair: what was decided, or what
// fits nowhere else.
func (e *engine) least(pair int) int32 {
	i := pair % e.items
	return max(e.lo[pair], e.hi[pair]-(e.slots[i]-e.copies[i]))
}

// tight says whether every slot that an item has left is needed.
func (e *engine) tight(i int32) bool { return e.slots[i] == e.copies[i] }

// tick reports the work done, and notes when to stop.
func (e *engine) tick(units int64) bool {
	units += e.tally + e.knapsack.work + e.openings.pack.work
	e.tally, e.knapsack.work, e.openings.pack.work = 0, 0, 0
	e.spent += units
	if !e.host.work(units) {
		e.stopped = true
	}
	return !e.stopped
}

// keep adds a cut with its multiplier.
func (e *engine) keep(c *cut, w int64) {
	c.index = len(e.cuts)
	e.cuts, e.w = append(e.cuts, c), append(e.w, w)
	for _, j := range c.group.nodes {
		e.atNode[j] = append(e.atNode[j], c)
	}
}
