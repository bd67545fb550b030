package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/model"
	"berth/results/tables"
	"berth/view"
)

// What lies on the nodes: a bar for each resource, with a part for each task.

// nodes is what lies on the nodes: the fullest where there are too many.
func (t *viewer) nodes() {
	t.heading("nodes")
	most := max(shownLines/max(len(t.Problem.Resources), 1), 5)
	order := t.Nodes(len(t.Instance.Nodes) > most)
	rest := order[min(most, len(order)):]
	t.bars(order[:len(order)-len(rest)])
	if len(rest) > 0 {
		t.line(fmt.Sprintf(" … and %s less full; --node NAME shows any of them", model.Plural(len(rest), "node")))
	}
}

// bars draws a line for each resource of each node: a bar in which segments of two
// shades are tasks, and what they are.
func (t *viewer) bars(nodes []int) {
	p := t.Problem
	header := []string{"node", "tasks", "", "", "", "from the left"}
	rows := [][]string{}
	used := 0
	for _, j := range nodes {
		taken, capacity := t.Load(j)
		for r := range max(len(p.Resources), 1) {
			row := []string{"", "", "", "", "", ""}
			if r == 0 {
				row[0], row[1] = shortName(p.NodeNames[j]), fmt.Sprint(len(t.On(j)))
			}
			if len(p.Resources) > 0 {
				row[2] = shortName(p.Resources[r])
				amount := amounts(p, r, capacity[r])
				row[4] = amount(taken[r]) + " of " + amount(capacity[r])
				if taken[r] > capacity[r] {
					row[4] += " !"
				}
			}
			rows = append(rows, row)
		}
	}
	for column := range 5 {
		widest := tables.Width(header[column])
		for _, row := range rows {
			widest = max(widest, tables.Width(row[column]))
		}
		used += widest + 2
	}
	bar := max(narrowestBar, min((t.width-used)*2/5, 48))
	legend := t.width - used - bar - 1
	if legend < leastLegend {
		bar, legend = max(narrowestBar, min(t.width-used-1, 48)), 0
		header[5] = ""
	}
	table := newTable(&t.b, left, right, left, left, left, left)
	table.row(header...)
	at := 0
	for _, j := range nodes {
		stack := t.Stack(j)
		taken, capacity := t.Load(j)
		for r := range p.Resources {
			row := rows[at+r]
			segments := coloured(stack, r)
			row[3] = t.stackedBar(segments, max(taken[r], capacity[r]), bar)
			row[5] = t.legend(segments, amounts(p, r, capacity[r]), legend)
			if taken[r] > capacity[r] {
				row[4] = t.red(row[4])
			}
		}
		if len(p.Resources) == 0 {
			names := make([]string, len(stack))
			for k, s := range stack {
				names[k] = t.segmentName(s)
			}
			rows[at][5] = cut(strings.Join(names, ", "), max(legend, leastLegend))
		}
		for r := range max(len(p.Resources), 1) {
			table.row(rows[at+r]...)
		}
		at += max(len(p.Resources), 1)
	}
	table.render()
}

// segment is what a task takes of one resource, in the hue that it has in the bars
// of all resources of the node.
type segment struct {
	view.Segment
	amount int64
	hue    int
}

// coloured lists what tasks take of a resource, the largest first.
func coloured(stack []view.Segment, resource int) []segment {
	var segments []segment
	for k, s := range stack {
		if amount := s.Takes[resource]; amount > 0 {
			segments = append(segments, segment{s, amount, k})
		}
	}
	slices.SortStableFunc(segments, func(a, b segment) int { return cmp.Compare(b.amount, a.amount) })
	return segments
}

// stackedBar draws what tasks take. Those that fill no cell of their own are drawn
// together at the end.
func (t *viewer) stackedBar(segments []segment, whole int64, width int) string {
	if whole == 0 {
		return t.faint(strings.Repeat("░", width))
	}
	var b strings.Builder
	cells := func(amount int64) int { return int(float64(amount)/float64(whole)*float64(width) + 0.5) }
	sum, drawn, small := int64(0), 0, false
	for k, s := range segments {
		sum += s.amount
		small = small || cells(s.amount) == 0
		if own := cells(sum) - drawn; !small {
			b.WriteString(t.hue(s.hue, strings.Repeat(shades[k%2], own)))
			drawn += own
		}
	}
	b.WriteString(strings.Repeat("▒", cells(sum)-drawn))
	return b.String() + t.faint(strings.Repeat("░", width-cells(sum)))
}

// legend names the segments of a bar from the left, as many as fit: with what they
// take where that leaves none out, else the names alone.
func (t *viewer) legend(segments []segment, amount func(int64) string, width int) string {
	if width == 0 {
		return ""
	}
	var names, takes []string
	for _, s := range segments {
		names = append(names, t.segmentName(s.Segment))
		takes = append(takes, " "+amount(s.amount))
	}
	if len(names) == 0 {
		return ""
	}
	if tables.Width(strings.Join(names, ", ")+strings.Join(takes, "")) > width {
		takes = make([]string, len(names))
	}
	var b strings.Builder
	used, lead := 0, ""
	for k, name := range names {
		more := ""
		if left := len(names) - k - 1; left > 0 {
			more = fmt.Sprintf(", +%d", left)
		}
		used += tables.Width(lead + name + takes[k])
		if used+len(more) > width {
			if k == 0 {
				return cut(model.Plural(len(names), "task"), width)
			}
			fmt.Fprintf(&b, ", +%d", len(names)-k)
			break
		}
		b.WriteString(lead + t.hue(segments[k].hue, name) + takes[k])
		lead = ", "
	}
	return b.String()
}

func (t *viewer) segmentName(s view.Segment) string {
	name := shortName(t.Instance.Tasks[s.Task].Name)
	if s.Replicas > 1 {
		name = fmt.Sprintf("%s ×%d", name, s.Replicas)
	}
	return name
}
