package sat

import (
	"math"

	"berth/encode"
)

// A capacity by itself is a knapsack, and what is best in a knapsack is found
// exactly. So there is a second relaxation, with the knapsacks as its base and the
// one-hot groups priced (Fisher, Jaikumar and Van Wassenhove, "A Multiplier
// Adjustment Method for the Generalized Assignment Problem", Management Science
// 1986). With w, what each variable of a capacity Σ a·x ≤ b gains at its prices,
// and W = max{Σ w·x : Σ a·x ≤ b}, the row
//
//	Σ w·x ≤ W
//
// holds for every placement. With these rows in place of the capacities, the first
// relaxation is as strong as the second: that is how the clauses get to know it.

const (
	knapsackCells = 2_000_000 // the largest table of a knapsack
	knapsackScale = 1 << 12   // what a unit of cost is in the rows that come of one
	workPerCell   = 2
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

// cut returns the row of the gains, in exact integers, or nil where nothing gains.
func (k *knapsack) cut(reduced []float64) *encode.Row {
	cut := &encode.Row{Sense: encode.AtMost}
	best := make([]int64, k.row.RHS+1)
	for _, t := range k.row.Terms {
		w := int64(math.Round(-reduced[t.Var] * knapsackScale))
		if w <= 0 || t.Coef > k.row.RHS {
			continue
		}
		cut.Terms = append(cut.Terms, encode.Term{Var: t.Var, Coef: w})
		for at := k.row.RHS; at >= t.Coef; at-- {
			best[at] = max(best[at], best[at-t.Coef]+w)
		}
	}
	if len(cut.Terms) == 0 {
		return nil
	}
	cut.RHS = best[k.row.RHS]
	return cut
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

// adopt adds the rows of the second relaxation's knapsacks, at its prices, to the
// first, and returns prices for it that say the same.
func (r *relaxation) adopt(other *relaxation, prices []float64) []float64 {
	reduced := make([]float64, len(r.g.Vars))
	other.price(prices, reduced)
	var u []float64
	next := 0
	for _, row := range r.rows {
		if next < len(other.rows) && other.rows[next] == row {
			u = append(u, prices[next])
			next++
		} else {
			u = append(u, 0)
		}
	}
	for _, k := range other.knapsacks {
		if cut := k.cut(reduced); cut != nil {
			r.rows = append(r.rows, cut)
			u = append(u, 1.0/knapsackScale)
		}
	}
	return u
}
