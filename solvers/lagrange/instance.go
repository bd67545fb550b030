package lagrange

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"berth/model"
	"berth/model/integer"
	"berth/search"
)

// Limits beyond which the engine withdraws.
const (
	maxPairs  = 6_000_000 // of task and node
	pairBytes = 90        // to one pair, on both sides together
	maxPrice  = 1 << 34   // in steps of cost, and the same with multipliers …
	maxRoom   = 1 << 26   // … and in steps of need: products in the knapsacks stay within int64
)

// instance is a placement problem as the engine sees it: tasks (copies of items)
// on nodes, a cost for each pair, one resource for each node. Where copies may be
// left out, the last node stands for outside: it has room for all.
type instance struct {
	problem *model.Problem
	tasks   int
	nodes   int     // with the one outside, if any
	outside int     // its index, or -1
	cost    []int64 // cost[j*tasks+i]: above the task's cheapest, times 1<<shift
	need    []int32 // need[j*tasks+i], or never where the pair is impossible
	room    []int32
	twin    []int32 // the copy before this one that is interchangeable with it, or -1
	base    int64   // what is paid if each task could have its cheapest node
	dearest int64   // steps above base that no placement exceeds
	shift   uint    // multipliers are in steps of cost over 1<<shift
	cells   int     // of a table of the knapsacks, at most
}

// never is the need of a task on a node where it cannot be.
const never = math.MaxInt32

// newInstance restates a problem. It fails with search.ErrTooLarge where the
// problem has more pairs, larger costs or more resources than the engine takes, or
// where the board has no room for it. Tables take what room is left, up to maxCells.
func newInstance(p *model.Problem, b *search.Board) (*instance, error) {
	in := &instance{problem: p, tasks: p.Copies, nodes: len(p.NodeNames), outside: -1}
	for i := range p.Items {
		if p.Items[i].Unplaced != model.NoLimit {
			in.outside, in.nodes = len(p.NodeNames), len(p.NodeNames)+1
			break
		}
	}
	if in.nodes > maxPairs || in.tasks*in.nodes > maxPairs {
		return nil, fmt.Errorf("lagrange: %d tasks on %d nodes: at most %d pairs: %w", in.tasks, in.nodes, maxPairs, search.ErrTooLarge)
	}
	if err := b.Reserve("lagrange: its pairs of task and node", int64(in.tasks)*int64(in.nodes)*pairBytes); err != nil {
		return nil, err
	}
	in.cost = make([]int64, in.tasks*in.nodes)
	in.need = make([]int32, in.tasks*in.nodes)
	in.room = make([]int32, in.nodes)
	in.twin = make([]int32, in.tasks)
	for i := range p.Items {
		item := &p.Items[i]
		for c := item.First; c < item.First+item.Count; c++ {
			in.twin[c] = c - 1
		}
		in.twin[item.First] = -1
	}
	for j := range p.NodeNames {
		if err := in.loadNode(j); err != nil {
			return nil, err
		}
	}
	in.loadOutside()
	if err := in.scaleCosts(); err != nil {
		return nil, err
	}
	return in, in.reserveTables(b)
}

// reserveTables sets how large tables may be: as large as any knapsack could need,
// and with what that takes no more than half of what the board has left.
func (in *instance) reserveTables(b *search.Board) error {
	largest := 2 * (int64(in.tasks) + 1) * (int64(slices.Max(in.room)) + 1)
	in.cells = int(min(maxCells, largest, b.Spare()/(2*tableBytes)))
	return b.Reserve("lagrange: its tables", int64(in.cells)*tableBytes)
}

// loadNode sets needs, room and costs of node j. Of its resources only one may be
// able to run out; needs and room are divided by what all needs have in common.
func (in *instance) loadNode(j int) error {
	p := in.problem
	scarce, err := in.scarce(j)
	if err != nil {
		return err
	}
	divisor := int64(0)
	for i := range p.Items {
		if item := &p.Items[i]; scarce >= 0 && in.possible(item, j) {
			divisor = integer.GCD(divisor, p.Demands[item.Demand].On(int32(j))[scarce])
		}
	}
	divisor = max(divisor, 1)
	room := int64(0)
	if scarce >= 0 {
		room = p.Capacity[j*len(p.Resources)+scarce] / divisor
	}
	if room > maxRoom {
		return fmt.Errorf("lagrange: node %s has room for %d steps of what tasks need: at most %d: %w", p.NodeNames[j], room, maxRoom, search.ErrTooLarge)
	}
	in.room[j] = int32(room)
	for i := range p.Items {
		item := &p.Items[i]
		need := int64(never)
		if in.possible(item, j) {
			need = 0
			if scarce >= 0 {
				need = p.Demands[item.Demand].On(int32(j))[scarce] / divisor
			}
		}
		cost := p.Costs[item.Cost].At(int32(j))
		for c := item.First; c < item.First+item.Count; c++ {
			in.need[j*in.tasks+int(c)], in.cost[j*in.tasks+int(c)] = int32(need), cost
		}
	}
	return nil
}

// possible says whether a copy of the item may be on node j and fits there alone.
func (in *instance) possible(item *model.Item, j int) bool {
	p := in.problem
	if !p.Domains[item.Domain].Has(int32(j)) {
		return false
	}
	for r, need := range p.Demands[item.Demand].On(int32(j)) {
		if need > p.Capacity[j*len(p.Resources)+r] {
			return false
		}
	}
	return true
}

// scarce returns the one resource of node j that can run out, or -1 where none
// can. A resource cannot run out where all tasks together fit, or where another
// one always runs out before it.
func (in *instance) scarce(j int) (int, error) {
	p := in.problem
	found := -1
	for r := range p.Resources {
		if in.fitsAll(j, r) {
			continue
		}
		switch {
		case found < 0 || in.implies(j, r, found):
			found = r
		case !in.implies(j, found, r):
			return 0, fmt.Errorf("lagrange: on node %s both %s and %s can run out, %w",
				p.NodeNames[j], p.Resources[found], p.Resources[r], search.ErrUnfit)
		}
	}
	return found, nil
}

// fitsAll says whether everything that may be on node j fits there by resource r.
func (in *instance) fitsAll(j, r int) bool {
	p := in.problem
	room := p.Capacity[j*len(p.Resources)+r]
	for i := range p.Items {
		item := &p.Items[i]
		if !in.possible(item, j) {
			continue
		}
		need := p.Demands[item.Demand].On(int32(j))[r]
		if need > 0 && room/need < int64(item.Count) {
			return false
		}
		room -= need * int64(item.Count)
	}
	return true
}

// implies says whether whatever fits into node j by resource a fits by b: no task
// takes a larger part of b than of a.
func (in *instance) implies(j, a, b int) bool {
	p := in.problem
	roomA, roomB := p.Capacity[j*len(p.Resources)+a], p.Capacity[j*len(p.Resources)+b]
	for i := range p.Items {
		item := &p.Items[i]
		if !in.possible(item, j) {
			continue
		}
		need := p.Demands[item.Demand].On(int32(j))
		highB, lowB := bits.Mul64(uint64(need[b]), uint64(roomA))
		highA, lowA := bits.Mul64(uint64(need[a]), uint64(roomB))
		if highB > highA || highB == highA && lowB > lowA {
			return false
		}
	}
	return true
}

// loadOutside sets what leaving copies out costs.
func (in *instance) loadOutside() {
	if in.outside < 0 {
		return
	}
	p := in.problem
	for i := range p.Items {
		item := &p.Items[i]
		for c := item.First; c < item.First+item.Count; c++ {
			k := in.outside*in.tasks + int(c)
			in.need[k], in.cost[k] = never, 0
			if item.Unplaced != model.NoLimit {
				in.need[k], in.cost[k] = 0, item.Unplaced
			}
		}
	}
}

// multiplierShift is the precision of multipliers where the costs leave room for
// it: a step of cost is divided into 1<<multiplierShift.
const multiplierShift = 10

// scaleCosts takes each task's cheapest cost off its costs, and scales the rest.
func (in *instance) scaleCosts() error {
	in.base = in.problem.Offset
	most := int64(0)
	for i := range in.tasks {
		low, high := int64(math.MaxInt64), int64(math.MinInt64)
		for j := range in.nodes {
			if k := j*in.tasks + i; in.need[k] != never {
				low, high = min(low, in.cost[k]), max(high, in.cost[k])
			}
		}
		if low > high {
			continue
		}
		if high-low > maxPrice {
			return fmt.Errorf("lagrange: costs of task %d differ by %d steps: at most %d: %w", i, high-low, int64(maxPrice), search.ErrTooLarge)
		}
		in.base += low
		in.dearest += high - low
		most = max(most, high-low)
		for j := range in.nodes {
			if k := j*in.tasks + i; in.need[k] != never {
				in.cost[k] -= low
			}
		}
	}
	for in.shift < multiplierShift && most<<(in.shift+1) <= maxPrice {
		in.shift++
	}
	for k := range in.cost {
		in.cost[k] <<= in.shift
	}
	return nil
}

// steps returns what the nodes of all tasks cost, in steps above base.
func (in *instance) steps(at []int32) int64 {
	sum := int64(0)
	for i, j := range at {
		sum += in.cost[int(j)*in.tasks+i]
	}
	return sum >> in.shift
}

// stepsUp returns a Lagrangian value in whole steps, rounded up.
func (in *instance) stepsUp(value int64) int64 {
	return -(-value >> in.shift)
}
