package model_test

import (
	"math/big"
	"slices"

	"berth/model"
)

// plainJudge costs a placement straight from the document, in rationals, as
// docs/format.md states the cost, and says whether every rule holds, and the limit of moves
// that is given beside the document. It shares nothing with Compile and Evaluate, which are
// tested against it.
type plainJudge struct {
	in *model.Instance
	at map[string][]string // nodes by task and replica; "" is left out
}

func rat(d model.Decimal) *big.Rat { return big.NewRat(int64(d), 1_000_000) }

func ratOf(q model.Quantity) *big.Rat {
	r := new(big.Rat).SetInt64(q.Units)
	return r.Add(r, big.NewRat(int64(q.Nanos), 1_000_000_000))
}

func (g plainJudge) node(name string) *model.Node {
	for j := range g.in.Nodes {
		if g.in.Nodes[j].Name == name {
			return &g.in.Nodes[j]
		}
	}
	panic("no node " + name)
}

// place is the value of a topology key on a node, unique where it has no label.
func (g plainJudge) place(key, node string) string {
	if key == "" || key == "node" {
		return "node " + node
	}
	if v, ok := g.node(node).Label(key); ok {
		return "label " + v
	}
	return "node " + node
}

// changes counts the replicas that run today and elsewhere here, and those that are left out: of each
// task as many move as were not on their node before, but no more than ran at all.
func (g plainJudge) changes() (moved, out int) {
	for i := range g.in.Tasks {
		t := &g.in.Tasks[i]
		left, came := slices.Clone(t.Current), 0
		for _, n := range g.at[t.Name] {
			switch k := slices.Index(left, n); {
			case n == "":
				out++
			case k >= 0:
				left = slices.Delete(left, k, k+1)
			default:
				came++
			}
		}
		moved += min(came, len(left))
	}
	return moved, out
}

func (g plainJudge) cost() *big.Rat {
	sum := new(big.Rat)
	add := func(weight model.Decimal, v *big.Rat) {
		sum.Add(sum, new(big.Rat).Mul(rat(weight), v))
	}
	one := model.Decimal(1_000_000)
	for i := range g.in.Tasks {
		t := &g.in.Tasks[i]
		placed, stay := 0, 0
		today := slices.Clone(t.Current)
		for _, n := range g.at[t.Name] {
			if n == "" {
				add(one, rat(*t.Unplaced))
				continue
			}
			placed++
			if k := slices.Index(today, n); k >= 0 {
				today = slices.Delete(today, k, k+1)
				stay++
			}
			if v := g.fetch(t, n); v != nil {
				add(g.in.Weights.Fetch, v)
			}
		}
		if len(t.Current) > 0 {
			price := one
			if t.MoveCost != nil {
				price = *t.MoveCost
			}
			add(g.in.Weights.Move, new(big.Rat).Mul(rat(price), big.NewRat(int64(placed-stay), 1)))
		}
		for _, r := range t.Reads {
			if !slices.Contains(g.at[t.Name], r.Node) {
				price := one
				if t.Fetch != nil {
					price = t.Fetch.Rest
				}
				add(g.in.Weights.Fetch, new(big.Rat).Mul(rat(price), rat(r.Reads)))
			}
		}
	}
	for j := range g.in.Nodes {
		for _, nodes := range g.at {
			if slices.Contains(nodes, g.in.Nodes[j].Name) {
				add(g.in.Weights.Open, rat(g.in.Nodes[j].OpenCost))
				break
			}
		}
	}
	for _, t := range g.in.Traffic {
		add(g.in.Weights.Traffic, new(big.Rat).Mul(rat(t.Volume), g.distance(t.Between[0], t.Between[1])))
	}
	for k := range g.in.Rules {
		if r := &g.in.Rules[k]; r.Weight != nil {
			add(*r.Weight, big.NewRat(int64(g.broken(r)), 1))
		}
	}
	return sum
}

// fetch is the penalty on a node; nil where no path brings the data there.
func (g plainJudge) fetch(t *model.Task, node string) *big.Rat {
	if slices.Contains(t.Home, node) || len(t.Reads) > 0 {
		return new(big.Rat)
	}
	if t.Data != nil {
		var best *big.Rat
		for _, h := range t.Home {
			if v := g.transfer(t, h, node); v != nil && (best == nil || v.Cmp(best) < 0) {
				best = v
			}
		}
		return best
	}
	if t.Fetch == nil {
		return new(big.Rat)
	}
	for _, on := range t.Fetch.On {
		if on.Node == node {
			return rat(on.Price)
		}
	}
	return rat(t.Fetch.Rest)
}

// transfer tries every simple path of links.
func (g plainJudge) transfer(t *model.Task, from, to string) *big.Rat {
	var latency, width *big.Rat
	found := false
	var walk func(at string, seen []string, sum, narrow *big.Rat)
	walk = func(at string, seen []string, sum, narrow *big.Rat) {
		if at == to {
			if !found || sum.Cmp(latency) < 0 || sum.Cmp(latency) == 0 && (narrow == nil || width != nil && narrow.Cmp(width) > 0) {
				found, latency, width = true, sum, narrow
			}
			return
		}
		for _, l := range g.in.Network.Links {
			next := ""
			switch at {
			case l.Between[0]:
				next = l.Between[1]
			case l.Between[1]:
				next = l.Between[0]
			default:
				continue
			}
			if slices.Contains(seen, next) {
				continue
			}
			w := narrow
			if l.Bandwidth != nil && (w == nil || ratOf(*l.Bandwidth).Cmp(w) < 0) {
				w = ratOf(*l.Bandwidth)
			}
			walk(next, append(slices.Clone(seen), next), new(big.Rat).Add(sum, rat(l.Latency)), w)
		}
	}
	walk(from, []string{from}, new(big.Rat), nil)
	if !found {
		if g.in.Network.Default == nil {
			return nil
		}
		latency = rat(g.in.Network.Default.Latency)
		if b := g.in.Network.Default.Bandwidth; b != nil {
			width = ratOf(*b)
		}
	}
	time := new(big.Rat).Set(latency)
	if width != nil {
		time.Add(time, new(big.Rat).Quo(ratOf(*t.Data), width))
	}
	time.Mul(time, big.NewRat(1_000_000, 1))
	q, m := new(big.Int).DivMod(time.Num(), time.Denom(), new(big.Int))
	if m.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return new(big.Rat).SetFrac(q, big.NewInt(1_000_000))
}

// distance is what one unit of volume between two tasks costs in the mean.
func (g plainJudge) distance(u, v string) *big.Rat {
	for _, b := range g.in.Network.Between {
		for _, pair := range [2][2]string{b.Nodes, {b.Nodes[1], b.Nodes[0]}} {
			if g.at[u][0] == pair[0] && g.at[v][0] == pair[1] {
				return rat(b.Cost)
			}
		}
	}
	if g.in.Network.Between != nil {
		return new(big.Rat)
	}
	levels := g.in.Network.Distance
	if len(levels) == 0 {
		levels = []model.Distance{{Same: "node"}, {Cost: 1_000_000}}
	}
	share := func(a, b int) *big.Rat {
		x := big.NewRat(int64(a), int64(len(g.at[u])))
		if y := big.NewRat(int64(b), int64(len(g.at[v]))); y.Cmp(x) < 0 {
			x = y
		}
		x.Mul(x, big.NewRat(1_000_000, 1))
		return new(big.Rat).SetFrac(new(big.Int).Quo(x.Num(), x.Denom()), big.NewInt(1_000_000))
	}
	countIn := func(task, key, place string) int {
		n := 0
		for _, node := range g.at[task] {
			if node != "" && (key == "anywhere" || g.place(key, node) == place) {
				n++
			}
		}
		return n
	}
	sum, inner := new(big.Rat), new(big.Rat)
	for _, l := range levels {
		within := new(big.Rat)
		if l.Same == "" {
			within = share(countIn(u, "anywhere", ""), countIn(v, "anywhere", ""))
		} else {
			places := map[string]bool{}
			for j := range g.in.Nodes {
				places[g.place(l.Same, g.in.Nodes[j].Name)] = true
			}
			for p := range places {
				within.Add(within, share(countIn(u, l.Same, p), countIn(v, l.Same, p)))
			}
		}
		sum.Add(sum, new(big.Rat).Mul(rat(l.Cost), new(big.Rat).Sub(within, inner)))
		inner = within
	}
	return sum
}

// broken counts how often a rule is broken, as a wish pays it.
func (g plainJudge) broken(r *model.Rule) int {
	places := func(task string) map[string]int {
		m := map[string]int{}
		for _, n := range g.at[task] {
			if n != "" {
				m[g.place(r.Topology, n)]++
			}
		}
		return m
	}
	switch r.Kind {
	case model.Affinity:
		tasks, whole, most := 0, map[string]int{}, 0
		for _, t := range r.Tasks {
			m := places(t)
			if len(m) > 0 {
				tasks++
			}
			if len(m) == 1 {
				for p := range m {
					whole[p]++
					most = max(most, whole[p])
				}
			}
		}
		return tasks - most
	case model.AntiAffinity:
		n := 0
		for k, t := range r.Tasks {
			for _, u := range r.Tasks[:k] {
				for p := range places(t) {
					if places(u)[p] > 0 {
						n++
						break
					}
				}
			}
		}
		return n
	}
	count := map[string]int{}
	for j := range g.in.Nodes {
		count[g.place(r.Topology, g.in.Nodes[j].Name)] = 0
	}
	for _, t := range r.Tasks {
		for p, n := range places(t) {
			count[p] += n
		}
	}
	least, most := 1<<30, 0
	for _, n := range count {
		least, most = min(least, n), max(most, n)
	}
	return max(most-least-r.MaxSkew, 0)
}

// moves counts the replicas that run somewhere today and do not stay there.
func (g plainJudge) moves() int {
	n := 0
	for i := range g.in.Tasks {
		nodes := slices.Clone(g.at[g.in.Tasks[i].Name])
		for _, today := range g.in.Tasks[i].Current {
			if k := slices.Index(nodes, today); k >= 0 {
				nodes = slices.Delete(nodes, k, k+1)
			} else {
				n++
			}
		}
	}
	return n
}

func (g plainJudge) feasible() bool {
	if most := g.in.Given.MaxMoves; most != nil && g.moves() > *most {
		return false
	}
	loads := map[string]*big.Rat{}
	named := map[string]bool{}
	for j := range g.in.Nodes {
		for _, a := range g.in.Nodes[j].Capacity {
			named[a.Resource] = true
		}
	}
	for i := range g.in.Tasks {
		t := &g.in.Tasks[i]
		apart := map[string]bool{}
		for _, n := range g.at[t.Name] {
			if n == "" {
				if t.Unplaced == nil {
					return false
				}
				continue
			}
			if !g.allowed(t, n) {
				return false
			}
			if t.Apart != "" {
				if p := g.place(t.Apart, n); apart[p] {
					return false
				} else {
					apart[p] = true
				}
			}
			for resource := range named {
				q := t.Demand.Of(resource)
				for _, on := range t.DemandOn {
					if on.Node == n {
						for _, a := range on.Demand {
							if a.Resource == resource {
								q = a.Quantity
							}
						}
					}
				}
				key := n + "/" + resource
				if loads[key] == nil {
					loads[key] = new(big.Rat)
				}
				loads[key].Add(loads[key], ratOf(q))
			}
		}
	}
	for j := range g.in.Nodes {
		n := &g.in.Nodes[j]
		for resource := range named {
			if l := loads[n.Name+"/"+resource]; l != nil && l.Cmp(ratOf(n.Capacity.Of(resource))) > 0 {
				return false
			}
		}
		if n.Uplink != nil {
			sent := new(big.Rat)
			for i := range g.in.Tasks {
				for _, r := range g.in.Tasks[i].Reads {
					if r.Node == n.Name && !slices.Contains(g.at[g.in.Tasks[i].Name], n.Name) {
						sent.Add(sent, rat(r.Reads))
					}
				}
			}
			if sent.Cmp(rat(*n.Uplink)) > 0 {
				return false
			}
		}
	}
	for k := range g.in.Rules {
		if r := &g.in.Rules[k]; r.Weight == nil && !g.holds(r) {
			return false
		}
	}
	return true
}

func (g plainJudge) holds(r *model.Rule) bool {
	if r.Kind != model.Affinity {
		return g.broken(r) == 0
	}
	places, left, placed := map[string]bool{}, false, false
	for _, t := range r.Tasks {
		for _, n := range g.at[t] {
			if n == "" {
				left = true
				continue
			}
			placed = true
			places[g.place(r.Topology, n)] = true
		}
	}
	return len(places) <= 1 && !(left && placed)
}

func (g plainJudge) allowed(t *model.Task, node string) bool {
	if t.Data != nil && g.fetch(t, node) == nil {
		return false
	}
	if t.On == nil {
		return true
	}
	if len(t.On.Nodes) > 0 {
		return slices.Contains(t.On.Nodes, node)
	}
	for _, l := range t.On.Labels {
		if v, ok := g.node(node).Label(l.Key); !ok || v != l.Value {
			return false
		}
	}
	return true
}
