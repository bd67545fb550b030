//go:build cgo

package lp

import (
	"context"
	"fmt"
	"math"

	"berth/encode"
	"berth/model"
	"berth/search"
)

// Methods returns the registry's rows of this package; none where the program was
// built without cgo.
func Methods() []*search.Method {
	return []*search.Method{{
		Name:    "lp",
		Short:   "branch and bound on linear relaxations (CLP), with cover cuts; bounds exact",
		Source:  "Achterberg, Koch, Martin 2005; Gu, Nemhauser, Savelsbergh 1998; Neumaier, Shcherbina 2004",
		Proves:  true,
		Handles: model.AllFeatures,
		Run:     run,
	}}
}

// What a variable and a term take, in bytes, with the copies of the program that its
// reduction and CLP make.
const (
	varBytes  = 600
	termBytes = 120
)

func run(ctx context.Context, p *model.Problem, b *search.Board) error {
	return runWithin(ctx, p, b, math.MaxInt64)
}

// Brief returns the method limited to so many units of work, beside which others prove: what
// its root sees at once they may not see at all.
func Brief(work int64) []*search.Method {
	methods := Methods()
	for _, m := range methods {
		m.Run = func(ctx context.Context, p *model.Problem, b *search.Board) error {
			return runWithin(ctx, p, b, work)
		}
	}
	return methods
}

func runWithin(ctx context.Context, p *model.Problem, b *search.Board, work int64) error {
	vars, terms, err := Fits(p)
	if err != nil {
		return fmt.Errorf("lp: %w: use a heuristic such as descent, or auto, which picks one", err)
	}
	if err := b.Reserve("lp: its program", vars*varBytes+terms*termBytes); err != nil {
		return err
	}
	if !b.Work(1) {
		return nil
	}
	g := encode.Build(p)
	board := &board{ctx: ctx, Board: b, program: g, known: search.NoCost, allowed: work}
	e := &engine{host: board, program: g}
	if search.Tripwire {
		if known, cost := b.Known(); known != nil {
			e.alarm = &tripwire{value: g.Values(known), cost: cost}
		}
	}
	done, err := e.search()
	if done && err == nil {
		b.Exhausted()
	}
	return err
}

// board is the host of a search that belongs to a run.
type board struct {
	*search.Board
	ctx     context.Context
	program *encode.Program
	value   []int8 // the incumbent of cost known as the program has it
	known   int64
	allowed int64 // units of work that it may still do
}

func (b *board) work(units int64) bool {
	b.allowed = max(b.allowed-units, 0)
	return b.Work(units) && b.allowed > 0 && b.ctx.Err() == nil
}

func (b *board) left() int64 { return min(b.Left(), b.allowed) }

func (b *board) short() bool { return b.Short() }

func (b *board) cutoff() int64 {
	_, cost := b.Best()
	return cost
}

func (b *board) incumbent() []int8 {
	pl, cost := b.Best()
	if pl == nil {
		return nil
	}
	if cost != b.known {
		b.known = cost
		b.value = make([]int8, len(b.program.Vars))
		for v, is := range b.program.Values(pl) {
			if is {
				b.value[v] = 1
			}
		}
	}
	return b.value
}

func (b *board) lower() int64 { return b.Bound() }

func (b *board) raise(bound int64) { b.RaiseBelow(bound) }

func (b *board) found(value []int8) error {
	pl, err := b.program.Decode(func(v int32) bool { return value[v] == 1 })
	if err != nil {
		return err
	}
	b.Offer(pl, b.program.Problem.Evaluate(pl).Cost)
	return nil
}
