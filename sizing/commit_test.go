package sizing_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"berth/sizing"
)

// TestGroupAgainstEnumeration of everything that may be up or down.
func TestGroupAgainstEnumeration(t *testing.T) {
	for _, layout := range [][]int{{1}, {3}, {1, 1, 1}, {2, 1}, {2, 2, 1}, {4, 4}, {1, 1, 1, 1, 1}} {
		g := sizing.Group{Node: sizing.Failures{Between: 9, Repair: 1}, Place: sizing.Failures{Between: 49, Repair: 1}, Layout: layout}
		said, err := g.Available()
		if err != nil {
			t.Fatal(err)
		}
		things := len(layout) + said.Replicas
		consensus, commit := 0.0, 0.0
		for state := range 1 << things {
			p := 1.0
			up, node := 0, len(layout)
			for place, m := range layout {
				alive := state>>place&1 == 1
				p *= chance(alive, 0.98)
				for range m {
					own := state>>node&1 == 1
					p *= chance(own, 0.9)
					if own && alive {
						up++
					}
					node++
				}
			}
			if 2*up <= said.Replicas {
				consensus += p
			}
			if up < said.Replicas {
				commit += p
			}
		}
		if !near(said.ConsensusDown, consensus, 1e-9) || !near(said.CommitDown, commit, 1e-9) {
			t.Errorf("%v: said %+v, enumerated %g and %g", layout, said, consensus, commit)
		}
	}
}

func chance(up bool, p float64) float64 {
	if up {
		return p
	}
	return 1 - p
}

// TestBlockedAgainstSimulation: coordinators fail, transactions come at random while
// they are up.
func TestBlockedAgainstSimulation(t *testing.T) {
	g := sizing.Group{Node: sizing.Failures{Between: 10, Repair: 2}}
	const window = 0.5
	probability, blocked, err := g.Blocked(window)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(9, 0))
	transactions, hit, waited := 0.0, 0.0, 0.0
	for range 100_000 {
		lives, repair := rng.ExpFloat64()*10, rng.ExpFloat64()*2
		for at := rng.ExpFloat64(); at < lives; at += rng.ExpFloat64() {
			transactions++
			if at+window > lives {
				hit++
				waited += repair
			}
		}
	}
	if !near(probability, hit/transactions, 0.02) || !near(blocked, waited/transactions, 0.03) {
		t.Errorf("said %g and %g, seen %g and %g", probability, blocked, hit/transactions, waited/transactions)
	}
}

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		replicas, places int
		want             []int
	}{{5, 3, []int{2, 2, 1}}, {5, 5, []int{1, 1, 1, 1, 1}}, {3, 5, []int{1, 1, 1}}, {4, 1, []int{4}}} {
		if got := sizing.Spread(c.replicas, c.places); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
