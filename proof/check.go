package proof

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"berth/encode"
	"berth/model"
	"berth/model/integer"
)

// MostTerms is how many terms a program may have that the checker makes.
const MostTerms = 20_000_000

var (
	errSign = errors.New("a multiplier has the wrong sign")
	// errOpen is what a proof lacks that does not come to its end.
	errOpen = errors.New("what is left here is not shown to be too dear or impossible")
)

// Check follows a proof about a problem and returns the bound that it proves, in units of
// the problem's cost; feasible is false where it proves that nothing is feasible, and there is
// no bound then. An error names the line at fault: the proof does not hold, or is none.
// O(program + Σ over steps of the rows they name + fixings).
func Check(r io.Reader, name string, p *model.Problem) (bound int64, feasible bool, err error) {
	in := &lines{in: bufio.NewReaderSize(r, 1<<16), name: name}
	head, err := in.head(p)
	if err != nil {
		return 0, false, err
	}
	c, err := newChecker(p, head)
	if err != nil {
		return 0, false, fmt.Errorf("%s: %w", name, err)
	}
	if err := c.follow(in); err != nil {
		return 0, false, in.wrong(err)
	}
	if head.bound == nil {
		return 0, false, nil
	}
	return *head.bound, true, nil
}

// checker is a proof as far as it was followed.
type checker struct {
	domain *domain
	cost   []int64 // in steps, what all costs are multiples of
	rows   int     // of the program; more are the limit on the cost
	cuts   []row
	of     *int64 // the largest cost in steps that is of interest; nil: all are
	aim    *int64 // the largest that the bound excludes; nil: no cost counts

	parts  []part
	closed bool // the part that the proof is in

	weighing weighing
	reduced  []integer.Wide
	keeping  keeping
}

// part is a branching within which the proof is.
type part struct {
	trail, cuts int
	variable    int32
	value       int8
	turned      bool // it is in the second half
	over        bool // it was closed before it began
}

// newChecker makes the program and finds what follows from its rows at once.
func newChecker(p *model.Problem, h *header) (*checker, error) {
	g, err := program(p, h)
	if err != nil {
		return nil, err
	}
	c := &checker{cost: make([]int64, len(g.Vars)), rows: len(g.Rows), reduced: make([]integer.Wide, len(g.Vars))}
	var rows []row
	for _, r := range g.Rows {
		if err := sized(r.Terms, r.RHS); err != nil {
			return nil, err
		}
		rows = append(rows, taken(r))
	}
	scale, dear := g.Scale(), make([]encode.Term, 0, len(g.Vars))
	for v := range g.Vars {
		if g.Vars[v].Most != 0 {
			return nil, errors.New("its program has whole numbers")
		}
		c.cost[v] = g.Vars[v].Cost / scale.Unit
		if c.cost[v] != 0 {
			dear = append(dear, encode.Term{Var: int32(v), Coef: c.cost[v]})
		}
	}
	if err := sized(dear, 0); err != nil {
		return nil, err
	}
	if p.Workflow == nil {
		c.of, c.aim = under(h.below, scale), under(h.bound, scale)
	}
	if c.of != nil {
		rows = append(rows, row{terms: dear, right: *c.of})
	}
	c.domain = newDomain(rows, len(g.Vars))
	c.closed = !c.domain.propagate() || p.Workflow != nil && h.bound != nil && *h.bound <= 0
	return c, nil
}

// under returns the largest cost in steps that is below a number of units.
func under(units *int64, s encode.Scale) *int64 {
	if units == nil {
		return nil
	}
	most := min(max(integer.FloorDiv(*units-1-s.Zero, s.Unit), -limit), limit)
	return &most
}

func taken(r encode.Row) row {
	if r.Sense != encode.AtLeast {
		return row{terms: r.Terms, right: r.RHS, equal: r.Sense == encode.Equal}
	}
	out := row{right: -r.RHS, negated: true}
	for _, t := range r.Terms {
		out.terms = append(out.terms, encode.Term{Var: t.Var, Coef: -t.Coef})
	}
	return out
}

// follow takes all steps.
func (c *checker) follow(in *lines) error {
	for {
		word, err := in.next()
		if err != nil {
			return err
		}
		switch word {
		case "cut":
			err = c.cut(in)
		case "price":
			err = c.price(in)
		case "learn":
			err = c.learn(in)
		case "branch":
			err = c.branch(in)
		case "else":
			err = c.turn()
		case "end":
			err = c.join()
		case "qed":
			if len(c.parts) > 0 || !c.closed {
				return errOpen
			}
			return in.over()
		default:
			return fmt.Errorf("found %q, want cut, price, learn, branch, else, end or qed", word)
		}
		if err != nil {
			return err
		}
	}
}

// learn adds a clause that what is known already leads to where all its literals fail.
func (c *checker) learn(in *lines) error {
	clause, err := in.clause(len(c.cost))
	switch {
	case err != nil || c.closed:
		return err
	case len(c.parts) > 0:
		return errors.New("learn is for what holds everywhere, and stands outside of all branches")
	}
	d := c.domain
	before, refuted := len(d.trail), false
	for _, l := range clause {
		if refuted = d.holds(l); refuted {
			break
		}
		if !d.fails(l) {
			d.fix(int32(l>>1), int8(l.not()&1))
		}
	}
	refuted = !d.propagate() || refuted
	d.undo(before)
	if !refuted {
		return errors.New("nothing refutes that all of them fail")
	}
	c.closed = !d.learn(clause)
	return nil
}

// branch goes into the first half of a part.
func (c *checker) branch(in *lines) error {
	variable, value, err := in.literal(len(c.cost))
	if err != nil {
		return err
	}
	c.parts = append(c.parts, part{trail: len(c.domain.trail), cuts: len(c.cuts), variable: variable, value: value, over: c.closed})
	if !c.closed {
		c.set(variable, value)
	}
	return nil
}

// set gives a variable a value and finds what follows.
func (c *checker) set(variable int32, value int8) {
	switch c.domain.value[variable] {
	case value:
	case free:
		c.domain.fix(variable, value)
		c.closed = !c.domain.propagate()
	default:
		c.closed = true
	}
}

// leave takes back what was done within a half.
func (c *checker) leave(p *part) {
	c.domain.undo(p.trail)
	c.cuts = c.cuts[:p.cuts]
}

// turn goes into the second half.
func (c *checker) turn() error {
	if len(c.parts) == 0 || c.parts[len(c.parts)-1].turned {
		return errors.New("found else where no branch waits for it")
	}
	p := &c.parts[len(c.parts)-1]
	if !c.closed {
		return fmt.Errorf("x%d=%d: %w", p.variable+1, p.value, errOpen)
	}
	p.turned = true
	c.leave(p)
	if !p.over {
		c.closed = false
		c.set(p.variable, 1-p.value)
	}
	return nil
}

// join goes back to what the two halves are a part of.
func (c *checker) join() error {
	if len(c.parts) == 0 || !c.parts[len(c.parts)-1].turned {
		return errors.New("found end where no else waits for it")
	}
	p := &c.parts[len(c.parts)-1]
	if !c.closed {
		return fmt.Errorf("x%d=%d: %w", p.variable+1, 1-p.value, errOpen)
	}
	c.leave(p)
	c.parts = c.parts[:len(c.parts)-1]
	return nil
}

// cut adds a row that follows from others.
func (c *checker) cut(in *lines) error {
	terms, right, from, err := in.cut(len(c.cost))
	if err != nil || c.closed {
		return err
	}
	if err := sized(terms, right); err != nil {
		return err
	}
	c.weighing.clear(len(c.cost))
	for _, m := range from {
		r, sign, err := c.row(m.Row)
		if err == nil {
			err = c.weighing.add(r, sign*m.By)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.Row, err)
		}
	}
	if err := c.weighing.implied(c.domain, terms, right); err != nil {
		return err
	}
	c.cuts = append(c.cuts, row{terms: terms, right: right})
	return nil
}

// row finds a row by its name, and the sign that it has here.
func (c *checker) row(name Name) (*row, int64, error) {
	switch {
	case name >= 0 && int(name) < c.rows:
		r := &c.domain.rows[name]
		if r.negated {
			return r, -1, nil
		}
		return r, 1, nil
	case name < 0 && int(^name) < len(c.cuts):
		return &c.cuts[^name], 1, nil
	}
	return nil, 0, errors.New("there is no such row")
}

// MostPrice bounds multipliers and denominators, mostPriced the rows of a step: with the
// limit on rows and costs, no sum leaves 127 bits.
const (
	MostPrice  = 1 << 42
	mostPriced = 1 << 23
)

// price bounds what is left, closes it or fixes what the bound allows.
func (c *checker) price(in *lines) error {
	denominator, rows, within, err := in.price()
	if err != nil || c.closed {
		return err
	}
	if denominator < 0 || denominator > MostPrice || len(rows) > mostPriced {
		return fmt.Errorf("the denominator must be 0 to %d, and the rows at most %d", MostPrice, mostPriced)
	}
	for v, cost := range c.cost {
		c.reduced[v] = integer.Product(denominator, cost)
	}
	total := integer.Wide{}
	for _, m := range rows {
		r, sign, err := c.row(m.Row)
		y := sign * m.By
		switch {
		case err != nil:
		case size(y) > MostPrice:
			err = fmt.Errorf("it is multiplied by more than %d", MostPrice)
		case y > 0 && !r.equal:
			err = errSign
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.Row, err)
		}
		total = total.Plus(integer.Product(y, r.right))
		for _, t := range r.terms {
			c.reduced[t.Var] = c.reduced[t.Var].Minus(integer.Product(y, t.Coef))
		}
	}
	return c.conclude(total, denominator, rows, within)
}

// past says whether a sum over a denominator is above the most that is of interest.
func past(sum integer.Wide, denominator int64, most *int64) bool {
	if denominator == 0 {
		return sum.Sign() > 0
	}
	return most != nil && integer.Product(denominator, *most).Less(sum)
}
