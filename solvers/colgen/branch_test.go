//go:build cgo

package colgen

import "testing"

// Down the likelier sides, no single pair is branched on while some item may yet pay more or less.
func TestLevelsBeforePairs(t *testing.T) {
	pairs := 0
	for seed := range uint64(6) {
		s := newTree(generated(t, 8, 60, seed), idle{})
		defer s.close()
		if !s.starts() || !s.evaluate() {
			t.Fatal("it does not begin")
		}
		s.question = s.stepsUp(s.value) * 51 / 50
		s.aim()
		s.list()
		if err := s.build(); err != nil {
			t.Fatal(err)
		}
		for depth := 0; !s.failed && !s.tighten(1); depth++ {
			b := s.branch()
			if b.item < 0 {
				break
			}
			if b.pair >= 0 {
				pairs++
				for k, hi := range s.hi {
					if other, _ := s.undecided(k%s.items, s.cost[k]); hi > s.least(k) && other.item >= 0 {
						t.Fatalf("seed %d, depth %d: pair %d, while item %d is not decided", seed, depth, b.pair, other.item)
					}
				}
			}
			s.take(&b, b.sides()[0])
		}
	}
	if pairs == 0 {
		t.Fatal("no pair was ever branched on")
	}
}
