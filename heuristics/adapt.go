package heuristics

import (
	"slices"

	"berth/model"
)

// adapt moves the prices towards where feasible and infeasible meet: what is
// broken gets dearer, by a fixed step and a twentieth, and what is not gets cheaper
// by a little, down to a floor. So the search oscillates about the border (as in
// Yagiura, Ibaraki, Glover 2004, with a price of its own for every capacity and
// rule), and what stays broken comes to outweigh its neighbours (the breakout of
// P. Morris, AAAI 1993). Copies that a dearer price concerns are queued.
// O(capacities + rules), and O(copies) where some rule is broken.
func (w *walk) adapt() {
	w.spent += int64(2*len(w.load) + 20*len(w.rules) + len(w.apart))
	keep := 1 - cheaperPart/float64(len(w.load)+len(w.rules)+1)
	resources := len(w.p.Resources)
	for k, load := range w.load {
		over := load > w.p.Capacity[k]
		w.prices.load[k] = adapted(w.prices.load[k], w.floor.load[k], over, keep)
		if over {
			w.pushNode(int32(k / resources))
		}
	}
	for j := range w.prices.send {
		over := w.sendsTooMuch(int32(j))
		w.prices.send[j] = adapted(w.prices.send[j], w.floor.send[j], over, keep)
		if over {
			w.pushSenders(int32(j))
		}
	}
	for k := range w.rules {
		broken := w.broken(k) > 0
		w.prices.rule[k] = adaptedInt(w.prices.rule[k], w.floor.rule[k], broken, keep)
		if broken {
			for _, m := range w.rules[k].Members {
				w.pushItem(m.Item)
			}
		}
	}
	crowded := w.pushCrowded()
	w.prices.apart = adaptedInt(w.prices.apart, w.floor.apart, crowded, keep)
	leaving := w.pushMoved()
	w.prices.move = adaptedInt(w.prices.move, w.floor.move, leaving, keepMove)
	missing := w.pushMissing()
	w.prices.missing = adaptedInt(w.prices.missing, w.floor.missing, missing, keep)
}

// How prices move, as parts of the price itself and of its first value.
const (
	dearerStep  = 0.1
	dearerPart  = 1.05
	cheaperPart = 0.3 // shared among all prices: about one is broken at a time
	keepMove    = 0.9 // of the price of a move, which concerns all copies
	lowestPart  = 1. / 256
	highestPart = 1 << 24
)

// adapted returns the next price of something, from the present and the first;
// keep is what is left of it where nothing is broken.
func adapted(price, first float64, broken bool, keep float64) float64 {
	if broken {
		return min(float64(price*dearerPart)+float64(first*dearerStep), first*highestPart)
	}
	return max(price*keep, first*lowestPart)
}

func adaptedInt(price, first int64, broken bool, keep float64) int64 {
	return max(int64(adapted(float64(price), float64(first), broken, keep)), 1)
}

// pushSenders queues the copies of items whose reads leave node j.
func (w *walk) pushSenders(j int32) {
	for i := range w.p.Items {
		it := &w.p.Items[i]
		for _, send := range w.p.Sends[it.Sends.From:it.Sends.To] {
			if send.Node == j && w.count(int32(i), 0, j) == 0 {
				w.pushItem(int32(i))
			}
		}
	}
}

func (w *walk) pushItem(i int32) {
	it := &w.p.Items[i]
	for c := it.First; c < it.First+it.Count; c++ {
		w.push(c)
	}
}

// pushMissing queues the copies that must be placed and are not, if any.
func (w *walk) pushMissing() bool {
	if w.breaches == 0 {
		return false
	}
	missing := false
	w.spent += int64(len(w.at))
	for c, j := range w.at {
		if j == model.NoPlace && w.p.Items[w.itemOf[c]].Unplaced == model.NoLimit {
			missing = true
			w.push(int32(c))
		}
	}
	return missing
}

// pushCrowded queues the copies of items that should be apart and are not, if any.
func (w *walk) pushCrowded() bool {
	if w.breaches == 0 {
		return false
	}
	crowded := false
	for _, i := range w.apart {
		if w.crowded(i) {
			crowded = true
			w.pushItem(i)
		}
	}
	return crowded
}

// pushMoved queues the copies that are not where their item runs today, if too many
// replicas leave.
func (w *walk) pushMoved() bool {
	if w.tooManyLeave(w.stay) == 0 {
		return false
	}
	w.spent += int64(len(w.at))
	for i := range w.p.Items {
		runs := w.runsOf(int32(i))
		if len(runs) == 0 {
			continue
		}
		it := &w.p.Items[i]
		for c := it.First; c < it.First+it.Count; c++ {
			if it.Count > 1 || !slices.ContainsFunc(runs, func(r model.Run) bool { return r.Node == w.at[c] }) {
				w.push(c)
			}
		}
	}
	return true
}

// crowded says whether copies that should be apart are not.
func (w *walk) crowded(i int32) bool {
	it := &w.p.Items[i]
	if it.Count == 1 {
		return false
	}
	for c := it.First; c < it.First+it.Count; c++ {
		if place := w.place(it.Apart, w.at[c]); place >= 0 && w.count(i, it.Apart, place) > 1 {
			return true
		}
	}
	return false
}
