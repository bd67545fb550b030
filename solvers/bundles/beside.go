//go:build cgo

package bundles

import (
	"cmp"
	"slices"
)

// The program begins with the bundles of a placement, and of those alone its solution says
// only what they cost together. With the bundles that have a copy less, or one more, it
// says what each copy has to cost: less than what it adds where it is, and more than what it
// would add elsewhere. That saves rounds of pricing.

// beside returns the bundles with a copy less than one of a list, and those with one more if
// that are not too many. Where copies have to be together, or in a rack, these are none.
func (t *tree) beside(list []*bundle) []*bundle {
	var less, more []*bundle
	for _, b := range list {
		c := &t.classes[b.class]
		if t.links > 0 || c.joined != nil {
			continue
		}
		for i := range int32(t.real) {
			n := b.copies(i)
			if n > 0 && len(b.in) > 1 {
				less = append(less, t.bundle(b.class, b.with(i, n-1)))
			}
			if in := b.with(i, n+1); len(more) < mostColumns && t.holds(c, in) {
				more = append(more, t.bundle(b.class, in))
			}
		}
	}
	t.tick(int64(20 * t.items * len(list)))
	if len(more) == mostColumns {
		return less
	}
	return append(less, more...)
}

// with returns what is in a bundle, but n copies of an item.
func (b *bundle) with(i, n int32) []taking {
	at, found := slices.BinarySearchFunc(b.in, i, func(t taking, i int32) int { return cmp.Compare(t.item, i) })
	switch in := slices.Clone(b.in); {
	case !found:
		return slices.Insert(in, at, taking{i, n})
	case n == 0:
		return slices.Delete(in, at, at+1)
	default:
		in[at].copies = n
		return in
	}
}

// holds says whether a place of a class has room for copies, and no rule against them.
func (in *instance) holds(c *class, list []taking) bool {
	for _, t := range list {
		if t.copies > c.most[t.item] {
			return false
		}
	}
	for r, room := range c.room {
		for _, t := range list {
			room -= int64(t.copies) * c.need[int(t.item)*in.resources+r]
		}
		if room < 0 {
			return false
		}
	}
	has := func(i int32) bool { return slices.ContainsFunc(list, func(t taking) bool { return t.item == i }) }
	return !slices.ContainsFunc(c.clash, func(pair [2]int32) bool { return has(pair[0]) && has(pair[1]) })
}
