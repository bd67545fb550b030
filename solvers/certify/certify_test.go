package certify_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/proof"
	"berth/search"
	"berth/solvers/certify"
	"berth/solvers/prices"
)

var unlimited = certify.Limit{Spare: math.MaxInt64, Work: func(float64) func(int64) bool { return func(int64) bool { return true } }}

// Small workflows with everything: there is a certificate of the shortest makespan, or of
// there being no schedule, that the checker follows, and none of a longer one.
func TestWorkflows(t *testing.T) {
	feasible, infeasible, learned := 0, 0, 0
	for seed := range uint64(120) {
		p := compiled.Instance(t, instances.MixedWorkflow(seed, 1+int(seed%6), 1+int(seed%3)))
		best, makespan, ok := bruteforce.Schedule(p)
		if !ok {
			continue
		}
		if best == nil {
			infeasible++
			check(t, seed, p, search.NoCost)
			continue
		}
		feasible++
		if bytes.Contains(check(t, seed, p, makespan), []byte("learn")) {
			learned++
		}
		if c, err := certify.Make(p, makespan+1, unlimited); err == nil {
			t.Errorf("seed %d: a certificate of %d, and the shortest makespan is %d", seed, c.Bound, makespan)
		}
	}
	if feasible < 50 || infeasible < 5 || learned < 5 {
		t.Errorf("%d feasible, %d infeasible, %d with clauses: the test tests little", feasible, infeasible, learned)
	}
}

// check makes a certificate and has it followed.
func check(t *testing.T, seed uint64, p *model.Problem, bound int64) []byte {
	t.Helper()
	c, err := certify.Make(p, bound, unlimited)
	if err != nil || c == nil || c.Bound != bound {
		t.Fatalf("seed %d: certificate %+v of %d: %v", seed, c, bound, err)
	}
	return followed(t, p, c)
}

// Without work, what the longest way and all work take is left, if that is anything.
func TestWithoutWork(t *testing.T) {
	p := compiled.Document(t, "format: berth/v1\nkind: workflow\nnodes: [{name: a}, {name: b}]\n"+
		"tasks: [{name: x, work: 2}, {name: y, work: 2}, {name: z, work: 2}]\n")
	c, err := certify.Make(p, 2, certify.Limit{Spare: math.MaxInt64, Work: func(float64) func(int64) bool { return func(units int64) bool { return units == 0 } }})
	if err != nil || c == nil || p.Format(c.Bound) != "4" {
		t.Fatalf("%+v: %v", c, err)
	}
}

// The program of a workflow is begun only as far as the limit goes, in time and in memory.
func TestLimitsOfPrograms(t *testing.T) {
	p := compiled.Instance(t, families.Instance(t, "cholesky", 1, func(s *instances.Spec) { s.Tasks, s.Nodes = 60, 4 }))
	asked := 0
	c, err := certify.Make(p, p.Workflow.Horizon, certify.Limit{Spare: math.MaxInt64, Work: func(float64) func(int64) bool {
		return func(int64) bool { asked++; return asked < 100 }
	}})
	if c != nil || err != nil || asked > 110 {
		t.Errorf("%+v, %v, asked %d times, 100 of them in time", c, err, asked)
	}
	limit := unlimited
	limit.Spare = 1 << 20
	if _, err := certify.Make(p, p.Workflow.Horizon, limit); !errors.Is(err, search.ErrTooLarge) || !strings.Contains(err.Error(), "more --memory") {
		t.Errorf("with a megabyte: %v", err)
	}
	p = compiled.Instance(t, families.Instance(t, "tasks", 1, func(s *instances.Spec) { s.Tasks, s.Nodes, s.Racks = 30, 4, 2 }))
	if _, err := certify.Make(p, 1, limit); err != nil {
		t.Errorf("placements with a megabyte: %v", err)
	}
	limit.Spare = 1 << 10
	if _, err := certify.Make(p, 1, limit); !errors.Is(err, search.ErrTooLarge) {
		t.Errorf("placements with a kilobyte: %v", err)
	}
}

// Too many variables for relaxations are refused, but where prices show a bound.
func TestTooLarge(t *testing.T) {
	in := families.Instance(t, "tasks", 1, func(s *instances.Spec) { s.Tasks, s.Nodes = 3000, 200 })
	p := compiled.Instance(t, in)
	r, err := search.Run(context.Background(), p, prices.Method, search.Limits{Work: 100_000_000}, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := certify.Make(p, r.Cost, unlimited)
	if err != nil || c == nil || float64(c.Bound) < 0.97*float64(r.Cost) || c.Bound > r.Cost {
		t.Fatalf("a certificate of %+v, where %d is known: %v", c, r.Cost, err)
	}
	followed(t, p, c)
	in.Rules = []model.Rule{{Kind: model.AntiAffinity, Tasks: []string{in.Tasks[0].Name, in.Tasks[1].Name}}}
	if _, err := certify.Make(compiled.Instance(t, in), 1, unlimited); !errors.Is(err, search.ErrTooLarge) {
		t.Errorf("a program of half a million variables with a rule is not refused: %v", err)
	}
}

// One price of what capacities are worth: on small problems with all that it takes it shows no more
// than the optimum, and mostly more than what all pay on their cheapest nodes.
func TestPriced(t *testing.T) {
	above, all := shown(t, 3, func(s *instances.Spec, seed uint64) { s.Unlike, s.Replicas = 50, 1+int(seed%3) })
	if all < 20 || 2*above < all {
		t.Errorf("%d of %d bounds are above what the cheapest nodes cost", above, all)
	}
}

// Nodes that cost something to use: how much must be used is counted.
func TestCounted(t *testing.T) {
	above, all := shown(t, 1, func(s *instances.Spec, seed uint64) {
		s.OpenCost, s.Resources, s.Unlike = 20, 1+int(seed%2), int(seed%3)*20
	})
	if all < 20 || 2*above < all {
		t.Errorf("%d of %d bounds are above what the cheapest nodes cost", above, all)
	}
}

// shown makes certificates of small problems with work for one maker only, and has them followed. It
// returns how many are above the trivial bound, of how many.
func shown(t *testing.T, maker int, set func(s *instances.Spec, seed uint64)) (above, all int) {
	for seed := range uint64(60) {
		p := compiled.Instance(t, families.Instance(t, "tasks", seed, func(s *instances.Spec) {
			s.Tasks, s.Nodes, s.Racks, s.Near = 8, 3, 0, 0
			set(s, seed)
		}))
		best, cost, ok := bruteforce.Solve(p)
		if !ok || best == nil {
			continue
		}
		makers := 0
		c, err := certify.Make(p, cost, certify.Limit{Spare: math.MaxInt64, Work: func(float64) func(int64) bool {
			makers++
			return func(int64) bool { return makers == maker }
		}})
		if err != nil || c == nil {
			t.Fatalf("seed %d: %+v, %v", seed, c, err)
		}
		followed(t, p, c)
		if all++; c.Bound > p.TrivialBound() {
			above++
		}
	}
	return above, all
}

// followed has a certificate checked.
func followed(t *testing.T, p *model.Problem, c *certify.Certificate) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	found, feasible, err := proof.Check(bytes.NewReader(b.Bytes()), "proof", p)
	if err != nil || feasible != (c.Bound != search.NoCost) || feasible && found != c.Bound {
		t.Errorf("the checker finds %d (feasible: %v), not %d: %v\n%s", found, feasible, c.Bound, err, b.Bytes())
	}
	return b.Bytes()
}
