package kube

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"berth/model"
)

// Kubernetes holds no rule against what runs already. So where everything stays must be a
// placement, whatever came about since the pods were scheduled.

// overfull counts as much for a node as the pods take that run on it, where that is more than it
// has. Nothing else goes there then.
func (r *reader) overfull(has []corev1.ResourceList) {
	used := make([]corev1.ResourceList, len(has))
	for _, g := range r.groups {
		if j, runs := r.at[g.on()]; runs {
			if used[j] == nil {
				used[j] = corev1.ResourceList{}
			}
			for name, amount := range g.takes {
				sum := used[j][name]
				sum.Add(amount)
				used[j][name] = sum
			}
		}
	}
	full, n := make([]bool, len(has)), 0
	for j := range has {
		for name, amount := range used[j] {
			if left := has[j][name]; amount.Cmp(left) > 0 {
				has[j][name], full[j] = amount, true
			}
		}
		if full[j] {
			n++
		}
	}
	if n == 0 {
		return
	}
	r.note(model.Counted(n, "node has", "nodes have") + " less than the pods take that run there: no other goes there")
	for _, g := range r.groups {
		g.may = slices.Clone(g.may)
		for j := range full {
			g.may[j] = g.may[j] && (!full[j] || g.on() == r.machines[j].Name)
		}
	}
}

// excuse makes wishes of the rules that are broken today. One more breach costs more than
// to go on waiting for any of the rule's pods, and mending it is worth many moves. Places that
// have as many as the rule allows get no more.
func (b *rulebook) excuse() {
	tasks := map[string]int{}
	for i := range b.in.Tasks {
		tasks[b.in.Tasks[i].Name] = i
	}
	broken := 0
	for k := range b.in.Rules {
		rule := &b.in.Rules[k]
		if rule.Weight != nil || rule.Kind == model.Affinity { // only what is in one place is held together
			continue
		}
		count, least, most := b.today(rule, tasks)
		if rule.Kind == model.AntiAffinity && most <= 1 || rule.Kind == model.Spread && most-least <= rule.MaxSkew {
			continue
		}
		broken++
		room := 1                   // in a place
		yields := map[string]bool{} // one pod of such a place may leave it, lest two leave for another
		if rule.Kind == model.Spread {
			room = least + rule.MaxSkew
		}
		weight := model.Decimal(waiting * model.DecimalOne)
		for _, name := range rule.Tasks {
			if price := b.in.Tasks[tasks[name]].Unplaced; price != nil {
				weight = max(weight, *price)
			}
			right := func(j int) bool { return count[b.place(j, rule.Topology)] < room }
			if g := b.groups[tasks[name]]; rule.Kind == model.AntiAffinity && !g.waits {
				if own := b.place(b.at[g.on()], rule.Topology); count[own] > 1 && (g.pinned || yields[own]) {
					right = func(int) bool { return false }
				} else {
					yields[own] = true
				}
			}
			b.keep(tasks[name], right)
		}
		weight *= 2
		rule.Weight = &weight
	}
	if broken > 0 {
		b.note(fmt.Sprintf("%s today: kept as far as can be", model.Counted(broken, "rule is broken", "rules are broken")))
	}
}

// today counts by place those tasks of a rule that run and are not evicted, and says how many
// there are in the place with the most and, for a spread, in that with the fewest. O(tasks of the
// rule), for a spread + O(nodes).
func (b *rulebook) today(rule *model.Rule, tasks map[string]int) (count map[string]int, least, most int) {
	count = map[string]int{}
	for _, name := range rule.Tasks {
		if g := b.groups[tasks[name]]; !g.waits && (!g.evicted || g.pinned) {
			own := b.place(b.at[g.on()], rule.Topology)
			count[own]++
			least, most = least+1, max(most, count[own])
		}
	}
	for j := 0; j < len(b.machines) && rule.Kind == model.Spread; j++ {
		least = min(least, count[b.place(j, rule.Topology)])
	}
	return count, least, most
}

// place is the place of a topology that a node is in: by itself where it has no such label.
func (r *reader) place(j int, topology string) string {
	if value, has := r.in.Nodes[j].Label(topology); has {
		return "=" + value
	}
	return r.in.Nodes[j].Name
}
