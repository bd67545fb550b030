//go:build cgo

package bundles

import (
	"cmp"
	"math"
	"slices"

	"berth/solvers/clp"
)

// Limits of strong branching.
const (
	mostTried = 10  // splits of a kind
	fewTried  = 4   // … where there are several kinds
	triedFor  = 200 // iterations of the program on a side
)

// branch returns the decisions of the sides, the likelier first; nil where it does not
// know how to go on.
//
// Where there are rows of links, pairs in racks, pairs on nodes and places are tried side by
// side: which of them the bound depends on is not the same everywhere.
func (t *tree) branch(values []float64) []*decisions {
	t.tick(int64(4*t.items*t.items + 50*len(t.columns)))
	var list []split
	most := mostTried
	if t.links > 0 {
		most = fewTried
	}
	for topology := int32(len(t.concern)) - 1; topology >= 0; topology-- {
		list = append(list, doubtful(t.pairs(values, topology), most)...)
	}
	if t.links > 0 || len(list) == 0 {
		list = append(list, doubtful(t.places(values), most)...)
	}
	if sides := t.strongest(list); sides != nil || t.stopped {
		return sides
	}
	return t.sumUp(values)
}

// single says whether an item can be in one bundle only.
func (t *tree) single(i int32) bool { return t.copies[i] == 1 }

// split is what the solution has in part: two items together in places of a topology, or an
// item in a class.
type split struct {
	a        int32
	b        int32 // the other item, or -1
	topology int32
	class    int32
	part     float64
}

// far is how far from being in doubt it is.
func (s split) far() float64 { return math.Abs(s.part - 0.5) }

// doubtful returns those of a list that are most in doubt.
func doubtful(list []split, most int) []split {
	slices.SortStableFunc(list, func(x, y split) int { return cmp.Compare(x.far(), y.far()) })
	return list[:min(len(list), most)]
}

// sides returns the decisions with a split, and without.
func (t *tree) sides(s split) (with, without *decisions) {
	with, without = t.decided.clone(), t.decided.clone()
	if s.b >= 0 {
		with.join(t.instance, s.topology, s.a, s.b)
		without.part(s.topology, s.a, s.b)
		return with, without
	}
	without.off = append(without.off, [2]int32{s.a, s.class})
	for other := range t.classes {
		if int32(other) != s.class && t.classes[other].counts(s.a) {
			with.off = append(with.off, [2]int32{s.a, int32(other)})
		}
	}
	return with, without
}

// pairs lists items that the solution has together in part in places of a topology.
func (t *tree) pairs(values []float64, topology int32) []split {
	parts := make([]float64, t.items*t.items)
	for c, bundle := range t.columns {
		x := values[t.extra+c]
		if x <= wholeAt || max(t.classes[bundle.class].topology, 0) != topology {
			continue
		}
		for s, in := range bundle.in {
			for _, other := range bundle.in[:s] {
				parts[int(other.item)*t.items+int(in.item)] += x
			}
		}
	}
	var list []split
	joined := t.decided.pairs[topology].joined
	for k, x := range parts {
		s := split{a: int32(k / t.items), b: int32(k % t.items), topology: topology, part: x}
		if joined[s.a] == joined[s.b] {
			continue // in a rack in part, and outside in part
		}
		if s.far() < 0.5-wholeAt && t.single(s.a) && t.single(s.b) {
			list = append(list, s)
		}
	}
	return list
}

// strongest returns the two sides of the split that raises the program most on the side
// where it raises it less (D. Applegate, R. Bixby, V. Chvátal and W. Cook, The traveling
// salesman problem, 2006, on strong branching); nil where there is none.
func (t *tree) strongest(list []split) (sides []*decisions) {
	if !t.run() {
		return nil
	}
	basis := t.model.Basis(nil)
	value, best := t.objective(), -1.0
	for _, s := range list {
		with, without := t.sides(s)
		score := 0.0
		if len(list) > 1 {
			x, y := t.try(with, basis)-value, t.try(without, basis)-value
			score = max(5*min(x, y)+max(x, y), 0)
		}
		if score <= best || t.stopped {
			continue
		}
		if best, sides = score, []*decisions{without, with}; s.part >= 0.5 {
			sides = []*decisions{with, without}
		}
	}
	return sides
}

// try is what the program is worth with its columns under other decisions, but not more
// than what is wanted.
func (t *tree) try(d *decisions, basis []byte) float64 {
	var shut []int
	rules := d.rules()
	for c, b := range t.columns {
		if t.upper[c] > 0 && !rules.allow(&t.classes[b.class], b) {
			shut = append(shut, c)
			t.limit(c, 0, 0)
		}
	}
	most := float64(t.highest()) + 1
	t.cutoff(most)
	t.model.SetBasis(basis)
	status := t.model.Dual(t.model.Within(t.board.Left(), triedFor))
	t.cutoff(clp.Infinity)
	t.tick(t.model.Work() + int64(20*len(t.columns)))
	for _, c := range shut {
		t.limit(c, 0, clp.Infinity)
	}
	if status == clp.Optimal || status == clp.Stopped {
		return min(t.objective(), most)
	}
	return most
}

// places lists items that the solution has in a class in part: where a place is wide, those
// of wishes.
func (t *tree) places(values []float64) []split {
	parts := make([]float64, t.items*len(t.classes))
	for c, bundle := range t.columns {
		x := values[t.extra+c]
		if x <= wholeAt {
			continue
		}
		for _, in := range bundle.in {
			if t.classes[bundle.class].counts(in.item) {
				parts[int(in.item)*len(t.classes)+int(bundle.class)] += x
			}
		}
	}
	var list []split
	for k, x := range parts {
		s := split{a: int32(k / len(t.classes)), b: -1, class: int32(k % len(t.classes)), part: x}
		if s.far() < 0.5-wholeAt && t.single(s.a) {
			list = append(list, s)
		}
	}
	return list
}

// sumUp branches on a sum that is not whole in the solution: the number of bundles of a class
// with at least some number of copies of an item, of all bundles with at least some number of
// each of two items, or, where the bundles are listed, the uses of a single one. Where every sum
// is whole, so is the solution; it may yet not be known to be the best.
func (t *tree) sumUp(values []float64) []*decisions {
	var used []*bundle
	parts := tally{of: map[sum]float64{}}
	for c, b := range t.columns {
		x := values[t.extra+c]
		if x <= wholeAt {
			continue
		}
		if t.pool != nil {
			used = append(used, b)
			parts.add(sum{class: -1, itself: b, a: b.in[0]}, x)
		}
		parts.addBundle(b, t.classes[b.class].wide, x)
	}
	best, least := -1, 0.5-wholeAt
	for n, s := range parts.order {
		x := parts.of[s]
		far := math.Abs(x - math.Floor(x) - 0.5)
		if s.itself != nil {
			far = max(far, 0.49)
		}
		if far < least {
			best, least = n, far
		}
	}
	if best >= 0 {
		s := parts.order[best]
		return t.limitSum(s, int32(math.Floor(parts.of[s])))
	}
	if t.pool == nil {
		return nil
	}
	for _, b := range used {
		s := sum{class: -1, itself: b, a: b.in[0]}
		if n := int32(math.Round(parts.of[s])); n > t.lowest(b) {
			return t.limitSum(s, n-1)
		}
	}
	return []*decisions{}
}

// tally is what sums come to in a solution, and the order in which they came.
type tally struct {
	of    map[sum]float64
	order []sum
}

func (t *tally) add(s sum, x float64) {
	if _, known := t.of[s]; !known {
		t.order = append(t.order, s)
	}
	t.of[s] += x
}

// addBundle adds x of a bundle to the sums of single items in its class and, where that is
// not wide, to those of two items in any.
func (t *tally) addBundle(b *bundle, wide bool, x float64) {
	for n, in := range b.in {
		for copies := int32(1); copies <= in.copies; copies++ {
			a := taking{in.item, copies}
			t.add(sum{class: b.class, a: a, b: a}, x)
			if wide {
				continue
			}
			for _, other := range b.in[:n] {
				for also := int32(1); also <= other.copies; also++ {
					t.add(sum{class: -1, a: a, b: taking{other.item, also}}, x)
				}
			}
		}
	}
}

// lowest is how often a bundle has to be used.
func (t *tree) lowest(b *bundle) int32 {
	low := int32(0)
	for _, s := range t.sums {
		if s.itself == b {
			low = max(low, s.low)
		}
	}
	return low
}

// limitSum parts what has a sum of at most `most` from the rest.
func (t *tree) limitSum(s sum, most int32) []*decisions {
	places := int32(0)
	for k := range t.classes {
		places += t.classes[k].count
	}
	less, more := t.decided.clone(), t.decided.clone()
	down, up := s, s
	down.low, down.top = 0, most
	up.low, up.top = most+1, places
	less.sums, more.sums = append(less.sums, &down), append(more.sums, &up)
	return []*decisions{more, less}
}
