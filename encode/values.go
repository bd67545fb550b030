package encode

import "berth/model"

// Values sets every variable as the placement has it: then every row holds where
// the placement is feasible, and the objective is its cost. O(variables + copies ·
// topologies).
func (g *Program) Values(pl model.Placement) []bool {
	m := measure(g.Problem, pl)
	values := make([]bool, len(g.Vars))
	for v := range g.Vars {
		values[v] = m.holds(&g.Vars[v])
	}
	return values
}

// Objective returns the cost of an assignment of the variables, in units.
func (g *Program) Objective(values []bool) int64 {
	cost := g.Offset
	for v := range g.Vars {
		if values[v] {
			cost += g.Vars[v].Cost
		}
	}
	return cost
}

// Written returns the objective of an answer as it stands, in units.
func (g *Program) Written(a *Answer) int64 {
	cost := g.Offset
	for v := range g.Vars {
		cost += g.Vars[v].Cost * a.Number(int32(v))
	}
	return cost
}

// measures are the facts of a placement that variables speak of.
type measures struct {
	p      *model.Problem
	pl     model.Placement
	count  map[placeKey]int32
	placed []int32 // copies by item
	used   []bool  // by node
	homes  map[int32]int32
	crowds map[placeKey]int32 // by wish and place
	ranges map[int32][2]int64
	steps  []shareStep // of pair
	pair   int32
}

func measure(p *model.Problem, pl model.Placement) *measures {
	m := &measures{
		p: p, pl: pl, pair: -1,
		count:  map[placeKey]int32{},
		placed: make([]int32, len(p.Items)),
		used:   make([]bool, len(p.NodeNames)),
		homes:  map[int32]int32{},
		crowds: map[placeKey]int32{},
		ranges: map[int32][2]int64{},
	}
	for i := range p.Items {
		for _, node := range m.nodes(int32(i)) {
			if node == model.NoPlace {
				continue
			}
			m.placed[i]++
			m.used[node] = true
			for t := range p.Topologies {
				m.count[placeKey{int32(i), int32(t), p.Topologies[t].Place[node]}]++
			}
		}
	}
	return m
}

// nodes lists where the copies of an item are.
func (m *measures) nodes(i int32) []int32 {
	it := &m.p.Items[i]
	return m.pl[it.First : it.First+it.Count]
}

// holds says whether what a variable means is so.
func (m *measures) holds(v *Var) bool {
	switch v.Kind {
	case Copy, InPlace:
		return m.count[placeKey{v.Item, v.Topology, v.Place}] >= v.Nth
	case Out:
		return m.p.Items[v.Item].Count-m.placed[v.Item] >= v.Nth
	case Opened:
		return m.used[v.Place]
	case Gathered:
		return m.home(v.Item) == v.Place
	case Stray:
		return m.home(v.Item) != v.Place && m.count[placeKey{m.member(v), v.Topology, v.Place}] > 0
	case Complete:
		i := m.member(v)
		return m.home(v.Item) == v.Place && m.count[placeKey{i, v.Topology, v.Place}] == m.p.Items[i].Count
	case Torn:
		i := m.member(v)
		return m.count[placeKey{i, v.Topology, m.home(v.Item)}] < m.placed[i]
	case Clash:
		return m.clash(v)
	case Crowd:
		return m.together(v) >= v.Nth
	case Least:
		return m.smallestLargest(v.Item)[0] >= int64(v.Nth)
	case Above:
		r := &m.p.Constraints[v.Item]
		s := m.smallestLargest(v.Item)
		return s[1]-s[0]-r.MaxSkew/spreadUnit(r) >= int64(v.Nth)
	default:
		return m.traffic(v)
	}
}

// member returns the item of a variable's member, Nth counted from 1.
func (m *measures) member(v *Var) int32 { return m.p.Constraints[v.Item].Members[v.Nth-1].Item }

func (m *measures) clash(v *Var) bool {
	other := m.p.Constraints[v.Item].Members[v.Place].Item
	place := m.p.Topologies[v.Topology].Place
	for _, node := range m.nodes(m.member(v)) {
		if node != model.NoPlace && m.count[placeKey{other, v.Topology, place[node]}] > 0 {
			return true
		}
	}
	return false
}

// together counts the members of a crowd in a place.
func (m *measures) together(v *Var) int32 {
	key := placeKey{v.Item, v.Topology, v.Place}
	if n, known := m.crowds[key]; known {
		return n
	}
	r, n := &m.p.Constraints[v.Item], int32(0)
	for k, counted := range crowd(m.p, r) {
		if counted && m.count[placeKey{r.Members[k].Item, v.Topology, v.Place}] > 0 {
			n++
		}
	}
	m.crowds[key] = n
	return n
}

// home returns the place of an affinity group: the first that holds the most of
// its tasks whole; -1 if none holds any.
func (m *measures) home(c int32) int32 {
	if place, known := m.homes[c]; known {
		return place
	}
	r := &m.p.Constraints[c]
	best, whole := int32(-1), int64(0)
	for place := range int32(len(m.p.Topologies[r.Topology].Member)) {
		tasks := int64(0)
		for _, member := range r.Members {
			n := m.count[placeKey{member.Item, r.Topology, place}]
			if n > 0 && n == m.placed[member.Item] {
				tasks += member.Times
			}
		}
		if tasks > whole {
			best, whole = place, tasks
		}
	}
	m.homes[c] = best
	return best
}

// smallestLargest returns the least and the greatest count of a spread, in its
// unit.
func (m *measures) smallestLargest(c int32) [2]int64 {
	if s, known := m.ranges[c]; known {
		return s
	}
	r := &m.p.Constraints[c]
	unit := spreadUnit(r)
	var s [2]int64
	for place := range int32(len(m.p.Topologies[r.Topology].Member)) {
		n := int64(0)
		for _, member := range r.Members {
			n += member.Times / unit * int64(m.count[placeKey{member.Item, r.Topology, place}])
		}
		if place == 0 {
			s = [2]int64{n, n}
		}
		s = [2]int64{min(s[0], n), max(s[1], n)}
	}
	m.ranges[c] = s
	return s
}

func (m *measures) traffic(v *Var) bool {
	pair := m.p.Pairs[v.Item]
	if v.Kind == Across {
		return m.count[placeKey{pair.A, 0, v.Place}] > 0 && m.count[placeKey{pair.B, 0, v.Nth - 1}] > 0
	}
	if v.Kind == Cut {
		a, b := oriented(m.p, v.Item)
		return m.placed[b] > 0 && m.count[placeKey{a, v.Topology, v.Place}] > 0 &&
			m.count[placeKey{b, v.Topology, v.Place}] == 0
	}
	if m.pair != v.Item {
		m.pair, m.steps = v.Item, shareSteps(m.p, v.Item)
	}
	step := m.steps[v.Nth-1]
	if v.Kind == Flow {
		return m.placed[pair.A] >= step.a && m.placed[pair.B] >= step.b
	}
	return m.count[placeKey{pair.A, v.Topology, v.Place}] >= step.a &&
		m.count[placeKey{pair.B, v.Topology, v.Place}] >= step.b
}
