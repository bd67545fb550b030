package lagrange

// Rows of the knapsacks' tables: the best values by room. Nearly all the time of a
// proof goes into the two loops below, over 4-byte numbers wherever the values of
// a core allow it; on amd64 with AVX2 they take eight cells at a time
// (rows_amd64.s).

// cell is an entry of a table.
type cell interface{ int32 | int64 }

// narrow is the largest sum of a core's values, without sign, for which tables of
// 4 bytes will do: entries, and sums of two, stay within int32.
const narrow = 1 << 30

// minAdd sets out[c] to the lesser of a[c] and b[c]+value. a and b are no shorter
// than out.
func minAdd[T cell](out, a, b []T, value T) {
	a, b = a[:len(out)], b[:len(out)]
	if out, ok := any(out).([]int32); ok && wide {
		minAddWide(out, any(a).([]int32), any(b).([]int32), int32(value))
		return
	}
	for c := range out {
		out[c] = min(a[c], b[c]+value)
	}
}

// leastSum returns the least of a[c]+b[c], as far as b goes. It has an entry, and a
// is no shorter.
func leastSum[T cell](a, b []T) T {
	a = a[:len(b)]
	if b, ok := any(b).([]int32); ok && wide {
		return T(leastSumWide(any(a).([]int32), b))
	}
	best := a[0] + b[0]
	for c := range b {
		best = min(best, a[c]+b[c])
	}
	return best
}

// add extends a row of best values by room with one more item, from some room on.
func add[T cell](after, before []T, from, need int, value T) {
	if from < need {
		end := min(need, len(before))
		copy(after[from:end], before[from:end])
		from = end
	}
	if from < len(before) {
		minAdd(after[from:], before[from:], before[from-need:], value)
	}
}

// addBackwards is add for rows in which room falls from entry to entry.
func addBackwards[T cell](after, before []T, need int, value T) {
	end := max(0, len(before)-need)
	minAdd(after[:end], before[:end], before[len(before)-end:], value)
	copy(after[end:], before[end:])
}

// grow returns a slice of at least the given length, the old one where it will do.
func grow[T any](s []T, length int) []T {
	if cap(s) < length {
		return make([]T, length+length/2)
	}
	return s[:cap(s)]
}
