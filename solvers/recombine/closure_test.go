//go:build cgo

package recombine

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The best set is worth what the best of all sets is, and is itself worth that.
func TestClosure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "vertices")
		worth := make([]int64, n)
		for v := range worth {
			worth[v] = rapid.Int64Range(-20, 20).Draw(t, "worth")
		}
		original := slices.Clone(worth)
		type pair struct {
			a, b int32
			tie  int64 // 0: a needs b
		}
		var pairs []pair
		for range rapid.IntRange(0, 12).Draw(t, "pairs") {
			a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
			if a != b {
				pairs = append(pairs, pair{int32(a), int32(b), rapid.Int64Range(0, 9).Draw(t, "tie")})
			}
		}
		taken, dropped := int32(-1), int32(-1)
		total := func(has func(v int32) bool) (sum int64, ok bool) {
			for v, w := range worth {
				if has(int32(v)) {
					sum += w
				}
			}
			if taken >= 0 && !has(taken) || dropped >= 0 && has(dropped) {
				return 0, false
			}
			for _, p := range pairs {
				if has(p.a) && has(p.b) {
					sum += p.tie
				} else if has(p.a) && p.tie == 0 {
					return 0, false
				}
			}
			return sum, true
		}
		var c closure
		in := make([]bool, n)
		check := func() {
			best, possible := int64(0), false
			for set := range 1 << n {
				if sum, ok := total(func(v int32) bool { return set>>v&1 == 1 }); ok && (sum > best || !possible) {
					best, possible = sum, true
				}
			}
			if !possible {
				return
			}
			found, _ := c.solve(in)
			sum, ok := total(func(v int32) bool { return in[v] })
			if found != best || !ok || sum != best {
				t.Fatalf("found %d with %v worth %d (closed: %v), want %d", found, in, sum, ok, best)
			}
		}
		c.reset(n)
		own := append([]int64(nil), worth...)
		for _, p := range pairs {
			if p.tie == 0 {
				c.needs(p.a, p.b)
				continue
			}
			own[p.a] += p.tie
			c.connect(p.a, p.b, p.tie)
		}
		for v, w := range own {
			c.value(int32(v), w)
		}
		c.order()
		check()
		var cold flow
		c.save(&cold)
		for v := range worth { // what flows goes on flowing
			by := rapid.Int64Range(0, 10).Draw(t, "lower")
			worth[v] -= by
			c.lower(int32(v), by)
		}
		check()
		if n > 1 {
			both := rapid.Permutation([]int32{0, 1}).Draw(t, "taken and dropped")
			taken = both[0]
			c.take(taken)
			check()
			taken, dropped = -1, both[1]
			c.restore(&cold)
			for v := range worth {
				worth[v] = original[v]
			}
			c.drop(dropped)
			check()
		}
	})
}
