package kube_test

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"berth/instances/kube"
	"berth/model"
)

// What runs on a node that is drained goes elsewhere or waits, whatever held it there; what
// nothing starts elsewhere ends with the node, as pods of daemon sets do. The rest is read as ever.
func TestDrain(t *testing.T) {
	changedPod := func(p *corev1.Pod, change func(p *corev1.Pod)) *corev1.Pod {
		change(p)
		return p
	}
	bound := func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{corev1.LabelHostname: "n2"} }
	items := []any{
		machine("n1", nil, "8Gi"), machine("n2", nil, "8Gi"),
		running("web", "web-1", "n2", "1Gi"),
		changedPod(running("bound", "bound-1", "n2", "1Gi"), bound),
		changedPod(running("marked", "marked-1", "n2", "1Gi"), func(p *corev1.Pod) {
			p.Annotations = map[string]string{"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"}
		}),
		changedPod(running("ending", "ending-1", "n2", "1Gi"), func(p *corev1.Pod) {
			p.Annotations = map[string]string{"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"}
			p.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
		}),
		changedPod(running("bare", "bare-1", "n2", "1Gi"), func(p *corev1.Pod) { p.OwnerReferences = nil }),
		changedPod(running("agent", "agent-1", "n2", "1Gi"), func(p *corev1.Pod) { p.OwnerReferences[0].Kind = "DaemonSet" }),
		changedPod(running("other", "other-1", "n1", "1Gi"), func(p *corev1.Pod) { p.OwnerReferences = nil }),
	}
	var notes strings.Builder
	in, err := kube.Read(list(t, items...), "list.json", "list", []string{"n2"}, func(text string) { notes.WriteString(text + "\n") })
	if err != nil {
		t.Fatal(err)
	}
	in.Given.Without = []string{"n2"}
	p, err := model.Compile(in)
	if err != nil || p.Impossible != "" {
		t.Fatal(err, p.Impossible)
	}
	mayWait := map[string]bool{}
	for _, task := range in.Tasks {
		mayWait[task.Name] = task.Unplaced != nil
	}
	for name, want := range map[string]bool{"shop/web-1": true, "shop/bound-1": true, "shop/marked-1": true, "shop/other-1": false} {
		if got, known := mayWait[name]; !known || got != want {
			t.Errorf("%s: known %v, may wait %v", name, known, got)
		}
	}
	if len(mayWait) != 4 {
		t.Errorf("%v", mayWait)
	}
	at := map[string]string{"shop/web-1": "n1", "shop/bound-1": "", "shop/marked-1": "n1", "shop/other-1": "n1"}
	var placement []model.TaskNodes
	for _, task := range in.Tasks {
		placement = append(placement, model.TaskNodes{Task: task.Name, Nodes: []string{at[task.Name]}})
	}
	if _, holds := p.Recost(&model.Solution{Placement: placement}); !holds {
		t.Error("the judge refuses a drain")
	}
	for _, want := range []string{
		"3 pods have to leave what is drained: to go elsewhere or to wait",
		"1 pod ends with what is drained (shop/bare-1): they have no controller to start them elsewhere",
		"1 pod ends with what is drained (shop/ending-1): they are about to end",
		"1 pod stays where it runs (shop/other-1)",
	} {
		if !strings.Contains(notes.String(), want) {
			t.Errorf("%q is missing in %s", want, notes.String())
		}
	}
	plain, _, _ := read(t, items...)
	plain.Given.Without = []string{"n2"}
	if p, err := model.Compile(plain); err == nil && p.Impossible == "" {
		t.Error("without being drained the pods that are bound to the node can go")
	}
}
