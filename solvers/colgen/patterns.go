//go:build cgo

package colgen

import (
	"context"
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
	*kinds
	problem *model.Problem
	board   *search.Board

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
	slowPart      = 1e-3   // of the program's value
	mostSpread    = 40_000 // pairs of kind and node, with spreads
	mostColumns   = 8      // for each row, before those are dropped that are far from use
)

// runPatterns raises the bound and looks for placements that are made of the program's patterns:
// first as if nothing had to be spread, which makes few kinds, then, if the problem is not too large
// for that, with spreads.
func runPatterns(ctx context.Context, p *model.Problem, b *search.Board) error {
	if err := b.Reserve("patterns: the states of its knapsacks", 2*stageBytes); err != nil {
		return err
	}
	if best, _ := b.Best(); best == nil {
		if err := heuristics.Stay.Run(ctx, p, b); err != nil || !b.Work(0) {
			return err
		}
	}
	for _, spread := range []bool{false, true} {
		k, err := newKinds(p, spread)
		if err != nil {
			return err
		}
		if spread && (len(k.spreads) == 0 || len(k.guest) > mostSpread) {
			break
		}
		if err := b.Reserve("patterns: its kinds", int64(len(k.guest))*16); err != nil {
			return err
		}
		if going, err := newPatternSearch(k, p, b).run(); !going || err != nil {
			return err
		}
	}
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

func newPatternSearch(k *kinds, p *model.Problem, b *search.Board) *patternSearch {
	s := &patternSearch{
		kinds: k, problem: p, board: b, dear: dearPrice, pull: firstPull,
		rooms: make([][]float64, k.nodes), packs: make([]packed, k.nodes), best: make([]int64, k.prices), high: math.MinInt64,
	}
	s.unit = float64(max(k.leaving, 1)) / fineUnits
	for n := range s.packers {
		s.packers[n].kinds = k
	}
	for j := range s.rooms {
		s.rooms[j] = make([]float64, len(p.Resources))
	}
	return s
}

// make makes the program, with what each node holds today and in the best placement known.
func (s *patternSearch) make() (err error) {
	var rows, columns []clp.Vector
	for k := range s.kinds.kinds {
		rows = append(rows, clp.Vector{Lower: float64(s.kinds.kinds[k].copies), Upper: clp.Infinity})
		columns = append(columns, clp.Vector{Index: []int32{int32(k)}, Value: []float64{1}, Upper: clp.Infinity, Cost: s.dear})
	}
	for k := len(columns); k < s.kinds.prices; k++ {
		for _, sign := range []float64{1, -1} {
			columns = append(columns, clp.Vector{Index: []int32{int32(k)}, Value: []float64{sign}, Upper: clp.Infinity, Cost: s.dear})
		}
	}
	s.artificial = len(columns)
	for k := range s.kinds.kinds {
		if kind := &s.kinds.kinds[k]; kind.out > 0 {
			columns = append(columns, clp.Vector{Index: []int32{int32(k)}, Value: []float64{1}, Upper: float64(kind.out), Cost: float64(kind.leftOut) / s.unit})
		}
	}
	for r := range s.spreads {
		least := clp.Vector{Upper: float64(s.spreads[r].most)}
		for range s.spreads[r].places {
			least.Index, least.Value = append(least.Index, int32(len(rows))), append(least.Value, -1)
			rows = append(rows, clp.Vector{Upper: float64(s.spreads[r].skew)})
		}
		columns = append(columns, least)
	}
	for range s.nodes {
		rows = append(rows, clp.Vector{Lower: 1, Upper: 1})
	}
	s.first = len(columns)
	if s.model, err = clp.New(rows, columns); err != nil {
		return err
	}
	s.model.Perturb()
	for j := range s.nodes {
		s.columns = append(s.columns, s.today(int32(j)))
	}
	if known, _ := s.board.Best(); known != nil {
		s.columns = append(s.columns, s.patternsOf(known)...)
	}
	var vectors []clp.Vector
	for c := range s.columns {
		vectors = append(vectors, s.vector(&s.columns[c]))
	}
	s.primal = true
	return s.model.AddColumns(vectors)
}

// today is the pattern of a node where all that runs there stays, as far as it fits.
func (s *patternSearch) today(j int32) pattern {
	q := pattern{node: j}
	left := slices.Clone(s.problem.Capacity[int(j)*len(s.problem.Resources):][:len(s.problem.Resources)])
	for n, at := range s.stays[j] {
		copies := min(at.copies, s.most(at.kind))
		need := s.kinds.kinds[at.kind].demand.On(j)
		for r := range left {
			if need[r] > 0 {
				copies = int32(min(int64(copies), left[r]/need[r]))
			}
		}
		if copies == 0 || s.kinds.kinds[at.kind].single && slices.ContainsFunc(q.in, func(h held) bool { return h.kind == at.kind }) {
			continue
		}
		for r := range left {
			left[r] -= need[r] * int64(copies)
		}
		q.in = append(q.in, held{at.kind, int32(n), copies})
		q.cost += at.cost * int64(copies)
	}
	return q
}

// patternsOf are the patterns of a placement, by node.
func (s *patternSearch) patternsOf(pl model.Placement) []pattern {
	list := make([]pattern, s.nodes)
	for j := range list {
		list[j].node = int32(j)
	}
	add := func(q *pattern, h held, cost int64) {
		q.cost += cost
		for n := range q.in {
			if q.in[n].kind == h.kind && q.in[n].stay == h.stay {
				q.in[n].copies++
				return
			}
		}
		q.in = append(q.in, h)
	}
	left := make([][]int32, s.nodes) // of each stay
	for j := range left {
		for _, at := range s.stays[j] {
			left[j] = append(left[j], at.copies)
		}
	}
	for i := range s.problem.Items {
		item := &s.problem.Items[i]
		for c := item.First; c < item.First+item.Count; c++ {
			j := pl[c]
			if j == model.NoPlace {
				continue
			}
			n := slices.IndexFunc(s.stays[j], func(at stay) bool { return at.item == int32(i) })
			if n >= 0 && left[j][n] > 0 {
				left[j][n]--
				add(&list[j], held{s.of[i], int32(n), 1}, s.stays[j][n].cost)
			} else {
				add(&list[j], held{s.of[i], guests, 1}, s.guestOn(int(j), s.of[i]))
			}
		}
	}
	return list
}

// vector is the column of a pattern.
func (s *patternSearch) vector(q *pattern) clp.Vector {
	v := clp.Vector{Upper: clp.Infinity, Cost: float64(q.cost) / s.unit}
	add := func(row int32, n float64) {
		if at := slices.Index(v.Index, row); at >= 0 {
			v.Value[at] += n
		} else {
			v.Index, v.Value = append(v.Index, row), append(v.Value, n)
		}
	}
	s.supplies(q, func(row int32, n int64) { add(row, float64(n)) })
	add(int32(s.prices)+q.node, 1)
	return v
}

// supplies calls f with what a pattern adds to the rows that have prices.
func (s *patternSearch) supplies(q *pattern, f func(row int32, n int64)) {
	for _, h := range q.in {
		f(h.kind, int64(h.copies))
		if k := &s.kinds.kinds[h.kind]; k.spread >= 0 {
			r := &s.spreads[k.spread]
			f(int32(r.first)+r.place[q.node], k.times*int64(h.copies))
		}
	}
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

// solve solves the program. It returns false where the run has to stop, or CLP gives up.
func (s *patternSearch) solve() bool {
	for iterations := slice; ; iterations *= 2 {
		most, status := s.model.Within(s.board.Left(), iterations), clp.Stopped
		if s.primal {
			status = s.model.Primal(most)
		} else {
			status = s.model.Dual(most)
		}
		if !s.board.Work(s.model.Work()) {
			return false
		}
		if status != clp.Stopped {
			s.duals = s.model.Duals(s.duals[:0])
			return status == clp.Optimal
		}
	}
}

// drop takes columns out of the program once there are many: those that are farthest from use.
func (s *patternSearch) drop() bool {
	if len(s.columns) < mostColumns*s.model.Rows() {
		return true
	}
	reduced := s.model.ReducedCosts(nil)[s.first:]
	sorted := slices.Clone(reduced)
	slices.Sort(sorted)
	limit := max(sorted[len(sorted)/2], pays)
	var gone []int32
	kept := s.columns[:0]
	for c, q := range s.columns {
		if reduced[c] > limit {
			gone = append(gone, int32(s.first+c))
		} else {
			kept = append(kept, q)
		}
	}
	s.columns = kept
	return s.model.DeleteColumns(gone) == nil
}

// between is a point between the duals and the best prices.
func (s *patternSearch) between(pull float64) []int64 {
	u := make([]int64, s.kinds.prices)
	for k := range u {
		dual := s.duals[k] * s.unit
		least := -float64(s.dearest)
		if k < len(s.kinds.kinds) {
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
	for k := range s.kinds.kinds {
		k, price := &s.kinds.kinds[k], u[k]
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
	for k := range s.kinds.kinds {
		slope[k] = s.kinds.kinds[k].copies
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
		reduced := v.Cost
		for n, r := range v.Index {
			reduced -= float64(s.duals[r] * v.Value[n])
		}
		if reduced < -pays {
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
