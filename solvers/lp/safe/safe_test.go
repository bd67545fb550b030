package safe

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// small draws a program of a few variables and rows and multipliers for it.
func small(t *rapid.T) (rows []*Row, cost []int64, value []int8, y []float64) {
	n := rapid.IntRange(1, 8).Draw(t, "n")
	size := rapid.SampledFrom([]int64{3, 100, Limit >> 4}).Draw(t, "size")
	number := rapid.Int64Range(-size, size)
	for range n {
		cost = append(cost, number.Draw(t, "cost"))
		value = append(value, rapid.Int8Range(-1, 1).Draw(t, "value"))
	}
	for range rapid.IntRange(1, 4).Draw(t, "m") {
		row := &Row{RHS: number.Draw(t, "rhs"), Equal: rapid.Bool().Draw(t, "equal")}
		for j := range int32(n) {
			if a := number.Draw(t, "a"); a != 0 {
				row.Vars, row.Coefs = append(row.Vars, j), append(row.Coefs, a)
			}
		}
		rows = append(rows, row)
		y = append(y, rapid.OneOf(rapid.Float64(), rapid.Float64Range(-3, 3), rapid.Just(math.NaN())).Draw(t, "y"))
	}
	return rows, cost, value, y
}

// each calls yield with every assignment that the values and rows allow, and its
// cost.
func each(rows []*Row, cost []int64, value []int8, yield func(x int, cost int64)) {
	for x := range 1 << len(value) {
		ok, total := true, int64(0)
		for j, v := range value {
			bit := int8(x >> j & 1)
			ok = ok && (v == Free || v == bit)
			if bit == 1 && cost != nil {
				total += cost[j]
			}
		}
		for _, row := range rows {
			sum := int64(0)
			for k, j := range row.Vars {
				sum += row.Coefs[k] * int64(x>>j&1)
			}
			ok = ok && sum <= row.RHS && (!row.Equal || sum == row.RHS)
		}
		if ok {
			yield(x, total)
		}
	}
}

// free returns as many values that are not fixed.
func free(value []int8) []int8 { return slices.Repeat([]int8{Free}, len(value)) }

// holds says whether an assignment satisfies a row; nil says nothing.
func holds(row *Row, x int) bool {
	if row == nil {
		return true
	}
	sum := int64(0)
	for k, j := range row.Vars {
		sum += row.Coefs[k] * int64(x>>j&1)
	}
	return sum <= row.RHS
}

// Whatever the multipliers are, the bound is below every assignment's cost, what
// it fixes and the row that it leaves exclude only worse ones, and a proof of infeasibility is right.
func TestEveryMultiplierIsSafe(t *testing.T) {
	proofs := 0
	rapid.Check(t, func(t *rapid.T) {
		rows, cost, value, y := small(t)
		var p Prover
		p.Bound(rows, cost, value, y)
		limit := p.Ceil() + rapid.Int64Range(0, 5).Draw(t, "slack")
		each(rows, cost, value, func(x int, total int64) {
			if total < p.Ceil() || p.Above(total) {
				t.Fatalf("bound %d above the cost %d of %b", p.Ceil(), total, x)
			}
			for j := range value {
				if fixed := p.Fixed(int32(j), limit); total <= limit && value[j] == Free && fixed != Free && fixed != int8(x>>j&1) {
					t.Fatalf("variable %d fixed to %d, but %b costs %d ≤ %d", j, fixed, x, total, limit)
				}
			}
		})
		row := p.Row(limit)
		each(rows, cost, free(value), func(x int, total int64) {
			if total <= limit && !holds(row, x) {
				t.Fatalf("%b costs %d ≤ %d, but the row %v·%v ≤ %d excludes it", x, total, limit, row.Coefs, row.Vars, row.RHS)
			}
		})
		p.Bound(rows, nil, value, y)
		row = p.Row(0)
		each(rows, nil, free(value), func(x int, _ int64) {
			if !holds(row, x) {
				t.Fatalf("%b is feasible, but the row %v·%v ≤ %d excludes it", x, row.Coefs, row.Vars, row.RHS)
			}
		})
		if p.Infeasible() {
			proofs++
			each(rows, nil, value, func(x int, _ int64) { t.Fatalf("proved infeasible, but %b is feasible", x) })
		}
	})
	if proofs == 0 {
		t.Error("no proof of infeasibility came up")
	}
}

// Good multipliers give the bound that they should: half of 3 jobs on a row.
func TestBoundIsTight(t *testing.T) {
	rows := []*Row{{Vars: []int32{0, 1}, Coefs: []int64{1, 1}, RHS: 1, Equal: true}, {Vars: []int32{0}, Coefs: []int64{4}, RHS: 2}}
	cost, value := []int64{10, 21}, []int8{Free, Free}
	var p Prover
	p.Bound(rows, cost, value, []float64{21, -11.0 / 4})
	if got := p.Ceil(); got != 16 { // 15.5: half of each
		t.Errorf("bound %d, want 16", got)
	}
	if !p.Above(15) || p.Above(16) {
		t.Error("the bound 15.5 must be above 15 and not above 16")
	}
	p.Bound(rows, nil, []int8{1, Free}, []float64{0, -1})
	if !p.Infeasible() {
		t.Error("4 in 2 was not proven infeasible")
	}
	if row := p.Row(0); row == nil || holds(row, 1) || !holds(row, 2) {
		t.Errorf("4 in 2 leaves %v, which excludes something else", row)
	}
}

// A bound beyond all costs is one that an offset can be added to, of whatever sign.
func TestBoundsStayInRange(t *testing.T) {
	var p Prover
	for rhs, want := range map[int64]int64{Limit: -Limit, -Limit: Limit} {
		p.Bound([]*Row{{Vars: []int32{0}, Coefs: []int64{1}, RHS: rhs}}, []int64{3}, []int8{Free}, []float64{-1e30})
		if got := p.Ceil(); got != want {
			t.Errorf("bound %d, want %d", got, want)
		}
	}
}

// The relaxation of 20 agents and 200 jobs: two coefficients a column.
func BenchmarkBound(b *testing.B) {
	chance := rand.New(rand.NewPCG(1, 1))
	rows := make([]*Row, 220)
	y := make([]float64, len(rows))
	for r := range rows {
		rows[r] = &Row{RHS: 1, Equal: r >= 20}
		y[r] = chance.Float64() * 30
		if r < 20 {
			rows[r].RHS, y[r] = 150, -y[r]/10
		}
	}
	cost, value := make([]int64, 4000), make([]int8, 4000)
	for j := range int32(4000) {
		cost[j], value[j] = chance.Int64N(50), Free
		for _, r := range []int32{j % 20, 20 + j/20} {
			a := int64(1)
			if r < 20 {
				a = 5 + chance.Int64N(20)
			}
			rows[r].Vars, rows[r].Coefs = append(rows[r].Vars, j), append(rows[r].Coefs, a)
		}
	}
	var p Prover
	for b.Loop() {
		p.Bound(rows, cost, value, y)
	}
}
