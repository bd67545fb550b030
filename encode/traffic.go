package encode

import "berth/model"

// Traffic between u and v costs, for every level of distance beyond which they are
// apart, the step to the next. Two single copies are apart in a level where u is
// in a place and v is not: cut(p) ≥ u(p) − v(p), one variable and one row a place.
// Over all places that bounds as well as products u(p)·v(p) with two rows each: at
// a fractional point both give half the distance between the two. Where v may not
// be in p at all, the cut is u(p) itself and needs neither.
//
// Where single nodes have distances, a variable for each two nodes says that u is on the
// one and v on the other. Those of one node of u add up to no more than u there, those of
// one node of v likewise, and all of them to 1: the level-1 reformulation of Adams and
// Johnson (DIMACS Series 16, 1994), pair by pair.
//
// Between replicated items a share flows, and what is kept inside a place grows in
// steps: step m is won where u has at least α(m) and v at least β(m) copies.

// pair states the traffic of a pair.
func (b *builder) pair(k int32) {
	p := b.p
	if p.Matrix != nil {
		b.across(k)
		return
	}
	last := len(p.Levels) - 1
	pair := p.Pairs[k]
	single := p.Items[pair.A].Count == 1 && p.Items[pair.B].Count == 1
	near := last
	if single {
		near = 0
	}
	flows := b.flow(k, pair.Price*p.Levels[near].Distance)
	for l := range last {
		price := pair.Price * (p.Levels[l+1].Distance - p.Levels[l].Distance)
		switch {
		case price == 0:
		case single:
			b.cuts(k, p.Levels[l].Topology, price*p.Full)
		default:
			b.joints(k, p.Levels[l].Topology, price, flows)
		}
	}
}

// oriented returns the items of a pair of single copies, the one that must be
// placed second: then a cut needs no word about v being left out.
func oriented(p *model.Problem, k int32) (u, v int32) {
	u, v = p.Pairs[k].A, p.Pairs[k].B
	if p.Items[v].Unplaced != model.NoLimit && p.Items[u].Unplaced == model.NoLimit {
		u, v = v, u
	}
	return u, v
}

// cuts: price is paid where u is in a place and v, though placed, is not.
func (b *builder) cuts(k, topology int32, price int64) {
	u, v := oriented(b.p, k)
	for place := range int32(len(b.p.Topologies[topology].Member)) {
		us, vs := b.some(u, topology, place), b.some(v, topology, place)
		if len(us) == 0 {
			continue
		}
		if len(vs) == 0 && b.out[v] < 0 {
			for _, y := range us {
				b.g.Vars[y].Cost += price
			}
			continue
		}
		cut := b.variable(Var{Cost: price, Kind: Cut, Item: k, Topology: topology, Place: place, Nth: 1})
		b.sum(us, 1)
		b.sum(vs, -1)
		b.term(cut, -1)
		if b.out[v] >= 0 {
			b.term(b.out[v], -1)
		}
		b.define(AtMost, 0)
	}
}

// across: a pair of single copies pays the distance between their nodes.
func (b *builder) across(k int32) {
	p, pair := b.p, b.p.Pairs[k]
	nodes := int32(len(p.NodeNames))
	to := make([][]int32, nodes) // variables by the node of B
	var all []int32
	for x := range nodes {
		as := b.some(pair.A, 0, x)
		if len(as) == 0 {
			continue
		}
		from := len(all)
		for y := range nodes {
			if len(b.some(pair.B, 0, y)) == 0 {
				continue
			}
			v := b.variable(Var{Cost: pair.Price * p.Full * p.Distance(x, y), Kind: Across, Item: k, Topology: 0, Place: x, Nth: y + 1})
			all, to[y] = append(all, v), append(to[y], v)
		}
		b.sum(all[from:], 1)
		b.sum(as, -1)
		b.define(AtMost, 0)
	}
	for y, vars := range to {
		if len(vars) > 0 {
			b.sum(vars, 1)
			b.sum(b.some(pair.B, 0, int32(y)), -1)
			b.define(AtMost, 0)
		}
	}
	b.sum(all, 1)
	for _, i := range [2]int32{pair.A, pair.B} {
		if b.out[i] >= 0 {
			b.term(b.out[i], 1)
		}
	}
	b.define(AtLeast, 1)
}

// joints: a step that is together in a place saves its part of the price. No more
// is saved than flows.
func (b *builder) joints(k, topology int32, price int64, flows []Term) {
	pair := b.p.Pairs[k]
	steps := shareSteps(b.p, k)
	var saved []Term
	for place := range int32(len(b.p.Topologies[topology].Member)) {
		for m, step := range steps {
			as := b.atLeast(pair.A, topology, place, step.a)
			bs := b.atLeast(pair.B, topology, place, step.b)
			if len(as) == 0 || len(bs) == 0 {
				break
			}
			joint := b.variable(Var{Cost: -price * step.share, Kind: Joint, Item: k, Topology: topology, Place: place, Nth: int32(m + 1)})
			saved = append(saved, Term{joint, step.share})
			for _, list := range [][]int32{as, bs} {
				b.term(joint, 1)
				b.sum(list, -1)
				b.define(AtMost, 0)
			}
		}
	}
	if len(flows) == 0 {
		return
	}
	for _, t := range saved {
		b.term(t.Var, t.Coef)
	}
	for _, t := range flows {
		b.term(t.Var, -t.Coef)
	}
	b.define(AtMost, 0)
}

// flow: all that flows of a pair pays a price per unit of share, wherever its
// copies are. A step of the share does not flow while too many copies of either
// item are left out. Where both may be, it returns a variable for each step, with
// its share.
func (b *builder) flow(k int32, price int64) []Term {
	if price == 0 {
		return nil
	}
	p, pair := b.p, b.p.Pairs[k]
	var flows []Term
	for m, step := range shareSteps(p, k) {
		cost := price * step.share
		outA := outBelow(b.out[pair.A], p.Items[pair.A].Count, step.a)
		outB := outBelow(b.out[pair.B], p.Items[pair.B].Count, step.b)
		switch {
		case outA < 0 && outB < 0:
			b.g.Offset += cost
		case outB < 0:
			b.g.Offset += cost
			b.g.Vars[outA].Cost -= cost
		case outA < 0:
			b.g.Offset += cost
			b.g.Vars[outB].Cost -= cost
		default:
			flow := b.variable(Var{Cost: cost, Kind: Flow, Item: k, Topology: -1, Place: -1, Nth: int32(m + 1)})
			flows = append(flows, Term{flow, step.share})
			b.term(flow, 1)
			b.term(outA, 1)
			b.term(outB, 1)
			b.define(AtLeast, 1)
		}
	}
	return flows
}

// outBelow returns the Out variable that is 1 where fewer than n of count copies
// are placed, or -1 where none may be left out.
func outBelow(first, count, n int32) int32 {
	if first < 0 {
		return -1
	}
	return first + count - n
}

// shareStep is a step of the share of a pair: share more flows between a copies
// of A and b of B than between fewer of either.
type shareStep struct {
	a, b  int32
	share int64
}

// shareSteps lists the steps of a pair's share from nothing to all. O(copies).
func shareSteps(p *model.Problem, k int32) []shareStep {
	countA, countB := p.Items[p.Pairs[k].A].Count, p.Items[p.Pairs[k].B].Count
	var steps []shareStep
	a, b, share := int32(1), int32(1), int64(0)
	for a <= countA && b <= countB {
		if more := p.Share(a, countA, b, countB); more > share {
			steps = append(steps, shareStep{a, b, more - share})
			share = more
		}
		ofA, ofB := p.Share(a, countA, countB, countB), p.Share(countA, countA, b, countB)
		if ofA <= ofB {
			a++
		}
		if ofB <= ofA {
			b++
		}
	}
	return steps
}
