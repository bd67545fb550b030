//go:build cgo

package bundles

import "slices"

// In a node of the search of pricing, what would fall below the threshold if it came in, or
// was left out, is decided at once: what the bound loses then is what the vertex itself is
// short of, and what its neighbours count on with it. The neighbours are looked at only where
// all that a vertex has with them could decide it: for one vertex in three.

// reaches sets what each vertex has with its neighbours.
func (p *pricing) reaches() {
	p.rest, p.reach = slices.Grow(p.rest[:0], p.vertices)[:p.vertices], slices.Grow(p.reach[:0], p.vertices)[:p.vertices]
	for v := range p.vertices {
		p.reach[v] = 0
		for _, worth := range p.worth[p.start[v]:p.start[v+1]] {
			p.reach[v] += max(worth, -worth)
		}
	}
}

// fix drops what no bundle above the threshold holds. It returns a vertex that all such
// bundles hold, or -1, and the vertex to branch on. What the bound loses with a vertex in
// or out is what the vertex itself is short of, and what its neighbours count on with it.
func (p *pricing) fix(f *frame, bound int64) (must, next int32, dropped bool) {
	must, next = -1, -1
	room, most, edges := bound-p.threshold, 0.0, 0
	clear(p.rest)
	for _, v := range f.list {
		p.rest[v] = f.potential[v] - f.theta*f.size[v]>>fineBits
	}
	for _, v := range f.list {
		if !f.open[v] {
			continue
		}
		rest := p.rest[v]
		in, out := max(-rest, 0), max(rest, 0)
		if in+out+p.reach[v] >= room {
			edges += int(p.start[v+1] - p.start[v])
			i, o := p.short(f, v)
			in, out = in+i, out+o
		}
		switch score := float64(f.potential[v]) * float64(p.reach[v]); {
		case in >= room:
			for w := v; w >= 0; w = p.after[w] {
				p.rest[w] = 0
			}
			p.drop(f, v)
			dropped = true
		case out >= room:
			must = v
		case score > most:
			next, most = v, score
		}
	}
	p.count(int64(2*len(f.list) + 2*edges))
	if dropped {
		f.compact()
	}
	return must, next, dropped
}

// short is what the bound loses at the neighbours of v with it in, and with it out.
func (p *pricing) short(f *frame, v int32) (in, out int64) {
	share, rests := f.share, p.rest
	from, to := p.start[v], p.start[v+1]
	ends, twins, worths := p.to[from:to], p.twin[from:to], p.worth[from:to]
	twins, worths = twins[:len(ends)], worths[:len(ends)]
	for n, w := range ends {
		rest := rests[w]
		more, less := max(rest, 0), max(-rest, 0)
		in += min(less, share[int(from)+n]) + min(more, max(-worths[n], 0))
		out += min(more, share[twins[n]])
	}
	return in, out
}
