package lcg

// sorted keeps items in the order of a time. From one call to the next few times change,
// and then by little, so that insertion is quicker than sorting anew. O(items) where nothing
// changed, O(items²) at worst.
type sorted []timed

// timed is an item and its time.
type timed struct {
	at   int64
	item int32
}

func newSorted(items int) sorted {
	s := make(sorted, items)
	for k := range s {
		s[k].item = int32(k)
	}
	return s
}

// update takes over the times of all items.
func (s sorted) update(at func(item int32) int64) {
	for k := range s {
		t := timed{at(s[k].item), s[k].item}
		place := k
		for ; place > 0 && s[place-1].at > t.at; place-- {
			s[place] = s[place-1]
		}
		s[place] = t
	}
}

// merged appends two ascending rows to a third as one.
func merged(to, a, b []int64) []int64 {
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			to, a = append(to, a[0]), a[1:]
		} else {
			to, b = append(to, b[0]), b[1:]
		}
	}
	return append(append(to, a...), b...)
}
