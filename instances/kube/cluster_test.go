package kube_test

import (
	"encoding/json"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"berth/instances/kube"
	"berth/internal/compiled"
	"berth/model"
)

// What clusters in these tests are made of.

const zone = corev1.LabelTopologyZone

func machine(name string, labels map[string]string, memory string) *corev1.Node {
	n := &corev1.Node{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Node"}, ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelHostname: name}},
		Status: corev1.NodeStatus{Allocatable: corev1.ResourceList{"memory": resource.MustParse(memory), "cpu": resource.MustParse("4"), "pods": resource.MustParse("9")}},
	}
	for key, value := range labels {
		n.Labels[key] = value
	}
	return n
}

// machines are so many more, without labels.
func machines(name string, n int) (list []any) {
	for k := range n {
		list = append(list, machine(fmt.Sprint(name, k), nil, "8Gi"))
	}
	return list
}

// running is a pod of a replica set on a node; on "" it waits.
func running(app, name, on, memory string) *corev1.Pod {
	yes := true
	return &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{
			Name: name, Namespace: "shop", Labels: map[string]string{"app": app, "pod-template-hash": "f00"},
			OwnerReferences: []metav1.OwnerReference{{Kind: "ReplicaSet", Name: app + "-f00", Controller: &yes}},
		},
		Spec: corev1.PodSpec{NodeName: on, Containers: []corev1.Container{{
			Name: "main", Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"memory": resource.MustParse(memory)}},
		}}},
	}
}

func list(t compiled.T, items ...any) []byte {
	data, err := json.Marshal(map[string]any{"apiVersion": "v1", "items": items, "kind": "List"})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// read returns the instance as a document, and the notes.
func read(t compiled.T, items ...any) (in *model.Instance, document, notes string) {
	t.Helper()
	in, err := kube.Read(list(t, items...), "list.json", "list", nil, func(text string) { notes += text + "\n" })
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := in.Write(&b, "yaml"); err != nil {
		t.Fatal(err)
	}
	return in, b.String(), notes
}

func anti(term corev1.PodAffinityTerm) *corev1.Affinity {
	return &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{term}}}
}

func near(term corev1.PodAffinityTerm) *corev1.Affinity {
	return &corev1.Affinity{PodAffinity: &corev1.PodAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{term}}}
}

func apps(names ...string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: metav1.LabelSelectorOpIn, Values: names}}}
}

func changed(n *corev1.Node, change func(n *corev1.Node)) *corev1.Node {
	if change != nil {
		change(n)
	}
	return n
}

func tainted(name string, effect corev1.TaintEffect) *corev1.Node {
	return changed(machine(name, map[string]string{zone: "a"}, "8Gi"), func(n *corev1.Node) {
		n.Spec.Taints = []corev1.Taint{{Key: "special", Value: "yes", Effect: effect}}
	})
}

func selfApart(key string) func(p *corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Affinity = anti(corev1.PodAffinityTerm{LabelSelector: apps("web"), TopologyKey: key})
	}
}

// selfApartIn keeps pods apart that are in namespaces with a label.
func selfApartIn(label string) func(p *corev1.Pod) {
	return func(p *corev1.Pod) {
		selfApart(corev1.LabelHostname)(p)
		term := &p.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution[0]
		term.NamespaceSelector = &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: label, Operator: metav1.LabelSelectorOpExists}}}
	}
}

func bothApart(p *corev1.Pod) {
	selfApart(zone)(p)
	a := p.Spec.Affinity.PodAntiAffinity
	a.RequiredDuringSchedulingIgnoredDuringExecution = append(a.RequiredDuringSchedulingIgnoredDuringExecution, corev1.PodAffinityTerm{LabelSelector: apps("web"), TopologyKey: corev1.LabelHostname})
}

func ratherApart(p *corev1.Pod) {
	p.Spec.Affinity = &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.WeightedPodAffinityTerm{
		{Weight: 50, PodAffinityTerm: corev1.PodAffinityTerm{LabelSelector: apps("web"), TopologyKey: corev1.LabelHostname}},
	}}}
}

func evenly(otherwise corev1.UnsatisfiableConstraintAction, selects map[string]string) func(p *corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.NodeSelector = selects
		p.Spec.TopologySpreadConstraints = []corev1.TopologySpreadConstraint{{LabelSelector: apps("web"), MaxSkew: 1, TopologyKey: zone, WhenUnsatisfiable: otherwise}}
	}
}

func claims(p *corev1.Pod) {
	p.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "data"}}}}
}

func priority(n int32) func(p *corev1.Pod) { return func(p *corev1.Pod) { p.Spec.Priority = &n } }

// budget is one of an app, by which so many of its pods may go now.
func budget(namespace, app string, allowed int32) *policyv1.PodDisruptionBudget {
	return &policyv1.PodDisruptionBudget{
		TypeMeta: metav1.TypeMeta{Kind: "PodDisruptionBudget"}, ObjectMeta: metav1.ObjectMeta{Name: app, Namespace: namespace},
		Spec: policyv1.PodDisruptionBudgetSpec{Selector: apps(app)}, Status: policyv1.PodDisruptionBudgetStatus{DisruptionsAllowed: allowed},
	}
}
