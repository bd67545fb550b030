package certify_test

import (
	"bytes"
	"errors"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/proof"
	"berth/search"
	"berth/solvers/certify"
)

func unlimited(float64) func(int64) bool { return func(int64) bool { return true } }

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
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	found, feasible, err := proof.Check(bytes.NewReader(b.Bytes()), "proof", p)
	if err != nil || feasible != (bound != search.NoCost) || feasible && found != bound {
		t.Errorf("seed %d: the checker finds %d (feasible: %v), not %d: %v\n%s", seed, found, feasible, bound, err, b.Bytes())
	}
	return b.Bytes()
}

// Without work, what the longest way and all work take is left, if that is anything.
func TestWithoutWork(t *testing.T) {
	p := compiled.Document(t, "format: berth/v1\nkind: workflow\nnodes: [{name: a}, {name: b}]\n"+
		"tasks: [{name: x, work: 2}, {name: y, work: 2}, {name: z, work: 2}]\n")
	c, err := certify.Make(p, 2, func(float64) func(int64) bool { return func(int64) bool { return false } })
	if err != nil || c == nil || p.Format(c.Bound) != "4" {
		t.Fatalf("%+v: %v", c, err)
	}
}

func TestTooLarge(t *testing.T) {
	in := families.Instance(t, "tasks", 1, func(s *instances.Spec) { s.Tasks, s.Nodes = 5000, 200 })
	if _, err := certify.Make(compiled.Instance(t, in), 1, unlimited); !errors.Is(err, search.ErrTooLarge) {
		t.Error("a program of a million variables is not refused")
	}
}
