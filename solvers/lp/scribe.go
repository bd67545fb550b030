//go:build cgo

package lp

import (
	"berth/encode"
	"berth/proof"
	"berth/search"
	"berth/solvers/lp/safe"
)

// A search below a bound that is to be proven leaves its proof on pages, one for each node.
// It does not probe and looks for no solutions, and its rows stay those of the program, so
// that every multiplier is one of a row that a proof can name (package proof). All methods
// of scribe do nothing on nil: then nobody wants a proof.
type scribe struct {
	senses []encode.Sense // of the program's rows
	page   *page          // of the node that the search is in
	trials *page          // of the last trial of a branching that proved its side empty
	cuts   int32
}

func newScribe(g *encode.Program) *scribe {
	s := &scribe{page: newPage(), senses: make([]encode.Sense, len(g.Rows))}
	for r := range g.Rows {
		s.senses[r] = g.Rows[r].Sense
	}
	return s
}

// current returns the page of the node that the search is in.
func (s *scribe) current() *page {
	if s == nil {
		return nil
	}
	return s.page
}

// open turns to the page of a node.
func (s *scribe) open(p *page) {
	if s != nil {
		s.page = p
	}
}

// closed says that the node holds nothing of interest.
func (s *scribe) closed() {
	if s != nil {
		s.page.closed = true
	}
}

// dead says that of a child.
func (s *scribe) dead(n *node) {
	if s != nil {
		n.page.closed = true
	}
}

// price takes down the prover's last bound.
func (s *scribe) price(t *tree, works bool) {
	if s == nil {
		return
	}
	p, bound := s.page, int64(search.NoBound)
	if denominator, _ := t.prover.Multipliers(); denominator > 0 {
		bound = t.bound()
	}
	if !works && bound <= p.bound {
		return
	}
	if last := len(p.steps) - 1; last >= 0 && p.steps[last].price != nil && !p.steps[last].price.works && bound >= p.bound {
		p.steps = p.steps[:last]
	}
	p.steps, p.bound = append(p.steps, step{price: s.priced(t, works)}), max(p.bound, bound)
}

// last takes down what the duals show of a relaxation that the limits cut short.
func (s *scribe) last(t *tree) {
	if _, set := t.limit(); s != nil && set {
		t.relax.prove(&t.prover, t.core, t.domain)
		s.price(t, false)
	}
}

func (s *scribe) priced(t *tree, works bool) *priceStep {
	p := &priceStep{works: works}
	var multipliers []int64
	p.denominator, multipliers = t.prover.Multipliers()
	for r, y := range multipliers {
		if y != 0 {
			name := t.relax.rows[r].Name
			p.rows = append(p.rows, proof.Multiplier{Row: name, By: y * s.sign(name)})
		}
	}
	return p
}

// sign is −1 for rows that the search has negated.
func (s *scribe) sign(name proof.Name) int64 {
	if name >= 0 && s.senses[name] == encode.AtLeast {
		return -1
	}
	return 1
}

// cut takes down cuts that follow from a row, and names them.
func (s *scribe) cut(c *core, from *safe.Row, found []*safe.Row) {
	if s == nil {
		return
	}
	for _, row := range found {
		row.Name = ^proof.Name(s.cuts)
		s.cuts++
		taken := &cutStep{name: row.Name, right: row.RHS, from: proof.Multiplier{Row: from.Name, By: s.sign(from.Name)}}
		for k, j := range row.Vars {
			taken.terms = append(taken.terms, encode.Term{Var: c.origin[j], Coef: row.Coefs[k]})
		}
		s.page.steps = append(s.page.steps, step{cut: taken})
	}
}

// trial takes down the bound that proves a side of a branching empty.
func (s *scribe) trial(t *tree) {
	if s != nil {
		s.trials = newPage()
		s.trials.steps = []step{{price: s.priced(t, true)}}
	}
}

// refuted takes down that a column cannot have a value: by the last trial, or because the
// rows say so.
func (s *scribe) refuted(c *core, column int32, value int8) {
	if s == nil {
		return
	}
	shown := s.trials
	if shown == nil {
		shown = newPage()
	}
	s.trials = nil
	s.page.steps = append(s.page.steps, step{refuted: shown, literal: literal(c.origin[column], value)})
}

// split takes down a branching: first the child that is searched first.
func (s *scribe) split(c *core, column int32, n *node, children [2]*node) {
	if s == nil {
		return
	}
	for _, child := range children {
		child.page = newPage()
	}
	n.page.split, n.page.half = literal(c.origin[column], 1), [2]*page{children[1].page, children[0].page}
}
