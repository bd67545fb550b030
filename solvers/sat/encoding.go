package sat

import (
	"berth/encode"
	"berth/encode/sat"
	"berth/search"
)

// sizes are the numbers of clauses that a row may take before it becomes coarse,
// and each of the two limits on the cost.
type sizes struct{ row, cost int }

var usual = sizes{row: 30_000, cost: 10_000}

// encoding is the clauses of a program with a limit on the cost, and what is not in
// them yet.
type encoding struct {
	*sat.Encoder
	g        *encode.Program
	lazies   []*sat.Lazy // rows of which the clauses say too little
	ceilings []*ceiling
}

// ceiling is a limit on the cost that comes down.
type ceiling struct {
	scale int64 // what a unit of cost is in its sum
	most  int64 // the cost that lazy's limit speaks of
	total *sat.Totalizer
	lazy  *sat.Lazy
}

// newEncoding states what a placement that costs at most that must satisfy. What is
// fixed and the limits on the cost come first: what they decide is left out of the
// rows. It stops half-way where goOn says so.
func newEncoding(g *encode.Program, most int64, prices *priced, fixed []sat.Lit, sizes sizes, goOn func(work int64) bool) *encoding {
	c := &encoding{Encoder: sat.NewEncoder(g), g: g}
	for _, l := range fixed {
		c.Fix(l)
	}
	if most != search.NoCost {
		c.limitCost(most, prices, sizes.cost)
	}
	counted := 0
	for k := range g.Rows {
		for _, sum := range c.Sums(&g.Rows[k]) {
			if !c.AddSum(sum, sizes.row) {
				_, lazy := c.coarse(sum, sizes.row)
				c.lazies = append(c.lazies, lazy)
			}
		}
		if done := c.Len() - counted; done > 10_000 {
			counted += done
			if !goOn(int64(done) * workPerLiteral) {
				return c
			}
		}
	}
	breakSymmetry(c.Encoder, g)
	return c
}

// workPerLiteral is what it takes to write a literal, in units of work.
const workPerLiteral = 60

// coarse watches a sum and adds the finest totalizer of it that is small enough.
func (c *encoding) coarse(sum *sat.Sum, clauses int) (*sat.Totalizer, *sat.Lazy) {
	lazy := c.NewLazy(sum)
	for unit := int64(1); ; unit *= 2 {
		if total, ok := c.NewTotalizer(sum, unit, clauses); ok {
			return total, lazy
		}
	}
}

// limitCost allows only what costs at most that, by priced costs, where there are
// any, and by the costs as they are.
func (c *encoding) limitCost(most int64, prices *priced, clauses int) {
	within := most - c.g.Offset
	if prices != nil {
		if limit, ok := prices.limit(within); ok {
			c.addCeiling(c.Sum(prices.terms, limit), prices.scale, most, clauses)
		}
	}
	c.addCeiling(c.Sum(sat.Objective(c.g), within), 1, most, clauses)
}

func (c *encoding) addCeiling(sum *sat.Sum, scale, most int64, clauses int) {
	if sum.Limit < 0 {
		c.Add()
		return
	}
	total, lazy := c.coarse(sum, clauses)
	c.ceilings = append(c.ceilings, &ceiling{scale, most, total, lazy})
}

// lower brings the limits on the cost down.
func (c *encoding) lower(most int64) {
	for _, ceil := range c.ceilings {
		limit := ceil.lazy.Limit() - (ceil.most-most)*ceil.scale
		ceil.most = most
		if ceil.lazy.Lower(limit); limit >= 0 {
			c.Encoder.Lower(ceil.total, limit, 0)
		}
	}
}

// allows says whether the limits on the cost, if there are any, allow a cost.
func (c *encoding) allows(cost int64) bool {
	return len(c.ceilings) == 0 || cost <= c.ceilings[0].most
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
		broken = ceil.lazy.Forbid(value) || broken
	}
	return broken
}
