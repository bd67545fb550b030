package kube_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"berth/instances/kube"
)

// What a pod says comes out as the lines of the document that mean the same.
func TestReadsWhatPodsSay(t *testing.T) {
	a, b, c := map[string]string{zone: "a"}, map[string]string{zone: "b", "disk": "ssd"}, map[string]string{zone: "c"}
	with := func(p *corev1.Pod, change func(p *corev1.Pod)) *corev1.Pod { change(p); return p }
	web := func(k int, on string, change func(p *corev1.Pod)) *corev1.Pod {
		return with(running("web", fmt.Sprintf("web-f00-%d", k), on, "1Gi"), change)
	}
	plain := func(*corev1.Pod) {}
	tests := map[string]struct {
		items  []any
		want   []string // parts of the document or of the notes
		wantNo []string
	}{
		"a pod that runs": {
			items: []any{web(1, "n2", plain), web(2, "n1", plain)},
			want:  []string{"{name: shop/web-f00-1, demand: {memory: 1Gi, pods: 1}, current: n2}", "{name: shop/web-f00-2, demand: {memory: 1Gi, pods: 1}, current: n1}"},
		},
		"pods alike that wait": {
			items: []any{web(1, "n2", plain), web(2, "", plain), web(3, "", plain)},
			want:  []string{"{name: \"shop/web (pending)\", demand: {memory: 1Gi, pods: 1}, replicas: 2, unplaced: 1000}"},
		},
		"two replica sets of a deployment": {
			items: []any{web(1, "", plain), with(web(2, "", plain), func(p *corev1.Pod) { p.OwnerReferences[0].Name = "web-f01"; p.Labels["pod-template-hash"] = "f01" })},
			want:  []string{"{name: \"shop/web (pending)\", ", "{name: \"shop/web-f01 (pending)\", "},
		},
		"pods alike that wait by themselves": {
			items: []any{web(1, "", func(p *corev1.Pod) { p.OwnerReferences = nil }), web(2, "", func(p *corev1.Pod) { p.OwnerReferences = nil })},
			want:  []string{"{name: \"shop/web-f00-1 (pending)\", ", "{name: \"shop/web-f00-2 (pending)\", "},
		},
		"what has ended is left out": {
			items: []any{web(1, "n1", plain), web(2, "n1", func(p *corev1.Pod) { p.Status.Phase = corev1.PodSucceeded })},
			want:  []string{"current: n1}"},
		},
		"a gate": {
			items: []any{web(1, "n1", plain), web(2, "", func(p *corev1.Pod) { p.Spec.SchedulingGates = []corev1.PodSchedulingGate{{Name: "later"}} })},
			want:  []string{"current: n1}", "1 pod is left out: their scheduling is gated"},
		},
		"a daemon set": {
			items: []any{web(1, "n1", func(p *corev1.Pod) { p.OwnerReferences[0].Kind = "DaemonSet" }), web(2, "n2", plain)},
			want: []string{
				"{name: n1, capacity: {cpu: 4, memory: 7Gi, pods: 8}", "{name: n2, capacity: {cpu: 4, memory: 8Gi, pods: 9}",
				"{name: shop/web-f00-2, demand: {memory: 1Gi, pods: 1}, current: n2}", "what 1 pod takes is off the capacity of its node",
			},
		},
		"a bare pod stays": {
			items: []any{web(1, "n1", func(p *corev1.Pod) { p.OwnerReferences = nil })},
			want:  []string{"\"on\": [n1]}", "no controller"},
		},
		"not to be moved": {
			items: []any{web(1, "n1", func(p *corev1.Pod) {
				p.Annotations = map[string]string{"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"}
			}), web(2, "n2", plain)},
			want: []string{"\"on\": [n1]}", "marked as not to be moved", "{name: shop/web-f00-2, demand: {memory: 1Gi, pods: 1}, current: n2}"},
		},
		"labels": {
			items: []any{web(1, "n2", func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{"disk": "ssd"} })},
			want:  []string{"\"on\": {disk: ssd}"},
		},
		"labels that no node has, ten times": {
			items: func() (items []any) {
				for k := range 10 {
					items = append(items, with(running(fmt.Sprint("app", k), fmt.Sprint("p", k), "", "1Gi"), func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{"disk": "tape"} }))
				}
				return items
			}(),
			want: []string{"no node takes shop/app0 (pending), shop/app1 (pending)", "shop/app7 (pending) and 2 more: what they select"},
		},
		"labels that no node has": {
			items: []any{web(1, "", func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{"disk": "tape"} })},
			want:  []string{"{name: \"shop/web (pending)\", demand: {memory: 1Gi, \"node that takes it\": 1, pods: 1}, unplaced: 1000}", "\"node that takes it\": 0", "no node takes shop/web (pending)"},
		},
		"a taint": {
			items: []any{web(1, "n1", plain), web(2, "n2", plain), tainted("n4", corev1.TaintEffectNoSchedule)},
			want:  []string{"\"on\": [n1, n2, n3]"},
		},
		"a taint among many": {
			items: append([]any{
				web(1, "n1", plain), web(2, "n1", plain), web(3, "n4", plain), tainted("n4", corev1.TaintEffectNoSchedule),
				running("db", "db-f00-1", "n2", "1Gi"), web(4, "n2", func(p *corev1.Pod) { p.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}} }),
			}, machines("m", 8)...),
			want: []string{
				"{name: shop/web-f00-1, demand: {memory: 1Gi, pods: 1}, current: n1, \"on\": {\"takes shop/web-f00-1\": \"yes\"}}",
				"{name: shop/web-f00-2, demand: {memory: 1Gi, pods: 1}, current: n1, \"on\": {\"takes shop/web-f00-1\": \"yes\"}}",
				"{name: shop/web-f00-3, demand: {memory: 1Gi, pods: 1}, current: n4}", "{name: shop/web-f00-4, demand: {memory: 1Gi, pods: 1}, current: n2}",
				"{name: n1, capacity: {cpu: 4, memory: 8Gi, pods: 9}, labels: {\"kubernetes.io/hostname\": n1, \"takes shop/web-f00-1\": \"yes\", \"topology.kubernetes.io/zone\": a}}",
				"{name: m7, capacity: {cpu: 4, memory: 8Gi, pods: 9}, labels: {\"kubernetes.io/hostname\": m7, \"takes shop/web-f00-1\": \"yes\"}}",
				"{name: n4, capacity: {cpu: 4, memory: 8Gi, pods: 9}, labels: {\"kubernetes.io/hostname\": n4, \"topology.kubernetes.io/zone\": a}}",
			},
		},
		"a taint that it runs beside": {
			items: []any{web(1, "n1", plain), web(2, "n4", plain), tainted("n4", corev1.TaintEffectNoSchedule)},
			want:  []string{"{name: shop/web-f00-1, demand: {memory: 1Gi, pods: 1}, current: n1, \"on\": [n1, n2, n3]}", "{name: shop/web-f00-2, demand: {memory: 1Gi, pods: 1}, current: n4}"},
		},
		"a taint that evicts": {
			items: []any{web(2, "n4", plain), tainted("n4", corev1.TaintEffectNoExecute)},
			want:  []string{"current: n4, \"on\": [n1, n2, n3], unplaced: 1000}"},
		},
		"a taint that it tolerates": {
			items: []any{web(2, "n4", func(p *corev1.Pod) { p.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}} }), tainted("n4", corev1.TaintEffectNoExecute)},
			want:  []string{"current: n4}"},
		},
		"a taint to avoid": {
			items: []any{web(2, "n4", plain), tainted("n4", corev1.TaintEffectPreferNoSchedule)},
			want:  []string{"fetch: {n4: 0.1}"},
		},
		"a cordon": {
			items: []any{web(2, "n1", plain), changed(machine("n4", a, "8Gi"), func(n *corev1.Node) { n.Spec.Unschedulable = true })},
			want:  []string{"\"on\": [n1, n2, n3]"},
		},
		"nodes that it prefers": {
			items: []any{web(2, "n1", func(p *corev1.Pod) {
				p.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{
					{Weight: 30, Preference: corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: "disk", Operator: corev1.NodeSelectorOpExists}}}},
				}}}
			})},
			want: []string{"fetch: {n1: 0.03, n3: 0.03}"},
		},
		"apart by node": {
			items: []any{web(1, "n1", selfApart(corev1.LabelHostname)), web(2, "n2", selfApart(corev1.LabelHostname))},
			want:  []string{"{antiAffinity: [shop/web-f00-1, shop/web-f00-2]}"},
		},
		"apart by zone, and two share one": {
			items: []any{web(1, "n1", selfApart(zone)), web(2, "n1", selfApart(zone)), web(3, "n2", selfApart(zone))},
			want: []string{
				"{name: shop/web-f00-1, demand: {memory: 1Gi, pods: 1}, current: n1, \"on\": [n1, n3]}", "{name: shop/web-f00-2, demand: {memory: 1Gi, pods: 1}, current: n1, \"on\": [n1]}",
				"{antiAffinity: [shop/web-f00-1, shop/web-f00-2, shop/web-f00-3], topology: \"topology.kubernetes.io/zone\", weight: 2000}",
			},
		},
		"apart by zone, two wait": {
			items: []any{web(1, "n1", selfApart(zone)), web(2, "", selfApart(zone)), web(3, "", selfApart(zone))},
			want:  []string{"apart: \"topology.kubernetes.io/zone\"", "{antiAffinity: [shop/web-f00-1, \"shop/web (pending)\"], topology: \"topology.kubernetes.io/zone\"}"},
		},
		"apart by node and by zone": {
			items: []any{web(1, "", bothApart), web(2, "", bothApart)},
			want:  []string{"replicas: 2, apart: \"topology.kubernetes.io/zone\""},
		},
		"rather apart": {
			items: []any{web(1, "n1", ratherApart), web(2, "n1", ratherApart), web(3, "", ratherApart), web(4, "", ratherApart)},
			want:  []string{"{antiAffinity: [shop/web-f00-1, shop/web-f00-2, \"shop/web (pending)\"], weight: 0.05}", "{spread: [\"shop/web (pending)\"], weight: 0.05}"},
		},
		"away from others": {
			items: []any{web(1, "n1", func(p *corev1.Pod) {
				p.Spec.Affinity = anti(corev1.PodAffinityTerm{LabelSelector: apps("db", "log"), TopologyKey: corev1.LabelHostname})
			}), running("db", "db-f00-1", "n2", "1Gi"), running("log", "log-f00-1", "n2", "1Gi")},
			want: []string{"{antiAffinity: [shop/web-f00-1, shop/db-f00-1]}", "{antiAffinity: [shop/web-f00-1, shop/log-f00-1]}"}, wantNo: []string{"[shop/db-f00-1, shop/log-f00-1]"},
		},
		"away from others of another namespace only": {
			items: []any{
				web(1, "n1", func(p *corev1.Pod) {
					p.Spec.Affinity = anti(corev1.PodAffinityTerm{LabelSelector: apps("db"), TopologyKey: corev1.LabelHostname, NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"team": "x"}}})
				}), running("db", "db-f00-1", "n2", "1Gi"), with(running("db", "db-f00-1", "n2", "1Gi"), func(p *corev1.Pod) { p.Namespace = "other" }),
				&corev1.Namespace{TypeMeta: metav1.TypeMeta{Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: "other", Labels: map[string]string{"team": "x"}}},
			},
			want: []string{"{antiAffinity: [shop/web-f00-1, other/db-f00-1]}"}, wantNo: []string{"shop/db-f00-1]"},
		},
		"near one": {
			items: []any{web(1, "n1", func(p *corev1.Pod) {
				p.Spec.Affinity = near(corev1.PodAffinityTerm{LabelSelector: apps("db"), TopologyKey: zone})
			}), running("db", "db-f00-1", "n2", "1Gi")},
			want: []string{"current: n1, \"on\": [n1, n2]}"}, wantNo: []string{"affinity:"},
		},
		"near one, as it is": {
			items: []any{web(1, "n2", func(p *corev1.Pod) {
				p.Spec.Affinity = near(corev1.PodAffinityTerm{LabelSelector: apps("db"), TopologyKey: zone})
			}), running("db", "db-f00-1", "n2", "1Gi")},
			want: []string{"{affinity: [shop/db-f00-1, shop/web-f00-1], topology: \"topology.kubernetes.io/zone\"}"},
		},
		"near one that waits, running": {
			items: []any{web(1, "n1", func(p *corev1.Pod) {
				p.Spec.Affinity = near(corev1.PodAffinityTerm{LabelSelector: apps("db"), TopologyKey: zone})
			}), running("db", "db-f00-1", "", "1Gi")},
			want: []string{"current: n1, \"on\": [n1]}", "{name: \"shop/db (pending)\", demand: {memory: 1Gi, pods: 1}, unplaced: 1000}"}, wantNo: []string{"affinity:"},
		},
		"near none": {
			items: []any{web(1, "", func(p *corev1.Pod) {
				p.Spec.Affinity = near(corev1.PodAffinityTerm{LabelSelector: apps("db"), TopologyKey: zone})
			})},
			want: []string{"no node takes shop/web (pending)"}, wantNo: []string{"affinity:"},
		},
		"near its own, all of which wait": {
			items: []any{web(1, "", func(p *corev1.Pod) {
				p.Spec.Affinity = near(corev1.PodAffinityTerm{LabelSelector: apps("web"), TopologyKey: zone})
			})},
			want: []string{"{affinity: [\"shop/web (pending)\"], topology: \"topology.kubernetes.io/zone\"}"}, wantNo: []string{"no node takes"},
		},
		"near several that run where it may not be": {
			items: []any{web(1, "n1", func(p *corev1.Pod) {
				p.Spec.NodeSelector = map[string]string{zone: "a"}
				p.Spec.Affinity = near(corev1.PodAffinityTerm{LabelSelector: apps("db"), TopologyKey: zone})
			}), running("db", "db-f00-1", "n2", "1Gi"), running("db", "db-f00-2", "n3", "1Gi")},
			want: []string{"current: n1, \"on\": {\"topology.kubernetes.io/zone\": a}}"},
		},
		"near a daemon set, and away from one": {
			items: []any{
				with(running("log", "log-1", "n2", "1Gi"), func(p *corev1.Pod) { p.OwnerReferences[0].Kind = "DaemonSet" }),
				web(1, "", func(p *corev1.Pod) {
					p.Spec.Affinity = near(corev1.PodAffinityTerm{LabelSelector: apps("log"), TopologyKey: zone})
				}),
				running("db", "db-f00-1", "n2", "1Gi"),
				with(running("cart", "cart-f00-1", "", "1Gi"), func(p *corev1.Pod) {
					p.Spec.Affinity = anti(corev1.PodAffinityTerm{LabelSelector: apps("log"), TopologyKey: zone})
				}),
			},
			want: []string{"{name: \"shop/web (pending)\", demand: {memory: 1Gi, pods: 1}, \"on\": [n2]", "{name: \"shop/cart (pending)\", demand: {memory: 1Gi, pods: 1}, \"on\": [n1, n3]"},
		},
		"apart from its own by the labels of its namespace": {
			items: []any{
				web(1, "", selfApartIn("team")), web(2, "", selfApartIn("team")),
				&corev1.Namespace{TypeMeta: metav1.TypeMeta{Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: "shop", Labels: map[string]string{"team": "x"}}},
			},
			want: []string{"replicas: 2, apart: node"},
		},
		"apart over a label that no node has": {
			items: []any{web(1, "", selfApart("rack")), web(2, "", selfApart("rack"))}, want: []string{"replicas: 2, unplaced"}, wantNo: []string{"rack"},
		},
		"a controller and a pod by itself of one name": {
			items: []any{web(1, "", plain), with(running("web", "web", "", "1Gi"), func(p *corev1.Pod) { p.OwnerReferences = nil })},
			want:  []string{"\"shop/web (pending)\"", "\"shop/web (pending) 2\""},
		},
		"a volume that is not shown, of one that waits": {
			items: []any{web(1, "", claims)},
			want:  []string{"1 pod waits for a node whose volumes the file does not have"},
		},
		"more than a node has": {
			items: []any{running("db", "db-f00-1", "n1", "9Gi"), web(1, "", plain)},
			want:  []string{"{name: n1, capacity: {cpu: 4, memory: 9Gi, pods: 9}", "\"on\": [n2, n3], unplaced", "1 node has less than the pods take that run there"},
		},
		"about to end on a node that is gone": {
			items: []any{web(1, "n1", plain), web(2, "n7", func(p *corev1.Pod) { p.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)} })},
			want:  []string{"1 pod is left out: about to end, and the node is gone"},
		},
		"near one, and it waits": {
			items: []any{web(1, "", func(p *corev1.Pod) {
				p.Spec.Affinity = near(corev1.PodAffinityTerm{LabelSelector: apps("db"), TopologyKey: zone})
			}), running("db", "db-f00-1", "n2", "1Gi")},
			want: []string{"\"on\": [n2], unplaced: 1000"}, wantNo: []string{"affinity:"},
		},
		"near any of several": {
			items: []any{web(1, "", func(p *corev1.Pod) {
				p.Spec.Affinity = near(corev1.PodAffinityTerm{LabelSelector: apps("db"), TopologyKey: zone})
			}), running("db", "db-f00-1", "n2", "1Gi"), running("db", "db-f00-2", "n3", "1Gi")},
			want: []string{"\"on\": [n2, n3]", "1 task has to be near others, so near one that runs today"}, wantNo: []string{"affinity:"},
		},
		"spread": {
			items: []any{web(1, "n1", evenly(corev1.DoNotSchedule, nil)), web(2, "n2", evenly(corev1.DoNotSchedule, nil))},
			want:  []string{"{spread: [shop/web-f00-1, shop/web-f00-2], topology: \"topology.kubernetes.io/zone\"}"},
		},
		"spread that may break": {
			items: []any{web(1, "n1", evenly(corev1.ScheduleAnyway, nil))},
			want:  []string{"{spread: [shop/web-f00-1], topology: \"topology.kubernetes.io/zone\", weight: 0.1}"},
		},
		"spread over what it selects": {
			items: []any{
				web(1, "", evenly(corev1.DoNotSchedule, map[string]string{"pool": "x"})),
				changed(machine("n5", map[string]string{zone: "a", "pool": "x"}, "8Gi"), nil), changed(machine("n6", map[string]string{zone: "b", "pool": "x"}, "8Gi"), nil),
			},
			want: []string{"{spread: [\"shop/web (pending)\"], topology: \"topology.kubernetes.io/zone (2)\"}", "{name: n3, capacity: {cpu: 4, memory: 8Gi, pods: 9}, labels: {\"kubernetes.io/hostname\": n3, \"topology.kubernetes.io/zone\": c, \"topology.kubernetes.io/zone (2)\": a}}"},
		},
		"a host port": {
			items: []any{web(1, "n1", func(p *corev1.Pod) {
				p.Spec.Containers[0].Ports = []corev1.ContainerPort{{HostPort: 80, Protocol: corev1.ProtocolTCP}}
			})},
			want: []string{"demand: {\"hostPort 80/TCP\": 1, memory: 1Gi, pods: 1}", "capacity: {cpu: 4, \"hostPort 80/TCP\": 1, "},
		},
		"what no node has": {
			items: []any{web(1, "", func(p *corev1.Pod) {
				p.Spec.Containers[0].Resources.Requests["nvidia.com/gpu"] = resource.MustParse("1")
			})},
			want: []string{"\"nvidia.com/gpu\": 0"},
		},
		"an init container that takes more": {
			items: []any{web(1, "n1", func(p *corev1.Pod) {
				p.Spec.InitContainers = []corev1.Container{{Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"memory": resource.MustParse("2Gi")}}}}
			})},
			want: []string{"demand: {memory: 2Gi, pods: 1}"},
		},
		"priorities among those that wait": {
			items: []any{
				web(1, "", priority(0)), web(2, "", priority(1000)), web(3, "", priority(1000)), web(4, "", priority(-5)), web(5, "n1", priority(5000)),
			},
			want: []string{
				"{name: \"shop/web-f00-4 (pending)\", demand: {memory: 1Gi, pods: 1}, unplaced: 1000}", "pods: 1}, unplaced: 10000}",
				"replicas: 2, unplaced: 100000}", "current: n1}",
			},
		},
		"more priorities than are told apart": {
			items: func() (items []any) {
				for k := range 9 {
					items = append(items, web(k, "", priority(int32(k))))
				}
				return items
			}(),
			want:   []string{"unplaced: 1000000000}"},
			wantNo: []string{"unplaced: 10000000000}"},
		},
		"a disruption budget that is used up": {
			items: []any{web(1, "n1", plain), web(2, "", plain), running("cart", "cart-1", "n2", "1Gi"), budget("shop", "web", 0)},
			want:  []string{"{name: shop/web-f00-1, demand: {memory: 1Gi, pods: 1}, current: n1, \"on\": [n1]}", "shop/cart-1, demand: {memory: 1Gi, pods: 1}, current: n2}", "1 pod stays where it runs (shop/web-f00-1): a disruption budget allows none of them to go"},
		},
		"disruption budgets that leave something, or are of others": {
			items:  []any{web(1, "n1", plain), budget("shop", "web", 1), budget("bank", "web", 0), budget("shop", "cart", 0)},
			want:   []string{"{name: shop/web-f00-1, demand: {memory: 1Gi, pods: 1}, current: n1}"},
			wantNo: []string{"\"on\""},
		},
		"a spread that is broken": {
			items: []any{web(1, "n1", evenly(corev1.DoNotSchedule, nil)), web(2, "n1", evenly(corev1.DoNotSchedule, nil)), web(3, "", evenly(corev1.DoNotSchedule, nil))},
			want:  []string{"{spread: [shop/web-f00-1, shop/web-f00-2, \"shop/web (pending)\"], topology: \"topology.kubernetes.io/zone\", weight: 2000}", "1 rule is broken today", "pods: 1}, \"on\": [n2, n3], unplaced"},
		},
		"a spread that an eviction breaks": {
			items: []any{web(1, "n1", evenly(corev1.DoNotSchedule, nil)), web(2, "n1", evenly(corev1.DoNotSchedule, nil)), web(3, "n2", evenly(corev1.DoNotSchedule, nil)), web(4, "n3", evenly(corev1.DoNotSchedule, nil)), changed(tainted("n4", corev1.TaintEffectNoExecute), func(n *corev1.Node) { n.Labels[zone] = "d" }), web(5, "n4", evenly(corev1.DoNotSchedule, nil))},
			want:  []string{"weight: 2000}"},
		},
		"a spread that does not count where one runs": {
			items: []any{
				web(1, "n1", evenly(corev1.DoNotSchedule, map[string]string{"pool": "x"})), web(2, "", evenly(corev1.DoNotSchedule, map[string]string{"pool": "x"})),
				changed(machine("n5", map[string]string{zone: "a", "pool": "x"}, "8Gi"), nil), changed(machine("n6", map[string]string{zone: "b", "pool": "x"}, "8Gi"), nil),
			},
			want: []string{"current: n1, \"on\": [n1]}", "{spread: [\"shop/web (pending)\"], "},
		},
		"what the API server fills in": {
			items: []any{web(1, "n1", func(p *corev1.Pod) {
				p.Spec.HostNetwork = true
				c := &p.Spec.Containers[0]
				c.Resources = corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("2")}}
				c.Ports = []corev1.ContainerPort{{ContainerPort: 80}}
			})},
			want: []string{"demand: {cpu: 2, \"hostPort 80/TCP\": 1, pods: 1}"},
		},
		"labels of namespaces that are not shown": {
			items: []any{web(1, "n1", selfApartIn("team")), web(2, "n1", selfApartIn(corev1.LabelMetadataName))},
			want:  []string{"1 task selects pods by labels of their namespaces, which the file does not have"},
		},
		"a volume that is not shown": {
			items: []any{web(1, "n1", claims)},
			want:  []string{"\"on\": [n1]}", "1 pod stays where it runs (shop/web-f00-1): the file does not have their volumes"},
		},
		"a volume within a zone": {
			items: []any{
				web(1, "n1", claims),
				&corev1.PersistentVolumeClaim{TypeMeta: metav1.TypeMeta{Kind: "PersistentVolumeClaim"}, ObjectMeta: metav1.ObjectMeta{Name: "data", Namespace: "shop"}, Spec: corev1.PersistentVolumeClaimSpec{VolumeName: "v"}},
				&corev1.PersistentVolume{TypeMeta: metav1.TypeMeta{Kind: "PersistentVolume"}, ObjectMeta: metav1.ObjectMeta{Name: "v"}, Spec: corev1.PersistentVolumeSpec{NodeAffinity: &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{
					NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: zone, Operator: corev1.NodeSelectorOpIn, Values: []string{"a", "c"}}}}},
				}}}},
			},
			want: []string{"\"on\": [n1, n3]}"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			items := []any{machine("n1", a, "8Gi"), machine("n2", b, "8Gi"), machine("n3", c, "8Gi")}
			_, document, notes := read(t, append(items, test.items...)...)
			for _, want := range test.want {
				if !strings.Contains(document+notes, want) {
					t.Errorf("want %s in\n%s%s", want, document, notes)
				}
			}
			for _, wantNo := range test.wantNo {
				if strings.Contains(document, wantNo) {
					t.Errorf("want no %s in\n%s", wantNo, document)
				}
			}
		})
	}
}

// Lists that went through another program begin otherwise.
func TestLooks(t *testing.T) {
	for data, want := range map[string]bool{
		`{"apiVersion": "v1", "items": [{`:                true,
		`{"kind": "List", "apiVersion": "v1", "items": [`: true,
		`{"kind": "placement", "apiVersion": "v1"`:        false,
		"apiVersion: apps/v1\nkind: Deployment\n":         true,
	} {
		if got := kube.Looks([]byte(data)); got != want {
			t.Errorf("%s: %t", data, got)
		}
	}
}

func TestRefuses(t *testing.T) {
	node, pod := machine("n1", nil, "8Gi"), running("web", "web-1", "n1", "1Gi")
	daemon := running("proxy", "proxy-1", "n1", "2Gi")
	daemon.OwnerReferences[0].Kind = "DaemonSet"
	for _, test := range []struct {
		data []byte
		want string
	}{
		{[]byte(`{"apiVersion": "v1", "items": [`), "l.json:1:32: items: found the end of the file inside a value"},
		{[]byte("apiVersion: v1\nitems:\n- kind: Node\n"), "found YAML; want JSON: kubectl"},
		{[]byte(`{"apiVersion": "v1", "kind": "Pod"}`), `kind: found "Pod"; want "List"`},
		{list(t, pod), "no nodes"},
		{list(t, node), "no pods"},
		{list(t, node, node, pod), "Node n1 a second time"},
		{list(t, node, pod, pod), "Pod shop/web-1 a second time"},
		{list(t, node, running("web", "web-1", "n9", "1Gi")), `pod shop/web-1 runs on node "n9", which the file does not have`},
		{[]byte(strings.Replace(string(list(t, node, pod)), `"memory":"1Gi"`, `"memory":"1Gj"`, 1)), `items[1] (Pod shop/web-1): spec.containers[0].resources.requests.memory: found what is no amount; want one such as`},
		{[]byte(strings.Replace(string(list(t, node, pod)), `"name":"web-1"`, `"name":""`, 1)), "items[1].metadata.name: found no name; want the list as kubectl"},
		{[]byte(strings.Replace(string(list(t, node, pod)), `{"kind":"Pod"`, `5,{"kind":"Pod"`, 1)), "items[1]: found a number where none can be"},
		{[]byte(strings.Replace(string(list(t, node, daemon, pod)), `"memory":"2Gi"`, `"memory":"-2Gi"`, 1)), "pod shop/proxy-1: memory:"},
		{[]byte(strings.Replace(string(list(t, node, pod)), `"containers":[`, `"containers":3,"x":[`, 1)), "items[1] (Pod shop/web-1): spec.containers: found a number"},
		{[]byte(strings.Replace(string(list(t, node, pod)), `"memory":"1Gi"`, `"memory":"-1Gi"`, 1)), "shop/web-1: memory:"},
	} {
		if _, err := kube.Read(test.data, "l.json", "l", nil, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v; want %s", err, test.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(list(f, machine("n1", nil, "8Gi"), running("web", "web-1", "n1", "1Gi"), budget("shop", "web", 0)))
	f.Add([]byte(`{"apiVersion": "v1", "kind": "List", "items": [{"kind": "Node", "metadata": {"name": "n", "labels": {"z": "a"}}, "spec": {"taints": [{"key": "k", "effect": "NoSchedule"}]}},
{"kind": "Pod", "metadata": {"name": "p", "namespace": "s", "labels": {"a": "b"}, "ownerReferences": [{"kind": "Job", "name": "j", "controller": true}]},
"spec": {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"labelSelector": {"matchLabels": {"a": "b"}}, "topologyKey": "z"}]}},
"topologySpreadConstraints": [{"maxSkew": 2, "topologyKey": "z", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}}],
"containers": [{"resources": {"requests": {"cpu": "100m"}}, "ports": [{"hostPort": 80}]}]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := kube.Read(data, "fuzz", "fuzz", nil, nil)
		if err != nil {
			return
		}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		if len(in.Nodes)+len(in.Tasks) > len(data) {
			t.Fatalf("%d nodes and %d tasks of %d bytes", len(in.Nodes), len(in.Tasks), len(data))
		}
	})
}
