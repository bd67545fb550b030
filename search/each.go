package search

import (
	"sync"
	"sync/atomic"
)

// Each calls f for every k from 0 to n−1, on as many goroutines as the run may keep
// busy, and returns when all calls have. The calls come in any order and side by
// side: each must write to places of its own, so that the answer does not depend on
// the number of threads. f may not call the board. A crash in f is one of the
// caller.
func (b *Board) Each(n int, f func(k int)) {
	if b.threads == 1 || n == 1 {
		for k := range n {
			f(k)
		}
		return
	}
	var next atomic.Int64
	var rows sync.WaitGroup
	var once sync.Once
	var cause any
	for range min(b.threads, n) {
		rows.Go(func() {
			defer func() {
				if c := recover(); c != nil {
					once.Do(func() { cause = c })
				}
			}()
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				f(k)
			}
		})
	}
	rows.Wait()
	if cause != nil {
		panic(cause)
	}
}
