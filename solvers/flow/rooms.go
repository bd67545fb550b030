package flow

import (
	"fmt"
	"slices"

	"berth/model"
	"berth/model/integer"
	"berth/search"
)

// rooms says how many slots nodes have, and how many of them a copy takes.
type rooms struct {
	slots []int64 // by node; none outside yet
	size  []int64 // by item of the problem
	large int64   // the largest size
	taken int64   // by all copies
}

// maxSize is how many slots a copy takes at most. Where sizes have no unit as large as
// that, they and the room of nodes are both rounded down to one: what fits still fits,
// so that bounds remain bounds. The price of so many slots stays in int64.
const maxSize = 1 << 10

// newRooms counts room in slots. Copies that all take the same need one each. Where
// they are unlike, one resource may be short, of which each takes the same everywhere;
// else it fails with search.ErrUnfit.
func newRooms(p *model.Problem) (*rooms, error) {
	r := &rooms{slots: make([]int64, len(p.NodeNames)+1), size: make([]int64, len(p.Items)), large: 1, taken: int64(p.Copies)}
	if r.alike(p) {
		return r, nil
	}
	short, err := shortResource(p)
	if err != nil {
		return nil, err
	}
	if short < 0 {
		for j := range p.NodeNames {
			r.slots[j] = int64(p.Copies)
		}
		return r, nil
	}
	var unit, most int64
	for i := range p.Items {
		demand := &p.Demands[p.Items[i].Demand]
		r.size[i] = demand.On(0)[short]
		for j := range p.NodeNames {
			if demand.On(int32(j))[short] != r.size[i] {
				return nil, fmt.Errorf("flow: tasks that take different amounts, and not the same on all nodes, %w", search.ErrUnfit)
			}
		}
		unit, most = integer.GCD(unit, r.size[i]), max(most, r.size[i])
	}
	if most/unit > maxSize {
		unit = most/maxSize + 1
	}
	r.large, r.taken = most/unit, 0
	for i := range r.size {
		r.size[i] /= unit
		r.taken += r.size[i] * int64(p.Items[i].Count)
	}
	for j := range p.NodeNames {
		r.slots[j] = min(p.Capacity[j*len(p.Resources)+short]/unit, r.taken)
	}
	return r, nil
}

// Alike says whether all copies take the same, so that the best flow is a placement.
func Alike(p *model.Problem) bool {
	return p.Copies == 0 || (&rooms{slots: make([]int64, len(p.NodeNames)), size: make([]int64, len(p.Items))}).alike(p)
}

// alike counts slots where all copies take the same, of all resources; else it returns
// false.
func (r *rooms) alike(p *model.Problem) bool {
	var demands []*model.DemandRow
	seen := make([]bool, len(p.Demands))
	for i := range p.Items {
		r.size[i] = 1
		if k := p.Items[i].Demand; !seen[k] {
			seen[k] = true
			demands = append(demands, &p.Demands[k])
		}
	}
	for j := range p.NodeNames {
		r.slots[j] = int64(p.Copies)
		first := demands[0].On(int32(j))
		for _, demand := range demands[1:] {
			if !slices.Equal(demand.On(int32(j)), first) {
				return false
			}
		}
		for k, amount := range first {
			if amount > 0 {
				r.slots[j] = min(r.slots[j], p.Capacity[j*len(p.Resources)+k]/amount)
			}
		}
	}
	return true
}

// shortResource finds the one resource that not every node has enough of for all
// copies together; it is −1 where there is none.
func shortResource(p *model.Problem) (int, error) {
	var short []int
	for k, name := range p.Resources {
		for j := range p.NodeNames {
			left := p.Capacity[j*len(p.Resources)+k]
			for i := range p.Items {
				amount := p.Demands[p.Items[i].Demand].On(int32(j))[k]
				if amount > 0 && left/amount < int64(p.Items[i].Count) {
					left = -1
					break
				}
				left -= amount * int64(p.Items[i].Count)
			}
			if left < 0 {
				short = append(short, k)
				break
			}
		}
		if len(short) > 1 {
			return 0, fmt.Errorf("flow: tasks that take different amounts of %s and %s, both scarce, %w", p.Resources[short[0]], name, search.ErrUnfit)
		}
	}
	if len(short) == 0 {
		return -1, nil
	}
	return short[0], nil
}
