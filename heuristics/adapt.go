package heuristics

import "berth/model"

// adapt moves the prices towards where feasible and infeasible meet: what is
// broken gets dearer by three tenths, and while nothing is, all gets cheaper by a
// little, down to a floor (strategic oscillation; the rates of Yagiura, Ibaraki,
// Glover 2004 with a price for every capacity and rule of its own). Copies that a
// dearer price concerns are queued. O(capacities + rules), and O(copies) where some
// rule is broken.
func (w *walk) adapt() {
	w.spent += int64(2*len(w.load) + 20*len(w.rules) + len(w.apart))
	if w.feasible() {
		w.cheapen()
		return
	}
	if w.over > 0 {
		w.raiseOverloads()
	}
	if w.breaches > 0 {
		w.raiseRules()
	}
}

const (
	raise  = 1.3
	shrink = 0.98
)

func (w *walk) cheapen() {
	for k := range w.prices.load {
		w.prices.load[k] = max(w.prices.load[k]*shrink, w.floor.load[k]*leastFraction)
	}
	for j := range w.prices.send {
		w.prices.send[j] = max(w.prices.send[j]*shrink, w.floor.send[j]*leastFraction)
	}
	for k := range w.prices.rule {
		w.prices.rule[k] = cheaper(w.prices.rule[k])
	}
	w.prices.apart = cheaper(w.prices.apart)
	w.prices.missing = cheaper(w.prices.missing)
}

func dearer(price int64) int64  { return min(price+price/4+1, highest) }
func cheaper(price int64) int64 { return max(price-price/32, 1) }

func (w *walk) raiseOverloads() {
	resources := len(w.p.Resources)
	for k, load := range w.load {
		if load > w.p.Capacity[k] {
			w.prices.load[k] = min(w.prices.load[k]*raise, highest)
			w.pushNode(int32(k / resources))
		}
	}
	for j := range w.reads {
		if w.sendsTooMuch(int32(j)) {
			w.prices.send[j] = min(w.prices.send[j]*raise, highest)
			w.pushSenders(int32(j))
		}
	}
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

func (w *walk) raiseRules() {
	for k := range w.rules {
		if w.broken(k) == 0 {
			continue
		}
		w.prices.rule[k] = dearer(w.prices.rule[k])
		for _, m := range w.rules[k].Members {
			w.pushItem(m.Item)
		}
	}
	missing, apart := false, false
	for c, j := range w.at {
		if j == model.NoPlace && w.p.Items[w.itemOf[c]].Unplaced == model.NoLimit {
			missing = true
			w.push(int32(c))
		}
	}
	w.spent += int64(len(w.at))
	for _, i := range w.apart {
		if w.crowded(i) {
			apart = true
			w.pushItem(i)
		}
	}
	if missing {
		w.prices.missing = dearer(w.prices.missing)
	}
	if apart {
		w.prices.apart = dearer(w.prices.apart)
	}
}

// crowded says whether copies that should be apart are not.
func (w *walk) crowded(i int32) bool {
	it := &w.p.Items[i]
	if it.Count == 1 {
		return false
	}
	for _, e := range w.several[w.severalOf[i]].by[it.Apart] {
		if e.n > 1 {
			return true
		}
	}
	return false
}
