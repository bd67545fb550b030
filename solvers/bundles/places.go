//go:build cgo

package bundles

import (
	"slices"

	"berth/model"
)

// places adds a class for each place of every wider topology that a level of traffic or
// a rule speaks of, and the rows that say, for each item that is concerned, that so
// many copies lie there in the one bundle as on its nodes.
func (in *instance) places(p *model.Problem) {
	nodes := len(in.classes)
	in.concern = make([][]bool, 1, len(p.Topologies))
	for t := int32(1); int(t) < len(p.Topologies); t++ {
		concerned := in.concerned(p, t)
		in.concern = append(in.concern, concerned)
		if !slices.Contains(concerned, true) {
			continue
		}
		for _, members := range p.Topologies[t].Member {
			in.classes = append(in.classes, in.placeClass(p, t, members, concerned, nodes))
		}
	}
}

// concerned says by item whether it matters with whom it shares a place.
func (in *instance) concerned(p *model.Problem, t int32) []bool {
	list := make([]bool, in.items)
	set := func(i int32) { list[i] = true }
	for i := range p.Items {
		if p.Items[i].Apart == t {
			set(int32(i))
		}
	}
	for k := range p.Constraints {
		if p.Constraints[k].Topology == t {
			for _, m := range p.Constraints[k].Members {
				set(m.Item)
			}
		}
	}
	for l := range len(p.Levels) - 1 {
		if p.Levels[l].Topology == t && p.Levels[l].Distance < p.Levels[l+1].Distance {
			for _, pair := range p.Pairs {
				set(pair.A)
				set(pair.B)
			}
		}
	}
	return list
}

// placeClass is the class of one place, without ties, linked to its nodes.
func (in *instance) placeClass(p *model.Problem, t int32, members []int32, concerned []bool, nodes int) class {
	c := in.newClass(t)
	c.nodes, c.count, c.wide = members, 1, true
	first := make([]bool, in.items)
	for k := range in.classes[:nodes] {
		n := &in.classes[k]
		if p.Topologies[t].Place[n.nodes[0]] != p.Topologies[t].Place[members[0]] {
			continue
		}
		for r, room := range n.room {
			c.room[r] += room * int64(n.count)
		}
		for i, most := range n.most[:in.real] {
			if most == 0 || !concerned[i] {
				continue
			}
			c.most[i] += int32(min(int64(most)*int64(n.count), int64(in.copies[i]-c.most[i])))
			for r := range c.room {
				at := i*in.resources + r
				if need := n.need[at]; !first[i] || need < c.need[at] {
					c.need[at] = need
				}
			}
			first[i] = true
		}
	}
	for i := range p.Items {
		if c.most[i] == 0 {
			continue
		}
		if p.Items[i].Apart == t {
			c.most[i] = 1
		}
		c.cost[i] = make([]int64, c.most[i])
		row := int32(in.items + in.links)
		in.links++
		c.link[i] = []int32{row}
		for k := range in.classes[:nodes] {
			if n := &in.classes[k]; p.Topologies[t].Place[n.nodes[0]] == p.Topologies[t].Place[members[0]] {
				n.link[i] = append(n.link[i], row)
			}
		}
	}
	return c
}
