// Package kube reads a cluster as kubectl writes it down:
//
//	kubectl get nodes,pods,pv,pvc,pdb -A -o json
//
// Nodes become nodes with what they can allocate, less what pods of daemon sets take.
// A pod that runs becomes a task, and pods of one controller that wait and are alike one
// task with replicas; what nothing would start elsewhere stays where it runs. What a pod
// requests, tolerates, selects and has an affinity for is read by the libraries of
// Kubernetes itself. What is paid is a 1 for each pod that leaves its node, 1000 for each
// that goes on waiting for one, or more by its priority, and thousandths for preferences.
//
//   - cluster.go: the list, and what it holds.
//   - pods.go: which pods are one task, and which have to stay.
//   - nodes.go: nodes, what they have, and which of them take a pod.
//   - rules.go: affinity between pods, and spread; near.go: what has to be near others.
//   - today.go: rules that what runs breaks already.
package kube

import (
	"bytes"
	"fmt"

	"berth/model"
)

// Looks reports whether data could be what kubectl wrote.
func Looks(data []byte) bool {
	head := bytes.TrimLeft(data[:min(len(data), 4096)], " \t\r\n\f")
	return bytes.Contains(head, []byte("apiVersion")) && written().Match(head)
}

// Read decodes the list. file is what errors call it, name what the instance is
// called; note, if any, is told what a user should know about how it was read. What runs on the
// nodes of without is read as where they are drained.
func Read(data []byte, file, name string, without []string, note func(text string)) (*model.Instance, error) {
	c, err := decode(data, file)
	if err != nil {
		return nil, err
	}
	if note == nil {
		note = func(string) {}
	}
	r := &reader{cluster: c, note: note, without: without, takes: map[string][]bool{}, takers: map[string]string{}, likes: map[string]*model.Fetch{}, held: make([][]*group, len(c.machines)), in: &model.Instance{
		Name: name,
		Weights: model.Weights{
			Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne,
		},
	}}
	r.look()
	for _, part := range []func() error{r.gather, r.nodes, r.tasks} {
		if err := part(); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	r.rules()
	r.shutOut()
	if err := r.in.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return r.in, nil
}

// reader turns a cluster into an instance.
type reader struct {
	*cluster
	note func(text string)
	in   *model.Instance

	without []string // nodes that are drained
	groups  []*group
	hosts   bool                    // every machine has a host name of its own
	avoid   bool                    // some have taints to avoid
	held    [][]*group              // by node: pods that come and go with it
	takes   map[string][]bool       // by what pods ask of a node, and node
	likes   map[string]*model.Fetch // by what pods prefer of a node: what the others cost
	takers  map[string]string       // labels of nodes, by the set of nodes that has them
}
