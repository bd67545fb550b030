//go:build cgo

package lp

import (
	"berth/solvers/lp/safe"
)

// Probing, before a core's relaxation is solved: every variable is set to 0 and to 1 for a
// trial, and what follows is propagated. Where one value contradicts the rows, the variable
// has the other; what follows from both values holds anyway (Savelsbergh, "Preprocessing and
// probing techniques for mixed integer programming problems", ORSA Journal on Computing
// 1994). That the cost has to stay below the cutoff is a row as well.

// How many coefficients the probing of a core may touch, and after how many it counts them.
const (
	probeSteps  = 10_000_000
	probeReport = 100_000
)

// probe fixes what probing finds, and goes over the variables again for as long as that
// fixes any. It counts the domain's steps as work, which says whether to go on, but for the last
// of them, and returns false where nothing is left.
func probe(d *safe.Domain, work func(units int64) bool) bool {
	p := prober{domain: d, low: make([]int8, len(d.Value))}
	for k := range p.low {
		p.low[k] = safe.Free
	}
	last := d.Steps + probeSteps
	report := func() bool {
		steps := d.Steps
		last, d.Steps = last-steps, 0
		return work(2 * steps)
	}
	for before := -1; before < len(d.Trail); {
		before = len(d.Trail)
		for j := range int32(len(d.Value)) {
			if d.Steps > last || d.Steps >= probeReport && !report() {
				return true
			}
			if d.Value[j] == safe.Free && !p.try(j) {
				return false
			}
		}
	}
	return true
}

// prober is a domain with what follows from a variable at 0.
type prober struct {
	domain *safe.Domain
	low    []int8 // by variable, safe.Free between two trials
	which  []int32
	both   []int32 // literals that follow from 0 and from 1
}

// try probes one variable. It returns false where neither value is possible.
func (p *prober) try(j int32) bool {
	d, mark := p.domain, len(p.domain.Trail)
	if !d.Try(j, 0) {
		return d.Try(j, 1)
	}
	p.which = append(p.which[:0], d.Trail[mark:]...)
	for _, k := range p.which {
		p.low[k] = d.Value[k]
	}
	d.Undo(mark)
	high := d.Try(j, 1)
	p.both = p.both[:0]
	for _, k := range d.Trail[mark:] {
		if p.low[k] == d.Value[k] {
			p.both = append(p.both, literal(k, d.Value[k]))
		}
	}
	d.Undo(mark)
	for _, k := range p.which {
		p.low[k] = safe.Free
	}
	if !high {
		return d.Try(j, 0)
	}
	for _, l := range p.both {
		d.Fix(unpack(l))
	}
	return d.Propagate()
}
