//go:build cgo

package lp

import (
	"errors"
	"fmt"
	"slices"

	"berth/encode"
	"berth/model"
	"berth/model/integer"
	"berth/proof"
	"berth/search"
)

// Certifiable fails, with search.ErrTooLarge, where a problem is too large for Certify, as
// far as that can be told without making its program.
func Certifiable(p *model.Problem) error {
	if p.Workflow != nil {
		return nil
	}
	if vars, terms := encode.Estimate(p); vars > maxVars || terms > maxTerms {
		return fmt.Errorf("%w: the program would have about %d variables and %d terms (at most %d and %d)", search.ErrTooLarge, vars, terms, maxVars, maxTerms)
	}
	return nil
}

// Certify searches a problem for whatever costs less than a bound, search.NoCost for
// anything feasible, and takes down why there is nothing. work counts work done and says
// whether to go on; what is proven is less where it was not enough. An error means that the
// program of the problem is too large (search.ErrTooLarge), or that there is something: then
// the bound is wrong.
func Certify(p *model.Problem, bound int64, work func(units int64) bool) (*Certificate, error) {
	if p.Workflow != nil {
		return certifySchedules(p, bound, work)
	}
	if err := Certifiable(p); err != nil {
		return nil, err
	}
	return certify(encode.Build(p), bound, work)
}

// certify searches a program.
func certify(g *encode.Program, below int64, work func(units int64) bool) (*Certificate, error) {
	s := newScribe(g)
	c := &Certificate{problem: g.Problem, scale: g.Scale(), below: below, claim: below, root: s.page}
	steps := &encode.Program{Problem: g.Problem, Rows: g.Rows, Vars: slices.Clone(g.Vars)}
	least := int64(0)
	for v := range steps.Vars {
		steps.Vars[v].Cost /= c.scale.Unit
		least += min(steps.Vars[v].Cost, 0)
	}
	host := &certifier{noCutoff, work}
	if below != search.NoCost {
		host.below = 1 + integer.FloorDiv(below-1-c.scale.Zero, c.scale.Unit)
		c.root.bound, c.root.steps = least, []step{{price: &priceStep{denominator: 1}}}
	}
	e := &engine{host: host, program: steps, level: proofSearch, scribe: s}
	_, err := e.search()
	return c, err
}

// certifySchedules asks whether any schedule ends before the bound. Where that is not
// settled, what the longest way and all work take is proven: without any search.
func certifySchedules(p *model.Problem, bound int64, work func(units int64) bool) (*Certificate, error) {
	below := &bound
	if bound == search.NoCost {
		below = nil
	}
	g := proof.Schedules(p, below)
	if g == nil {
		return nil, fmt.Errorf("%w: the program of schedules that end before %s has too many terms", search.ErrTooLarge, p.Format(bound))
	}
	c, err := certify(g, search.NoCost, work)
	if err != nil {
		return nil, err
	}
	c.claim = bound
	if c.Proven() == search.NoBound && g.Offset > 0 {
		c.claim, c.root = g.Offset, &page{split: -1, closed: true}
	}
	return c, nil
}

// certifier is the host of a search for a proof.
type certifier struct {
	below int64
	more  func(int64) bool
}

func (c *certifier) work(units int64) bool { return c.more(units) }

func (c *certifier) short() bool { return false }

func (c *certifier) cutoff() int64 { return c.below }

func (c *certifier) incumbent() []int8 { return nil }

func (c *certifier) raise(int64) {}

func (c *certifier) found([]int8) error {
	return errors.New("the bound that was to be proven is wrong")
}
