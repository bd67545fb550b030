package results

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"berth/model"
)

// randomRecords makes up the records of a sweep: methods of different speed and
// reliability on instances of different size, all claims true.
func randomRecords(r *rand.Rand, instances, methods, seeds int) []Record {
	var records []Record
	for i := range instances {
		instance := Instance{Name: fmt.Sprintf("i%04d", i), Group: "g" + strconv.Itoa(i%4), File: fmt.Sprintf("g%d/i%04d", i%4, i), Digest: fmt.Sprintf("digest%d", i), Nodes: 5, Tasks: 40}
		best := r.IntN(10_000) - 2000
		hard := math.Exp(6*r.Float64() - 4)
		var known *Known
		switch i % 3 {
		case 0:
			known = &Known{Value: number(best), Status: "optimal", Source: "made up"}
		case 1:
			known = &Known{Value: number(best), Status: "best-known", Bound: number(best - 10)}
		}
		for m := range methods {
			for k := range seeds {
				x := Record{
					Instance: instance, Method: fmt.Sprintf("m%d", m), Seed: uint64(k + 1), Limits: Limits{Seconds: 10, Threads: 1}, Version: "v1", Known: known,
					Started: time.Unix(int64(1_800_000_000+r.IntN(100_000)), 0).UTC(),
				}
				seconds := hard * math.Exp(r.NormFloat64()) * float64(m+1)
				x.Usage = Usage{Wall: min(seconds, 10), CPU: min(seconds, 10), Exit: "0"}
				switch {
				case seconds < 10:
					x.Outcome, x.Cost = Optimal, number(best)
					x.Claim = Claim{Status: "optimal", Objective: x.Cost, Bound: x.Cost}
				case seconds < 40:
					x.Outcome, x.Cost = Feasible, number(best+r.IntN(500))
					x.Claim = Claim{Status: "feasible", Objective: x.Cost, Bound: number(best - r.IntN(100))}
				default:
					x.Outcome = Timeout
				}
				if x.Cost != "" {
					value, _ := strconv.Atoi(string(x.Cost))
					for step := range 6 {
						x.Trajectory = append(x.Trajectory, Step{Seconds: x.Usage.Wall * float64(step+1) / 7, Cost: number(value + 100*(5-step))})
					}
				}
				x.ID = x.Digest()
				records = append(records, x)
			}
		}
	}
	return records
}

func number(n int) model.Number { return model.Number(strconv.Itoa(n)) }

// troubled makes up a sweep in which everything goes wrong that can: false claims,
// infeasible instances, methods that do not handle an instance, runs that are
// missing, published values that are beaten or false, runs without a limit of time,
// decimals, times that are equal.
func troubled(r *rand.Rand, instances int) []Record {
	var records []Record
	for i := range instances {
		instance := Instance{Name: fmt.Sprintf("i%d", i), Group: "g" + strconv.Itoa(r.IntN(3)), File: fmt.Sprintf("i%d.yaml", i), Digest: fmt.Sprintf("digest%d", i)}
		best := r.IntN(4000) - 1000
		feasible := r.IntN(6) > 0
		var known *Known
		switch r.IntN(5) {
		case 0:
			known = &Known{Value: quarters(best), Status: "optimal", Source: "made up"}
		case 1:
			known = &Known{Value: quarters(best + r.IntN(3)), Status: "best-known", Bound: quarters(best - r.IntN(20))}
		case 2:
			known = &Known{Status: "infeasible"}
		}
		seconds := []float64{0, 2, 10}[r.IntN(3)]
		for m := range 5 {
			if r.IntN(10) == 0 {
				continue
			}
			unfit := r.IntN(12) == 0
			for k := range 1 + r.IntN(3) {
				x := Record{
					Instance: instance, Method: fmt.Sprintf("m%d", m), Seed: uint64(k + 1), Limits: Limits{Seconds: seconds, Threads: 1}, Version: "v1",
					Known: known, Started: time.Unix(int64(1_800_000_000+r.IntN(100_000)), 0).UTC(),
				}
				if m == 4 { // two versions of it
					x.Version = "v" + strconv.Itoa(1+k%2)
				}
				x.Usage.Wall = float64(r.IntN(400)) / 40
				cost := best + max(0, r.IntN(60)-20)
				bound := best - max(0, r.IntN(60)-20)
				switch c := r.IntN(20); {
				case unfit:
					x.Outcome = Unfit
				case c == 0:
					x.Outcome = []Outcome{Unknown, Timeout, Memory, Crash, Rubbish, Wrong}[r.IntN(6)]
					if x.Outcome == Timeout {
						x.Claim.Bound = quarters(bound)
					}
				case c == 1: // a lie
					x.Outcome, x.Claim.Bound = Timeout, quarters(best+1+r.IntN(30))
					if feasible {
						x.Outcome, x.Cost = Feasible, quarters(cost)
					}
				case c == 2 || !feasible && c < 10:
					x.Outcome = Infeasible
				case !feasible:
					x.Outcome = Timeout
				case c < 10:
					x.Outcome, x.Cost = Optimal, quarters(best+max(0, r.IntN(10)-8))
				default:
					x.Outcome, x.Cost, x.Claim.Bound = Feasible, quarters(cost), quarters(bound)
				}
				for step := range r.IntN(5) {
					x.Trajectory = append(x.Trajectory, Step{Seconds: x.Usage.Wall * float64(step) / 5, Cost: quarters(best + r.IntN(80))})
				}
				x.ID = x.Digest()
				records = append(records, x)
			}
		}
	}
	return records
}

// quarters writes n/4.
func quarters(n int) model.Number {
	return model.Number(strconv.FormatFloat(float64(n)/4, 'f', -1, 64))
}
