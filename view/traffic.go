package view

import (
	"cmp"
	"slices"

	"berth/model"
)

// Places groups the nodes: each by itself, or by the value of a label.
type Places struct {
	Key   string   // a label, or "node"
	Of    []int32  // by node
	Names []string // by place
}

// Groupings lists the ways in which the nodes can be grouped: the nodes themselves,
// then the labels that at least two nodes share, those first over which distances
// and rules are stated. A node without the label is a place of its own.
func (v *Picture) Groupings() []Places {
	keys := []string{"node"}
	add := func(key string) {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, d := range v.Instance.Network.Distance {
		add(d.Same)
	}
	for _, top := range v.Problem.Topologies {
		add(top.Key)
	}
	stated := len(keys)
	for j := range v.Instance.Nodes {
		for _, l := range v.Instance.Nodes[j].Labels {
			add(l.Key)
		}
	}
	slices.Sort(keys[stated:])
	var groupings []Places
	for _, key := range keys {
		if p := v.places(key); key == "node" || len(p.Names) > 1 && len(p.Names) < len(v.Instance.Nodes) {
			groupings = append(groupings, p)
		}
	}
	return groupings
}

func (v *Picture) places(key string) Places {
	p := Places{Key: key, Of: make([]int32, len(v.Instance.Nodes))}
	known := map[string]int32{}
	for j := range v.Instance.Nodes {
		node := &v.Instance.Nodes[j]
		value, labelled := node.Label(key)
		place, seen := known[value]
		if key == "node" || !labelled || !seen {
			place = int32(len(p.Names))
			name := value
			if key == "node" || !labelled {
				name = node.Name
			} else {
				known[value] = place
			}
			p.Names = append(p.Names, name)
		}
		p.Of[j] = place
	}
	return p
}

// Exchange is the traffic between two places, or within one where they are the
// same.
type Exchange struct {
	From, To int32 // From <= To
	Cost     int64
	Volume   float64
}

// Exchanges adds up the traffic by pairs of places, the dearest first, then the
// largest. Traffic has no direction. O(flows).
func (v *Picture) Exchanges(places Places) []Exchange {
	at := map[[2]int32]int{}
	var list []Exchange
	for k := range v.Bill.Flows {
		f := &v.Bill.Flows[k]
		x, y := places.Of[f.Nodes[0]], places.Of[f.Nodes[1]]
		key := [2]int32{min(x, y), max(x, y)}
		e, seen := at[key]
		if !seen {
			e = len(list)
			at[key] = e
			list = append(list, Exchange{From: key[0], To: key[1]})
		}
		list[e].Cost += f.Cost
		list[e].Volume += v.volume(f)
	}
	slices.SortFunc(list, func(a, b Exchange) int {
		return cmp.Or(cmp.Compare(b.Cost, a.Cost), cmp.Compare(b.Volume, a.Volume), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return list
}

// volume is that of a flow, in the document's numbers.
func (v *Picture) volume(f *model.Flow) float64 {
	return decimal(v.Instance.Traffic[f.Traffic].Volume) * float64(f.Share) / float64(v.Problem.Full)
}

// decimal is a number of the document, rounded to the nearest float.
func decimal(d model.Decimal) float64 { return float64(d) / float64(model.DecimalOne) }

// DearestTraffic lists the pairs of tasks whose traffic costs something, by the
// index of the traffic in the document, the dearest first.
func (v *Picture) DearestTraffic() []int {
	var pairs []int
	for k, cost := range v.Bill.Traffic {
		if cost > 0 {
			pairs = append(pairs, k)
		}
	}
	slices.SortStableFunc(pairs, func(a, b int) int { return cmp.Compare(v.Bill.Traffic[b], v.Bill.Traffic[a]) })
	return pairs
}

// FlowsOf lists the flows of a traffic of the document. O(log flows).
func (v *Picture) FlowsOf(traffic int) []model.Flow {
	by := func(f model.Flow, k int) int { return cmp.Compare(int(f.Traffic), k) }
	from, _ := slices.BinarySearchFunc(v.Bill.Flows, traffic, by)
	to, _ := slices.BinarySearchFunc(v.Bill.Flows, traffic+1, by)
	return v.Bill.Flows[from:to]
}
