package gantt

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"berth/model"
	"berth/page"
)

//go:embed assets
var assets embed.FS

// scripts are the parts of the page's script, in the order in which they run.
var scripts = []string{"chart.js", "graph.js", "main.js"}

var body = sync.OnceValue(func() *template.Template { return template.Must(template.ParseFS(assets, "assets/body.html")) })

// asset returns an embedded file.
func asset(name string) string {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic("gantt: " + err.Error()) // embedded: it is there
	}
	return string(text)
}

// WriteHTML writes the chart as one page that opens anywhere: the rows of the nodes with
// zoom and hover, the graph of the tasks and the network beside it, and a table. It fails
// where w does.
func (c *Chart) WriteHTML(w io.Writer) error {
	var text, script strings.Builder
	if err := body().Execute(&text, c.headline()); err != nil {
		return fmt.Errorf("gantt: %w", err)
	}
	for _, name := range scripts {
		script.WriteString(asset(name))
	}
	return page.Write(w, page.Document{
		Title: c.title(), Style: asset("words.css") + asset("gantt.css"), Body: template.HTML(text.String()), Script: script.String(),
		Libraries: []page.Library{page.Tabulator},
		Data:      []page.Data{{Name: "chart", Value: c.payload()}},
	})
}

// headline is what the page says in words.
type headline struct {
	*model.Solution
	Title  string
	Failed []string
	Gap    string // with its unit
	Drawn  bool
	Event  string // what became of a schedule; empty of a solution
	Counts string
	Path   []step // the first task first
}

// step is a task on the path.
type step struct{ Task, Node, Start, Finish, Waited string }

func (c *Chart) headline() headline {
	h := headline{
		Solution: c.Solution, Title: c.title(), Failed: c.Failed, Drawn: c.Schedule != nil,
		Counts: model.Plural(len(c.Problem.Workflow.Tasks), "task") + " on " + model.Plural(c.Problem.Workflow.Nodes, "node") + ", " + model.Plural(len(c.Problem.Workflow.Edges), "dependency"),
	}
	if c.event != nil {
		h.Event = c.event.Words
	}
	if g := c.Solution.Gap; g != nil {
		h.Gap = fmt.Sprintf("%.3g %%", 100**g)
	}
	for k := len(c.Path) - 1; k >= 0; k-- {
		l := c.Path[k]
		slot := c.Schedule[l.Task]
		h.Path = append(h.Path, step{
			c.Problem.Workflow.Tasks[l.Task], c.Problem.NodeNames[slot.Node], c.Time(slot.Start),
			c.Time(c.Problem.Workflow.Finish(c.Schedule, l.Task)), c.Reason(l),
		})
	}
	return h
}

// payload is what the script reads: columns, to be small.
type payload struct {
	Makespan float64     `json:"makespan"`
	Nodes    []string    `json:"nodes"`
	Tasks    taskColumns `json:"tasks"`
	Edges    edgeColumns `json:"edges"`
	Links    []linkRow   `json:"links"`
	Default  string      `json:"default"` // the line between nodes that no path joins, in words
	Event    *float64    `json:"event"`   // when something happened to the schedule; null of a solution
}

type taskColumns struct {
	Name   []string  `json:"name"`
	Node   []int32   `json:"node"`
	Start  []float64 `json:"start"`
	Finish []float64 `json:"finish"`
	Slack  []float64 `json:"slack"` // empty where the schedule is not feasible
	Path   []int32   `json:"path"`  // the tasks on the path
}

type edgeColumns struct {
	From    []int32   `json:"from"`
	To      []int32   `json:"to"`
	Data    []string  `json:"data"`
	Arrives []float64 `json:"arrives"`
	Path    []int32   `json:"path"` // the edges on the path
}

type linkRow struct {
	A    int    `json:"a"`
	B    int    `json:"b"`
	Line string `json:"line"`
}

func (c *Chart) payload() payload {
	p, w := c.Problem, c.Problem.Workflow
	d := payload{Makespan: p.Value(c.Makespan), Nodes: p.NodeNames, Links: []linkRow{}}
	d.Tasks.Name = w.Tasks
	for t, slot := range c.Schedule {
		d.Tasks.Node = append(d.Tasks.Node, slot.Node)
		d.Tasks.Start = append(d.Tasks.Start, p.Value(slot.Start))
		d.Tasks.Finish = append(d.Tasks.Finish, p.Value(w.Finish(c.Schedule, int32(t))))
		if c.Slack != nil {
			d.Tasks.Slack = append(d.Tasks.Slack, p.Value(c.Slack[t]))
		}
	}
	size := map[[2]string]model.Quantity{}
	for _, e := range c.Instance.Dependencies {
		size[[2]string{e.From, e.To}] = e.Data
	}
	for k := range w.Edges {
		e := &w.Edges[k]
		d.Edges.From, d.Edges.To = append(d.Edges.From, e.From), append(d.Edges.To, e.To)
		d.Edges.Data = append(d.Edges.Data, size[[2]string{w.Tasks[e.From], w.Tasks[e.To]}].String())
		if c.Schedule != nil {
			leaves := w.Finish(c.Schedule, e.From)
			message := min(w.Message(e, c.Schedule[e.From].Node, c.Schedule[e.To].Node), model.Never)
			d.Edges.Arrives = append(d.Edges.Arrives, p.Value(leaves+message))
		}
	}
	if c.event != nil {
		at := p.Value(c.event.Time)
		d.Event, d.Tasks.Path = &at, c.event.Moved
	}
	for _, l := range c.Path {
		d.Tasks.Path = append(d.Tasks.Path, l.Task)
		if l.Edge >= 0 {
			d.Edges.Path = append(d.Edges.Path, l.Edge)
		}
	}
	at := map[string]int{}
	for j, name := range p.NodeNames {
		at[name] = j
	}
	for _, l := range c.Instance.Network.Links {
		d.Links = append(d.Links, linkRow{at[l.Between[0]], at[l.Between[1]], lineText(l.Line)})
	}
	if l := c.Instance.Network.Default; l != nil {
		d.Default = lineText(*l)
	}
	return d
}

func lineText(l model.Line) string {
	text := "latency " + l.Latency.String()
	if l.Bandwidth != nil {
		text += ", bandwidth " + l.Bandwidth.String()
	}
	return text
}
