package sat

import (
	"berth/encode"
	"berth/encode/sat"
)

// How many clauses a row may take before it becomes coarse, and how many each of
// the two limits on the cost may.
const (
	rowClauses  = 30_000
	costClauses = 150_000
)

// roomyBy is how many times smaller the room below the incumbent has to become
// before the limits on the cost are written anew.
const roomyBy = 4

// encoding is the clauses of a program, with what is not in them yet.
type encoding struct {
	*sat.Encoder
	g        *encode.Program
	lazies   []*sat.Lazy // rows of which the clauses say too little
	ceilings []*ceiling
}

// ceiling is a limit on the cost that comes down.
type ceiling struct {
	scale int64 // what a unit of cost is in its sum
	cost  int64 // of the incumbent that lazy's limit speaks of
	first int64 // the limit at the start
	total *sat.Totalizer
	lazy  *sat.Lazy
}

func newEncoding(g *encode.Program) *encoding {
	c := &encoding{Encoder: sat.NewEncoder(g), g: g}
	for k := range g.Rows {
		for _, sum := range c.Sums(&g.Rows[k]) {
			if !c.AddSum(sum, rowClauses) {
				_, lazy := c.coarse(sum, rowClauses)
				c.lazies = append(c.lazies, lazy)
			}
		}
	}
	breakSymmetry(c.Encoder, g, make([]int64, len(g.Problem.Items)))
	return c
}

// coarse watches a sum and adds the finest totalizer of it that is small enough.
func (c *encoding) coarse(sum *sat.Sum, clauses int) (*sat.Totalizer, *sat.Lazy) {
	lazy := c.NewLazy(sum)
	for unit := int64(1); ; unit *= 2 {
		if total, ok := c.NewTotalizer(sum, unit, clauses); ok {
			return total, lazy
		}
	}
}

// limitCost allows only what costs less than the incumbent, by the costs as they
// are and, where there are any, by priced ones.
func (c *encoding) limitCost(incumbent int64, other *priced) {
	most := incumbent - 1 - c.g.Offset
	c.addCeiling(c.Sum(sat.Objective(c.g), most), 1, incumbent)
	if other == nil {
		return
	}
	if limit, ok := other.limit(most); ok {
		c.addCeiling(c.Sum(other.terms, limit), other.scale, incumbent)
	}
}

func (c *encoding) addCeiling(sum *sat.Sum, scale, incumbent int64) {
	ceil := &ceiling{scale: scale, cost: incumbent, first: sum.Limit}
	if sum.Limit >= 0 {
		ceil.total, ceil.lazy = c.coarse(sum, costClauses)
	} else {
		c.Add()
	}
	c.ceilings = append(c.ceilings, ceil)
}

// roomy says whether the clauses were made for much larger costs than those below
// the incumbent.
func (c *encoding) roomy(incumbent int64) bool {
	for _, ceil := range c.ceilings {
		if ceil.lazy != nil && ceil.limit(incumbent) < ceil.first/roomyBy {
			return true
		}
	}
	return false
}

func (ceil *ceiling) limit(incumbent int64) int64 {
	return ceil.lazy.Limit() - (ceil.cost-incumbent)*ceil.scale
}

// lower brings the limits on the cost down below the incumbent.
func (c *encoding) lower(incumbent int64) {
	for _, ceil := range c.ceilings {
		if ceil.lazy == nil || ceil.cost == incumbent {
			continue
		}
		limit := ceil.limit(incumbent)
		ceil.cost = incumbent
		if ceil.lazy.Lower(limit); limit < 0 {
			continue
		}
		if above := ceil.total.Above(limit); above != 0 {
			c.Add(-above)
		}
	}
}

// forbidRows adds a clause against every row that the assignment breaks, and says
// whether there was any.
func (c *encoding) forbidRows(value func(sat.Lit) bool) bool {
	broken := false
	for _, lazy := range c.lazies {
		broken = lazy.Forbid(value) || broken
	}
	return broken
}

// forbidCost does the same for the limits on the cost.
func (c *encoding) forbidCost(value func(sat.Lit) bool) bool {
	broken := false
	for _, ceil := range c.ceilings {
		broken = ceil.lazy != nil && ceil.lazy.Forbid(value) || broken
	}
	return broken
}

func positive(v int32) sat.Lit { return sat.Positive(v) }
