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
	"berth/proof"
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

// follow writes a certificate and has it checked.
func follow(t *testing.T, p *model.Problem, c *Certificate) []byte {
	var b bytes.Buffer
	number := p.Format(c.Proven())
	below := p.Format(c.below)
	head := proof.Head{Digest: p.Digest, Bound: &number, Below: &below}
	if c.Proven() == noCutoff {
		head.Bound, head.Below = nil, nil
	}
	w := proof.NewWriter(&b, head)
	c.Write(w)
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	bound, feasible, err := proof.Check(bytes.NewReader(b.Bytes()), "proof", p)
	switch {
	case err != nil:
		t.Errorf("%v\n%s", err, b.Bytes())
	case feasible && bound != c.Proven() || !feasible && c.Proven() != noCutoff:
		t.Errorf("the checker finds the bound %d, not %d", bound, c.Proven())
	}
	return b.Bytes()
}
