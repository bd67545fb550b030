// Package oracle asks gini, a SAT solver (github.com/irifrance/gini), whether
// clauses can be satisfied, in a way that can be interrupted, counted and
// repeated.
//
// gini is deterministic, but it has no limit in steps and shows no statistics. It
// does stop at a tick every 20,000 propagations where somebody waits to pause it.
// So while it solves, the oracle pauses it tick by tick, and counts what it has
// done from its own counter of propagations, read by reflection. Steps are handed
// on in equal portions, and an answer only after all of its steps. What a caller
// sees then depends on the clauses alone: a run that a limit stops at some count
// of steps stops there always, even where gini itself ran on a little further.
//
// gini must not be asked again once the clauses contradict each other without any
// assumption, and it must forget its last conflict before it is asked anew under
// other assumptions: its answers may be wrong else. The oracle sees to both.
package oracle

import (
	"context"
	"reflect"

	"github.com/irifrance/gini"
	"github.com/irifrance/gini/z"

	"berth/encode/sat"
)

// Answer is what the oracle says.
type Answer int

// The answers.
const (
	No      Answer = -1 // no assignment satisfies the clauses under the assumptions
	Stopped Answer = 0
	Yes     Answer = 1 // Value tells how
)

// What a step takes, in units of work of about a nanosecond.
const (
	workPerPropagation = 250
	workPerLiteral     = 100 // of a clause that is read
	portion            = 20_000
)

// Oracle is a set of clauses that grows.
type Oracle struct {
	gini  *gini.Gini
	props reflect.Value // gini's counter of propagations
	read  int           // position in the CNF up to which its clauses are in gini
	no    bool          // the clauses contradict each other
	core  []sat.Lit
}

// Budget counts work up to a most, and says whether to go on: until that is done or
// the context ends.
func Budget(ctx context.Context, most int64) (goOn func(work int64) bool) {
	return func(work int64) bool {
		most -= work
		return most > 0 && ctx.Err() == nil
	}
}

// New returns an oracle without clauses.
func New() *Oracle {
	g := gini.New()
	solver := reflect.ValueOf(g).Elem().FieldByName("xo").Elem()
	return &Oracle{gini: g, props: solver.FieldByName("Trail").Elem().FieldByName("Props")}
}

// Read takes in the clauses that were added to the list since the last call, which
// must have been with the same list. It hands the work done to goOn, and stops with
// false after that says false: the rest is left to the next call.
func (o *Oracle) Read(c *sat.CNF, goOn func(work int64) bool) bool {
	more, literals := true, int64(0)
	c.Since(o.read, func(clause []sat.Lit) {
		if !more {
			return
		}
		for _, l := range clause {
			o.gini.Add(z.Dimacs2Lit(int(l)))
		}
		o.gini.Add(z.LitNull)
		o.read += len(clause) + 1
		if literals += int64(len(clause)); literals >= portion {
			more = goOn(literals * workPerLiteral)
			literals = 0
		}
	})
	return more && goOn(literals*workPerLiteral)
}

// Solve says whether the clauses can be satisfied under the assumptions. It hands
// the work done to goOn, portion by portion, and stops soon after that says false.
func (o *Oracle) Solve(assumptions []sat.Lit, goOn func(work int64) bool) Answer {
	o.core = o.core[:0]
	if o.no {
		return No
	}
	o.forget()
	for _, l := range assumptions {
		o.gini.Assume(z.Dimacs2Lit(int(l)))
	}
	answer := o.wait(goOn)
	if answer == No {
		for _, l := range o.gini.Why(nil) {
			o.core = append(o.core, sat.Lit(l.Dimacs()))
		}
		o.no = len(o.core) == 0
	}
	return answer
}

// wait starts gini and follows it tick by tick.
func (o *Oracle) wait(goOn func(work int64) bool) Answer {
	counted := o.props.Int()
	run := o.gini.GoSolve()
	for {
		answer, running := run.Pause()
		more := goOn(0)
		for done := o.props.Int(); more && done-counted >= portion; counted += portion {
			more = goOn(portion * workPerPropagation)
		}
		switch {
		case !running && more && goOn((o.props.Int()-counted)*workPerPropagation):
			return Answer(answer)
		case !running:
			return Stopped
		}
		run.Unpause()
		if !more {
			run.Stop()
			return Stopped
		}
	}
}

// forget clears gini's last conflict: adding any clause does that, and this one
// says nothing.
func (o *Oracle) forget() {
	some := z.Var(1).Pos()
	o.gini.Add(some)
	o.gini.Add(some.Not())
	o.gini.Add(z.LitNull)
}

// Value says whether a literal is true in the assignment that was found last.
func (o *Oracle) Value(l sat.Lit) bool { return o.gini.Value(z.Dimacs2Lit(int(l))) }

// Core lists assumptions that cannot hold together, after a No: none of them where
// the clauses contradict each other by themselves.
func (o *Oracle) Core() []sat.Lit { return o.core }
