package conflict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/model"
	"berth/model/integer"
)

// Way is a set of changes to a document, all of which are needed, after which it has a
// placement.
type Way struct {
	Changes   []Change
	Placement []model.TaskNodes // which the judge has seen
}

// Change takes a part of a document back as far as it must be.
type Change struct {
	Member
	Add   string   // Capacity, Uplink: how much more
	Allow []string // Selector: nodes to be allowed beside its own
	Limit int      // Moves, and Rule for a spread: the new limit; 0: the rule goes
	Least bool     // less would not do, the changes before this one taken as they are
}

// waysOut looks for the smallest sets of members without which the others can hold
// together, the first conflict being known. Sets are tried by size, of one size those
// first that are cheaper by kind; each that does not suffice shows a conflict, and one
// of its members has to go as well. It goes on to larger sets until there is a way that
// leaves no task out. exhausted says that no way of the smallest size is missing. Where
// the work is done before there is a way, the spare work goes into any.
func (d *decider) waysOut(core []int, most int, spare func(int64) bool) (ways []Way, exhausted bool, err error) {
	exhausted = true
	var found []set
	tried := map[string]bool{}
	kept := 0 // of those found, how many leave no task out
	for level := extended(nil, core, tried); len(level) > 0 && kept == 0; {
		var next [][]int
		slices.SortStableFunc(level, d.byKind)
		for _, gone := range level {
			if slices.ContainsFunc(found, func(f set) bool { return containsAll(gone, f.gone) }) {
				continue
			}
			if kept >= most || !d.goOn(1) {
				exhausted = false
				break
			}
			switch answer := d.decide(d.without(gone)); answer.verdict {
			case yes:
				found = append(found, set{gone, answer.at})
				if d.keepsTasks(gone) {
					kept++
				}
			case no:
				next = append(next, extended(gone, answer.core, tried)...)
			default:
				exhausted = exhausted && len(found) > 0 && len(gone) > len(found[0].gone)
			}
		}
		if level = next; !d.goOn(1) {
			break
		}
	}
	if len(found) == 0 {
		d.goOn = spare
		found = d.descend(core)
	}
	for _, f := range d.pick(found, most) {
		way, err := d.way(f)
		if err != nil {
			return nil, false, err
		}
		ways = append(ways, way)
	}
	slices.SortStableFunc(ways, d.cheaper)
	return ways, exhausted && len(ways) == len(found), nil
}

// descend takes one member out of each conflict until none is left, and then back in what
// need not be out: a set of which no part is enough, but perhaps not the smallest.
func (d *decider) descend(core []int) []set {
	var f set
	for f.at == nil {
		first := slices.MinFunc(core, func(a, b int) int { return int(d.members[a].Kind) - int(d.members[b].Kind) })
		f.gone = append(f.gone, first)
		switch answer := d.decide(d.without(f.gone)); answer.verdict {
		case yes:
			f.at = answer.at
		case no:
			core = answer.core
		default:
			return nil
		}
	}
	for n := 0; n < len(f.gone) && len(f.gone) > 1; {
		fewer := slices.Delete(slices.Clone(f.gone), n, n+1)
		if answer := d.decide(d.without(fewer)); answer.verdict == yes {
			f = set{fewer, answer.at}
			continue
		}
		n++
	}
	slices.Sort(f.gone)
	return []set{f}
}

// set is a set of members without which the others can hold together, as a placement
// shows.
type set struct {
	gone []int
	at   []int32
}

// byKind orders sets of members by their kinds.
func (d *decider) byKind(a, b []int) int {
	kinds := func(set []int) []Kind {
		var list []Kind
		for _, m := range set {
			list = append(list, d.members[m].Kind)
		}
		slices.Sort(list)
		slices.Reverse(list)
		return list
	}
	return slices.Compare(kinds(a), kinds(b))
}

// extended adds each member of a conflict to a set, and returns those that are new.
func extended(gone, core []int, tried map[string]bool) [][]int {
	var sets [][]int
	for _, m := range core {
		set := append(slices.Clone(gone), m)
		slices.Sort(set)
		if key := fmt.Sprint(set); !tried[key] {
			tried[key] = true
			sets = append(sets, set)
		}
	}
	return sets
}

func (d *decider) keepsTasks(gone []int) bool {
	return !slices.ContainsFunc(gone, func(m int) bool { return d.members[m].Kind == Placed })
}

// pick takes the first sets, those last that leave tasks out.
func (d *decider) pick(found []set, most int) []set {
	var keep, lose []set
	for _, f := range found {
		if d.keepsTasks(f.gone) {
			keep = append(keep, f)
		} else {
			lose = append(lose, f)
		}
	}
	keep = keep[:min(len(keep), most)]
	return append(keep, lose[:min(len(lose), max(most-len(keep), 0))]...)
}

func (d *decider) without(gone []int) []bool {
	off := make([]bool, len(d.members))
	for _, m := range gone {
		off[m] = true
	}
	return off
}

// way finds the least change of each member that goes: one after the other, those
// behind it gone altogether, those before it changed as little as was found.
func (d *decider) way(f set) (Way, error) {
	e := &decider{statement: d.statement, goOn: d.goOn, each: d.each, suspects: d.suspects, last: d.last}
	off := d.without(f.gone)
	at := f.at
	var w Way
	for _, m := range f.gone {
		change := Change{Member: d.members[m], Least: true}
		var needed bool
		if e, at, needed = e.relent(m, off, at, &change); needed {
			w.Changes = append(w.Changes, change)
		}
	}
	w.Placement = d.p.PlacementOf(at)
	return w, w.judge(d.in)
}

// judge holds the placement against the document with the changes.
func (w *Way) judge(in *model.Instance) error {
	changed, err := w.Apply(in)
	if err != nil {
		return err
	}
	p, err := model.Compile(changed)
	if err != nil {
		return err
	}
	if _, ok := p.Recost(&model.Solution{Placement: w.Placement}); !ok {
		return fmt.Errorf("conflict: the judge refuses the way out %+v", w.Changes)
	}
	return nil
}

// relent turns a member on again, changed as little as it must be, and returns the
// decider of the changed statement with a placement for it. What can only go as a whole
// stays off. needed is false where the placement keeps the member as it is.
func (e *decider) relent(m int, off []bool, at []int32, change *Change) (next *decider, then []int32, needed bool) {
	var low, high, step int64 // the change is above low, at most high
	var with func(s *statement, value int64)
	switch f := e.members[m]; f.Kind {
	case Capacity:
		k := slices.Index(e.ofCapacity, m)
		r := k % e.resources
		low, high, step = e.capacity[k], 0, 0
		for i := range e.tasks {
			t := &e.tasks[i]
			need := t.Demand.On(int32(f.Node))[r]
			step = integer.GCD(step, need)
			for _, j := range at[t.Replicas.From:t.Replicas.To] {
				if int(j) == f.Node {
					high += need
				}
			}
		}
		with = func(s *statement, value int64) {
			s.capacity = slices.Clone(s.capacity)
			s.capacity[k] = value
		}
	case Uplink:
		low, step = e.uplink[f.Node], 0
		for i := range e.tasks {
			t := &e.tasks[i]
			for _, read := range t.Reads {
				if int(read.Node) != f.Node {
					continue
				}
				step = integer.GCD(step, read.Reads)
				if !slices.Contains(at[t.Replicas.From:t.Replicas.To], read.Node) {
					high += read.Reads
				}
			}
		}
		with = func(s *statement, value int64) {
			s.uplink = slices.Clone(s.uplink)
			s.uplink[f.Node] = value
		}
	case Moves:
		running := int64(e.stay + *e.in.Given.MaxMoves)
		low, high, step = int64(*e.in.Given.MaxMoves), running, 1
		with = func(s *statement, value int64) { s.stay = int(running - value) }
	case Rule:
		k := slices.IndexFunc(e.rules, func(r rule) bool { return r.member == m })
		r := &e.rules[k]
		if r.Kind != model.Spread {
			return e, at, true
		}
		low, high, step = r.MaxSkew, skew(e.statement, r, at), 1
		with = func(s *statement, value int64) {
			s.rules = slices.Clone(s.rules)
			s.rules[k].MaxSkew = value
		}
	case Selector:
		next, then = e.widen(m, off, at, change)
		return next, then, len(change.Allow) > 0
	default:
		return e, at, true
	}
	off[m] = false
	if high <= low {
		return e, at, false
	}
	value, next, at, least := e.least(low, high, max(step, 1), off, at, with)
	change.Least = least
	switch e.members[m].Kind {
	case Capacity:
		change.Add = e.p.Amount(slices.Index(e.p.Resources, change.Resource), value-low)
	case Uplink:
		change.Add = model.Decimal(value - low).String()
	default:
		change.Limit = int(value)
	}
	return next, at, true
}

// least finds the least value at which a changed statement can hold together: not low,
// surely high. Values count in steps from 0.
func (e *decider) least(low, high, step int64, off []bool, at []int32, with func(*statement, int64)) (int64, *decider, []int32, bool) {
	changed := func(value int64) *decider {
		s := *e.statement
		with(&s, value)
		return &decider{statement: &s, goOn: e.goOn, each: e.each, suspects: e.suspects, last: at}
	}
	below, value := low/step, high/step
	if high%step != 0 {
		value++
	}
	exact := true
	for below+1 < value {
		middle := below + (value-below)/2
		switch answer := changed(middle * step).decide(off); answer.verdict {
		case yes:
			value, at = middle, answer.at
		case no:
			below = middle
		default:
			below, exact = middle, false
		}
	}
	return value * step, changed(value * step), at, exact
}

// widen looks for the fewest nodes that a selector has to allow as well: for one, then
// for as few of those that the placement uses as will do.
func (e *decider) widen(m int, off []bool, at []int32, change *Change) (*decider, []int32) {
	i := change.Task
	t := &e.tasks[i]
	var used []int
	for _, j := range at[t.Replicas.From:t.Replicas.To] {
		if j != model.NoPlace && t.barred[Selector][j] && !slices.Contains(used, int(j)) {
			used = append(used, int(j))
		}
	}
	allowing := func(nodes []int) *decider {
		s := *e.statement
		s.tasks = slices.Clone(s.tasks)
		set := slices.Clone(t.barred[Selector])
		for _, j := range nodes {
			set[j] = false
		}
		s.tasks[i].barred[Selector] = set
		return &decider{statement: &s, goOn: e.goOn, each: e.each, suspects: e.suspects, last: at}
	}
	off[m] = false
	if len(used) > 1 {
		for j := range e.nodes {
			if !t.barred[Selector][j] {
				continue
			}
			answer := allowing([]int{j}).decide(off)
			if answer.verdict == yes {
				used, at = []int{j}, answer.at
				break
			}
			change.Least = change.Least && answer.verdict == no
		}
	}
	for n := 0; n < len(used) && len(used) > 1; {
		fewer := slices.Delete(slices.Clone(used), n, n+1)
		if answer := allowing(fewer).decide(off); answer.verdict == yes {
			used, at = fewer, answer.at
			continue
		}
		n++
	}
	change.Least = len(used) <= 2 && change.Least // a pair is the fewest where no one node will do
	for _, j := range used {
		change.Allow = append(change.Allow, e.p.NodeNames[j])
	}
	slices.Sort(change.Allow)
	return allowing(used), at
}

// skew is how uneven a placement spreads the tasks of a rule.
func skew(s *statement, r *rule, at []int32) int64 {
	count := make([]int64, r.places)
	for _, i := range r.Tasks {
		t := &s.tasks[i]
		for _, j := range at[t.Replicas.From:t.Replicas.To] {
			if j != model.NoPlace {
				count[r.place[j]]++
			}
		}
	}
	return slices.Max(count) - slices.Min(count)
}

// cheaper orders ways: by the number of changes, then by kinds, then by the share of
// the node's capacity that is added.
func (d *decider) cheaper(a, b Way) int {
	share := func(w Way) float64 {
		sum := 0.0
		for _, c := range w.Changes {
			if c.Kind == Capacity {
				add, _ := model.ParseQuantity(c.Add)
				sum += value(add) / max(value(d.in.Nodes[c.Node].Capacity.Of(c.Resource)), 1e-9)
			}
		}
		return sum
	}
	return cmp.Or(
		len(a.Changes)-len(b.Changes),
		slices.CompareFunc(a.Changes, b.Changes, func(x, y Change) int { return int(x.Kind) - int(y.Kind) }),
		cmp.Compare(share(a), share(b)),
	)
}

func value(q model.Quantity) float64 { return float64(q.Units) + float64(q.Nanos)/1e9 }

// Apply returns the document with the changes made.
func (w *Way) Apply(in *model.Instance) (*model.Instance, error) {
	var gone []Member
	for _, c := range w.Changes {
		if c.Add == "" && c.Allow == nil && c.Limit == 0 {
			gone = append(gone, c.Member)
		}
	}
	out, err := Without(in, gone)
	if err != nil {
		return nil, err
	}
	for _, c := range w.Changes {
		switch {
		case c.Kind == Capacity:
			more, err := model.ParseQuantity(c.Add)
			if err != nil {
				return nil, err
			}
			total, ok := in.Nodes[c.Node].Capacity.Of(c.Resource).Plus(more)
			if !ok {
				return nil, fmt.Errorf("conflict: %s more of %s on node %s does not fit 64 bits", c.Add, c.Resource, in.Nodes[c.Node].Name)
			}
			setCapacity(out, c.Node, c.Resource, total)
		case c.Kind == Uplink:
			more, err := model.ParseDecimal(c.Add)
			if err != nil {
				return nil, err
			}
			up := *out.Nodes[c.Node].Uplink + more
			out.Nodes[c.Node].Uplink = &up
		case c.Kind == Moves:
			out.Given.MaxMoves = &c.Limit
		case c.Kind == Rule && c.Limit > 0:
			out.Rules = slices.Clone(out.Rules)
			at := c.Rule
			for _, g := range gone {
				if g.Kind == Rule && g.Rule < c.Rule {
					at--
				}
			}
			out.Rules[at].MaxSkew = c.Limit
		case c.Kind == Selector:
			out.Tasks[c.Task].On = &model.Selector{Nodes: allowed(in, c)}
		}
	}
	return out, nil
}

// allowed lists the nodes of a selector with those that are to be allowed as well.
func allowed(in *model.Instance, c Change) []string {
	on := in.Tasks[c.Task].On
	nodes := slices.Clone(c.Allow)
	for j := range in.Nodes {
		n := &in.Nodes[j]
		match := on.Labels != nil
		for _, l := range on.Labels {
			value, ok := n.Label(l.Key)
			match = match && ok && value == l.Value
		}
		if match || slices.Contains(on.Nodes, n.Name) {
			nodes = append(nodes, n.Name)
		}
	}
	return nodes
}

// Text says the change in words, such as "add 2Gi of memory to node n1".
func (c *Change) Text(in *model.Instance) string {
	switch c.Kind {
	case Capacity:
		return fmt.Sprintf("add %s of %s to node %s", c.Add, c.Resource, in.Nodes[c.Node].Name)
	case Uplink:
		return fmt.Sprintf("let node %s send out %s reads more", in.Nodes[c.Node].Name, c.Add)
	case Moves:
		return fmt.Sprintf("let %d replicas leave where they run today", c.Limit)
	case Lost:
		return fmt.Sprintf("bring node %s back", in.Nodes[c.Node].Name)
	case Rule:
		if c.Limit > 0 {
			return fmt.Sprintf("raise maxSkew to %d: %s", c.Limit, ruleText(&in.Rules[c.Rule]))
		}
		return "drop the rule: " + ruleText(&in.Rules[c.Rule])
	}
	t := &in.Tasks[c.Task]
	switch c.Kind {
	case Fix, Forbid:
		return fmt.Sprintf("do not %s task %s", strings.ToLower([...]string{Fix: "fix", Forbid: "forbid nodes to"}[c.Kind]), t.Name)
	case Selector:
		return fmt.Sprintf("allow task %s on %s as well", t.Name, some("node", c.Allow))
	case Apart:
		return fmt.Sprintf("let replicas of task %s share a %s", t.Name, t.Apart)
	case Reach:
		return fmt.Sprintf("link the homes of task %s to other nodes, or fetch its data at a stated price", t.Name)
	default:
		return fmt.Sprintf("leave task %s out", t.Name)
	}
}
