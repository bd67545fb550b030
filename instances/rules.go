package instances

import (
	"math/rand/v2"
	"slices"

	"berth/model"
)

// ruleTries is how often the tasks of a rule are drawn anew when they do not suit
// the planted placement; after that there is one rule less.
const ruleTries = 20

// makeAffinity binds two or three tasks to one place each time, before anything is
// planted. Unless the instance is loose, a task is in one such rule at most, and
// none of its tasks is kept apart, so that they can be planted together.
func (g *plan) makeAffinity() {
	rng := g.stream(streamAffinity)
	g.group = map[int][]int32{}
	topologies := g.topologies()
	for range g.Affinity {
		topology := topologies[rng.IntN(len(topologies))]
		for range ruleTries {
			tasks := pick(rng, g.Tasks, 2+rng.IntN(2))
			if g.Loose == 0 {
				tasks = slices.DeleteFunc(tasks, func(t int) bool {
					return g.group[t] != nil || g.in.Tasks[t].Apart != ""
				})
			}
			if len(tasks) > 1 {
				g.bind(rng, tasks, topology)
				break
			}
		}
	}
}

// bind adds an affinity rule and has its tasks planted in one random place.
func (g *plan) bind(rng *rand.Rand, tasks []int, topology string) {
	g.rule(model.Rule{Kind: model.Affinity, Topology: topology}, tasks)
	if g.Loose == 1 {
		return
	}
	place := int32(rng.IntN(g.places(topology)))
	var nodes []int32
	for j, p := range g.place[topology] {
		if p == place {
			nodes = append(nodes, int32(j))
		}
	}
	for _, t := range tasks {
		g.group[t] = nodes
	}
}

// rule adds a rule over tasks.
func (g *plan) rule(r model.Rule, tasks []int) {
	for _, t := range tasks {
		r.Tasks = append(r.Tasks, g.in.Tasks[t].Name)
	}
	g.in.Rules = append(g.in.Rules, r)
}

// makeAntiAffinity keeps two or three tasks apart each time; the planted placement
// must do so already, unless the instance is loose.
func (g *plan) makeAntiAffinity() {
	rng := g.stream(streamAntiAffinity)
	topologies := g.topologies()
	for range g.AntiAffinity {
		for range ruleTries {
			topology := topologies[rng.IntN(len(topologies))]
			tasks := pick(rng, g.Tasks, 2+rng.IntN(2))
			if len(tasks) > 1 && (g.Loose == 1 || g.disjoint(tasks, topology)) {
				g.rule(model.Rule{Kind: model.AntiAffinity, Topology: topology}, tasks)
				break
			}
		}
	}
}

// disjoint reports whether no place holds planted replicas of two of the tasks.
func (g *plan) disjoint(tasks []int, topology string) bool {
	owner := map[int32]int{}
	for _, t := range tasks {
		for _, node := range g.planted(t) {
			place := g.place[topology][node]
			if other, taken := owner[place]; taken && other != t {
				return false
			}
			owner[place] = t
		}
	}
	return true
}

// makeSpread asks for replicas to be spread as evenly as the planted ones are, or
// evenly but for one or two, where the instance is loose.
func (g *plan) makeSpread() {
	rng := g.stream(streamSpread)
	topologies := g.topologies()
	for range g.Spread {
		topology := topologies[rng.IntN(len(topologies))]
		tasks := pick(rng, g.Tasks, 1+rng.IntN(2))
		skew := 1 + rng.IntN(2)
		if g.Loose == 0 {
			skew = max(1, g.skew(tasks, topology))
		}
		g.rule(model.Rule{Kind: model.Spread, Topology: topology, MaxSkew: skew}, tasks)
	}
}

// skew is by how much the numbers of planted replicas by place differ.
func (g *plan) skew(tasks []int, topology string) int {
	count := make([]int, g.places(topology))
	for _, t := range tasks {
		for _, node := range g.planted(t) {
			count[g.place[topology][node]]++
		}
	}
	return slices.Max(count) - slices.Min(count)
}

// makeWishes adds rules of any kind that may be broken at a price.
func (g *plan) makeWishes() {
	rng := g.stream(streamWishes)
	topologies := g.topologies()
	for range g.Wishes {
		weight := g.price(rng, 20)
		r := model.Rule{
			Kind:     []model.RuleKind{model.Affinity, model.AntiAffinity, model.Spread}[rng.IntN(3)],
			Topology: topologies[rng.IntN(len(topologies))],
			Weight:   &weight,
		}
		least := 2
		if r.Kind == model.Spread {
			r.MaxSkew, least = 1, 1
		}
		g.rule(r, pick(rng, g.Tasks, least+rng.IntN(2)))
	}
}

// makeSelectors limits some tasks to nodes with a label, or to named nodes, that
// the planted ones are among.
func (g *plan) makeSelectors() {
	rng := g.stream(streamSelectors)
	for t := range g.in.Tasks {
		if !chance(rng, g.Selectors) {
			continue
		}
		nodes := g.planted(t)
		if g.Loose == 1 {
			nodes = []int32{int32(rng.IntN(g.Nodes))}
		}
		labels := g.in.Nodes[nodes[0]].Labels
		label := labels[rng.IntN(len(labels))]
		shared := !slices.ContainsFunc(nodes, func(j int32) bool {
			value, _ := g.in.Nodes[j].Label(label.Key)
			return value != label.Value
		})
		if shared && chance(rng, 60) {
			g.in.Tasks[t].On = &model.Selector{Labels: []model.Label{label}}
			continue
		}
		named := slices.Clone(nodes)
		for _, node := range pick(rng, g.Nodes, 1+min(g.Nodes/3, 9)) {
			named = append(named, int32(node))
		}
		slices.Sort(named)
		g.in.Tasks[t].On = &model.Selector{Nodes: g.namesOf(slices.Compact(named))}
	}
}

func (g *plan) namesOf(nodes []int32) []string {
	list := make([]string, len(nodes))
	for k, node := range nodes {
		list[k] = g.nodes[node]
	}
	return list
}
