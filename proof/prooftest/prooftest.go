// Package prooftest follows proofs in the tests of those that make them.
package prooftest

import (
	"bytes"

	"berth/model"
	"berth/proof"
)

// T is what of a test is needed, also of one that draws.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Follow writes a proof of a bound, nil for that nothing is feasible, which leaves out what costs
// below or more, nil for nothing. It has the proof checked, and returns its text.
func Follow(t T, p *model.Problem, bound, below *int64, steps func(*proof.Writer)) []byte {
	t.Helper()
	number := func(cost *int64) *string {
		if cost == nil {
			return nil
		}
		text := p.Format(*cost)
		return &text
	}
	var b bytes.Buffer
	w := proof.NewWriter(&b, proof.Head{Digest: p.Digest, Given: p.Given.String(), Bound: number(bound), Below: number(below)})
	steps(w)
	if err := w.End(); err != nil {
		t.Fatalf("%v", err)
	}
	found, feasible, err := proof.Check(bytes.NewReader(b.Bytes()), "proof", p)
	if err != nil || feasible != (bound != nil) || feasible && found != *bound {
		t.Fatalf("the checker finds the bound %d, feasible %v: %v\n%s", found, feasible, err, b.Bytes())
	}
	return b.Bytes()
}
