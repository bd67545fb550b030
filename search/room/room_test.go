package room_test

import (
	"testing"

	"pgregory.net/rapid"

	"berth/search/room"
)

// The next place with room is that of a walk from place to place, whatever has been
// taken and given back.
func TestNextIsThatOfAWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places, resources := rapid.IntRange(0, 20).Draw(t, "places"), rapid.IntRange(0, 3).Draw(t, "resources")
		amounts := rapid.SliceOfN(rapid.Int64Range(0, 5), resources, resources)
		free := make([][]int64, places)
		for k := range free {
			free[k] = amounts.Draw(t, "free")
		}
		tree := room.New(places, resources, func(k int, by []int64) { copy(by, free[k]) })
		fits := func(k int, demand []int64) bool {
			for r := range demand {
				if free[k][r] < demand[r] {
					return false
				}
			}
			return true
		}
		for range 20 {
			if places > 0 {
				k := rapid.IntRange(0, places-1).Draw(t, "changed")
				free[k] = amounts.Draw(t, "free then")
				tree.Update(k)
			}
			demand, from := amounts.Draw(t, "demand"), rapid.IntRange(0, places).Draw(t, "from")
			want := from
			for want < places && !fits(want, demand) {
				want++
			}
			if want == places {
				want = -1
			}
			if got := tree.Next(demand, from); got != want {
				t.Fatalf("the first of %v from %d on with room for %v is %d; want %d", free, from, demand, got, want)
			}
		}
	})
}
