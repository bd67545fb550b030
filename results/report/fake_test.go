package report

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"berth/model"
	"berth/results"
)

// sweep is a made-up sweep: methods of different speed, some that prove and some that
// only find, on instances of different hardness, with all that can happen to a run.
type sweep struct {
	instances, groups, seeds int
	methods                  []string
	limit                    float64
	steps                    int // of a trajectory, about
	wrong                    int // how many runs lie
	beaten                   bool
}

var usual = sweep{instances: 40, groups: 3, seeds: 3, methods: []string{"auto", "cbc", "clasp", "descent", "highs", "lp", "penalty-first", "regret", "sat"}, limit: 60, steps: 8, wrong: 2, beaten: true}

func number(n int) model.Number { return model.Number(strconv.Itoa(n)) }

func (s sweep) records() []results.Record {
	r := rand.New(rand.NewPCG(7, uint64(s.instances)))
	var records []results.Record
	for i := range s.instances {
		group := fmt.Sprintf("group-%d", i%max(s.groups, 1))
		instance := results.Instance{
			Name: fmt.Sprintf("gap%02d-%d", i/5, i%5), Group: group, File: fmt.Sprintf("instances/%s/gap%02d-%d.yaml", group, i/5, i%5),
			Digest: fmt.Sprintf("%016x%016x", i, i*i+12345), Nodes: 5 + i%6, Tasks: 15 + i%45,
		}
		best := 300 + r.IntN(20_000)
		hard := math.Exp(8*r.Float64() - 5)
		var known *results.Known
		switch i % 3 {
		case 0:
			known = &results.Known{Value: number(best), Status: "optimal", Source: "Beasley 1990"}
		case 1:
			known = &results.Known{Value: number(best), Status: "best-known", Bound: number(best - best/50)}
			if s.beaten && i == 1 {
				known.Value = number(best + 7)
			}
		}
		for m, method := range s.methods {
			for k := range s.seeds {
				x := results.Record{
					Instance: instance, Method: method, Seed: uint64(k + 1), Limits: results.Limits{Seconds: s.limit, Memory: 2 << 30, Threads: 1}, Version: "0.3 1a2b3c", Known: known,
					Machine: results.Machine{Host: "bench-" + strconv.Itoa(1+i%2), CPU: "Xeon at 2.80 GHz", Cores: 8, Memory: 32 << 30, System: "Linux 6.1"},
					Started: time.Date(2026, 11, 20, 8, 0, i*200+m*20+k, 0, time.UTC),
					Command: fmt.Sprintf("berth solve '%s' --methods %s --seed %d --time 60s --threads 1", instance.File, method, k+1),
				}
				s.run(r, &x, m, hard, best)
				x.ID = x.Digest()
				records = append(records, x)
			}
		}
	}
	for k := range min(s.wrong, len(records)) {
		lie(&records[(k+1)*len(records)/(s.wrong+1)])
	}
	return records
}

// run makes up what became of a run.
func (s sweep) run(r *rand.Rand, x *results.Record, m int, hard float64, best int) {
	proves := m%4 != 3
	speed := math.Exp(float64(m%5)/1.5 - 1)
	seconds := hard * speed * math.Exp(0.8*r.NormFloat64())
	x.Usage = results.Usage{Wall: min(seconds, s.limit), Peak: int64(20<<20 + r.IntN(200<<20)), Work: int64(1e6 * min(seconds, s.limit)), Exit: "0"}
	x.Usage.CPU = x.Usage.Wall * 0.98
	worse := int(float64(best) * math.Exp(3*r.NormFloat64()-6))
	switch {
	case m == 2 && x.Instance.Nodes == 7:
		x.Outcome, x.Note, x.Usage.Wall = results.Unfit, "does not handle traffic", 0.01
		return
	case r.IntN(60) == 0:
		x.Outcome, x.Note, x.Usage.Exit = results.Crash, "ended by a signal", "signal: killed"
		return
	case !proves:
		x.Usage.Wall = min(0.02*speed+0.01*r.Float64(), s.limit)
		x.Outcome, x.Cost = results.Feasible, number(best+worse*2)
		x.Claim = results.Claim{Status: "feasible", Objective: x.Cost}
	case seconds < s.limit:
		x.Outcome, x.Cost = results.Optimal, number(best)
		x.Claim = results.Claim{Status: "optimal", Objective: x.Cost, Bound: x.Cost}
	case seconds < 8*s.limit:
		x.Outcome, x.Cost = results.Feasible, number(best+worse)
		x.Claim = results.Claim{Status: "feasible", Objective: x.Cost, Bound: number(best - worse - 1)}
	default:
		x.Outcome = results.Timeout
		return
	}
	s.walk(r, x, best)
}

// walk makes up the trajectory of a run that found a placement.
func (s sweep) walk(r *rand.Rand, x *results.Record, best int) {
	final, err := strconv.Atoi(string(x.Cost))
	if err != nil {
		panic(err)
	}
	n := 1 + r.IntN(2*s.steps+1)
	for k := range n {
		left := n - 1 - k
		step := results.Step{Seconds: x.Usage.Wall * math.Pow(float64(k+1)/float64(n+1), 3), Cost: number(final + left*left*(1+best/100)), By: x.Method}
		if x.Claim.Bound != "" {
			step.Bound = number(best - best/20*left/n - 1)
		}
		x.Trajectory = append(x.Trajectory, step)
	}
}

// lie makes a run claim a bound that the placements of others refute.
func lie(x *results.Record) {
	x.Outcome, x.Cost = results.Optimal, "99999"
	x.Claim = results.Claim{Status: "optimal", Objective: "99999", Bound: "99999"}
}

// write writes the page of a study and returns its file.
func write(t testing.TB, study *results.Study) string {
	t.Helper()
	var text bytes.Buffer
	if err := Write(&text, study); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// large is as many runs as a page must take.
var large = sweep{instances: 4000, groups: 8, seeds: 5, methods: append([]string{"scip"}, usual.methods...), limit: 60, steps: 6, wrong: 3}
