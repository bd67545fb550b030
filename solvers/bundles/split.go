//go:build cgo

package bundles

// Rounds of tuning at the start of a search and where it is needed inside.
const (
	firstRounds = 15
	laterRounds = 25
)

// tuning is scratch for tune.
type tuning struct {
	share, potential []int64
	prices, best     []int64
	in               []bool
	moving           []int32 // edges with one end in
}

// tune improves the split of the edges and the mix of the resources for a frame by
// subgradient steps (B.T. Polyak, Minimization of unsmooth functionals, USSR
// Computational Mathematics and Mathematical Physics 9, 1969) towards the threshold,
// and keeps the best. An edge with one end in gives to the other end, a resource that
// is full becomes dearer.
func (p *pricing) tune(f *frame, rounds int) {
	f.owns()
	parts := make([]int64, p.vertices*p.resources)
	for _, v := range f.list {
		for r := range p.resources {
			parts[int(v)*p.resources+r] = p.part(f, v, r)
		}
	}
	prices := p.pricesOf(f)
	t := tuning{
		share: append([]int64(nil), f.share...), potential: append([]int64(nil), f.potential...),
		best: append([]int64(nil), prices...), prices: prices, in: make([]bool, p.vertices),
	}
	least, pace := int64(1)<<62, 1.0
	edges := 0
	for round, idle := 0, 0; round < rounds; round++ {
		bound := f.worth
		used := make([]int64, p.resources)
		for _, price := range t.prices {
			bound += price
		}
		for _, v := range f.list {
			own := parts[int(v)*p.resources:][:p.resources]
			charge := int64(0)
			for r, price := range t.prices {
				charge += price * own[r]
			}
			rest := t.potential[v] - charge/unitRoom
			if t.in[v] = rest > 0; t.in[v] {
				bound += rest
				for r := range used {
					used[r] += own[r]
				}
			}
		}
		if bound < least {
			least, idle = bound, 0
			copy(f.share, t.share)
			copy(f.potential, t.potential)
			copy(t.best, t.prices)
			if bound <= p.threshold {
				break
			}
		} else if idle++; idle == 5 {
			idle, pace = 0, pace/2
		}
		edges = p.step(f, &t, used, pace*float64(bound-p.threshold))
	}
	p.count(int64(rounds * (2*len(f.list)*(1+p.resources) + 4*edges)))
	if f == p.frames[0] {
		copy(p.price, t.best)
	}
	p.mix(f, t.best)
}

// pricesOf returns what the resources of a frame cost, the room that is left being 1.
func (p *pricing) pricesOf(f *frame) []int64 {
	prices := make([]int64, p.resources)
	if f == p.frames[0] {
		copy(prices, p.price)
		return prices
	}
	total, sum := f.theta*f.room>>fineBits, int64(0)
	for _, price := range p.price {
		sum += price
	}
	for r, price := range p.price {
		prices[r] = total / int64(p.resources)
		if sum > 0 {
			prices[r] = int64(float64(total) * (float64(price) / float64(sum)))
		}
	}
	return prices
}

// step moves shares and prices by a length that is divided among all that move. It
// returns how many edges it looked at.
func (p *pricing) step(f *frame, t *tuning, used []int64, length float64) (edges int) {
	t.moving = t.moving[:0]
	for _, v := range f.list {
		edges += int(p.start[v+1] - p.start[v])
		if !t.in[v] {
			continue
		}
		for e := p.start[v]; e < p.start[v+1]; e++ {
			if w := p.to[e]; t.share[e] > 0 && !t.in[w] && f.open[w] {
				t.moving = append(t.moving, e)
			}
		}
	}
	norm := float64(len(t.moving))
	slope := make([]float64, len(used))
	for r, u := range used {
		slope[r] = float64(u)/unitRoom - 1
		if slope[r] < 0 && t.prices[r] == 0 {
			slope[r] = 0
		}
		norm += float64(slope[r] * slope[r])
	}
	if norm == 0 {
		return edges
	}
	length /= norm
	move := int64(length)
	for _, e := range t.moving {
		m, back := min(move, t.share[e]), p.twin[e]
		t.share[e] -= m
		t.share[back] += m
		t.potential[p.to[back]] -= m
		t.potential[p.to[e]] += m
	}
	for r, s := range slope {
		t.prices[r] = min(max(t.prices[r]+int64(length*s), 0), 1<<45)
	}
	return edges
}
