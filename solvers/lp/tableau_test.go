//go:build cgo

package lp

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/encode"
	"berth/solvers/clp"
	"berth/solvers/lp/safe"
)

// Every cut from the tableau holds for every assignment that satisfies the rows, and cuts off
// the point of the relaxation; the multipliers that it is made of leave one basic column.
func TestTableauCutsAreValid(t *testing.T) {
	cuts, coarse, halves := 0, 0, 0
	check := func(t *rapid.T) {
		g := packing(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		root := rootOf(t, g)
		defer root.relax.model.Close()
		n := len(root.core.cost)
		if rapid.IntRange(0, 3).Draw(t, "fixed") == 0 {
			root.fix(int32(rapid.IntRange(0, n-1).Draw(t, "j")), rapid.Int8Range(0, 1).Draw(t, "v"))
		}
		if root.relax.model.Dual(1000) != clp.Optimal {
			return
		}
		value := root.relax.load()
		if b := newBasis(root); b != nil {
			for k := range b.columns {
				holdsAlone(t, b, k)
			}
		}
		halves += len(newTableau(root, value).halves())
		found, _ := root.tableau(value)
		cuts += len(found)
		for _, cut := range found {
			beyond := -float64(cut.RHS)
			for k, j := range cut.Vars {
				beyond += float64(cut.Coefs[k]) * value[j]
			}
			if beyond <= 0 {
				t.Fatalf("the cut %v·%v ≤ %d does not cut off the point", cut.Coefs, cut.Vars, cut.RHS)
			}
			if magnitude(cut.Coefs[0]) > mostCoefficient/2 {
				coarse++
			}
			for x := range 1 << n {
				if _, ok := price(g, func(v int) bool { return x>>v&1 == 1 }); ok && within(root.domain, x) && sum(cut, x) > cut.RHS {
					t.Fatalf("the cut %v·%v ≤ %d excludes %b", cut.Coefs, cut.Vars, cut.RHS, x)
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for range 3 { // a program may have nothing to cut
			check(t)
		}
	})
	if cuts < 10 || coarse < 10 || halves < 10 {
		t.Errorf("%d cuts, %d of them rounded to small coefficients, %d halves: the test tests little", cuts, coarse, halves)
	}
}

// rootOf returns the root of a program, its relaxation not solved yet. Whoever asks closes that.
func rootOf(tb rapid.TB, g *encode.Program) *tree {
	tb.Helper()
	c, err := newCore(g, false)
	if err != nil {
		tb.Fatal(err)
	}
	relax, err := newRelaxation(c, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &tree{host: &desk{program: g, cost: noCutoff, bound: math.MinInt64}, core: c, domain: safe.NewDomain(c.rows, len(c.cost)), relax: relax}
}

// packing makes a program whose relaxation nearly always ends at fractions: rows that have room
// for half of all, and sometimes a row that asks for two of three.
func packing(rng *rand.Rand) *encode.Program {
	g := &encode.Program{}
	n := int32(6 + rng.IntN(6))
	for range n {
		g.Vars = append(g.Vars, encode.Var{Cost: -1 - rng.Int64N(20)})
	}
	size := []int64{2, 30, 1 << 20}[rng.IntN(3)]
	for range 2 + rng.IntN(4) {
		row := encode.Row{Sense: encode.AtMost}
		for v := range n {
			if a := rng.Int64N(size + 1); a > 0 {
				row.Terms = append(row.Terms, encode.Term{Var: v, Coef: a * (1 - 2*rng.Int64N(2)*rng.Int64N(2))})
				row.RHS += a / 2
			}
		}
		g.Rows = append(g.Rows, row)
	}
	if rng.IntN(2) == 0 {
		g.Rows = append(g.Rows, encode.Row{Sense: encode.Equal, RHS: 2, Terms: []encode.Term{{Var: 0, Coef: 1}, {Var: 2, Coef: 1}, {Var: 5, Coef: 1}}})
	}
	return g
}

// holdsAlone fails where the multipliers of a basic column leave any other one.
func holdsAlone(t *rapid.T, b *basis, k int) {
	y := b.express(k)
	for c := range b.columns {
		got, want, size := 0.0, 0.0, 1.0
		if c == k {
			want = 1
		}
		for _, e := range b.entries[c] {
			got += y[e.row] * e.coef
			size += math.Abs(y[e.row] * e.coef)
		}
		if math.Abs(got-want) > 1e-6*size {
			t.Fatalf("the rows of column %d have %v of column %d", k, got, c)
		}
	}
}

// within says whether an assignment has the values that are fixed.
func within(d *safe.Domain, x int) bool {
	for j, v := range d.Value {
		if v != safe.Free && int8(x>>j&1) != v {
			return false
		}
	}
	return true
}
