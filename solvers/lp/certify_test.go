//go:build cgo

package lp

import (
	"bytes"
	"testing"

	"berth/encode"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/proof/prooftest"
)

// Small problems over every feature: there is a certificate of the optimum, or of nothing
// being feasible, and the checker follows it; also where the search is cut short, of
// something less. There is none of a higher bound.
func TestCertificatesHold(t *testing.T) {
	branched, short := 0, 0
	for seed := range uint64(150) {
		p := compiled.Instance(t, instances.Mixed(seed, 6, 4))
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatalf("seed %d: too large for brute force", seed)
		}
		if best == nil {
			cost = noCutoff
		}
		g, whole := encode.Build(p), int64(0)
		c, err := Certify(g, cost, func(units int64) bool { whole += units; return true })
		if err != nil || c.Proven() != cost {
			t.Errorf("seed %d: proven %s of %s: %v", seed, p.Format(c.Proven()), p.Format(cost), err)
			continue
		}
		text := follow(t, p, c)
		if bytes.Contains(text, []byte("branch")) {
			branched++
		}
		part := whole / 2
		if c, err = Certify(g, cost, func(units int64) bool { part -= units; return part > 0 }); err != nil {
			t.Errorf("seed %d, half the work: %v", seed, err)
		}
		if best != nil {
			if follow(t, p, c); c.Proven() < cost {
				short++
			}
			if _, err := Certify(g, cost+1, func(int64) bool { return true }); err == nil {
				t.Errorf("seed %d: a bound above the optimum is proven", seed)
			}
		}
	}
	t.Logf("%d branched, %d short", branched, short)
	if branched < 20 || short < 20 {
		t.Errorf("%d certificates branch, %d are of less than the optimum: the test tests little", branched, short)
	}
}

// follow has a certificate checked.
func follow(t *testing.T, p *model.Problem, c *Certificate) []byte {
	t.Helper()
	bound, below := c.Proven(), c.below
	if bound == noCutoff {
		return prooftest.Follow(t, p, nil, nil, c.Write)
	}
	return prooftest.Follow(t, p, &bound, &below, c.Write)
}
