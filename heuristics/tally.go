package heuristics

// tally counts by place, for the few places where there is something: ascending,
// without zeros.
type tally []entry

type entry struct {
	place int32
	n     int64
}

// find returns where place is, or belongs. O(log entries).
func (t tally) find(place int32) int {
	low, high := 0, len(t)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if t[mid].place < place {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// at returns the count of a place.
func (t tally) at(place int32) int64 {
	if k := t.find(place); k < len(t) && t[k].place == place {
		return t[k].n
	}
	return 0
}

// add changes the count of a place by n.
func (t *tally) add(place int32, n int64) {
	list := *t
	k := list.find(place)
	if k == len(list) || list[k].place != place {
		list = append(list, entry{})
		copy(list[k+1:], list[k:])
		list[k] = entry{place, n}
		*t = list
		return
	}
	list[k].n += n
	if list[k].n == 0 {
		*t = append(list[:k], list[k+1:]...)
	}
}

// most returns the largest count there would be with n less in one place and n
// more in another. Either may be NoPlace. O(entries).
func (t tally) most(less, more int32, n int64) int64 {
	var top int64
	if more >= 0 {
		top = n
	}
	for _, e := range t {
		switch e.place {
		case less:
			e.n -= n
		case more:
			e.n += n
		}
		top = max(top, e.n)
	}
	return top
}
