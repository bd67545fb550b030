package conflict

import (
	"cmp"
	"fmt"
	"slices"

	"berth/model"
)

// mostSizes bounds the sizes of nodes that Another lists.
const mostSizes = 2

// Another lists nodes of which one more would let one more replica of a task in, nothing else being
// moved: one of each size, the smallest first. A node like another has what that has and all its
// labels, but for those that are its name, and takes whatever may run there and elsewhere.
func Another(in *model.Instance, placement []model.TaskNodes, task int) ([]string, error) {
	s, err := newStatement(in)
	if err != nil {
		return nil, err
	}
	var fit []int
	none := make([]bool, len(s.members)) // of the parts are off
	for j := range in.Nodes {
		if s.may(task, j, none) && s.tooSmall(task, j, none) < 0 {
			fit = append(fit, j)
		}
	}
	mean := s.meanCapacity()
	slices.SortStableFunc(fit, func(a, b int) int {
		return cmp.Or(cmp.Compare(in.Nodes[a].OpenCost, in.Nodes[b].OpenCost), cmp.Compare(s.share(a, mean), s.share(b, mean)))
	})
	seen, judged := map[string]bool{}, 0
	var names []string
	for _, j := range fit {
		node := in.Nodes[j]
		size := fmt.Sprint(node.Capacity, node.OpenCost)
		if seen[size] || len(names) == mostSizes || judged == mostJudged {
			continue
		}
		judged++
		more := withAnother(in, j)
		at := make([]model.TaskNodes, len(placement))
		for k, t := range placement {
			if at[k] = t; t.Task != in.Tasks[task].Name {
				continue
			}
			if out := slices.Index(t.Nodes, ""); out >= 0 {
				at[k].Nodes = slices.Clone(t.Nodes)
				at[k].Nodes[out] = more.Nodes[len(in.Nodes)].Name
			}
		}
		if w := (Way{Placement: at}); w.judge(more) == nil {
			seen[size], names = true, append(names, node.Name)
		}
	}
	return names, nil
}

// share is how much a node has, as parts of the mean of each resource.
func (s *statement) share(j int, mean []int64) float64 {
	sum := 0.0
	for r, whole := range mean {
		if whole > 0 {
			sum += float64(s.capacity[j*s.resources+r]) / float64(whole)
		}
	}
	return sum
}

// labelsLike are the labels of a node, with another name where its own is one.
func labelsLike(n *model.Node, name string) []model.Label {
	labels := slices.Clone(n.Labels)
	for k := range labels {
		if labels[k].Value == n.Name {
			labels[k].Value = name
		}
	}
	return labels
}

// withAnother is a document with one more node like one of its own, the last. A task that names
// that node alone may not be there: it is bound to the one that it names.
func withAnother(in *model.Instance, j int) *model.Instance {
	out := *in
	node := in.Nodes[j]
	like := node.Name
	for node.Name += "+"; slices.ContainsFunc(in.Nodes, func(n model.Node) bool { return n.Name == node.Name }); {
		node.Name += "+"
	}
	node.Labels = labelsLike(&in.Nodes[j], node.Name)
	out.Nodes = append(slices.Clone(in.Nodes), node)
	out.Tasks = slices.Clone(in.Tasks)
	for i := range out.Tasks {
		t := &out.Tasks[i]
		if t.On != nil && len(t.On.Nodes) > 1 && slices.Contains(t.On.Nodes, like) {
			t.On = &model.Selector{Nodes: append(slices.Clone(t.On.Nodes), node.Name)}
		}
		if k := slices.IndexFunc(t.DemandOn, func(d model.NodeDemand) bool { return d.Node == like }); k >= 0 {
			d := t.DemandOn[k]
			d.Node = node.Name
			t.DemandOn = append(slices.Clone(t.DemandOn), d)
			slices.SortFunc(t.DemandOn, func(a, b model.NodeDemand) int { return cmp.Compare(a.Node, b.Node) })
		}
	}
	return &out
}
