package heuristics

import (
	"slices"

	"berth/model"
)

// kick disturbs the placement a little: it sends a copy of chance, or a few where
// they matter to one another, to targets of chance, and where that makes a node too
// full, one copy back from there. Of problems in which something runs today, every other
// copy that it sends is one that has left its node, and goes back to it. Where there is a
// hard affinity or a node that costs something to use, it now and then moves a whole
// affinity group to another place, or empties such a node: steps that no sequence of
// single moves, each paying by itself, would reach.
func (w *walk) kick() {
	mark := len(w.trail)
	switch {
	case w.p.Features&model.Together != 0 && w.rng.IntN(rareKick) == 0:
		w.kickGroup()
	case w.p.Features&model.OpenCosts != 0 && w.rng.IntN(rareKick) == 0:
		w.kickNode(int32(w.rng.IntN(len(w.held))))
	default:
		kicks := 1
		if w.p.Features&interplay != 0 {
			kicks += w.rng.IntN(moreKicks)
		}
		for range kicks {
			if len(w.p.Runs) > 0 && w.rng.IntN(2) == 0 {
				w.kickBack()
			} else {
				w.kickCopy(int32(w.rng.IntN(len(w.at))))
			}
		}
	}
	w.pushSince(mark)
}

const (
	rareKick  = 6
	backDraws = 64
	moreKicks = 3
	fullKick  = 64 // a node with more copies is not emptied
)

// interplay is what makes the best place of a copy depend on where others are,
// beyond room: there, several copies are kicked at a time.
const interplay = model.TrafficOn | model.Wishes | model.Conflicts | model.Together |
	model.Spreading | model.Stays | model.Uplinks | model.OpenCosts | model.MoveLimit

func (w *walk) kickCopy(c int32) {
	targets := w.targets(c)
	if len(targets) == 0 {
		return
	}
	a, b := w.at[c], targets[w.rng.IntN(len(targets))]
	if a == b {
		return
	}
	w.step(c, b, w.value(c, b))
	if a < 0 || b < 0 || !w.overloaded(b) {
		return
	}
	k := w.on[b][w.rng.IntN(len(w.on[b]))]
	if w.p.Domains[w.p.Items[w.itemOf[k]].Domain].Has(a) {
		w.step(k, a, w.value(k, a))
	}
}

// kickBack sends a copy of chance that has left where it runs today back to there.
func (w *walk) kickBack() {
	for range backDraws {
		w.spent++
		c := int32(w.rng.IntN(len(w.at)))
		runs := w.runsOf(w.itemOf[c])
		if len(runs) == 0 || slices.ContainsFunc(runs, func(r model.Run) bool { return r.Node == w.at[c] }) {
			continue
		}
		if b := runs[w.rng.IntN(len(runs))].Node; w.p.Domains[w.p.Items[w.itemOf[c]].Domain].Has(b) {
			w.step(c, b, w.value(c, b))
		}
		return
	}
}

// kickNode moves every copy of a node to the best of its other targets.
func (w *walk) kickNode(j int32) {
	if len(w.on[j]) > fullKick {
		return
	}
	for _, c := range append([]int32(nil), w.on[j]...) {
		w.bestStep(c, func(b int32) bool { return b != j })
	}
}

// kickGroup moves the members of a hard affinity to a place of chance, or leaves
// them all out where that has a price.
func (w *walk) kickGroup() {
	k := w.rng.IntN(len(w.rules))
	for w.rules[k].Kind != model.Affinity || w.rules[k].Weight > 0 {
		k = (k + 1) % len(w.rules)
	}
	r := &w.rules[k]
	places := w.p.Topologies[r.Topology].Member
	place := int32(w.rng.IntN(len(places)+1)) - 1
	for _, m := range r.Members {
		it := &w.p.Items[m.Item]
		for c := it.First; c < it.First+it.Count; c++ {
			w.bestStep(c, func(b int32) bool { return w.place(r.Topology, b) == place })
		}
	}
}

// bestStep moves a copy to the best of the targets that are wanted, if any.
func (w *walk) bestStep(c int32, wanted func(b int32) bool) {
	best, value, found := int32(0), int64(0), false
	for _, b := range w.targets(c) {
		if b == w.at[c] || !wanted(b) {
			continue
		}
		if v := w.value(c, b); !found || v < value {
			best, value, found = b, v, true
		}
	}
	if found {
		w.step(c, best, value)
	}
}
