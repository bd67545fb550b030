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
