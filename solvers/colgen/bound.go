package colgen

import (
	"math"
	"slices"
)

// The Lagrangian bound. The rows "every copy on one node" are dualised with
// multipliers u, and cuts Σ a(k,i,j)·x(i,j) ≤ b(k) with w ≥ 0:
//
//	L(u,w) = Σ copies(i)·u(i) − Σ w(k)·b(k) − Σ_j max { Σ_i profit(i,j)·x(i,j) − price(j) : the set fits node j, or 0 where it is empty }
//	profit(i,j) = u(i) − cost(i,j) − Σ w(k)·a(k,i,j)
//	price(j) = open(j) + Σ w(k)·uses(k,j)
//
// is a lower bound for all u and w ≥ 0 (A.M. Geoffrion, Lagrangean relaxation for
// integer programming, Mathematical Programming Study 2, 1974), as strong as that of
// the program over columns, and in integers exact. Copies that
// have to be on a node are in its sets whatever they are worth. Where cuts make the price
// negative, an empty node that is paid for counts, too, which makes the bound no higher.

// infeasible is the value of a bound that no placement meets.
const infeasible = math.MaxInt64 >> 2

// evaluate computes value and what every node takes, at the present point. It
// returns false where the run has to stop. An infeasible domain has an infinite
// value.
func (e *engine) evaluate() bool {
	e.value = 0
	for i, u := range e.u {
		e.value += u * int64(e.copies[i])
	}
	for k, w := range e.w {
		e.value -= w * e.cuts[k].right
	}
	for j := range e.sacks {
		if !e.solve(j) {
			e.value = infeasible
			return e.tick(0)
		}
		e.value -= e.sacks[j].bound
	}
	return e.tick(0)
}

// load puts the profits of node j into the knapsack. It returns what the items that
// must be there are worth, whether there are any, and whether they fit.
func (e *engine) load(j int) (base int64, forced, fits bool) {
	row := j * e.items
	list := e.listed[j]
	for _, i := range list {
		e.profit[i] = e.u[i] - e.cost[row+int(i)]
	}
	e.price[j] = e.open[j]
	for _, c := range e.atNode[j] {
		if w := e.w[c.index]; w > 0 {
			for t, i := range c.items {
				e.profit[i] -= w * c.factor[t]
			}
			if c.uses != nil {
				e.price[j] += w * c.uses[j]
			}
			e.tally += int64(len(c.items))
		}
	}
	copy(e.room, e.instance.room[j*e.resources:])
	if !e.bar(j) {
		return 0, true, false
	}
	e.entries, e.needed, e.parts = e.entries[:0], e.needed[:0], e.parts[:0]
	for _, i := range list {
		k := row + int(i)
		if e.hi[k] == 0 {
			continue
		}
		least := e.least(k)
		if least > 0 {
			forced = true
			base += e.profit[i] * int64(least)
			for r, need := range e.needs(k) {
				if e.room[r] -= need * int64(least); e.room[r] < 0 {
					return 0, true, false
				}
			}
		}
		if n := e.hi[k] - least; n > 0 && e.profit[i] > 0 && !e.isBarred(j, i) {
			e.entries = append(e.entries, entry{item: i, copies: n, profit: e.profit[i]})
			e.needed = append(e.needed, e.needs(k)...)
			e.parts = append(e.parts, e.part[k*e.resources:][:e.resources]...)
		}
	}
	e.tally += int64(2 * len(list))
	e.knapsack.foes, e.knapsack.clique = e.foes, e.clique
	if j == e.outside {
		e.knapsack.foes, e.knapsack.clique = nil, nil
	}
	e.knapsack.load(e.entries, e.needed, e.parts, e.room, e.instance.room[j*e.resources:][:e.resources], e.sacks[j].prices)
	return base, forced, true
}

// vacant says whether nothing may be on node j any more.
func (e *engine) vacant(j int) bool {
	return !slices.ContainsFunc(e.listed[j], func(i int32) bool { return e.hi[j*e.items+int(i)] > 0 })
}

// bar notes what the items that must be on node j keep away. It returns false where
// they keep each other away.
func (e *engine) bar(j int) bool {
	if e.foes == nil || j == e.outside {
		return true
	}
	clear(e.barred)
	for _, i := range e.listed[j] {
		if e.least(j*e.items+int(i)) > 0 {
			for _, k := range e.foes[i] {
				e.barred[k] = true
			}
		}
	}
	for _, i := range e.listed[j] {
		if e.barred[i] && e.least(j*e.items+int(i)) > 0 {
			return false
		}
	}
	e.tally += int64(4 * len(e.listed[j]))
	return true
}

// isBarred says whether an item may not join those that must be on node j, which
// was loaded last.
func (e *engine) isBarred(j int, i int32) bool {
	return e.foes != nil && j != e.outside && e.barred[i]
}

// patience is how many steps the knapsack that is loaded may take.
func (e *engine) patience() int {
	if e.hasty {
		return min(hastySteps+len(e.knapsack.entries), solveSteps)
	}
	if e.staged {
		return stagedSteps
	}
	return solveSteps
}

// solve solves the knapsack of node j and leaves it loaded.
func (e *engine) solve(j int) bool {
	base, forced, fits := e.load(j)
	if !fits {
		return false
	}
	s, k := &e.sacks[j], &e.knapsack
	stages := int64(0)
	if e.staged {
		stages = stageWork
	}
	exact := k.settle(e.patience(), stages)
	gain := base - e.price[j]
	s.in = s.in[:0]
	for t, n := range k.chosen {
		if n > 0 {
			s.in = append(s.in, taking{k.entries[t].item, n})
			gain += k.entries[t].profit * int64(n)
		}
	}
	s.gain, s.net, s.bound = gain, gain, gain
	if !exact {
		s.bound = base - e.price[j] + k.most()
	}
	if !forced && !e.opened[j] {
		s.bound = max(s.bound, 0)
		if s.gain <= 0 {
			s.gain, s.in = 0, s.in[:0]
		}
		if e.price[j] < 0 && e.vacant(j) {
			s.bound, s.gain = 0, 0
		}
		return true
	}
	if !forced {
		return true
	}
	for _, i := range e.listed[j] {
		k := j*e.items + int(i)
		if e.hi[k] == 0 {
			continue
		}
		if n := e.least(k); n > 0 {
			if t := slices.IndexFunc(s.in, func(t taking) bool { return t.item == i }); t >= 0 {
				s.in[t].copies += n
			} else {
				s.in = append(s.in, taking{i, n})
			}
		}
	}
	return true
}
