package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/instances"
	"berth/model"
	"berth/search"
)

// What fits on a screen.
const (
	shownNodes   = 20
	shownCharges = 5
	barWidth     = 10
	maxReason    = 100
)

// show renders what a search found, for people.
func show(p *model.Problem, r *search.Result, seed uint64, why []string) []byte {
	var b bytes.Buffer
	v := judged(p, r)
	fmt.Fprintf(&b, "%s\n", headline(p, r, v, why))
	fmt.Fprintf(&b, "%sseed %d, %.2fs\n", made(r), seed, r.Seconds)
	if !r.Status.HasPlacement() {
		return b.Bytes()
	}
	b.WriteByte('\n')
	if p.Workflow != nil {
		showBusy(&b, p, r.Schedule)
		return b.Bytes()
	}
	showNodes(&b, p, r.Placement)
	b.WriteByte('\n')
	showTerms(&b, p, v)
	if charges := p.Charges(r.Placement, shownCharges); len(charges) > 0 {
		b.WriteByte('\n')
		showCharges(&b, p, r.Placement, charges)
	}
	return b.Bytes()
}

// judged is what the judge says of the placement that was found, nil where there is none.
func judged(p *model.Problem, r *search.Result) *model.Verdict {
	if !r.Status.HasPlacement() || p.Workflow != nil {
		return nil
	}
	v := p.Evaluate(r.Placement)
	return &v
}

// headline says in a line what came of a search: what it costs, whether it can be
// better, how much moves and how much is left out.
func headline(p *model.Problem, r *search.Result, v *model.Verdict, why []string) string {
	said := title(p) + ": " + verdict(p, r, why)
	if v != nil {
		said += changed(p, v)
	}
	return said
}

// verdict words what is known at the end.
func verdict(p *model.Problem, r *search.Result, why []string) string {
	var parts []string
	cost := "cost "
	if p.Workflow != nil {
		cost = "makespan "
	}
	switch r.Status {
	case model.Infeasible:
		return "no " + sought(p) + " exists" + because(why)
	case model.Unknown:
		return "no " + sought(p) + " was found within the limits, and none is proven impossible"
	case model.Optimal:
		parts = append(parts, cost+p.Format(r.Cost)+", proven optimal")
	default:
		parts = append(parts, cost+p.Format(r.Cost))
		if r.Bound == search.NoBound {
			parts = append(parts, "no bound is known")
		} else {
			parts = append(parts, "proven that none is below "+p.Format(r.Bound), "gap "+percent(p.Gap(r.Cost, r.Bound)))
		}
	}
	if best, ok := instances.Profit(p.Name); ok {
		parts = append(parts, "profit "+profit(p, best, r.Cost))
	}
	return strings.Join(parts, ", ")
}

// changed says how many replicas move, where any runs somewhere today, and how many are left out,
// where any may be.
func changed(p *model.Problem, v *model.Verdict) string {
	text := ""
	switch {
	case !p.RunsToday():
	case v.Moved == 0:
		text += ", nothing moves"
	default:
		text += ", " + model.Counted(v.Moved, "replica moves", "replicas move")
	}
	switch {
	case p.Features&model.LeavingOut == 0:
	case v.LeftOut == 0:
		text += ", none is left out"
	default:
		text += ", " + model.Counted(v.LeftOut, "is left out", "are left out")
	}
	return text
}

// made says who found the placement.
func made(r *search.Result) string {
	for _, e := range r.Events {
		if r.Status.HasPlacement() && e.Cost == r.Cost {
			return "found by " + e.By + ", "
		}
	}
	return ""
}

// showNodes is the table of nodes: the fullest where there are too many.
func showNodes(b *bytes.Buffer, p *model.Problem, pl model.Placement) {
	load, hosted := p.Loads(pl), p.Hosted(pl)
	resources := len(p.Resources)
	order := make([]int, len(p.NodeNames))
	for j := range order {
		order[j] = j
	}
	if len(order) > shownNodes {
		fullest := func(j int) float64 {
			most := 0.0
			for r := range resources {
				most = max(most, share(load[j*resources+r], p.Capacity[j*resources+r]))
			}
			return most
		}
		slices.SortStableFunc(order, func(a, c int) int { return cmp.Compare(fullest(c), fullest(a)) })
		order = order[:shownNodes]
	}
	header, sides := []string{"node", "tasks"}, []side{left, right}
	for _, resource := range p.Resources {
		header, sides = append(header, resource), append(sides, left)
	}
	t := newTable(b, sides...)
	t.row(header...)
	for _, j := range order {
		row := []string{p.NodeNames[j], fmt.Sprint(hosted[j])}
		for r := range p.Resources {
			used, capacity := load[j*resources+r], p.Capacity[j*resources+r]
			amount := amounts(p, r, capacity)
			row = append(row, fmt.Sprintf("%s %s of %s", bar(share(used, capacity)), amount(used), amount(capacity)))
		}
		t.row(row...)
	}
	t.render()
	if more := len(p.NodeNames) - len(order); more > 0 {
		fmt.Fprintf(b, " … and %s less full\n", model.Plural(more, "node"))
	}
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// bar draws a share in eighths of a character.
func bar(share float64) string {
	eighths := int(share*barWidth*8 + 0.5)
	eighths = max(0, min(eighths, barWidth*8))
	text := strings.Repeat("█", eighths/8)
	if part := eighths % 8; part > 0 {
		text += string([]rune("▏▎▍▌▋▊▉")[part-1])
	}
	return text + strings.Repeat("░", barWidth-len([]rune(text)))
}

// showTerms is the cost by term.
func showTerms(b *bytes.Buffer, p *model.Problem, v *model.Verdict) {
	t := newTable(b, left, right, right)
	t.row("cost", p.Format(v.Cost), "")
	for _, term := range terms(v.Terms) {
		if term.cost != 0 {
			t.row(term.name, p.Format(term.cost), percent(share(term.cost, v.Cost)))
		}
	}
	t.render()
}

// named is a term of the cost.
type named struct {
	name string
	cost int64
}

func terms(t model.Terms) []named {
	return []named{
		{"fetch", t.Fetch},
		{"traffic", t.Traffic},
		{"move", t.Move},
		{"open", t.Open},
		{"unplaced", t.Unplaced},
		{"wishes", t.Wishes},
	}
}

// worded lists the terms that are not 0.
func worded(p *model.Problem, cost model.Terms) string {
	var parts []string
	for _, term := range terms(cost) {
		if term.cost != 0 {
			parts = append(parts, term.name+" "+p.Format(term.cost))
		}
	}
	return strings.Join(parts, ", ")
}

// showCharges is what costs most by itself, and what keeps it from a cheaper node.
func showCharges(b *bytes.Buffer, p *model.Problem, pl model.Placement, charges []model.Charge) {
	t := newTable(b, left, left, right, left, left)
	t.row("dearest", "node", "cost", "for", "what keeps it from the node it wants")
	for _, c := range charges {
		node := "left out"
		if c.Node != model.NoPlace {
			node = p.NodeNames[c.Node]
		}
		t.row(middle(c.Name, 30), node, p.Format(c.Cost), worded(p, c.Terms), cut(p.Kept(pl, c), maxReason))
	}
	t.render()
}

// cut shortens a text to a number of characters.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// middle shortens a name in its middle: names of pods differ at their end, those of nodes at
// their beginning. A quarter of what is left is the end.
func middle(name string, most int) string {
	runes := []rune(name)
	if len(runes) <= most {
		return name
	}
	end := most / 4
	return string(runes[:most-1-end]) + "…" + string(runes[len(runes)-end:])
}

// profit is what a maximised instance earns at a cost: the sum of the best profits
// less the cost, which is a whole number there.
func profit(p *model.Problem, best model.Decimal, cost int64) string {
	spent, err := model.ParseDecimal(p.Format(cost))
	if err != nil {
		return "unknown: " + err.Error()
	}
	return (best - spent).String()
}
