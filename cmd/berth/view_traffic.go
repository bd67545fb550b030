package main

import (
	"fmt"
	"strings"

	"berth/model"
	"berth/results/tables"
	"berth/view"
)

// traffic shows what flows between nodes, or between racks, zones and the like where
// the nodes are too many, and the pairs of tasks whose traffic costs most.
func (t *viewer) traffic() {
	if len(t.Instance.Traffic) == 0 {
		return
	}
	groupings := t.Groupings()
	nodes := t.Exchanges(groupings[0])
	t.heading(fmt.Sprintf("traffic: %s, which cost %s", model.Plural(len(t.Instance.Traffic), "pair"), t.Problem.Format(t.Bill.Terms.Traffic)))
	drawn := ""
	for k, places := range groupings {
		if t.matrix(places, nodes, k == 0) {
			drawn = places.Key
			break
		}
	}
	if drawn != "node" {
		t.dearestFlows(nodes)
	}
	t.dearestPairs()
}

// matrix draws what flows between places and says whether it did: it does not where
// it is wider than the screen.
func (t *viewer) matrix(places view.Places, nodes []view.Exchange, byNode bool) bool {
	n := len(places.Names)
	if n > shownPlaces || n < 2 {
		return false
	}
	exchanges := nodes
	if !byNode {
		exchanges = t.Exchanges(places)
	}
	cost := make([]int64, n*n)
	used := make([]bool, n)
	for _, e := range exchanges {
		cost[int(e.From)*n+int(e.To)] = e.Cost
		cost[int(e.To)*n+int(e.From)] = e.Cost
		used[e.From], used[e.To] = true, true
	}
	var shown []int
	for k, any := range used {
		if any {
			shown = append(shown, k)
		}
	}
	header, sides := []string{places.Key}, []side{left}
	for _, k := range shown {
		header, sides = append(header, cut(plainText(places.Names[k]), 10)), append(sides, right)
	}
	write := brief
	for _, c := range cost {
		if len(t.Problem.Format(c)) > 7 {
			write = rounded
		}
	}
	rows := [][]string{header}
	for _, y := range shown {
		row := []string{shortName(places.Names[y])}
		for _, x := range shown {
			switch c := cost[y*n+x]; {
			case x > y:
				row = append(row, "")
			case c == 0:
				row = append(row, "·")
			default:
				row = append(row, write(t.Problem.Format(c)))
			}
		}
		rows = append(rows, row)
	}
	if tableWidth(rows) > t.width {
		return false
	}
	table := newTable(&t.b, sides...)
	table.row(header...)
	for _, row := range rows[1:] {
		table.row(row...)
	}
	table.render()
	return true
}

// tableWidth is how wide a table of these rows is.
func tableWidth(rows [][]string) int {
	width := 1
	for column := range rows[0] {
		widest := 0
		for _, row := range rows {
			widest = max(widest, tables.Width(row[column]))
		}
		width += widest + 2
	}
	return width
}

// dearestFlows lists the pairs of nodes between which traffic costs most.
func (t *viewer) dearestFlows(exchanges []view.Exchange) {
	var parts []string
	for _, e := range exchanges {
		if e.Cost == 0 || len(parts) == shownPairs {
			break
		}
		parts = append(parts, fmt.Sprintf("%s–%s %s", t.nodeName(e.From), t.nodeName(e.To), brief(t.Problem.Format(e.Cost))))
	}
	if len(parts) > 0 {
		t.line(" dearest between two nodes: " + strings.Join(parts, ", "))
	}
}

// dearestPairs lists the pairs of tasks whose traffic costs most.
func (t *viewer) dearestPairs() {
	pairs := t.DearestTraffic()
	if len(pairs) == 0 {
		t.line(" all of it stays where it costs nothing")
		return
	}
	t.b.WriteByte('\n')
	rows := [][]string{{"dearest", "", "volume", "cost", "between nodes"}}
	for _, k := range pairs[:min(len(pairs), shownPairs)] {
		traffic := &t.Instance.Traffic[k]
		rows = append(rows, []string{
			shortName(traffic.Between[0]), shortName(traffic.Between[1]),
			traffic.Volume.String(), t.Problem.Format(t.Bill.Traffic[k]), t.flowsOf(k),
		})
	}
	t.fit(rows, left, left, right, right, left)
	if more := len(pairs) - shownPairs; more > 0 {
		t.line(fmt.Sprintf(" … and %s that cost less", model.Plural(more, "pair")))
	}
}

// flowsOf words where the traffic of a pair of tasks flows.
func (t *viewer) flowsOf(pair int) string {
	var parts []string
	for _, f := range t.FlowsOf(pair) {
		part := t.nodeName(f.Nodes[0]) + "–" + t.nodeName(f.Nodes[1])
		if f.Nodes[0] == f.Nodes[1] {
			part = "within " + t.nodeName(f.Nodes[0])
		}
		if f.Share < t.Problem.Full {
			part += " " + percent(share(f.Share, t.Problem.Full))
		}
		parts = append(parts, part)
	}
	return few(parts, 4)
}
