package heuristics

import "berth/model"

// list starts to keep the copies of each node in on.
func (s *state) list() {
	s.on = make([][]int32, len(s.held))
	s.slot = make([]int32, len(s.at))
	for j, n := range s.held {
		s.on[j] = make([]int32, 0, n+1)
	}
	for c, j := range s.at {
		s.relist(int32(c), model.NoPlace, j)
	}
}

func (s *state) relist(c, a, b int32) {
	if a >= 0 {
		list := s.on[a]
		last := list[len(list)-1]
		list[s.slot[c]] = last
		s.slot[last] = s.slot[c]
		s.on[a] = list[:len(list)-1]
	}
	if b >= 0 {
		s.slot[c] = int32(len(s.on[b]))
		s.on[b] = append(s.on[b], c)
	}
}

// index lists what belongs to each item, back to back.
type index[T any] struct {
	start []int32 // by item, into list; nil where there is nothing
	list  []T
}

func (x *index[T]) of(i int32) []T {
	if x.start == nil {
		return nil
	}
	return x.list[x.start[i]:x.start[i+1]]
}

// indexBy makes the index of n items from what each calls: emit is run twice, to
// count and to fill.
func indexBy[T any](n int, emit func(add func(i int32, v T))) index[T] {
	start := make([]int32, n+1)
	total := 0
	emit(func(i int32, _ T) { start[i+1]++; total++ })
	if total == 0 {
		return index[T]{}
	}
	for i := range n {
		start[i+1] += start[i]
	}
	next := append([]int32(nil), start[:n]...)
	list := make([]T, total)
	emit(func(i int32, v T) { list[next[i]] = v; next[i]++ })
	return index[T]{start, list}
}
