package sizing

import (
	"math"
	"math/cmplx"
)

// Batch is a server that takes requests in batches: a batch of k takes Overhead +
// k·Item. Requests come at random (Poisson) and a batch leaves when it is full.
//
// A request waits until its batch is full, (k−1)/2 arrivals in the mean; then until the
// server has done the batches before, and then for its own. Batches come with Erlang's
// law of k stages and take a constant time S: the queue is E_k/D/1. Its wait is that of
// M/D/k, where each server gets every k-th request, and that is exact (C. Crommelin, Post
// Office Electrical Engineers' Journal 25, 1932): with a = load·S and the k−1 roots
// z ≠ 1 of z^k = e^{a(z−1)} in the unit disc,
//
//	load·wait = Σ 1/(1−z) + (k − (k−a)²)/(2(k−a)) − a
//
// The roots are the fixed points of z = ω·e^{(a/k)(z−1)} for the k-th roots ω of 1 and
// come in conjugate pairs. O(k) for a size. Larger batches carry more load, up to
// 1/Item, and make each request wait longer: between the two lies a best k.
type Batch struct{ Overhead, Item float64 }

// Batched is what a size of batches gives.
type Batched struct {
	Size    int
	Latency float64 // mean: the three below
	Fill    float64 // until the batch is full
	Queue   float64 // until the server is free
	Serve   float64
	Busy    float64 // share of the server's time
	Most    float64 // at most, with this size
}

// MostBatch is the largest batch.
const MostBatch = 10_000

func (b Batch) check(load float64) error {
	if err := first(notNegative("overhead", b.Overhead), positive("item", b.Item), notNegative("load", load)); err != nil {
		return err
	}
	if load*b.Item >= 1 {
		return refuse("load", "a load below "+number(1/b.Item)+", or "+number(math.Floor(load*b.Item)+1)+" servers", "%s is not below what batches of any size allow, %s", number(load), number(1/b.Item))
	}
	if b.least(load) > MostBatch {
		return refuse("load", "a load of at most "+number(MostBatch/(b.Overhead+MostBatch*b.Item)), "%s takes batches of more than %d", number(load), MostBatch)
	}
	return nil
}

// least is the smallest batch that carries a load: its service is shorter than it
// takes to fill.
func (b Batch) least(load float64) float64 {
	return math.Floor(load*b.Overhead/(1-load*b.Item)) + 1
}

// Of says what batches of a size give at a load.
func (b Batch) Of(size int, load float64) (Batched, error) {
	if err := first(b.check(load), within("size", size, 1, MostBatch)); err != nil {
		return Batched{}, err
	}
	out := b.of(size, load)
	if out.Busy >= 1 {
		return Batched{}, refuse("size", number(b.least(load))+" or more", "batches of %d carry a load of %s at the most, not %s", size, number(out.Most), number(load))
	}
	return out, nil
}

func (b Batch) of(size int, load float64) Batched {
	k := float64(size)
	out := Batched{Size: size, Fill: fill(size, load), Serve: b.Overhead + k*b.Item}
	out.Busy = load * out.Serve / k
	out.Most = k / out.Serve
	if out.Busy < 1 && load > 0 {
		out.Queue = queueWait(size, load*out.Serve) / load
	}
	out.Latency = out.Fill + out.Queue + out.Serve
	return out
}

// Best returns the size with the least mean latency.
func (b Batch) Best(load float64) (Batched, error) {
	if err := b.check(load); err != nil {
		return Batched{}, err
	}
	best := Batched{Latency: math.Inf(1)}
	for k := int(b.least(load)); k <= MostBatch; k++ {
		if fillAndServe := fill(k, load) + b.Overhead + float64(k)*b.Item; fillAndServe >= best.Latency {
			break // for both grow with k
		}
		if t := b.of(k, load); t.Busy < 1 && t.Latency < best.Latency {
			best = t
		}
	}
	return best, nil
}

// fill is how long a request waits for its batch to be full, in the mean; without load
// only a batch of one ever is.
func fill(size int, load float64) float64 {
	if size == 1 {
		return 0
	}
	return float64(size-1) / (2 * load)
}

// queueWait is load·wait of E_k/D/1 with the offered work a < k.
func queueWait(k int, a float64) float64 {
	size, full := float64(k), a/float64(k)
	sum := 0.0
	for j := 1; 2*j <= k; j++ {
		root := cmplx.Rect(1, 2*math.Pi*float64(j)/size)
		z := root * complex(math.Exp(-full), 0)
		for range 100 { // Newton's steps
			f := root * cmplx.Exp(complex(full, 0)*(z-1))
			step := (f - z) / (1 - complex(full, 0)*f)
			z += step
			if cmplx.Abs(step) < 1e-15 {
				break
			}
		}
		part := real(1 / (1 - z))
		if 2*j < k {
			part *= 2 // and its conjugate
		}
		sum += part
	}
	return max(sum+(size-(size-a)*(size-a))/(2*(size-a))-a, 0)
}
