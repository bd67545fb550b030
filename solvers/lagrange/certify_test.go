package lagrange_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"berth/encode"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/proof/prooftest"
	"berth/search"
	"berth/solvers/lagrange"
)

// Small problems without copies: there is a certificate of the optimum that the checker follows,
// and none of a higher bound.
func TestCertificatesHold(t *testing.T) {
	all := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range 20 {
			p := compiled.Instance(t, small(rt))
			best, cost, ok := bruteforce.Solve(p)
			if !ok || best == nil || p.Impossible != "" {
				continue
			}
			g := encode.Build(p)
			c, err := lagrange.Certify(g, cost, unlimited)
			if errors.Is(err, search.ErrTooLarge) {
				continue
			}
			if err != nil || c.Proven != cost {
				rt.Fatalf("proven %+v of %d: %v", c, cost, err)
			}
			all++
			prooftest.Follow(rt, p, &c.Proven, &cost, c.Write)
			if _, err := lagrange.Certify(g, cost+1, unlimited); err == nil {
				rt.Fatal("a bound above the optimum is proven")
			}
		}
	})
	if all < 100 {
		t.Errorf("%d certificates: the test tests little", all)
	}
}

// Larger problems, where the first multipliers do not settle it: the tree is written as it was
// searched, with what probes show. Where the work is cut short there is a certificate of what the
// first multipliers show.
func TestCertificatesOfTrees(t *testing.T) {
	spec, err := instances.Defaults("gap-d")
	if err != nil {
		t.Fatal(err)
	}
	spec.Tasks, spec.Nodes = 40, 4
	branched, short := 0, 0
	for seed := range uint64(12) {
		in, err := instances.Generate(spec, seed)
		if err != nil {
			t.Fatal(err)
		}
		p := compiled.Instance(t, in)
		r, err := search.Run(context.Background(), p, lagrange.Method, search.Limits{Work: 1_000_000_000}, 1, 1, nil)
		if err != nil || r.Status != model.Optimal {
			t.Fatalf("seed %d: %v, %v", seed, r, err)
		}
		g, whole := encode.Build(p), int64(0)
		c, err := lagrange.Certify(g, r.Cost, func(units int64) bool { whole += units; return true })
		if err != nil || c.Proven != r.Cost {
			t.Fatalf("seed %d: proven %+v of %d: %v", seed, c, r.Cost, err)
		}
		if bytes.Contains(prooftest.Follow(t, p, &c.Proven, &r.Cost, c.Write), []byte("branch")) {
			branched++
		}
		part := whole * 9 / 10
		if c, err = lagrange.Certify(g, r.Cost, func(units int64) bool { part -= units; return part > 0 }); err != nil {
			t.Fatal(err)
		}
		if c.Proven != search.NoBound {
			prooftest.Follow(t, p, &c.Proven, &r.Cost, c.Write)
			short++
		}
	}
	if branched < 6 || short < 6 {
		t.Errorf("%d certificates branch, %d that were cut short show something: the test tests little", branched, short)
	}
}

func unlimited(int64) bool { return true }
