package kube

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	resources "k8s.io/component-helpers/resource"
	scheduling "k8s.io/component-helpers/scheduling/corev1"

	"berth/model"
)

// group becomes a task: a pod that runs, or pods alike that wait for a node.
type group struct {
	name    string
	pod     *corev1.Pod // one of them, which speaks for all
	takes   corev1.ResourceList
	count   int
	waits   bool
	evicted bool   // a taint, or a drain, drives it from where it runs
	pinned  bool   // it stays where it runs
	may     []bool // by node, where it may be
}

// on is the node that the pod runs on.
func (g *group) on() string { return g.pod.Spec.NodeName }

// Why pods stay where they run.
const (
	ofNode    = "a daemon set or the node itself started them"
	ofNobody  = "they have no controller to start them elsewhere"
	marked    = "they are marked as not to be moved"
	goingAway = "they are about to end"
	budgeted  = "a disruption budget allows none of them to go"
	noVolume  = "the file does not have their volumes (" + listing + " has them)"
)

// gather finds out what pods there are to place. Pods that have ended hold nothing and are
// left out, as are those whose scheduling is gated. Pods that come and go with their
// node are taken off what it has.
func (r *reader) gather() error {
	like := map[string]*group{}
	stay, lost := map[string][]string{}, map[string][]string{}
	gated, gone, unseen, driven := 0, 0, 0, 0
	for _, pod := range r.pods {
		_, known := r.at[pod.Spec.NodeName]
		switch {
		case pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed:
			continue
		case pod.Spec.NodeName == "" && len(pod.Spec.SchedulingGates) > 0:
			gated++
			continue
		case pod.Spec.NodeName != "" && !known && pod.DeletionTimestamp != nil:
			gone++
			continue
		}
		g, err := r.alone(pod)
		if err != nil {
			return err
		}
		if why := r.anchor(pod); r.drained(g) && why != ofNode {
			if why == ofNobody || why == goingAway {
				lost[why] = append(lost[why], pod.Namespace+"/"+pod.Name)
				continue
			}
			driven++
		} else if why != "" && !g.waits {
			stay[why] = append(stay[why], pod.Namespace+"/"+pod.Name)
			if why == ofNode {
				j := r.at[g.on()]
				r.held[j] = append(r.held[j], g)
				continue
			}
			g.pinned = true
		}
		if g.waits {
			if r.unseen(pod) {
				unseen++
			}
			key := r.likeness(g)
			if first := like[key]; first != nil {
				first.count++
				continue
			}
			like[key] = g
		}
		r.groups = append(r.groups, g)
	}
	for _, why := range []string{ofNode, ofNobody, marked, goingAway, budgeted, noVolume} {
		switch {
		case len(stay[why]) == 0:
		case why == ofNode:
			r.note("what " + model.Counted(len(stay[why]), "pod takes is off the capacity of its node: ", "pods take is off the capacity of their nodes: ") + why)
		default:
			r.note(model.Counted(len(stay[why]), "pod stays where it runs", "pods stay where they run") + fewNames(stay[why]) + ": " + why)
		}
	}
	if driven > 0 {
		r.note(model.Counted(driven, "pod has", "pods have") + " to leave what is drained: to go elsewhere or to wait")
	}
	for _, why := range []string{ofNobody, goingAway} {
		if n := len(lost[why]); n > 0 {
			r.note(model.Counted(n, "pod ends", "pods end") + " with what is drained" + fewNames(lost[why]) + ": " + why)
		}
	}
	if gated > 0 {
		r.note(fmt.Sprintf("%s left out: their scheduling is gated", model.Counted(gated, "pod is", "pods are")))
	}
	if gone > 0 {
		r.note(fmt.Sprintf("%s left out: about to end, and the node is gone", model.Counted(gone, "pod is", "pods are")))
	}
	if unseen > 0 {
		r.note(fmt.Sprintf("%s for a node whose volumes the file does not have (%s has them): as if any node could reach them", model.Counted(unseen, "pod waits", "pods wait"), listing))
	}
	r.nameGroups()
	return nil
}

// alone is a group of one pod. Where it runs it may be, though it would not be scheduled
// there again: only taints that say so evict it.
func (r *reader) alone(pod *corev1.Pod) (*group, error) {
	g := &group{pod: pod, takes: demand(pod), count: 1, waits: pod.Spec.NodeName == ""}
	j, known := r.at[g.on()]
	if !known && !g.waits {
		return nil, fmt.Errorf("pod %s/%s runs on node %q, which the file does not have; want all nodes and pods: kubectl get nodes,pods -A -o json",
			pod.Namespace, pod.Name, g.on())
	}
	var err error
	if g.may, err = r.mayRun(pod); err != nil {
		return nil, fmt.Errorf("pod %s/%s: %w", pod.Namespace, pod.Name, err)
	}
	if known && !g.may[j] {
		g.may = slices.Clone(g.may)
		g.evicted = repels(r.machines[j], pod, corev1.TaintEffectNoExecute)
		g.may[j] = !g.evicted
	}
	if r.drained(g) {
		g.evicted, g.may = true, slices.Clone(g.may)
		for j, machine := range r.machines {
			g.may[j] = g.may[j] && !slices.Contains(r.without, machine.Name)
		}
	}
	return g, nil
}

// drained says whether a pod runs on a node that is drained.
func (r *reader) drained(g *group) bool { return !g.waits && slices.Contains(r.without, g.on()) }

// anchor says why a pod cannot be moved; "" where it can.
func (r *reader) anchor(pod *corev1.Pod) string {
	owner := metav1.GetControllerOf(pod)
	switch {
	case owner != nil && (owner.Kind == "DaemonSet" || owner.Kind == "Node"):
		return ofNode
	case owner == nil:
		return ofNobody
	case pod.DeletionTimestamp != nil:
		return goingAway
	case pod.Annotations["karpenter.sh/do-not-disrupt"] == "true",
		pod.Annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] == "false":
		return marked
	case slices.ContainsFunc(r.usedUp[pod.Namespace], func(of labels.Selector) bool { return matches(of, pod) }):
		return budgeted
	}
	if r.unseen(pod) {
		return noVolume
	}
	return ""
}

// unseen says whether a pod has a volume that the file does not have.
func (r *reader) unseen(pod *corev1.Pod) bool {
	return slices.ContainsFunc(claims(pod), func(name string) bool {
		c := r.claims[name]
		return c == nil || c.Spec.VolumeName != "" && r.volumes[c.Spec.VolumeName] == nil
	})
}

// claims lists the claims of a pod to volumes, by namespace and name.
func claims(pod *corev1.Pod) []string {
	var names []string
	for k := range pod.Spec.Volumes {
		if claim := pod.Spec.Volumes[k].PersistentVolumeClaim; claim != nil {
			names = append(names, pod.Namespace+"/"+claim.ClaimName)
		}
	}
	return names
}

// likeness is the same for pods that wait and could take each other's place: of one
// controller, with the same labels, asking for the same.
func (r *reader) likeness(g *group) string {
	pod := g.pod
	owner, single := "", pod.Name
	if o := metav1.GetControllerOf(pod); o != nil {
		owner, single = o.Kind+"/"+o.Name, ""
	}
	if len(r.apartOver(pod)) > 1 {
		single = pod.Name // a task keeps its replicas apart in one way
	}
	return text(
		pod.Namespace, owner, single, pod.Labels, pod.Spec.NodeSelector, pod.Spec.Affinity,
		pod.Spec.Tolerations, pod.Spec.TopologySpreadConstraints, pod.Spec.Priority, claims(pod), g.takes,
	)
}

// text is the same for values that are the same.
func text(values ...any) string {
	data, err := json.Marshal(values)
	if err != nil {
		panic(err) // nothing that is asked for can fail
	}
	return string(data)
}

// demand is what a pod takes, with its host ports, of which a node has one each.
func demand(pod *corev1.Pod) corev1.ResourceList {
	by := corev1.ResourceList{corev1.ResourcePods: one}
	for name, q := range resources.PodRequests(pod, resources.PodResourcesOptions{UseStatusResources: true}) {
		if !q.IsZero() {
			by[name] = q
		}
	}
	for _, containers := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for k := range containers {
			for _, p := range containers[k].Ports {
				if p.HostPort != 0 {
					by[corev1.ResourceName(fmt.Sprintf("%s%d/%s", port, p.HostPort, p.Protocol))] = one
				}
			}
		}
	}
	return by
}

// fewNames lists the names of pods in brackets, where they are few.
func fewNames(names []string) string {
	const most = 3
	if len(names) > most {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// port begins the names of host ports as resources.
const port = "hostPort "

var one = resource.MustParse("1")

// nameGroups calls pods by their names, and pods alike that wait after their
// deployment, or their controller.
func (r *reader) nameGroups() {
	taken := map[string]bool{}
	for _, g := range r.groups {
		names := []string{g.pod.Name}
		if owner := metav1.GetControllerOf(g.pod); g.waits && owner != nil {
			names = []string{strings.TrimSuffix(owner.Name, "-"+g.pod.Labels["pod-template-hash"]), owner.Name, g.pod.Name}
		}
		for _, name := range names {
			if g.name = g.pod.Namespace + "/" + name; g.waits {
				g.name += " (pending)"
			}
			if !taken[g.name] {
				break
			}
		}
		for n, name := 2, g.name; taken[g.name]; n++ {
			g.name = fmt.Sprintf("%s %d", name, n)
		}
		taken[g.name] = true
	}
}

// What a pod that goes on waiting costs, in moves: waiting for those of the lowest priority, and
// times as much for each higher one, no more than mostTimes times over.
const (
	waiting   = 1000
	times     = 10
	mostTimes = 6
)

// patience is the price of going on waiting, by priority.
func (r *reader) patience() map[int32]model.Decimal {
	price := map[int32]model.Decimal{}
	for _, g := range r.groups {
		if g.waits || g.evicted {
			price[scheduling.PodPriority(g.pod)] = 0
		}
	}
	next := model.Decimal(waiting * model.DecimalOne)
	for k, level := range slices.Sorted(maps.Keys(price)) {
		if price[level] = next; k < mostTimes {
			next *= times
		}
	}
	return price
}

// tasks makes a task of every group.
func (r *reader) tasks() error {
	patience := r.patience()
	for _, g := range r.groups {
		task := model.Task{Name: g.name, Replicas: g.count}
		var err error
		if task.Demand, err = amounts(g.takes); err != nil {
			return fmt.Errorf("pod %s/%s: %w", g.pod.Namespace, g.pod.Name, err)
		}
		task.On = r.allowed(g)
		if g.waits || g.evicted && !g.pinned {
			price := patience[scheduling.PodPriority(g.pod)]
			task.Unplaced = &price
		}
		if !g.waits {
			task.Current = []string{g.on()}
		}
		if !g.pinned {
			task.Fetch = r.prefers(g.pod)
		}
		if keys := r.apartOver(g.pod); g.count > 1 && len(keys) == 1 {
			if topology := r.topology(keys[0]); r.labelled(topology) {
				task.Apart = topology
			}
		}
		r.in.Tasks = append(r.in.Tasks, task)
	}
	return nil
}

// amounts reads amounts by resource.
func amounts(by corev1.ResourceList) (model.Resources, error) {
	var list model.Resources
	for name, amount := range by {
		q, err := model.ParseQuantity(amount.String())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, model.Amount{Resource: string(name), Quantity: q})
	}
	return sorted(list), nil
}

// sorted puts amounts into the order of a document.
func sorted(list model.Resources) model.Resources {
	slices.SortFunc(list, func(a, b model.Amount) int { return strings.Compare(a.Resource, b.Resource) })
	return list
}
