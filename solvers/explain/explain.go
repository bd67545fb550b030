// Package explain says in the user's words why a problem has no placement.
//
// First comes what plain arithmetic shows: tasks that may only go to some nodes, and
// need more than these have. Then rules that contradict each other whatever the capacities
// (package rules). Then a conflict: a set of capacities and rules that
// cannot hold together, none of which could be left out of the set. It is found by a
// SAT solver. Each of them has a literal that switches its clauses on; from a "no"
// the solver names literals that suffice for it; then each of these is tried
// without, and left out where the answer stays "no" (deletion; Chinneck and
// Dravnieks, "Locating Minimal Infeasible Constraint Sets in Linear Programs", ORSA
// Journal on Computing 1991; Marques-Silva, "Minimal Unsatisfiability: Models,
// Algorithms and Applications", ISMVL 2010).
package explain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"berth/encode"
	"berth/encode/sat"
	"berth/model"
	"berth/model/integer"
	"berth/solvers/rules"
	"berth/solvers/sat/oracle"
)

// The sizes of programs above which no conflict is looked for.
const (
	mostVars  = 300_000
	mostTerms = 3_000_000
)

// MostWork is the work that the search for a conflict may take where nobody waits for it, in
// units of about a nanosecond.
const MostWork = 20_000_000_000

// Explain returns reasons why an infeasible problem has no placement, as lines to
// be printed. It returns none where it finds none with so much work: not that there is
// a placement.
func Explain(ctx context.Context, p *model.Problem, work int64) []string {
	if p.Impossible != "" {
		return []string{p.Impossible}
	}
	lines := append(shortages(p), movers(p)...)
	if len(lines) > 0 {
		return lines
	}
	if core, minimal := rules.Conflict(p, oracle.Budget(ctx, work)); len(core) > 0 {
		return tell(p, core, minimal)
	}
	if vars, terms := encode.Estimate(p); vars > mostVars || terms > mostTerms {
		return nil
	}
	g := encode.Build(p)
	core, minimal := conflict(g, oracle.Budget(ctx, work))
	return tell(p, core, minimal)
}

// shortages lists what too little room is left for, looking at one resource, or at
// one kind of task, at a time.
func shortages(p *model.Problem) []string {
	var lines []string
	for d := range p.Domains {
		lines = append(lines, domainShortages(p, p.Domains[d].Nodes())...)
	}
	for i := range p.Items {
		item := &p.Items[i]
		if item.Unplaced != model.NoLimit || item.Count == 1 {
			continue
		}
		room := int64(0)
		for _, j := range p.Domains[item.Domain].Nodes() {
			room += fits(p, item, j)
		}
		if room < int64(item.Count) {
			lines = append(lines, fmt.Sprintf("the nodes, empty, have room for %d of %d copies of %s", room, item.Count, tasks(p, []int32{int32(i)})))
		}
	}
	return lines
}

// fits returns how many copies of an item an empty node holds.
func fits(p *model.Problem, item *model.Item, j int32) int64 {
	most := int64(item.Count)
	if item.Apart >= 0 {
		most = 1
	}
	for r, need := range p.Demands[item.Demand].On(j) {
		if need > 0 {
			most = min(most, p.Capacity[int(j)*len(p.Resources)+r]/need)
		}
	}
	return most
}

// domainShortages lists the resources of which the tasks that may only go to these
// nodes need more than they have.
func domainShortages(p *model.Problem, nodes []int32) []string {
	var lines []string
	need := make([]int64, len(p.Resources))
	var items []int32
	for i := range p.Items {
		item := &p.Items[i]
		if item.Unplaced != model.NoLimit || !within(&p.Domains[item.Domain], nodes) {
			continue
		}
		items = append(items, int32(i))
		for r := range need {
			need[r] += int64(item.Count) * least(p, item, nodes, r)
		}
	}
	for r, resource := range p.Resources {
		have := int64(0)
		for _, j := range nodes {
			have = integer.AddCapped(have, p.Capacity[int(j)*len(p.Resources)+r])
		}
		if need[r] > have {
			where := "may only be on " + names(p.NodeNames, nodes) + ", need"
			if len(nodes) == len(p.NodeNames) {
				where = "must be placed on the nodes, need"
			}
			lines = append(lines, fmt.Sprintf("%s of %s are missing: %s %s %s there, and there are %s",
				p.Amount(r, need[r]-have), resource, tasks(p, items), where, p.Amount(r, need[r]), p.Amount(r, have)))
		}
	}
	return lines
}

// within says whether a domain lies in an ascending list of nodes.
func within(d *model.Domain, nodes []int32) bool {
	inside := 0
	for _, j := range nodes {
		if d.Has(j) {
			inside++
		}
	}
	return inside == d.Size
}

// least is the least that a copy takes of a resource, on any of the nodes that it
// may be on.
func least(p *model.Problem, item *model.Item, nodes []int32, r int) int64 {
	least := int64(-1)
	for _, j := range nodes {
		if !p.Domains[item.Domain].Has(j) {
			continue
		}
		if need := p.Demands[item.Demand].On(j)[r]; least < 0 || need < least {
			least = need
		}
	}
	return max(least, 0)
}

// conflict returns parts of the problem that cannot hold together, and whether
// each of them is needed for that; none where it finds none in time.
func conflict(g *encode.Program, goOn func(work int64) bool) (core []encode.Origin, minimal bool) {
	c := newSwitched(g)
	o := oracle.New()
	if !o.Read(&c.CNF, goOn) || o.Solve(c.literals, goOn) != oracle.No {
		return nil, false
	}
	left := o.Core()
	needed := 0 // the first ones of left are known to be
	for needed < len(left) {
		without := slices.Delete(slices.Clone(left), needed, needed+1)
		switch o.Solve(without, goOn) {
		case oracle.Stopped:
			return c.origins(left), false
		case oracle.Yes:
			needed++
		case oracle.No:
			found := o.Core()
			left = slices.DeleteFunc(without, func(l sat.Lit) bool { return !slices.Contains(found, l) })
		}
	}
	return c.origins(left), true
}

// switched is a program in clauses, each of whose parts has a literal that switches
// it on. Definitions are always on.
type switched struct {
	sat.CNF
	parts    []encode.Origin
	literals []sat.Lit
}

func newSwitched(g *encode.Program) *switched {
	definition := func(r *encode.Row) bool { return r.Origin.Kind == encode.Definition }
	e := sat.NewEncoderOfSome(g, definition)
	c := &switched{}
	of := map[encode.Origin]sat.Lit{}
	for k := range g.Rows {
		r := &g.Rows[k]
		from := e.Len()
		for _, s := range e.Sums(r) {
			e.AddWhole(s)
		}
		var off []sat.Lit
		if !definition(r) {
			part := part(r.Origin)
			on, known := of[part]
			if !known {
				on = e.New()
				of[part] = on
				c.parts, c.literals = append(c.parts, part), append(c.literals, on)
			}
			off = []sat.Lit{-on}
		}
		e.Since(from, func(clause []sat.Lit) { c.Add(append(off, clause...)...) })
	}
	c.Vars = e.Vars
	return c
}

// part is what a user can change as a whole: a rule, not its row for one place.
func part(o encode.Origin) encode.Origin {
	if o.Kind == encode.RuleRow || o.Kind == encode.Apartness {
		o.B = -1
	}
	return o
}

func (c *switched) origins(literals []sat.Lit) []encode.Origin {
	var list []encode.Origin
	for k, on := range c.literals {
		if slices.Contains(literals, on) {
			list = append(list, c.parts[k])
		}
	}
	return list
}

// tell says a conflict in words: what must be placed in one line, then the rest. It is one of the
// problem as it was reduced: that a node is too small for a task, or that tasks of an affinity are
// one item, is no part of it.
func tell(p *model.Problem, core []encode.Origin, minimal bool) []string {
	if len(core) == 0 {
		return nil
	}
	perhaps := ""
	if !minimal {
		perhaps = ", perhaps fewer of them,"
	}
	lines := []string{"these cannot hold together" + perhaps + " given where each task fits and what belongs together (berth explain names all that it rests on):"}
	var items []int32
	capacities := make([][]int32, len(p.Resources)) // nodes by resource
	for _, o := range core {
		switch o.Kind {
		case encode.Assignment:
			items = append(items, o.A)
		case encode.Capacity:
			capacities[o.B] = append(capacities[o.B], o.A)
		}
	}
	if len(items) > 0 {
		lines = append(lines, "  "+tasks(p, items)+" must be placed")
	}
	for _, i := range items {
		if d := &p.Domains[p.Items[i].Domain]; d.Size < len(p.NodeNames) {
			lines = append(lines, "  "+tasks(p, []int32{i})+" may only be on "+names(p.NodeNames, d.Nodes()))
		}
	}
	for r, nodes := range capacities {
		if len(nodes) > 0 {
			lines = append(lines, fmt.Sprintf("  the %s of %s", p.Resources[r], names(p.NodeNames, nodes)))
		}
	}
	for _, o := range core {
		if o.Kind != encode.Assignment && o.Kind != encode.Capacity {
			lines = append(lines, "  "+o.Describe(p))
		}
	}
	return lines
}

// tasks names the tasks of items, such as "tasks a, b and c".
func tasks(p *model.Problem, items []int32) string {
	var labels []string
	for _, i := range items {
		for _, task := range p.TasksOf(i) {
			if name := p.TaskName(task); !slices.Contains(labels, name) {
				labels = append(labels, name)
			}
		}
	}
	return plural("task", labels)
}

func names(all []string, nodes []int32) string {
	labels := make([]string, len(nodes))
	for k, j := range nodes {
		labels[k] = all[j]
	}
	return plural("node", labels)
}

// plural lists at most twelve names.
func plural(word string, list []string) string {
	const most = 12
	switch {
	case len(list) == 1:
		return word + " " + list[0]
	case len(list) > most:
		return fmt.Sprintf("%ss %s and %d more", word, strings.Join(list[:most], ", "), len(list)-most)
	default:
		last := len(list) - 1
		return fmt.Sprintf("%ss %s and %s", word, strings.Join(list[:last], ", "), list[last])
	}
}
