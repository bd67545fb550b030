package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/model"
	"berth/simulate"
	"berth/view/gantt"
)

// simulating is the call of simulate.
type simulating struct {
	source
	out    *output
	jitter float64
	runs   int
	seed   uint64
	lose   loss
	svg    bool
	html   bool
}

// loss is a node and when it is lost.
type loss struct {
	node string
	time model.Decimal
}

func (a *app) simulateCommand() *cobra.Command {
	s := &simulating{}
	c := &cobra.Command{
		Use:   "simulate FILE SOLUTION",
		Short: "Run a schedule as it may turn out: with times that vary, or with a node that is lost",
		Long: `simulate runs the schedule of a workflow.

With --jitter, many times: every duration and every message is multiplied by a factor of
its own, drawn evenly from 1 − jitter to 1 + jitter. Nodes keep the order of their tasks,
and a task begins as soon as it can, or as much later as it was planned to. It shows how
the makespan is distributed, which tasks most often end a run, on which the end most
often hangs, and by how much each may be late. Without jitter every run is as planned.

With --lose NODE@TIME, once: at that time the node is lost with what runs on it and with
the results that have not arrived elsewhere. It shows what runs again and where, and
when all is over. What is planned on other nodes stays there. --svg and --html draw what
runs when and where in the end.`,
		Example: `  berth solve flight.yaml --output flown.json
  berth simulate flight.yaml flown.json --jitter 20% --runs 10000
  berth simulate flight.yaml flown.json --jitter 20% --html --output runs.html
  berth simulate flight.yaml flown.json --lose drone2@20s
  berth simulate flight.yaml flown.json --lose drone2@20s --svg --output lost.svg`,
		Args: files("FILE", "SOLUTION"),
	}
	set := c.Flags()
	s.flags(set)
	flag(set, &s.jitter, "jitter", "0%", "share", "by how much times vary at most, such as 20%", parseShare)
	flag(set, &s.runs, "runs", "10000", "number", "how many runs", count(1, 10_000_000))
	flag(set, &s.seed, "seed", "1", "number", "where chance begins", parseSeed)
	flag(set, &s.lose, "lose", "", "node@time", "lose this node at this time, such as drone2@40s, in the unit of the instance", parseLoss)
	set.BoolVar(&s.svg, "svg", false, "a picture for papers of what comes of it")
	set.BoolVar(&s.html, "html", false, "that as one HTML page")
	s.out = a.outputFlags(set)
	c.RunE = a.verb(func(args []string) error {
		switch lost := set.Changed("lose"); {
		case lost && (set.Changed("jitter") || set.Changed("runs") || set.Changed("seed")):
			return errors.New("--lose is one run without chance; leave --jitter, --runs and --seed out")
		case s.svg && s.html:
			return errors.New("--svg and --html are two pictures; ask for one at a time")
		case (s.svg || s.html) && s.out.format != "":
			return errors.New("--format is for what is no picture; leave it or --svg and --html out")
		}
		return a.simulate(args, s)
	})
	return c
}

func parseShare(text string) (float64, error) {
	g, err := parseGap(text)
	if err != nil || g.absolute != 0 || g.relative > 1 {
		return 0, errors.New("want a share from 0% to 100%, such as 20%")
	}
	return g.relative, nil
}

func parseLoss(text string) (loss, error) {
	at := strings.LastIndexByte(text, '@')
	if at <= 0 {
		return loss{}, errors.New("want a node and a time, such as drone2@40s or drone2@40")
	}
	time, err := model.ParseDecimal(strings.TrimSuffix(text[at+1:], "s"))
	if err != nil {
		return loss{}, errors.New("want a time behind the @, a number from 0 in the unit of the instance, such as 40 or 40s")
	}
	return loss{text[:at], time}, nil
}

func (a *app) simulate(args []string, s *simulating) error {
	if err := s.out.check(); err != nil {
		return err
	}
	in, err := a.instance(args[0], &s.source)
	if err != nil {
		return err
	}
	if !in.Workflow {
		return fmt.Errorf("%s is a placement; simulate runs schedules of workflows", shownName(args[0]))
	}
	doc, err := a.solutionDocument(args[1])
	if err != nil {
		return err
	}
	q, err := solvedBy(in, args[0], args[1], doc)
	if err != nil {
		return err
	}
	p, plan, ok := q.problem.Slots(q.doc)
	if !ok {
		return fmt.Errorf("%s has no schedule to run: its status is %s", shownName(args[1]), q.doc.Status)
	}
	if s.lose.node != "" {
		return a.loseNode(q, s)
	}
	o := simulate.Jitter{Share: s.jitter, Runs: s.runs, Seed: s.seed}.Run(p.Workflow, plan)
	switch {
	case s.svg || s.html:
		return s.draw(spread(p, o, s))
	case s.out.table():
		return s.out.write(jitterText(p, o, s))
	}
	return s.out.writeJSON(jitterReport(p, o, s))
}

// picture can be drawn in both ways.
type picture interface {
	WriteSVG(w io.Writer) error
	WriteHTML(w io.Writer) error
}

// draw writes a picture as it is asked for.
func (s *simulating) draw(p picture) error {
	if s.html {
		return s.out.writeBy(p.WriteHTML)
	}
	return s.out.writeBy(p.WriteSVG)
}

// jitterDocument is the outcome of many runs as JSON; times are in the instance's unit.
type jitterDocument struct {
	Instance  string             `json:"instance"`
	Planned   model.Number       `json:"planned"`
	Jitter    float64            `json:"jitter"`
	Runs      int                `json:"runs"`
	Seed      uint64             `json:"seed"`
	Mean      float64            `json:"mean"`
	Quantiles map[string]float64 `json:"quantiles"`
	Tasks     []jitterTask       `json:"tasks"` // those that the end hangs on most often first
}

type jitterTask struct {
	Task     string       `json:"task"`
	Ends     float64      `json:"ends"`     // share of the runs that ended with it
	Critical float64      `json:"critical"` // share of the runs whose end hung on it
	Late     float64      `json:"late"`     // share of the runs in which it missed its deadline
	Slack    model.Number `json:"slack"`
}

// quantiles are shown, by name.
var quantiles = []struct {
	name  string
	share float64
}{{"least", 0}, {"5%", 0.05}, {"25%", 0.25}, {"median", 0.5}, {"75%", 0.75}, {"95%", 0.95}, {"most", 1}}

// inUnits returns ticks in the unit of the instance: rounded once, since a million of them
// are a whole number.
func inUnits(p *model.Problem, ticks float64) float64 { return ticks * p.Value(1_000_000) / 1_000_000 }

func jitterReport(p *model.Problem, o *simulate.Outcome, s *simulating) jitterDocument {
	d := jitterDocument{
		Instance: p.Name, Planned: model.Number(p.Format(o.Planned)), Jitter: s.jitter, Runs: s.runs, Seed: s.seed,
		Mean: inUnits(p, o.Mean()), Quantiles: map[string]float64{}, Tasks: []jitterTask{},
	}
	for _, q := range quantiles {
		d.Quantiles[q.name] = inUnits(p, o.Quantile(q.share))
	}
	runs := float64(s.runs)
	for t, name := range p.Workflow.Tasks {
		d.Tasks = append(d.Tasks, jitterTask{
			name, float64(o.Ends[t]) / runs, float64(o.Critical[t]) / runs, float64(o.Late[t]) / runs, model.Number(p.Format(o.Slack[t])),
		})
	}
	slices.SortStableFunc(d.Tasks, func(x, y jitterTask) int { return cmp.Compare(y.Critical, x.Critical) })
	return d
}

// spread is the outcome of many runs as a picture.
func spread(p *model.Problem, o *simulate.Outcome, s *simulating) *gantt.Spread {
	d := jitterReport(p, o, s)
	drawn := &gantt.Spread{Title: title(p), Words: jitterWords(&d), Planned: p.Value(o.Planned)}
	for _, m := range o.Makespans {
		drawn.Makespans = append(drawn.Makespans, inUnits(p, m))
	}
	for _, name := range []string{"5%", "median", "95%"} {
		drawn.Marks = append(drawn.Marks, gantt.Mark{Name: name, At: d.Quantiles[name]})
	}
	for _, t := range d.Tasks {
		drawn.Tasks = append(drawn.Tasks, gantt.SpreadTask{Name: t.Task, Ends: t.Ends, Critical: t.Critical, Late: t.Late, Slack: string(t.Slack)})
	}
	return drawn
}

// jitterWords says what was run and when that ends.
func jitterWords(d *jitterDocument) string {
	return fmt.Sprintf("planned to end at %s; %s with times that vary by up to %s: %.4g in the mean", d.Planned, model.Plural(d.Runs, "run"), percent(d.Jitter), d.Mean)
}

// mostSimulated bounds the tasks that the table shows, bins the bars of the histogram.
const (
	mostSimulated = 15
	bins          = 16
	binWidth      = 40
)

func jitterText(p *model.Problem, o *simulate.Outcome, s *simulating) []byte {
	var b bytes.Buffer
	d := jitterReport(p, o, s)
	fmt.Fprintf(&b, "%s: %s\n\n", title(p), jitterWords(&d))
	t := newTable(&b, right, right, right, right, right, right, right)
	header, row := []string{}, []string{}
	for _, q := range quantiles {
		header, row = append(header, q.name), append(row, fmt.Sprintf("%.5g", d.Quantiles[q.name]))
	}
	t.row(header...)
	t.row(row...)
	t.render()
	b.WriteByte('\n')
	histogram(&b, o.Makespans, p.Value(1))
	b.WriteByte('\n')
	tasks := newTable(&b, left, right, right, right, right)
	tasks.row("task", "ends the run", "the end hangs on it", "misses its deadline", "slack as planned")
	for k, task := range d.Tasks {
		if k == mostSimulated {
			break
		}
		late := ""
		if task.Late > 0 {
			late = percent(task.Late)
		}
		tasks.row(cut(task.Task, 30), percent(task.Ends), percent(task.Critical), late, string(task.Slack))
	}
	tasks.render()
	if more := len(d.Tasks) - mostSimulated; more > 0 {
		fmt.Fprintf(&b, " … and %s less often\n", model.Plural(more, "task"))
	}
	return b.Bytes()
}

// histogram shows how many of ascending values lie where.
func histogram(b *bytes.Buffer, values []float64, tick float64) {
	low, high := values[0], values[len(values)-1]
	if high <= low {
		fmt.Fprintf(b, " all runs end at %.6g\n", low*tick)
		return
	}
	var counts [bins]int
	most := 0
	for _, v := range values {
		k := min(int(float64(bins)*(v-low)/(high-low)), bins-1)
		counts[k]++
		most = max(most, counts[k])
	}
	t := newTable(b, right, left, right)
	t.row("ends about", "", "runs")
	for k, n := range counts {
		middle := low + (float64(k)+0.5)*(high-low)/bins
		t.row(fmt.Sprintf("%.5g", middle*tick), strings.Repeat("█", (n*binWidth+most-1)/most), fmt.Sprint(n))
	}
	t.render()
}

// loseNode shows what becomes of a schedule when a node is lost.
func (a *app) loseNode(q *verifiedQuestion, s *simulating) error {
	p, ok := q.problem.Refined(s.lose.time)
	if !ok {
		return fmt.Errorf("--lose: found the time %s; want one with fewer digits: times are counted in 64 bits", s.lose.time)
	}
	p, plan, _ := p.Slots(q.doc)
	node := slices.Index(p.NodeNames, s.lose.node)
	if node < 0 {
		return fmt.Errorf("--lose: %w", model.NotKnown("node", s.lose.node, p.NodeNames))
	}
	l, err := simulate.Lose(p, plan, int32(node), p.Workflow.Ticks(s.lose.time))
	if err != nil {
		return &failure{statusInfeasible, err}
	}
	chart := gantt.Draw(q.Instance, p, l.After, gantt.Event{Words: lossWords(p, l), Time: l.Time, Moved: moved(p.Workflow, l)})
	switch {
	case s.svg || s.html:
		return s.draw(chart)
	case s.out.table():
		return s.out.write(a.loseText(p, l, chart))
	}
	return s.out.writeJSON(loseReport(p, l))
}

// lossDocument is what becomes of a schedule as JSON.
type lossDocument struct {
	Instance string       `json:"instance"`
	Lost     string       `json:"lost"`
	Time     model.Number `json:"time"`
	Planned  model.Number `json:"planned"`
	Makespan model.Number `json:"makespan"`
	Again    []movedTask  `json:"again"` // in the order in which they begin
	Late     []string     `json:"late"`  // tasks that miss their deadlines
}

type movedTask struct {
	Task   string       `json:"task"`
	Was    string       `json:"was"`
	Node   string       `json:"node"`
	Start  model.Number `json:"start"`
	Finish model.Number `json:"finish"`
}

func loseReport(p *model.Problem, l *simulate.Loss) lossDocument {
	w := p.Workflow
	number := func(ticks int64) model.Number { return model.Number(p.Format(ticks)) }
	d := lossDocument{
		Instance: p.Name, Lost: p.NodeNames[l.Node], Time: number(l.Time), Planned: number(l.Planned), Makespan: number(l.Makespan),
		Again: []movedTask{}, Late: []string{},
	}
	for _, t := range moved(w, l) {
		slot := l.After[t]
		d.Again = append(d.Again, movedTask{w.Tasks[t], l.State[t].String(), p.NodeNames[slot.Node], number(slot.Start), number(w.Finish(l.After, t))})
	}
	for _, t := range l.Late {
		d.Late = append(d.Late, w.Tasks[t])
	}
	return d
}

// moved lists the tasks that run elsewhere or again, in the order in which they begin.
func moved(w *model.Workflow, l *simulate.Loss) (list []int32) {
	for _, t := range w.Running(l.After) {
		if l.State[t].Again() {
			list = append(list, t)
		}
	}
	return list
}

// lossWords says what was lost and when that ends.
func lossWords(p *model.Problem, l *simulate.Loss) string {
	return fmt.Sprintf("without %s from %s on it ends at %s instead of %s", p.NodeNames[l.Node], p.Format(l.Time), p.Format(l.Makespan), p.Format(l.Planned))
}

func (a *app) loseText(p *model.Problem, l *simulate.Loss, chart *gantt.Chart) []byte {
	var b bytes.Buffer
	d := loseReport(p, l)
	fmt.Fprintf(&b, "%s: %s\n\n", title(p), lossWords(p, l))
	if len(d.Late) > 0 {
		fmt.Fprintf(&b, "deadlines are missed by %s\n\n", list(d.Late))
	}
	a.ganttRows(&b, chart)
	if len(d.Again) == 0 {
		b.WriteString("\nnothing has to run elsewhere or again\n")
		return b.Bytes()
	}
	b.WriteByte('\n')
	t := newTable(&b, left, left, left, right, right)
	t.row("runs elsewhere", "when it was lost", "on", "from", "to")
	for _, m := range d.Again {
		t.row(cut(m.Task, 30), m.Was, m.Node, string(m.Start), string(m.Finish))
	}
	t.render()
	return b.Bytes()
}
