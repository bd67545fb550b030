package conflict

import (
	"fmt"
	"slices"

	"berth/model"
)

// Way is a set of changes to a document, all of which are needed, after which it has a
// placement.
type Way struct {
	Changes   []Change
	Placement []model.TaskNodes // which the judge has seen
}

// waysOut looks for the smallest sets of members without which the others can hold
// together, the first conflict being known. Sets are tried by size, of one size those
// first that are cheaper by kind; each that does not suffice shows a conflict, and one
// of its members has to go as well. It goes on to larger sets until there is a way that
// leaves no task out. exhausted says that no way of the smallest size is missing. Where
// the work is done before there is a way, the spare work goes into any.
func (d *decider) waysOut(core []int, most int, spare func(int64) bool) (ways []Way, exhausted bool, err error) {
	exhausted = true
	var found []set
	tried := map[string]bool{}
	kept := 0 // of those found, how many leave no task out
	for level := extended(nil, core, tried); len(level) > 0 && kept == 0; {
		var next [][]int
		slices.SortStableFunc(level, d.byKind)
		for _, gone := range level {
			if slices.ContainsFunc(found, func(f set) bool { return containsAll(gone, f.gone) }) {
				continue
			}
			if kept >= most || !d.goOn(1) {
				exhausted = false
				break
			}
			switch answer := d.decide(d.without(gone)); answer.verdict {
			case yes:
				found = append(found, set{gone, answer.at})
				if d.keepsTasks(gone) {
					kept++
				}
			case no:
				next = append(next, extended(gone, answer.core, tried)...)
			default:
				exhausted = exhausted && len(found) > 0 && len(gone) > len(found[0].gone)
			}
		}
		if level = next; !d.goOn(1) {
			break
		}
	}
	if len(found) == 0 {
		d.goOn = spare
		found = d.descend(core)
	}
	for _, f := range d.pick(found, most) {
		way, err := d.way(f)
		if err != nil {
			return nil, false, err
		}
		ways = append(ways, way)
	}
	slices.SortStableFunc(ways, d.cheaper)
	return ways, exhausted && len(ways) == len(found), nil
}

// descend takes a member out of each conflict until there is a placement, and then puts back what
// need not be out. No part of the set that is left is enough, but it may not be the smallest.
func (d *decider) descend(core []int) []set {
	var f set
	for f.at == nil {
		first := slices.MinFunc(core, func(a, b int) int { return int(d.members[a].Kind) - int(d.members[b].Kind) })
		f.gone = append(f.gone, first)
		switch answer := d.decide(d.without(f.gone)); answer.verdict {
		case yes:
			f.at = answer.at
		case no:
			core = answer.core
		default:
			return nil
		}
	}
	for n := 0; n < len(f.gone) && len(f.gone) > 1; {
		fewer := slices.Delete(slices.Clone(f.gone), n, n+1)
		if answer := d.decide(d.without(fewer)); answer.verdict == yes {
			f = set{fewer, answer.at}
			continue
		}
		n++
	}
	slices.Sort(f.gone)
	return []set{f}
}

// set is a set of members without which the others can hold together, as a placement
// shows.
type set struct {
	gone []int
	at   []int32
}

// byKind orders sets of members by their kinds.
func (d *decider) byKind(a, b []int) int {
	kinds := func(set []int) []Kind {
		var list []Kind
		for _, m := range set {
			list = append(list, d.members[m].Kind)
		}
		slices.Sort(list)
		slices.Reverse(list)
		return list
	}
	return slices.Compare(kinds(a), kinds(b))
}

// extended adds each member of a conflict to a set, and returns those that are new.
func extended(gone, core []int, tried map[string]bool) [][]int {
	var sets [][]int
	for _, m := range core {
		set := append(slices.Clone(gone), m)
		slices.Sort(set)
		if key := fmt.Sprint(set); !tried[key] {
			tried[key] = true
			sets = append(sets, set)
		}
	}
	return sets
}

func (d *decider) keepsTasks(gone []int) bool {
	return !slices.ContainsFunc(gone, func(m int) bool { return d.members[m].Kind == Placed })
}

// pick takes the first sets, those last that leave tasks out.
func (d *decider) pick(found []set, most int) []set {
	var keep, lose []set
	for _, f := range found {
		if d.keepsTasks(f.gone) {
			keep = append(keep, f)
		} else {
			lose = append(lose, f)
		}
	}
	keep = keep[:min(len(keep), most)]
	return append(keep, lose[:min(len(lose), max(most-len(keep), 0))]...)
}

func (d *decider) without(gone []int) []bool {
	off := make([]bool, len(d.members))
	for _, m := range gone {
		off[m] = true
	}
	return off
}
