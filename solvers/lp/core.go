//go:build cgo

package lp

import (
	"fmt"
	"slices"

	"berth/encode"
	"berth/model/integer"
	"berth/search"
	"berth/solvers/lp/safe"
)

// core is what the search works on: the part of a program that is still open,
// with the rows rid of what is fixed. Rows are at most or equal to their right
// sides; at-least rows are negated.
type core struct {
	offset int64
	cost   []int64
	origin []int32 // the program's variable that each column stands for
	rows   []*safe.Row
	fixed  []int8 // by the program's variable: its value, or safe.Free
	step   int64  // all costs are multiples of it (1 where there are none)
	plain  bool   // rows are those of the program with what is fixed left out, and no more
}

// newCore takes over a program. It fails where sums could leave the range of the
// exact arithmetic. A plain one has no row that a proof would have to derive.
func newCore(g *encode.Program, plain bool) (*core, error) {
	rows, cost, err := safe.Take(g)
	if err != nil {
		return nil, fmt.Errorf("lp: %w: %w", search.ErrTooLarge, err)
	}
	if !plain {
		rows = append(rows, totals(g)...)
	}
	c := &core{offset: g.Offset, rows: rows, cost: cost, fixed: make([]int8, len(cost)), origin: make([]int32, len(cost)), plain: plain}
	for v := range cost {
		c.fixed[v], c.origin[v] = safe.Free, int32(v)
	}
	c.measure()
	return c, nil
}

// measure takes the step of the costs.
func (c *core) measure() {
	c.step = 0
	for _, cost := range c.cost {
		c.step = integer.GCD(c.step, cost)
	}
	c.step = max(c.step, 1)
}

// reduced returns the core without the variables that the domain has fixed and
// the rows that hold whatever the others are. Valid rows beside it, cuts, are
// reduced with it.
func (c *core) reduced(d *safe.Domain, cuts []*safe.Row) (*core, []*safe.Row) {
	out := &core{offset: c.offset, fixed: slices.Clone(c.fixed), plain: c.plain, step: c.step}
	column := make([]int32, len(c.cost)) // new index by old
	for j, v := range d.Value {
		column[j] = -1
		switch v {
		case safe.Free:
			column[j] = int32(len(out.cost))
			out.cost = append(out.cost, c.cost[j])
			out.origin = append(out.origin, c.origin[j])
			continue
		case 1:
			out.offset += c.cost[j]
		}
		out.fixed[c.origin[j]] = v
	}
	out.rows = c.reduceRows(c.rows, d.Value, column)
	kept := c.reduceRows(cuts, d.Value, column)
	if !out.plain {
		out.measure()
	}
	return out, kept
}

// reduceRows substitutes the fixed values and drops what became redundant.
func (c *core) reduceRows(rows []*safe.Row, value []int8, column []int32) []*safe.Row {
	var out []*safe.Row
	for _, row := range rows {
		left := &safe.Row{RHS: row.RHS, Equal: row.Equal, Name: row.Name}
		most := int64(0)
		for k, j := range row.Vars {
			a := row.Coefs[k]
			switch value[j] {
			case safe.Free:
				left.Vars, left.Coefs = append(left.Vars, column[j]), append(left.Coefs, a)
				most += max(a, 0)
			case 1:
				left.RHS -= a
			}
		}
		if !left.Equal && most <= left.RHS || left.Equal && len(left.Vars) == 0 && left.RHS == 0 {
			continue
		}
		if c.plain {
			out = append(out, safe.Sorted(left, 1))
			continue
		}
		if !left.Equal {
			clip(left, most-left.RHS)
		}
		out = append(out, safe.Tidy(left))
	}
	return out
}

// clip brings the coefficients of a row down to what it can be passed by, as larger ones say no
// more: with such a variable where it adds least, whatever the others are is allowed
// (coefficient tightening: Savelsbergh, "Preprocessing and probing techniques for mixed integer
// programming problems", ORSA Journal on Computing 1994).
func clip(row *safe.Row, excess int64) {
	for k, a := range row.Coefs {
		switch {
		case a > excess:
			row.Coefs[k] = excess
			row.RHS -= a - excess
		case a < -excess:
			row.Coefs[k] = -excess
		}
	}
}

// assemble returns the value of every variable of the program for values of the
// columns.
func (c *core) assemble(value []int8) []int8 {
	all := slices.Clone(c.fixed)
	for j, v := range value {
		all[c.origin[j]] = v
	}
	return all
}

// feasible reports whether 0/1 values satisfy every row, and their cost.
func (c *core) feasible(value []int8) (cost int64, ok bool) {
	for _, row := range c.rows {
		sum := int64(0)
		for k, j := range row.Vars {
			sum += row.Coefs[k] * int64(value[j])
		}
		if sum > row.RHS || row.Equal && sum != row.RHS {
			return 0, false
		}
	}
	cost = c.offset
	for j, v := range value {
		cost += c.cost[j] * int64(v)
	}
	return cost, true
}

// limit returns the largest cost below the cutoff that an assignment can have,
// without the offset.
func (c *core) limit(cutoff int64) int64 {
	return integer.FloorDiv(cutoff-1-c.offset, c.step) * c.step
}

// below returns the rows and, where there is a cutoff, one more: the cost is below it.
func (c *core) below(cutoff int64) []*safe.Row {
	if cutoff == noCutoff {
		return c.rows
	}
	row := &safe.Row{RHS: c.limit(cutoff)}
	for j, cost := range c.cost {
		if cost != 0 {
			row.Vars, row.Coefs = append(row.Vars, int32(j)), append(row.Coefs, cost)
		}
	}
	return append(slices.Clip(c.rows), safe.Tidy(row))
}
