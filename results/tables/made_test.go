package tables

import (
	"fmt"
	"time"

	"berth/model"
	"berth/results"
)

// run is a record in short.
type run struct {
	instance, method string
	seed             uint64
	outcome          results.Outcome
	cost, bound      model.Number
	wall             float64
}

var knownOf = map[string]*results.Known{
	"c10100":   {Value: "100", Status: "optimal", Source: "Chu & Beasley 1997"},
	"ctap_1|a": {Value: "-40.5", Status: "best-known", Bound: "-60", Source: "Elloumi"},
}

var groups = map[string]string{"c10100": "orlib", "c20200": "orlib", "ctap_1|a": "100% \"odd\"\n<names>", "full": "100% \"odd\"\n<names>"}

// study makes records of runs, each at its own second.
func study(runs ...run) *results.Study {
	records := make([]results.Record, len(runs))
	for k, r := range runs {
		x := results.Record{
			Instance: results.Instance{Name: r.instance, Group: groups[r.instance], File: r.instance + ".txt", Digest: "digest of " + r.instance, Nodes: 10, Tasks: 100},
			Method:   r.method, Seed: r.seed, Limits: results.Limits{Seconds: 60, Memory: 2 << 30, Threads: 1}, Version: "v1.2",
			Outcome: r.outcome, Cost: r.cost, Claim: results.Claim{Status: string(r.outcome), Objective: r.cost, Bound: r.bound}, Known: knownOf[r.instance],
			Usage:   results.Usage{Wall: r.wall, CPU: r.wall * 0.9, Peak: 5 << 20, Exit: "0"},
			Machine: results.Machine{Host: "anvil", CPU: "EPYC 7B13", Cores: 2, Memory: 8 << 30, System: "Linux 6.1"},
			Started: time.Date(2026, 11, 25, 12, 0, k, 0, time.UTC), Command: fmt.Sprintf("berth solve '%s.txt' --seed %d", r.instance, r.seed),
		}
		switch r.outcome {
		case results.Unfit:
			x.Note = "it has traffic"
		case results.Crash:
			x.Usage.Exit, x.Note = "signal: killed", "ended by a signal"
		}
		x.ID = x.Digest()
		records[k] = x
	}
	return results.NewStudy(records)
}

const long = "a-method/with_a name & that #goes on^and ~on, far beyond {what} any table $has room for"

var ordinary = []run{
	{"c10100", "auto", 1, results.Optimal, "100", "100", 0.0123},
	{"c10100", "auto", 2, results.Optimal, "100", "100", 0.5},
	{"c10100", "lp_a&b|c", 1, results.Optimal, "100", "100", 12.345},
	{"c10100", "lp_a&b|c", 2, results.Feasible, "101", "99", 60},
	{"c10100", long, 1, results.Feasible, "103", "101", 1.5}, // its bound is above a cost
	{"c10100", long, 2, results.Timeout, "", "", 60},
	{"c20200", "auto", 1, results.Optimal, "2391", "2391", 59.96},
	{"c20200", "auto", 2, results.Optimal, "2391", "2391", 3.0001},
	{"c20200", "lp_a&b|c", 1, results.Feasible, "2392", "2000", 60},
	{"c20200", "lp_a&b|c", 2, results.Feasible, "2391", "2000", 60},
	{"c20200", long, 1, results.Crash, "", "", 7},
	{"c20200", long, 2, results.Memory, "", "", 8},
	{"ctap_1|a", "auto", 1, results.Feasible, "-41", "-50", 60}, // better than published, bound as well
	{"ctap_1|a", "lp_a&b|c", 1, results.Unfit, "", "", 0.01},
	{"ctap_1|a", long, 1, results.Feasible, "-20", "-1000", 60},
	{"full", "auto", 1, results.Infeasible, "", "", 0.2},
	{"full", "lp_a&b|c", 1, results.Infeasible, "", "", 1234.5},
}

func same(outcome results.Outcome, cost model.Number) []run {
	var runs []run
	for _, method := range []string{"auto", "lp"} {
		for _, instance := range []string{"i1", "i2", "i3"} {
			runs = append(runs, run{instance, method, 1, outcome, cost, "", 2})
		}
	}
	return runs
}

// studies are of all sorts.
var studies = map[string][]run{
	"ordinary":       ordinary,
	"nothing":        nil,
	"one run":        ordinary[:1],
	"one method":     {ordinary[0], ordinary[6], ordinary[7]},
	"nothing solved": same(results.Timeout, ""),
	"ties":           same(results.Optimal, "7"),
	"all unfit":      same(results.Unfit, ""),
	"all infeasible": same(results.Infeasible, ""),
}
