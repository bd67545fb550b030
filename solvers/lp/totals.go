//go:build cgo

package lp

import (
	"slices"

	"berth/encode"
	"berth/model"
	"berth/model/integer"
	"berth/solvers/lp/safe"
)

// totals returns what follows from the rows of all nodes together, by resource: what the
// open nodes hold and what is left out are at least all that is asked for,
//
//	Σ room_j·opened_j + Σ need_i·out_i ≥ Σ need_i·copies_i − Σ room_j,
//
// the last sum over the nodes that are always open. The relaxation has it already, but no
// single row from which a cover cut could be made: how many nodes must be open, or what
// must be left out (the aggregation of rows of Marchand and Wolsey, "Aggregation and mixed
// integer rounding to solve MIPs", Operations Research 2001, where it is known which to
// aggregate). need_i is the least that a copy takes anywhere. The same is so of the nodes of a
// rack or a zone alone, for the copies that a spread leaves there in any case.
// Cost: O(variables · resources · places). A program that was made of no placement has none.
func totals(g *encode.Program) []*safe.Row {
	p := g.Problem
	if p == nil || p.Workflow != nil || p.Impossible != "" {
		return nil
	}
	everywhere := make([]int64, len(p.Items)) // copies
	for i := range p.Items {
		everywhere[i] = int64(p.Items[i].Count)
	}
	var rows []*safe.Row
	add := func(copies []int64, in func(node int32) bool) {
		for r := range p.Resources {
			if row := total(g, r, copies, in); row != nil {
				rows = append(rows, row)
			}
		}
	}
	add(everywhere, func(int32) bool { return true })
	if p.Features&model.OpenCosts == 0 {
		return rows
	}
	for t := range p.Topologies {
		copies := spreadCopies(p, int32(t))
		if copies == nil {
			continue
		}
		for place := range p.Topologies[t].Member {
			add(copies, func(node int32) bool { return p.Topologies[t].Place[node] == int32(place) })
		}
	}
	return rows
}

// spreadCopies returns by item how many copies every place of a topology has at least, as
// spreads of single items say; nil where that is none.
func spreadCopies(p *model.Problem, t int32) (copies []int64) {
	for k := range p.Constraints {
		c := &p.Constraints[k]
		if c.Kind != model.Spread || c.Topology != t || len(c.Members) > 1 {
			continue
		}
		if copies == nil {
			copies = make([]int64, len(p.Items))
		}
		i := c.Members[0].Item
		copies[i] = max(copies[i], encode.ShareOf(p, c, int64(len(p.Topologies[t].Member))))
	}
	return copies
}

// total returns the row of one resource for so many copies on some of the nodes, nil where it
// says nothing.
func total(g *encode.Program, r int, copies []int64, in func(node int32) bool) *safe.Row {
	p := g.Problem
	need := g.LeastNeeds(r, in)
	asked := int64(0)
	for i, n := range need {
		if copies[i] > 0 && n > (safe.Limit-asked)/copies[i] {
			return nil
		}
		asked += n * copies[i]
	}
	most := make([]int64, len(p.NodeNames))
	for j := range int32(len(most)) {
		if in(j) {
			most[j] = encode.Room(p, j, r)
		}
	}
	room := make([]int64, len(most)) // as much as could ever be asked of it
	for v := range g.Vars {
		if v := &g.Vars[v]; v.Kind == encode.Copy && in(v.Place) {
			room[v.Place] += min(need[v.Item], most[v.Place]-room[v.Place])
		}
	}
	open := slices.Clone(room)
	for v := range g.Vars {
		if v := &g.Vars[v]; v.Kind == encode.Opened {
			open[v.Place] = 0
		}
	}
	left := asked
	for _, n := range open {
		left -= min(n, left)
	}
	row, size := &safe.Row{RHS: -left}, int64(0)
	for v := range g.Vars {
		a := int64(0)
		switch v := &g.Vars[v]; v.Kind {
		case encode.Opened:
			a = min(room[v.Place], left)
		case encode.Out:
			a = min(need[v.Item], left)
		}
		if a > 0 {
			row.Vars, row.Coefs = append(row.Vars, int32(v)), append(row.Coefs, -a)
			size = integer.AddCapped(size, a)
		}
	}
	if left == 0 || len(row.Vars) == 0 || size > safe.Limit {
		return nil
	}
	return safe.Tidy(row)
}
