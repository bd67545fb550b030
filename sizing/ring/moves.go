package ring

import (
	"fmt"
	"slices"
)

// Members are what keys are spread over, with their weights.
type Members struct {
	Names   []string
	Weights []float64
}

// scheme is a way to spread keys.
type scheme struct {
	name   string
	spread func(seed uint64, m Members, each float64, keys []uint64) []int32 // each: points on a ring for a weight of 1
}

// meanPoints is how many points a member of the mean weight has on a ring when it is
// first made.
const meanPoints = 160

// slack is what members take beyond their part where loads are bounded.
const slack = 0.25

// schemes are the ways that are compared.
func schemes() []scheme {
	return []scheme{
		{"ring", func(seed uint64, m Members, each float64, keys []uint64) []int32 {
			r := New(seed, m.Names, Points(m.Weights, each))
			return spread(keys, r.owner)
		}},
		{"bounded ring", func(seed uint64, m Members, each float64, keys []uint64) []int32 {
			return New(seed, m.Names, Points(m.Weights, each)).bounded(keys, m.Weights, slack)
		}},
		{"rendezvous", func(seed uint64, m Members, _ float64, keys []uint64) []int32 {
			members := make([]uint64, len(m.Names))
			for j, name := range m.Names {
				members[j] = Hash(seed, name)
			}
			return spread(keys, func(key uint64) int32 { return rendezvous(key, members, m.Weights) })
		}},
		{"jump", func(_ uint64, m Members, _ float64, keys []uint64) []int32 {
			return spread(keys, func(key uint64) int32 { return jump(key, len(m.Names)) })
		}},
		{"modulo", func(_ uint64, m Members, _ float64, keys []uint64) []int32 {
			return spread(keys, func(key uint64) int32 { return int32(key % uint64(len(m.Names))) })
		}},
	}
}

func spread(keys []uint64, owner func(uint64) int32) []int32 {
	owners := make([]int32, len(keys))
	for k, key := range keys {
		owners[k] = owner(key)
	}
	return owners
}

// Moves is what a scheme does when members leave or join.
type Moves struct {
	Scheme string
	Shares []float64 // of the keys, by member, before
	Fuller float64   // most keys of a member against its part by weight, before: 1 is even
	Moved  float64   // share of the keys that change their member
	Least  float64   // share that must, for members to have their parts before and after
	Stray  float64   // share that moves between members that are there before and after
}

// Compare spreads n keys over members before and after a change, by every scheme.
func Compare(seed uint64, before, after Members, n int) ([]Moves, error) {
	for _, m := range []Members{before, after} {
		if err := m.check(); err != nil {
			return nil, err
		}
	}
	keys := make([]uint64, n)
	for k := range keys {
		keys[k] = Mix(seed + uint64(k))
	}
	points := before.Each()
	stays := map[string]bool{}
	for _, name := range before.Names {
		stays[name] = slices.Contains(after.Names, name)
	}
	must := least(before, after)
	var all []Moves
	for _, scheme := range schemes() {
		m := Moves{Scheme: scheme.name, Least: must}
		was, is := scheme.spread(seed, before, points, keys), scheme.spread(seed, after, points, keys)
		counts := make([]int, len(before.Names))
		moved, stray := 0, 0
		for k := range keys {
			counts[was[k]]++
			from, to := before.Names[was[k]], after.Names[is[k]]
			if from == to {
				continue
			}
			moved++
			if _, was := stays[to]; was && stays[from] {
				stray++
			}
		}
		m.Moved, m.Stray = float64(moved)/float64(n), float64(stray)/float64(n)
		for j, count := range counts {
			share := float64(count) / float64(n)
			m.Shares = append(m.Shares, share)
			if part := before.Part(j); part > 0 {
				m.Fuller = max(m.Fuller, share/part)
			}
		}
		all = append(all, m)
	}
	return all, nil
}

// Each is how many points on a ring a weight of 1 is worth, so that the mean weight has
// meanPoints.
func (m Members) Each() float64 { return meanPoints * float64(len(m.Names)) / m.sum() }

func (m Members) check() error {
	if len(m.Names) == 0 || len(m.Names) != len(m.Weights) {
		return fmt.Errorf("ring: %d names and %d weights; want as many, and one at least", len(m.Names), len(m.Weights))
	}
	if sum := m.sum(); !(sum > 0) {
		return fmt.Errorf("ring: the weights add up to %g; want a number above 0", sum)
	}
	return nil
}

func (m Members) sum() (sum float64) {
	for _, w := range m.Weights {
		sum += max(w, 0)
	}
	return sum
}

// Part is the part of the keys that a member should have.
func (m Members) Part(j int) float64 { return m.Weights[j] / m.sum() }

// least is what members have more than before, all together.
func least(before, after Members) float64 {
	moved := 0.0
	for j, name := range after.Names {
		had := 0.0
		if k := slices.Index(before.Names, name); k >= 0 {
			had = before.Part(k)
		}
		moved += max(after.Part(j)-had, 0)
	}
	return moved
}
