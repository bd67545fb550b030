//go:build cgo

package colgen

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/bundles"
)

// The method fleet: how many nodes of each kind? Where nodes cost something to use and come in
// few kinds, as the machines that one rents do, that is most of the question, and there are few
// answers. A fleet is one of them, a number of nodes of each kind. What its copies cost at least,
// beside the rent, is a linear program over what may lie together on a node (program.go), and
// what that learns of one fleet it says of all: at prices u of the copies a placement costs at least
//
//	Σ rent(k)·n(k) + Σ u(i)·copies(i) − Σ gain(k,u)·n(k),
//
// gain(k,u) being what a node of kind k takes at most, less what the copies cost there, which is
// a knapsack, solved exactly (J.F. Benders, Partitioning procedures for solving mixed-variables
// programming problems, Numerische Mathematik 4, 1962; of bins of several sizes G. Belov and G.
// Scheithauer, A cutting plane algorithm for the one-dimensional cutting stock problem with
// multiple stock lengths, European Journal of Operational Research 141, 2002). All fleets that may
// cost little enough are on a list (fleets.go), with the best bound of each; whoever is above what
// is wanted is struck off, and the least of the list is the bound. All of it is in integers.
//
// Fleets are looked at from the cheapest on, first by the program, whose solution is rounded; then
// those that are left are searched by bundles, each time four times as long.
//
// Cost: a knapsack takes a millisecond, and a program a few dozen of them. Where a hundred thousand
// fleets cost about the same, only the bound of all of them comes of it.
type fleetSearch struct {
	*program
	fleets
	all     *engine // of all nodes
	dived   int     // solves of the program in dives
	problem *model.Problem
	board   *search.Board
}

const (
	beginWork    = 100        // of a first descent, by pair of copies
	diveRarely   = 3          // one of so many solves of the program is in a dive
	searchWork   = 20_000_000 // of the first search of a fleet …
	searchGrowth = 4          // … and each is so much longer than the last
)

// runFleet finds the best fleet, with a placement on it, or that there is none.
func runFleet(ctx context.Context, p *model.Problem, b *search.Board) error {
	in, err := newInstance(p)
	if err != nil {
		return err
	}
	if err := b.Reserve("fleet: the states of its knapsacks", stageBytes); err != nil {
		return err
	}
	if !in.priced() && p.Copies > 0 {
		return fmt.Errorf("fleet: no node costs anything to use, %w", search.ErrUnfit)
	}
	h := onBoard{in, p, b}
	s := &fleetSearch{all: newEngine(in, h), problem: p, board: b}
	if s.program, err = newProgram(in, h, p.NodesByClass()); err != nil {
		return err
	}
	defer s.model.Close()
	s.fleets = newFleets(in, s.program)
	if best, _ := b.Best(); best == nil {
		work := min(beginWork*int64(p.Copies)*int64(p.Copies), searchWork)
		if _, going := heuristics.DescentAside(ctx, p, b, nil, work, b.Seed()); !going {
			return nil
		}
	}
	for r := range in.resources {
		v := s.needs(r)
		if s.stopped {
			return nil
		}
		s.keep(v)
	}
	if !s.boundAll() {
		return nil
	}
	return s.search(ctx)
}

// search goes through all fleets that may cost little enough, as long as these can be listed.
func (s *fleetSearch) search(ctx context.Context) error {
	for work := int64(0); ; work = max(searchGrowth*work, searchWork) {
		for {
			some, few := s.wanted(s.host.highest() << s.shift)
			if !s.count() || !few {
				return nil
			}
			if !some {
				s.host.exhausted()
				return nil
			}
			s.host.raise(s.stepsUp(s.lowest()))
			f := s.next(work)
			if f == nil {
				break
			}
			if f.worked < 0 {
				s.bounded(f)
				f.worked = 0
			} else if err := s.searched(ctx, f, work); err != nil {
				return err
			}
			if !s.count() {
				return nil
			}
		}
	}
}

// next is the fleet of the least bound of those that were looked at with less work than this;
// nil: none.
func (s *fleetSearch) next(work int64) *fleet {
	var best *fleet
	for _, f := range s.list {
		if f.worked >= work {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(f.bound, best.bound), slices.Compare(best.count, f.count)) < 0 {
			best = f
		}
	}
	s.tally += int64(2 * len(s.list))
	return best
}

// boundAll raises the bound of all fleets at once by the program. It returns false where the run has
// to stop.
func (s *fleetSearch) boundAll() bool {
	low := make([]int32, len(s.kinds))
	for k := range low {
		low[k] = s.least(k)
	}
	s.choose(low, s.there, nil)
	for !s.stopped {
		if _, converged := s.step(); converged {
			break
		}
		if s.host.raise(s.stepsUp(max(s.high, 0))); !s.count() {
			return false
		}
	}
	if s.stopped {
		return false
	}
	s.keep(s.best)
	return true
}

// bounded raises the bound of a fleet by the program, and rounds the solution.
func (s *fleetSearch) bounded(f *fleet) {
	s.choose(f.count, f.count, f.best)
	for !s.stopped {
		better, converged := s.step()
		if better {
			s.note(s.best)
		}
		if converged || f.bound>>s.shift > s.host.highest() {
			break
		}
	}
	s.keep(s.best)
	if before := s.solves; f.bound>>s.shift <= s.host.highest() && diveRarely*s.dived <= before {
		if s.dive() {
			if at := s.all.rounded(s.spread(), s.shut(f)); s.all.whole(at) {
				s.host.offer(at, s.all.steps(at))
			}
		}
		s.dived += s.solves - before
	}
}

// count counts the work of both engines.
func (s *fleetSearch) count() bool {
	s.tally += s.all.tally + s.fleets.work
	s.all.tally, s.fleets.work = 0, 0
	return s.tick(0)
}

// shut says which nodes are not in the fleet.
func (s *fleetSearch) shut(f *fleet) []bool {
	shut := make([]bool, s.all.nodes)
	for k, nodes := range s.kinds {
		for _, j := range nodes[f.count[k]:] {
			shut[j] = true
		}
	}
	return shut
}

// searched looks for the best placement on a fleet by bundles, with work units of work at most.
func (s *fleetSearch) searched(ctx context.Context, f *fleet, work int64) error {
	q := s.problem.Within(s.shut(f)[:len(s.problem.NodeNames)])
	if q == nil { // some item may be on none of these
		f.bound = infeasible
		return nil
	}
	paid := *q // for whatever is on them
	paid.Open = make([]int64, len(q.Open))
	limits := search.Limits{Work: max(min(work, s.board.Left()), 1)}
	own := search.NewBoard(ctx, &paid, limits, s.board.Seed(), 1, nil)
	if err := bundles.Methods()[0].Run(ctx, &paid, own); err != nil {
		return err
	}
	if pl, _ := own.Best(); pl != nil {
		s.board.Offer(pl, s.problem.Evaluate(pl).Cost)
	}
	f.worked = work
	s.atLeast(f, own)
	s.tally += limits.Work - own.Left()
	return nil
}

// atLeast notes what a search has shown: what fits into a fleet costs no less.
func (s *fleetSearch) atLeast(f *fleet, own *search.Board) {
	least := int64(infeasible)
	if _, cost := own.Best(); cost != search.NoCost || !own.Done() {
		least = max(own.Bound()-s.base, 0) << s.shift
	}
	for _, other := range s.list {
		if other.within(f) {
			other.bound = max(other.bound, min(other.rent+least, infeasible))
		}
	}
}
