package kube

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"berth/model"
)

// topology is how the document calls what groups nodes by a label: node where every
// node has a value of its own.
func (r *reader) topology(key string) string {
	if key == corev1.LabelHostname && r.hosts {
		return "node"
	}
	return key
}

// labelled reports whether any node is in a place of a topology.
func (r *reader) labelled(topology string) bool {
	return topology == "node" || slices.ContainsFunc(r.in.Nodes, func(n model.Node) bool { _, has := n.Label(topology); return has })
}

// apartOver lists the labels over which a pod keeps away from pods like itself. A
// node is within all that a label groups, so that it counts only alone.
func (r *reader) apartOver(pod *corev1.Pod) []string {
	var keys []string
	for _, t := range antiAffinityOf(pod) {
		if matches(selectorOf(t.LabelSelector), pod) && within(&t, pod, pod.Namespace, r.namespaces[pod.Namespace]) && !slices.Contains(keys, t.TopologyKey) {
			keys = append(keys, t.TopologyKey)
		}
	}
	if len(keys) > 1 {
		keys = slices.DeleteFunc(keys, func(key string) bool { return key == corev1.LabelHostname })
	}
	return keys
}

func affinityOf(pod *corev1.Pod) []corev1.PodAffinityTerm {
	if a := pod.Spec.Affinity; a != nil && a.PodAffinity != nil {
		return a.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution
	}
	return nil
}

func antiAffinityOf(pod *corev1.Pod) []corev1.PodAffinityTerm {
	if a := pod.Spec.Affinity; a != nil && a.PodAntiAffinity != nil {
		return a.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution
	}
	return nil
}

// wish is a preferred term for pods or against them.
type wish struct {
	corev1.WeightedPodAffinityTerm
	Kind model.RuleKind
}

func wishesOf(pod *corev1.Pod) []wish {
	var list []wish
	a := pod.Spec.Affinity
	if a != nil && a.PodAffinity != nil {
		for _, t := range a.PodAffinity.PreferredDuringSchedulingIgnoredDuringExecution {
			list = append(list, wish{t, model.Affinity})
		}
	}
	if a != nil && a.PodAntiAffinity != nil {
		for _, t := range a.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution {
			list = append(list, wish{t, model.AntiAffinity})
		}
	}
	return list
}

// selectorOf reads a selector of pods; one that cannot be read matches nothing.
func selectorOf(s *metav1.LabelSelector) labels.Selector {
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		return labels.Nothing()
	}
	return selector
}

func matches(s labels.Selector, pod *corev1.Pod) bool { return s.Matches(labels.Set(pod.Labels)) }

// within reports whether a term of a pod looks at pods of a namespace, of which the
// labels may be known.
func within(t *corev1.PodAffinityTerm, pod *corev1.Pod, namespace string, known map[string]string) bool {
	if len(t.Namespaces) == 0 && t.NamespaceSelector == nil {
		return namespace == pod.Namespace
	}
	if slices.Contains(t.Namespaces, namespace) {
		return true
	}
	set := labels.Set{corev1.LabelMetadataName: namespace}
	for key, value := range known {
		set[key] = value
	}
	return t.NamespaceSelector != nil && selectorOf(t.NamespaceSelector).Matches(set)
}

// near lists the groups among which are all that a selector means: where it wants a
// label with one value, those that have it.
func (b *rulebook) near(s labels.Selector) []int {
	list := b.all
	wants, _ := s.Requirements()
	for _, want := range wants {
		if value, single := s.RequiresExactMatch(want.Key()); single {
			if with := b.with[model.Label{Key: want.Key(), Value: value}]; len(with) < len(list) {
				list = with
			}
		}
	}
	return list
}

// found lists the groups that a term of a pod means. O(groups near it), once for pods alike.
func (b *rulebook) found(t *corev1.PodAffinityTerm, pod *corev1.Pod) []int {
	key := text(pod.Namespace, t)
	list, known := b.means[key]
	if known {
		return list
	}
	selector := selectorOf(t.LabelSelector)
	for _, h := range b.near(selector) {
		g := b.groups[h]
		if within(t, pod, g.pod.Namespace, b.namespaces[g.pod.Namespace]) && matches(selector, g.pod) {
			list = append(list, h)
		}
	}
	b.means[key] = list
	return list
}

// rules states what pods ask of each other.
func (r *reader) rules() {
	b := &rulebook{reader: r, means: map[string][]int{}, heldAt: map[string]map[string]bool{}, has: map[string]bool{}, added: map[string]string{}, with: map[model.Label][]int{}}
	against, wish := make([]string, len(r.groups)), make([]string, len(r.groups)) // what each asks for
	for i, g := range r.groups {
		b.all = append(b.all, i)
		for key, value := range g.pod.Labels {
			b.with[model.Label{Key: key, Value: value}] = append(b.with[model.Label{Key: key, Value: value}], i)
		}
		against[i], wish[i] = text(g.pod.Namespace, antiAffinityOf(g.pod)), text(g.pod.Namespace, wishesOf(g.pod))
	}
	for i, g := range r.groups {
		for _, t := range antiAffinityOf(g.pod) {
			b.keepOff(i, b.heldBy(&t, g.pod), t.TopologyKey)
			b.pairs(i, b.found(&t, g.pod), model.Rule{Kind: model.AntiAffinity, Topology: r.topology(t.TopologyKey)}, against)
		}
		for _, t := range affinityOf(g.pod) {
			b.together(i, &t)
		}
		for _, s := range g.pod.Spec.TopologySpreadConstraints {
			b.spread(g, &s)
		}
		for _, t := range wishesOf(g.pod) {
			weight := preference(int64(t.Weight))
			among := b.found(&t.PodAffinityTerm, g.pod)
			rule := model.Rule{Kind: t.Kind, Topology: r.topology(t.PodAffinityTerm.TopologyKey), Weight: &weight}
			b.pairs(i, among, rule, wish)
			if slices.Contains(among, i) && g.count > 1 && t.Kind == model.AntiAffinity {
				b.add(model.Rule{Kind: model.Spread, Tasks: []string{g.name}, Topology: rule.Topology, MaxSkew: 1, Weight: &weight})
			}
		}
	}
	if b.loose > 0 {
		r.note(fmt.Sprintf("%s to be near others, so near one that runs today", model.Counted(b.loose, "task has", "tasks have")))
	}
	if len(b.namespaces) == 0 {
		if n := b.blind(); n > 0 {
			r.note(model.Counted(n, "task selects", "tasks select") + " pods by labels of their namespaces, which the file does not have: as if none had them (add ns to the list)")
		}
	}
	b.excuse()
}

// blind counts the groups that look at namespaces by other labels than their name.
func (b *rulebook) blind() (n int) {
	for _, g := range b.groups {
		terms := slices.Concat(affinityOf(g.pod), antiAffinityOf(g.pod))
		for _, w := range wishesOf(g.pod) {
			terms = append(terms, w.PodAffinityTerm)
		}
		if slices.ContainsFunc(terms, func(t corev1.PodAffinityTerm) bool {
			wants, _ := selectorOf(t.NamespaceSelector).Requirements()
			return slices.ContainsFunc(wants, func(want labels.Requirement) bool { return want.Key() != corev1.LabelMetadataName })
		}) {
			n++
		}
	}
	return n
}

// rulebook collects rules, each once.
type rulebook struct {
	*reader
	all    []int                      // groups
	with   map[model.Label][]int      // groups by label
	means  map[string][]int           // groups by term
	heldAt map[string]map[string]bool // places of what comes and goes with a node, by term
	has    map[string]bool
	added  map[string]string // labels of nodes, by their values
	loose  int               // tasks that are held to where others run today
}

// add takes a rule down, once. Over a label that no node has it says nothing.
func (b *rulebook) add(rule model.Rule) {
	if key := text(rule); b.labelled(rule.Topology) && !b.has[key] {
		b.has[key] = true
		b.in.Rules = append(b.in.Rules, rule)
	}
}

// pairs states a rule of a group with each of others. Where all of them ask for the
// same, the first of them has one rule say it.
func (b *rulebook) pairs(i int, others []int, rule model.Rule, asks []string) {
	alike := func(h int) bool { return asks[h] == asks[i] }
	if slices.Contains(others, i) && !slices.ContainsFunc(others, func(h int) bool { return !alike(h) }) {
		if i > others[0] || len(others) < 2 {
			return
		}
		for _, h := range others {
			rule.Tasks = append(rule.Tasks, b.groups[h].name)
		}
		b.add(rule)
		return
	}
	for _, h := range others {
		if h != i {
			rule.Tasks = []string{b.groups[min(i, h)].name, b.groups[max(i, h)].name}
			b.add(rule)
		}
	}
}

// spreadWeight is what a pod too many in one place counts where a pod is scheduled
// anyway.
const spreadWeight = 100

// spread counts pods over the places of a label. Kubernetes counts places on nodes
// that the pod selects; where some are on others only, these nodes go under a label of
// their own, with a place that counts.
func (b *rulebook) spread(g *group, s *corev1.TopologySpreadConstraint) {
	asked := text(g.pod.Namespace, s, g.pod.Labels, g.pod.Spec.NodeSelector, g.pod.Spec.Affinity, g.pod.Spec.Tolerations)
	if b.has[asked] {
		return
	}
	b.has[asked] = true
	selector := selectorOf(s.LabelSelector)
	own := labels.Set{}
	for _, key := range s.MatchLabelKeys {
		if value, has := g.pod.Labels[key]; has {
			own[key] = value
		}
	}
	alike := own.AsSelector()
	hard := s.WhenUnsatisfiable == corev1.DoNotSchedule
	rule := model.Rule{Kind: model.Spread, MaxSkew: int(s.MaxSkew)}
	counts := b.counted(g.pod, s)
	for _, k := range b.near(selector) {
		h := b.groups[k]
		if h.pod.Namespace != g.pod.Namespace || !matches(selector, h.pod) || !matches(alike, h.pod) {
			continue
		}
		if j, runs := b.at[h.on()]; runs && !counts[j] { // it does not count as long as it stays out
			if hard {
				b.keep(k, func(j int) bool { return !counts[j] })
			}
			continue
		}
		rule.Tasks = append(rule.Tasks, h.name)
	}
	if len(rule.Tasks) == 0 || rule.MaxSkew < 1 {
		return
	}
	if !hard {
		weight := preference(spreadWeight)
		rule.Weight = &weight
	}
	rule.Topology = b.places(counts, s.TopologyKey)
	b.add(rule)
}

// counted says by node whether a constraint looks at it: those that the pod selects and that
// have the label.
func (b *rulebook) counted(pod *corev1.Pod, s *corev1.TopologySpreadConstraint) []bool {
	bare := &corev1.Pod{Spec: corev1.PodSpec{Tolerations: []corev1.Toleration{{Operator: corev1.TolerationOpExists}}}}
	if s.NodeAffinityPolicy == nil || *s.NodeAffinityPolicy == corev1.NodeInclusionPolicyHonor {
		bare.Spec.NodeSelector = pod.Spec.NodeSelector
		if a := pod.Spec.Affinity; a != nil {
			bare.Spec.Affinity = &corev1.Affinity{NodeAffinity: a.NodeAffinity}
		}
	}
	if s.NodeTaintsPolicy != nil && *s.NodeTaintsPolicy == corev1.NodeInclusionPolicyHonor {
		bare.Spec.Tolerations = pod.Spec.Tolerations
	}
	counts := make([]bool, len(b.machines))
	may, err := b.mayRun(bare)
	for j, machine := range b.machines {
		_, has := machine.Labels[s.TopologyKey]
		counts[j] = has && (err != nil || may[j]) // an error showed before, for the pod itself
	}
	return counts
}

// places returns the label over whose values a constraint counts: that of the key, or one
// more where some values are on nodes only that do not count.
func (b *rulebook) places(counts []bool, key string) string {
	first, all := "", true
	place := map[string]bool{}
	for j, machine := range b.machines {
		if counts[j] {
			value := machine.Labels[key]
			if len(place) == 0 {
				first = value
			}
			place[value] = true
		}
	}
	for _, machine := range b.machines {
		value, has := machine.Labels[key]
		all = all && has && place[value]
	}
	if all || len(place) == 0 {
		return b.topology(key)
	}
	return b.relabel(key, func(machine *corev1.Node) string {
		if value, has := machine.Labels[key]; has && place[value] {
			return value
		}
		return first
	})
}

// relabel gives every node a label more, like one that is there but for some values.
func (b *rulebook) relabel(like string, value func(*corev1.Node) string) string {
	values := make([]string, len(b.machines))
	for j, machine := range b.machines {
		values[j] = value(machine)
	}
	all := like + "\n" + strings.Join(values, "\n")
	key, known := b.added[all]
	if !known {
		key = fmt.Sprintf("%s (%d)", like, len(b.added)+2)
		b.added[all] = key
		for j, value := range values {
			b.label(j, model.Label{Key: key, Value: value})
		}
	}
	return key
}
