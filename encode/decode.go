package encode

import (
	"fmt"

	"berth/model"
)

// NoPlacement is the error of an assignment that names the variables of the program
// and yet places an item too often or too rarely: no solution of the program does.
type NoPlacement string

// Error says what is placed wrongly.
func (e NoPlacement) Error() string { return string(e) }

// Decode returns the placement that an assignment of the variables stands for: it
// reads where the copies are, and nothing of the helping variables. It fails with
// NoPlacement where an item has too many or too few copies placed; whether the placement keeps the
// rules, and what it costs, is for the judge to say.
func (g *Program) Decode(value func(v int32) bool) (model.Placement, error) {
	p := g.Problem
	pl := make(model.Placement, p.Copies)
	for c := range pl {
		pl[c] = model.NoPlace
	}
	placed := make([]int32, len(p.Items))
	for v := range g.Vars {
		x := &g.Vars[v]
		if x.Kind != Copy || !value(int32(v)) {
			continue
		}
		it := &p.Items[x.Item]
		if placed[x.Item] == it.Count {
			return nil, NoPlacement(fmt.Sprintf("the answer places more than the %d copies of %s: x%d (%s) is one too many",
				it.Count, p.Label(x.Item), v+1, g.Meaning(int32(v))))
		}
		pl[it.First+placed[x.Item]] = x.Place
		placed[x.Item]++
	}
	for i := range p.Items {
		it := &p.Items[i]
		if it.Unplaced == model.NoLimit && placed[i] < it.Count {
			return nil, NoPlacement(fmt.Sprintf("the answer places %d of the %d copies of %s, and none may be left out: "+
				"is it the answer to a file written from this instance?", placed[i], it.Count, p.Label(int32(i))))
		}
	}
	return pl, nil
}
