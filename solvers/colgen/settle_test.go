//go:build cgo

package colgen

import (
	"context"
	"errors"
	"slices"
	"testing"

	"berth/model"
	"berth/search"
)

// Settling comes to placements, which the board judges, and leaves everything as it was.
func TestSettle(t *testing.T) {
	offers := 0
	for seed := range uint64(10) {
		method := &search.Method{Name: name, Handles: handles, Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
			in, err := newInstance(p)
			if err != nil {
				return err
			}
			s := newTree(in, onBoard{in, p, b})
			defer s.close()
			s.starts()
			s.question = in.dearest
			s.aim()
			if s.fix() || s.build() != nil || s.tighten(rootCuts) {
				return errors.New("nothing is left at the root")
			}
			before, value, hi, lo, rows := s.point, s.value, slices.Clone(s.hi), slices.Clone(s.lo), s.rows
			before.u, before.w = slices.Clone(s.u), slices.Clone(s.w)
			over := s.settle()
			if want := value > s.cutoff; over != want {
				t.Errorf("seed %d: over: %v; the bound is %d, the cutoff %d", seed, over, value, s.cutoff)
			}
			if s.value != value || s.failed || s.rows != rows || !slices.Equal(s.hi, hi) || !slices.Equal(s.lo, lo) ||
				!slices.Equal(s.u, before.u) || !slices.Equal(s.w, before.w) {
				t.Errorf("seed %d: not everything is as it was", seed)
			}
			return nil
		}}
		r, err := search.Run(context.Background(), generatedProblem(t, 6, 50, seed), method, search.Limits{}, 1, 1, nil)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		} else if r.Cost != search.NoCost {
			offers++
		}
	}
	if offers < 5 {
		t.Errorf("placements were found for %d of 10 instances", offers)
	}
}
