package prices

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"berth/model"
	"berth/search"
)

// Limits beyond which the method withdraws.
const (
	maxOptions = 1 << 27 // named nodes, over all choices: 16 bytes each
	maxMembers = 1 << 27 // nodes of all sets, counted for each kind where demands are unlike
)

// What is reserved on the board, in bytes.
const (
	copyBytes   = 300      // to a copy
	priceBytes  = 300      // to a node's resource
	optionBytes = 40       // to an option, while the list of them grows
	memberBytes = 12       // to a node of a set, and of its order
	block       = 16 << 20 // reserved at a time
)

// fewNodes is up to how many nodes a set is named one by one.
const fewNodes = 32

// instance is a placement problem as the method sees it. What tasks have in common
// is kept once:
//
//   - a choice is where a copy may be and what that costs: some nodes by name, and
//     the same cost, rest, on all nodes of a set;
//   - a kind is what a copy takes, together with the set of its rest. What the
//     cheapest node of a set costs at today's prices is found once for all copies
//     of a kind.
//
// Leaving a copy out is a named node more, the last, which has room for all.
type instance struct {
	problem   *model.Problem
	nodes     int // with the one outside
	outside   int32
	resources int
	room      []int64 // by node and resource; outside is not limited
	open      []int64 // by node: the price of using it; nil where no node costs anything
	settled   bool    // which nodes are used

	sets  []set
	kinds []kind
	size  []int64 // by kind and resource: what a copy takes, where that is the same on all nodes
	small []int64 // … and what it takes at least on any

	from   []int32 // by choice: its options are from[c] … from[c+1]-1
	option []option
	rest   []int64 // by choice, or nowhere

	items  []item
	itemOf []int32 // by copy

	mean    []float64 // by resource: what a copy takes; 1 where none takes any
	dearest int64     // the highest cost that a copy can pay
	matters float64   // what a copy's place usually does, in units of cost
}

// item is a class of copies that are all alike.
type item struct{ first, count, choice, kind int32 }

// option is a named node of a choice.
type option struct {
	cost int64
	node int32
}

// set is the nodes that a rest speaks of: ascending, and as bits, nil for all.
type set struct {
	nodes []int32
	bits  []uint64
}

// has says whether node j belongs to the set.
func (s *set) has(j int32) bool { return s.bits == nil || s.bits[j>>6]>>(uint(j)&63)&1 == 1 }

// kind is what copies take and where they may be without being named.
type kind struct {
	set    int32            // or nobody's, where all their nodes are named
	unlike *model.DemandRow // nil where a copy takes the same on all nodes
}

// nowhere is the cost of the rest where a choice has only its options.
const nowhere = math.MaxInt64

// nobody is no node, and no set.
const nobody int32 = -1

// newInstance restates a problem. It fails with search.ErrTooLarge where tasks name
// too many nodes, or where the board has no room for it and for what is to come.
func newInstance(p *model.Problem, b *search.Board) (*instance, error) {
	if err := b.Reserve("prices: its copies and nodes", int64(p.Copies)*copyBytes+int64(len(p.Capacity))*priceBytes); err != nil {
		return nil, err
	}
	in := &instance{
		problem: p, nodes: len(p.NodeNames) + 1, outside: int32(len(p.NodeNames)), resources: len(p.Resources),
		from: []int32{0}, items: make([]item, len(p.Items)), itemOf: make([]int32, p.Copies),
	}
	in.room = append(append(make([]int64, 0, len(p.Capacity)+in.resources), p.Capacity...), make([]int64, in.resources)...)
	for r := range in.resources {
		in.room[len(p.Capacity)+r] = math.MaxInt64
	}
	c := &collector{instance: in, board: b, choices: map[choiceKey]choiceOf{}, setOf: map[string]int32{}, kindOf: map[[2]int32]int32{}}
	for i := range p.Items {
		if err := c.add(int32(i)); err != nil {
			return nil, err
		}
	}
	if p.Features&model.OpenCosts != 0 {
		in.open = append(slices.Clone(p.Open), 0)
	}
	in.shut()
	in.measure()
	return in, nil
}

// shut takes the room from nodes on which nothing may be.
func (in *instance) shut() {
	free := make([]bool, in.nodes)
	for _, s := range in.sets {
		for _, j := range s.nodes {
			free[j] = true
		}
	}
	for _, o := range in.option {
		free[o.node] = true
	}
	for j, may := range free[:in.outside] {
		if !may {
			clear(in.room[j*in.resources:][:in.resources])
		}
	}
}

// collector numbers choices, sets of nodes and kinds while the items come in.
type collector struct {
	*instance
	choices map[choiceKey]choiceOf
	setOf   map[string]int32 // from what a set is made of
	kindOf  map[[2]int32]int32
	members int64 // of all sets so far
	key     []byte

	board    *search.Board
	reserved int64 // bytes, for options and members
}

// reserve asks for room for what was collected and for a block more.
func (c *collector) reserve() error {
	if need := int64(len(c.option))*optionBytes + c.members*memberBytes; need > c.reserved {
		more := need - c.reserved + block
		c.reserved += more
		return c.board.Reserve("prices: the nodes that tasks name", more)
	}
	return nil
}

type choiceKey struct {
	cost, domain int32
	unplaced     int64
}

type choiceOf struct{ choice, set int32 }

func (c *collector) add(i int32) error {
	if err := c.reserve(); err != nil {
		return err
	}
	item := &c.problem.Items[i]
	key := choiceKey{item.Cost, item.Domain, item.Unplaced}
	of, known := c.choices[key]
	if !known {
		of = c.newChoice(key)
		c.choices[key] = of
	}
	pair := [2]int32{item.Demand, of.set}
	k, known := c.kindOf[pair]
	if !known {
		k = c.newKind(pair)
		c.kindOf[pair] = k
	}
	switch {
	case len(c.option) > maxOptions:
		return fmt.Errorf("prices: tasks name more than %d pairs of task and node: %w", maxOptions, search.ErrTooLarge)
	case c.members > maxMembers:
		return fmt.Errorf("prices: more than %d pairs of a kind of task and a node: %w", maxMembers, search.ErrTooLarge)
	}
	c.items[i].first, c.items[i].count = item.First, item.Count
	c.items[i].choice, c.items[i].kind = of.choice, k
	for copy := item.First; copy < item.First+item.Count; copy++ {
		c.itemOf[copy] = i
	}
	return nil
}

// newChoice lists the options of a choice. Nodes that cost more than the rest leave
// its set; a small set is named node by node.
func (c *collector) newChoice(key choiceKey) choiceOf {
	row, domain := &c.problem.Costs[key.cost], &c.problem.Domains[key.domain]
	of := choiceOf{int32(len(c.rest)), nobody}
	rest := int64(nowhere)
	if domain.Size <= fewNodes || row.Nodes == nil && row.Values != nil {
		for _, j := range domain.Nodes() {
			c.option = append(c.option, option{row.At(j), j})
		}
	} else {
		named := 0
		var dear []int32
		for k, j := range row.Nodes {
			if !domain.Has(j) {
				continue
			}
			named++
			c.option = append(c.option, option{row.Values[k], j})
			if row.Values[k] > row.Rest {
				dear = append(dear, j)
			}
		}
		if named < domain.Size {
			rest, of.set = row.Rest, c.newSet(key.domain, dear)
		}
	}
	if key.unplaced != model.NoLimit {
		c.option = append(c.option, option{key.unplaced, c.outside})
	}
	c.from = append(c.from, int32(len(c.option)))
	c.rest = append(c.rest, rest)
	return of
}

// newSet returns the number of the set of a domain's nodes without some.
func (c *collector) newSet(domain int32, without []int32) int32 {
	c.key = binary.LittleEndian.AppendUint32(c.key[:0], uint32(domain))
	for _, j := range without {
		c.key = binary.LittleEndian.AppendUint32(c.key, uint32(j))
	}
	if set, known := c.setOf[string(c.key)]; known {
		return set
	}
	d := &c.problem.Domains[domain]
	s := set{nodes: d.Nodes()}
	if d.Words != nil || len(without) > 0 {
		s.nodes = slices.DeleteFunc(s.nodes, func(j int32) bool {
			_, found := slices.BinarySearch(without, j)
			return found
		})
		s.bits = make([]uint64, (c.nodes+63)/64)
		for _, j := range s.nodes {
			s.bits[j>>6] |= 1 << (uint(j) & 63)
		}
	}
	c.sets = append(c.sets, s)
	c.members += int64(len(s.nodes))
	c.setOf[string(c.key)] = int32(len(c.sets) - 1)
	return int32(len(c.sets) - 1)
}

// newKind makes the kind of a demand and a set.
func (c *collector) newKind(pair [2]int32) int32 {
	row := &c.problem.Demands[pair[0]]
	k := kind{set: pair[1]}
	if row.Values != nil {
		k.unlike = row
		if k.set != nobody {
			c.members += int64(len(c.sets[k.set].nodes))
		}
	}
	c.kinds = append(c.kinds, k)
	c.size = append(c.size, row.On(0)...)
	small := slices.Clone(row.Usual())
	for e, size := range row.Values {
		small[e%len(small)] = min(small[e%len(small)], size)
	}
	c.small = append(c.small, small...)
	return int32(len(c.kinds) - 1)
}

// takes returns what a copy of kind k takes on node j.
func (in *instance) takes(k, j int32) []int64 {
	if row := in.kinds[k].unlike; row != nil && j != in.outside {
		return row.On(j)
	}
	return in.size[int(k)*in.resources : int(k+1)*in.resources]
}

// options returns the named nodes of an item.
func (in *instance) options(it *item) []option {
	return in.option[in.from[it.choice]:in.from[it.choice+1]]
}

// measure sets what the instance looks like in the mean. A copy's place matters by
// what its second cheapest node costs more than the cheapest, and by its part of what
// nodes cost.
func (in *instance) measure() {
	in.mean = make([]float64, in.resources)
	copies := 0.0
	for i := range in.items {
		it := &in.items[i]
		count := float64(it.count)
		copies += count
		for r, size := range in.takes(it.kind, 0) {
			in.mean[r] += float64(count * float64(size))
		}
		first, second := in.rest[it.choice], int64(nowhere)
		if first != nowhere {
			in.dearest = max(in.dearest, first)
		}
		for _, o := range in.options(it) {
			in.dearest = max(in.dearest, o.cost)
			first, second = min(first, o.cost), min(second, max(first, o.cost))
		}
		if second != nowhere {
			in.matters += float64(count * float64(second-first))
		}
	}
	for _, open := range in.open {
		in.dearest = max(in.dearest, open)
		in.matters += float64(open)
	}
	copies = max(copies, 1)
	in.matters = max(in.matters/copies, 1e-3)
	for r := range in.mean {
		if in.mean[r] /= copies; in.mean[r] == 0 {
			in.mean[r] = 1
		}
	}
}
