package sat

import (
	"slices"

	"berth/encode"
)

// group is a set of variables of which at most one is 1; exactly one where exact.
type group struct {
	members []int32
	exact   bool
}

// rank is the place of a variable in a falling sequence: of two variables with
// the same line, the one that is further on is 1 only where the other is.
type rank struct {
	line int32 // -1: in none
	step int32
}

// structure is what the rows of a program say about sets of variables: it makes
// the sums over them far smaller than the single variables would.
type structure struct {
	groups []group
	of     [][]int32 // by variable, the groups it belongs to
	ranks  []rank
}

// newStructure looks at the rows that are trusted to hold.
func newStructure(g *encode.Program, trusted func(*encode.Row) bool) *structure {
	s := &structure{of: make([][]int32, len(g.Vars)), ranks: make([]rank, len(g.Vars))}
	falls := make([]bool, len(g.Vars)) // 1 only where the variable before is 1
	for k := range g.Rows {
		r := &g.Rows[k]
		if !trusted(r) {
			continue
		}
		s.addGroup(r)
		if v, ok := follows(r); ok {
			falls[v] = true
		}
	}
	s.addLines(falls)
	return s
}

func (s *structure) addGroup(r *encode.Row) {
	if !IsGroup(r) {
		return
	}
	members := make([]int32, len(r.Terms))
	for k, t := range r.Terms {
		members[k] = t.Var
		s.of[t.Var] = append(s.of[t.Var], int32(len(s.groups)))
	}
	s.groups = append(s.groups, group{members: members, exact: r.Sense == encode.Equal})
}

// IsGroup recognises Σ x ≤ 1 and Σ x = 1.
func IsGroup(r *encode.Row) bool {
	if r.Sense == encode.AtLeast || r.RHS != 1 || len(r.Terms) == 0 {
		return false
	}
	for _, t := range r.Terms {
		if t.Coef != 1 {
			return false
		}
	}
	return true
}

// addLines makes the sequences that fall from 1 to 0: variables that follow one
// another, with a row for each that says so.
func (s *structure) addLines(falls []bool) {
	lines := int32(0)
	for v := range falls {
		s.ranks[v] = rank{line: -1}
		if v == 0 || !falls[v] {
			continue
		}
		if before := &s.ranks[v-1]; before.line < 0 {
			*before = rank{line: lines}
			lines++
		}
		s.ranks[v] = rank{line: s.ranks[v-1].line, step: s.ranks[v-1].step + 1}
	}
}

// follows recognises the row that says: v is 1 only where v−1 is.
func follows(r *encode.Row) (v int32, ok bool) {
	if len(r.Terms) != 2 || r.RHS != 0 || r.Sense == encode.Equal {
		return 0, false
	}
	low, high := r.Terms[0], r.Terms[1]
	if low.Var > high.Var {
		low, high = high, low
	}
	if r.Sense == encode.AtLeast {
		low.Coef, high.Coef = -low.Coef, -high.Coef
	}
	return high.Var, low.Var == high.Var-1 && low.Coef < 0 && high.Coef > 0
}

// covering lists the groups that hold at least two of the variables, those with
// the most first.
func (s *structure) covering(vars []encode.Term) []int32 {
	count := map[int32]int{}
	var found []int32
	for _, t := range vars {
		for _, k := range s.of[t.Var] {
			if count[k]++; count[k] == 2 {
				found = append(found, k)
			}
		}
	}
	slices.SortFunc(found, func(a, b int32) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return int(a - b)
	})
	return found
}
