package colgen

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// By stages, a knapsack comes to what the search of it comes to.
func TestStages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 7))
		resources, n, largest := 1+rng.IntN(mostStaged), 1+rng.IntN(14), []int{3, 9, 40}[rng.IntN(3)]
		var entries []entry
		var need, room []int64
		for range resources {
			room = append(room, int64(rng.IntN(6*largest+1)))
		}
		var part []float64
		for i := range n {
			e := entry{item: int32(i), copies: int32(1 + rng.IntN(4))}
			for r := range resources {
				amount := int64(rng.IntN(largest + 1))
				need, part = append(need, amount), append(part, float64(amount)/float64(max(room[r], 1)))
				e.profit += amount
			}
			e.profit = e.profit*int64(1+rng.IntN(2)) + int64(1+rng.IntN(3))
			entries = append(entries, e)
		}
		load := func() *knapsack {
			k := &knapsack{blocked: make([]int32, n)}
			k.load(slices.Clone(entries), slices.Clone(need), slices.Clone(part), slices.Clone(room), room, make([]float64, resources))
			return k
		}
		searched, staged := load(), load()
		if !searched.solve(0, searched.top+1, 100_000_000) {
			t.Fatal("the search does not come to an end")
		}
		limit := staged.top + 1
		if rng.IntN(2) == 0 {
			staged.solve(0, limit, 1+rng.IntN(100))
			limit = staged.best
		}
		least, ended := staged.stage(limit, stageWork)
		if !ended || least != searched.best {
			t.Fatalf("loses %d by stages, %d by the search (%v)", least, searched.best, ended)
		}
		worth := func(k *knapsack) (sum int64) {
			for t, copies := range k.chosen {
				sum += k.entries[t].profit * int64(copies)
			}
			return sum
		}
		if worth(staged) != worth(searched) {
			t.Fatalf("takes what is worth %d by stages, %d by the search", worth(staged), worth(searched))
		}
	})
}

// Of many copies whose amounts have nothing in common there are more states than are kept: the
// stages are given up then, soon, with what no set loses less than.
func TestStagesGivenUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 7))
	for _, resources := range []int{1, 2} {
		const n = 40
		k := &knapsack{blocked: make([]int32, n)}
		var entries []entry
		var need, left []int64
		var part []float64
		for range resources {
			left = append(left, n*1_000_000)
		}
		for i := range n {
			e := entry{item: int32(i), copies: int32(2 + rng.IntN(6)), profit: int64(rng.IntN(3))}
			for r := range resources {
				amount := int64(rng.IntN(1_000_000))
				need, part = append(need, amount), append(part, float64(amount)/float64(left[r]))
				e.profit += amount
			}
			entries = append(entries, e)
		}
		k.load(entries, need, part, slices.Clone(left), left, make([]float64, resources))
		k.solve(0, k.top+1, stagedSteps)
		k.work = 0
		least, ended := k.stage(k.best, stageWork)
		if ended || least > k.best {
			t.Errorf("%d resources: ended %v, loses no less than %d, a set loses %d", resources, ended, least, k.best)
		}
		if kept := len(k.stages.states); kept > mostStates {
			t.Errorf("%d resources: %d states are kept, %d may be", resources, kept, mostStates)
		}
		if k.work > 2*stageWork {
			t.Errorf("%d resources: %d units of work, it is given up after %d", resources, k.work, stageWork)
		}
	}
}
