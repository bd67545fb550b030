package kube

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/labels"

	"berth/model"
)

// listed is how a list of kubectl begins, which writes keys in the order of the
// alphabet.
var listed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*\{\s*"apiVersion":\s*"v1",\s*("kind":\s*"List"|"items":\s*\[)`)
})

// cluster is what the list holds.
type cluster struct {
	machines   []*corev1.Node
	at         map[string]int // machine by name
	pods       []*corev1.Pod
	volumes    map[string]*corev1.PersistentVolume
	claims     map[string]*corev1.PersistentVolumeClaim // by namespace/name
	usedUp     map[string][]labels.Selector             // by namespace: disruption budgets that let none of these pods go
	namespaces map[string]map[string]string             // their labels
}

// decode reads the list. Kinds that do not matter to where pods run are passed over.
func decode(data []byte, file string) (*cluster, error) {
	var list struct {
		Kind  string
		Items []json.RawMessage
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, placed(data, file, err)
	}
	if list.Kind != "List" {
		return nil, &model.DocumentError{File: file, Path: "kind", Found: fmt.Sprintf("%q", list.Kind), Want: `"List", as kubectl get nodes,pods -A -o json writes it`}
	}
	c := &cluster{
		at: map[string]int{}, volumes: map[string]*corev1.PersistentVolume{},
		claims: map[string]*corev1.PersistentVolumeClaim{}, namespaces: map[string]map[string]string{},
		usedUp: map[string][]labels.Selector{},
	}
	pods := map[string]bool{}
	for k, item := range list.Items {
		path := fmt.Sprintf("items[%d]", k)
		var head struct {
			Kind     string
			Metadata struct{ Name, Namespace string }
		}
		if err := json.Unmarshal(item, &head); err != nil {
			return nil, fmt.Errorf("%s: %s: %w; %s", file, path, err, asWritten)
		}
		full := head.Metadata.Namespace + "/" + head.Metadata.Name
		var into any
		twice := false
		switch head.Kind {
		case "Node":
			node := &corev1.Node{}
			_, twice = c.at[head.Metadata.Name]
			c.at[head.Metadata.Name] = len(c.machines)
			c.machines, into = append(c.machines, node), node
		case "Pod":
			pod := &corev1.Pod{}
			twice, pods[full] = pods[full], true
			c.pods, into = append(c.pods, pod), pod
		case "PersistentVolume":
			volume := &corev1.PersistentVolume{}
			c.volumes[head.Metadata.Name], into = volume, volume
		case "PersistentVolumeClaim":
			claim := &corev1.PersistentVolumeClaim{}
			c.claims[full], into = claim, claim
		case "PodDisruptionBudget":
			into = &policyv1.PodDisruptionBudget{}
		case "Namespace":
			into = &corev1.Namespace{}
		default:
			continue
		}
		if err := json.Unmarshal(item, into); err != nil {
			return nil, fmt.Errorf("%s: %s (%s %s): %w; %s", file, path, head.Kind, strings.TrimPrefix(full, "/"), err, asWritten)
		}
		if twice {
			return nil, &model.DocumentError{File: file, Path: path, Found: head.Kind + " " + strings.TrimPrefix(full, "/") + " a second time", Want: "every one once"}
		}
		switch read := into.(type) {
		case *corev1.Namespace:
			c.namespaces[read.Name] = read.Labels
		case *policyv1.PodDisruptionBudget:
			if read.Status.DisruptionsAllowed <= 0 {
				c.usedUp[read.Namespace] = append(c.usedUp[read.Namespace], selectorOf(read.Spec.Selector))
			}
		}
	}
	switch {
	case len(c.machines) == 0:
		return nil, &model.DocumentError{File: file, Path: "items", Found: "no nodes", Want: "nodes and pods: kubectl get nodes,pods -A -o json"}
	case len(c.pods) == 0:
		return nil, &model.DocumentError{File: file, Path: "items", Found: "no pods", Want: "nodes and pods: kubectl get nodes,pods -A -o json"}
	}
	return c, nil
}

const (
	listing   = "kubectl get nodes,pods,pv,pvc,pdb -A -o json"
	asWritten = "want the list as " + listing + " writes it" // the remedy for what kubectl does not write
)

// placed gives an error of the document its line and column.
func placed(data []byte, file string, err error) error {
	offset := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	if offset < 0 || offset > int64(len(data)) {
		return fmt.Errorf("%s: %w; %s", file, err, asWritten)
	}
	line, column := model.LineColumn(data, int(offset))
	return fmt.Errorf("%s:%d:%d: %w; %s", file, line, column, err, asWritten)
}
