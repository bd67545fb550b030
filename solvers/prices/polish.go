package prices

import (
	"cmp"
	"math"
	"slices"
)

type polisher struct {
	*state
	wantFrom []int32
	want     []int32 // items by node
	theta    float64
	limit    int

	cands     []cand
	core      []cand
	slack     []int64
	steps     int
	flips     []int32
	best      float64
	found     []int32
	lam       []float64
	lastDelta float64
	trail     []undo
	Steps     int
}

type undo struct {
	copy, node int32
	cost       int64
}

type cand struct {
	copy int32
	in   bool
	here int64 // cost on the node
	v, r float64
	size []int64
}

func newPolisher(s *state) *polisher {
	p := &polisher{state: s, wantFrom: make([]int32, s.nodes+1), slack: make([]int64, s.resources), limit: 50000}
	for i := range s.items {
		for _, o := range s.options(&s.items[i]) {
			p.wantFrom[o.node+1]++
		}
	}
	for j := range s.nodes {
		p.wantFrom[j+1] += p.wantFrom[j]
	}
	next := slices.Clone(p.wantFrom)
	p.want = make([]int32, p.wantFrom[s.nodes])
	for i := range s.items {
		for _, o := range s.options(&s.items[i]) {
			p.want[next[o.node]] = int32(i)
			next[o.node]++
		}
	}
	return p
}

const big = 1e15

func (p *polisher) value(it *item, j int32) float64 {
	return float64(p.costOn(it, j)) + p.theta*p.priceOf(it.kind, j)
}

func (p *polisher) polish(j int32) bool {
	p.lam = p.lambda[int(j)*p.resources : int(j+1)*p.resources]
	p.cands = p.cands[:0]
	copy(p.slack, p.free[int(j)*p.resources:])
	loss := 0.0
	for _, c := range p.on[j] {
		it := &p.items[p.itemOf[c]]
		_, _, alt := p.State().best(it, j, p.theta)
		if math.IsInf(alt, 1) {
			alt = big
		}
		here := p.costOn(it, j)
		k := cand{copy: c, in: true, here: here, v: alt - float64(here), size: p.takes(it.kind, j)}
		k.r = k.v - p.priceOf(it.kind, j)
		if k.r < 0 {
			loss -= k.r
		}
		p.cands = append(p.cands, k)
	}
	for _, i := range p.want[p.wantFrom[j]:p.wantFrom[j+1]] {
		it := &p.items[i]
		here := p.costOn(it, j)
		price := p.priceOf(it.kind, j)
		for c := it.first; c < min(it.first+it.count, it.first+64); c++ {
			at := p.at[c]
			if at == j {
				continue
			}
			cur := big
			if at != nobody {
				cur = p.value(it, at)
			}
			k := cand{copy: c, here: here, v: cur - float64(here), size: p.takes(it.kind, j)}
			k.r = k.v - price
			if k.v <= 0 {
				continue
			}
			if k.r > 0 {
				loss += k.r
			}
			p.cands = append(p.cands, k)
		}
	}
	for r, f := range p.slack {
		loss += p.lam[r] * float64(f)
	}
	if loss < 1e-6 {
		return false
	}
	p.core = p.core[:0]
	for _, k := range p.cands {
		if math.Abs(k.r) < loss {
			p.core = append(p.core, k)
		}
		// S*: in iff r>0
		if k.in && k.r <= 0 {
			for r, a := range k.size {
				p.slack[r] += a
			}
		}
		if !k.in && k.r > 0 {
			for r, a := range k.size {
				p.slack[r] -= a
			}
		}
	}
	slices.SortFunc(p.core, func(a, b cand) int {
		if x, y := math.Abs(a.r), math.Abs(b.r); x != y {
			return cmp.Compare(x, y)
		}
		return cmp.Compare(a.copy, b.copy)
	})
	p.best, p.found = loss-1e-6, nil
	p.steps = 0
	if p.fitsNow() {
		p.note(0)
	}
	for budget := loss / 256; p.steps < p.limit; budget *= 2 {
		p.flips = p.flips[:0]
		p.dfs(0, 0, budget)
		if budget >= p.best {
			break
		}
	}
	p.Steps += p.steps
	if p.found == nil {
		return false
	}
	return p.commit(j)
}

func (p *polisher) State() *state { return p.state }

func (p *polisher) fitsNow() bool {
	for _, f := range p.slack {
		if f < 0 {
			return false
		}
	}
	return true
}

func (p *polisher) note(acc float64) {
	for r, f := range p.slack {
		acc += p.lam[r] * float64(f)
	}
	if acc < p.best {
		p.best = acc
		p.found = append(p.found[:0], p.flips...)
		if p.found == nil {
			p.found = []int32{}
		}
	}
}

func (p *polisher) dfs(pos int, acc, budget float64) {
	for n := pos; n < len(p.core); n++ {
		k := &p.core[n]
		next := acc + math.Abs(k.r)
		if next >= budget || next >= p.best {
			return
		}
		if p.steps++; p.steps > p.limit {
			return
		}
		if k.r > 0 {
			for r, a := range k.size {
				p.slack[r] += a
			}
		} else {
			for r, a := range k.size {
				p.slack[r] -= a
			}
		}
		p.flips = append(p.flips, int32(n))
		if p.fitsNow() {
			p.note(next)
		}
		p.dfs(n+1, next, budget)
		p.flips = p.flips[:len(p.flips)-1]
		if k.r > 0 {
			for r, a := range k.size {
				p.slack[r] -= a
			}
		} else {
			for r, a := range k.size {
				p.slack[r] += a
			}
		}
	}
}

func (p *polisher) shift(c, j int32, to int64) float64 {
	it := &p.items[p.itemOf[c]]
	before, old := int64(0), p.at[c]
	delta := 0.0
	if old != nobody {
		before = p.costOn(it, old)
		delta -= p.theta * p.priceOf(it.kind, old)
	}
	delta -= float64(before)
	if old == nobody {
		delta -= big
	}
	p.trail = append(p.trail, undo{c, old, before})
	p.move(c, j, before, to)
	if j == nobody {
		return delta + big
	}
	return delta + float64(to) + p.theta*p.priceOf(it.kind, j)
}

func (p *polisher) commit(j int32) bool {
	flipped := map[int32]bool{}
	for _, n := range p.found {
		flipped[p.core[n].copy] = true
	}
	p.trail = p.trail[:0]
	delta := 0.0
	var out []int32
	for _, k := range p.cands {
		should := (k.r > 0) != flipped[k.copy]
		if k.in && !should {
			out = append(out, k.copy)
		}
	}
	for _, c := range out {
		it := &p.items[p.itemOf[c]]
		delta += p.theta * p.priceOf(it.kind, j) // the node itself is free of charge
		delta += p.shift(c, nobody, 0)
	}
	for _, k := range p.cands {
		should := (k.r > 0) != flipped[k.copy]
		if !k.in && should {
			it := &p.items[p.itemOf[k.copy]]
			delta += p.shift(k.copy, j, k.here) - p.theta*p.priceOf(it.kind, j)
		}
	}
	for _, c := range out {
		it := &p.items[p.itemOf[c]]
		to, cost, _ := p.state.best(it, nobody, p.theta)
		if to == nobody {
			continue
		}
		delta += p.shift(c, to, cost)
		if to == j {
			delta -= p.theta * p.priceOf(it.kind, j)
		}
	}
	p.lastDelta = delta
	if delta < -1e-6 {
		return true
	}
	for n := len(p.trail) - 1; n >= 0; n-- {
		u := p.trail[n]
		it := &p.items[p.itemOf[u.copy]]
		now := int64(0)
		if p.at[u.copy] != nobody {
			now = p.costOn(it, p.at[u.copy])
		}
		p.move(u.copy, u.node, now, u.cost)
	}
	return false
}
