package heuristics

import "berth/model"

// counts are the copies by place of the items with several copies that something
// binds: for every topology a table of items and places, or, where that would be too
// large, a tally for each item.
type counts struct {
	slots  []int32 // by item: its number here, or -1; nil where there are none
	placed []int32 // copies that are placed, by slot
	parts  []int64 // the share that n copies of an item are, at starts[slot]+n
	starts []int32
	stride int32   // places of all topologies
	bases  []int32 // where the places of each topology begin
	table  []int32 // by slot and place, or nil
	tally  []tally // by slot and topology, where there is no table
}

// largestTable is up to how many entries there is a table.
const largestTable = 1 << 24

func newCounts(p *model.Problem) counts {
	var c counts
	for i := range p.Items {
		it := &p.Items[i]
		if !it.Bound || it.Count == 1 {
			continue
		}
		if c.slots == nil {
			c.slots = make([]int32, len(p.Items))
			for k := range c.slots {
				c.slots[k] = -1
			}
		}
		c.slots[i] = int32(len(c.starts))
		c.starts = append(c.starts, int32(len(c.parts)))
		for n := range it.Count + 1 {
			c.parts = append(c.parts, p.Share(n, it.Count, n, it.Count))
		}
	}
	for t := range p.Topologies {
		c.bases = append(c.bases, c.stride)
		c.stride += int32(len(p.Topologies[t].Names))
	}
	c.placed = make([]int32, len(c.starts))
	if size := len(c.starts) * int(c.stride); size <= largestTable {
		c.table = make([]int32, size)
	} else {
		c.tally = make([]tally, len(c.starts)*len(c.bases))
	}
	return c
}

// slotOf is the slot of an item, −1 where it has none.
func (c *counts) slotOf(i int32) int32 {
	if c.slots == nil {
		return -1
	}
	return c.slots[i]
}

// at is how many copies are in a place. O(1), or the logarithm of the places in use.
func (c *counts) at(slot, topology, place int32) int64 {
	switch {
	case place < 0:
		return 0
	case c.table != nil:
		return int64(c.table[slot*c.stride+c.bases[topology]+place])
	}
	return c.tally[int(slot)*len(c.bases)+int(topology)].at(place)
}

// add changes how many copies are in a place by n.
func (c *counts) add(slot, topology, place int32, n int64) {
	if c.table != nil {
		c.table[slot*c.stride+c.bases[topology]+place] += int32(n)
		return
	}
	c.tally[int(slot)*len(c.bases)+int(topology)].add(place, n)
}

// part is the share of an item that n copies are.
func (c *counts) part(slot int32, n int64) int64 { return c.parts[int64(c.starts[slot])+n] }

// share is the share of an item that its copies in a place are.
func (c *counts) share(slot, topology, place int32) int64 {
	return c.part(slot, c.at(slot, topology, place))
}
