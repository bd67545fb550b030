package kube

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	resources "k8s.io/component-helpers/resource"

	"berth/model"
)

// group is pods that are alike: they become one task.
type group struct {
	name    string
	pod     *corev1.Pod // one of them, which speaks for all
	count   int
	current []string // where they run; empty: they wait for a node
	pinned  bool     // they stay there
	own     bool     // no other pod could take the place of this one
	may     []bool   // by node, where they may go
}

// Why pods stay where they run.
const (
	ofNode    = "a daemon set or the node itself started them"
	ofNobody  = "they have no controller to start them elsewhere"
	marked    = "they are marked as not to be moved"
	goingAway = "they are about to end"
	noVolume  = "the file does not have their volumes (kubectl get nodes,pods,pv,pvc -A -o json has them)"
)

// group finds out which pods are alike. Pods that have ended hold nothing and are
// left out, as are those whose scheduling is gated. Pods that come and go with their
// node are taken off what it has.
func (r *reader) group() error {
	like := map[string]*group{}
	stay := map[string]int{}
	gated := 0
	for _, pod := range r.pods {
		switch {
		case pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed:
			continue
		case pod.Spec.NodeName == "" && len(pod.Spec.SchedulingGates) > 0:
			gated++
			continue
		}
		g, err := r.alone(pod)
		if err != nil {
			return err
		}
		if why := r.anchor(pod); why != "" && len(g.current) > 0 {
			stay[why]++
			if why == ofNode {
				j := r.at[g.current[0]]
				r.held[j] = append(r.held[j], demand(pod))
				continue
			}
			g.pinned = true
		}
		key := likeness(pod)
		if len(g.current) > 0 && (g.pinned || !g.may[r.at[g.current[0]]]) || metav1.GetControllerOf(pod) == nil {
			key, g.own = "pod "+pod.Namespace+"/"+pod.Name, true
		}
		if first := like[key]; first != nil {
			first.count++
			first.current = append(first.current, g.current...)
			continue
		}
		like[key] = g
		r.groups = append(r.groups, g)
	}
	for _, why := range []string{ofNode, ofNobody, marked, goingAway, noVolume} {
		switch {
		case stay[why] == 0:
		case why == ofNode:
			r.note("what nodes have is counted without " + countOf(stay[why], "pod", "pods") + " on them: " + why)
		default:
			r.note(countOf(stay[why], "pod stays where it runs", "pods stay where they run") + ": " + why)
		}
	}
	if gated > 0 {
		r.note(fmt.Sprintf("%s left out: their scheduling is gated", countOf(gated, "pod is", "pods are")))
	}
	r.nameGroups()
	return nil
}

func countOf(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// alone is a group of one pod.
func (r *reader) alone(pod *corev1.Pod) (*group, error) {
	g := &group{pod: pod, count: 1}
	if on := pod.Spec.NodeName; on != "" {
		if _, known := r.at[on]; !known {
			return nil, fmt.Errorf("pod %s/%s runs on node %q, which the file does not have; want all nodes and pods: kubectl get nodes,pods -A -o json",
				pod.Namespace, pod.Name, on)
		}
		g.current = []string{on}
	}
	var err error
	if g.may, err = r.mayRun(pod); err != nil {
		return nil, fmt.Errorf("pod %s/%s: %w", pod.Namespace, pod.Name, err)
	}
	return g, nil
}

// anchor says why a pod cannot be moved; "" where it can.
func (r *reader) anchor(pod *corev1.Pod) string {
	owner := metav1.GetControllerOf(pod)
	switch {
	case owner != nil && (owner.Kind == "DaemonSet" || owner.Kind == "Node"):
		return ofNode
	case owner == nil:
		return ofNobody
	case pod.Annotations["karpenter.sh/do-not-disrupt"] == "true",
		pod.Annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] == "false":
		return marked
	case pod.DeletionTimestamp != nil:
		return goingAway
	}
	for k := range pod.Spec.Volumes {
		if claim := pod.Spec.Volumes[k].PersistentVolumeClaim; claim != nil {
			c := r.claims[pod.Namespace+"/"+claim.ClaimName]
			if c == nil || c.Spec.VolumeName != "" && r.volumes[c.Spec.VolumeName] == nil {
				return noVolume
			}
		}
	}
	return ""
}

// likeness is the same for pods that could take each other's place: of one
// controller, both running or both waiting, with the same labels, asking for the same.
func likeness(pod *corev1.Pod) string {
	owner, single := "", ""
	if o := metav1.GetControllerOf(pod); o != nil {
		owner = o.Kind + "/" + o.Name
	}
	var claims []string
	for k := range pod.Spec.Volumes {
		if claim := pod.Spec.Volumes[k].PersistentVolumeClaim; claim != nil {
			claims = append(claims, claim.ClaimName)
		}
	}
	if len(apartOver(pod)) > 1 {
		single = pod.Name // a task keeps its replicas apart in one way
	}
	return text(
		pod.Namespace, owner, single, pod.Spec.NodeName == "", pod.Labels, pod.Spec.NodeSelector, pod.Spec.Affinity,
		pod.Spec.Tolerations, pod.Spec.TopologySpreadConstraints, claims, demand(pod),
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

// port begins the names of host ports as resources.
const port = "hostPort "

var one = resource.MustParse("1")

// nameGroups calls pods of a deployment after it, and others by their own name or
// that of their controller.
func (r *reader) nameGroups() {
	taken := map[string]bool{}
	for _, g := range r.groups {
		slices.Sort(g.current)
		own := g.pod.Name
		names := []string{own}
		if owner := metav1.GetControllerOf(g.pod); owner != nil && !g.own && (g.count > 1 || owner.Kind == "ReplicaSet") {
			deployment := strings.TrimSuffix(owner.Name, "-"+g.pod.Labels["pod-template-hash"])
			names = []string{deployment, owner.Name, own}
		}
		waits := ""
		if len(g.current) == 0 {
			waits = " (pending)"
		}
		for _, name := range names {
			if g.name = g.pod.Namespace + "/" + name + waits; !taken[g.name] {
				break
			}
		}
		taken[g.name] = true
	}
}

// waiting is the price of a pod that goes on waiting, in moves.
const waiting = 1000

// tasks makes a task of every group.
func (r *reader) tasks() error {
	for _, g := range r.groups {
		task := model.Task{Name: g.name, Replicas: g.count, Current: g.current}
		var err error
		if task.Demand, err = amounts(demand(g.pod)); err != nil {
			return fmt.Errorf("pod %s/%s: %w", g.pod.Namespace, g.pod.Name, err)
		}
		task.On = r.on(g)
		if len(g.current) == 0 {
			price := waiting * model.DecimalOne
			task.Unplaced = &price
		}
		if !g.pinned {
			task.Fetch = r.prefers(g.pod)
		}
		if keys := apartOver(g.pod); g.count > 1 && len(keys) == 1 {
			task.Apart = r.topology(keys[0])
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
	slices.SortFunc(list, func(a, b model.Amount) int { return strings.Compare(a.Resource, b.Resource) })
	return list, nil
}
