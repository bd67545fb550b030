package conflict

import "slices"

// rank orders kinds by how soon they are left out.
var rank = [...]int{Fix: 0, Forbid: 0, Moves: 0, Rule: 1, Apart: 1, Selector: 2, Reach: 2, Uplink: 3, Capacity: 3, Placed: 4}

// minimise leaves out of a conflict what it can do without, and says whether nothing
// more could be left out. It is soonest rid of rules and selectors, and of what was
// given: what is left then says most about too little room.
func (d *decider) minimise(core []int) (least []int, minimal bool) {
	off := slices.Repeat([]bool{true}, len(d.members))
	for _, m := range core {
		off[m] = false
	}
	order := slices.Clone(core)
	slices.SortStableFunc(order, func(a, b int) int {
		return rank[d.members[a].Kind] - rank[d.members[b].Kind]
	})
	minimal = true
	for _, m := range order {
		if off[m] {
			continue // an answer did without it
		}
		if !d.goOn(0) {
			minimal = false
			break
		}
		off[m] = true
		switch answer := d.decide(off); answer.verdict {
		case no:
			for k := range off {
				off[k] = true
			}
			for _, k := range answer.core {
				off[k] = false
			}
		case yes:
			off[m] = false
		default:
			off[m], minimal = false, false
		}
	}
	for m := range off {
		if !off[m] {
			least = append(least, m)
		}
	}
	return least, minimal
}
