//go:build cgo

package colgen

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// keeper is a host that keeps what it is offered.
type keeper struct {
	idle
	at []int32
}

func (h *keeper) offer(at []int32, _ int64) bool {
	h.at = slices.Clone(at)
	return true
}

// Two parts of two nodes each: what is offered fits, and where nothing is, nothing fits.
func TestParts(t *testing.T) {
	fits, fails := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 5))
		in := &instance{items: 4 + rng.IntN(6), nodes: 4, resources: 2, outside: -1, open: make([]int64, 4)}
		for range 4 * in.resources {
			in.room = append(in.room, int64(8+rng.IntN(12)))
		}
		size := make([]int64, in.items*in.resources)
		for k := range size {
			size[k] = int64(1 + rng.IntN(9))
		}
		for range in.items {
			in.copies = append(in.copies, 1)
		}
		for pair := range 4 * in.items {
			j, i, may := pair/in.items, pair%in.items, int32(0)
			if j/2 == i%2 {
				may = 1
			}
			for r := range in.resources {
				need, room := size[i*in.resources+r], in.room[j*in.resources+r]
				in.need, in.part = append(in.need, need), append(in.part, float64(need)/float64(room))
				if need > room {
					may = 0
				}
			}
			in.most, in.cost = append(in.most, may), append(in.cost, 7)
		}
		in.dearest = 7 * int64(in.items)
		h := &keeper{}
		s := newTree(in, h)
		defer s.close()
		if s.failed || len(s.parts()) < 2 {
			return
		}
		if s.question = in.dearest; !s.fit() || s.stopped {
			rt.Fatal("it does not know")
		}
		possible := true
		for part := range 2 {
			possible = possible && fillable(in, part)
		}
		switch {
		case possible != (h.at != nil):
			rt.Fatalf("offered %v; that there is a way is %v", h.at, possible)
		case !possible:
			fails++
			return
		}
		fits++
		left := slices.Clone(in.room)
		for pair, n := range h.at {
			for r, need := range in.needs(pair) {
				left[pair/in.items*in.resources+r] -= int64(n) * need
			}
		}
		if !s.whole(h.at) || slices.Min(left) < 0 {
			rt.Fatalf("%v does not fit", h.at)
		}
	})
	if fits == 0 || fails == 0 {
		t.Errorf("%d fit, %d do not", fits, fails)
	}
}

// fillable tries every way to place the items of one part.
func fillable(in *instance, part int) bool {
	var items []int
	for i := part; i < in.items; i += 2 {
		items = append(items, i)
	}
	for ways := range 1 << len(items) {
		left, ok := slices.Clone(in.room), true
		for n, i := range items {
			pair := (2*part+ways>>n&1)*in.items + i
			for r, need := range in.needs(pair) {
				left[pair/in.items*in.resources+r] -= need
			}
			ok = ok && in.most[pair] > 0
		}
		if ok && slices.Min(left) >= 0 {
			return true
		}
	}
	return false
}
