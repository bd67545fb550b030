package prices

import (
	"encoding/binary"
	"fmt"
	"math"

	"berth/model"
	"berth/search"
)

// Limits beyond which the method withdraws.
const (
	maxOptions = 1 << 27 // named nodes, over all choices: 12 bytes each
	maxPrices  = 1 << 28 // pairs of kind and node: each is priced in every round
)

// instance is a placement problem as the method sees it. What tasks have in common
// is kept once:
//
//   - a choice is where a copy may be and what that costs: some nodes by name, and
//     the same cost, rest, on all other nodes of its kind;
//   - a kind is what a copy takes, together with the nodes that its rest speaks of.
//     What these cost at today's prices is found once for all copies of a kind.
//
// Leaving a copy out is a named node more, the last, which has room for all.
type instance struct {
	problem   *model.Problem
	nodes     int // with the one outside
	outside   int32
	resources int
	room      []int64 // by node and resource; outside is not limited

	kinds []kind
	size  []int64 // by kind and resource: what a copy takes, where that is the same on all nodes

	from   []int32 // by choice: its options are from[c] … from[c+1]-1
	option []option
	rest   []int64 // by choice, or nowhere

	items  []item
	itemOf []int32 // by copy
}

// item is a class of copies that are all alike.
type item struct{ first, count, choice, kind int32 }

// option is a named node of a choice.
type option struct {
	cost int64
	node int32
}

// kind is what copies take and where they may be without being named.
type kind struct {
	unlike *model.DemandRow // nil where a copy takes the same on all nodes
	nodes  []int32          // nil: all but the one outside
}

// nowhere is the cost of the rest where a choice has only its options.
const nowhere = math.MaxInt64

func newInstance(p *model.Problem) (*instance, error) {
	in := &instance{
		problem: p, nodes: len(p.NodeNames) + 1, outside: int32(len(p.NodeNames)), resources: len(p.Resources),
		from: []int32{0}, items: make([]item, len(p.Items)), itemOf: make([]int32, p.Copies),
	}
	in.room = append(append(make([]int64, 0, len(p.Capacity)+in.resources), p.Capacity...), make([]int64, in.resources)...)
	for r := range in.resources {
		in.room[len(p.Capacity)+r] = math.MaxInt64
	}
	c := &collector{instance: in, choices: map[choiceKey]choiceOf{}, sets: map[string]int32{}, kindOf: map[[2]int32]int32{}}
	for i := range p.Items {
		if err := c.add(int32(i)); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// collector numbers choices, sets of nodes and kinds while the items come in.
type collector struct {
	*instance
	choices map[choiceKey]choiceOf
	sets    map[string]int32 // from the nodes of a set
	members [][]int32        // by set
	kindOf  map[[2]int32]int32
	priced  int64 // pairs of kind and node so far
	key     []byte
}

type choiceKey struct {
	cost, domain int32
	unplaced     int64
}

type choiceOf struct{ choice, set int32 }

func (c *collector) add(i int32) error {
	item := &c.problem.Items[i]
	key := choiceKey{item.Cost, item.Domain, item.Unplaced}
	of, known := c.choices[key]
	if !known {
		of = c.newChoice(key)
		c.choices[key] = of
		if len(c.option) > maxOptions {
			return fmt.Errorf("prices: tasks name more than %d pairs of task and node: %w", maxOptions, search.ErrTooLarge)
		}
	}
	pair := [2]int32{item.Demand, of.set}
	k, known := c.kindOf[pair]
	if !known {
		k = c.newKind(pair)
		c.kindOf[pair] = k
		if c.priced > maxPrices {
			return fmt.Errorf("prices: more than %d pairs of demand and node: %w", maxPrices, search.ErrTooLarge)
		}
	}
	c.items[i].first, c.items[i].count = item.First, item.Count
	c.items[i].choice, c.items[i].kind = of.choice, k
	for copy := item.First; copy < item.First+item.Count; copy++ {
		c.itemOf[copy] = i
	}
	return nil
}

// newChoice lists the options of a choice. Nodes that cost more than the rest leave
// the set of nodes that the rest speaks of.
func (c *collector) newChoice(key choiceKey) choiceOf {
	row, domain := &c.problem.Costs[key.cost], &c.problem.Domains[key.domain]
	rest := row.Rest
	var dear []int32
	if row.Nodes == nil && row.Values != nil {
		rest = nowhere
		for j, cost := range row.Values {
			if domain.Has(int32(j)) {
				c.option = append(c.option, option{cost, int32(j)})
			}
		}
	} else {
		named := 0
		for k, j := range row.Nodes {
			if !domain.Has(j) {
				continue
			}
			named++
			c.option = append(c.option, option{row.Values[k], j})
			if row.Values[k] > rest {
				dear = append(dear, j)
			}
		}
		if named == domain.Size {
			rest = nowhere
		}
	}
	if key.unplaced != model.NoLimit {
		c.option = append(c.option, option{key.unplaced, c.outside})
	}
	set := int32(-1)
	if rest != nowhere {
		set = c.setOf(key.domain, dear)
	}
	c.from = append(c.from, int32(len(c.option)))
	c.rest = append(c.rest, rest)
	return choiceOf{int32(len(c.rest) - 1), set}
}

// setOf numbers the set of a domain's nodes without some.
func (c *collector) setOf(domain int32, without []int32) int32 {
	c.key = binary.LittleEndian.AppendUint32(c.key[:0], uint32(domain))
	for _, j := range without {
		c.key = binary.LittleEndian.AppendUint32(c.key, uint32(j))
	}
	if set, known := c.sets[string(c.key)]; known {
		return set
	}
	set := int32(len(c.members))
	c.sets[string(c.key)] = set
	var list []int32
	if d := &c.problem.Domains[domain]; d.Words != nil || len(without) > 0 {
		for _, j := range d.Nodes() {
			if len(without) > 0 && without[0] == j {
				without = without[1:]
				continue
			}
			list = append(list, j)
		}
	}
	c.members = append(c.members, list)
	return set
}

// newKind makes the kind of a demand and a set of nodes; set −1 is no node.
func (c *collector) newKind(pair [2]int32) int32 {
	row := &c.problem.Demands[pair[0]]
	k := kind{nodes: []int32{}}
	if pair[1] >= 0 {
		k.nodes = c.members[pair[1]]
	}
	if row.Values != nil {
		k.unlike = row
	}
	c.priced += int64(len(k.nodes))
	if k.nodes == nil {
		c.priced += int64(c.outside)
	}
	c.kinds = append(c.kinds, k)
	c.size = append(c.size, row.On(0)...)
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

// members calls f on every node that the rest of kind k speaks of.
func (in *instance) members(k int32, f func(j int32)) {
	if list := in.kinds[k].nodes; list != nil {
		for _, j := range list {
			f(j)
		}
		return
	}
	for j := range in.outside {
		f(j)
	}
}
