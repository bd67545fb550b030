package sizing

import (
	"fmt"
	"math"
)

// Failures are how often something fails and how long it is down then, in the mean.
type Failures struct {
	Between float64 // time from being repaired to failing
	Repair  float64
}

// up is the share of the time that it is up.
func (f Failures) up() float64 { return f.Between / (f.Between + f.Repair) }

func (f Failures) check(what string) error {
	return first(positive(what+" between", f.Between), notNegative(what+" repair", f.Repair))
}

// Group is replicas on nodes of places (racks, zones), which fail independently; a
// replica is up when its node and its place are. Layout is how many replicas each place
// has, each on a node of its own.
//
// The number of replicas up is a sum over the places: none with the probability that the
// place is down, else binomial. From it follow both:
//
//   - Consensus goes on while a majority is up (L. Lamport, The part-time parliament,
//     ACM TOCS 16, 1998).
//   - Two-phase commit goes on while all are up; and where its coordinator fails in the
//     time between the votes and the decision, the participants are blocked until it is
//     back: with the probability 1 − e^(−Window/Between) for each transaction (D. Skeen,
//     Nonblocking commit protocols, SIGMOD 1981; J. Gray, L. Lamport, Consensus on
//     transaction commit, ACM TODS 31, 2006).
//
// What is kept apart by an `apart` rule is the layout: one place with n replicas, or n
// places with one each. O(replicas²).
type Group struct {
	Node, Place Failures
	Layout      []int
}

// Available is what a group of replicas can promise.
type Available struct {
	Replicas int
	// Probabilities that it does not go on: near 0, where 1 minus them would be
	// rounded away.
	ConsensusDown float64
	CommitDown    float64
}

// Available says what the group promises.
func (g Group) Available() (Available, error) {
	if err := first(g.Node.check("node"), g.Place.check("place")); err != nil {
		return Available{}, err
	}
	total := 0
	for k, m := range g.Layout {
		if err := within(fmt.Sprintf("place %d", k+1), m, 1, mostCopies); err != nil {
			return Available{}, err
		}
		total += m
	}
	if err := within("replicas", total, 1, mostCopies); err != nil {
		return Available{}, err
	}
	// Counted are the replicas that are down, so that rare numbers keep their digits.
	down := []float64{1}
	placeDown, nodeDown := down1(g.Place), down1(g.Node)
	for _, m := range g.Layout {
		next := make([]float64, len(down)+m)
		for k, p := range down {
			for i := range m + 1 {
				q := g.Place.up() * binomial(m, i, nodeDown)
				if i == m {
					q += placeDown
				}
				next[k+i] += p * q
			}
		}
		down = next
	}
	a := Available{Replicas: total}
	for k := total; k >= 1; k-- { // from the rarest
		a.CommitDown += down[k]
		if 2*(total-k) <= total {
			a.ConsensusDown += down[k]
		}
	}
	a.CommitDown, a.ConsensusDown = min(a.CommitDown, 1), min(a.ConsensusDown, 1) // sums of rounded numbers
	return a, nil
}

// down1 is the share of the time that something is down.
func down1(f Failures) float64 { return f.Repair / (f.Between + f.Repair) }

// Blocked is the probability that a transaction is blocked by its coordinator's failure
// in a window, and for how long a transaction is blocked in the mean, over all.
func (g Group) Blocked(window float64) (probability, time float64, err error) {
	if err := first(g.Node.check("node"), notNegative("window", window)); err != nil {
		return 0, 0, err
	}
	probability = -math.Expm1(-window / g.Node.Between)
	return probability, probability * g.Node.Repair, nil
}

// Spread divides replicas over places as evenly as can be.
func Spread(replicas, places int) []int {
	var layout []int
	for k := range min(places, replicas) {
		layout = append(layout, (replicas+places-1-k)/places)
	}
	return layout
}
