package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"berth/model"
	"berth/proof"
	"berth/search"
	"berth/solvers/certify"
)

// searchPart of the time that a search with --proof has is for the search, and proofPart of what
// is left then for the proof; the rest is for checking it.
const (
	searchPart = 0.5
	proofPart  = 0.7
)

// prove makes a proof of the bound that a search came to, or says why there is none, and
// follows it once itself. The result then claims no more than the proof shows.
func (a *app) prove(ctx context.Context, p *model.Problem, r *search.Result, s *solving, deadline time.Time) ([]byte, error) {
	if ctx.Err() != nil {
		fmt.Fprintln(a.err, "berth: no proof is written: interrupted before one was looked for")
		return nil, nil
	}
	bound := r.Bound
	if r.Status == model.Infeasible {
		bound = search.NoCost
	} else if r.Bound == search.NoBound {
		bound = r.Cost
	}
	if r.Status == model.Unknown && bound == search.NoCost {
		fmt.Fprintln(a.err, "berth: no proof is written: nothing is known that it could show")
		return nil, nil
	}
	ctx, spare, free := search.WithMemory(ctx, s.memory)
	defer free()
	made, err := a.certify(ctx, p, bound, s, deadline, spare)
	lacked, flags := "time", "--time or --work"
	if errors.Is(context.Cause(ctx), search.ErrMemory) {
		lacked, flags = "memory", "--memory"
	}
	switch {
	case errors.Is(err, errInterrupted), err == nil && (made == nil || r.Status == model.Infeasible && made.bound != search.NoCost):
		why := fmt.Sprintf("there was not enough %s for one; give it more %s", lacked, flags)
		if lacked == "time" && ctx.Err() != nil {
			why = "interrupted before one was found"
		}
		fmt.Fprintln(a.err, "berth: no proof is written: "+why)
		return nil, nil
	case errors.Is(err, search.ErrTooLarge):
		fmt.Fprintf(a.err, "berth: no proof is written: %v\n", err)
		return nil, nil
	case err != nil:
		return nil, broken(fmt.Errorf("--proof: %w", err))
	case made.bound < bound:
		fmt.Fprintf(a.err, "berth: the search came to a bound of %s, and the proof to %s, which is what the answer says; give it more %s\n",
			p.Format(bound), p.Format(made.bound), flags)
	}
	if r.Status != model.Infeasible {
		r.Claim(made.bound)
	}
	return made.text, nil
}

// shown is a proof that was followed, and what it shows.
type shown struct {
	bound int64
	text  []byte
}

// certify looks for a certificate within the limits of the call and follows it; nil where there
// was not enough of them. A step that cannot be broken off ends it as a search (hunt).
func (a *app) certify(ctx context.Context, p *model.Problem, bound int64, s *solving, deadline time.Time, spare func() int64) (*shown, error) {
	work, limit, until := s.work, certify.Limit{Spare: spare()}, deadline
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
		until = time.Now().Add(time.Duration(proofPart * float64(time.Until(deadline))))
	}
	limit.Work = func(share float64) func(int64) bool {
		end, left := until, int64(share*float64(work))
		if !until.IsZero() {
			end = time.Now().Add(time.Duration(share * float64(time.Until(until))))
		}
		return func(units int64) bool {
			left, work = left-units, work-units
			return ctx.Err() == nil && (s.work == 0 || left > 0) && (end.IsZero() || time.Now().Before(end))
		}
	}
	if a.errTerminal {
		fmt.Fprintf(a.err, "looking for a proof …")
		defer fmt.Fprint(a.err, "\r\x1b[K")
	}
	return await(ctx, stopGrace, func() (*shown, error) {
		certificate, err := certify.Make(p, bound, limit)
		if certificate == nil || err != nil {
			return nil, err
		}
		made := &shown{bound: certificate.Bound}
		var b bytes.Buffer
		if err := certificate.Write(&b); err != nil {
			return nil, err
		}
		made.text, certificate = b.Bytes(), nil // the checker needs room
		if _, _, err := proof.Check(bytes.NewReader(made.text), "the proof", p); err != nil {
			return nil, err
		}
		return made, nil
	})
}

// checkProof follows the proof of a file and says what of a solution it does not show.
func (a *app) checkProof(name string, p *model.Problem, s *model.Solution) (good string, failed []string, err error) {
	data, err := a.document(name)
	if err != nil {
		return "", nil, err
	}
	bound, feasible, err := proof.Check(bytes.NewReader(data), shownName(name), p)
	switch {
	case err != nil:
		return "", []string{err.Error()}, nil
	case !feasible:
		good = fmt.Sprintf("✓ the proof shows that no %s exists", sought(p))
		if s.Status.HasPlacement() {
			failed = []string{fmt.Sprintf("the proof shows that no %s exists, and the solution has one", sought(p))}
		}
		return good, failed, nil
	}
	good = fmt.Sprintf("✓ the proof shows that no %s costs less than %s", sought(p), p.Format(bound))
	if s.Status == model.Infeasible {
		failed = []string{fmt.Sprintf("the status is infeasible, and the proof shows a bound of %s only", p.Format(bound))}
	} else if claimed := s.Bound.Rat(); claimed != nil {
		if least, _ := p.Units(claimed); least.Cmp(big.NewInt(bound)) > 0 {
			failed = []string{fmt.Sprintf("bound is %s, and the proof shows %s only", s.Bound, p.Format(bound))}
		}
	}
	return good, failed, nil
}
