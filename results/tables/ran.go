package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"berth/results"
)

// Ran is a table of what was run: how much, on what, by whom, when. It has no head.
func Ran(s *results.Study) Table {
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
	instances := plural(len(s.Instances), "instance")
	if len(s.Groups) > 1 {
		instances += " in " + plural(len(s.Groups), "group") + ": " + strings.Join(s.Groups, ", ")
	}
	say("on", instances)
	say("methods", strings.Join(s.Methods, ", "))
	for _, d := range []struct {
		what string
		of   func(*results.Run) string
	}{
		{"limits", func(r *results.Run) string { return limits(r.Limits) }},
		{"versions", func(r *results.Run) string { return r.Version }},
		{"machines", func(r *results.Run) string { return machine(r.Machine) }},
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
	say("seeds", plural(len(seeds), "seed"))
	if len(s.Runs) > 0 {
		say("when", fmt.Sprintf("%s to %s UTC, %s of wall time in all", first.UTC().Format(minute), last.UTC().Format(minute), lasting(wall)))
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
	text := plural(len(runs), "run")
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

func limits(l results.Limits) string {
	var parts []string
	if l.Seconds > 0 {
		parts = append(parts, lasting(l.Seconds))
	}
	if l.Work > 0 {
		parts = append(parts, fmt.Sprintf("%d units of work", l.Work))
	}
	if l.Memory > 0 {
		parts = append(parts, memory(l.Memory))
	}
	if l.Gap != "" {
		parts = append(parts, "gap "+l.Gap)
	}
	if l.Threads > 0 {
		parts = append(parts, plural(l.Threads, "thread"))
	}
	return strings.Join(parts, ", ")
}

func machine(m results.Machine) string {
	parts := []string{m.Host}
	if m.Cores > 0 {
		parts = append(parts, strings.TrimSpace(m.CPU+" "+plural(m.Cores, "core")))
	}
	if m.Memory > 0 {
		parts = append(parts, memory(m.Memory))
	}
	parts = append(parts, m.System)
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

func memory(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= unit.size {
			return rounded(float64(n)/float64(unit.size)) + " " + unit.name
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

// lasting words seconds in the unit that suits them.
func lasting(seconds float64) string {
	switch {
	case seconds >= 48*3600:
		return rounded(seconds/(24*3600)) + " days"
	case seconds >= 2*3600:
		return rounded(seconds/3600) + " h"
	case seconds > 120:
		return rounded(seconds/60) + " min"
	}
	return rounded(seconds) + " s"
}

// rounded has at most three significant digits, and none that are 0 at the end.
func rounded(x float64) string {
	if x >= 1000 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}
