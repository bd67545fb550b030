package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/model"
	"berth/view"
)

// viewer draws a picture as text.
type viewer struct {
	*view.Picture
	width   int
	colours bool
	b       bytes.Buffer
}

// What of a picture fits on a screen.
const (
	shownLines   = 40 // of nodes, one for each resource
	shownAway    = 10
	shownPairs   = 8
	shownWishes  = 10
	shownPlaces  = 40 // in a matrix
	longestName  = 24
	leastLegend  = 14
	narrowestBar = 10
)

func (t *viewer) showAll() []byte {
	t.head()
	if t.Bill != nil {
		t.terms()
		t.nodes()
		t.away()
		t.reads(func(model.Unserved) bool { return true })
		t.traffic()
		t.openCosts()
		t.wishes()
	}
	return t.b.Bytes()
}

// head says what this is, and first what is wrong with it.
func (t *viewer) head() {
	s := t.Solution
	for _, claim := range t.Failed {
		t.line(t.red("✗ " + plainText(claim)))
	}
	if n := len(t.Failed); n > 0 {
		t.line(t.red(claims(n)))
		t.line("")
	}
	name := plainText(s.Instance)
	if name == "" {
		name = "an instance without a name"
	}
	said := claimed(s, "placement", "cost")
	if len(t.Failed) > 0 {
		said = "claimed: " + said
	}
	t.line(t.bold(name + ": " + said))
	t.line(madeBy(s))
	switch {
	case t.Bill == nil:
	case len(t.Failed) == 0:
		t.line("✓ the placement keeps every rule and costs what it claims")
	default:
		t.line("what can be drawn of the placement costs " + t.Problem.Format(t.Bill.Cost))
	}
}

// claimed words the status of a solution, what it costs in which word, and its bound.
func claimed(s *model.Solution, sought, cost string) string {
	switch {
	case s.Status == model.Infeasible:
		return "no " + sought + " exists"
	case !s.Status.HasPlacement():
		return "no " + sought + " was found, and none is proven impossible" + boundOf(s)
	case s.Status == model.Optimal:
		return cost + " " + string(s.Objective) + ", proven optimal"
	}
	return cost + " " + string(s.Objective) + boundOf(s)
}

func boundOf(s *model.Solution) string {
	if s.Bound == "" {
		return ", no bound is known"
	}
	text := ", proven that none is below " + string(s.Bound)
	if s.Gap != nil {
		text += ", gap " + percent(*s.Gap)
	}
	return text
}

// madeBy says who found it, from which seed and in what time.
func madeBy(s *model.Solution) string {
	text := fmt.Sprintf("seed %d, %.2fs", s.Seed, s.Seconds)
	if s.Solver != "" {
		text = "by " + plainText(s.Solver) + ", " + text
	}
	for _, step := range s.Trajectory {
		if s.Objective != "" && step.Objective == s.Objective && step.By != "" && step.By != s.Solver {
			return text + fmt.Sprintf("; found by %s after %.2fs", plainText(step.By), step.Seconds)
		}
	}
	return text
}

// terms is the cost by term, in one line.
func (t *viewer) terms() {
	var parts []string
	for _, term := range terms(t.Bill.Terms) {
		if term.cost != 0 {
			parts = append(parts, fmt.Sprintf("%s %s (%s)", term.name, t.Problem.Format(term.cost), percent(share(term.cost, t.Bill.Cost))))
		}
	}
	if len(parts) > 0 {
		t.line("of which " + strings.Join(parts, ", "))
	}
}

// shades alternate along a bar; without colours they alone tell neighbours apart.
var shades = [2]string{"█", "▓"}

// away lists the replicas that are away from home, those that move and those that
// are left out.
func (t *viewer) away() {
	away := t.AwayFromHome()
	if len(away) == 0 {
		return
	}
	sum := int64(0)
	for _, r := range away {
		sum += t.Own(r)
	}
	t.heading(fmt.Sprintf("away from home, moved or left out: %s, which cost %s", model.Plural(len(away), "replica"), t.Problem.Format(sum)))
	shown := away[:min(len(away), shownAway)]
	rows := [][]string{{"task", "node", "home", "cost", "for", "what keeps it"}}
	for _, r := range shown {
		task, _ := t.TaskOf(r)
		rows = append(rows, []string{
			t.replicaName(r), t.nodeName(t.Bill.At[r]), t.homes(task), t.Problem.Format(t.Own(r)), worded(t.Problem, t.Bill.Own[r]), plainText(t.Kept(r, false)),
		})
	}
	t.fit(rows, left, left, left, right, left, left)
	if more := len(away) - len(shown); more > 0 {
		t.line(fmt.Sprintf(" … and %s that cost less", model.Plural(more, "replica")))
	}
}

// replicaName is the task of a replica, with its number where there are several.
func (t *viewer) replicaName(r int32) string {
	task, which := t.TaskOf(r)
	name := shortName(t.Instance.Tasks[task].Name)
	if t.Instance.Tasks[task].Replicas > 1 {
		name = fmt.Sprintf("%s #%d", name, which+1)
	}
	return name
}

func (t *viewer) nodeName(node int32) string {
	if node == model.NoPlace {
		return "left out"
	}
	return shortName(t.Problem.NodeNames[node])
}

// homes are those of a task, or where its replicas run today.
func (t *viewer) homes(task int) string {
	homes := t.Home(task)
	if len(homes) == 0 {
		homes = t.Instance.Tasks[task].Current
	}
	return few(homes, 2)
}

// few names some of many.
func few(names []string, most int) string {
	shown := make([]string, 0, most+1)
	for k, name := range names {
		if k == most {
			shown = append(shown, fmt.Sprintf("+%d", len(names)-most))
			break
		}
		shown = append(shown, shortName(name))
	}
	return strings.Join(shown, ", ")
}

// reads lists reads that find no replica where they are, the dearest first.
func (t *viewer) reads(show func(model.Unserved) bool) {
	var reads []model.Unserved
	sum := int64(0)
	for _, read := range t.Bill.Reads {
		if show(read) {
			reads = append(reads, read)
			sum += read.Cost
		}
	}
	if len(reads) == 0 {
		return
	}
	slices.SortStableFunc(reads, func(a, b model.Unserved) int { return cmp.Compare(b.Cost, a.Cost) })
	t.heading("reads that find no replica, which cost " + t.Problem.Format(sum))
	rows := [][]string{{"task", "read on", "cost", "replicas are on"}}
	for _, read := range reads[:min(len(reads), shownAway)] {
		span := t.Problem.Replicas(int(read.Task))
		var on []string
		for _, node := range t.Bill.At[span.From:span.To] {
			on = append(on, t.nodeName(node))
		}
		rows = append(rows, []string{
			shortName(t.Instance.Tasks[read.Task].Name), t.nodeName(read.Node), t.Problem.Format(read.Cost), few(on, 6),
		})
	}
	t.fit(rows, left, left, right, left)
	if more := len(reads) - shownAway; more > 0 {
		t.line(fmt.Sprintf(" … and %d more that cost less", more))
	}
}

// openCosts lists the nodes that cost something to use.
func (t *viewer) openCosts() {
	var parts []string
	for j, cost := range t.Bill.Open {
		if cost > 0 {
			parts = append(parts, t.nodeName(int32(j))+" "+t.Problem.Format(cost))
		}
	}
	if len(parts) == 0 {
		return
	}
	t.heading(fmt.Sprintf("nodes in use that cost something: %d, which cost %s", len(parts), t.Problem.Format(t.Bill.Terms.Open)))
	if more := len(parts) - shownPlaces; more > 0 {
		parts = append(parts[:shownPlaces], fmt.Sprintf("+%d", more))
	}
	t.line(" " + strings.Join(parts, ", "))
}

// wishes lists the wishes that are broken.
func (t *viewer) wishes() {
	rows := [][]string{{"wish", "broken", "cost", "of"}}
	broken := 0
	for k, cost := range t.Bill.Wishes {
		if cost == 0 {
			continue
		}
		if broken++; broken > shownWishes {
			continue
		}
		rule := &t.Instance.Rules[k]
		rows = append(rows, []string{ruleKind(rule), times(t.Bill.Broken[k]), t.Problem.Format(cost), few(rule.Tasks, 6)})
	}
	if broken == 0 {
		return
	}
	t.heading(fmt.Sprintf("broken wishes: %d, which cost %s", broken, t.Problem.Format(t.Bill.Terms.Wishes)))
	t.fit(rows, left, left, right, left)
	if broken > shownWishes {
		t.line(fmt.Sprintf(" … and %d more", broken-shownWishes))
	}
}

// times words a number of times.
func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// ruleKind words what a rule asks for and over which places.
func ruleKind(rule *model.Rule) string {
	place := rule.Topology
	if place == "" {
		place = "node"
	}
	return map[model.RuleKind]string{
		model.Affinity: "together in one ", model.AntiAffinity: "apart by ", model.Spread: "spread by ",
	}[rule.Kind] + plainText(place)
}
