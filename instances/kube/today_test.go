package kube_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"pgregory.net/rapid"

	"berth/internal/compiled"
	"berth/model"
)

// Whatever runs where, what rules it breaks and what takes more than there is: that
// everything stays, and all else waits, is a placement.
func TestTodayIsAPlacement(t *testing.T) {
	broken, running := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		machines := drawMachines(t)
		pods := drawPods(t)
		var items []any
		for _, n := range machines {
			if len(n.Spec.Taints) > 0 && rapid.Bool().Draw(t, "evicts") {
				n.Spec.Taints[0].Effect = corev1.TaintEffectNoExecute
			}
			items = append(items, n)
		}
		for _, p := range pods {
			if j := rapid.IntRange(-1, len(machines)-1).Draw(t, "on"); j >= 0 {
				p.Spec.NodeName = machines[j].Name
				running++
			}
			if rapid.IntRange(0, 3).Draw(t, "bare") == 0 {
				p.OwnerReferences = nil
			}
			if p.Spec.Affinity != nil && rapid.Bool().Draw(t, "near") {
				p.Spec.Affinity = near(p.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution[0])
			}
			items = append(items, p)
		}
		in, document, notes := read(t, items...)
		p := compiled.Instance(t, in)
		today := &model.Solution{InstanceDigest: p.Digest, Status: model.Feasible}
		for _, task := range in.Tasks {
			nodes := make([]string, task.Replicas)
			if task.Unplaced == nil {
				copy(nodes, task.Current)
			}
			today.Placement = append(today.Placement, model.TaskNodes{Task: task.Name, Nodes: nodes})
		}
		if _, err := p.Begin(today); err != nil {
			t.Fatalf("%v in\n%s%s", err, document, notes)
		}
		for _, r := range in.Rules {
			if r.Weight != nil {
				broken++
			}
		}
	})
	if broken == 0 || running == 0 {
		t.Errorf("%d rules broken by %d pods that run: the test sees too little", broken, running)
	}
}
