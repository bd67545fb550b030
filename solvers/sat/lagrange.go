package sat

import (
	"math"
	"slices"

	"berth/encode"
	"berth/encode/sat"
	"berth/model/integer"
)

// A price on every row makes the objective speak for the rows. With multipliers u,
// at least 0 on rows Σ a·x ≤ b, each solution that costs at most K also satisfies
//
//	Σ (c + u·a)·x ≤ K + u·b,
//
// one linear constraint, in which what is cheap but takes scarce room is dear.
// Take off what its one-hot groups pay at least, and what is left of the right side
// is K less the Lagrangian bound L(u): a small number where u is good. Then nearly
// all variables fall by themselves, and the totalizer of the rest is small. Clauses
// see nothing of this by themselves: to derive one such sum they would need a
// proof of exponential length.
//
// The multipliers come from subgradient steps (Held, Wolfe and Crowder 1974; Fisher
// 1981) in floating point. They are rounded to integers over a common denominator
// before anything is derived from them, so that every claim is exact for the
// multipliers as they are.

// priced is a program with prices on its rows.
type priced struct {
	terms []encode.Term // Σ terms ≤ scale·K + shift for every solution of cost ≤ K, without the program's offset
	scale int64
	shift int64
}

// relaxation is the program with the rows that are not its base in the objective.
// The base are one-hot groups that share no variable, or knapsacks that share none.
type relaxation struct {
	g         *encode.Program
	rows      []*encode.Row
	groups    [][]int32
	knapsacks []*knapsack
	free      []int32 // variables that are not in the base
}

func newRelaxation(g *encode.Program) *relaxation {
	r := &relaxation{g: g}
	taken := make([]bool, len(g.Vars))
	for k := range g.Rows {
		if row := &g.Rows[k]; !r.takeBase(row, taken) {
			r.rows = append(r.rows, row)
		}
	}
	for v := range g.Vars {
		if !taken[v] {
			r.free = append(r.free, int32(v))
		}
	}
	return r
}

// takeBase makes a row that chooses exactly one of its variables part of the base,
// if none of them is taken.
func (r *relaxation) takeBase(row *encode.Row, taken []bool) bool {
	if !sat.IsGroup(row) || row.Sense != encode.Equal {
		return false
	}
	for _, t := range row.Terms {
		if taken[t.Var] {
			return false
		}
	}
	members := make([]int32, len(row.Terms))
	for k, t := range row.Terms {
		members[k] = t.Var
		taken[t.Var] = true
	}
	r.groups = append(r.groups, members)
	return true
}

// least returns the least that the groups and the free variables can add to the
// objective at these reduced costs, and appends the variables that it sets to 1.
func least[N int64 | float64](r *relaxation, reduced []N, chosen []int32) (N, []int32) {
	total := N(0)
	for _, members := range r.groups {
		best := members[0]
		for _, v := range members[1:] {
			if reduced[v] < reduced[best] {
				best = v
			}
		}
		total += reduced[best]
		chosen = append(chosen, best)
	}
	for _, v := range r.free {
		if reduced[v] < 0 {
			total += reduced[v]
			chosen = append(chosen, v)
		}
	}
	return total, chosen
}

// ascend looks for multipliers with a high bound, from those given, towards a cost
// that is aimed at. It stops early when goOn says so, or when the bound has reached
// the aim.
func (r *relaxation) ascend(u []float64, aim float64, rounds int, goOn func(work int64) bool) []float64 {
	const patience, workPerTerm = 20, 4
	work := int64(len(r.g.Vars))
	weights := make([]float64, len(r.rows))
	for k, row := range r.rows {
		weights[k] = weight(row)
		work += int64(len(row.Terms))
	}
	for _, k := range r.knapsacks {
		work += k.cells()
	}
	best := slices.Clone(u)
	slope := make([]float64, len(r.rows))
	reduced := make([]float64, len(r.g.Vars))
	at := make([]bool, len(r.g.Vars))
	var chosen []int32
	high, pace, since := math.Inf(-1), 1.0, 0
	for range min(rounds, 1+int(mostAscentWork/work)) {
		bound := r.price(u, reduced)
		part, list := least(r, reduced, chosen[:0])
		bound += part
		for _, k := range r.knapsacks {
			part, list = k.minimum(reduced, list)
			bound += part
		}
		chosen = list
		if since++; bound > high {
			high, since = bound, 0
			copy(best, u)
		} else if since == patience {
			pace, since = pace/2, 0
			copy(u, best)
		}
		if high >= aim || pace < 1e-3 || !goOn(work*workPerTerm) {
			break
		}
		rise := min(aim, high+0.02*max(math.Abs(high), 1)) - bound
		r.climb(u, slope, weights, at, chosen, pace*rise)
	}
	return best
}

// mostAscentWork is how many terms and cells one ascent may look at.
const mostAscentWork = 300_000_000

// weight makes steps on rows with large and with small coefficients alike.
func weight(row *encode.Row) float64 {
	large := 1.0
	for _, t := range row.Terms {
		large = max(large, math.Abs(float64(t.Coef)))
	}
	return 1 / (large * large)
}

// price fills in the reduced costs c + u·a and returns −u·b.
func (r *relaxation) price(u, reduced []float64) float64 {
	for v := range reduced {
		reduced[v] = float64(r.g.Vars[v].Cost)
	}
	constant := 0.0
	for k, row := range r.rows {
		if u[k] == 0 {
			continue
		}
		constant -= u[k] * float64(row.RHS)
		for _, t := range row.Terms {
			reduced[t.Var] += u[k] * float64(t.Coef)
		}
	}
	return constant
}

// climb takes a step along the subgradient: what the chosen variables break.
func (r *relaxation) climb(u, slope, weights []float64, at []bool, chosen []int32, rise float64) {
	for _, v := range chosen {
		at[v] = true
	}
	norm := 0.0
	for k, row := range r.rows {
		sum := -row.RHS
		for _, t := range row.Terms {
			if at[t.Var] {
				sum += t.Coef
			}
		}
		slope[k] = float64(sum) * weights[k]
		if u[k] != 0 || signed(row.Sense, slope[k]) != 0 {
			norm += slope[k] * float64(sum)
		}
	}
	for _, v := range chosen {
		at[v] = false
	}
	if norm == 0 {
		return
	}
	for k, row := range r.rows {
		u[k] = signed(row.Sense, u[k]+slope[k]*rise/norm)
	}
}

// signed returns the nearest multiplier that a row may have.
func signed(sense encode.Sense, u float64) float64 {
	switch sense {
	case encode.AtMost:
		return max(u, 0)
	case encode.AtLeast:
		return min(u, 0)
	default:
		return u
	}
}

// round makes the multipliers rational and derives the priced program in exact
// integers. It says false where that leaves int64.
func (r *relaxation) round(u []float64) (*priced, bool) {
	const room = 1 << 58
	size := 1.0 // of what is summed up, for scale 1
	for v := range r.g.Vars {
		size += math.Abs(float64(r.g.Vars[v].Cost))
	}
	for k, row := range r.rows {
		size += math.Abs(u[k] * float64(row.RHS))
		for _, t := range row.Terms {
			size += (math.Abs(u[k]) + 1) * math.Abs(float64(t.Coef))
		}
	}
	p := &priced{scale: 1 << 26}
	for p.scale > 1 && size*float64(p.scale) > room {
		p.scale >>= 1
	}
	if size*float64(p.scale) > room {
		return nil, false
	}
	reduced := make([]int64, len(r.g.Vars))
	for v := range reduced {
		reduced[v] = r.g.Vars[v].Cost * p.scale
	}
	for k, row := range r.rows {
		multiplier := int64(signed(row.Sense, math.Round(u[k]*float64(p.scale))))
		p.shift += multiplier * row.RHS
		for _, t := range row.Terms {
			reduced[t.Var] += multiplier * t.Coef
		}
	}
	for v, c := range reduced {
		if c != 0 {
			p.terms = append(p.terms, encode.Term{Var: int32(v), Coef: c})
		}
	}
	return p, true
}

// reduced returns the coefficients by variable.
func (p *priced) reduced(vars int) []int64 {
	reduced := make([]int64, vars)
	for _, t := range p.terms {
		reduced[t.Var] = t.Coef
	}
	return reduced
}

// bound returns the Lagrangian bound on the cost, without the program's offset.
func (r *relaxation) bound(p *priced) int64 {
	total, _ := least(r, p.reduced(len(r.g.Vars)), nil)
	return -integer.FloorDiv(-(total - p.shift), p.scale)
}

// limit returns what the terms may add up to in a solution of at most that cost,
// without the program's offset. It says false where that leaves int64.
func (p *priced) limit(cost int64) (int64, bool) {
	scaled := cost * p.scale
	if scaled/p.scale != cost {
		return 0, false
	}
	sum := scaled + p.shift
	return sum, (sum > scaled) == (p.shift > 0)
}
