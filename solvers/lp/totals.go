//go:build cgo

package lp

import (
	"slices"

	"berth/encode"
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
// aggregate). need_i is the least that a copy takes anywhere.
// Cost: O(variables · resources). A program that was made of no placement has none.
func totals(g *encode.Program) []*safe.Row {
	p := g.Problem
	if p == nil || p.Workflow != nil || p.Impossible != "" {
		return nil
	}
	var rows []*safe.Row
	for r := range p.Resources {
		if row := total(g, r); row != nil {
			rows = append(rows, row)
		}
	}
	return rows
}

// total returns the row of one resource, nil where it says nothing.
func total(g *encode.Program, r int) *safe.Row {
	p := g.Problem
	need := leastNeeds(g, r)
	asked := int64(0)
	for i, n := range need {
		if n > (safe.Limit-asked)/int64(p.Items[i].Count) {
			return nil
		}
		asked += n * int64(p.Items[i].Count)
	}
	room := make([]int64, len(p.NodeNames)) // as much as could ever be asked of it
	for v := range g.Vars {
		if v := &g.Vars[v]; v.Kind == encode.Copy {
			capacity := p.Capacity[int(v.Place)*len(p.Resources)+r]
			room[v.Place] += min(need[v.Item], capacity-room[v.Place])
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

// leastNeeds returns the least that a copy of each item takes of a resource on any node.
func leastNeeds(g *encode.Program, r int) []int64 {
	p := g.Problem
	need, seen := make([]int64, len(p.Items)), make([]bool, len(p.Items))
	for v := range g.Vars {
		v := &g.Vars[v]
		if v.Kind != encode.Copy {
			continue
		}
		if n := p.Demands[p.Items[v.Item].Demand].On(v.Place)[r]; !seen[v.Item] || n < need[v.Item] {
			need[v.Item], seen[v.Item] = n, true
		}
	}
	return need
}
