package prices

import (
	"cmp"
	"math"
	"slices"
)

// What is best for one node, all else being where it is. Each copy on node j, and
// each that would rather be there, has a gain: what its best other node costs more,
// or what it pays now. Which of them should be on j is a knapsack with several
// resources, and the prices make it small. With prices q for what j has, a copy is
// worth its gain less its rent; a set S of copies that fits loses, against the sum
// of all that are worth anything,
//
//	Σ |worth| of the copies that are on the wrong side + Σ q·(what S leaves free),
//
// and nothing is negative there. So the copies whose |worth| is above what the node
// loses today stay on their side, and the others, the core, are tried in all
// combinations by rising sum, each sum cut off by the best loss: E. Balas and
// E. Zemel's core (An algorithm for large zero-one knapsack problems, Operations
// Research 28, 1980), and enumeration within the gap. q starts at the prices of the
// bound and is fitted to this one knapsack: exact in each resource in turn, twice.
//
// A better set puts copies out, which go to their best nodes, and others in: an
// ejection chain of any length through one node. Gains count what other nodes' rooms
// are worth at the prices (rents 1: an opening), or by cost alone (rents 0: then the
// cost falls with every step).
//
// Cost: a sort of the copies that look at the node, a few times; then a few hundred
// to a few thousand sums, at most maxSums.
type polisher struct {
	*state
	from []int32 // by node, into want
	want []int32 // items that name the node

	rents  float64 // how much of other nodes' rents counts
	looks  []look
	breaks []breakpoint

	core
	ranked  []int32 // looks, by rank in the core
	leaving []int32
	guests  int // so many copies that are nowhere look at a node
	next    int // of the copies that are nowhere, who looked last
}

// look is a copy that is on a node or could be.
type look struct {
	copy  int32
	in    bool // it is there
	stays bool // it is to be there
	gain  float64
	worth float64
	size  []int64
}

const (
	maxSums   = 30_000
	maxTwins  = 64 // copies of one item that look at a node from elsewhere
	fewGuests = 16 // copies without a node that look at one
	tiny      = 1e-6
	fittings  = 2 // how often q is fitted in each resource
)

func newPolisher(s *state) *polisher {
	p := &polisher{state: s, from: make([]int32, s.nodes+1), core: newCore(s.resources), guests: fewGuests}
	for i := range s.items {
		for _, o := range s.options(&s.items[i]) {
			p.from[o.node+1]++
		}
	}
	for j := range s.nodes {
		p.from[j+1] += p.from[j]
	}
	p.want = make([]int32, p.from[s.nodes])
	next := slices.Clone(p.from)
	for i := range s.items {
		for _, o := range s.options(&s.items[i]) {
			p.want[next[o.node]] = int32(i)
			next[o.node]++
		}
	}
	return p
}

// polish makes node j better where it can, and says whether it did.
func (p *polisher) polish(j int32) bool {
	p.look(j)
	copy(p.q, p.lambda[int(j)*p.resources:])
	if p.appraise(j) < tiny {
		return false
	}
	p.fit(j)
	p.loss = p.appraise(j) - tiny
	if p.loss <= 0 {
		return false
	}
	p.setCore()
	better := p.enumerate(maxSums)
	p.work += int64(p.sums) * 10
	return better && p.commit(j)
}

// look lists the copies that are on node j or would gain by it.
func (p *polisher) look(j int32) {
	p.looks = p.looks[:0]
	for _, c := range p.on[j] {
		it := p.itemAt(c)
		_, other := p.state.best(it, j, 1, p.rents)
		p.looks = append(p.looks, look{
			copy: c, in: true, size: p.takes(it.kind, j),
			gain: min(other, p.out[p.itemOf[c]]) - float64(p.costOn(it, j)),
		})
	}
	for _, i := range p.want[p.from[j]:p.from[j+1]] {
		it := &p.items[i]
		here := float64(p.costOn(it, j))
		for c := it.first; c < it.first+min(it.count, maxTwins); c++ {
			p.lookFrom(c, j, here)
		}
	}
	found := 0
	for range min(len(p.gone), 4*p.guests) {
		p.next = (p.next + 1) % len(p.gone)
		c := p.gone[p.next]
		if it := p.itemAt(c); p.spoken(it, j) && p.out[p.itemOf[c]]-float64(p.rest[it.choice]) > p.rent(it.kind, j) {
			p.lookFrom(c, j, float64(p.rest[it.choice]))
			if found++; found == p.guests {
				break
			}
		}
	}
	p.work += int64(len(p.looks)) * 60
}

// spoken says whether node j is one that the rest of an item speaks of, without a
// name of its own.
func (p *polisher) spoken(it *item, j int32) bool {
	set := p.kinds[it.kind].set
	return set != nobody && p.sets[set].has(j) &&
		!slices.ContainsFunc(p.options(it), func(o option) bool { return o.node == j })
}

// lookFrom lists a copy that is not on node j, where it would gain by it.
func (p *polisher) lookFrom(c, j int32, here float64) {
	at, it := p.at[c], p.itemAt(c)
	if at == j {
		return
	}
	gain := p.out[p.itemOf[c]] - here
	if at != nobody {
		gain = float64(p.costOn(it, at)) - here
		if p.rents > 0 {
			gain += float64(p.rents * p.rent(it.kind, at))
		}
	}
	if gain > 0 {
		p.looks = append(p.looks, look{copy: c, gain: gain, size: p.takes(it.kind, j)})
	}
}

// appraise sets what every copy is worth on node j at the prices q, and returns what
// the node loses as it is.
func (p *polisher) appraise(j int32) float64 {
	loss := 0.0
	for n := range p.looks {
		k := &p.looks[n]
		k.worth = k.gain
		for r, size := range k.size {
			k.worth -= float64(p.q[r] * float64(size))
		}
		if k.in != (k.worth > 0) {
			loss += math.Abs(k.worth)
		}
	}
	for r, q := range p.q {
		loss += float64(q * float64(p.free[int(j)*p.resources+r]))
	}
	return loss
}

// breakpoint is the price from which on a copy is worth nothing.
type breakpoint struct {
	price float64
	size  int64
}

// fit lowers Σ max(worth, 0) + Σ q·room over q, in one resource after the other: the
// copies that stay worth most by unit must not take more than the room.
func (p *polisher) fit(j int32) {
	for n := range fittings * p.resources {
		r := n % p.resources
		p.breaks = p.breaks[:0]
		for k := range p.looks {
			l := &p.looks[k]
			if l.size[r] == 0 {
				continue
			}
			rest := l.gain
			for s, size := range l.size {
				if s != r {
					rest -= float64(p.q[s] * float64(size))
				}
			}
			if rest > 0 {
				p.breaks = append(p.breaks, breakpoint{rest / float64(l.size[r]), l.size[r]})
			}
		}
		slices.SortFunc(p.breaks, func(a, b breakpoint) int {
			return cmp.Or(cmp.Compare(b.price, a.price), cmp.Compare(a.size, b.size))
		})
		p.q[r] = 0
		left := p.room[int(j)*p.resources+r]
		for _, b := range p.breaks {
			if left -= b.size; left < 0 {
				p.q[r] = b.price
				break
			}
		}
		p.work += int64(len(p.looks)) * 40
	}
	copy(p.left, p.free[int(j)*p.resources:])
}

// setCore puts every copy on the side where it is worth more, and lists those that
// may be on the other one.
func (p *polisher) setCore() {
	p.ranked, p.worth, p.turn = p.ranked[:0], p.worth[:0], p.turn[:0]
	for n := range p.looks {
		k := &p.looks[n]
		if math.Abs(k.worth) < p.loss {
			p.ranked = append(p.ranked, int32(n))
		}
		for r, size := range k.size {
			switch {
			case k.in && k.worth <= 0:
				p.left[r] += size
			case !k.in && k.worth > 0:
				p.left[r] -= size
			}
		}
	}
	slices.SortFunc(p.ranked, func(a, b int32) int {
		x, y := &p.looks[a], &p.looks[b]
		return cmp.Or(cmp.Compare(math.Abs(x.worth), math.Abs(y.worth)), cmp.Compare(x.copy, y.copy))
	})
	for _, n := range p.ranked {
		k := &p.looks[n]
		p.worth = append(p.worth, math.Abs(k.worth))
		for _, size := range k.size {
			if k.worth <= 0 {
				size = -size
			}
			p.turn = append(p.turn, size)
		}
	}
}

// commit moves the copies to the sides that were found best: those that leave go
// where it is best for them now. Where that is worse than expected and does not
// pay, it takes all back.
func (p *polisher) commit(j int32) bool {
	for n := range p.looks {
		p.looks[n].stays = p.looks[n].worth > 0
	}
	for _, rank := range p.core.best {
		k := &p.looks[p.ranked[rank]]
		k.stays = !k.stays
	}
	mark, change := len(p.trail), 0.0
	p.leaving = p.leaving[:0]
	for n := range p.looks {
		if k := &p.looks[n]; k.in && !k.stays {
			change -= p.value(k.copy, j)
			p.move(k.copy, nobody)
			p.leaving = append(p.leaving, k.copy)
		}
	}
	for n := range p.looks {
		if k := &p.looks[n]; !k.in && k.stays {
			change -= p.value(k.copy, j)
			p.move(k.copy, j)
			change += p.value(k.copy, j)
		}
	}
	for _, c := range p.leaving {
		if to, v := p.state.best(p.itemAt(c), nobody, choice, p.rents); to != nobody && v < p.out[p.itemOf[c]] {
			p.move(c, to)
		}
		change += p.value(c, j)
	}
	if change < -tiny {
		return true
	}
	p.undo(mark)
	return false
}

// value is what a copy pays where it is, rent included but for node j.
func (p *polisher) value(c, j int32) float64 {
	at, it := p.at[c], p.itemAt(c)
	if at == nobody {
		return p.out[p.itemOf[c]]
	}
	v := float64(p.costOn(it, at))
	if at != j && p.rents > 0 {
		v += float64(p.rents * p.rent(it.kind, at))
	}
	return v
}
