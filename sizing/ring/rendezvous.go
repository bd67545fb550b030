package ring

import "math"

// nearly is 1 less what rounding may do.
const nearly = 1 - 1e-9

// rendezvous gives a key to the member with the highest score for it (D. Thaler, C.
// Ravishankar, Using name-based mappings to increase hit rates, IEEE/ACM Transactions on
// Networking 6, 1998). The score −w/ln u, where u is a hash of key and member as a number
// between 0 and 1, makes each member's part that of its weight, exactly (C. Schindelhauer,
// G. Schomaker, Weighted distributed hash tables, SPAA 2005): it is an exponential time
// with rate w upside down, and the earliest wins. Where a member leaves, its keys alone
// move, to the others by their weights. members are hashes of names. O(members) a key.
func rendezvous(key uint64, members []uint64, weights []float64) int32 {
	best, owner := math.Inf(-1), int32(-1)
	for j, member := range members {
		// 53 bits, and never 0 or 1.
		u := (float64(Mix(key^member)>>11) + 0.5) / (1 << 53)
		// −ln u is above 1−u: of most members that says enough.
		if weights[j] < best*(1-u)*nearly {
			continue
		}
		if score := -weights[j] / math.Log(u); score > best {
			best, owner = score, int32(j)
		}
	}
	return owner
}
