package model

import "slices"

// Within returns the problem in which nothing may run on the nodes that are shut: a placement
// of it is one of p, by the same indices and at the same cost. It returns nil where some item
// has no node left and may not be left out.
func (p *Problem) Within(shut []bool) *Problem {
	q := *p
	q.Domains = make([]Domain, len(p.Domains))
	for d := range p.Domains {
		words := make([]uint64, (len(shut)+63)/64)
		size := 0
		for j := range shut {
			if !shut[j] && p.Domains[d].Has(int32(j)) {
				words[j>>6] |= 1 << (uint(j) & 63)
				size++
			}
		}
		q.Domains[d] = Domain{Words: words, Size: size}
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
	known := map[string]int32{}
	for i := range q.Items {
		it := &q.Items[i]
		words, key := make([]uint64, (len(p.NodeNames)+63)/64), make([]byte, len(p.NodeNames))
		size := 0
		for j := range int32(len(p.NodeNames)) {
			if p.Domains[it.Domain].Has(j) && may(int32(i), j) {
				words[j>>6] |= 1 << (uint(j) & 63)
				key[j] = 1
				size++
			}
		}
		if size == 0 && it.Unplaced == NoLimit {
			return nil
		}
		d, is := known[string(key)]
		if !is {
			d = int32(len(q.Domains))
			q.Domains = append(q.Domains, Domain{Words: words, Size: size})
			known[string(key)] = d
		}
		it.Domain = d
	}
	q.NodeClass = make([]int32, len(p.NodeNames))
	for j := range q.NodeClass {
		q.NodeClass[j] = int32(j)
	}
	return &q
}
