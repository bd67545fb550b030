package model

import (
	"fmt"
	"slices"
	"strings"
)

// Charge is what one copy of a placement costs by itself: its fetch penalty, its
// moves, the price of being left out, and, shared equally with the other replicas
// of its task, the reads that none of them serves and half of what traffic pays.
type Charge struct {
	Copy  int
	Name  string // of its task, or of its affinity group's tasks
	Node  int32  // NoPlace: left out
	Cost  int64
	Terms Terms
}

// Charges returns the dearest copies of a placement, at most n of them, dearest
// first; copies that cost nothing are left out. O(replicas · log n + traffic).
func (p *Problem) Charges(pl Placement, n int) []Charge {
	at := p.expand(pl)
	terms := p.replicaTerms(at)
	var dearest []Charge
	for c := range pl {
		charge := p.charge(pl, c, terms)
		if charge.Cost == 0 || len(dearest) == n && charge.Cost <= dearest[n-1].Cost {
			continue
		}
		k, _ := slices.BinarySearchFunc(dearest, charge.Cost, func(d Charge, cost int64) int {
			if d.Cost >= cost {
				return -1
			}
			return 1
		})
		dearest = slices.Insert(dearest, k, charge)
		dearest = dearest[:min(len(dearest), n)]
	}
	for k := range dearest {
		dearest[k].Name = p.copyName(dearest[k].Copy)
	}
	return dearest
}

// ChargesOf returns the charges of some copies, in their order.
// O(replicas + traffic).
func (p *Problem) ChargesOf(pl Placement, copies []int) []Charge {
	terms := p.replicaTerms(p.expand(pl))
	charges := make([]Charge, len(copies))
	for k, c := range copies {
		charges[k] = p.charge(pl, c, terms)
		charges[k].Name = p.copyName(c)
	}
	return charges
}

// charge adds up the terms of the replicas that a copy stands for.
func (p *Problem) charge(pl Placement, c int, terms []Terms) Charge {
	charge := Charge{Copy: c, Node: pl[c]}
	for replica := range p.ReplicasOf(c) {
		t := terms[replica]
		charge.Terms.Fetch += t.Fetch
		charge.Terms.Move += t.Move
		charge.Terms.Traffic += t.Traffic
		charge.Terms.Unplaced += t.Unplaced
	}
	charge.Cost = charge.Terms.Fetch + charge.Terms.Move + charge.Terms.Traffic + charge.Terms.Unplaced
	return charge
}

func (p *Problem) copyName(c int) string {
	s := p.original.stands[c]
	if s >= 0 {
		return p.original.names[p.original.taskOf(s)]
	}
	j := judgement{Problem: p}
	return j.named(&taskRule{tasks: p.original.groups[^s]})
}

// replicaTerms returns what each replica costs by itself.
func (p *Problem) replicaTerms(at []int32) []Terms {
	terms := p.ownTerms(at)
	j := judgement{Problem: p, at: at}
	for i := range p.original.tasks {
		t := &p.original.tasks[i]
		for _, read := range p.original.reads[t.reads.From:t.reads.To] {
			if !slices.Contains(j.of(int32(i)), read.node) {
				for k := range j.of(int32(i)) {
					terms[int(t.first)+k].Fetch += read.cost / int64(t.replicas)
				}
			}
		}
	}
	for k := range p.original.traffic {
		t := &p.original.traffic[k]
		cost := j.flow(t)
		for _, end := range [2]int32{t.a, t.b} {
			task := &p.original.tasks[end]
			for k := range task.replicas {
				terms[task.first+k].Traffic += cost / 2 / int64(task.replicas)
			}
		}
	}
	return terms
}

// Kept says what keeps a copy of a feasible placement from where its largest
// charge would fall away: the node it would fetch from at the least price, the
// node it runs on today, or the node of the task it exchanges most with. It asks
// the judge what that would break or cost, everything else staying as it is.
// O(size of the problem).
func (p *Problem) Kept(pl Placement, charge Charge) string {
	to := p.wanted(pl, charge)
	if to == NoPlace || to == charge.Node {
		return "no other node is cheaper by itself"
	}
	moved := slices.Clone(pl)
	moved[charge.Copy] = to
	then := p.Evaluate(moved)
	name := p.NodeNames[to]
	if len(then.Violations) > 0 {
		return "not on " + name + ": " + unnamed(then.Violations[0].Text, name)
	}
	now := p.Evaluate(pl)
	switch {
	case then.Cost > now.Cost:
		return fmt.Sprintf("%s would cost %s more in all", name, p.Format(then.Cost-now.Cost))
	case then.Cost < now.Cost:
		return fmt.Sprintf("nothing: %s would save %s", name, p.Format(now.Cost-then.Cost))
	}
	return name + " would cost the same in all"
}

// unnamed says what would be broken without the name of the node, which was just said.
func unnamed(text, name string) string {
	if rest, first := strings.CutPrefix(text, "node "+name+" is "); first {
		return "the node would be " + rest
	}
	if rest, first := strings.CutPrefix(text, "node "+name+" "); first {
		return "the node " + rest
	}
	if rest, last := strings.CutSuffix(text, " node "+name); last {
		return rest + " it"
	}
	return text
}

// wanted returns the node where a copy's largest charge would fall away, or
// NoPlace.
func (p *Problem) wanted(pl Placement, charge Charge) int32 {
	at := p.expand(pl)
	var replicas []int32
	for r := range p.ReplicasOf(charge.Copy) {
		replicas = append(replicas, r)
	}
	largest := max(charge.Terms.Fetch, charge.Terms.Move, charge.Terms.Traffic, charge.Terms.Unplaced)
	switch largest {
	case charge.Terms.Traffic:
		return p.dearestPartner(at, replicas, charge.Node)
	case charge.Terms.Move:
		for _, r := range replicas {
			t := &p.original.tasks[p.original.taskOf(r)]
			for _, node := range p.original.current[t.current.From:t.current.To] {
				if node != charge.Node {
					return node
				}
			}
		}
	}
	return p.cheapestFetch(at, replicas)
}

// cheapestFetch returns the allowed node on which replicas pay the least for
// fetching and for the reads that they would serve.
func (p *Problem) cheapestFetch(at, replicas []int32) int32 {
	best, least := NoPlace, int64(0)
	for node := range p.NodeNames {
		cost, allowed := int64(0), true
		for _, r := range replicas {
			t := &p.original.tasks[p.original.taskOf(r)]
			cost += p.Costs[t.fetch].At(int32(node))
			for _, read := range p.original.reads[t.reads.From:t.reads.To] {
				if read.node == int32(node) && !slices.Contains(at[t.first:t.first+t.replicas], read.node) {
					cost -= read.cost
				}
			}
			allowed = allowed && p.Domains[t.allowed].Has(int32(node))
		}
		if allowed && (best == NoPlace || cost < least) {
			best, least = int32(node), cost
		}
	}
	return best
}

// dearestPartner returns the node, other than their own, of the task outside whose
// traffic with the replicas' tasks costs most.
func (p *Problem) dearestPartner(at, replicas []int32, own int32) int32 {
	j := judgement{Problem: p, at: at}
	var tasks []int32
	for _, r := range replicas {
		tasks = append(tasks, p.original.taskOf(r))
	}
	node, most := NoPlace, int64(0)
	for k := range p.original.traffic {
		t := &p.original.traffic[k]
		partner := t.b
		switch a, b := slices.Contains(tasks, t.a), slices.Contains(tasks, t.b); {
		case a == b:
			continue
		case b:
			partner = t.a
		}
		if cost := j.flow(t); cost > most {
			if k := slices.IndexFunc(j.of(partner), func(n int32) bool { return n != NoPlace && n != own }); k >= 0 {
				node, most = j.of(partner)[k], cost
			}
		}
	}
	return node
}

// Loads returns what the copies of a placement take: load[j*len(Resources)+r] of
// resource r on node j. O(copies · resources).
func (p *Problem) Loads(pl Placement) []int64 {
	resources := len(p.Resources)
	load := make([]int64, len(p.Capacity))
	for i := range p.Items {
		item := &p.Items[i]
		demand := &p.Demands[item.Demand]
		for _, node := range pl[item.First : item.First+item.Count] {
			if node == NoPlace {
				continue
			}
			for r, d := range demand.On(node) {
				load[int(node)*resources+r] += d
			}
		}
	}
	return load
}

// Hosted counts the replicas on every node. O(replicas).
func (p *Problem) Hosted(pl Placement) []int {
	hosted := make([]int, len(p.NodeNames))
	for _, node := range p.expand(pl) {
		if node != NoPlace {
			hosted[node]++
		}
	}
	return hosted
}
