//go:build cgo

package colgen

import (
	"context"
	"errors"
	"math"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/clp"
)

// The method patterns: what full clusters cost at least, where much runs already and copies come in
// kinds (kinds.go), and placements near that. A pattern is what one node may hold, so many copies
// of each kind, which stay or come. Which patterns are cheapest together is a linear program,
//
//	min Σ cost(q)·x(q) + what is left out,  Σ copies(k,q)·x(q) + out(k) ≥ copies(k) for each kind,  Σ x(q) = 1 for each node,
//
// whose columns the knapsacks of the nodes find (P.C. Gilmore and R.E. Gomory, A linear programming
// approach to the cutting-stock problem, Operations Research 9, 1961). It has a row for a kind
// where others have one for a copy, and knows that room in pieces holds nothing large: how
// many have to move is told by no relaxation of single rows. At prices u ≥ 0 of the kinds everything
// costs at least
//
//	Σ u(k)·copies(k) − Σ max(u(k) − leftOut(k), 0)·out(k) − Σ_j max { Σ (u(k) − cost)·copies : the pattern fits node j },
//
// and where a rule spreads kinds over places, each place of it has a price, too, of either sign: it
// holds some number, the same for all places, and up to the skew more. All that is
// in integers, whatever the program was; it only proposes prices. Its duals are pulled towards the
// best prices met, by as much as has shown to help (A. Pessoa, R. Sadykov, E. Uchoa and F.
// Vanderbeck, Automation and combination of linear-programming based stabilization techniques in
// column generation, INFORMS Journal on Computing 30, 2018). Knapsacks are searched briefly, and
// solved by stages, ever longer, once the program finds no more patterns.
//
// Cost: a round solves a knapsack a node, some 50 µs each, and the program; 30 to 100 rounds.
type patternSearch struct {
	*census
	board *search.Board

	model      *clp.Model
	columns    []pattern // behind the artificial ones and those of leaving out
	first      int       // how many those are …
	artificial int       // … and how many of them are artificial
	unit       float64   // steps to a unit of the program
	dear       float64   // what an artificial copy costs, in units
	primal     bool      // columns were added since the last solve
	values     []float64 // of the program since artificial copies became dearer
	proved     float64   // how dear they were when the bound was last raised

	packers [2]packer
	rooms   [][]float64 // by node: prices of its resources
	packs   []packed    // by node, of the last evaluation
	stages  int64       // work on one knapsack
	open    []bool      // by node, in a dive: its pattern is not decided; nil: none is

	comes []bool  // by node and kind: guests of a placement cheaper than the best may …
	keeps []int32 // … and by item: the node that it does not leave then, −1: none

	best  []int64 // prices
	high  int64   // what they say
	pull  float64
	duals []float64
}

const (
	firstStages   = 100_000     // of work on a knapsack, in stages, once the program finds no more patterns …
	moreStages    = 8           // … times as much once nothing comes of that …
	mostStages    = 200_000_000 // … until so much
	provingStages = 6_400_000   // on each of those by which the bound is raised before
	firstPull     = 0.8
	fineUnits     = 50.0 // to what it costs to leave
	dearPrice     = 40.0 // of an artificial copy at first, in units: nothing leaves for that
	dearGrowth    = 1.25
	dearestOut    = 1e7 // in units
	slowRounds    = 5
	slowPart      = 1e-3 // of the program's value
	mostColumns   = 8    // for each row, before those are dropped that are far from use
)

// runPatterns raises the bound and looks for placements that are made of the program's patterns:
// first as if nothing had to be spread, which makes few kinds, then, if the problem is not too large
// for that, with spreads. At last it searches what is left.
func runPatterns(ctx context.Context, p *model.Problem, b *search.Board) error {
	if err := b.Reserve("patterns: the states of its knapsacks", 2*stageBytes); err != nil {
		return err
	}
	if best, _ := b.Best(); best == nil {
		if err := heuristics.Stay.Run(ctx, p, b); err != nil || !b.Work(0) {
			return err
		}
	}
	var last *patternSearch
	for _, spread := range []bool{false, true} {
		if spread && p.Features&model.Spreading == 0 {
			break
		}
		k, err := newCensus(p, spread)
		if spread && (errors.Is(err, search.ErrTooLarge) || err == nil && len(k.spreads) == 0) {
			break
		}
		if err != nil {
			return err
		}
		if err := b.Reserve("patterns: its kinds", int64(len(k.guest))*16); err != nil {
			return err
		}
		last = newPatternSearch(k, b)
		if going, err := last.run(); !going || err != nil {
			return err
		}
	}
	last.narrow(ctx)
	return nil
}

// run climbs and dives. It returns false where the run has to stop, or nothing is left to show.
func (s *patternSearch) run() (going bool, err error) {
	if err := s.make(); err != nil {
		return false, err
	}
	defer s.model.Close()
	return s.climb() && s.dive(), nil
}

func newPatternSearch(k *census, b *search.Board) *patternSearch {
	s := &patternSearch{
		census: k, board: b, dear: dearPrice, pull: firstPull,
		rooms: make([][]float64, k.nodes), packs: make([]packed, k.nodes), best: make([]int64, k.prices), high: math.MinInt64,
	}
	s.unit = float64(max(k.leaving, 1)) / fineUnits
	for n := range s.packers {
		s.packers[n].census, s.packers[n].without = k, guests
	}
	for j := range s.rooms {
		s.rooms[j] = make([]float64, len(k.problem.Resources))
	}
	return s
}

// climb raises the bound as far as the program goes. It returns false where the run has to stop,
// or nothing is left to show.
func (s *patternSearch) climb() bool {
	for {
		if !s.solve() || !s.drop() {
			return false
		}
		more := false
		for pull := s.pull; ; pull = 0 {
			u := s.between(pull)
			if !s.evaluate(u) {
				return false
			}
			if more = s.gather(); more || pull == 0 {
				break
			}
		}
		if s.board.Done() {
			return false
		}
		if s.values = append(s.values, s.model.Objective()); more && !s.slow() {
			continue
		}
		switch {
		case s.dearer():
			if s.values = s.values[:0]; !s.prove() {
				return false
			}
		case more:
		case s.stages < mostStages && slices.ContainsFunc(s.packs, func(q packed) bool { return q.bound > q.gain }):
			if s.stages == 0 && !s.dive() {
				return false
			}
			s.stages, s.pull = max(moreStages*s.stages, firstStages), 0
		default:
			return true
		}
	}
}

// slow says whether the last rounds have brought the program little: it need not be solved to the
// end as long as artificial copies are to become dearer.
func (s *patternSearch) slow() bool {
	n := len(s.values)
	return n > slowRounds && s.values[n-1] > s.values[n-1-slowRounds]*(1-slowPart)
}

// prove raises the bound by what the prices say now, each time that artificial copies have become
// twice as dear. It returns false where the run has to stop.
func (s *patternSearch) prove() bool {
	if s.dear < 2*s.proved {
		return true
	}
	s.proved = s.dear
	patience := s.stages
	s.stages = max(patience, provingStages)
	going := s.evaluate(s.between(0))
	s.stages = patience
	return going && !s.board.Done()
}

// between is a point between the duals and the best prices.
func (s *patternSearch) between(pull float64) []int64 {
	u := make([]int64, s.prices)
	for k := range u {
		dual := s.duals[k] * s.unit
		least := -float64(s.dearest)
		if k < len(s.kinds) {
			least = 0
		}
		u[k] = int64(math.Round(min(max(dual+float64(pull*(float64(s.best[k])-dual)), least), float64(s.dearest))))
	}
	return u
}

// evaluate computes the bound at prices u, and what each node then holds. It returns false where
// the run has to stop.
func (s *patternSearch) evaluate(u []int64) bool {
	s.price(u)
	value := int64(0)
	for k := range s.kinds {
		k, price := &s.kinds[k], u[k]
		value += price * k.copies
		if k.out > 0 {
			value -= max(price-k.leftOut, 0) * k.out
		}
	}
	for r := range s.spreads {
		_, worth := s.spreads[r].least(u)
		value += worth
	}
	for j := range s.packs {
		value -= s.packs[j].bound
	}
	s.turn(u)
	if value > s.high {
		s.high = value
		copy(s.best, u)
		s.board.Raise(s.bound(value))
	}
	return s.count()
}

// price finds the best pattern of each node that is open at prices u.
func (s *patternSearch) price(u []int64) {
	s.board.Each(len(s.packers), func(n int) {
		for j := n; j < s.nodes; j += len(s.packers) {
			if s.open == nil || s.open[j] {
				s.packs[j] = s.packers[n].pack(j, u, s.rooms[j], s.stages)
			}
		}
	})
}

// count reports the work of the packers.
func (s *patternSearch) count() bool {
	work := int64(0)
	for n := range s.packers {
		work += s.packers[n].work
		s.packers[n].work = 0
	}
	return s.board.Work(work)
}

// turn changes the pull: it was too small where the bound falls from the best prices to these u,
// seen along the way from there to the duals.
func (s *patternSearch) turn(u []int64) {
	slope := make([]int64, len(u))
	for k := range s.kinds {
		slope[k] = s.kinds[k].copies
	}
	for n := range s.spreads {
		r := &s.spreads[n]
		least, _ := r.least(u)
		for k := r.first; k < r.first+r.places; k++ {
			if slope[k] = least; u[k] < 0 {
				slope[k] += r.skew
			}
		}
	}
	for j := range s.packs {
		s.supplies(&s.packs[j].pattern, func(row int32, n int64) { slope[row] -= n })
	}
	along := 0.0
	for k := range u {
		along += float64(slope[k]) * (float64(s.duals[k]*s.unit) - float64(s.best[k]))
	}
	if along > 0 {
		s.pull = max(s.pull-0.1, 0)
	} else {
		s.pull += (1 - s.pull) / 10
	}
}

// gather adds the patterns of the last evaluation that pay at the duals, and says whether there
// were any.
func (s *patternSearch) gather() bool {
	var vectors []clp.Vector
	for j := range s.packs {
		if s.open != nil && !s.open[j] {
			continue
		}
		q := &s.packs[j].pattern
		v := s.vector(q)
		if reduced(v, s.duals) < -pays {
			s.columns, vectors = append(s.columns, *q), append(vectors, v)
		}
	}
	if len(vectors) == 0 || s.model.AddColumns(vectors) != nil {
		return false
	}
	s.primal = true
	return true
}

// dearer makes artificial copies dearer where the program uses them; false: it does not.
func (s *patternSearch) dearer() bool {
	values := s.model.Values(nil)[:s.artificial]
	if s.dear >= dearestOut || !slices.ContainsFunc(values, func(x float64) bool { return x > wholeAt }) {
		return false
	}
	s.dear *= dearGrowth
	for k := range values {
		s.model.SetCost(int32(k), s.dear)
	}
	s.primal = true
	return true
}
