package figures

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"berth/model"
	"berth/results"
)

// plan says what records to make up.
type plan struct {
	methods          []string
	instances, seeds int
	seconds          func(r *rand.Rand, method int) float64 // to the proof
	outcome          func(r *rand.Rand, method, instance int) results.Outcome
}

const limit = 60.0

// study makes up the records of a sweep that went by the plan.
func (p plan) study() *results.Study {
	r := rand.New(rand.NewPCG(1, 2))
	var records []results.Record
	for i := range p.instances {
		best := 500 + r.IntN(5000)
		hard := math.Exp(1.5 * r.NormFloat64())
		for m, method := range p.methods {
			for seed := range p.seeds {
				x := results.Record{
					Instance: results.Instance{Name: fmt.Sprintf("c%d-%d", 100+10*(i%7), i), Group: []string{"orlib", "ctap", "yagiura"}[i*3/p.instances], Digest: "d" + strconv.Itoa(i), Tasks: 100 + 10*(i%7), Nodes: 5 << (i % 4)},
					Method:   method, Seed: uint64(seed + 1), Limits: results.Limits{Seconds: limit, Threads: 1}, Version: "v1",
					Outcome: p.outcome(r, m, i), Started: time.Unix(1_800_000_000, 0),
				}
				seconds := hard * p.seconds(r, m)
				if x.Outcome == results.Optimal && seconds > limit {
					x.Outcome = results.Feasible
				}
				x.Usage.Wall = min(seconds, limit)
				x.Usage.CPU, x.Usage.Peak = x.Usage.Wall, int64(x.Instance.Tasks*x.Instance.Nodes)<<10
				if x.Outcome.Solved() {
					over := 0
					if x.Outcome == results.Feasible {
						over = int(float64(best) * 0.1 * r.Float64() * r.Float64() * float64(m+1) / float64(len(p.methods)))
					}
					x.Cost = number(best + over)
					x.Claim = results.Claim{Status: string(x.Outcome), Objective: x.Cost}
					for step := range 8 {
						x.Trajectory = append(x.Trajectory, results.Step{
							Seconds: x.Usage.Wall * math.Pow(0.4, float64(8-step)), Cost: number(best + over + (best/20)*(7-step)*(1+r.IntN(2))),
						})
					}
				}
				x.ID = x.Digest()
				records = append(records, x)
			}
		}
	}
	return results.NewStudy(records)
}

func number(n int) model.Number { return model.Number(strconv.Itoa(n)) }

func always(o results.Outcome) func(*rand.Rand, int, int) results.Outcome {
	return func(*rand.Rand, int, int) results.Outcome { return o }
}

// slower makes each method slower than the one before.
func slower(r *rand.Rand, method int) float64 {
	return math.Exp(1.3*r.NormFloat64() - 2 + 0.4*float64(method))
}

// mixed has something of every outcome.
func mixed(r *rand.Rand, method, instance int) results.Outcome {
	switch k := r.IntN(100); {
	case method == 3 && instance%4 == 0:
		return results.Unfit
	case k < 1:
		return results.Wrong
	case k < 6:
		return results.Timeout
	case k < 25 || method%4 == 3:
		return results.Feasible
	}
	return results.Optimal
}

var twelve = []string{
	"auto", "cbc", "clasp", "descent", "highs", "lp", "penalty-first", "regret", "sat",
	"scip with a name that is far too long for the place where it is to stand", "toulbar2", "zimpl",
}

var plans = map[string]plan{
	"five methods":   {twelve[:5], 40, 3, slower, mixed},
	"twelve methods": {twelve, 500, 1, slower, mixed},
	"many instances": {twelve[:4], 1300, 1, slower, mixed},
	"one method":     {twelve[:1], 20, 1, slower, mixed},
	"one run":        {twelve[:1], 1, 1, slower, always(results.Optimal)},
	"two runs":       {twelve[:2], 1, 1, slower, always(results.Optimal)},
	"nothing solved": {twelve[:3], 10, 2, slower, always(results.Timeout)},
	"no proofs":      {twelve[:3], 30, 2, slower, always(results.Feasible)},
	"all unfit":      {twelve[:2], 10, 1, slower, always(results.Unfit)},
	"all wrong":      {twelve[:2], 10, 1, slower, always(results.Wrong)},
	"all infeasible": {twelve[:2], 10, 1, slower, always(results.Infeasible)},
	"equal times":    {twelve[:3], 12, 1, func(*rand.Rand, int) float64 { return 1e-9 }, always(results.Optimal)},
	"wide times":     {twelve[:4], 60, 1, func(r *rand.Rand, _ int) float64 { return math.Pow(10, 7*r.Float64()-5) }, always(results.Optimal)},
	"odd names": {
		[]string{`a&b <c> "d"`, "x_y|z", "line\nbreak\x00\x1b[31m", "Größe ∞ 漢字", "\xff\xfe", ""},
		8, 1, slower, mixed,
	},
	"nothing": {nil, 0, 0, slower, mixed},
}
