package kube

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"berth/model"
)

// together holds a group to where the pods are that it has to be near, which Kubernetes asks
// when it schedules a pod, never of one that runs. A rule says so where both are one task each that
// runs, in one place, and where none runs yet: what a rule holds together is placed together.
// Else the group goes where one of them runs today, or stays.
func (b *rulebook) together(i int, t *corev1.PodAffinityTerm) {
	g, others := b.groups[i], b.found(t, b.groups[i].pod)
	runs := maps.Clone(b.heldBy(t, g.pod)) // values of the label
	held := len(runs) > 0
	var running, waiting []int // besides the group
	for _, h := range others {
		switch value, has := b.valueOf(b.groups[h], t.TopologyKey); {
		case has:
			runs[value] = true
		case h != i && b.groups[h].waits:
			waiting = append(waiting, h)
		}
		if h != i && !b.groups[h].waits {
			running = append(running, h)
		}
	}
	itself := slices.Contains(others, i)
	switch {
	case g.waits && len(runs) == 0 && (itself || len(running) == 0 && len(waiting) > 0):
		b.alike(append(waiting, i), t.TopologyKey)
	case !g.waits && itself && !held && len(running)+len(waiting) == 0:
	case !g.waits && !held && len(running) == 1 && len(waiting) == 0 && b.share(g, b.groups[running[0]], t.TopologyKey):
		b.alike([]int{i, running[0]}, t.TopologyKey)
	case !g.pinned:
		if len(runs) > 0 {
			b.loose++
		}
		b.keep(i, func(j int) bool {
			value, has := b.machines[j].Labels[t.TopologyKey]
			return has && runs[value]
		})
	}
}

// alike adds the rule that groups are in one place.
func (b *rulebook) alike(groups []int, key string) {
	var tasks []string
	for _, h := range groups {
		tasks = append(tasks, b.groups[h].name)
	}
	slices.Sort(tasks)
	b.add(model.Rule{Kind: model.Affinity, Tasks: tasks, Topology: b.topology(key)})
}

// share says whether two run in one place, and go on doing so unless they are moved.
func (b *rulebook) share(g, h *group, key string) bool {
	value, has := b.valueOf(g, key)
	other, and := b.valueOf(h, key)
	return has && and && value == other && !g.evicted && !h.evicted
}

// valueOf is the value of a label where a group runs.
func (b *rulebook) valueOf(g *group, key string) (value string, has bool) {
	if j, known := b.at[g.on()]; known {
		value, has = b.machines[j].Labels[key]
	}
	return value, has
}

// keep leaves a group only nodes that are right, and the one that it runs on.
func (b *rulebook) keep(i int, right func(j int) bool) {
	g := b.groups[i]
	g.may = slices.Clone(g.may)
	for j, machine := range b.machines {
		g.may[j] = g.may[j] && (machine.Name == g.on() || right(j))
	}
	b.in.Tasks[i].On = b.allowed(g)
}

// keepOff takes the nodes from a group where a label has one of the values.
func (b *rulebook) keepOff(i int, values map[string]bool, key string) {
	if len(values) == 0 {
		return
	}
	b.keep(i, func(j int) bool {
		value, has := b.machines[j].Labels[key]
		return !has || !values[value]
	})
}

// heldBy lists the values that a term's label has where pods run that it means and that come
// and go with their node. O(such pods), once for pods alike.
func (b *rulebook) heldBy(t *corev1.PodAffinityTerm, pod *corev1.Pod) map[string]bool {
	key := text(pod.Namespace, t)
	if values, known := b.heldAt[key]; known {
		return values
	}
	values, selector := map[string]bool{}, selectorOf(t.LabelSelector)
	for j, list := range b.held {
		value, has := b.machines[j].Labels[t.TopologyKey]
		for _, h := range list {
			if has && within(t, pod, h.pod.Namespace, b.namespaces[h.pod.Namespace]) && matches(selector, h.pod) {
				values[value] = true
			}
		}
	}
	b.heldAt[key] = values
	return values
}
