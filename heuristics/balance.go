package heuristics

import (
	"cmp"
	"slices"

	"berth/model"
)

// Where nodes fill up in one resource while much of another is left, a construction that
// looks at costs leaves more out than repair soon finds room for. Then all is placed once
// more with an eye on balance: from all over the nodes those with room are weighed, and of
// equally dear ones an item goes where what is free suits what it takes most of, by the
// dot product of R. Panigrahy, K. Talwar, L. Uyeda and U. Wieder (Heuristics for vector
// bin packing, 2011). That costs more than what a repair leaves, but it is soon there.

// balance returns a builder that has placed all with an eye on balance, nil where that is
// not called for or the board stopped it; hopeless is where repair would not get to the
// end of what this builder has left out.
func (b *builder) balance() (other *builder, hopeless bool) {
	var out int64
	for c, j := range b.at {
		if j == model.NoPlace && b.p.Items[b.itemOf[c]].Unplaced == model.NoLimit {
			out++
		}
	}
	hopeless = out > b.patientWork()/outWork
	if b.balanced || !hopeless && (out <= max(fewOut, int64(len(b.at)/outPart)) || !b.crowded()) {
		return nil, false
	}
	other = newBuilder(b.p, b.board)
	other.balanced = true
	if !other.placeRest(descending(other.tied(), other.penalties(), other.sizes())) {
		return nil, hopeless
	}
	return other, hopeless
}

// start is the state that a search begins with: what is placed, or, where balance is called
// for, what that has placed.
func (b *builder) start() *state {
	if other, _ := b.balance(); other != nil {
		return other.state
	}
	return b.state
}

const (
	outWork     = 100_000 // what repair takes for a copy that is out, roughly
	outPart     = 64      // in a crowded cluster repair finds room for one copy in so many,
	fewOut      = 30      // and for so many
	crowdedPart = 0.85    // of a resource
)

// crowded says whether little of some resource is left when all are placed.
func (b *builder) crowded() bool {
	taken := make([]float64, len(b.mean))
	for i := range b.p.Items {
		it := &b.p.Items[i]
		for r, amount := range b.p.Demands[it.Demand].Rest {
			taken[r] += float64(float64(it.Count) * float64(amount))
		}
	}
	for r := range taken {
		if taken[r] > crowdedPart*b.mean[r]*float64(len(b.held)) {
			return true
		}
	}
	return false
}

// sortBySuit puts those nodes first whose room suits an item best.
func (b *builder) sortBySuit(i int32, nodes []int32) {
	lean := b.lean(i)
	slices.SortStableFunc(nodes, func(x, y int32) int { return cmp.Compare(b.match(lean, y), b.match(lean, x)) })
}

// tied returns for each item which part of the places it needs that its copies have to
// be apart over, in quarters, and 4 for members of a hard affinity: what needs a node in
// each rack, or one beside another, finds none once the rack is full.
func (b *builder) tied() []int64 {
	parts := make([]int64, len(b.p.Items))
	for i := range parts {
		if it := &b.p.Items[i]; it.Apart >= 0 {
			parts[i] = 4 * int64(it.Count) / int64(len(b.p.Topologies[it.Apart].Names))
		}
	}
	for k := range b.rules {
		if r := &b.rules[k]; r.Kind == model.Affinity && r.Weight == 0 {
			for _, m := range r.Members {
				parts[m.Item] = 4
			}
		}
	}
	return parts
}

// lean is how much more of each resource an item takes than of all in the mean, as parts
// of the mean capacities; it is empty where demands differ by node, and valid until the
// next call.
func (b *builder) lean(i int32) []float64 {
	demand := b.p.Demands[b.p.Items[i].Demand].Rest
	lean := b.leans[:len(demand)]
	var sum float64
	for r, amount := range demand {
		lean[r] = float64(amount) / max(b.mean[r], 1)
		sum += lean[r]
	}
	for r := range lean {
		lean[r] = (lean[r] - sum/float64(len(lean))) / max(b.mean[r], 1)
	}
	return lean
}

// match is how well what is free on node j suits what an item leans to.
func (b *builder) match(lean []float64, j int32) float64 {
	var sum float64
	for r, part := range lean {
		k := int(j)*len(lean) + r
		sum += float64(part * float64(b.p.Capacity[k]-b.load[k]))
	}
	return sum
}
