package instances

import (
	"errors"
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
	task map[string]int // where each stands, as the reader counts
	edge []int          // and where each dependency does
}

func newGraph(file string) *graph {
	return &graph{
		in:   &model.Instance{Name: baseName(file), Workflow: true, Weights: unweighted, Tasks: []model.Task{}},
		task: map[string]int{},
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
func (g *graph) work(name string, time model.Decimal, at int) {
	g.add(model.Task{Name: name, Replicas: 1, Work: &time}, at)
}

// add adds a task.
func (g *graph) add(task model.Task, at int) {
	g.task[task.Name] = at
	g.in.Tasks = append(g.in.Tasks, task)
}

// depend adds a dependency.
func (g *graph) depend(from, to string, data model.Quantity, at int) {
	g.in.Dependencies = append(g.in.Dependencies, model.Dependency{From: from, To: to, Data: data})
	g.edge = append(g.edge, at)
}

// done checks what was made: circles, dependencies that come twice, and those on nothing. place
// finds the line and the column of where something stands; nil: a path says more.
func (g *graph) done(file string, place func(at int) (line, column int)) (*model.Instance, error) {
	err := g.in.Check()
	if err == nil {
		return g.in, nil
	}
	wrong, k := (*model.DocumentError)(nil), 0
	if place == nil || !errors.As(err, &wrong) {
		return nil, fmt.Errorf("%s: as a workflow, %w", file, err)
	}
	wrong.File = file
	if n, _ := fmt.Sscanf(wrong.Path, "dependencies[%d]", &k); n == 1 {
		wrong.Line, wrong.Column = place(g.edge[k])
	} else if n, _ := fmt.Sscanf(wrong.Path, "tasks[%d]", &k); n == 1 {
		wrong.Line, wrong.Column = place(g.task[g.in.Tasks[k].Name])
	}
	wrong.Path = "as a workflow, " + wrong.Path
	return nil, wrong
}

// unitBandwidth moves one unit of data in a unit of time, so that data is time.
func unitBandwidth() model.Line { return model.Line{Bandwidth: &model.Quantity{Units: 1}} }
