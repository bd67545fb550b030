package sizing

import (
	"fmt"
	"math"
)

// Repair is a value on several replicas, of which a write may miss some and a read asks
// some: it answers with the newest that it sees and brings those up to date that were
// stale (read-repair). How often is a read stale, and what is repaired?
//
// Replicas miss a write independently with the probability σ = Missed; a write counts
// when Acks replicas have it, so that the number of stale ones after a write is binomial,
// given that it is at most Replicas − Acks. Then reads come, each before the next write
// with the probability q = reads/(reads+writes). A read asks Fanout replicas at random:
// if i of them are stale and not all, these i are repaired. The number of stale replicas
// only falls until the next write, so that the sum over all reads of what they meet,
//
//	v = (1−q)·b + q·P·v     b: after a write, P: what a read makes of it
//
// is found from the top down. Without reads before, and with Acks 0, a read is stale
// when all that it asks are: σ^f. With Fanout + Acks > Replicas never. The setting is
// that of P. Bailis and others, Probabilistically bounded staleness, VLDB 2012, without
// its delays. O(replicas · fanout).
type Repair struct {
	Replicas int
	Fanout   int     // replicas that a read asks
	Acks     int     // replicas that have a write when it counts
	Missed   float64 // σ: the probability that a replica misses a write
	Reads    float64 // of the value, per unit of time
	Writes   float64
}

// Repaired is what comes of reading and repairing.
type Repaired struct {
	Stale         float64 // share of reads that get an old value
	StaleReplicas float64 // share of the replicas that are stale when a read comes
	PerRead       float64 // replicas repaired by a read, in the mean
	Rate          float64 // repairs per unit of time
}

const mostCopies = 1000 // of one value

// Steady returns what holds in the long run.
func (r Repair) Steady() (Repaired, error) {
	err := first(within("replicas", r.Replicas, 1, mostCopies), within("fanout", r.Fanout, 1, r.Replicas), within("acks", r.Acks, 0, r.Replicas),
		share("missed", r.Missed), notNegative("reads", r.Reads), positive("writes", r.Writes))
	if err != nil {
		return Repaired{}, err
	}
	met, err := r.afterWrite()
	if err != nil {
		return Repaired{}, err
	}
	again := r.Reads / (r.Reads + r.Writes)
	for k := range met {
		met[k] *= 1 - again
	}
	// What k stale replicas become is k−i; from k nothing comes back.
	asked, ask := make([]float64, r.Fanout+1), r.staleAsked()
	for k := r.Replicas; k >= 0; k-- {
		if met[k] == 0 {
			continue
		}
		ask(k, asked)
		met[k] /= 1 - again*(asked[0]+asked[r.Fanout])
		for i := 1; i < r.Fanout && i <= k; i++ {
			met[k-i] += again * asked[i] * met[k]
		}
	}
	var out Repaired
	for k, p := range met {
		if p == 0 {
			continue
		}
		ask(k, asked)
		out.StaleReplicas += p * float64(k) / float64(r.Replicas)
		for i, q := range asked {
			if i < r.Fanout {
				out.PerRead += p * q * float64(i)
			} else {
				out.Stale += p * q
			}
		}
	}
	out.Rate = out.PerRead * r.Reads
	return out, nil
}

// afterWrite is the law of the number of stale replicas after a write.
func (r Repair) afterWrite() ([]float64, error) {
	law := make([]float64, r.Replicas+1)
	sum := 0.0
	for k := range r.Replicas - r.Acks + 1 {
		law[k] = binomial(r.Replicas, k, r.Missed)
		sum += law[k]
	}
	if sum == 0 {
		return nil, refuse("missed", fmt.Sprintf("less than 1, or no acks instead of %d", r.Acks), "with %s no write ever counts", number(r.Missed))
	}
	for k := range law {
		law[k] /= sum
	}
	return law, nil
}

// staleAsked computes the law of the number of stale replicas among those that a read asks,
// when k of all are stale: hypergeometric.
func (r Repair) staleAsked() func(k int, law []float64) {
	factorial := make([]float64, r.Replicas+1) // logarithms
	for n := range factorial {
		factorial[n], _ = math.Lgamma(float64(n + 1))
	}
	choose := func(n, k int) float64 { return factorial[n] - factorial[k] - factorial[n-k] }
	all := choose(r.Replicas, r.Fanout)
	return func(k int, law []float64) {
		clear(law)
		for i := max(0, r.Fanout-(r.Replicas-k)); i <= min(k, r.Fanout); i++ {
			law[i] = math.Exp(choose(k, i) + choose(r.Replicas-k, r.Fanout-i) - all)
		}
	}
}

// binomial is the probability of k successes of n.
func binomial(n, k int, p float64) float64 {
	switch p {
	case 0:
		if k == 0 {
			return 1
		}
		return 0
	case 1:
		if k == n {
			return 1
		}
		return 0
	}
	return math.Exp(logChoose(n, k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
