package lagrange

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"berth/encode"
	"berth/proof"
	"berth/search"
)

// What a proof may have: with more tasks the checker's sums could leave 64 bits, with more
// multipliers in all of its steps it takes half a gigabyte.
const (
	mostTasks  = 1 << 14
	mostPrices = 1 << 25
)

// Certificate is a proof that a search below a bound has made.
type Certificate struct {
	Proven int64 // the bound that it shows, search.NoBound: none
	names  *names
	steps  []step
}

// Certify searches the program of a problem that the method handles for whatever costs less than a bound, and
// takes down why there is nothing. work counts work done and says
// whether to go on; where it was not enough, what is proven is what the first multipliers show.
// It fails with search.ErrTooLarge where the engine withdraws, tasks have copies, or numbers are
// too large for the checker. Another error means that there is something: then the bound is wrong.
func Certify(g *encode.Program, below int64, work func(units int64) bool) (*Certificate, error) {
	in, err := newInstance(g.Problem, search.NewBoard(context.Background(), g.Problem, search.Limits{}, 1, 1, nil))
	if err != nil {
		return nil, err
	}
	n, err := in.named(g)
	if err != nil {
		return nil, err
	}
	h := &certifier{instance: in, most: below - 1 - in.base, wanted: in.dearest, more: work}
	e := newEngine(in, h)
	e.scribe = &h.scribe
	e.aim()
	if closed := e.failed || e.start(); e.stopped {
		return &Certificate{Proven: search.NoBound}, h.err
	} else if !closed {
		root, bound := append(slices.Clip(e.scribe.steps), *e.scribe.now(e)), in.base+in.stepsUp(e.value)
		h.wanted = h.most
		if !e.ask(h.wanted, noLimit) {
			return &Certificate{min(bound, below), n, root}, h.err
		}
	}
	return &Certificate{below, n, e.scribe.steps}, h.err
}

// Write writes the steps that show it.
func (c *Certificate) Write(w *proof.Writer) { c.names.write(w, c.steps) }

// names says what the program calls tasks, pairs and nodes.
type names struct {
	instance *instance
	unit     int64        // of the program's costs
	row      []proof.Name // by task: that it is on one node
	cheapest []int64      // by task: the cost that the instance has taken off
	pair     []int32      // pair[j*tasks+i]: the variable, −1: there is none
	capacity []proof.Name // by node: the row of what can run out there, −1: there is none
}

// named finds the names. It fails with search.ErrTooLarge where the program does not say the
// same as the instance, task by task, or its numbers are too large for the checker.
func (in *instance) named(g *encode.Program) (*names, error) {
	n := &names{
		instance: in, unit: g.Scale().Unit, row: make([]proof.Name, in.tasks), cheapest: make([]int64, in.tasks),
		pair: slices.Repeat([]int32{-1}, in.tasks*in.nodes), capacity: slices.Repeat([]proof.Name{-1}, in.nodes),
	}
	p := in.problem
	for i := range p.Items {
		if p.Items[i].Count != 1 {
			return nil, fmt.Errorf("lagrange: item %d has copies, and a program does not tell them apart: %w", i, search.ErrTooLarge)
		}
	}
	for v := range g.Vars {
		x, j := &g.Vars[v], in.outside
		if x.Kind == encode.Copy {
			j = int(x.Place)
		}
		k := j*in.tasks + int(x.Item)
		n.pair[k], n.cheapest[x.Item] = int32(v), x.Cost-in.cost[k]>>in.shift
	}
	for r := range g.Rows {
		switch o := g.Rows[r].Origin; o.Kind {
		case encode.Assignment:
			n.row[o.A] = proof.Name(r)
		case encode.Capacity:
			if scarce, err := in.scarce(int(o.A)); err == nil && int(o.B) == scarce {
				n.capacity[o.A] = proof.Name(r)
			}
		}
	}
	dear := func(c int64) bool { return max(c, -c) > proof.MostPrice>>(in.shift+1) }
	if in.tasks > mostTasks || dear(n.unit) || slices.ContainsFunc(n.cheapest, dear) {
		return nil, fmt.Errorf("lagrange: numbers too large for the checker: %w", search.ErrTooLarge)
	}
	for j, room := range in.room {
		if int64(room) >= proof.MostCells/int64(in.tasks+1) && n.capacity[j] >= 0 {
			return nil, fmt.Errorf("lagrange: a node has room for %d steps of what %d tasks need, too many for the checker: %w", room, in.tasks, search.ErrTooLarge)
		}
	}
	return n, nil
}

// write writes steps.
func (n *names) write(w *proof.Writer, steps []step) {
	for _, s := range steps {
		switch s.kind {
		case branching:
			value := int8(0)
			if s.put {
				value = 1
			}
			w.Branch(n.pair[int(s.node)*n.instance.tasks+int(s.task)], value)
		case turning:
			w.Else()
		case joining:
			w.Join()
		default:
			n.price(w, &s)
		}
	}
}

// price writes a price: multipliers are those of the costs before the cheapest was taken off.
func (n *names) price(w *proof.Writer, s *step) {
	var rows []proof.Multiplier
	for _, t := range s.prices {
		rows = append(rows, proof.Multiplier{Row: n.row[t.task], By: t.u + n.cheapest[t.task]<<n.instance.shift})
	}
	var within []proof.Name
	for _, j := range s.open {
		if n.capacity[j] >= 0 {
			within = append(within, n.capacity[j])
		}
	}
	w.Price(n.unit<<n.instance.shift, rows, within...)
}

// certifier is the host of a search for a proof.
type certifier struct {
	*instance
	most   int64 // what costs no more is to be refuted
	wanted int64 // the same, from when the first multipliers are found: they aim higher
	scribe scribe
	more   func(int64) bool
	err    error
}

func (c *certifier) work(units int64) bool {
	return c.err == nil && c.scribe.prices < mostPrices && c.more(units)
}

func (c *certifier) highest() int64 { return c.wanted }

func (c *certifier) offer(_ []int32, steps int64) bool {
	if steps <= c.most {
		c.err = errors.New("the bound that was to be proven is wrong")
	}
	return false
}

func (c *certifier) raise(int64) {}

func (c *certifier) exhausted() {}

func (c *certifier) coarse(int64) int64 { return 1 }
