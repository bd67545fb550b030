//go:build cgo

package clp

import (
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// knapsacks is an assignment of jobs to agents with capacities: a generalized
// assignment relaxation with n agents and m jobs.
func knapsacks(t testing.TB, n, m int, seed uint64) *Model {
	t.Helper()
	model, _ := withColumns(t, n, m, seed)
	return model
}

func withColumns(t testing.TB, n, m int, seed uint64) (*Model, []Vector) {
	t.Helper()
	chance := rand.New(rand.NewPCG(seed, 0))
	rows := make([]Vector, n+m)
	for j := range n {
		rows[j] = Vector{Lower: -Infinity, Upper: float64(15*m/n) * 0.8}
	}
	for i := range m {
		rows[n+i] = Vector{Lower: 1, Upper: 1}
	}
	var columns []Vector
	for i := range m {
		for j := range n {
			columns = append(columns, Vector{
				Index: []int32{int32(j), int32(n + i)},
				Value: []float64{float64(5 + chance.IntN(21)), 1},
				Upper: 1, Cost: float64(10 + chance.IntN(41)),
			})
		}
	}
	model, err := New(rows, columns)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(model.Close)
	return model, columns
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*(1+math.Abs(a)) }

// A warm solve after bounds changed, and one cut into slices, agree with a cold
// one; so do duals with the objective (strong duality over the box).
func TestWarmEqualsCold(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 7))
	warm, columns := withColumns(t, 5, 30, 1)
	if got := warm.Dual(1_000_000); got != Optimal {
		t.Fatalf("root: status %d", got)
	}
	infeasible, sliced := 0, 0
	for range 60 {
		j, value := int32(chance.IntN(150)), float64(chance.IntN(2))
		warm.SetBounds(j, value, value)
		cold := knapsacks(t, 5, 30, 1)
		for k := range int32(150) {
			cold.SetBounds(k, warm.colLower[k], warm.colUpper[k])
		}
		want := cold.Dual(1_000_000)
		got := Stopped
		for got == Stopped {
			got = warm.Dual(3)
			sliced++
		}
		if got != want {
			t.Fatalf("warm status %d, cold %d", got, want)
		}
		if got != Optimal {
			infeasible++
			checkRay(t, warm, columns)
			warm.SetBounds(j, 0, 1)
			continue
		}
		if !near(warm.Objective(), cold.Objective()) {
			t.Fatalf("warm objective %v, cold %v", warm.Objective(), cold.Objective())
		}
		dual := 0.0
		for r, y := range warm.Duals(nil) {
			dual += y * warm.rowUpper[r]
		}
		for k, d := range warm.ReducedCosts(nil) {
			dual += min(d*warm.colLower[k], d*warm.colUpper[k])
		}
		if !near(dual, warm.Objective()) {
			t.Fatalf("dual objective %v, primal %v", dual, warm.Objective())
		}
	}
	if infeasible == 0 || sliced < 70 {
		t.Errorf("only %d infeasible solves and %d slices: the test tests nothing", infeasible, sliced)
	}
}

// checkRay verifies the certificate that the model is infeasible; all rows of the
// tests have their right side as the upper limit.
func checkRay(t *testing.T, m *Model, columns []Vector) {
	t.Helper()
	least, most := 0.0, 0.0
	y := m.Ray(nil)
	for r := range y {
		least += y[r] * m.rowUpper[r]
		if y[r] > 1e-9 && m.rowLower[r] < m.rowUpper[r] {
			t.Fatalf("multiplier %v of a row that is bounded from above", y[r])
		}
	}
	for j, column := range columns {
		product := 0.0
		for k, r := range column.Index {
			product += y[r] * column.Value[k]
		}
		most += max(product*m.colLower[j], product*m.colUpper[j])
	}
	if most >= least-1e-9 {
		t.Fatalf("a ray %v that proves nothing: (yA)x ≤ %v, y·b = %v", y, most, least)
	}
}

// Rows and columns added and deleted give what a model made at once gives, from a
// kept basis.
func TestChange(t *testing.T) {
	m, err := New(
		[]Vector{{Lower: -Infinity, Upper: 4}},
		[]Vector{
			{Index: []int32{0}, Value: []float64{1}, Upper: Infinity, Cost: -1},
			{Index: []int32{0}, Value: []float64{2}, Upper: Infinity, Cost: -3},
		})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	expect := func(what string, status Status, objective float64) {
		t.Helper()
		if status != Optimal || !near(m.Objective(), objective) {
			t.Fatalf("%s: status %d, objective %v, want optimal %v", what, status, m.Objective(), objective)
		}
	}
	expect("at first", m.Dual(100), -6)
	if err := m.AddRows([]Vector{{Index: []int32{1}, Value: []float64{1}, Lower: -Infinity, Upper: 1}}); err != nil {
		t.Fatal(err)
	}
	expect("row added", m.Dual(100), -5)
	if err := m.AddColumns([]Vector{{Index: []int32{0, 1}, Value: []float64{1, 1}, Upper: 1, Cost: -5}}); err != nil {
		t.Fatal(err)
	}
	expect("column added", m.Primal(100), -8)
	m.SetCost(2, 1)
	expect("cost changed", m.Primal(100), -5)
	basis := m.Basis(nil)
	if err := m.DeleteRows([]int32{1}); err != nil {
		t.Fatal(err)
	}
	expect("row deleted", m.Dual(100), -6)
	if err := m.DeleteColumns([]int32{1}); err != nil {
		t.Fatal(err)
	}
	expect("column deleted", m.Dual(100), -4)
	if len(basis) != 5 || m.Rows() != 1 || m.Columns() != 2 {
		t.Fatalf("%d states, %d rows, %d columns", len(basis), m.Rows(), m.Columns())
	}
	m.SetRowBounds(0, -Infinity, -1)
	if status := m.Dual(100); status != Infeasible {
		t.Fatalf("no room: status %d", status)
	}
	m.SetRowBounds(0, 0, 4)
	m.SetCost(0, -1)
	m.SetBounds(0, -1, 3)
	expect("bounds", m.Dual(100), -3)
}

// A basis that is put back is where the next solve starts: nothing to do.
func TestBasisRoundTrip(t *testing.T) {
	m := knapsacks(t, 4, 20, 3)
	m.Dual(1_000_000)
	basis, objective, cold := m.Basis(nil), m.Objective(), m.Iterations()
	for j := range int32(10) {
		m.SetBounds(j, 0, 0)
	}
	m.Dual(1_000_000)
	for j := range int32(10) {
		m.SetBounds(j, 0, 1)
	}
	m.SetBasis(basis)
	if status := m.Dual(1_000_000); status != Optimal || !near(m.Objective(), objective) {
		t.Fatalf("status %d, objective %v, want %v", status, m.Objective(), objective)
	}
	if m.Iterations() > cold/4 {
		t.Errorf("%d iterations from the optimal basis, %d from the slack basis", m.Iterations(), cold)
	}
}

// The cutoff stops the dual simplex early, and raising it goes on.
func TestCutoff(t *testing.T) {
	m := knapsacks(t, 4, 20, 5)
	m.Dual(1_000_000)
	objective := m.Objective()
	for j := range int32(4) {
		m.SetBounds(j, 0, 0)
		m.SetBounds(j+40, 0, 0)
	}
	m.SetBounds(3, 0, 1)
	m.SetBounds(43, 0, 1)
	m.SetCutoff(objective + 1e-3)
	if status := m.Dual(1_000_000); status != Cutoff {
		t.Fatalf("status %d, want a cutoff", status)
	}
	m.SetCutoff(Infinity)
	if status := m.Dual(1_000_000); status != Optimal || m.Objective() < objective+1e-3 {
		t.Fatalf("status %d, objective %v, want above %v", status, m.Objective(), objective)
	}
}

// What would abort the process is refused.
func TestBadInput(t *testing.T) {
	ok := Vector{Index: []int32{0}, Value: []float64{1}, Upper: 1}
	for _, c := range []struct {
		name   string
		vector Vector
		want   string
	}{
		{"index too large", Vector{Index: []int32{1}, Value: []float64{1}}, "not in [0, 1)"},
		{"index negative", Vector{Index: []int32{-1}, Value: []float64{1}}, "not in [0, 1)"},
		{"twice", Vector{Index: []int32{0, 0}, Value: []float64{1, 1}}, "twice"},
		{"lengths", Vector{Index: []int32{0}}, "1 indices but 0 values"},
		{"NaN coefficient", Vector{Index: []int32{0}, Value: []float64{math.NaN()}}, "NaN"},
		{"infinite coefficient", Vector{Index: []int32{0}, Value: []float64{math.Inf(1)}}, "Inf"},
		{"NaN cost", Vector{Cost: math.NaN()}, "cost is NaN"},
		{"NaN limit", Vector{Upper: math.NaN()}, "limit is NaN"},
	} {
		m, err := New([]Vector{{Upper: 1}}, []Vector{ok})
		if err != nil {
			t.Fatal(err)
		}
		for what, add := range map[string]func([]Vector) error{"row": m.AddRows, "column": m.AddColumns} {
			err := add([]Vector{c.vector})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), what) {
				t.Errorf("%s: %s added with error %v, want one with %q", c.name, what, err, c.want)
			}
		}
		if err := m.DeleteRows([]int32{5}); err == nil {
			t.Error("deleted a row that is not there")
		}
		if err := m.DeleteColumns([]int32{0, 0}); err == nil {
			t.Error("deleted a column twice")
		}
		m.Close()
		m.Close()
	}
	m := knapsacks(t, 2, 2, 1)
	for name, call := range map[string]func(){
		"column": func() { m.SetBounds(4, 0, 1) },
		"row":    func() { m.SetRowBounds(-1, 0, 1) },
		"NaN":    func() { m.SetBounds(0, math.NaN(), 1) },
		"cost":   func() { m.SetCost(0, math.NaN()) },
		"cutoff": func() { m.SetCutoff(math.NaN()) },
		"basis":  func() { m.SetBasis(make([]byte, 3)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

// Collections during solves, which are the last use of their model, leave it alone.
func TestSurvivesCollection(t *testing.T) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	for seed := range uint64(30) {
		rows := []Vector{{Lower: -Infinity, Upper: 4}}
		columns := []Vector{{Index: []int32{0}, Value: []float64{1 + float64(seed)}, Upper: Infinity, Cost: -1}}
		m, err := New(rows, columns)
		if err != nil {
			t.Fatal(err)
		}
		if status := m.Dual(100); status != Optimal {
			t.Errorf("seed %d: status %d", seed, status)
		}
	}
	close(stop)
	<-done
}

// Branching re-solves of a relaxation with 20 agents and 200 jobs.
func BenchmarkResolve(b *testing.B) {
	m := knapsacks(b, 20, 200, 1)
	m.Dual(1_000_000)
	iterations := 0
	for k := 0; b.Loop(); k++ {
		j := int32(k * 37 % 4000)
		m.SetBounds(j, 1, 1)
		m.Dual(1_000_000)
		iterations += m.Iterations()
		m.SetBounds(j, 0, 1)
		m.Dual(1_000_000)
		iterations += m.Iterations()
	}
	b.ReportMetric(float64(iterations)/float64(b.N), "iterations/op")
}
