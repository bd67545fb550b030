package lagrange

import (
	"cmp"
	"slices"
)

// Relinking. The ends of descents agree about most tasks. Some of them are joined:
// where they agree a task stays, elsewhere it may be on any node that one of them
// has it on, and the best placement of that kind is found exactly (path relinking
// follows one path from one such end to another: M. Yagiura, T. Ibaraki and
// F. Glover, A path relinking approach with ejection chains for the generalized
// assignment problem, European Journal of Operational Research 169, 2006; to merge
// many tours exactly is W. Cook and P. Seymour's, Tour merging via
// branch-decomposition, INFORMS Journal on Computing 15, 2003). As many are joined
// at a time as the search can take.

const (
	mostElite  = 20
	fewParents = 3 // to a join
	joins      = 3 // after a descent
	joinPart   = 4 // a join may take one part in so many of what the descent took
)

// end is where a descent ended.
type end struct {
	at   []int32
	cost int64
}

// elite holds the best ends, by cost, and how many are to be joined.
type elite struct {
	ends    []end
	parents int
}

func (l *elite) size() int { return len(l.ends) }

// add keeps a placement where it is new and among the best.
func (l *elite) add(at []int32, cost int64) {
	for _, e := range l.ends {
		if e.cost == cost && slices.Equal(e.at, at) {
			return
		}
	}
	l.ends = append(l.ends, end{slices.Clone(at), cost})
	slices.SortStableFunc(l.ends, func(a, b end) int { return cmp.Compare(a.cost, b.cost) })
	l.ends = l.ends[:min(len(l.ends), mostElite)]
}

// join joins the current placement with some of the elite, a few times, and makes
// the best of each join the current one. It returns false when the board says stop.
func (m *improver) join() bool {
	effort := max(firstEffort, float64(m.spent/joinPart))
	l := &m.elite
	l.parents = max(l.parents, fewParents)
	for range joins {
		ends := []end{{m.at, m.cost}}
		for _, k := range m.rng.Perm(len(l.ends))[:min(l.parents-1, len(l.ends))] {
			ends = append(ends, l.ends[k])
		}
		best := slices.MinFunc(ends, func(a, b end) int { return cmp.Compare(a.cost, b.cost) })
		m.take(best.at)
		c := m.differing(ends)
		if len(c.tasks) == 0 {
			l.parents = min(l.parents+1, mostElite)
			continue
		}
		h := m.refill(&c, effort, noReach)
		if h.stop {
			return false
		}
		if h.proven {
			l.parents = min(l.parents+1, mostElite)
		} else if h.better == nil {
			l.parents = max(l.parents-1, fewParents)
		}
		if h.better != nil {
			m.take(c.joined(m.at, h.better))
		}
	}
	return true
}

// differing returns the piece of the tasks that some placements do not agree about,
// each on the nodes that one of them has it on.
func (m *improver) differing(ends []end) piece {
	var tasks []int32
	var on [][]int32
	for i, j := range m.at {
		var nodes []int32
		for _, e := range ends {
			if k := e.at[i]; k >= 0 && !slices.Contains(nodes, k) {
				nodes = append(nodes, k)
			}
		}
		if len(nodes) > 1 || j < 0 {
			tasks, on = append(tasks, int32(i)), append(on, nodes)
		}
	}
	c := loosen(m.e.instance, m.at, tasks)
	c.on = on
	return c
}
