package lp

import (
	"cmp"
	"fmt"
	"slices"

	"berth/encode"
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

	// The rows that a column is in, with its coefficients: entries
	// start[j] to start[j+1].
	start []int32
	row   []int32
	coef  []int64
}

// newCore takes over a program. It fails where sums could leave the range of the
// exact arithmetic.
func newCore(g *encode.Program) (*core, error) {
	c := &core{offset: g.Offset, fixed: make([]int8, len(g.Vars))}
	total := int64(0)
	for v := range g.Vars {
		c.fixed[v] = safe.Free
		c.origin = append(c.origin, int32(v))
		c.cost = append(c.cost, g.Vars[v].Cost)
		if !within(&total, g.Vars[v].Cost) {
			return nil, fmt.Errorf("lp: the costs sum to more than %d units: state them with fewer digits", safe.Limit)
		}
	}
	for r := range g.Rows {
		row, ok := takeRow(&g.Rows[r])
		if !ok {
			return nil, fmt.Errorf("lp: row %d sums to more than %d: state its amounts in larger units", r, safe.Limit)
		}
		c.rows = append(c.rows, row)
	}
	c.finish()
	return c, nil
}

// within adds |n| to total and says whether that stays within the limit.
func within(total *int64, n int64) bool {
	if n < -safe.Limit || n > safe.Limit {
		return false
	}
	*total += max(n, -n)
	return *total <= safe.Limit
}

func takeRow(from *encode.Row) (*safe.Row, bool) {
	sign, size, right := int64(1), int64(0), int64(0)
	if from.Sense == encode.AtLeast {
		sign = -1
	}
	if !within(&right, from.RHS) {
		return nil, false
	}
	row := &safe.Row{RHS: sign * from.RHS, Equal: from.Sense == encode.Equal}
	for _, term := range from.Terms {
		if !within(&size, term.Coef) {
			return nil, false
		}
		row.Vars, row.Coefs = append(row.Vars, term.Var), append(row.Coefs, sign*term.Coef)
	}
	return row, true
}

// finish sorts the rows' terms, largest first, and makes the columns.
func (c *core) finish() {
	for k, row := range c.rows {
		c.rows[k] = tidy(row)
	}
	c.start = make([]int32, len(c.cost)+1)
	for _, row := range c.rows {
		for _, j := range row.Vars {
			c.start[j+1]++
		}
	}
	for j := range c.cost {
		c.start[j+1] += c.start[j]
	}
	next := slices.Clone(c.start)
	c.row = make([]int32, c.start[len(c.cost)])
	c.coef = make([]int64, len(c.row))
	for r, row := range c.rows {
		for k, j := range row.Vars {
			c.row[next[j]], c.coef[next[j]] = int32(r), row.Coefs[k]
			next[j]++
		}
	}
	c.step = 0
	for _, cost := range c.cost {
		c.step = gcd(c.step, cost)
	}
	c.step = max(c.step, 1)
}

// tidy divides a row by what its coefficients have in common and sorts it by
// falling size.
func tidy(row *safe.Row) *safe.Row {
	common := int64(0)
	order := make([]int, len(row.Vars))
	for k, a := range row.Coefs {
		common = gcd(common, a)
		order[k] = k
	}
	if common == 0 || row.Equal && row.RHS%common != 0 {
		common = 1 // an equation that cannot hold stays as it is
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(size(row.Coefs[b]), size(row.Coefs[a])) })
	sorted := &safe.Row{
		Vars: make([]int32, len(order)), Coefs: make([]int64, len(order)),
		RHS: floorDiv(row.RHS, common), Equal: row.Equal,
	}
	for k, from := range order {
		sorted.Vars[k], sorted.Coefs[k] = row.Vars[from], row.Coefs[from]/common
	}
	return sorted
}

func size(a int64) int64 { return max(a, -a) }

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return size(a)
}

// floorDiv returns ⌊a/b⌋ for b > 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// reduced returns the core without the variables that the domain has fixed and
// the rows that hold whatever the others are. Valid rows beside it, cuts, are
// reduced with it.
func (c *core) reduced(d *domain, cuts []*safe.Row) (*core, []*safe.Row) {
	out := &core{offset: c.offset, fixed: slices.Clone(c.fixed)}
	column := make([]int32, len(c.cost)) // new index by old
	for j, v := range d.value {
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
	out.rows = reduceRows(c.rows, d.value, column)
	kept := reduceRows(cuts, d.value, column)
	out.finish()
	for k := range kept {
		kept[k] = tidy(kept[k])
	}
	return out, kept
}

// reduceRows substitutes the fixed values and drops what became redundant.
func reduceRows(rows []*safe.Row, value []int8, column []int32) []*safe.Row {
	var out []*safe.Row
	for _, row := range rows {
		left := &safe.Row{RHS: row.RHS, Equal: row.Equal}
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
		out = append(out, left)
	}
	return out
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
	return floorDiv(cutoff-1-c.offset, c.step) * c.step
}
