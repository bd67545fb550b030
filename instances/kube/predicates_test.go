package kube_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"berth/internal/compiled"
	"berth/model"
)

// The placements of the document are those that the predicates of Kubernetes allow,
// written down here from its documentation for what this test draws: selectors,
// taints, room, pods that keep apart by node or zone, and pods spread over zones.
func TestPlacementsAreThoseOfThePredicates(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		machines := drawMachines(t)
		pods := drawPods(t)
		var items []any
		for _, n := range machines {
			items = append(items, n)
		}
		for _, p := range pods {
			items = append(items, p)
		}
		in, document, _ := read(t, items...)
		p := compiled.Instance(t, in)
		at := make([]int, len(pods)) // machine by pod
		for {
			problem := broken(machines, pods, at)
			_, err := p.Begin(solution(p, machines, pods, at))
			if err != nil && !errors.Is(err, model.ErrDoesNotFit) {
				t.Fatal(err)
			}
			if (err == nil) != (problem == "") {
				t.Fatalf("pods on %v: %q by the predicates, %v by the document\n%s", at, problem, err, document)
			}
			seen[strings.SplitN(problem, " ", 2)[0]]++
			k := 0
			for ; k < len(at); k++ {
				if at[k]++; at[k] < len(machines) {
					break
				}
				at[k] = 0
			}
			if k == len(at) {
				return
			}
		}
	})
	for _, what := range []string{"", "room", "node", "apart", "spread"} {
		if seen[what] == 0 {
			t.Errorf("no placement with %q was drawn", what)
		}
	}
}

func drawMachines(t *rapid.T) []*corev1.Node {
	machines := make([]*corev1.Node, rapid.IntRange(2, 4).Draw(t, "machines"))
	for j := range machines {
		labels := map[string]string{zone: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "zone")}
		if rapid.Bool().Draw(t, "ssd") {
			labels["disk"] = "ssd"
		}
		machines[j] = machine(fmt.Sprintf("n%d", j), labels, rapid.SampledFrom([]string{"2Gi", "4Gi", "8Gi"}).Draw(t, "memory"))
		if rapid.IntRange(0, 4).Draw(t, "taint") == 0 {
			machines[j].Spec.Taints = []corev1.Taint{{Key: "special", Effect: corev1.TaintEffectNoSchedule}}
		}
	}
	return machines
}

// drawPods draws pods that wait, of three controllers at most: where a pod runs
// excuses it from some of the predicates.
func drawPods(t *rapid.T) []*corev1.Pod {
	var pods []*corev1.Pod
	for k := range rapid.IntRange(1, 3).Draw(t, "apps") {
		app := fmt.Sprintf("app%d", k)
		p := running(app, app, "", rapid.SampledFrom([]string{"1Gi", "2Gi"}).Draw(t, "takes"))
		if rapid.IntRange(0, 3).Draw(t, "selects") == 0 {
			p.Spec.NodeSelector = map[string]string{"disk": "ssd"}
		}
		if rapid.Bool().Draw(t, "tolerates") {
			p.Spec.Tolerations = []corev1.Toleration{{Key: "special", Operator: corev1.TolerationOpExists}}
		}
		other := fmt.Sprintf("app%d", rapid.IntRange(0, 2).Draw(t, "other"))
		key := rapid.SampledFrom([]string{zone, corev1.LabelHostname}).Draw(t, "key")
		switch rapid.IntRange(0, 3).Draw(t, "rule") {
		case 0:
			p.Spec.Affinity = anti(corev1.PodAffinityTerm{LabelSelector: apps(other), TopologyKey: key})
		case 1:
			p.Spec.TopologySpreadConstraints = []corev1.TopologySpreadConstraint{{
				LabelSelector: apps(app), TopologyKey: key, MaxSkew: 1, WhenUnsatisfiable: corev1.DoNotSchedule,
			}}
		}
		for c := range rapid.IntRange(1, 2).Draw(t, "replicas") {
			replica := p.DeepCopy()
			replica.Name = fmt.Sprintf("%s-%d", app, c)
			pods = append(pods, replica)
		}
	}
	return pods
}

// broken names a predicate that a placement breaks; "" where it breaks none.
func broken(machines []*corev1.Node, pods []*corev1.Pod, at []int) string {
	used := make([]int64, len(machines))
	for k, p := range pods {
		n := machines[at[k]]
		memory := p.Spec.Containers[0].Resources.Requests["memory"]
		used[at[k]] += memory.Value()
		for key, value := range p.Spec.NodeSelector {
			if n.Labels[key] != value {
				return "node is not selected"
			}
		}
		if len(n.Spec.Taints) > 0 && len(p.Spec.Tolerations) == 0 {
			return "node is tainted"
		}
	}
	for j, n := range machines {
		if memory := n.Status.Allocatable["memory"]; used[j] > memory.Value() {
			return "room"
		}
	}
	for k, p := range pods {
		if p.Spec.Affinity != nil {
			term := p.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution[0]
			for h, q := range pods {
				if h != k && means(term.LabelSelector, q) && machines[at[h]].Labels[term.TopologyKey] == machines[at[k]].Labels[term.TopologyKey] {
					return "apart"
				}
			}
		}
		for _, s := range p.Spec.TopologySpreadConstraints {
			counts := map[string]int{}
			for _, n := range machines {
				if p.Spec.NodeSelector == nil || n.Labels["disk"] == "ssd" {
					counts[n.Labels[s.TopologyKey]] += 0
				}
			}
			for h, q := range pods {
				if means(s.LabelSelector, q) {
					counts[machines[at[h]].Labels[s.TopologyKey]]++
				}
			}
			least, most := len(pods), 0
			for _, n := range counts {
				least, most = min(least, n), max(most, n)
			}
			if most-least > int(s.MaxSkew) {
				return "spread"
			}
		}
	}
	return ""
}

func means(s *metav1.LabelSelector, p *corev1.Pod) bool {
	return slices.Contains(s.MatchExpressions[0].Values, p.Labels["app"])
}

// solution puts the pods where they are said to be.
func solution(p *model.Problem, machines []*corev1.Node, pods []*corev1.Pod, at []int) *model.Solution {
	s := &model.Solution{InstanceDigest: p.Digest, Status: model.Feasible}
	for k, pod := range pods {
		name, node := "shop/"+pod.Labels["app"]+" (pending)", machines[at[k]].Name
		i := slices.IndexFunc(s.Placement, func(t model.TaskNodes) bool { return t.Task == name })
		if i < 0 {
			i, s.Placement = len(s.Placement), append(s.Placement, model.TaskNodes{Task: name})
		}
		s.Placement[i].Nodes = append(s.Placement[i].Nodes, node)
	}
	return s
}
