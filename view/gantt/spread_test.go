package gantt_test

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strconv"
	"testing"

	"berth/internal/browser"
	"berth/simulate"
	"berth/view/gantt"
)

// spread runs a schedule of the flight with times that vary.
func spread(t *testing.T, jitter float64, runs int) *gantt.Spread {
	t.Helper()
	c := chart(t, flight(t), nil)
	p := c.Problem
	o := simulate.Jitter{Share: jitter, Runs: runs, Seed: 1}.Run(p.Workflow, c.Schedule)
	s := &gantt.Spread{Title: "<a & b>", Words: "many runs", Planned: p.Value(o.Planned), Marks: []gantt.Mark{{Name: "median", At: o.Quantile(0.5) * p.Value(1)}}}
	for _, m := range o.Makespans {
		s.Makespans = append(s.Makespans, m*p.Value(1))
	}
	for k, name := range p.Workflow.Tasks {
		s.Tasks = append(s.Tasks, gantt.SpreadTask{
			Name: name, Ends: float64(o.Ends[k]) / float64(runs), Critical: float64(o.Critical[k]) / float64(runs), Slack: p.Format(o.Slack[k]),
		})
	}
	return s
}

// TestSpread: every run is in one column, and every task is there, also where all runs are
// the same.
func TestSpread(t *testing.T) {
	counted := regexp.MustCompile(`(\d+) of (\d+) runs end between`)
	for _, jitter := range []float64{0, 0.3} {
		s := spread(t, jitter, 400)
		var b bytes.Buffer
		if err := s.WriteSVG(&b); err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(b.Bytes(), new(struct{})); err != nil {
			t.Fatal(err)
		}
		columns, runs := counted.FindAllStringSubmatch(b.String(), -1), 0
		for _, c := range columns {
			n, err := strconv.Atoi(c[1])
			if err != nil || n == 0 || c[2] != "400" {
				t.Errorf("a column of %q", c[0])
			}
			runs += n
		}
		if runs != 400 || jitter == 0 && len(columns) != 1 || jitter > 0 && len(columns) < 10 {
			t.Errorf("jitter %v: %d runs in %d columns", jitter, runs, len(columns))
		}
		for _, task := range s.Tasks {
			if !bytes.Contains(b.Bytes(), []byte(">"+task.Name+": ends ")) {
				t.Errorf("%s is missing", task.Name)
			}
		}
	}
}

// TestSpreadPage opens the page of many runs.
func TestSpreadPage(t *testing.T) {
	b := browser.Start(t)
	s := spread(t, 0.3, 400)
	file := written(t, s.WriteHTML)
	for _, w := range []browser.Window{browser.Wide, browser.Narrow, {Width: 1400, Height: 900, Dark: true}} {
		p := b.OpenFile(t, file, "", w)
		if got := browser.Get[int](p, "document.querySelectorAll('.picture .ends').length"); got != len(s.Tasks) {
			t.Errorf("%d tasks are drawn, want %d", got, len(s.Tasks))
		}
		if got := browser.Get[int](p, "document.querySelectorAll('#tasks tbody tr').length"); got != len(s.Tasks) {
			t.Errorf("%d tasks are in the table, want %d", got, len(s.Tasks))
		}
		if tall := browser.Get[float64](p, "Math.max(...[...document.querySelectorAll('.runs')].map((r) => r.getBoundingClientRect().height))"); tall < 40 {
			t.Errorf("the highest column is %v high", tall)
		}
		if !browser.Get[bool](p, "document.documentElement.scrollWidth <= innerWidth") {
			t.Error("the page is wider than the window")
		}
		p.Picture("spread", true)
		p.CheckQuiet()
	}
}

// TestEventPage opens the page of what became of a schedule when a node was lost: what
// moved is marked, and a line says when.
func TestEventPage(t *testing.T) {
	b := browser.Start(t)
	in := flight(t)
	before := chart(t, in, nil)
	p := before.Problem
	time := before.Makespan / 2
	l, err := simulate.Lose(p, before.Schedule, 0, time)
	if err != nil {
		t.Fatal(err)
	}
	moved := []int32{}
	for k, state := range l.State {
		if state.Again() {
			moved = append(moved, int32(k))
		}
	}
	if len(moved) == 0 {
		t.Fatal("nothing moves")
	}
	c := gantt.Draw(in, p, l.After, gantt.Event{Words: "it is lost", Time: time, Moved: moved})
	var picture bytes.Buffer
	if err := c.WriteSVG(&picture); err != nil || bytes.Count(picture.Bytes(), []byte(`class="event"`)) != 1 {
		t.Errorf("%v: the picture has no line, or several", err)
	}
	page := open(t, b, c, "", browser.Wide)
	if got := browser.Get[int](page, "document.querySelectorAll('#gantt .task.path').length"); got != len(moved) {
		t.Errorf("%d tasks are marked, want %d", got, len(moved))
	}
	if got := browser.Get[int](page, "document.querySelectorAll('#gantt .event').length"); got != 1 {
		t.Errorf("%d lines say when", got)
	}
	if said := browser.Get[string](page, "document.querySelector('.verdict').textContent"); said != "it is lost" {
		t.Errorf("it says %q", said)
	}
	page.CheckQuiet()
}
