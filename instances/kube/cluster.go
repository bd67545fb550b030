package kube

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"

	"berth/model"
)

// written is how kubectl begins what it writes, with keys in the order of the alphabet; only
// a list in JSON is read, but for all else there is a message.
var written = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\{\s*"apiVersion":\s*"v1",\s*("kind":\s*"|"items":\s*\[)|\{\s*"kind":\s*"List"|apiVersion: \S+\n(kind:|items:))`)
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
		Kind  string           `json:"kind"`
		Items []jsontext.Value `json:"items"`
	}
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n\f"), []byte("apiVersion")) {
		return nil, &model.DocumentError{File: file, Found: "YAML", Want: "JSON: " + listing}
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, model.JSONError(data, file, err, asWritten)
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
		if err := c.take(item, fmt.Sprintf("items[%d]", k), file, pods); err != nil {
			return nil, err
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

// take reads an object of the list, which path leads to; pods are the names of those that came
// before.
func (c *cluster) take(item jsontext.Value, path, file string, pods map[string]bool) error {
	var head struct {
		Kind     string `json:"kind"`
		Metadata struct {
			Name      string `json:"name"`
			Namespace string `json:"namespace"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(item, &head); err != nil {
		return malformed(path, file, err)
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
		return nil
	}
	if err := json.Unmarshal(item, into); err != nil {
		return malformed(fmt.Sprintf("%s (%s %s)", path, head.Kind, strings.TrimPrefix(full, "/")), file, err)
	}
	if head.Metadata.Name == "" {
		return &model.DocumentError{File: file, Path: path + ".metadata.name", Found: "no name", Want: asWritten}
	}
	if twice {
		return &model.DocumentError{File: file, Path: path, Found: head.Kind + " " + strings.TrimPrefix(full, "/") + " a second time", Want: "every one once"}
	}
	switch read := into.(type) {
	case *corev1.Pod:
		complete(read)
	case *corev1.Namespace:
		c.namespaces[read.Name] = read.Labels
	case *policyv1.PodDisruptionBudget:
		if read.Status.DisruptionsAllowed <= 0 {
			c.usedUp[read.Namespace] = append(c.usedUp[read.Namespace], selectorOf(read.Spec.Selector))
		}
	}
	return nil
}

// complete fills in what the API server does where a list was written by hand: a request that
// only a limit tells, the protocol of a port, the host's port of a pod on the host's network.
func complete(pod *corev1.Pod) {
	for _, containers := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for k := range containers {
			c := &containers[k]
			for name, limit := range c.Resources.Limits {
				if _, requested := c.Resources.Requests[name]; !requested {
					if c.Resources.Requests == nil {
						c.Resources.Requests = corev1.ResourceList{}
					}
					c.Resources.Requests[name] = limit
				}
			}
			for n := range c.Ports {
				p := &c.Ports[n]
				p.Protocol = cmp.Or(p.Protocol, corev1.ProtocolTCP)
				if pod.Spec.HostNetwork {
					p.HostPort = cmp.Or(p.HostPort, p.ContainerPort)
				}
			}
		}
	}
}

const (
	listing   = "kubectl get nodes,pods,pv,pvc,pdb -A -o json"
	asWritten = "the list as " + listing + " writes it" // the remedy for what kubectl does not write
)

// malformed says where in an item of the list decoding failed.
func malformed(item, file string, err error) error {
	e := model.JSONError(nil, file, err, asWritten)
	if errors.Is(err, resource.ErrFormatWrong) {
		e.Found, e.Want = "what is no amount", "one such as 500m or 2Gi"
	}
	e.Line, e.Path = 0, strings.TrimSuffix(item+": "+e.Path, ": ")
	return e
}
