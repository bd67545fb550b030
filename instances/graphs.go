package instances

import (
	"fmt"

	"berth/model"
)

// What the readers of task graphs share: graphs become workflows, and where a format
// has processors that are all alike, so do they.

// maxProcessors bounds what a few bytes of a file, or a flag, may ask for.
const maxProcessors = 1024

// graph is a workflow in the making.
type graph struct {
	in   *model.Instance
	task map[string]bool
}

func newGraph(file string) *graph {
	return &graph{
		in:   &model.Instance{Name: baseName(file), Workflow: true, Weights: unweighted, Tasks: []model.Task{}},
		task: map[string]bool{},
	}
}

// alike adds processors that are all the same, and any two of which are joined by the
// line.
func (g *graph) alike(count int, line model.Line) {
	for _, name := range named("p", count) {
		g.in.Nodes = append(g.in.Nodes, model.Node{Name: name})
	}
	if count > 1 {
		g.in.Network.Default = &line
	}
}

// work adds a task that takes the same time on every node of speed 1.
func (g *graph) work(name string, time model.Decimal) {
	g.task[name] = true
	g.in.Tasks = append(g.in.Tasks, model.Task{Name: name, Replicas: 1, Work: &time})
}

// depend adds a dependency.
func (g *graph) depend(from, to string, data model.Quantity) {
	g.in.Dependencies = append(g.in.Dependencies, model.Dependency{From: from, To: to, Data: data})
}

// done checks what was made: circles, and dependencies that come twice.
func (g *graph) done(file string) (*model.Instance, error) {
	if err := g.in.Check(); err != nil {
		return nil, fmt.Errorf("%s: as a workflow, %w", file, err)
	}
	return g.in, nil
}

// unitBandwidth moves one unit of data in a unit of time, so that data is time.
func unitBandwidth() model.Line { return model.Line{Bandwidth: &model.Quantity{Units: 1}} }
