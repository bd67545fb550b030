package adapter

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"berth/model"
	"berth/results"
	"berth/search"
)

// What a program says is held against the problem, against itself and against what
// is published. Nothing of it is believed: a placement is decoded and costed by the
// judge, and a claim that is refuted makes the run wrong, whatever else it did.

// End is how a program ended.
type End string

// The ends of a program.
const (
	Exited    End = "exited"    // by itself, with a status
	Signalled End = "signalled" // by a signal that the harness did not send
	Timeout   End = "timeout"   // stopped at the limit of time
	Memory    End = "memory"    // stopped at the limit of memory
	Output    End = "output"    // stopped because it wrote too much
)

// Ended is what is known of a program when it has ended.
type Ended struct {
	End            End
	Exit           int    // of one that exited
	Signal         string // of one that was signalled
	Stdout, Stderr []byte // as far as they were kept
	Wall           time.Duration
}

// killed says whether the harness ended the program.
func (e *Ended) killed() bool { return e.End != Exited && e.End != Signalled }

// Judged is what became of a run.
type Judged struct {
	Outcome    results.Outcome
	Note       string // why, in a line, where the outcome has a reason
	Claim      results.Claim
	Cost       model.Number // of its placement, by the judge; empty without one that keeps the rules
	Trajectory []results.Step
	// Solution is the placement as a document; nil without one that keeps the rules.
	Solution func() (*model.Solution, error)
	Work     int64 // in units, as the program counts them; 0 where it does not
}

// Judge reads the answer of a program that has ended and says what is true of it.
// known is what is published about the instance, nil for nothing.
//
// The moments before the end are the program's own account, only kept from being
// better than the end.
func (c *Call) Judge(ended Ended, known *results.Known) *Judged {
	v := c.answer(ended.Stdout)
	if ended.killed() { // maybe while it wrote
		v.garbled = cmp.Or(v.torn, v.garbled)
	} else {
		v.lie = cmp.Or(v.lie, v.torn)
	}
	logged, line := c.adapter.said(ended.Stdout)
	if logged == "" || logged == "unknown" { // why is on standard error, maybe
		if more, why := c.adapter.said(ended.Stderr); more != "" {
			logged, line = more, why
		}
	}
	if logged == "optimal" || logged == "infeasible" || logged == "unknown" && v.status == "" {
		v.status = model.Status(logged)
	}
	if c.program != nil {
		v.claims(&c.log)
	}
	if c.flat && v.placed && v.least <= v.cost {
		v.least, v.bound, v.short = v.cost, c.format(v.cost), false // some programs know no optimum without costs
	}
	if v.status == model.Optimal && (c.decides || v.short && c.job.Limits.Gap != "") {
		v.status = model.Feasible // as good as was asked for
	}
	j := &Judged{Work: v.work}
	if v.placed {
		j.Cost, j.Solution = c.format(v.cost), v.kept
	}
	if why := c.refuted(v, &ended, known); why != "" {
		j.Outcome, j.Note = results.Wrong, why
	} else {
		j.Outcome, j.Note = v.outcome(&ended, logged, line)
	}
	if j.Outcome == results.Optimal {
		v.bound, v.least = j.Cost, v.cost
	}
	j.Claim = results.Claim{Status: string(v.status), Objective: v.objective, Bound: v.bound}
	if j.Outcome != results.Wrong {
		j.Trajectory = c.account(v, ended.Wall.Seconds())
	}
	return j
}

// refuted returns what is untrue of a run's claims, "" where nothing is known to be.
func (c *Call) refuted(v *verdict, ended *Ended, known *results.Known) string {
	published, source := publishedValue(known)
	switch {
	case v.lie != "":
		return v.lie
	case v.status == model.Infeasible && v.placed:
		return fmt.Sprintf("it says that no placement exists, and gives one of cost %s", c.format(v.cost))
	case v.status == model.Infeasible && published != nil:
		return fmt.Sprintf("it says that no placement exists; one of cost %s is known%s", published.text, source)
	case v.off && !ended.killed():
		return fmt.Sprintf("it says that its placement costs %s; it costs %s", v.objective, c.format(v.cost))
	case v.placed && v.least > v.cost:
		return fmt.Sprintf("it says that no placement costs less than %s; its own costs %s", v.bound, c.format(v.cost))
	case v.least != search.NoBound && published.below(c.format(v.least)):
		return fmt.Sprintf("it says that no placement costs less than %s; one of cost %s is known%s", v.bound, published.text, source)
	case v.status != model.Optimal || !v.placed:
		return ""
	case v.short:
		return fmt.Sprintf("it says that its placement of cost %s is optimal, and that one of cost %s may exist", c.format(v.cost), v.bound)
	case published.below(c.format(v.cost)):
		return fmt.Sprintf("it says that its placement of cost %s is optimal; one of cost %s is known%s", c.format(v.cost), published.text, source)
	}
	return ""
}

// published is the cost of a placement that is known to exist; nil: none is.
type published struct{ text model.Number }

func publishedValue(known *results.Known) (*published, string) {
	if known == nil || known.Value.Rat() == nil {
		return nil, ""
	}
	if known.Source == "" {
		return &published{known.Value}, ""
	}
	return &published{known.Value}, " (" + known.Source + ")"
}

// below says whether what is known costs less.
func (p *published) below(cost model.Number) bool {
	return p != nil && p.text.Rat().Cmp(cost.Rat()) < 0
}

// outcome classifies a run of which nothing is refuted.
func (v *verdict) outcome(ended *Ended, logged, line string) (outcome results.Outcome, note string) {
	switch {
	case v.placed && (v.status == model.Optimal || v.least >= v.cost):
		return results.Optimal, ""
	case v.placed:
		return results.Feasible, ""
	case v.status == model.Infeasible:
		return results.Infeasible, ""
	case ended.End == Timeout:
		return results.Timeout, v.garbled
	case ended.End == Memory:
		return results.Memory, v.garbled
	case logged == "unfit":
		return results.Unfit, line
	case logged == "memory":
		return results.Memory, line
	case ended.End == Output:
		return results.Rubbish, "it wrote more than it may"
	case v.garbled != "":
		return results.Rubbish, v.garbled
	case ended.End == Signalled:
		return results.Crash, because("ended by a signal, "+ended.Signal, ended)
	case v.status.HasPlacement():
		return results.Rubbish, "it says " + string(v.status) + " and gives no placement"
	case v.status == model.Unknown:
		return results.Unknown, line
	case ended.Exit != 0:
		return results.Crash, because(fmt.Sprintf("ended with status %d", ended.Exit), ended)
	case len(bytes.TrimSpace(ended.Stdout)) > 0:
		return results.Rubbish, "nothing that it printed says how it ended: " + firstLine(ended.Stdout)
	}
	return results.Unknown, "it ended without a word"
}

// account is the trajectory up to the end.
func (c *Call) account(v *verdict, wall float64) []results.Step {
	end, most := step{wall, search.NoCost, v.least, ""}, v.least
	if v.least == search.NoBound {
		most = math.MaxInt64
	}
	if v.placed {
		end.cost, most = v.cost, min(most, v.cost)
	}
	return c.trajectory(append(v.steps, end), end.cost, most, wall)
}

func (c *Call) format(units int64) model.Number { return model.Number(c.job.Problem.Format(units)) }

// because adds what a program said last: on standard error, or else before.
func because(what string, ended *Ended) string {
	for _, text := range [][]byte{ended.Stderr, ended.Stdout} {
		if text = bytes.TrimSpace(text); len(text) > 0 {
			return what + ": " + firstLine(text[bytes.LastIndexByte(text, '\n')+1:])
		}
	}
	return what
}

// firstLine is the first line that is not blank, without what is not to be printed,
// cut where it is long.
func firstLine(text []byte) string {
	const most = 200
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	line = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, line))
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return line
}
