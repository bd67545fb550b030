// Package conflict says which parts of a document cannot hold together, and what
// changes would let it have a placement.
//
// It works on the document before anything is compiled away, so that a selector, a
// node that is too small and a missing link are parts of a conflict like any rule.
// A part is what a user can take back by itself, see Member.
//
//   - statement.go: the document resolved; member.go: its parts in words, and the
//     document without some of them.
//   - greedy.go finds a placement quickly where that is easy, and else the tasks that
//     are in one another's way; count.go finds shortages that plain sums show;
//     clauses.go asks a SAT solver about some tasks. decide.go puts the three together.
//   - minimise.go makes a conflict minimal: each part is tried without (deletion;
//     Chinneck and Dravnieks, "Locating Minimal Infeasible Constraint Sets in Linear
//     Programs", ORSA Journal on Computing 1991), starting from what the solver names.
//   - ways.go finds the ways out: the smallest sets of parts that hit every conflict
//     (Reiter, "A Theory of Diagnosis from First Principles", Artificial Intelligence
//     1987); relent.go finds for each the least change that will do, and change.go makes
//     it and says it in words.
package conflict

import (
	"context"

	"berth/model"
	"berth/solvers/sat/oracle"
)

// Report is why a document has no placement.
type Report struct {
	Conflict  []Member // cannot hold together; empty: none was found in time
	Minimal   bool     // without any one of them, the others can
	Ways      []Way    // out, the cheapest first, each with a placement that the judge has seen
	Exhausted bool     // there is no other way with as few changes as the first
	Feasible  bool     // a placement was found: there is no conflict
}

// Limits bound what Find does. Work is in units of about a nanosecond.
type Limits struct {
	Work int64
	Ways int // most ways out to be listed
}

// Find looks for a minimal conflict in a document and for the ways out of it. An error
// means that the document cannot be compiled.
func Find(ctx context.Context, in *model.Instance, limits Limits) (*Report, error) {
	s, err := newStatement(in)
	if err != nil {
		return nil, err
	}
	d := &decider{statement: s, goOn: oracle.Budget(ctx, limits.Work/3)}
	report := &Report{}
	off := make([]bool, len(s.members))
	answer := d.decide(off)
	switch answer.verdict {
	case yes:
		report.Feasible = true
		return report, nil
	case unknown:
		return report, nil
	}
	d.each = min(limits.Work/questions, mostEach)
	core, minimal := d.minimise(answer.core)
	report.Minimal = minimal
	for _, m := range core {
		report.Conflict = append(report.Conflict, s.members[m])
	}
	d.goOn = oracle.Budget(ctx, limits.Work/3)
	report.Ways, report.Exhausted, err = d.waysOut(core, limits.Ways, oracle.Budget(ctx, limits.Work/3))
	return report, err
}

// Work is shared into parts, of which no question but the first gets more than one, and
// no more than helps.
const (
	questions = 20
	mostEach  = 400_000_000
)
