package sizing

import (
	"cmp"
	"math"
	"slices"
)

// Three rules say at once how requests are spread over servers of different speed.
// Each leaves every server it uses some spare rate, in proportion to a weight:
//
//	rate of i = μ_i − w_i · (Σ μ − load) / Σ w     sums over the servers in use
//
// and each leaves out the servers for which that is negative: the slower ones, beyond
// some number when they are sorted by μ/w.
//
//   - Proportional: w = μ. All are equally full, and none is left out.
//   - Equal spare: w = 1. Each has the same rate to spare.
//   - Square root: w = √μ. The least mean response time where each server is M/M/1:
//     from the derivative of Σ λ_i/(μ_i−λ_i), which at the optimum is equal on all
//     servers in use and not less on the others (A. Tantawi, D. Towsley, Optimal static
//     load balancing in distributed computer systems, JACM 32, 1985; C. Bell, S.
//     Stidham, Management Science 29, 1983).
//
// What is pinned is given first; the rule spreads the rest over what is left of the
// servers. O(n log n).

// Proportional fills all servers equally.
func (r *Routing) Proportional() ([]float64, error) {
	return r.spread(func(limit float64) float64 { return limit })
}

// EqualSpare leaves the servers in use the same rate to spare.
func (r *Routing) EqualSpare() ([]float64, error) {
	return r.spread(func(float64) float64 { return 1 })
}

// squareRoot is the closed form of the least mean response time. It is refused where it
// would not be that: for several workers, another variation, or a share that is pinned.
func (r *Routing) squareRoot() ([]float64, error) {
	if !r.closedForm() {
		return nil, refuse("servers", "servers with one worker and variation 1 and no share pinned, or the optimum by Best", "the square-root rule is not exact for these")
	}
	return r.spread(math.Sqrt)
}

func (r *Routing) closedForm() bool {
	return !slices.ContainsFunc(r.Pinned, func(part float64) bool { return part > 0 }) &&
		!slices.ContainsFunc(r.Stations, func(s Station) bool { return s.Workers != 1 || s.Variation != 1 })
}

func (r *Routing) spread(weight func(limit float64) float64) ([]float64, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	type server struct {
		index         int
		limit, weight float64
	}
	servers := make([]server, len(r.Stations))
	rates := make([]float64, len(r.Stations))
	load := r.Load
	for i, s := range r.Stations {
		rates[i] = r.pinned(i)
		load -= rates[i]
		limit := s.Limit() - rates[i]
		servers[i] = server{i, limit, weight(limit)}
	}
	slices.SortStableFunc(servers, func(a, b server) int { return cmp.Compare(b.limit/b.weight, a.limit/a.weight) })
	limits, weights, used := 0.0, 0.0, 0
	for _, s := range servers {
		if ratio := s.limit / s.weight; used > 0 && ratio < limits/weights && ratio <= (limits-load)/weights {
			break
		}
		limits += s.limit
		weights += s.weight
		used++
	}
	// The load's part and the server's are apart, and then the sum is made right: a small
	// load would drown in the rounding of the limits.
	sum := 0.0
	given := make([]float64, used)
	for k, s := range servers[:used] {
		given[k] = max(s.weight/weights*load+(s.limit-s.weight*limits/weights), 0)
		sum += given[k]
	}
	for k, s := range servers[:used] {
		if sum > 0 {
			rates[s.index] += given[k] / sum * load
		}
	}
	return rates, nil
}
