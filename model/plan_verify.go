package model

import (
	"fmt"
	"slices"
)

// VerifyPlan walks through a plan from where everything runs today, and lists what fails,
// in words; none: it can be carried out and ends in its placement.
//
// During a wave a replica that moves is on both of its nodes: what arrives must fit
// beside all that is there, and no anti-affinity and no apart may be broken by either
// place. After each wave all hard rules are judged. What today's placement breaks, a
// rule, a selector or a capacity, is judged from the first wave after which it holds;
// but nothing arrives where there is no room, or where it may not be. That no plan has
// fewer moves takes a proof; it is only held against the moves.
// O(waves · (replicas + rules)).
func (p *Problem) VerifyPlan(pl *Plan) []string {
	w := &walk{Problem: p, plan: pl, at: p.Today()}
	if pl.InstanceDigest != p.Digest {
		return append(w.failed, fmt.Sprintf("instanceDigest is %s, this instance has %s: the plan was made for another one", pl.InstanceDigest, p.Digest))
	}
	end := verification{Problem: p, Solution: &Solution{Placement: pl.Placement}}
	target, ok := end.replicas()
	if !ok {
		return end.failed
	}
	for _, broken := range p.judge(target).Violations {
		w.refute("placement: %s: %s", broken.Path, broken.Text)
	}
	w.task, w.node = byName(p.original.names), byName(p.NodeNames)
	w.onceOnly(target)
	w.excused = w.broken()
	for k := range pl.Waves {
		if len(w.failed) == 0 {
			w.wave(k)
		}
	}
	if len(w.failed) > 0 {
		return w.failed
	}
	for i := range p.original.tasks {
		t := &p.original.tasks[i]
		if span := (Span{t.first, t.first + t.replicas}); !sameNodes(w.at[span.From:span.To], target[span.From:span.To]) {
			w.refute("after the last wave task %s is not where the placement has it", p.original.names[i])
		}
	}
	if moves := pl.Moves(); pl.Fewest > moves {
		w.refute("fewest is %d, but the plan has %d moves", pl.Fewest, moves)
	}
	return w.failed
}

// walk is a plan on its way.
type walk struct {
	*Problem
	plan    *Plan
	at      []int32             // by replica, before the wave
	excused map[string]struct{} // paths of what was broken in every state so far
	task    map[string]int32
	node    map[string]int32
	failed  []string
}

func (w *walk) refute(format string, args ...any) {
	w.failed = append(w.failed, fmt.Sprintf(format, args...))
}

// onceOnly holds that no task starts or stops more replicas than it has to: what runs
// goes on running on the way.
func (w *walk) onceOnly(target []int32) {
	starts, stops := map[string]int{}, map[string]int{}
	for _, wave := range w.plan.Waves {
		for _, m := range wave {
			if m.From == "" {
				starts[m.Task]++
			}
			if m.To == "" {
				stops[m.Task]++
			}
		}
	}
	for i, name := range w.original.names {
		t := &w.original.tasks[i]
		more := int(countPlaced(target[t.first:t.first+t.replicas]) - countPlaced(w.at[t.first:t.first+t.replicas]))
		if starts[name] > max(more, 0) || stops[name] > max(-more, 0) {
			w.refute("%d replicas of task %s start and %d stop; from today to the placement there are %+d", starts[name], name, stops[name], more)
		}
	}
}

// broken returns the paths of what the state breaks. How many have left where they ran
// is asked of the end only.
func (w *walk) broken() map[string]struct{} {
	paths := map[string]struct{}{}
	for _, v := range w.judge(w.at).Violations {
		if v.Path != "given.maxMoves" {
			paths[v.Path] = struct{}{}
		}
	}
	return paths
}

// wave makes the moves of a wave.
func (w *walk) wave(k int) {
	moves := w.plan.Waves[k]
	if most := w.plan.Parallel; most > 0 && len(moves) > most {
		w.refute("wave %d has %d moves, at most %d may be made at a time", k+1, len(moves), most)
	}
	to := slices.Clone(w.at) // where each replica is after the wave
	moved := make([]bool, len(w.at))
	for n, m := range moves {
		replica, node, ok := w.move(m, moved)
		if !ok {
			w.refute("wave %d, move %d: %s has no replica on %s to be moved to %s", k+1, n+1, m.Task, orNowhere(m.From), orNowhere(m.To))
			return
		}
		moved[replica], to[replica] = true, node
		if i := w.task[m.Task]; node != NoPlace && !w.Domains[w.original.tasks[i].allowed].Has(node) {
			w.refute("wave %d, move %d: task %s may not run on node %s", k+1, n+1, m.Task, m.To)
		}
	}
	w.during(k, to, moved)
	w.at = to
	still := map[string]struct{}{}
	for _, v := range w.judge(w.at).Violations {
		if v.Path == "given.maxMoves" {
			continue
		}
		if _, excused := w.excused[v.Path]; !excused {
			w.refute("after wave %d: %s: %s", k+1, v.Path, v.Text)
		}
		still[v.Path] = struct{}{}
	}
	w.excused = still
}

func orNowhere(node string) string {
	if node == "" {
		return "no node"
	}
	return node
}

// move finds a replica that makes the move, of those that have not moved in this wave.
func (w *walk) move(m Move, moved []bool) (replica, node int32, ok bool) {
	i, known := w.task[m.Task]
	from, fromKnown := w.node[m.From]
	node, toKnown := w.node[m.To]
	if !known || m.From != "" && !fromKnown || m.To != "" && !toKnown || m.From == m.To {
		return 0, 0, false
	}
	if m.From == "" {
		from = NoPlace
	}
	if m.To == "" {
		node = NoPlace
	}
	t := &w.original.tasks[i]
	for k := t.first; k < t.first+t.replicas; k++ {
		if w.at[k] == from && !moved[k] {
			return k, node, true
		}
	}
	return 0, 0, false
}

// during judges a wave while it is made, with every replica on both its nodes.
func (w *walk) during(k int, to []int32, moved []bool) {
	resources := len(w.Resources)
	load, arrives := make([]int64, len(w.Capacity)), make([]bool, len(w.Capacity))
	for i := range w.original.tasks {
		t := &w.original.tasks[i]
		for r := t.first; r < t.first+t.replicas; r++ {
			if w.at[r] != NoPlace {
				for d, need := range w.Demands[t.demand].On(w.at[r]) {
					load[int(w.at[r])*resources+d] += need
				}
			}
			if moved[r] && to[r] != NoPlace {
				for d, need := range w.Demands[t.demand].On(to[r]) {
					load[int(to[r])*resources+d] += need
					arrives[int(to[r])*resources+d] = arrives[int(to[r])*resources+d] || need > 0
				}
			}
		}
		if _, excused := w.excused[fmt.Sprintf("tasks[%d].apart", i)]; t.apart >= 0 && !excused {
			w.apartDuring(k, i, to)
		}
	}
	for c, amount := range load {
		if arrives[c] && amount > w.Capacity[c] {
			w.refute("during wave %d: node %s is asked for %s of %s and has %s", k+1, w.NodeNames[c/resources],
				w.Amount(c%resources, amount), w.Resources[c%resources], w.Amount(c%resources, w.Capacity[c]))
		}
	}
	for n := range w.original.rules {
		r := &w.original.rules[n]
		if _, excused := w.excused[fmt.Sprintf("rules[%d]", n)]; r.kind == AntiAffinity && r.hard && !excused {
			w.separateDuring(k, n, to)
		}
	}
}

// apartDuring: no two replicas of a task in one place, on whichever of their nodes.
func (w *walk) apartDuring(k, i int, to []int32) {
	t, place := &w.original.tasks[i], w.Topologies[w.original.tasks[i].apart].Place
	for a := t.first; a < t.first+t.replicas; a++ {
		for b := t.first; b < a; b++ {
			if meet(place, w.at[a], to[a], w.at[b], to[b]) {
				w.refute("during wave %d: two replicas of task %s share a %s", k+1, w.original.names[i], w.Topologies[t.apart].Key)
				return
			}
		}
	}
}

// separateDuring: no two tasks of an anti-affinity in one place.
func (w *walk) separateDuring(k, n int, to []int32) {
	r := &w.original.rules[n]
	place := w.Topologies[r.topology].Place
	in := map[int32]int32{}
	for _, i := range r.tasks {
		t := &w.original.tasks[i]
		for c := t.first; c < t.first+t.replicas; c++ {
			for _, node := range []int32{w.at[c], to[c]} {
				if node == NoPlace {
					continue
				}
				if other, taken := in[place[node]]; taken && other != i {
					w.refute("during wave %d: rules[%d]: tasks %s and %s share %s %s", k+1, n, w.original.names[other], w.original.names[i],
						w.Topologies[r.topology].Key, w.Topologies[r.topology].Names[place[node]])
					return
				}
				in[place[node]] = i
			}
		}
	}
}

// meet says whether any of two nodes of one replica is in the place of one of another's.
func meet(place []int32, a, a2, b, b2 int32) bool {
	for _, x := range []int32{a, a2} {
		for _, y := range []int32{b, b2} {
			if x != NoPlace && y != NoPlace && place[x] == place[y] {
				return true
			}
		}
	}
	return false
}
