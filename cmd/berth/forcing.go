package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"berth/model"
	"berth/search"
)

// forcing is what it would mean to have a task on other nodes than it is.
type forcing struct {
	Task    string       `json:"task"`
	Now     []string     `json:"now"`   // where it is, by replica
	There   []string     `json:"there"` // where it is forced to
	AtHome  bool         `json:"atHome"`
	Cost    model.Number `json:"cost"`    // of the solution
	Optimal bool         `json:"optimal"` // the solution says that it is
	// Of the solution with the task there:
	Status     model.Status `json:"status,omitempty"`
	CostThere  model.Number `json:"costThere,omitempty"`
	BoundThere model.Number `json:"boundThere,omitempty"`
	Impossible []string     `json:"impossible,omitempty"` // why there is none
	Changes    []change     `json:"changes,omitempty"`    // dearest first; they add up to the difference
	Help       []way        `json:"help,omitempty"`       // what would let it in or be there, all else staying placed
	someOut    bool         // other replicas of the task are left out now and may stay out
	leftOut    bool         // all that was found is that leaving a replica out costs less than to have it there
	anywhere   bool         // it is left out, and may be on any node
	today      bool         // one replica on each of the nodes, as it runs today
	ended      error        // what cut the search short; nil: nothing did
}

// change is a part of the cost that is another one then, or a task that moves.
type change struct {
	What   string       `json:"what"` // task, traffic, node, wish
	Name   string       `json:"name"`
	From   []string     `json:"from,omitempty"`
	To     []string     `json:"to,omitempty"`
	Change model.Number `json:"change"`
	units  int64
}

// compare fills in the placement that was found with the task there.
func (f *forcing) compare(in *model.Instance, now, then *model.Problem, doc *model.Solution, r *search.Result) error {
	if r.Status != model.Infeasible {
		f.BoundThere = doc.Bound // of all placements, and so of those with the task there
		if r.Bound != search.NoBound && (doc.Bound == "" || minus(model.Number(then.Format(r.Bound)), doc.Bound).Sign() > 0) {
			f.BoundThere = model.Number(then.Format(r.Bound))
		}
	}
	if r.Placement == nil {
		return nil
	}
	found, err := then.Document(model.Feasible, r.Placement, nil)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(found.Placement, func(p model.TaskNodes) bool { return p.Task == f.Task })
	if slices.ContainsFunc(f.There, func(node string) bool { return f.someOut && !slices.Contains(found.Placement[at].Nodes, node) }) {
		f.Status, f.leftOut = model.Unknown, true
		return nil
	}
	f.CostThere = found.Objective
	before, after := now.Bill(now.At(doc)), now.Bill(now.At(found))
	add := func(what, name string, from, to []string, units int64) {
		if units != 0 || from != nil {
			f.Changes = append(f.Changes, change{what, name, from, to, model.Number(now.Format(units)), units})
		}
	}
	reads := make([]int64, len(in.Tasks))
	for _, unserved := range after.Reads {
		reads[unserved.Task] += unserved.Cost
	}
	for _, unserved := range before.Reads {
		reads[unserved.Task] -= unserved.Cost
	}
	named := func(b *model.Bill, span model.Span) (nodes []string) {
		for _, node := range b.At[span.From:span.To] {
			name := ""
			if node != model.NoPlace {
				name = now.NodeNames[node]
			}
			nodes = append(nodes, name)
		}
		return nodes
	}
	for i := range in.Tasks {
		units := reads[i]
		span := now.Replicas(i)
		for k := span.From; k < span.To; k++ {
			units += own(after, k) - own(before, k)
		}
		from, to := difference(named(before, span), named(after, span))
		add("task", in.Tasks[i].Name, from, to, units)
	}
	for k, t := range in.Traffic {
		add("traffic", t.Between[0]+" – "+t.Between[1], nil, nil, after.Traffic[k]-before.Traffic[k])
	}
	for j, name := range now.NodeNames {
		add("node", name, nil, nil, after.Open[j]-before.Open[j])
	}
	for k, rule := range in.Rules {
		add("wish", fmt.Sprintf("rules[%d]: %s %s", k, rule.Kind, strings.Join(rule.Tasks, ", ")), nil, nil, after.Wishes[k]-before.Wishes[k])
	}
	slices.SortStableFunc(f.Changes, func(a, b change) int { return cmp.Compare(b.units, a.units) })
	return nil
}

// own is what a replica pays by itself.
func own(b *model.Bill, replica int32) int64 {
	t := &b.Own[replica]
	return t.Fetch + t.Move + t.Unplaced
}

// difference takes out what two lists of nodes have in common; nil and nil where
// that is all.
func difference(from, to []string) (left, come []string) {
	come = slices.Clone(to)
	for _, node := range from {
		if k := slices.Index(come, node); k >= 0 {
			come = slices.Delete(come, k, k+1)
		} else {
			left = append(left, node)
		}
	}
	if left == nil {
		return nil, nil
	}
	return left, come
}

// bar answers where the task may not be, whatever the others do.
func (f *forcing) bar() {
	f.Status, f.Impossible = model.Infeasible, []string{"its `on`, the network or what is given does not allow it there"}
}

// writeForcing puts the answer out.
func (o *output) writeForcing(f *forcing) error {
	if o.table() {
		return o.write(f.text())
	}
	return o.writeJSON(f)
}

func (f *forcing) text() []byte {
	var b bytes.Buffer
	there := strings.Join(f.There, " or ")
	switch {
	case f.anywhere:
		there = "any node"
	case f.today:
		there = list(f.There)
	}
	if f.AtHome {
		fmt.Fprintf(&b, "%s is on %s already\n", f.Task, there)
		return b.Bytes()
	}
	if !slices.ContainsFunc(f.Now, func(node string) bool { return node != "" }) {
		fmt.Fprintf(&b, "%s is nowhere\n", f.Task)
	} else {
		fmt.Fprintf(&b, "%s is on %s, not on %s\n", f.Task, places(f.Now), there)
	}
	fmt.Fprintf(&b, "%s\n", f.verdict(there))
	f.changesText(&b)
	f.helpText(&b)
	return b.Bytes()
}

// changesText lists what changes with the task there.
func (f *forcing) changesText(b *bytes.Buffer) {
	if len(f.Changes) == 0 {
		return
	}
	b.WriteByte('\n')
	t := newTable(b, left, left, left, right)
	t.row("what changes", "", "", "cost")
	for _, c := range f.Changes {
		moves := ""
		if c.From != nil {
			moves = places(c.From) + " → " + places(c.To)
		}
		t.row(c.What, cut(c.Name, 60), moves, signed(c.Change))
	}
	t.render()
}

// asksForHelp says whether the task cannot be there as things are, or is out and could only be in
// with others out.
func (f *forcing) asksForHelp() bool {
	if f.Status == model.Infeasible {
		return true
	}
	return slices.Contains(f.Now, "") && (f.CostThere == "" ||
		slices.ContainsFunc(f.Changes, func(c change) bool { return c.Name != f.Task && slices.Contains(c.To, "") }))
}

// verdict words what it would cost.
func (f *forcing) verdict(there string) string {
	switch {
	case f.Status == model.Infeasible:
		return "it cannot be: no placement has it on " + there + because(f.Impossible)
	case f.CostThere == "":
		return "none is proven impossible, and no placement with it on " + there + " was found " + until(f.ended)
	}
	most := minus(f.CostThere, f.Cost)
	text := fmt.Sprintf("with it on %s the whole costs %s instead of %s", there, f.CostThere, f.Cost)
	switch {
	case most.Sign() < 0:
		return text + ": the solution can be improved by " + trimmed(most.Neg(most)) + "; `berth solve --fix` finds that"
	case f.Status == model.Optimal:
		return text + ": " + trimmed(most) + " more, proven"
	case f.BoundThere != "":
		return text + ": at most " + trimmed(most) + " and at least " + trimmed(minus(f.BoundThere, f.Cost)) + " more"
	}
	return text + ": at most " + trimmed(most) + " more"
}

func minus(a, b model.Number) *big.Rat { return new(big.Rat).Sub(a.Rat(), b.Rat()) }

// trimmed writes a decimal without trailing zeros.
func trimmed(value *big.Rat) string {
	text := value.FloatString(6)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

func signed(n model.Number) string {
	if text := string(n); !strings.HasPrefix(text, "-") && text != "0" {
		return "+" + text
	}
	return strings.Replace(string(n), "-", "−", 1)
}

func places(nodes []string) string {
	shown := make([]string, len(nodes))
	for k, node := range nodes {
		shown[k] = cmp.Or(node, "nowhere")
	}
	return strings.Join(shown, ", ")
}
