package model

import "slices"

// Within returns the problem in which nothing may run on the nodes that are shut: a placement
// of it is one of p, by the same indices and at the same cost. It returns nil where some item
// has no node left and may not be left out.
func (p *Problem) Within(shut []bool) *Problem {
	q := *p
	q.Domains = make([]Domain, len(p.Domains))
	for d := range p.Domains {
		q.Domains[d] = p.Domains[d].where(len(shut), func(j int32) bool { return !shut[j] })
	}
	for i := range q.Items {
		if it := &q.Items[i]; q.Domains[it.Domain].Size == 0 && it.Unplaced == NoLimit {
			return nil
		}
	}
	classes := int32(0)
	for _, c := range p.NodeClass {
		classes = max(classes, c+1)
	}
	q.NodeClass = slices.Clone(p.NodeClass)
	for j := range shut {
		if shut[j] {
			q.NodeClass[j] += classes
		}
	}
	return &q
}

// Narrow returns the problem in which an item may be only where may says so, of the nodes that it
// may be on: a placement of it is one of p, by the same indices and at the same cost. It returns nil
// where some item has no node left and may not be left out. O(items · nodes).
func (p *Problem) Narrow(may func(i, j int32) bool) *Problem {
	q := *p
	q.Items, q.Domains = slices.Clone(p.Items), slices.Clone(p.Domains)
	known := newInterner()
	for i := range q.Items {
		it := &q.Items[i]
		domain := p.Domains[it.Domain].where(len(p.NodeNames), func(j int32) bool { return may(int32(i), j) })
		if domain.Size == 0 && it.Unplaced == NoLimit {
			return nil
		}
		known.start()
		for _, w := range domain.Words {
			known.put(int64(w))
		}
		d, fresh := known.intern()
		if fresh {
			q.Domains = append(q.Domains, domain)
		}
		it.Domain = int32(len(p.Domains)) + d
	}
	q.NodeClass = make([]int32, len(p.NodeNames))
	for j := range q.NodeClass {
		q.NodeClass[j] = int32(j)
	}
	return &q
}

// where is the part of a domain, of so many nodes, that keep says yes to.
func (d *Domain) where(nodes int, keep func(j int32) bool) Domain {
	part := Domain{Words: make([]uint64, (nodes+63)/64)}
	for j := range int32(nodes) {
		if d.Has(j) && keep(j) {
			part.Words[j>>6] |= 1 << (uint(j) & 63)
			part.Size++
		}
	}
	return part
}
