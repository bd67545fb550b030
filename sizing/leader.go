package sizing

import (
	"math"
	"sort"
)

// Leader is a group of replicas in which one takes all writes and passes them on, and
// any may answer reads.
//
// A write takes Write of the leader, Forward of the leader for each follower, and Apply
// of each follower; a read takes Read of whoever answers it. With a share r of reads and
// n replicas, the throughput X is limited by three amounts of time:
//
//	the leader's   X·(1−r)·(Write + (n−1)·Forward)                          ≤ 1
//	a follower's   X·(1−r)·Apply                                            ≤ 1
//	everyone's     X·(r·Read + (1−r)·(Write + (n−1)·(Forward + Apply)))     ≤ n
//
// Reads can be divided at will, so that they fill what writes leave, and the least of
// the three is reached. The first falls with n while the last rises, if it rises at all:
// the best n is where they meet. Reads scale, writes do not (J. Gray, P. Helland, P.
// O'Neil, D. Shasha, The dangers of replication and a solution, SIGMOD 1996).
type Leader struct {
	Reads                       float64 // share of the requests
	Read, Write, Forward, Apply float64 // time on a server
}

// Throughput is what a group of replicas can do, in requests per unit of time.
type Throughput struct {
	Replicas     int
	Throughput   float64 // the least of the three
	ByLeader     float64 // the leader's time allows it; +Inf without writes
	ByFollowers  float64 // each follower's time
	ByEverything float64 // the time of all together
}

// MostReplicas is how many replicas are worth asking about.
const MostReplicas = 1_000_000

func (l Leader) check() error {
	return first(share("reads", l.Reads), notNegative("read", l.Read), positive("write", l.Write),
		notNegative("forward", l.Forward), notNegative("apply", l.Apply), l.checkWork())
}

func (l Leader) checkWork() error {
	if l.Reads == 1 && l.Read == 0 {
		return refuse("read", "a time above 0", "all requests are reads and take no time")
	}
	return nil
}

// With returns the throughput of n replicas.
func (l Leader) With(n int) (Throughput, error) {
	if err := first(l.check(), within("replicas", n, 1, MostReplicas)); err != nil {
		return Throughput{}, err
	}
	return l.with(n), nil
}

func (l Leader) with(n int) Throughput {
	writes, followers := 1-l.Reads, float64(n-1)
	t := Throughput{Replicas: n, ByFollowers: math.Inf(1)}
	t.ByLeader = 1 / (writes * (l.Write + followers*l.Forward))
	if n > 1 {
		t.ByFollowers = 1 / (writes * l.Apply)
	}
	t.ByEverything = float64(n) / (l.Reads*l.Read + writes*(l.Write+followers*(l.Forward+l.Apply)))
	t.Throughput = min(t.ByLeader, t.ByFollowers, t.ByEverything)
	return t
}

// Best returns the fewest replicas with the largest throughput, of at most so many.
// O(log most).
func (l Leader) Best(most int) (Throughput, error) {
	if err := first(l.check(), within("replicas", most, 1, MostReplicas)); err != nil {
		return Throughput{}, err
	}
	best := l.with(1)
	// From meet on, writes are what limits.
	meet := 2 + sort.Search(most-1, func(k int) bool {
		t := l.with(k + 2)
		return t.ByEverything >= min(t.ByLeader, t.ByFollowers)
	})
	for _, n := range []int{2, meet - 1, meet} {
		if n >= 2 && n <= most {
			// One more replica that does more by no more than rounding is none.
			if t := l.with(n); t.Throughput > best.Throughput*(1+1e-12) {
				best = t
			}
		}
	}
	return best, nil
}
