package encode

import (
	"testing"

	"berth/model"
)

// What every place holds at least is the least that it holds in any way to share out.
func TestShareOf(t *testing.T) {
	for total := range int64(9) {
		for places := int64(2); places <= 4; places++ {
			for skew := range int64(4) {
				p := &model.Problem{Items: []model.Item{{Count: int32(total), Unplaced: model.NoLimit}}}
				r := &model.Constraint{Kind: model.Spread, Members: []model.Member{{Item: 0, Times: 1}}, MaxSkew: skew}
				least, some := leastShared(total, places, skew)
				if got := ShareOf(p, r, places); some && got != least {
					t.Errorf("%d over %d places, skew %d: %d; want %d", total, places, skew, got, least)
				}
			}
		}
	}
}

// leastShared tries all ways to share out, and says whether there is any.
func leastShared(total, places, skew int64) (least int64, some bool) {
	var share func(left, places, low, high int64)
	share = func(left, places, low, high int64) {
		switch {
		case high-low > skew:
		case places > 0:
			for n := range left + 1 {
				share(left-n, places-1, min(low, n), max(high, n))
			}
		case left == 0 && (!some || low < least):
			least, some = low, true
		}
	}
	for n := range total + 1 {
		share(total-n, places-1, n, n)
	}
	return least, some
}
