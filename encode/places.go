package encode

// Copies counted by place. "At least one copy of item i in place p" is a plain sum
// of y variables where no two of them can be 1 at once (one copy in all, one node
// of the item in the place, copies kept apart over places as wide); only else has
// it a variable, and only when some row asks for it.

// placeKey names the count of an item in a place wider than a node.
type placeKey struct{ item, topology, place int32 }

// placeVars are the variables of such a count.
type placeVars struct {
	some  []int32 // their sum is 1 if a copy is there, else 0
	more  int32   // "at least 2", "at least 3", … from here on; -1 before they are asked for
	depth int32   // the most copies that the place holds
}

// within lists the slots of an item in a place. O(nodes of the place · log).
func (b *builder) within(i, topology, place int32) []slot {
	var slots []slot
	for _, j := range b.p.Topologies[topology].Member[place] {
		if s, ok := b.on(i, j); ok {
			slots = append(slots, s)
		}
	}
	return slots
}

// room returns how many copies of an item fit into its slots.
func (b *builder) room(i int32, slots []slot) int32 {
	most := int64(0)
	for _, s := range slots {
		most += int64(s.depth)
	}
	return int32(min(most, int64(b.p.Items[i].Count)))
}

// some returns variables whose sum is 1 where at least one copy of an item is in
// the place, and 0 where none is. It may add rows: not while one is being made.
func (b *builder) some(i, topology, place int32) []int32 {
	if topology == 0 {
		s, ok := b.on(i, place)
		if !ok {
			return nil
		}
		return keep(&b.lists, []int32{s.first})
	}
	return b.count(placeKey{i, topology, place}).some
}

// atLeast returns the same for at least k copies.
func (b *builder) atLeast(i, topology, place, k int32) []int32 {
	if k == 1 {
		return b.some(i, topology, place)
	}
	if topology == 0 {
		if s, ok := b.on(i, place); ok && k <= s.depth {
			return keep(&b.lists, []int32{s.first + k - 1})
		}
		return nil
	}
	key := placeKey{i, topology, place}
	vars := b.count(key)
	if k > vars.depth {
		return nil
	}
	if vars.more < 0 {
		vars.more = b.chain(key, vars)
		b.counted[key] = vars
	}
	return keep(&b.lists, []int32{vars.more + k - 2})
}

// count finds or makes the variables for "some".
func (b *builder) count(key placeKey) placeVars {
	if vars, ok := b.counted[key]; ok {
		return vars
	}
	slots := b.within(key.item, key.topology, key.place)
	vars := placeVars{more: -1, depth: b.room(key.item, slots)}
	first := make([]int32, len(slots))
	for k, s := range slots {
		first[k] = s.first
	}
	switch {
	case len(slots) == 1:
		vars.some, vars.more = first, slots[0].first+1
	case len(slots) == 0 || b.exclusive(key.item, slots):
		vars.some, vars.depth = first, min(vars.depth, 1)
	default:
		some := b.variable(Var{Kind: InPlace, Item: key.item, Topology: key.topology, Place: key.place, Nth: 1})
		b.term(some, 1)
		for _, v := range first {
			b.term(v, -1)
		}
		b.define(AtMost, 0)
		for _, v := range first {
			b.implies(v, some)
		}
		vars.some = []int32{some}
	}
	b.counted[key] = vars
	return vars
}

// exclusive says whether an item has a copy in at most one of its slots.
func (b *builder) exclusive(i int32, slots []slot) bool {
	it := &b.p.Items[i]
	if it.Count == 1 {
		return true
	}
	if it.Apart < 0 {
		return false
	}
	place := b.p.Topologies[it.Apart].Place
	for _, s := range slots {
		if place[s.node] != place[slots[0].node] {
			return false
		}
	}
	return true
}

// chain makes the variables "at least 2", "at least 3", … of a count: they fall,
// and with "at least 1" they add up to the copies that are there.
func (b *builder) chain(key placeKey, vars placeVars) int32 {
	more := b.sequence(Var{Kind: InPlace, Item: key.item, Topology: key.topology, Place: key.place, Nth: 2}, vars.depth-1)
	b.implies(more, vars.some[0])
	b.term(vars.some[0], 1)
	b.all(slot{first: more, depth: vars.depth - 1}, 1)
	for _, s := range b.within(key.item, key.topology, key.place) {
		b.all(s, -1)
	}
	b.define(Equal, 0)
	return more
}
