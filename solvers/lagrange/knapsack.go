package lagrange

// The knapsack of a node: under multipliers u, task i is worth cost − u(i) there,
// and the node takes the set of least value that fits its spare room.
//
// It is solved exactly, over a core. At the break item of the greedy order, the
// price λ of a step of room gives the Dantzig bound −λ·spare + Σ min(0, v + λ·need)
// for any λ ≥ 0, and what it rises by when one item is forced against the sign of
// v + λ·need. An item whose rise lifts the bound above the greedy value is where it
// belongs; dynamic programming decides the few others, over the room that is left
// (D. Pisinger, Core problems in knapsack algorithms, Operations Research 47,
// 1999). All numbers are integers: λ is rounded, which keeps the bound valid.
//
// price finds, for every task that may be on the node, how much the knapsack's
// value rises when the task is forced in, or out. The same bounds settle what
// rises above the gap; for the others a table over the items before a task and one
// over those after it are joined over the split of the room: O(core·room) for the
// tables and O(room) a task.
//
// Where a table would be too large, the Dantzig bound stands in for the exact
// value. Bounds stay valid, only weaker.

// maxCells is the largest size of a table, where there is room for it. There are two
// of 4 bytes a cell and two of 8 for each side of the engine, and the improver has
// more of 8 (pack.go); what grows may take half as much again, and more until the old
// one is collected.
const (
	maxCells   = 1 << 22
	tableBytes = 2*2*(2*4+2*8) + 48
)

// slimCells is how many cells of 4 bytes take as long as one of 8.
const slimCells = 4

// knapsacks are those of all nodes under the multipliers u.
type knapsacks struct {
	*domains
	u       []int64
	sacks   []sack
	taken   []bool  // taken[j*tasks+i]: the knapsack of node j takes task i
	penalty []int64 // by how much node j's value rises if task i changes sides
	work    int64   // units done, to be reported

	items []item // reused by all nodes
	core  []item
	slim  tables[int32]
	full  tables[int64]
}

// sack is what is known of one knapsack.
type sack struct {
	value  int64   // of the best set, or a lower bound of it
	price  int64   // λ
	lower  int64   // the Dantzig bound at λ
	likely int64   // how far above it the value may be expected
	in     []int32 // the tasks taken
}

// item is a task in a knapsack.
type item struct {
	task, need int32
	value      int64
}

func newKnapsacks(d *domains) *knapsacks {
	return &knapsacks{
		domains: d, u: make([]int64, d.tasks), sacks: make([]sack, d.nodes),
		taken: make([]bool, d.tasks*d.nodes), penalty: make([]int64, d.tasks*d.nodes),
	}
}

// solve finds the best set of node j among the open tasks.
func (k *knapsacks) solve(j int32) {
	s := &k.sacks[j]
	row := int(j) * k.tasks
	taken := k.taken[row : row+k.tasks]
	for _, i := range s.in {
		taken[i] = false
	}
	s.in = s.in[:0]
	spare := k.spare[j]
	total, value := int64(0), int64(0)
	cost, need := k.cost[row:row+k.tasks], k.need[row:row+k.tasks]
	k.items = k.items[:0]
	list := k.tasksOn[j].all()
	for _, i := range list {
		if v := cost[i] - k.u[i]; v < 0 && need[i] <= spare {
			k.items = append(k.items, item{i, need[i], v})
			total += int64(need[i])
			value += v
		}
	}
	k.work += int64(3*len(list)+20*len(k.items)) + 50
	s.price = 0
	if total <= int64(spare) {
		s.value, s.lower = value, value
		for _, t := range k.items {
			s.take(taken, t.task)
		}
		return
	}
	first := breakItem(k.items, spare)
	s.price = -k.items[first].value / int64(k.items[first].need)
	s.lower = -s.price * int64(spare)
	for _, t := range k.items {
		s.lower += min(0, t.value+s.price*int64(t.need))
	}
	k.decide(s, taken, first, spare)
}

func (s *sack) take(taken []bool, i int32) {
	taken[i] = true
	s.in = append(s.in, i)
}

// decide picks the best set where not all candidates fit; those before the first
// do. The core is first what the last rounds make likely: if the best value within
// it is no higher than what it was drawn up for, it is proven; else that value, or
// the greedy one, says how large the core must be.
func (k *knapsacks) decide(s *sack, taken []bool, first int, spare int32) {
	greedy, left := int64(0), spare
	for n, t := range k.items {
		if n < first || t.need <= left {
			greedy += t.value
			left -= t.need
		}
	}
	upper := min(greedy, s.lower+s.likely)
	for {
		width, inside := k.drawCore(s, upper, spare)
		if (len(k.core)+1)*(width+1) > k.instance.cells {
			k.settle(s, taken, first, spare)
			return
		}
		best := greedy
		if width >= 0 {
			best = inside + k.fill(width)
		}
		if best <= upper {
			s.value = best
			break
		}
		upper = min(best, greedy)
	}
	s.likely = 2*(s.value-s.lower) + 1
	k.unpack(s, taken, upper)
}

// drawCore gathers the items that may be on either side in a set worth no more
// than upper. The others are inside or outside by their sign; it returns the room
// that those inside leave, and their value.
func (k *knapsacks) drawCore(s *sack, upper int64, spare int32) (width int, inside int64) {
	width = int(spare)
	k.core = k.core[:0]
	for _, t := range k.items {
		rise := t.value + s.price*int64(t.need)
		switch {
		case s.lower+max(rise, -rise) <= upper:
			k.core = append(k.core, t)
		case rise < 0:
			width -= int(t.need)
			inside += t.value
		}
	}
	return width, inside
}

// unpack takes the set that the table of the core, drawn up for upper, describes.
func (k *knapsacks) unpack(s *sack, taken []bool, upper int64) {
	for _, t := range k.items {
		if rise := t.value + s.price*int64(t.need); rise < 0 && s.lower-rise > upper {
			s.take(taken, t.task)
		}
	}
	take := func(i int32) { s.take(taken, i) }
	if worth(k.core) < narrow {
		k.slim.unpack(k.core, take)
	} else {
		k.full.unpack(k.core, take)
	}
}

// fill packs the core into room of the given width, and returns the value.
func (k *knapsacks) fill(width int) int64 {
	var value, cells int64
	if worth(k.core) < narrow {
		value, cells = k.slim.fill(k.core, width)
		cells /= slimCells
	} else {
		value, cells = k.full.fill(k.core, width)
	}
	k.work += cells + int64(20*len(k.core))
	return value
}

// settle takes the greedy set in place of the best, and the Dantzig bound for its
// value.
func (k *knapsacks) settle(s *sack, taken []bool, first int, spare int32) {
	s.value = s.lower
	for n, t := range k.items {
		if n < first || t.need <= spare {
			s.take(taken, t.task)
			spare -= t.need
		}
	}
}

// breakItem puts the items in such an order that, for the returned index, those
// before it fit together, they and it do not, and none behind it is better by
// value for each step of need. Not all of them fit. Expected O(items).
func breakItem(items []item, room int32) int {
	low, high := 0, len(items)
	left := int64(room)
	for high-low > 1 {
		middle := low + partition(items[low:high])
		sum := int64(0)
		for _, t := range items[low:middle] {
			sum += int64(t.need)
		}
		if sum <= left {
			left -= sum
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// partition splits two or more items in two parts, neither empty, those in the
// first no worse by value for each step of need than those in the second, and
// returns the length of the first part (C.A.R. Hoare, Quicksort, The Computer
// Journal 5, 1962).
func partition(items []item) int {
	pivot := items[(len(items)-1)/2]
	low, high := -1, len(items)
	for {
		for low++; better(items[low], pivot); low++ {
		}
		for high--; better(pivot, items[high]); high-- {
		}
		if low >= high {
			return high + 1
		}
		items[low], items[high] = items[high], items[low]
	}
}

// better says whether a is worth more than b for each step of need.
func better(a, b item) bool {
	return a.value*int64(b.need) < b.value*int64(a.need)
}
