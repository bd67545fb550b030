package lp

import (
	"maps"
	"slices"

	"berth/encode"
	"berth/proof"
	"berth/search"
)

// Certificate is a proof that a search below a bound has made, or a part of one.
type Certificate struct {
	scale encode.Scale // of the steps that costs are counted in
	below int64
	root  *page
}

// Proven returns the bound that the certificate shows: what was asked for, or less where
// the work was not enough; search.NoBound where it shows none.
func (c *Certificate) Proven() int64 {
	switch steps := c.root.proven(); steps {
	case search.NoCost:
		return c.below
	case search.NoBound:
		return search.NoBound
	default:
		return min(c.scale.Zero+steps*c.scale.Unit, c.below)
	}
}

// Write writes the steps that show it.
func (c *Certificate) Write(w *proof.Writer) {
	cuts := map[proof.Name]proof.Name{}
	c.root.collect(cuts)
	for k, name := range slices.Backward(slices.Sorted(maps.Keys(cuts))) {
		cuts[name] = ^proof.Name(len(cuts) - 1 - k)
	}
	c.root.write(w, c.root.proven(), cuts)
}

// page is what the search of a node leaves.
type page struct {
	steps  []step
	split  int32    // literal of the first half, by the program's variables; −1: not split
	half   [2]*page // of that and of the other
	bound  int64    // that a price on it shows, in steps; search.NoBound: none
	closed bool     // nothing of interest is left
}

// step is one of three.
type step struct {
	price   *priceStep
	cut     *cutStep
	refuted *page // what shows that a literal cannot be …
	literal int32 // … by the program's variables
}

// priceStep is a step of that name.
type priceStep struct {
	denominator int64
	rows        []proof.Multiplier
	works       bool // it fixes or closes something
}

// cutStep is a step of that name.
type cutStep struct {
	name  proof.Name
	terms []encode.Term
	right int64
	from  proof.Multiplier
}

func newPage() *page { return &page{split: -1, bound: search.NoBound} }

// proven returns the least that anything of interest within a page costs: search.NoCost
// where there is nothing.
func (p *page) proven() int64 {
	if p.closed {
		return search.NoCost
	}
	if p.split < 0 {
		return p.bound
	}
	return max(p.bound, min(p.half[0].proven(), p.half[1].proven()))
}

// write writes the proof that everything in a page costs at least the bound.
func (p *page) write(w *proof.Writer, bound int64, names map[proof.Name]proof.Name) {
	opened := 0
	for _, s := range p.steps {
		switch {
		case s.cut != nil:
			if _, used := names[s.cut.name]; used {
				w.Cut(s.cut.terms, s.cut.right, s.cut.from)
			}
		case s.price != nil && (s.price.works || p.bound >= bound):
			w.Price(s.price.denominator, renamed(s.price.rows, names))
		case s.refuted != nil:
			w.Branch(unpack(s.literal))
			s.refuted.write(w, bound, names)
			w.Else()
			opened++
		}
	}
	if p.split >= 0 && p.bound < bound {
		w.Branch(unpack(p.split))
		p.half[0].write(w, bound, names)
		w.Else()
		p.half[1].write(w, bound, names)
		w.Join()
	}
	for range opened {
		w.Join()
	}
}

// renamed returns the rows with the names that their cuts have among those that are used.
func renamed(rows []proof.Multiplier, names map[proof.Name]proof.Name) []proof.Multiplier {
	out := slices.Clone(rows)
	for k, m := range out {
		if m.Row < 0 {
			out[k].Row = names[m.Row]
		}
	}
	return out
}

// collect finds the cuts that prices name.
func (p *page) collect(cuts map[proof.Name]proof.Name) {
	for _, s := range p.steps {
		if s.price != nil {
			for _, m := range s.price.rows {
				if m.Row < 0 {
					cuts[m.Row] = m.Row
				}
			}
		}
		if s.refuted != nil {
			s.refuted.collect(cuts)
		}
	}
	if p.split >= 0 {
		p.half[0].collect(cuts)
		p.half[1].collect(cuts)
	}
}

// unpack takes a literal apart.
func unpack(l int32) (j int32, v int8) { return l >> 1, int8(l & 1) }
