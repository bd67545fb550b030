package sat

import "berth/encode"

// once is what helping variables have in common of which at most one needs to be 1.
type once struct {
	kind           encode.VarKind
	item, topology int32
	nth            int32
}

// sharpen adds rows that every placement keeps and that a linear relaxation has no
// use for: a pair of single copies is cut in at most one place, and a single copy
// strays in at most one. For clauses they turn the variables of a pair into one
// group, whose price is paid once.
func sharpen(g *encode.Program) {
	index := map[once]int{}
	var rows []encode.Row
	for v := range g.Vars {
		x := &g.Vars[v]
		if x.Kind != encode.Cut && x.Kind != encode.Stray {
			continue
		}
		key := once{x.Kind, x.Item, x.Topology, x.Nth}
		k, known := index[key]
		if !known {
			k = len(rows)
			index[key] = k
			rows = append(rows, encode.Row{Sense: encode.AtMost, RHS: 1, Origin: encode.Origin{Kind: encode.Definition, A: -1, B: -1}})
		}
		rows[k].Terms = append(rows[k].Terms, encode.Term{Var: int32(v), Coef: 1})
	}
	g.Rows = append(g.Rows, rows...)
}
