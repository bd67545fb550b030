package sizing

import "math"

// Buckets is a server that several clients share: it serves Rate requests per unit of
// time and has room for Buffer of them to wait. Each client may send what its token
// bucket allows: a request takes a token, tokens come at a steady rate, and no more
// than the burst are kept.
//
// Over any time t, N buckets of rate μ/N and burst b let through at most N·b + μ·t, so
// that a server of rate μ never has more than N·b waiting, and the last of them waits
// N·b/μ (R. Cruz, A calculus for network delay, IEEE Transactions on Information Theory
// 37, 1991). With N·b ≤ Buffer nothing is ever lost, whatever the clients do. The price:
// a client that wants more than its part does not get what others leave.
type Buckets struct {
	Rate    float64
	Clients int
	Buffer  float64 // requests
}

// MostClients is how many clients may share a server.
const MostClients = 1_000_000_000

// Each is the bucket of each client, the largest that loses nothing.
func (b Buckets) Each() (Bucket, error) {
	if err := first(positive("rate", b.Rate), within("clients", b.Clients, 1, MostClients), notNegative("buffer", b.Buffer)); err != nil {
		return Bucket{}, err
	}
	burst := math.Floor(b.Buffer / float64(b.Clients))
	if burst < 1 {
		want := number(float64(b.Clients)) + " or more"
		if b.Buffer >= 1 {
			want += ", or at most " + number(math.Floor(b.Buffer)) + " clients"
		}
		return Bucket{}, refuse("buffer", want, "%s leaves none of %d clients a whole token", number(b.Buffer), b.Clients)
	}
	return Bucket{Rate: b.Rate / float64(b.Clients), Burst: int(min(burst, mostBurst))}, nil
}

// LongestWait is how long a request waits at the most in the server.
func (b Buckets) LongestWait(each Bucket) float64 {
	return float64(b.Clients) * float64(each.Burst) / b.Rate
}

// Bucket is a token bucket.
type Bucket struct {
	Rate  float64 // tokens per unit of time
	Burst int     // tokens at the most
}

// mostBurst is the largest burst that is computed with.
const mostBurst = 10_000

// Refused is the share of requests that find no token, where requests come at random
// (Poisson) at a load.
//
// The tokens that are missing are the work in a queue with constant service times: each
// request adds one, they are worked off at the bucket's rate, and a request is refused
// where it would be more than the burst. That is a queue M/D/1 with room for as many as
// the burst, and the share refused is what such a queue loses. Let π_j be how often a
// departure leaves j behind. As many go from at most j to more as come back, so that
//
//	π_{j+1}·P(no arrivals) = π_0·P(more than j) + Σ_{i=1..j} π_i·P(more than j−i+1)
//
// with the arrivals of one service, which is a sum of positive terms, and the loss is
// 1 − 1/(π_0 + ρ) (D. Gross, C. Harris, Fundamentals of Queueing Theory, 1998, 5.1.8).
// O(burst · what arrives in one service).
func (b Bucket) Refused(load float64) (float64, error) {
	if err := first(positive("rate", b.Rate), within("burst", b.Burst, 1, mostBurst), notNegative("load", load)); err != nil {
		return 0, err
	}
	full := load / b.Rate
	if full > mostOverload {
		return 0, refuse("load", "a load of at most "+number(mostOverload*b.Rate)+", beyond which all but 1/"+number(full)+" is refused", "%s is %s times the rate", number(load), number(full))
	}
	if full == 0 {
		return 0, nil
	}
	more := poissonTails(full)
	behind := make([]float64, b.Burst)
	behind[0] = 1
	sum := 1.0
	for j := range b.Burst - 1 {
		up := behind[0] * at(more, j)
		for i := max(1, j+2-len(more)); i <= j; i++ {
			up += behind[i] * at(more, j-i+1)
		}
		behind[j+1] = up * math.Exp(full)
		sum += behind[j+1]
		if sum > 1e200 { // far overloaded: the first states are as good as never seen
			for i := range j + 2 {
				behind[i] /= sum
			}
			sum = 1
		}
	}
	return max(1-1/(behind[0]/sum+full), 0), nil
}

// mostOverload keeps e^ρ a number.
const mostOverload = 100

// poissonTails are the probabilities of more than j arrivals, until they are nothing.
func poissonTails(mean float64) []float64 {
	var exactly []float64
	for k := 0; ; k++ {
		log, _ := math.Lgamma(float64(k + 1))
		p := math.Exp(float64(k)*math.Log(mean) - mean - log)
		exactly = append(exactly, p)
		if float64(k) > mean && p < 1e-20 {
			break
		}
	}
	tail := 0.0
	tails := make([]float64, len(exactly))
	for k := len(exactly) - 1; k >= 0; k-- {
		tails[k] = tail // more than k
		tail += exactly[k]
	}
	return tails
}

func at(values []float64, k int) float64 {
	if k < len(values) {
		return values[k]
	}
	return 0
}
