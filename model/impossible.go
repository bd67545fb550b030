package model

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// impossible says in plain words why nothing can be feasible, where that shows
// without a search.
func (c *compiler) impossible() string {
	p := c.p
	n := len(p.Resources)
	need := make([]int64, n)
	for i := range p.Items {
		item := &p.Items[i]
		if item.Unplaced != NoLimit {
			continue
		}
		if p.Domains[item.Domain].Size == 0 {
			return c.whyNowhere(i)
		}
		if top := item.Apart; top >= 0 && int(item.Count) > len(p.Topologies[top].Names) {
			return fmt.Sprintf("task %s needs %d different %ss for its replicas, there are %d",
				p.Label(int32(i)), item.Count, p.Topologies[top].Key, len(p.Topologies[top].Names))
		}
		for r := range need {
			need[r] += int64(item.Count) * p.Demands[item.Demand].least(r)
		}
	}
	for r, resource := range p.Resources {
		have := int64(0)
		for j := range p.NodeNames {
			if have += p.Capacity[j*n+r]; have >= need[r] {
				break
			}
		}
		if have < need[r] {
			return fmt.Sprintf("the tasks that must be placed need %s of %s in all, the nodes have %s: %s are missing",
				p.Amount(r, need[r]), resource, p.Amount(r, have), p.Amount(r, need[r]-have))
		}
	}
	return c.tooManyLeave()
}

// tooManyLeave looks for replicas that cannot stay where they run today, the rest
// left aside.
func (c *compiler) tooManyLeave() string {
	p := c.p
	if p.MustStay == 0 {
		return ""
	}
	var leaving []string
	for i := range p.Items {
		item := &p.Items[i]
		run, stay := int64(0), int64(0)
		for _, r := range p.Runs[item.Runs.From:item.Runs.To] {
			run += int64(r.Upto) * r.Replicas
			if here := int64(r.Upto) * r.Replicas; !p.Domains[item.Domain].Has(r.Node) {
				continue
			} else if item.Count == 1 {
				stay = max(stay, here)
			} else {
				stay += here
			}
		}
		for range run - stay {
			leaving = append(leaving, p.Label(int32(i)))
		}
	}
	most := *p.Given.MaxMoves
	if len(leaving) <= most {
		return ""
	}
	names := slices.Compact(leaving)
	if len(names) > 6 {
		names = append(names[:5], fmt.Sprintf("%d more", len(names)-5))
	}
	return fmt.Sprintf("at most %s, and these have to, since they may not be there or do not fit: %s", MayLeave(most), strings.Join(names, ", "))
}

// MayLeave words a limit on moves.
func MayLeave(most int) string {
	return Counted(most, "replica may leave where it runs today", "replicas may leave where they run today")
}

func (c *compiler) whyNowhere(i int) string {
	p, item := c.p, &c.p.Items[i]
	name := p.Label(int32(i))
	group := c.isGroup(int32(i))
	allowed := int32(0)
	for _, t := range p.TasksOf(int32(i)) {
		allowed = c.intersect(allowed, p.original.tasks[t].allowed)
		if s := &p.original.tasks[t]; group && s.apart >= 0 && s.replicas > 1 {
			return fmt.Sprintf("task %s: affinity asks for one node, apart for several", p.original.names[t])
		}
	}
	if p.Domains[allowed].Size == 0 {
		by := "`on` and the network"
		if !p.Given.IsZero() {
			by = "`on`, the network and what is given"
		}
		return fmt.Sprintf("no node is allowed for %s by %s", name, by)
	}
	demand := &p.Demands[item.Demand]
	short := []string{}
	for r, resource := range p.Resources {
		room, least := false, int64(math.MaxInt64)
		for _, j := range p.Domains[allowed].Nodes() {
			need := demand.On(j)[r]
			room, least = room || need <= p.Capacity[int(j)*len(p.Resources)+r], min(least, need)
		}
		if !room {
			short = append(short, fmt.Sprintf("%s of %s", p.Amount(r, least), resource))
		}
	}
	if len(short) > 0 {
		return fmt.Sprintf("%s needs %s, more than any node that is allowed for it has", name, strings.Join(short, " and "))
	}
	for j := range p.NodeNames {
		if p.Domains[allowed].Has(int32(j)) && fits(demand.On(int32(j)), p.Capacity[j*len(p.Resources):]) {
			return fmt.Sprintf("%s: affinity and anti-affinity contradict each other", name)
		}
	}
	return fmt.Sprintf("%s fits no node that is allowed for it: none has enough of every resource", name)
}

// least returns the smallest demand of resource k in the row.
func (r *DemandRow) least(k int) int64 {
	m := r.Rest[k]
	if r.Nodes == nil && r.Values != nil {
		m = r.Values[k]
	}
	for e := k; e < len(r.Values); e += len(r.Rest) {
		m = min(m, r.Values[e])
	}
	return m
}
