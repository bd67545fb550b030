package gantt_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/heuristics/schedule"
	"berth/instances"
	"berth/internal/browser"
	"berth/model"
	"berth/search"
	"berth/view/gantt"
)

func TestMain(m *testing.M) { browser.Main(m) }

// chart solves an instance with HEFT and makes the chart of it; change may spoil the
// solution.
func chart(t *testing.T, in *model.Instance, change func(*model.Solution)) *gantt.Chart {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.Run(t.Context(), p, schedule.HEFT, search.Limits{}, 1, 1, nil)
	if err != nil || r.Schedule == nil {
		t.Fatalf("no schedule: %v", err)
	}
	s, err := p.DocumentSchedule(model.Feasible, r.Schedule, &r.Bound)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(s)
	}
	c, err := gantt.New(in, p, s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func flight(t *testing.T) *model.Instance {
	t.Helper()
	for _, e := range instances.Library() {
		if e.Name == "flight" {
			in, err := model.Read(e.Data, "flight.yaml")
			if err != nil {
				t.Fatal(err)
			}
			return in
		}
	}
	t.Fatal("flight is not in the library")
	return nil
}

func gauss(t *testing.T, tasks int) *model.Instance {
	t.Helper()
	in, err := instances.Generate(instances.Spec{Family: "gauss", Nodes: 4, Tasks: tasks, CCR: 50, Machines: 2}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestPath: what the makespan hangs on is a chain without a gap, from a task that begins
// at once or at its release to the one that ends last, and none of it may end later.
func TestPath(t *testing.T) {
	for _, in := range []*model.Instance{flight(t), gauss(t, 14), gauss(t, 90)} {
		c := chart(t, in, nil)
		w := c.Problem.Workflow
		if len(c.Path) == 0 || w.Finish(c.Schedule, c.Path[0].Task) != c.Makespan {
			t.Fatalf("%s: the path ends with %v", in.Name, c.Path)
		}
		for k, l := range c.Path {
			if c.Slack[l.Task] != 0 {
				t.Errorf("%s: %s is on the path and may end %d later", in.Name, w.Tasks[l.Task], c.Slack[l.Task])
			}
			end := w.Release[l.Task]
			if l.By >= 0 {
				end = w.Finish(c.Schedule, l.By)
			}
			if l.Edge >= 0 {
				end += w.Message(&w.Edges[l.Edge], c.Schedule[l.By].Node, c.Schedule[l.Task].Node)
			}
			if end != c.Schedule[l.Task].Start {
				t.Errorf("%s: a gap before %s", in.Name, w.Tasks[l.Task])
			}
			if last := k == len(c.Path)-1; last != (l.Why == gantt.Nothing) || last == (l.By >= 0) {
				t.Errorf("%s: task %d of the path, by %d", in.Name, k, l.By)
			}
		}
	}
}

func TestText(t *testing.T) {
	c := chart(t, flight(t), nil)
	rows, axis := c.Text(40)
	want := []string{
		"▒ca…▒········▓stitch▓▓▓▓▓▓▓▓▒c…▒········",
		"·▓captu…▓·····················▓class…▓··",
		"········································",
		"··········▒de…▒························▓",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("the rows are\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if !strings.HasPrefix(axis, "0 ") || !strings.HasSuffix(axis, "41.24") {
		t.Errorf("the axis is %q", axis)
	}
}

// TestSVG: the picture is well-formed, and has every task, and every result that changes
// nodes.
func TestSVG(t *testing.T) {
	in := flight(t)
	in.Tasks[2].Name = `<a & "b">`
	for k := range in.Dependencies {
		for _, end := range []*string{&in.Dependencies[k].From, &in.Dependencies[k].To} {
			if *end == "stitch" {
				*end = in.Tasks[2].Name
			}
		}
	}
	c := chart(t, in, nil)
	var b bytes.Buffer
	if err := c.WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	titles, arrows := 0, 0
	d := xml.NewDecoder(bytes.NewReader(b.Bytes()))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			if e.Name.Local == "title" {
				titles++
			}
			if slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == "marker-end" }) {
				arrows++
			}
		}
	}
	crossing := 0
	for _, e := range c.Problem.Workflow.Edges {
		if c.Schedule[e.From].Node != c.Schedule[e.To].Node {
			crossing++
		}
	}
	if titles != 1+len(in.Tasks) || arrows != crossing {
		t.Errorf("%d titles and %d arrows, want %d and %d", titles, arrows, 1+len(in.Tasks), crossing)
	}
}

// TestBroken: a schedule that does not hold is drawn with what is wrong with it; one
// that cannot be drawn is not.
func TestBroken(t *testing.T) {
	early := chart(t, flight(t), func(s *model.Solution) { s.Schedule[6].Start, s.Schedule[6].Finish = "0", "1" })
	if len(early.Failed) == 0 || early.Schedule == nil || early.Slack != nil || len(early.Path) > 0 {
		t.Errorf("failed: %q, path %v", early.Failed, early.Path)
	}
	nowhere := chart(t, flight(t), func(s *model.Solution) { s.Schedule[0].Node = "drone2" })
	if len(nowhere.Failed) == 0 || nowhere.Schedule != nil {
		t.Errorf("failed: %q", nowhere.Failed)
	}
	for _, c := range []*gantt.Chart{early, nowhere} {
		var b bytes.Buffer
		if err := c.WriteHTML(&b); err != nil || !strings.Contains(b.String(), "not hold") {
			t.Errorf("%v: the page does not say what fails", err)
		}
	}
}

func TestPage(t *testing.T) {
	b := browser.Start(t)
	c := chart(t, gauss(t, 90), nil)
	for _, w := range []browser.Window{browser.Wide, browser.Narrow, {Width: 1400, Height: 900, Dark: true}} {
		p := open(t, b, c, "", w)
		tasks := len(c.Problem.Workflow.Tasks)
		if got := browser.Get[int](p, "gantt.onChart.drawn.tasks"); got != tasks {
			t.Errorf("%d tasks are drawn, want %d", got, tasks)
		}
		if got := browser.Get[int](p, "document.querySelectorAll('#gantt .task.path').length"); got != len(c.Path) {
			t.Errorf("%d tasks are marked, want %d", got, len(c.Path))
		}
		if got := browser.Get[int](p, "gantt.onGraph.drawn.tasks"); got != tasks {
			t.Errorf("%d tasks are in the graph, want %d", got, tasks)
		}
		if !browser.Get[bool](p, "document.documentElement.scrollWidth <= innerWidth") {
			t.Error("the page is wider than the window")
		}
		p.Picture("gantt", true)
		p.CheckQuiet()
	}
}

func TestPageAnswers(t *testing.T) {
	b := browser.Start(t)
	in := flight(t)
	p := open(t, b, chart(t, in, nil), "#task=stitch", browser.Wide)
	if said := browser.Get[string](p, "document.getElementById('said').textContent"); !strings.Contains(said, "stitch on drone1") || !strings.Contains(said, "waits for capture1") {
		t.Errorf("of stitch it says %q", said)
	}
	if lit := browser.Get[int](p, "document.querySelectorAll('#gantt .message.lit').length"); lit != 4 {
		t.Errorf("%d messages of stitch are lit, want 4", lit)
	}
	p.Click("#zoom-in")
	p.Wait("gantt.onChart.window()[1] - gantt.onChart.window()[0] < 41")
	p.Click("#zoom-fit")
	p.Wait("gantt.onChart.window()[1] === 41.24")
	p.Type("#find", "repo")
	p.Wait("document.getElementById('said').textContent.startsWith('report on ground')")
	p.Click("#gantt [data-task='0']")
	p.Wait("document.getElementById('said').textContent.startsWith('capture1 on drone1')")
	if rows := browser.Get[int](p, "gantt.onTable.getRows().length"); rows != len(in.Tasks) {
		t.Errorf("the table has %d rows", rows)
	}
	if pairs := browser.Get[int](p, "gantt.onNetwork.pairs"); pairs == 0 {
		t.Error("no results change nodes in the network")
	}
	p.CheckQuiet()
}

// written writes a page into a file.
func written(t *testing.T, write func(io.Writer) error) (file string) {
	t.Helper()
	var page bytes.Buffer
	if err := write(&page); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, page.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// open writes the page and opens it.
func open(t *testing.T, b *browser.Browser, c *gantt.Chart, fragment string, w browser.Window) *browser.Page {
	t.Helper()
	p := b.OpenFile(t, written(t, c.WriteHTML), fragment, w)
	p.Wait(`window.gantt && gantt.ready || !document.getElementById("trouble").hidden`)
	if trouble := browser.Get[string](p, `document.getElementById("trouble").textContent`); trouble != "" {
		t.Fatal(trouble)
	}
	return p
}
