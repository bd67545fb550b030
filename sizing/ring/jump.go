package ring

// jump gives a key to one of n equal members by number (J. Lamping, E. Veach, A fast,
// minimal memory, consistent hash algorithm, 2014): with a generator seeded by the key it
// jumps to the numbers at which the key would change its member if members came one by
// one. It needs no memory and moves as little as can be where the last member goes or one
// comes after it; where another one leaves, all after it change their numbers. Expected
// O(log n).
func jump(key uint64, n int) int32 {
	at, next := int64(-1), int64(0)
	for next < int64(n) {
		at = next
		key = key*2862933555777941757 + 1
		next = int64(float64(at+1) * (float64(1<<31) / float64(key>>33+1)))
	}
	return int32(at)
}
