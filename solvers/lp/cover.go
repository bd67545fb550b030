//go:build cgo

package lp

import (
	"cmp"
	"math"
	"slices"

	"berth/solvers/lp/safe"
)

// Lifted cover cuts. A cover of the row Σ a_j·x_j ≤ b is a set C of variables
// that do not fit together, so Σ_C x_j ≤ |C| − 1 (Crowder, Johnson, Padberg,
// "Solving large-scale zero-one linear programming problems", Operations Research
// 1983). Variables at 1 in the relaxation are first taken as given, then lifted
// back in; the others are lifted up one after the other, those at a fraction
// first (the lifted cover inequalities of Gu, Nemhauser, Savelsbergh, "Lifted
// cover inequalities for 0-1 integer programs: computation", INFORMS Journal on
// Computing 1998, with their order). Every lifting coefficient is exact: a table
// of the least weight that reaches each value, extended by one item at a time, in
// integers. So a cut is valid by construction, whatever the relaxation's numbers
// were; they only choose it.
//
// Departures: negative coefficients are complemented; the cover starts once from
// the variables nearest to 1 and once from the cheapest distance to 1 per weight;
// rows that are equations count as their two inequalities' upper one only.
//
// Cost: O(n·v) a cut, v its right side.
type coverer struct {
	items  []item
	table  []int64 // least weight by value
	right  int64
	filler filler
	solved int64               // work done in exact, not yet counted
	pauses map[*safe.Row]pause // of exact; a row that is not in it is due
}

// item is a variable of the row, complemented where its coefficient was negative.
type item struct {
	variable int32
	weight   int64
	at       float64 // value in the relaxation
	flipped  bool
	lift     int64 // coefficient in the cut
}

// Thresholds of the relaxation's values.
const (
	nearOne     = 1 - 1e-6
	nearZero    = 1e-6
	minViolated = 1e-3
)

// separate returns the cuts that the values violate for a row, at most one for
// each way to choose a cover.
func (s *coverer) separate(row *safe.Row, value []float64) []*safe.Row {
	if alike(row) {
		return nil
	}
	var cuts []*safe.Row
	orders := [...]func(a, b *item) int{
		func(a, b *item) int {
			return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.weight, a.weight), cmp.Compare(a.variable, b.variable))
		},
		func(a, b *item) int {
			return cmp.Or(cmp.Compare((1-a.at)*float64(b.weight), (1-b.at)*float64(a.weight)), cmp.Compare(a.variable, b.variable))
		},
	}
	for _, order := range orders {
		capacity := s.take(row, value)
		slices.SortFunc(s.items, func(a, b item) int { return order(&a, &b) })
		if cut := s.lifted(capacity); cut != nil && !slices.ContainsFunc(cuts, func(c *safe.Row) bool { return same(c, cut) }) {
			cuts = append(cuts, cut)
		}
	}
	return cuts
}

// alike says whether all coefficients of a row are of one size. Then the row and the bounds
// of its variables describe all that satisfies it, and there is nothing to cut off.
func alike(row *safe.Row) bool {
	return len(row.Vars) < 2 || magnitude(row.Coefs[0]) == magnitude(row.Coefs[len(row.Coefs)-1])
}

func magnitude(a int64) int64 { return max(a, -a) }

// same reports whether two cuts are one.
func same(a, b *safe.Row) bool {
	return a.RHS == b.RHS && slices.Equal(a.Vars, b.Vars) && slices.Equal(a.Coefs, b.Coefs)
}

// take loads the row as a knapsack of positive weights and returns its capacity.
func (s *coverer) take(row *safe.Row, value []float64) int64 {
	s.items = s.items[:0]
	capacity := row.RHS
	for k, j := range row.Vars {
		it := item{variable: j, weight: row.Coefs[k], at: min(max(value[j], 0), 1)}
		if it.weight < 0 {
			capacity -= it.weight
			it.weight, it.at, it.flipped = -it.weight, 1-it.at, true
		}
		s.items = append(s.items, it)
	}
	return capacity
}

// lifted makes a cut from the first items that form a cover, or returns nil where
// there is none or the values satisfy it.
func (s *coverer) lifted(capacity int64) *safe.Row {
	cover := s.cover(capacity)
	if cover == 0 {
		return nil
	}
	given := 0 // the cover's items at 1 come first; at least one item must stay
	for given < cover-1 && s.items[given].at > nearOne {
		given++
	}
	free := capacity
	for _, it := range s.items[:given] {
		free -= it.weight
	}
	s.start(given, cover)
	for k := cover; k < len(s.items); k++ {
		if s.items[k].at > nearZero {
			s.liftUp(&s.items[k], free)
		}
	}
	for k := range given {
		s.liftDown(&s.items[k], &free)
	}
	activity := 0.0
	for k := range s.items {
		activity += float64(s.items[k].lift) * s.items[k].at
	}
	if activity < float64(s.right)+minViolated {
		return nil
	}
	for k := cover; k < len(s.items); k++ {
		if s.items[k].at <= nearZero {
			s.liftUp(&s.items[k], free)
		}
	}
	return s.cut()
}

// cover moves a minimal cover to the front, its items at 1 first, and returns its
// size; 0 if everything fits.
func (s *coverer) cover(capacity int64) int {
	weight, n := int64(0), 0
	for ; n < len(s.items) && weight <= capacity; n++ {
		weight += s.items[n].weight
	}
	if weight <= capacity {
		return 0
	}
	keep := n
	for k := n - 1; k >= 0; k-- { // the farthest from 1 leave first
		if it := s.items[k]; weight-it.weight > capacity {
			weight -= it.weight
			keep--
			copy(s.items[k:n-1], s.items[k+1:n])
			s.items[n-1] = it
			n--
		}
	}
	slices.SortStableFunc(s.items[:keep], func(a, b item) int { return cmp.Compare(b.at, a.at) })
	return keep
}

// start fills the table with the cover's items from given on, each worth 1.
func (s *coverer) start(given, cover int) {
	weights := make([]int64, 0, cover-given)
	for k := given; k < cover; k++ {
		s.items[k].lift = 1
		weights = append(weights, s.items[k].weight)
	}
	slices.Sort(weights)
	s.table = append(s.table[:0], 0)
	for _, w := range weights {
		s.table = append(s.table, s.table[len(s.table)-1]+w)
	}
	s.right = int64(cover - given - 1)
}

// most returns the largest value that a capacity reaches, −1 if it is negative.
func (s *coverer) most(capacity int64) int64 {
	for v := len(s.table) - 1; v >= 0; v-- {
		if s.table[v] <= capacity {
			return int64(v)
		}
	}
	return -1
}

// liftUp gives an item the largest coefficient that keeps the cut valid.
func (s *coverer) liftUp(it *item, capacity int64) {
	it.lift = s.right
	if best := s.most(capacity - it.weight); best >= 0 {
		it.lift = s.right - best
	}
	s.extend(it)
}

// liftDown takes back that an item is at 1.
func (s *coverer) liftDown(it *item, free *int64) {
	*free += it.weight
	it.lift = s.most(*free) - s.right
	s.right += it.lift
	s.extend(it)
}

// extend adds an item with its coefficient to the table.
func (s *coverer) extend(it *item) {
	if it.lift <= 0 {
		return
	}
	old := len(s.table)
	for range it.lift {
		s.table = append(s.table, math.MaxInt64)
	}
	for v := len(s.table) - 1; v >= int(it.lift); v-- {
		if from := v - int(it.lift); from < old && s.table[from] < math.MaxInt64-it.weight {
			s.table[v] = min(s.table[v], s.table[from]+it.weight)
		}
	}
	for v := len(s.table) - 2; v >= 0; v-- { // at least that value
		s.table[v] = min(s.table[v], s.table[v+1])
	}
}

// cut returns the cut in the row's own variables.
func (s *coverer) cut() *safe.Row {
	cut := &safe.Row{RHS: s.right}
	for _, it := range s.items {
		switch {
		case it.lift == 0:
		case it.flipped:
			cut.Vars, cut.Coefs = append(cut.Vars, it.variable), append(cut.Coefs, -it.lift)
			cut.RHS -= it.lift
		default:
			cut.Vars, cut.Coefs = append(cut.Vars, it.variable), append(cut.Coefs, it.lift)
		}
	}
	return safe.Tidy(cut)
}
