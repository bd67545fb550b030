package tables

import (
	"fmt"

	"berth/results"
)

// Methods is the table of methods: a row for each, with its intervals.
func Methods(s *results.Study) Table {
	t := Table{
		Name: "methods", Title: "Methods",
		Columns: []Column{
			{Head: "method", Fields: []string{"method"}},
			{Head: "instances", Number: true, Fields: []string{"instances"}},
			{Head: "runs", Number: true, Fields: []string{"runs"}},
			{Head: "solved", Number: true, Fields: []string{"solved"}},
			{Head: "proven", Number: true, Fields: []string{"proven"}},
			{Head: "wrong", Number: true, Seldom: true, Fields: []string{"wrong"}},
			{Head: "failed", Number: true, Seldom: true, Fields: []string{"failed"}},
			{Head: "unfit", Number: true, Seldom: true, Fields: []string{"unfit"}},
			{Head: "wins", Number: true, Fields: []string{"wins"}},
			{Head: "time (s)", Number: true, Fields: fields("time_seconds")},
			{Head: "PAR10 (s)", Number: true, Fields: fields("par10_seconds")},
			{Head: "used (s)", Number: true, Fields: fields("used_seconds")},
			{Head: "gap (%)", Number: true, Fields: fields("gap")},
			{Head: "primal (%)", Number: true, Fields: fields("primal_integral")},
		},
		Notes: []string{
			"solved: runs with a placement that the judge accepts; proven: runs that settled the question; failed: runs without an answer; unfit: runs of a method that does not handle the instance, left out of the means; wins: instances on which no other method is better, by proof, then gap, then time; times within 5 % or 5 ms of each other count as equal.",
			"time: seconds to the proof, the limit where there is none, shifted geometric mean (shift 1 s); PAR10: their mean, ten times the limit where there is no proof; used: seconds that the runs took, proof or not, shifted geometric mean; gap: mean gap to the best known, 100 without a placement; primal: mean primal integral, a share of the limit.",
			"In brackets: 95 % intervals, bootstrapped over instances.",
		},
	}
	for _, m := range s.Summaries() {
		wrong := count(m.Wrong)
		wrong.Wrong = m.Wrong > 0
		t.Rows = append(t.Rows, []Cell{
			name(m.Method), count(m.Instances), count(m.Runs), count(m.Solved), count(m.Proven),
			wrong, count(m.Failed), count(m.Unfit), count(m.Wins),
			interval(m.Time, number), interval(m.PAR10, number), interval(m.Used, number),
			interval(m.Gap, percent), interval(m.Primal, percent),
		})
	}
	return t
}

// byGroup is the table of methods for each group, where there are several.
func byGroup(s *results.Study) []Table {
	if len(s.Groups) < 2 {
		return nil
	}
	var tables []Table
	for k, group := range s.Groups {
		t := Methods(s.Select(func(r *results.Run) bool { return r.Entry.Group == group }))
		t.Name, t.Title, t.Notes = fmt.Sprintf("methods-%d", k+1), "Methods on group "+group, nil
		if group == "" {
			t.Title = "Methods outside groups"
		}
		tables = append(tables, t)
	}
	return tables
}
