package proof

import (
	"fmt"

	"berth/encode"
	"berth/model/integer"
)

// Limits of a cut, which keep its table and its sums small.
const (
	mostValue      = 1 << 16 // its right side
	mostMultiplier = 1 << 30
)

// weighing sums rows with multipliers, variable by variable.
type weighing struct {
	weight   []int64
	value    []int64 // in the cut
	seen     []bool
	touched  []int32
	capacity int64
	total    int64 // of all sizes, so that no sum leaves 64 bits
}

func (w *weighing) clear(variables int) {
	if w.weight == nil {
		w.weight, w.value, w.seen = make([]int64, variables), make([]int64, variables), make([]bool, variables)
	}
	for _, v := range w.touched {
		w.weight[v], w.value[v], w.seen[v] = 0, 0, false
	}
	w.touched, w.capacity, w.total = w.touched[:0], 0, 0
}

func (w *weighing) touch(v int32) {
	if !w.seen[v] {
		w.seen[v] = true
		w.touched = append(w.touched, v)
	}
}

// add adds a row that is multiplied, at least 0 times where it is no equation.
func (w *weighing) add(r *row, by int64) error {
	if by < 0 && !r.equal {
		return errSign
	}
	if size(by) > mostMultiplier {
		return fmt.Errorf("it is multiplied by more than %d", mostMultiplier)
	}
	for _, t := range r.terms {
		if err := w.within(t.Coef, by); err != nil {
			return err
		}
		w.touch(t.Var)
		w.weight[t.Var] += by * t.Coef
	}
	if err := w.within(r.right, by); err != nil {
		return err
	}
	w.capacity += by * r.right
	return nil
}

func (w *weighing) within(a, by int64) error {
	if by != 0 && size(a) > limit/size(by) {
		return errLarge
	}
	if w.total += size(a * by); w.total > limit {
		return errLarge
	}
	return nil
}

// implied fails unless every 0/1 point of the domain whose weight is within the capacity
// satisfies Σ terms ≤ right. The sum of the rows itself is, also divided by what all its
// numbers have in common. Else a variable of weight below 0 is turned round, so that all
// weights and all values that count are above 0. O(variables · right).
func (w *weighing) implied(d *domain, terms []encode.Term, right int64) error {
	for _, t := range terms {
		w.touch(t.Var)
		w.value[t.Var] = t.Coef
	}
	if w.isSum(terms, right) {
		return nil
	}
	capacity, rest, sum := w.capacity, right, int64(0)
	var items [][2]int64 // value, weight
	for _, v := range w.touched {
		a, weight := w.value[v], w.weight[v]
		switch at := d.value[v]; {
		case at != free:
			capacity -= int64(at) * weight
			rest -= int64(at) * a
			continue
		case weight < 0:
			capacity -= weight
			rest -= a
			a, weight = -a, -weight
		}
		if a > 0 {
			items = append(items, [2]int64{a, weight})
			sum += a
		}
	}
	switch {
	case capacity < 0 || sum <= rest:
		return nil
	case rest < 0:
		return fmt.Errorf("the cut does not follow: what breaks it fits")
	case rest > mostValue:
		return fmt.Errorf("the cut's right side is beyond %d", mostValue)
	}
	least := make([]int64, rest+2) // weight, by value from 1 on: at least so much
	for v := range least[1:] {
		least[v+1] = limit + 1
	}
	for _, item := range items {
		for v := len(least) - 1; v > 0; v-- {
			least[v] = min(least[v], least[max(int64(v)-item[0], 0)]+item[1])
		}
	}
	if least[rest+1] <= capacity {
		return fmt.Errorf("the cut does not follow: %d on its left side weighs %d, and %d fits", rest+1, least[rest+1], capacity)
	}
	return nil
}

// isSum says whether terms times a number above 0 are the sum of the rows, and right is what that
// leaves of the capacity.
func (w *weighing) isSum(terms []encode.Term, right int64) bool {
	if len(terms) == 0 || terms[0].Coef == 0 {
		return false
	}
	times := w.weight[terms[0].Var] / terms[0].Coef
	if times <= 0 {
		return false
	}
	for _, v := range w.touched {
		if q, rest := w.weight[v]/times, w.weight[v]%times; q != w.value[v] || rest != 0 {
			return false
		}
	}
	return right >= integer.FloorDiv(w.capacity, times)
}
