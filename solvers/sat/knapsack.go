package sat

import (
	"math"
	"slices"

	"berth/encode"
	"berth/encode/sat"
	"berth/model/integer"
)

// A capacity by itself is a knapsack, and what is best in a knapsack is found
// exactly. So there is a second relaxation, with the knapsacks as its base and the
// one-hot groups priced (Fisher, Jaikumar and Van Wassenhove, "A Multiplier
// Adjustment Method for the Generalized Assignment Problem", Management Science
// 1986). It is never weaker than the first.
//
// Tables from both ends of each knapsack tell what it would lose if one variable
// were 1, or 0 (Posta, Ferland and Michelon, "An exact method with variable fixing
// for solving the generalized assignment problem", Computational Optimization and
// Applications 2012). What is lost by more than the cost allows is fixed. All of it
// is in exact integers for the prices as they are.

const (
	knapsackCells = 2_000_000 // the largest table of a knapsack
	workPerCell   = 6         // of the tables from both ends
)

// knapsack is a capacity with room for the table of its subproblem.
type knapsack struct {
	row  *encode.Row
	best []float64 // by room, what can be gained
	take []bool    // by term and room, whether that takes the term
}

// pack lists capacities that share no variable: of several resources of a
// node the one whose price times capacity is highest.
func (r *relaxation) pack(u []float64) (list []*knapsack, taken []bool) {
	taken = make([]bool, len(r.rows))
	byNode := map[int32]int{}
	var nodes []int32
	for k, row := range r.rows {
		if !isKnapsack(row) {
			continue
		}
		other, known := byNode[row.Origin.A]
		if !known {
			nodes = append(nodes, row.Origin.A)
		}
		if !known || u[k]*float64(row.RHS) > u[other]*float64(r.rows[other].RHS) {
			byNode[row.Origin.A] = k
		}
	}
	for _, node := range nodes {
		k := byNode[node]
		row := r.rows[k]
		taken[k] = true
		list = append(list, &knapsack{
			row: row, best: make([]float64, row.RHS+1), take: make([]bool, int64(len(row.Terms))*(row.RHS+1)),
		})
	}
	return list, taken
}

// isKnapsack says whether a row is a capacity that a table can be made for.
func isKnapsack(row *encode.Row) bool {
	if row.Origin.Kind != encode.Capacity || row.RHS <= 0 || row.RHS >= knapsackCells/int64(len(row.Terms)) {
		return false
	}
	for _, t := range row.Terms {
		if t.Coef < 0 {
			return false
		}
	}
	return true
}

func (k *knapsack) cells() int64 { return int64(len(k.take)) }

// minimum returns the least that the variables of the knapsack can add to the
// objective, and appends those that it sets to 1.
func (k *knapsack) minimum(reduced []float64, chosen []int32) (float64, []int32) {
	room := int(k.row.RHS)
	clear(k.best)
	for n, t := range k.row.Terms {
		gain, size := -reduced[t.Var], int(t.Coef)
		take := k.take[n*(room+1) : (n+1)*(room+1)]
		clear(take)
		if gain <= 0 {
			continue
		}
		for at := room; at >= size; at-- {
			if with := k.best[at-size] + gain; with > k.best[at] {
				k.best[at], take[at] = with, true
			}
		}
	}
	at := room
	for n := len(k.row.Terms) - 1; n >= 0; n-- {
		if k.take[n*(room+1)+at] {
			chosen = append(chosen, k.row.Terms[n].Var)
			at -= int(k.row.Terms[n].Coef)
		}
	}
	return -k.best[room], chosen
}

// second returns the relaxation with the knapsacks as base and the groups priced,
// and the prices that say the same as those of the first.
func (r *relaxation) second(u []float64) (*relaxation, []float64) {
	list, taken := r.pack(u)
	if len(list) == 0 {
		return nil, nil
	}
	reduced := make([]float64, len(r.g.Vars))
	r.price(u, reduced)
	other := &relaxation{g: r.g, knapsacks: list}
	var prices []float64
	for k, row := range r.rows {
		if !taken[k] {
			other.rows = append(other.rows, row)
			prices = append(prices, u[k])
		}
	}
	for _, members := range r.groups {
		row := &encode.Row{Sense: encode.Equal, RHS: 1}
		least := math.Inf(1)
		for _, v := range members {
			row.Terms = append(row.Terms, encode.Term{Var: v, Coef: 1})
			least = min(least, reduced[v])
		}
		other.rows = append(other.rows, row)
		prices = append(prices, -least)
	}
	packed := make([]bool, len(r.g.Vars))
	for _, k := range list {
		for _, t := range k.row.Terms {
			packed[t.Var] = true
		}
	}
	for v := range r.g.Vars {
		if !packed[v] {
			other.free = append(other.free, int32(v))
		}
	}
	return other, prices
}

// regrets say what the second relaxation loses by each decision.
type regrets struct {
	*priced
	least   int64   // the terms add up to this at least
	in, out []int64 // by variable, how much more it is with the variable at 1, or at 0
	block   []int   // by variable, its knapsack; below 0 for those in none, each its own
}

// regrets derives them at the given prices, and says false where they leave int64 or
// goOn says so.
func (r *relaxation) regrets(u []float64, goOn func(work int64) bool) (*regrets, bool) {
	prices, ok := r.round(u)
	if !ok {
		return nil, false
	}
	n := len(r.g.Vars)
	reduced := prices.reduced(n)
	x := &regrets{priced: prices, in: make([]int64, n), out: make([]int64, n), block: make([]int, n)}
	for _, v := range r.free {
		x.block[v] = -1 - int(v)
		x.least += min(reduced[v], 0)
		x.in[v], x.out[v] = max(reduced[v], 0), max(-reduced[v], 0)
	}
	for at, k := range r.knapsacks {
		if !goOn(k.cells() * workPerCell) {
			return nil, false
		}
		for _, t := range k.row.Terms {
			x.block[t.Var] = at
		}
		x.least -= k.regrets(reduced, x.in, x.out)
	}
	return x, true
}

// regrets fills in the losses of the knapsack's variables, and returns the most that
// it gains.
func (k *knapsack) regrets(reduced, in, out []int64) int64 {
	room, terms := k.row.RHS, k.row.Terms
	after := make([][]int64, len(terms)+1) // by term and room, the most that it and later ones gain
	after[len(terms)] = make([]int64, room+1)
	for n := len(terms) - 1; n >= 0; n-- {
		after[n] = slices.Clone(after[n+1])
		put(after[n], after[n+1], terms[n].Coef, -reduced[terms[n].Var])
	}
	most := after[0][room]
	before := make([]int64, room+1)
	for n, t := range terms {
		with, without := int64(math.MinInt64/2), int64(math.MinInt64/2)
		for at := range room + 1 {
			without = max(without, before[at]+after[n+1][room-at])
			if rest := room - at - t.Coef; rest >= 0 {
				with = max(with, before[at]+after[n+1][rest])
			}
		}
		out[t.Var] = most - without
		in[t.Var] = most - (with - reduced[t.Var])
		put(before, slices.Clone(before), t.Coef, -reduced[t.Var])
	}
	return most
}

// put fills in, by room, the most that is gained if one more thing may be taken.
func put(table, without []int64, size, gain int64) {
	for at := size; at < int64(len(table)); at++ {
		table[at] = max(table[at], without[at-size]+gain)
	}
}

// bound returns the least cost that the relaxation allows, without the program's
// offset.
func (x *regrets) bound() int64 { return -integer.FloorDiv(-(x.least - x.shift), x.scale) }

// fixed lists the literals that hold in every placement of at most that cost. A
// member of a group at 1 puts the others at 0, each in a knapsack of its own.
func (x *regrets) fixed(r *relaxation, most int64) []sat.Lit {
	limit, ok := x.limit(most)
	if !ok {
		return nil
	}
	slack := limit - x.least
	var list []sat.Lit
	for _, members := range r.groups {
		others := int64(0)
		blocks := map[int]bool{}
		for _, v := range members {
			others += x.out[v]
			blocks[x.block[v]] = true
		}
		if len(blocks) < len(members) {
			continue // what they lose together is not what each loses
		}
		for _, v := range members {
			if x.in[v]+others-x.out[v] > slack {
				list = append(list, -sat.Positive(v))
			}
		}
	}
	return list
}
