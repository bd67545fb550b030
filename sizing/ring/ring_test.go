package ring

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func members(weights ...float64) Members {
	m := Members{Weights: weights}
	for k := range weights {
		m.Names = append(m.Names, fmt.Sprintf("n%d", k))
	}
	return m
}

func without(m Members, j int) Members {
	var out Members
	for k := range m.Names {
		if k != j {
			out.Names, out.Weights = append(out.Names, m.Names[k]), append(out.Weights, m.Weights[k])
		}
	}
	return out
}

func keys(n int) []uint64 {
	list := make([]uint64, n)
	for k := range list {
		list[k] = Mix(uint64(k))
	}
	return list
}

// TestJumpKnown compares with values that other implementations publish.
func TestJumpKnown(t *testing.T) {
	for _, c := range []struct {
		key  uint64
		n    int
		want int32
	}{{1, 1, 0}, {42, 57, 43}, {0xDEAD10CC, 1, 0}, {0xDEAD10CC, 666, 361}, {256, 1024, 520}} {
		if got := jump(c.key, c.n); got != c.want {
			t.Errorf("key %d of %d: %d, want %d", c.key, c.n, got, c.want)
		}
	}
}

// TestOwnerIsTheNextPoint compares with a search of all points.
func TestOwnerIsTheNextPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SliceOfN(rapid.IntRange(0, 4), 1, 6).Draw(t, "points")
		names := make([]string, len(points))
		for j := range names {
			names[j] = fmt.Sprint("m", j)
		}
		seed, key := rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "key")
		want, nearest := int32(-1), uint64(math.MaxUint64)
		total := 0
		for j, n := range points {
			total += n
			for k := range n {
				if ahead := Mix(Hash(seed, names[j])+uint64(k)) - key; want < 0 || ahead < nearest {
					want, nearest = int32(j), ahead
				}
			}
		}
		r := New(seed, names, points)
		if got := r.owner(key); got != want {
			t.Errorf("owner %d, want %d", got, want)
		}
		seen := make([]int, len(points))
		for owner := range r.Walk(key) {
			seen[owner]++
			total--
		}
		for j, n := range points {
			if seen[j] != n {
				t.Errorf("a walk meets %d points of member %d, want %d", seen[j], j, n)
			}
		}
		if total != 0 {
			t.Errorf("a walk misses %d points", total)
		}
	})
}

// TestPartsFollowWeights: parts are off by what their number of points and of keys allows.
func TestPartsFollowWeights(t *testing.T) {
	m := members(1, 2, 4, 8, 1, 2, 4, 8)
	const n = 100_000
	for _, scheme := range schemes()[:3] {
		counts := make([]float64, len(m.Names))
		for _, owner := range scheme.spread(7, m, m.Each(), keys(n)) {
			counts[owner]++
		}
		for j, count := range counts {
			want := n * m.Weights[j] / 30
			points := float64(meanPoints*8) * m.Weights[j] / 30
			off := 4 * (math.Sqrt(want) + want/math.Sqrt(points))
			if scheme.name == "rendezvous" {
				off = 4 * math.Sqrt(want)
			}
			if math.Abs(count-want) > off {
				t.Errorf("%s: member %d has %g keys, want %g ± %g", scheme.name, j, count, want, off)
			}
			if scheme.name == "bounded ring" && count > math.Ceil(1.25*want) {
				t.Errorf("%s: member %d has %g keys, the bound is %g", scheme.name, j, count, 1.25*want)
			}
		}
	}
}

// TestOnlyTheLeaversKeysMove, with the ring and rendezvous hashing whoever leaves, with
// jump hashing where it is the last.
func TestOnlyTheLeaversKeysMove(t *testing.T) {
	m := members(3, 1, 2, 2, 5)
	for leaver := range m.Names {
		moves, err := Compare(3, m, without(m, leaver), 20_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range moves {
			exact := v.Scheme == "ring" || v.Scheme == "rendezvous" || v.Scheme == "jump" && leaver == len(m.Names)-1
			if v.Scheme != "bounded ring" && exact != (v.Stray == 0) {
				t.Errorf("n%d leaves: %+v", leaver, v)
			}
			part := m.Weights[leaver] / 13
			if v.Scheme == "jump" || v.Scheme == "modulo" {
				continue
			}
			if math.Abs(v.Least-part) > 1e-12 || v.Scheme != "bounded ring" && math.Abs(v.Moved-part) > 0.35*part {
				t.Errorf("n%d leaves: %+v; its part is %g", leaver, v, part)
			}
		}
		back, err := Compare(3, without(m, leaver), m, 20_000)
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range back {
			if v.Stray > 0 && moves[k].Stray == 0 {
				t.Errorf("n%d comes back: %+v, left with %+v", leaver, v, moves[k])
			}
		}
	}
}

func TestEdges(t *testing.T) {
	if got := New(1, nil, nil).owner(5); got != -1 {
		t.Errorf("an empty ring: owner %d", got)
	}
	if got := Points([]float64{0, 0.001}, 10); got[0] != 1 || got[1] != 1 {
		t.Errorf("no weights: points %v", got)
	}
	one := members(1)
	if moves, err := Compare(1, one, one, 100); err != nil || moves[0].Moved != 0 || moves[0].Fuller != 1 {
		t.Errorf("one member: %+v, %v", moves, err)
	}
	for _, m := range []Members{{}, {Names: []string{"a"}}, members(0, 0), members(math.NaN())} {
		if _, err := Compare(1, m, one, 10); err == nil {
			t.Errorf("%+v was compared", m)
		}
	}
	thousands := make([]float64, 5000)
	for k := range thousands {
		thousands[k] = 1
	}
	m := members(thousands...)
	r := New(1, m.Names, Points(m.Weights, m.Each()))
	seen := map[int32]bool{}
	for _, key := range keys(100_000) {
		seen[r.owner(key)] = true
	}
	if len(seen) < 4990 {
		t.Errorf("of 5000 members %d have keys", len(seen))
	}
}
