package prices

import (
	"cmp"
	"math"

	"berth/solvers/powers"
)

// Copies among nodes that are used in part. While it is open which nodes are used, a copy may be
// on a node only in so far as that is used: it takes y of its cheapest node, so much of the next,
// and so on until it is somewhere in all. What the last of these costs, its edge u, is the price
// that a place is worth to it; on a cheaper one it saves what that costs less, and all that
// copies save on a node counts for using it. These are the rows "on it only if it is used" of
// all copies and the nodes that they name, with u and the savings for multipliers: for given y
// the best ones.
//
// The same, smoothed like everything (smooth.go): of a node that may be used or not a copy takes
//
//	y / (1 + exp((price − u) / heat)),
//
// of another exp((u − price) / heat), and u is where that is a whole copy. The sum is a concave
// function of exp(u / heat), and Newton's method comes to it from below after a step.

const (
	edgeSteps = 12
	edgeTo    = 1e-4 // of a copy
	farthest  = 28   // more heats below the edge do not matter
	mostEdge  = 1e12
)

// edge returns at what price a copy is whole that may take so much of each node, and all of the
// rest if there is one; the highest, if it never is.
func edge[T cmp.Ordered](price []T, part []float64, rest T, some bool) T {
	last, sum := -1, 0.0
	for sum < 1 {
		next := -1
		for n, p := range price {
			// In the order of the prices, and where those are the same in that of the list.
			seen := last >= 0 && (p < price[last] || p == price[last] && n <= last)
			if !seen && (next < 0 || p < price[next]) {
				next = n
			}
		}
		switch {
		case some && (next < 0 || price[next] >= rest):
			return rest
		case next < 0:
			return price[last]
		}
		last = next
		sum += part[next]
	}
	return price[last]
}

// chooseUsed spreads the copies of an item whose prices are in t.x over its nodes and its set.
func (s *smoother) chooseUsed(it *item, t *sums, rest float64) {
	options := s.options(it)
	t.part = t.part[:0]
	for _, o := range options {
		t.part = append(t.part, s.part(o.node))
	}
	u := edge(t.x, t.part, rest, !math.IsInf(rest, 1))
	t.below = t.below[:0]
	for n, price := range t.x {
		below := (u - price) / s.heat
		t.below = append(t.below, below)
		t.x[n] = powers.Exp(min(below, farthest))
	}
	far := powers.Exp((u - rest) / s.heat)
	e := s.whole(options, t, far)
	count := float64(it.count)
	sum, slope := float64(far*e), float64(far*e)
	for n, o := range options {
		x, bend := s.taken(o.node, t.part[n], float64(t.x[n]*e))
		sum += x
		slope += bend
	}
	if far > 0 {
		t.takes[s.groupOf[it.kind]] += count * float64(far*e) / sum
	}
	for n, o := range options {
		if t.x[n] == 0 {
			continue
		}
		weight := float64(t.x[n] * e)
		x, bend := s.taken(o.node, t.part[n], weight)
		if s.inQuestion(o.node) {
			t.spared[o.node] += float64(count*s.heat) * (powers.Log(1+weight) + max(t.below[n]-farthest, 0))
		}
		s.load(it, o.node, t, count*x/sum, float64(bend/x)*(1-bend/slope))
	}
}

// taken is how much of a copy goes to node j, of which that part is used, where the price is so
// much below the edge, as an exponential; and how fast that grows.
func (s *smoother) taken(j int32, part, weight float64) (x, slope float64) {
	if !s.inQuestion(j) {
		return weight, weight
	}
	x = float64(part*weight) / (1 + weight)
	return x, x / (1 + weight)
}

// whole returns by which factor on all weights a copy is whole.
func (s *smoother) whole(options []option, t *sums, far float64) float64 {
	e := 1.0
	for range edgeSteps {
		sum, slope := float64(far*e), float64(far*e)
		for n, o := range options {
			x, more := s.taken(o.node, t.part[n], float64(t.x[n]*e))
			sum += x
			slope += more
		}
		if math.Abs(sum-1) < edgeTo || slope == 0 {
			break
		}
		e = min(max(e*(1+(1-sum)/slope), e/16), mostEdge)
	}
	return e
}
