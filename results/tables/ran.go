package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/model"
	"berth/results"
)

// ran is a table of what was run: how much, on what, by whom, when. It has no head.
func ran(s *results.Study) Table {
	t := Table{
		Name: "ran", Title: "What was run",
		Columns: []Column{{Fields: []string{"what"}}, {Prose: true, Fields: []string{"value"}}},
	}
	say := func(what, value string) {
		if value != "" {
			t.Rows = append(t.Rows, []Cell{name(what), name(value)})
		}
	}
	say("runs", runsByOutcome(s.Runs))
	instances := model.Plural(len(s.Instances), "instance")
	if len(s.Groups) > 1 {
		instances += " in " + model.Plural(len(s.Groups), "group") + ": " + strings.Join(s.Groups, ", ")
	}
	say("on", instances)
	say("methods", strings.Join(s.Methods, ", "))
	for _, d := range []struct {
		what string
		of   func(*results.Run) string
	}{
		{"limits", func(r *results.Run) string { return r.Limits.Text() }},
		{"versions", func(r *results.Run) string { return r.Version }},
		{"machines", func(r *results.Run) string { return r.Machine.Text() }},
	} {
		say(d.what, strings.Join(distinct(s.Runs, d.of), "; "))
	}
	seeds := make(map[uint64]bool)
	var first, last time.Time
	wall := 0.0
	for _, r := range s.Runs {
		seeds[r.Seed] = true
		wall += r.Usage.Wall
		if first.IsZero() || r.Started.Before(first) {
			first = r.Started
		}
		if end := r.Started.Add(time.Duration(r.Usage.Wall * float64(time.Second))); end.After(last) {
			last = end
		}
	}
	say("seeds", model.Plural(len(seeds), "seed"))
	if len(s.Runs) > 0 {
		say("when", fmt.Sprintf("%s to %s UTC, %s of wall time in all", first.UTC().Format(minute), last.UTC().Format(minute), results.Lasting(wall)))
	}
	return t
}

const minute = "2006-01-02 15:04"

func runsByOutcome(runs []*results.Run) string {
	number := make(map[results.Outcome]int)
	for _, r := range runs {
		number[r.Outcome]++
	}
	var parts []string
	for _, o := range results.Outcomes {
		if number[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", number[o], o))
		}
	}
	text := model.Plural(len(runs), "run")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return text
}

// distinct lists what the runs say, the most frequent first.
func distinct(runs []*results.Run, of func(*results.Run) string) []string {
	number := make(map[string]int)
	for _, r := range runs {
		number[of(r)]++
	}
	var said []string
	for text := range number {
		if text != "" {
			said = append(said, text)
		}
	}
	slices.SortFunc(said, func(a, b string) int { return cmp.Or(cmp.Compare(number[b], number[a]), cmp.Compare(a, b)) })
	return said
}
