//go:build cgo

package lp

import (
	"slices"

	"berth/solvers/lp/safe"
)

// Learning from proofs. The multipliers by which a node or a trial was pruned make one row of
// all rows, and the cost's among them, that holds in the whole tree (dual proof analysis: Witzig, Berthold,
// Heinz, "Computational aspects of infeasibility analysis in mixed integer programming",
// Mathematical Programming Computation 2021). Propagated with the others, it fixes elsewhere, and prunes
// before a relaxation is solved, what it would take many iterations to see again.
//
// Departures: the rows are summed in integers (safe.Prover.Row), so that they hold as they are;
// the latest are kept, whatever they did.
//
// Cost: setting up the propagation anew, once for each proof that is followed by a fixing.

// mostLearnt is how many rows are kept.
const mostLearnt = 64

// learnt is what a tree has learnt.
type learnt struct {
	rows  []*safe.Row
	count int  // of rows learnt so far
	fresh bool // the domain does not have them all yet
}

// learn keeps what the prover's last bound, which prunes, says of the whole tree. A proof that
// is taken down has no such rows, and as long as no solution is known, finding one comes first:
// what is learnt leads dives elsewhere, mostly to nothing.
func (t *tree) learn() {
	if t.scribe != nil || t.evaluated == 0 || t.host.incumbent() == nil {
		return
	}
	limit, _ := t.limit()
	row := t.prover.Row(limit)
	if row == nil {
		return
	}
	l := &t.learnt
	if len(l.rows) < mostLearnt {
		l.rows = append(l.rows, row)
	} else {
		l.rows[l.count%mostLearnt] = row
	}
	l.count++
	l.fresh = true
}

// recall gives the domain what was learnt since it was last called.
func (t *tree) recall() {
	if t.learnt.fresh {
		t.learnt.fresh = false
		rows := slices.Concat(t.core.below(t.host.cutoff()), t.learnt.rows)
		t.domain.Load(rows)
		for _, row := range rows {
			t.domain.Steps += int64(len(row.Vars))
		}
	}
}
