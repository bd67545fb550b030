package tables

import (
	"strconv"
	"strings"
	"time"

	"berth/results"
)

// Runs is a table of every run of a study, for programs.
func Runs(s *results.Study) Table {
	t := Table{Name: "runs", Title: "Runs"}
	for _, f := range runFields {
		t.Columns = append(t.Columns, Column{Head: f.name, Fields: []string{f.name}})
	}
	for _, r := range s.Runs {
		row := make([]Cell, len(runFields))
		for k, f := range runFields {
			row[k] = name(f.of(r))
			row[k].Wrong = r.Outcome == results.Wrong && f.name == "outcome"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// runFields are what is written of a run.
var runFields = []struct {
	name string
	of   func(*results.Run) string
}{
	{"id", func(r *results.Run) string { return r.ID }},
	{"instance", func(r *results.Run) string { return r.Entry.Name }},
	{"group", func(r *results.Run) string { return r.Entry.Group }},
	{"file", func(r *results.Run) string { return r.Instance.File }},
	{"nodes", func(r *results.Run) string { return strconv.Itoa(r.Instance.Nodes) }},
	{"tasks", func(r *results.Run) string { return strconv.Itoa(r.Instance.Tasks) }},
	{"method", func(r *results.Run) string { return r.Method }},
	{"options", func(r *results.Run) string { return strings.Join(r.Options, " ") }},
	{"seed", func(r *results.Run) string { return strconv.FormatUint(r.Seed, 10) }},
	{"version", func(r *results.Run) string { return r.Version }},
	{"limit_seconds", func(r *results.Run) string { return someSeconds(r.Limits.Seconds) }},
	{"limit_work", func(r *results.Run) string { return some(r.Limits.Work) }},
	{"limit_bytes", func(r *results.Run) string { return some(r.Limits.Memory) }},
	{"limit_gap", func(r *results.Run) string { return r.Limits.Gap }},
	{"threads", func(r *results.Run) string { return strconv.Itoa(r.Limits.Threads) }},
	{"outcome", func(r *results.Run) string { return string(r.Outcome) }},
	{"note", func(r *results.Run) string { return r.Note }},
	{"cost", func(r *results.Run) string { return string(r.Cost) }},
	{"gap", func(r *results.Run) string { return exact(r.Gap) }},
	{"claimed_status", func(r *results.Run) string { return r.Claim.Status }},
	{"claimed_objective", func(r *results.Run) string { return string(r.Claim.Objective) }},
	{"claimed_bound", func(r *results.Run) string { return string(r.Claim.Bound) }},
	{"best_cost", func(r *results.Run) string { return string(r.Entry.Best) }},
	{"best_bound", func(r *results.Run) string { return string(r.Entry.Bound) }},
	{"published", func(r *results.Run) string { return string(published(r).Value) }},
	{"published_status", func(r *results.Run) string { return published(r).Status }},
	{"wall_seconds", func(r *results.Run) string { return exact(r.Usage.Wall) }},
	{"cpu_seconds", func(r *results.Run) string { return exact(r.Usage.CPU) }},
	{"peak_bytes", func(r *results.Run) string { return some(r.Usage.Peak) }},
	{"work", func(r *results.Run) string { return some(r.Usage.Work) }},
	{"exit", func(r *results.Run) string { return r.Usage.Exit }},
	{"host", func(r *results.Run) string { return r.Machine.Host }},
	{"started", func(r *results.Run) string { return r.Started.UTC().Format(time.RFC3339) }},
	{"command", func(r *results.Run) string { return r.Command }},
}

func published(r *results.Run) results.Known {
	if r.Entry.Known == nil {
		return results.Known{}
	}
	return *r.Entry.Known
}

// some writes a number whose 0 says that there is none.
func some(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func someSeconds(x float64) string {
	if x == 0 {
		return ""
	}
	return exact(x)
}
