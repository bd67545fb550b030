//go:build cgo

package lp

import (
	"errors"
	"math"
	"slices"

	"berth/encode"
	"berth/model/integer"
	"berth/search"
)

// Certify searches a program for whatever costs less than a bound, search.NoCost for
// anything feasible, and takes down why there is nothing. work counts work done and says
// whether to go on; what is proven is less where it was not enough. An error means that
// there is something: then the bound is wrong.
func Certify(g *encode.Program, below int64, work func(units int64) bool) (*Certificate, error) {
	s := newScribe(g)
	c := &Certificate{scale: g.Scale(), below: below, root: s.page}
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
	e := &engine{host: host, program: steps, level: guessSearch, scribe: s}
	_, err := e.search()
	return c, err
}

// certifier is the host of a search for a proof.
type certifier struct {
	below int64
	more  func(int64) bool
}

func (c *certifier) work(units int64) bool { return c.more(units) }

func (c *certifier) left() int64 { return math.MaxInt64 }

func (c *certifier) short() bool { return false }

func (c *certifier) cutoff() int64 { return c.below }

func (c *certifier) incumbent() []int8 { return nil }

func (c *certifier) lower() int64 { return math.MinInt64 }

func (c *certifier) raise(int64) {}

func (c *certifier) found([]int8) error {
	return errors.New("the bound that was to be proven is wrong")
}
