package kube

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	"k8s.io/klog/v2"

	"berth/model"
)

// look finds out what holds for all machines.
func (r *reader) look() {
	names := map[string]bool{}
	for _, machine := range r.machines {
		names[machine.Labels[corev1.LabelHostname]] = true
		r.avoid = r.avoid || slices.ContainsFunc(machine.Spec.Taints, func(t corev1.Taint) bool { return t.Effect == corev1.TaintEffectPreferNoSchedule })
	}
	r.hosts = len(names) == len(r.machines)
}

// nodes lists the machines with what pods may take of them, besides those that come
// and go with a machine. A resource that some pod asks for is stated everywhere: what no
// node names would have no limit.
func (r *reader) nodes() error {
	asked := map[corev1.ResourceName]bool{corev1.ResourcePods: true, corev1.ResourceCPU: true, corev1.ResourceMemory: true}
	for _, g := range r.groups {
		for name := range g.takes {
			asked[name] = true
		}
	}
	has := make([]corev1.ResourceList, len(r.machines))
	for j, machine := range r.machines {
		for _, pod := range r.held[j] {
			if _, err := amounts(pod.takes); err != nil {
				return fmt.Errorf("pod %s/%s: %w", pod.pod.Namespace, pod.pod.Name, err)
			}
		}
		has[j] = corev1.ResourceList{}
		for name := range asked {
			left := machine.Status.Allocatable[name].DeepCopy()
			if strings.HasPrefix(string(name), port) {
				left = one.DeepCopy()
			}
			for _, pod := range r.held[j] {
				if left.Sub(pod.takes[name]); left.Sign() < 0 {
					left = resource.Quantity{}
				}
			}
			has[j][name] = left
		}
	}
	r.overfull(has)
	for j, machine := range r.machines {
		node := model.Node{Name: machine.Name}
		var err error
		if node.Capacity, err = amounts(has[j]); err != nil {
			return fmt.Errorf("node %s: status.allocatable: %w", machine.Name, err)
		}
		for _, key := range slices.Sorted(maps.Keys(machine.Labels)) {
			node.Labels = append(node.Labels, model.Label{Key: key, Value: machine.Labels[key]})
		}
		r.in.Nodes = append(r.in.Nodes, node)
	}
	return nil
}

// mayRun says by node whether a pod may be scheduled there, for all but room and
// other pods: what it selects, what it tolerates, where its volumes are, and that the
// node has the labels over which it must be spread or near others. O(nodes), once for pods alike.
func (r *reader) mayRun(pod *corev1.Pod) ([]bool, error) {
	var affinity *corev1.NodeAffinity
	if pod.Spec.Affinity != nil {
		affinity = pod.Spec.Affinity.NodeAffinity
	}
	var reach []*corev1.VolumeNodeAffinity
	for _, name := range claims(pod) {
		if c := r.claims[name]; c != nil && r.volumes[c.Spec.VolumeName] != nil {
			reach = append(reach, r.volumes[c.Spec.VolumeName].Spec.NodeAffinity)
		}
	}
	var over []string
	for _, s := range pod.Spec.TopologySpreadConstraints {
		if s.WhenUnsatisfiable == corev1.DoNotSchedule {
			over = append(over, s.TopologyKey)
		}
	}
	for _, t := range affinityOf(pod) {
		over = append(over, t.TopologyKey)
	}
	asked := text(pod.Spec.NodeSelector, affinity, pod.Spec.Tolerations, reach, over)
	if may, known := r.takes[asked]; known {
		return may, nil
	}
	selector := nodeaffinity.GetRequiredNodeAffinity(pod)
	may := make([]bool, len(r.machines))
	for j, machine := range r.machines {
		var err error
		if may[j], err = selector.Match(machine); err != nil {
			return nil, err
		}
		for _, key := range over {
			_, has := machine.Labels[key]
			may[j] = may[j] && has
		}
		for _, v := range reach {
			if v == nil || v.Required == nil {
				continue
			}
			within, err := nodeaffinity.NewNodeSelector(v.Required)
			if err != nil {
				return nil, err
			}
			may[j] = may[j] && within.Match(machine)
		}
		may[j] = may[j] && !repels(machine, pod, corev1.TaintEffectNoSchedule) && !repels(machine, pod, corev1.TaintEffectNoExecute)
	}
	r.takes[asked] = may
	return may, nil
}

// repels reports whether a node has a taint of this effect that the pod does not
// tolerate. A node that is cordoned has one.
func repels(machine *corev1.Node, pod *corev1.Pod, effect corev1.TaintEffect) bool {
	taints := machine.Spec.Taints
	if machine.Spec.Unschedulable {
		taints = append(slices.Clone(taints), corev1.Taint{Key: corev1.TaintNodeUnschedulable, Effect: corev1.TaintEffectNoSchedule})
	}
	for k := range taints {
		if taints[k].Effect == effect && !slices.ContainsFunc(pod.Spec.Tolerations, func(t corev1.Toleration) bool {
			return t.ToleratesTaint(klog.Background(), &taints[k], true)
		}) {
			return true
		}
	}
	return false
}

// fewNodes is how many nodes a document names one by one. More are called by a label.
const fewNodes = 8

// allowed says in the document where a group may be.
func (r *reader) allowed(g *group) *model.Selector {
	if g.pinned {
		return &model.Selector{Nodes: []string{g.on()}}
	}
	if !slices.Contains(g.may, false) {
		return nil
	}
	if labels := r.selected(g); labels != nil && slices.Contains(g.may, true) {
		return &model.Selector{Labels: labels}
	}
	nodes := []string{}
	for j, ok := range g.may {
		if !ok {
			continue
		}
		if len(nodes) == fewNodes {
			return &model.Selector{Labels: []model.Label{r.taking(g)}}
		}
		nodes = append(nodes, r.machines[j].Name)
	}
	return &model.Selector{Nodes: nodes}
}

// taking is a label of the nodes where a group may be, called after the first group that
// may be just there.
func (r *reader) taking(g *group) model.Label {
	set := make([]byte, len(g.may))
	for j, ok := range g.may {
		if ok {
			set[j] = 1
		}
	}
	key, known := r.takers[string(set)]
	if !known {
		key = "takes " + g.name
		r.takers[string(set)] = key
		for j, ok := range g.may {
			if ok {
				r.label(j, model.Label{Key: key, Value: "yes"})
			}
		}
	}
	return model.Label{Key: key, Value: "yes"}
}

// label gives a node a label more.
func (r *reader) label(j int, label model.Label) {
	list := &r.in.Nodes[j].Labels
	k, _ := slices.BinarySearchFunc(*list, label.Key, func(a model.Label, key string) int { return strings.Compare(a.Key, key) })
	*list = slices.Insert(*list, k, label)
}

// selected returns the labels that a group selects nodes by, if they alone say where it
// may be.
func (r *reader) selected(g *group) []model.Label {
	selector := g.pod.Spec.NodeSelector
	var labels []model.Label
	for _, key := range slices.Sorted(maps.Keys(selector)) {
		labels = append(labels, model.Label{Key: key, Value: selector[key]})
	}
	for j, machine := range r.machines {
		matches := true
		for _, l := range labels {
			value, has := machine.Labels[l.Key]
			matches = matches && has && value == l.Value
		}
		if matches != g.may[j] {
			return nil
		}
	}
	return labels
}

// prefers makes prices by node of the nodes that a pod would rather be on, and of the
// taints that it would rather avoid, which count as much as the heaviest preference.
// nil: it does not mind. O(nodes), once for pods alike.
func (r *reader) prefers(pod *corev1.Pod) *model.Fetch {
	var preferred []corev1.PreferredSchedulingTerm
	if a := pod.Spec.Affinity; a != nil && a.NodeAffinity != nil {
		preferred = a.NodeAffinity.PreferredDuringSchedulingIgnoredDuringExecution
	}
	if preferred == nil && !r.avoid {
		return nil
	}
	asked := text(preferred, pod.Spec.Tolerations)
	f, known := r.likes[asked]
	if !known {
		f = r.preferences(pod, preferred)
		r.likes[asked] = f
	}
	return f
}

func (r *reader) preferences(pod *corev1.Pod, preferred []corev1.PreferredSchedulingTerm) *model.Fetch {
	var terms *nodeaffinity.PreferredSchedulingTerms
	if preferred != nil {
		terms, _ = nodeaffinity.NewPreferredSchedulingTerms(preferred)
	}
	const taint = 100
	score, best := make([]int64, len(r.machines)), int64(-taint)
	for j, machine := range r.machines {
		if terms != nil {
			score[j] = terms.Score(machine)
		}
		if repels(machine, pod, corev1.TaintEffectPreferNoSchedule) {
			score[j] -= taint
		}
		best = max(best, score[j])
	}
	f := &model.Fetch{}
	for j, s := range score {
		if s < best {
			f.On = append(f.On, model.NodePrice{Node: r.machines[j].Name, Price: preference(best - s)})
		}
	}
	if f.On == nil {
		return nil
	}
	slices.SortFunc(f.On, func(a, b model.NodePrice) int { return strings.Compare(a.Node, b.Node) })
	return f
}

// preference is what a weight of Kubernetes costs: a move is worth a thousand.
func preference(weight int64) model.Decimal { return model.Decimal(weight) * model.DecimalOne / 1000 }

// Taker is a resource that no node has. What no node takes needs one: a document has
// no other way to say that a task can be nowhere.
const Taker = "node that takes it"

// shutOut marks the tasks that no node takes.
func (r *reader) shutOut() {
	var names []string
	for i := range r.in.Tasks {
		task := &r.in.Tasks[i]
		if task.On != nil && len(task.On.Nodes) == 0 && len(task.On.Labels) == 0 {
			task.On, names = nil, append(names, task.Name)
			task.Demand = sorted(append(task.Demand, model.Amount{Resource: Taker, Quantity: model.Quantity{Units: 1}}))
		}
	}
	if names == nil {
		return
	}
	for j := range r.in.Nodes {
		node := &r.in.Nodes[j]
		node.Capacity = sorted(append(node.Capacity, model.Amount{Resource: Taker}))
	}
	some, more := names[:min(len(names), fewNodes)], ""
	if len(names) > len(some) {
		more = fmt.Sprintf(" and %d more", len(names)-len(some))
	}
	r.note("no node takes " + strings.Join(some, ", ") + more + ": what they select, taints or rules about other pods keep them off all")
}
