package conflict

import (
	"slices"

	"berth/model"
	"berth/solvers/sat/oracle"
)

// verdict is what is known of some parts: whether they can hold together.
type verdict int8

const (
	unknown verdict = iota
	yes
	no
)

// outcome is a verdict with what shows it.
type outcome struct {
	verdict
	at   []int32 // yes: the node of every replica; those that need not be placed may be out
	core []int   // no: members that cannot hold together
}

// decider finds out whether the parts of a statement that are not off can hold together.
type decider struct {
	*statement
	goOn     func(work int64) bool
	each     int64     // most work for one question; 0: no limit of its own
	kept     *clauses  // of the last question, for those about no other tasks
	suspects []int     // tasks of conflicts found before: they are asked about first
	last     []int32   // the fullest placement so far, perhaps of not all: the next may be near it
	whole    []*domain // by task: with nothing off; nil where it was not asked for
}

// What looking for shortages takes for each task and node, less where domains are known, and a
// clause to be written, in units of about a nanosecond.
const (
	workPerPair   = 60
	workPerKnown  = 15
	workPerClause = 500
)

// How often greedy tries before it repairs, how many repairs it makes of a placement
// that is near and of one that is not, and how many tasks the clauses look at first.
const (
	rounds      = 12
	nearRepairs = 200
	farRepairs  = 800
	firstTasks  = 8
)

// decide answers where it can within its work.
func (d *decider) decide(off []bool) outcome {
	if d.each > 0 {
		all := d.goOn
		defer func() { d.goOn = all }()
		left := d.each
		d.goOn = func(work int64) bool {
			left -= work
			return all(work) && left > 0
		}
	}
	if core := d.shortage(off); core != nil {
		return outcome{verdict: no, core: core}
	}
	if !d.goOn(0) {
		return outcome{}
	}
	if len(d.suspects) > 0 {
		if answer, core := d.clauses(d.closed(d.suspects, off)).solve(off, d.goOn); answer == oracle.No {
			return outcome{verdict: no, core: core}
		}
	}
	g := newGreedy(d.statement, off)
	need := g.allNeeded()
	if d.quickly(g, need) {
		return outcome{verdict: yes, at: g.at}
	}
	blamed := g.blamed(need)
	all := d.closed(need, off)
	for n := firstTasks; ; n *= 2 {
		some := all
		if n < len(blamed) {
			some = d.closed(blamed[:n], off)
		}
		c := d.clauses(some)
		answer, core := c.solve(off, d.goOn)
		switch {
		case answer == oracle.No:
			d.suspect(core)
			return outcome{verdict: no, core: core}
		case answer == oracle.Stopped:
			return outcome{}
		case containsAll(c.some, all):
			for k := range g.at {
				g.at[k] = model.NoPlace
			}
			c.placement(g.at)
			d.keep(g.at)
			return outcome{verdict: yes, at: g.at}
		}
	}
}

// quickly looks for a placement near the last one, then for any.
func (d *decider) quickly(g *greedy, need []int) bool {
	if d.last != nil {
		g.near(d.last, need)
		if g.repair(need, nearRepairs, d.goOn) {
			d.keep(g.at)
			return true
		}
		clear(g.failed)
	}
	if g.rounds(rounds, need, d.goOn) || g.repair(need, farRepairs, d.goOn) {
		d.keep(g.at)
		return true
	}
	d.keep(g.at)
	return false
}

// keep notes a placement to begin with, unless it has fewer replicas than the last one.
func (d *decider) keep(at []int32) {
	if d.last == nil || placed(at) >= placed(d.last) {
		d.last = slices.Clone(at)
	}
}

func placed(at []int32) int {
	n := 0
	for _, j := range at {
		if j != model.NoPlace {
			n++
		}
	}
	return n
}

// suspect notes the tasks of a conflict.
func (d *decider) suspect(core []int) {
	for _, m := range core {
		if i := d.members[m].Task; i >= 0 && !slices.Contains(d.suspects, i) {
			d.suspects = append(d.suspects, i)
		}
	}
}

// clauses returns those about the tasks, or about more of them where they are at hand.
func (d *decider) clauses(some []int) *clauses {
	if d.kept == nil || d.kept.statement != d.statement || !containsAll(d.kept.some, some) {
		d.kept = newClauses(d.statement, some)
		d.goOn(int64(d.kept.cnf.Clauses) * workPerClause)
	}
	return d.kept
}

// closed adds to tasks those without which clauses about them would ask for more than
// the document does, or for less than what an answer yes has to keep: the others of an
// affinity or a spread; all that reads, where an uplink is limited; all that runs
// today, where moves are.
func (d *decider) closed(some []int, off []bool) []int {
	in := make([]bool, len(d.tasks))
	var list []int
	add := func(i int) {
		if !in[i] {
			in[i] = true
			list = append(list, i)
		}
	}
	for _, i := range some {
		add(i)
	}
	limited := slices.ContainsFunc(d.ofUplink, func(m int) bool { return m >= 0 && !off[m] })
	moving := d.ofMoves >= 0 && !off[d.ofMoves]
	for i := range d.tasks {
		if limited && len(d.tasks[i].Reads) > 0 || moving && len(d.tasks[i].Current) > 0 {
			add(i)
		}
	}
	for n := 0; n < len(list); n++ {
		for _, k := range d.tasks[list[n]].rules {
			if r := &d.rules[k]; r.Kind != model.AntiAffinity {
				for _, i := range r.Tasks {
					add(int(i))
				}
			}
		}
	}
	slices.Sort(list)
	return list
}

// containsAll says whether an ascending list holds all of another.
func containsAll(list, some []int) bool {
	for _, i := range some {
		if _, found := slices.BinarySearch(list, i); !found {
			return false
		}
	}
	return true
}
