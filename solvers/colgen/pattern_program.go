//go:build cgo

package colgen

import (
	"slices"

	"berth/model"
	"berth/solvers/clp"
)

// make makes the program, with what each node holds today and in the best placement known.
func (s *patternSearch) make() (err error) {
	var rows, columns []clp.Vector
	for k := range s.kinds {
		rows = append(rows, clp.Vector{Lower: float64(s.kinds[k].copies), Upper: clp.Infinity})
		columns = append(columns, clp.Vector{Index: []int32{int32(k)}, Value: []float64{1}, Upper: clp.Infinity, Cost: s.dear})
	}
	for k := len(columns); k < s.prices; k++ {
		for _, sign := range []float64{1, -1} {
			columns = append(columns, clp.Vector{Index: []int32{int32(k)}, Value: []float64{sign}, Upper: clp.Infinity, Cost: s.dear})
		}
	}
	s.artificial = len(columns)
	for k := range s.kinds {
		if kind := &s.kinds[k]; kind.out > 0 {
			columns = append(columns, clp.Vector{Index: []int32{int32(k)}, Value: []float64{1}, Upper: float64(kind.out), Cost: float64(kind.leftOut) / s.unit})
		}
	}
	for r := range s.spreads {
		least := clp.Vector{Upper: float64(s.spreads[r].most)}
		for range s.spreads[r].places {
			least.Index, least.Value = append(least.Index, int32(len(rows))), append(least.Value, -1)
			rows = append(rows, clp.Vector{Upper: float64(s.spreads[r].skew)})
		}
		columns = append(columns, least)
	}
	for range s.nodes {
		rows = append(rows, clp.Vector{Lower: 1, Upper: 1})
	}
	s.first = len(columns)
	if s.model, err = clp.New(rows, columns); err != nil {
		return err
	}
	s.model.Perturb()
	for j := range s.nodes {
		s.columns = append(s.columns, s.today(int32(j)))
	}
	if known, _ := s.board.Best(); known != nil {
		s.columns = append(s.columns, s.patternsOf(known)...)
	}
	var vectors []clp.Vector
	for c := range s.columns {
		vectors = append(vectors, s.vector(&s.columns[c]))
	}
	s.primal = true
	return s.model.AddColumns(vectors)
}

// today is the pattern of a node where all that runs there stays, as far as it fits.
func (s *patternSearch) today(j int32) pattern {
	q := pattern{node: j}
	left := slices.Clone(s.problem.Capacity[int(j)*len(s.problem.Resources):][:len(s.problem.Resources)])
	for n, at := range s.stays[j] {
		copies := min(at.copies, s.most(at.kind))
		need := s.kinds[at.kind].demand.On(j)
		for r := range left {
			if need[r] > 0 {
				copies = int32(min(int64(copies), left[r]/need[r]))
			}
		}
		if copies == 0 || s.kinds[at.kind].single && slices.ContainsFunc(q.in, func(h held) bool { return h.kind == at.kind }) {
			continue
		}
		for r := range left {
			left[r] -= need[r] * int64(copies)
		}
		q.in = append(q.in, held{at.kind, int32(n), copies})
		q.cost += at.cost * int64(copies)
	}
	return q
}

// patternsOf are the patterns of a placement, by node.
func (s *patternSearch) patternsOf(pl model.Placement) []pattern {
	list := make([]pattern, s.nodes)
	for j := range list {
		list[j].node = int32(j)
	}
	add := func(q *pattern, h held, cost int64) {
		q.cost += cost
		for n := range q.in {
			if q.in[n].kind == h.kind && q.in[n].stay == h.stay {
				q.in[n].copies++
				return
			}
		}
		q.in = append(q.in, h)
	}
	left := make([][]int32, s.nodes) // of each stay
	for j := range left {
		for _, at := range s.stays[j] {
			left[j] = append(left[j], at.copies)
		}
	}
	for i := range s.problem.Items {
		item := &s.problem.Items[i]
		for c := item.First; c < item.First+item.Count; c++ {
			j := pl[c]
			if j == model.NoPlace {
				continue
			}
			n := slices.IndexFunc(s.stays[j], func(at stay) bool { return at.item == int32(i) })
			if n >= 0 && left[j][n] > 0 {
				left[j][n]--
				add(&list[j], held{s.of[i], int32(n), 1}, s.stays[j][n].cost)
			} else {
				add(&list[j], held{s.of[i], guests, 1}, s.guestOn(int(j), s.of[i]))
			}
		}
	}
	return list
}

// vector is the column of a pattern.
func (s *patternSearch) vector(q *pattern) clp.Vector {
	v := clp.Vector{Upper: clp.Infinity, Cost: float64(q.cost) / s.unit}
	add := func(row int32, n float64) {
		if at := slices.Index(v.Index, row); at >= 0 {
			v.Value[at] += n
		} else {
			v.Index, v.Value = append(v.Index, row), append(v.Value, n)
		}
	}
	s.supplies(q, func(row int32, n int64) { add(row, float64(n)) })
	add(int32(s.prices)+q.node, 1)
	return v
}

// supplies calls f with what a pattern adds to the rows that have prices.
func (s *patternSearch) supplies(q *pattern, f func(row int32, n int64)) {
	for _, h := range q.in {
		f(h.kind, int64(h.copies))
		if k := &s.kinds[h.kind]; k.spread >= 0 {
			r := &s.spreads[k.spread]
			f(int32(r.first)+r.place[q.node], k.times*int64(h.copies))
		}
	}
}

// solve solves the program. It returns false where the run has to stop, or CLP gives up.
func (s *patternSearch) solve() bool {
	if !simplex(s.model, s.primal, s.board.Left, s.board.Work) {
		return false
	}
	s.duals = s.model.Duals(s.duals[:0])
	return true
}

// drop takes columns out of the program once there are many: those that are farthest from use.
func (s *patternSearch) drop() bool {
	if len(s.columns) < mostColumns*s.model.Rows() {
		return true
	}
	reduced := s.model.ReducedCosts(nil)[s.first:]
	sorted := slices.Clone(reduced)
	slices.Sort(sorted)
	limit := max(sorted[len(sorted)/2], pays)
	var gone []int32
	kept := s.columns[:0]
	for c, q := range s.columns {
		if reduced[c] > limit {
			gone = append(gone, int32(s.first+c))
		} else {
			kept = append(kept, q)
		}
	}
	s.columns = kept
	return s.model.DeleteColumns(gone) == nil
}
