package lagrange

import "slices"

// A search below a bound that is to be proven takes down what it concludes (package proof).
// A fixing is a price: the multipliers of the open tasks, within the capacities of all nodes. It
// is written where it removed something or left nothing, and a branching, or a probe that
// leaves nothing on one side, is a branch. All methods of scribe do nothing on nil: then nobody
// wants a proof.
type scribe struct {
	steps  []step
	prices int // in all of them
	probed int // probes that settled a side, in the node of the tree that the search is in
}

// step is a line of the proof.
type step struct {
	kind   kind
	task   int32 // of a branching, with its node
	node   int32
	put    bool    // the first half has the task there
	prices []price // by open task
	open   []int32 // nodes that may have one
}

type kind uint8

const (
	pricing kind = iota
	branching
	turning
	joining
)

// price is a task with its multiplier.
type price struct {
	task int32
	u    int64
}

// price takes down the multipliers as they are.
func (s *scribe) price(e *engine) { s.add(s.now(e)) }

// add takes down a price, nil for none.
func (s *scribe) add(p *step) {
	if p != nil {
		s.steps = append(s.steps, *p)
		s.prices += len(p.prices)
	}
}

// now returns the price of the multipliers as they are; nil in a probe, which is undone.
func (s *scribe) now(e *engine) *step {
	if s == nil || e.probing {
		return nil
	}
	p := &step{kind: pricing, prices: make([]price, 0, e.open.size)}
	for _, i := range e.open.all() {
		p.prices = append(p.prices, price{i, e.u[i]})
	}
	for j := range e.nodes {
		if e.tasksOn[j].size > 0 {
			p.open = append(p.open, int32(j))
		}
	}
	slices.SortFunc(p.prices, func(a, b price) int { return int(a.task - b.task) })
	return p
}

// branch takes down that the search decides a pair, and looks at that first.
func (s *scribe) branch(task, node int32, put bool) {
	if s != nil {
		s.steps = append(s.steps, step{kind: branching, task: task, node: node, put: put})
	}
}

// turn takes down that it looks at the other side.
func (s *scribe) turn() {
	if s != nil {
		s.steps = append(s.steps, step{kind: turning})
	}
}

// join takes down that both sides are searched.
func (s *scribe) join() {
	if s != nil {
		s.steps = append(s.steps, step{kind: joining})
	}
}

// refute takes down that a side of a probe leaves nothing, by the multipliers as they are. What
// follows in the node is within its other side.
func (s *scribe) refute(e *engine, c candidate, put bool) {
	if s == nil {
		return
	}
	s.branch(c.task, c.node, put)
	s.price(e)
	s.turn()
	s.probed++
}

// begin begins a node of the tree. It returns what end wants.
func (s *scribe) begin() (probed int) {
	if s != nil {
		probed, s.probed = s.probed, 0
	}
	return probed
}

// end ends it.
func (s *scribe) end(probed int) {
	if s == nil {
		return
	}
	for range s.probed {
		s.join()
	}
	s.probed = probed
}
