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
	r.note(countOf(n, "node has", "nodes have") + " less than the pods take that run there: no other goes there")
	for _, g := range r.groups {
		g.may = slices.Clone(g.may)
		for j := range full {
			g.may[j] = g.may[j] && (!full[j] || g.on() == r.machines[j].Name)
		}
	}
}

// excuse makes wishes of the rules that are broken today. One more breach costs more than
// to go on waiting for any of the rule's pods, and mending it is worth many moves.
func (r *reader) excuse() {
	tasks := map[string]*model.Task{}
	for i := range r.in.Tasks {
		tasks[r.in.Tasks[i].Name] = &r.in.Tasks[i]
	}
	broken := 0
	for k := range r.in.Rules {
		rule := &r.in.Rules[k]
		if rule.Weight != nil || !r.brokenToday(rule, tasks) {
			continue
		}
		broken++
		weight := model.Decimal(waiting * model.DecimalOne)
		for _, name := range rule.Tasks {
			if price := tasks[name].Unplaced; price != nil {
				weight = max(weight, *price)
			}
		}
		weight *= 2
		rule.Weight = &weight
	}
	if broken > 0 {
		r.note(fmt.Sprintf("%s today: kept as far as can be", countOf(broken, "rule is broken", "rules are broken")))
	}
}

// brokenToday says whether what runs breaks a rule. O(tasks + nodes).
func (r *reader) brokenToday(rule *model.Rule, tasks map[string]*model.Task) bool {
	count := map[string]int{}
	running := 0
	for _, name := range rule.Tasks {
		if on := tasks[name].Current; len(on) > 0 {
			count[r.place(r.at[on[0]], rule.Topology)]++
			running++
		}
	}
	switch rule.Kind {
	case model.Affinity:
		return len(count) > 1
	case model.AntiAffinity:
		return len(count) < running
	}
	least, most := running, 0
	for j := range r.machines {
		n := count[r.place(j, rule.Topology)]
		least, most = min(least, n), max(most, n)
	}
	return most-least > rule.MaxSkew
}

// place is the place of a topology that a node is in: by itself where it has no such label.
func (r *reader) place(j int, topology string) string {
	if value, has := r.in.Nodes[j].Label(topology); has {
		return "=" + value
	}
	return r.in.Nodes[j].Name
}
