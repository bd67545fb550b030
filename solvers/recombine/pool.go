//go:build cgo

package recombine

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"berth/model"
)

// fewMoves: one copy in so many may move, or fewer.
const fewMoves = 10

// stream is that of the chance in pricing.
const stream = 9

// column is what may lie on a node of a class: so many copies of each item, ascending.
type column struct {
	class int32
	in    []part
	cost  int64 // what it adds to a placement of nothing
	stay  int64 // replicas in it that run there today
	held  int32 // so often the dive uses it at least
}

type part struct {
	item int32
	n    int32
}

// pool is all columns that placements showed or pricing found, none twice.
type pool struct {
	problem *model.Problem
	node    []int32         // one node of each class
	nodes   []int32         // how many there are
	members [][]int32       // which
	links   [][]link        // by item
	foes    [][]int32       // by item: those that may not be on a node with it
	whole   int64           // what an item's traffic gains on one node, per unit of share
	near    bool            // few copies may move: a tree over columns comes to an end
	known   map[string]bool // by keyOf
	columns []column
	rng     *rand.Rand
	rounds  int     // of pricing, and
	idle    int     // the last ones that brought nothing
	steps   int     // of the annealing of a node
	climb   *climb  // of its multipliers; nil: not begun
	spent   bool    // longer ones brought nothing either
	copies  []int32 // by item: copies that no column holds
	kept    int     // arcs of flows that limiters remember
	present []int64 // scratch: by item, its share in the column
}

// link is a partner with the price of a unit of share.
type link struct {
	item  int32
	price int64
}

func newPool(p *model.Problem, seed uint64) *pool {
	o := &pool{problem: p, links: make([][]link, len(p.Items)), known: map[string]bool{}, present: make([]int64, len(p.Items)), steps: firstSteps, rng: rand.New(rand.NewPCG(seed, stream))}
	o.release()
	o.near = p.MustStay > 0 && int64(*p.Given.MaxMoves)*fewMoves <= int64(p.Copies)
	for j, class := range p.NodeClass {
		for int(class) >= len(o.node) {
			o.node, o.nodes, o.members = append(o.node, -1), append(o.nodes, 0), append(o.members, nil)
		}
		o.node[class] = int32(j)
		o.nodes[class]++
		o.members[class] = append(o.members[class], int32(j))
	}
	for _, pair := range p.Pairs {
		o.links[pair.A] = append(o.links[pair.A], link{pair.B, pair.Price})
		o.links[pair.B] = append(o.links[pair.B], link{pair.A, pair.Price})
	}
	o.foes = make([][]int32, len(p.Items))
	for k := range p.Constraints {
		c := &p.Constraints[k]
		if c.Kind != model.AntiAffinity || c.Weight > 0 || c.Topology != 0 {
			continue
		}
		for _, a := range c.Members {
			for _, b := range c.Members {
				if a.Item != b.Item {
					o.foes[a.Item] = append(o.foes[a.Item], b.Item)
				}
			}
		}
	}
	if last := len(p.Levels) - 1; last > 0 {
		o.whole = p.Levels[last].Distance - p.Levels[0].Distance
	}
	return o
}

// add takes the contents of all nodes of a placement into the pool; where moves are not
// limited, with those that have one item or one copy less.
func (o *pool) add(pl model.Placement) {
	for j, in := range contents(o.problem, pl) {
		o.addContent(int32(j), in)
	}
}

// contents lists what is on each node, by item.
func contents(p *model.Problem, pl model.Placement) [][]part {
	on := make([][]part, len(p.NodeNames))
	for i := range p.Items {
		it := &p.Items[i]
		for c := it.First; c < it.First+it.Count; c++ {
			j := pl[c]
			if j == model.NoPlace {
				continue
			}
			if last := len(on[j]) - 1; last >= 0 && on[j][last].item == int32(i) {
				on[j][last].n++
			} else {
				on[j] = append(on[j], part{int32(i), 1})
			}
		}
	}
	return on
}

// addToday takes what runs today on each node into the pool, and that without each one of
// the items that others are tied to, and without one copy of it: what a copy is worth
// where it is tells the master what it costs elsewhere.
func (o *pool) addToday() {
	for class, j := range o.node {
		in := o.today(int32(class))
		if o.isOver(j, in) {
			continue
		}
		o.addColumn(int32(class), in)
		for k, t := range in {
			if !o.loose(t.item) {
				o.addLess(int32(class), in, k)
			}
		}
	}
}

// today lists what runs on the nodes of a class today, as far as each item may be there.
func (o *pool) today(class int32) (in []part) {
	p := o.problem
	for i := range p.Items {
		for _, r := range p.Runs[p.Items[i].Runs.From:p.Items[i].Runs.To] {
			if r.Node != o.node[class] {
				continue
			}
			if n := o.fitting(int32(i), r.Node, r.Upto); n > 0 {
				in = append(in, part{int32(i), n})
			}
		}
	}
	return in
}

// addLess adds contents without the k-th item in them, and without one copy of it.
func (o *pool) addLess(class int32, in []part, k int) {
	o.addColumn(class, slices.Delete(slices.Clone(in), k, k+1))
	if in[k].n > 1 {
		less := slices.Clone(in)
		less[k].n--
		o.addColumn(class, less)
	}
}

func (o *pool) addContent(j int32, in []part) {
	if o.problem.MustStay > 0 {
		kept := in[:0]
		for _, t := range in {
			if t.n = min(t.n, o.most(t.item, j)); t.n > 0 {
				kept = append(kept, t)
			}
		}
		in = kept
	}
	if o.isOver(j, in) {
		return
	}
	class := o.problem.NodeClass[j]
	if !o.addColumn(class, in) || o.problem.MustStay > 0 {
		return // where moves are limited, pricing finds the others
	}
	for k := range in {
		o.addLess(class, in, k)
	}
}

// most is how many copies of an item a column on a node holds at most. Where moves are
// limited, what nothing ties to other items is in a column only where it runs today: what
// else there is of it is placed later, and the master needs no row for it.
func (o *pool) most(i, j int32) int32 {
	it := &o.problem.Items[i]
	if !o.loose(i) {
		return it.Count
	}
	for _, r := range o.problem.Runs[it.Runs.From:it.Runs.To] {
		if r.Node == j {
			return r.Upto
		}
	}
	return 0
}

// fitting is how many copies of an item, at most so many, a node holds of it alone.
func (o *pool) fitting(i, j, most int32) int32 {
	p := o.problem
	it := &p.Items[i]
	if !p.Domains[it.Domain].Has(j) {
		return 0
	}
	if it.Apart >= 0 {
		most = min(most, 1)
	}
	for r, need := range p.Demands[it.Demand].On(j) {
		if need > 0 {
			most = int32(min(int64(most), p.Capacity[int(j)*len(p.Resources)+r]/need))
		}
	}
	return most
}

// loose says whether an item only matters for staying where it runs today.
func (o *pool) loose(i int32) bool {
	it := &o.problem.Items[i]
	return o.problem.MustStay > 0 && len(o.links[i]) == 0 && it.Runs.To > it.Runs.From && it.Unplaced == model.NoLimit
}

// isOver says whether contents exceed what their node has.
func (o *pool) isOver(j int32, in []part) bool {
	for r := range o.problem.Resources {
		var load int64
		for _, t := range in {
			load += int64(t.n) * o.problem.Demands[o.problem.Items[t.item].Demand].On(j)[r]
		}
		if load > o.problem.Capacity[int(j)*len(o.problem.Resources)+r] {
			return true
		}
	}
	return false
}

// clash says whether contents hold what must not be on a node together.
func (o *pool) clash(in []part) bool {
	return slices.ContainsFunc(in, func(t part) bool {
		return slices.ContainsFunc(in, func(u part) bool { return slices.Contains(o.foes[t.item], u.item) })
	})
}

// addColumn says whether the column is new.
func (o *pool) addColumn(class int32, in []part) bool {
	if len(in) == 0 {
		return false
	}
	key := keyOf(class, in)
	if o.known[key] {
		return false
	}
	o.known[key] = true
	o.columns = append(o.columns, column{class, in, o.cost(class, in), o.stay(class, in), 0})
	return true
}

// hold makes a dive use a column once more.
func (o *pool) hold(k int32) {
	c := &o.columns[k]
	c.held++
	for _, t := range c.in {
		o.copies[t.item] = max(o.copies[t.item]-t.n, 0)
	}
}

// release ends a dive.
func (o *pool) release() {
	for k := range o.columns {
		o.columns[k].held = 0
	}
	o.copies = o.copies[:0]
	for i := range o.problem.Items {
		o.copies = append(o.copies, o.problem.Items[i].Count)
	}
}

func keyOf(class int32, in []part) string {
	key := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+8*len(in)), uint32(class))
	for _, t := range in {
		key = binary.LittleEndian.AppendUint32(key, uint32(t.item))
		key = binary.LittleEndian.AppendUint32(key, uint32(t.n))
	}
	return string(key)
}

// stay is how many replicas of contents run today on the nodes of a class.
func (o *pool) stay(class int32, in []part) (replicas int64) {
	p := o.problem
	for _, t := range in {
		runs := p.Items[t.item].Runs
		for _, r := range p.Runs[runs.From:runs.To] {
			if r.Node == o.node[class] {
				replicas += r.Replicas * int64(min(t.n, r.Upto))
			}
		}
	}
	return replicas
}

// cost is what contents cost on a node of a class: what each copy pays there less what
// leaving it out would, what the node costs, and less the traffic that they keep there.
func (o *pool) cost(class int32, in []part) int64 {
	p := o.problem
	j := o.node[class]
	cost := p.Open[j]
	for _, t := range in {
		it := &p.Items[t.item]
		cost += int64(t.n) * p.Costs[it.Cost].At(j)
		if it.Unplaced != model.NoLimit {
			cost -= int64(t.n) * it.Unplaced
		}
		for _, r := range p.Rebates[it.Rebates.From:it.Rebates.To] {
			if r.Node == j {
				cost -= r.Amount * int64(min(t.n, r.Upto))
			}
		}
		o.present[t.item] = p.Share(t.n, it.Count, t.n, it.Count)
	}
	for _, t := range in {
		for _, l := range o.links[t.item] {
			if l.item > t.item {
				cost -= l.price * o.whole * min(o.present[t.item], o.present[l.item])
			}
		}
	}
	for _, t := range in {
		o.present[t.item] = 0
	}
	return cost
}
