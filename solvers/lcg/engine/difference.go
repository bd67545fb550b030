package engine

// difference is y ≥ x + d under conditions that all must be true: so many of the engine's guards.
type difference struct {
	x, y        Half
	d           int64
	first, last int32 // into guards, before last
}

// AddDifference says that y ≥ x + d where all guards are true. It pushes in both
// directions, and refutes the last guard where the bounds leave no room. O(guards) at
// every change of a bound.
func (e *Engine) AddDifference(x, y Half, d int64, guards ...Literal) {
	k := int32(len(e.differences))
	first := int32(len(e.guards))
	e.guards = append(e.guards, guards...)
	e.differences = append(e.differences, difference{x, y, d, first, int32(len(e.guards))})
	e.pushing[x] = append(e.pushing[x], k)
	e.pushing[y^1] = append(e.pushing[y^1], k)
	for _, g := range guards {
		e.pushing[g.Half] = append(e.pushing[g.Half], k)
	}
	if len(e.levels) == 0 && !e.check(k) {
		e.dead = true
	}
}

// checkAll draws the conclusions of differences: those that push from a half whose bound
// rose, or those of which a guard may have become true.
func (e *Engine) checkAll(differences []int32) bool {
	e.steps += int64(4 * len(differences))
	for _, k := range differences {
		if !e.check(k) {
			return false
		}
	}
	return true
}

// check draws the conclusions of a difference.
func (e *Engine) check(k int32) bool {
	f := &e.differences[k]
	from := e.low[f.x]
	open := int32(-1)
	for g := f.first; g < f.last; g++ {
		l := e.guards[g]
		if e.low[l.Half] >= l.At {
			continue
		}
		if open >= 0 || -e.low[l.Half^1] < l.At {
			return true
		}
		open = g
	}
	if open >= 0 {
		if from+f.d > -e.low[f.y^1] {
			return e.set(e.guards[open].Not(), reason{kind: byDifference, at: k, low: from})
		}
		return true
	}
	r := reason{kind: byDifference, at: k}
	return e.set(Literal{f.y, from + f.d}, r) && e.set(Literal{f.x ^ 1, e.low[f.y^1] + f.d}, r)
}

// explainDifference appends what implies a literal: what a pushed bound was pushed by, exactly as
// far as it needs to be, or, for a guard, the two bounds that leave no room.
func (e *Engine) explainDifference(to []Literal, l Literal, r reason) []Literal {
	f := &e.differences[r.at]
	for _, g := range e.guards[f.first:f.last] {
		if g.Half != l.Half^1 {
			to = append(to, g)
		}
	}
	switch l.Half {
	case f.y:
		return append(to, Literal{f.x, l.At - f.d})
	case f.x ^ 1:
		return append(to, Literal{f.y ^ 1, l.At - f.d})
	}
	return append(to, Literal{f.x, r.low}, Literal{f.y ^ 1, 1 - r.low - f.d})
}

// circle looks for differences that push the newest bound in a circle, each by the one before:
// they would do so until it leaves its variable, however far that is. Their guards are the
// conflict. O(halves).
func (e *Engine) circle() bool {
	if len(e.passed) < len(e.low) {
		e.passed = make([]int32, len(e.low))
	}
	path, found := e.path[:0], false
	for k := int32(len(e.trail) - 1); k >= 0 && e.trail[k].reason.kind == byDifference; {
		h := e.trail[k].half
		if first := e.passed[h]; first > 0 {
			found = true
			e.conflict = e.conflict[:0]
			for _, k := range path[first-1:] {
				f := &e.differences[e.trail[k].reason.at]
				e.conflict = append(e.conflict, e.guards[f.first:f.last]...)
			}
			break
		}
		path = append(path, k)
		e.passed[h] = int32(len(path))
		from := e.differences[e.trail[k].reason.at].from(h)
		if from < 0 {
			break
		}
		before := e.last[from]
		for before > k {
			before = e.trail[before].previous
		}
		k = before
	}
	for _, k := range path {
		e.passed[e.trail[k].half] = 0
	}
	e.path = path
	e.steps += int64(10 * len(path))
	return found
}

// from is the half from which a difference pushes another; −1 if that is one of its guards.
func (f *difference) from(h Half) Half {
	switch h {
	case f.y:
		return f.x
	case f.x ^ 1:
		return f.y ^ 1
	}
	return -1
}
