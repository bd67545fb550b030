package conflict

import (
	"slices"

	"berth/encode"
	"berth/encode/sat"
	"berth/model"
	"berth/solvers/sat/oracle"
)

// clauses states for some tasks what their placement must keep. Each part of the
// document has a literal that switches it on. The variables are "at least k replicas
// of task i are on node j". Other tasks are taken not to be there, which asks for less
// as long as the set is closed (see closed).
//
// A capacity over many tasks is written clause by clause, when a placement breaks it.
type clauses struct {
	*statement
	*sat.Encoder
	cnf    sat.CNF // what the encoder says, each clause with its switch
	oracle *oracle.Oracle
	some   []int     // tasks
	first  [][]int32 // by task and node: the variable of k = 1; −1 for a task that is not there
	whole  []sat.Lit // by task: if true, every replica is placed
	on     []sat.Lit // by member: its switch; 0: nothing rests on it
	helper []int32   // by rule: its first helping variable
	lazy   []watched
}

// watched is a capacity that is written when it is broken.
type watched struct {
	member int
	sum    *sat.Lazy
}

// wholeUpTo is the number of clauses up to which a sum is written whole.
const wholeUpTo = 20_000

// newClauses writes the clauses for tasks, which must be closed.
func newClauses(s *statement, some []int) *clauses {
	c := &clauses{statement: s, some: some, oracle: oracle.New(), on: make([]sat.Lit, len(s.members)), first: make([][]int32, len(s.tasks)), whole: make([]sat.Lit, len(s.tasks)), helper: make([]int32, len(s.rules))}
	g := &encode.Program{}
	for _, i := range some {
		c.variables(g, i)
	}
	for k := range s.rules {
		c.helpers(g, k)
	}
	c.Encoder = sat.NewEncoderOfSome(g, func(*encode.Row) bool { return true })
	for k := range g.Rows {
		for _, sum := range c.Sums(&g.Rows[k]) {
			c.AddWhole(sum)
		}
	}
	c.take(0, 0)
	for _, i := range some {
		c.task(i)
	}
	for k := range s.rules {
		c.rule(k)
	}
	for j := range s.nodes {
		c.node(j)
	}
	c.moves()
	c.cnf.Vars = c.Vars
	return c
}

// variables makes those of a task with the rows that give them their meaning: they
// fall from k to k + 1, and no more replicas are placed than there are, but all where
// that is said.
func (c *clauses) variables(g *encode.Program, i int) {
	count := c.tasks[i].count
	row := encode.Row{Sense: encode.AtMost, RHS: int64(count)}
	for range c.nodes {
		first := int32(len(g.Vars))
		c.first[i] = append(c.first[i], first)
		for k := range count {
			v := first + int32(k)
			g.Vars = append(g.Vars, encode.Var{Kind: encode.Copy})
			row.Terms = append(row.Terms, encode.Term{Var: v, Coef: 1})
			if k > 0 {
				g.Rows = append(g.Rows, encode.Row{Sense: encode.AtMost, Terms: []encode.Term{{Var: v, Coef: 1}, {Var: v - 1, Coef: -1}}})
			}
		}
	}
	g.Rows = append(g.Rows, row)
	c.whole[i] = sat.Positive(int32(len(g.Vars)))
	g.Vars = append(g.Vars, encode.Var{Kind: encode.Least})
	all := encode.Row{Sense: encode.AtLeast, Terms: append(slices.Clone(row.Terms), encode.Term{Var: c.whole[i].Var(), Coef: -int64(count)})}
	g.Rows = append(g.Rows, all)
}

// helpers makes the variables that a rule needs beside those of its tasks: of affinity,
// that any of them is placed; of spread, that every place holds at least k.
func (c *clauses) helpers(g *encode.Program, k int) {
	r := &c.rules[k]
	c.helper[k] = int32(len(g.Vars))
	if r.Kind == model.AntiAffinity || c.first[r.Tasks[0]] == nil {
		return
	}
	for n := range c.depth(r) {
		v := int32(len(g.Vars))
		g.Vars = append(g.Vars, encode.Var{Kind: encode.Least})
		if n > 0 {
			g.Rows = append(g.Rows, encode.Row{Sense: encode.AtMost, Terms: []encode.Term{{Var: v, Coef: 1}, {Var: v - 1, Coef: -1}}})
		}
	}
}

// depth is how many helping variables a rule needs.
func (c *clauses) depth(r *rule) int {
	if r.Kind == model.Affinity {
		return 1
	}
	total := 0
	for _, i := range r.Tasks {
		total += c.tasks[i].count
	}
	return total / r.places
}

// has is the literal "at least k replicas of task i are on node j".
func (c *clauses) has(i, j, k int) sat.Lit { return sat.Positive(c.first[i][j] + int32(k-1)) }

// replicas adds to a sum how many replicas of a task are on a node, times a factor.
func (c *clauses) replicas(terms []encode.Term, i, j int, factor int64) []encode.Term {
	for k := range c.tasks[i].count {
		terms = append(terms, encode.Term{Var: c.first[i][j] + int32(k), Coef: factor})
	}
	return terms
}

// take moves what the encoder wrote since a place to the clauses, under a switch; 0:
// it always holds.
func (c *clauses) take(from int, on sat.Lit) {
	c.Since(from, func(clause []sat.Lit) {
		if on != 0 {
			clause = append([]sat.Lit{-on}, clause...)
		}
		c.cnf.Add(clause...)
	})
}

// under returns the switch of a member.
func (c *clauses) under(member int) sat.Lit {
	if c.on[member] == 0 {
		c.on[member] = c.New()
	}
	return c.on[member]
}

// clause adds a clause under the switch of a member.
func (c *clauses) clause(member int, lits ...sat.Lit) {
	c.cnf.Add(append([]sat.Lit{-c.under(member)}, lits...)...)
}

// atMost adds a sum under the switch of a member.
func (c *clauses) atMost(member int, terms []encode.Term, limit int64) {
	on, from := c.under(member), c.Len()
	sum := c.Sum(terms, limit)
	if !c.AddSum(sum, wholeUpTo) {
		if sum = c.Sum(terms, limit); c.members[member].Kind == Capacity {
			c.lazy = append(c.lazy, watched{member, c.NewLazy(sum)})
		} else {
			c.AddWhole(sum)
		}
	}
	c.take(from, on)
}

func (c *clauses) atLeast(member int, terms []encode.Term, limit int64) {
	opposite := slices.Clone(terms)
	for k := range opposite {
		opposite[k].Coef = -opposite[k].Coef
	}
	c.atMost(member, opposite, -limit)
}

// single says under the switch of a member that at most one of the literals is true.
func (c *clauses) single(member int, lits []sat.Lit) {
	const pairwise = 6
	if len(lits) <= pairwise {
		for k, a := range lits {
			for _, b := range lits[:k] {
				c.clause(member, -a, -b)
			}
		}
		return
	}
	seen := lits[0]
	for _, l := range lits[1:] {
		next := c.New()
		c.clause(member, -seen, -l)
		c.clause(member, -seen, next)
		c.clause(member, -l, next)
		seen = next
	}
}

// task states what speaks of one task alone.
func (c *clauses) task(i int) {
	t := &c.tasks[i]
	for kind, set := range t.barred {
		for j, barred := range set {
			if barred {
				c.clause(t.part[kind], -c.has(i, j, 1))
			}
		}
	}
	for j, lost := range c.ofLost {
		if lost >= 0 {
			c.clause(lost, -c.has(i, j, 1))
		}
	}
	if t.must {
		c.clause(t.part[Placed], c.whole[i])
	}
	if apart := t.part[Apart]; apart >= 0 {
		for _, nodes := range c.p.Topologies[t.Apart].Member {
			var lits []sat.Lit
			for _, j := range nodes {
				lits = append(lits, c.has(i, int(j), 1))
				c.clause(apart, -c.has(i, int(j), 2))
			}
			c.single(apart, lits)
		}
	}
}

// present is a literal that is true where a task has a replica in a place of a
// topology; 0 where it has no variables.
func (c *clauses) present(i int, nodes []int32) sat.Lit {
	if c.first[i] == nil {
		return 0
	}
	if len(nodes) == 1 {
		return c.has(i, int(nodes[0]), 1)
	}
	there := c.New()
	for _, j := range nodes {
		c.cnf.Add(-c.has(i, int(j), 1), there)
	}
	return there
}

func (c *clauses) rule(k int) {
	r := &c.rules[k]
	if r.Kind != model.AntiAffinity && c.first[r.Tasks[0]] == nil {
		return
	}
	switch r.Kind {
	case model.AntiAffinity:
		for _, nodes := range c.p.Topologies[r.Topology].Member {
			var lits []sat.Lit
			for _, i := range r.Tasks {
				if l := c.present(int(i), nodes); l != 0 {
					lits = append(lits, l)
				}
			}
			c.single(r.member, lits)
		}
	case model.Affinity:
		c.affinity(k)
	case model.Spread:
		c.spread(k)
	}
}

// affinity: all in one place, and all of them placed where any is.
func (c *clauses) affinity(k int) {
	r := &c.rules[k]
	placed := sat.Positive(c.helper[k])
	var places []sat.Lit
	for _, nodes := range c.p.Topologies[r.Topology].Member {
		here := c.New()
		places = append(places, here)
		for _, i := range r.Tasks {
			for _, j := range nodes {
				c.cnf.Add(-c.has(int(i), int(j), 1), here)
				c.cnf.Add(-c.has(int(i), int(j), 1), placed)
			}
		}
	}
	c.single(r.member, places)
	for _, i := range r.Tasks {
		c.clause(r.member, -placed, c.whole[i])
	}
}

// spread: with L the smallest count, every count is from L to L + maxSkew.
func (c *clauses) spread(k int) {
	r := &c.rules[k]
	var least []encode.Term
	for n := range c.depth(r) {
		least = append(least, encode.Term{Var: c.helper[k] + int32(n), Coef: -1})
	}
	for _, nodes := range c.p.Topologies[r.Topology].Member {
		terms := slices.Clone(least)
		for _, i := range r.Tasks {
			for _, j := range nodes {
				terms = c.replicas(terms, int(i), int(j), 1)
			}
		}
		c.atMost(r.member, terms, r.MaxSkew)
		c.atLeast(r.member, terms, 0)
	}
}

// node states capacities and the uplink of a node.
func (c *clauses) node(j int) {
	for r := range c.resources {
		limit, most := c.capacity[j*c.resources+r], int64(0)
		var terms []encode.Term
		for _, i := range c.some {
			t := &c.tasks[i]
			need := t.Demand.On(int32(j))[r]
			if need == 0 {
				continue
			}
			fit := min(int64(t.count), limit/need)
			if fit < int64(t.count) {
				c.clause(c.ofCapacity[j*c.resources+r], -c.has(i, j, int(fit)+1))
			}
			most += fit * need
			terms = c.replicas(terms, i, j, need)
		}
		if most > limit {
			c.atMost(c.ofCapacity[j*c.resources+r], terms, limit)
		}
	}
	if c.ofUplink[j] < 0 {
		return
	}
	var terms []encode.Term
	total := int64(0)
	for _, i := range c.some {
		for _, read := range c.tasks[i].Reads {
			if int(read.Node) == j {
				total += read.Reads
				terms = append(terms, encode.Term{Var: c.first[i][j], Coef: read.Reads})
			}
		}
	}
	if total > c.uplink[j] {
		c.atLeast(c.ofUplink[j], terms, total-c.uplink[j])
	}
}

// moves: enough replicas stay. Those that a node runs today are its first ones.
func (c *clauses) moves() {
	if c.stay == 0 {
		return
	}
	var terms []encode.Term
	for _, i := range c.some {
		seen := map[int32]int{}
		for _, j := range c.tasks[i].Current {
			if seen[j]++; seen[j] <= c.tasks[i].count {
				terms = append(terms, encode.Term{Var: c.first[i][j] + int32(seen[j]-1), Coef: 1})
			}
		}
	}
	c.atLeast(c.ofMoves, terms, int64(c.stay))
}

// solve asks whether the members that are not off can hold together. After a yes the
// placement is in the oracle, after a no core lists members that cannot.
func (c *clauses) solve(off []bool, goOn func(int64) bool) (answer oracle.Answer, core []int) {
	var assumed []sat.Lit
	for m, on := range c.on {
		if on != 0 && !off[m] {
			assumed = append(assumed, on)
		}
	}
	for c.oracle.Read(&c.cnf, goOn) {
		answer = c.oracle.Solve(assumed, goOn)
		switch {
		case answer == oracle.No:
			named := c.oracle.Core()
			for m, on := range c.on {
				if on != 0 && slices.Contains(named, on) {
					core = append(core, m)
				}
			}
			return oracle.No, core
		case answer == oracle.Stopped || !c.forbid(off):
			return answer, nil
		}
	}
	return oracle.Stopped, nil
}

// forbid writes clauses against what a placement breaks, and says whether it did.
func (c *clauses) forbid(off []bool) bool {
	broken := false
	for _, w := range c.lazy {
		from := c.Len()
		if !off[w.member] && w.sum.Forbid(c.oracle.Value) {
			broken = true
			c.take(from, c.on[w.member])
		}
	}
	c.cnf.Vars = c.Vars
	return broken
}

// placement reads the nodes of the tasks' replicas into at.
func (c *clauses) placement(at []int32) {
	for _, i := range c.some {
		next := c.tasks[i].Replicas.From
		for j := range c.nodes {
			for k := 1; k <= c.tasks[i].count && c.oracle.Value(c.has(i, j, k)); k++ {
				at[next] = int32(j)
				next++
			}
		}
	}
}
