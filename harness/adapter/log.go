package adapter

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"berth/results"
	"berth/search"
)

// log is what a program has printed about its progress so far.
type log struct {
	scale     scale
	objective *big.Rat // said last; nil: it has none
	bound     *big.Rat
	steps     []step
}

// step is a moment: the best cost and bound until then, in units; NoCost and NoBound
// where there is none.
type step struct {
	seconds     float64
	cost, bound int64
	by          string
}

// Line takes a line that the program printed, and when it came, counted from its
// start. It is to be called for each line of standard output, in order; what it does
// not understand it passes over.
func (c *Call) Line(at time.Duration, line []byte) {
	for _, e := range c.adapter.progress {
		if match := e.FindSubmatch(line); match != nil {
			c.log.take(at.Seconds(), e, match)
			return
		}
	}
}

// take reads the groups of an expression that matched. A word where a number belongs
// means that there is none.
func (l *log) take(at float64, e *regexp.Regexp, match [][]byte) {
	for k, group := range e.SubexpNames() {
		text := string(match[k])
		switch group {
		case "seconds":
			at = min(at, parseSeconds(text))
		case "objective":
			l.objective = parseNumber(text)
		case "bound":
			l.bound = parseNumber(text)
		}
	}
	now := step{at, search.NoCost, search.NoBound, ""}
	if l.objective != nil {
		if cost, ok := l.scale.cost(l.scale.nearest(l.objective)); ok {
			now.cost = cost
		}
	}
	if l.bound != nil {
		if bound, ok := l.scale.cost(l.scale.atLeast(l.bound)); ok {
			now.bound = bound
		}
	}
	l.steps = improve(l.steps, now)
}

// improve appends a step if it is better than the last.
func improve(steps []step, now step) []step {
	last := step{0, search.NoCost, search.NoBound, ""}
	if n := len(steps); n > 0 {
		last = steps[n-1]
	}
	now.seconds, now.cost, now.bound = max(now.seconds, last.seconds), min(now.cost, last.cost), max(now.bound, last.bound)
	if now.cost == last.cost && now.bound == last.bound {
		return steps
	}
	return append(steps, now)
}

// parseSeconds reads a time such as 12.3, 12.3s, 5m, 2h or 1d, in seconds; +Inf where
// it is none.
func parseSeconds(text string) float64 {
	factor := 1.0
	for unit, seconds := range map[string]float64{"s": 1, "m": 60, "h": 3600, "d": 86400} {
		if number, found := strings.CutSuffix(text, unit); found {
			text, factor = number, seconds
			break
		}
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(value) || value < 0 {
		return math.Inf(1)
	}
	return value * factor
}

// said is the first of the expressions for how a run ended that the log has, with the
// line that says so.
func (a *Adapter) said(printed []byte) (status, line string) {
	for _, status := range statuses {
		if e := a.status[status]; e != nil {
			if match := e.Find(printed); match != nil {
				return status, strings.TrimSpace(string(match))
			}
		}
	}
	return "", ""
}

// moments is how many steps of a run are kept besides the first: the last in each
// such part of its time. A picture shows no more.
const moments = 1000

// trajectory turns steps into those of a record. No cost is below that of the judged
// placement, NoCost where there is none, and no bound above the one that counts.
func (c *Call) trajectory(steps []step, cost, bound int64, wall float64) []results.Step {
	var kept []step
	part := func(s step) float64 { return math.Floor(s.seconds / wall * moments) }
	for _, s := range steps {
		s.seconds, s.cost, s.bound = min(s.seconds, wall), max(s.cost, cost), min(s.bound, bound)
		better := improve(kept, s)
		if n := len(kept); len(better) > n && n > 1 && part(better[n]) == part(kept[n-1]) {
			better[n-1] = better[n]
			better = better[:n]
		}
		kept = better
	}
	var out []results.Step
	for _, s := range kept {
		step := results.Step{Seconds: math.Round(s.seconds*1e6) / 1e6, By: s.by}
		if s.cost != search.NoCost {
			step.Cost = c.format(s.cost)
		}
		if s.bound != search.NoBound {
			step.Bound = c.format(s.bound)
		}
		out = append(out, step)
	}
	return out
}
