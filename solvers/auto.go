package solvers

import (
	"context"
	"errors"
	"math"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/bundles"
	"berth/solvers/colgen"
	"berth/solvers/flow"
	"berth/solvers/lagrange"
	"berth/solvers/lp"
	"berth/solvers/prices"
	"berth/solvers/recombine"
	"berth/solvers/rlt"
	"berth/solvers/rules"
	"berth/solvers/sat"
)

// Auto runs side by side what is fit for the problem: the exact engines that do not
// lack what occurs in it or find it too large, and constructions followed by local
// search. Each sees what the others find; of several, the engine that is made for
// the problem gets the largest part of the work. Where nodes cost something to use, that is
// bundles if they are all alike, and else colgen. Before that, hard rules are held against one
// another, and what runs today is left where it is as far as that goes: searches of large problems
// go on from there. Copies that all take the same room are solved as a flow, and what is linear and
// large, or has nodes in groups, is priced: that takes both threads, soon has a bound and a
// placement near it, and ends; so do the patterns of what nodes hold, where something runs. Where
// items exchange traffic, annealings look for placements.
var Auto = &search.Method{
	Name:    "auto",
	Short:   "what is fit for the problem, side by side: exact engines, and constructions with local search",
	Proves:  true,
	Handles: model.AllFeatures | model.Schedules,
	Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
		if p.Workflow != nil {
			return autoSchedule(ctx, p, b)
		}
		traffic := p.Features&model.TrafficOn != 0
		grouped := !traffic && lagrange.Grouped(p)
		soonFound := int64(math.MaxInt64)
		if pairs(p) <= soonListed {
			soonFound = firstWork * int64(pairs(p))
		}
		var first []*search.Method
		if p.Features&(model.Conflicts|model.Together|model.Apart) != 0 {
			first = append(first, rules.Method)
		}
		if len(p.Runs) > 0 {
			first = append(first, within(soonFound, heuristics.Stay)...)
		}
		if flow.Alike(p) {
			first = append(first, fit(p, flow.Method)...)
		}
		switch {
		case large(p, grouped) && prices.Method.Lacks(p) == 0:
			first = append(first, modest(prices.Method))
		// The rivals may take a while to set up, and nobody sees anything before.
		case traffic && p.Copies < manyCopies:
			first = append(first, within(soonFound, fit(p, heuristics.Cluster)...)...)
		case !traffic && pairs(p) > somePairs:
			first = append(first, fit(p, heuristics.PenaltyFirst)...)
		}
		if len(first) > 0 {
			if err := inTurn(ctx, p, b, first...); err != nil || !b.Work(0) {
				return err
			}
		}
		rivals, improver, err := provers(p, b, grouped)
		if err != nil {
			return err
		}
		finders := []*search.Method{heuristics.PenaltyFirst, heuristics.BestFit, heuristics.Regret, heuristics.Descent}
		switch {
		case traffic:
			finders = append(fit(p, recombine.Finders()...), heuristics.Anneal)
			if p.Features&model.Matrix != 0 && p.MustStay == 0 {
				finders = append(fit(p, heuristics.Tabu), finders...)
			}
		case p.MustStay > 0, len(p.Runs) > 0 && improver == nil && pairs(p) > somePairs:
			// Other constructions move half of what runs.
			finders = []*search.Method{heuristics.Descent}
		}
		if improver != nil {
			finders = slices.Insert(finders, 1, improver)
		}
		finders = slices.DeleteFunc(finders, func(m *search.Method) bool { return index(first, m.Name) >= 0 })
		proving := len(rivals)
		at := min(proving, 1)
		if manyShares(p) {
			at = 0 // what finds has more to do than what proves
		}
		rivals = slices.Insert(rivals, at, searcher(finders))
		if traffic && p.Copies <= fewCopies && p.MustStay == 0 {
			// Where little can change, small steps at ease find what annealing passes by.
			rivals = slices.Insert(rivals, min(len(rivals), 1), searcher([]*search.Method{heuristics.Descent}))
		}
		if len(p.Pairs) <= len(p.Items) && thin(p) {
			// Of chains and trees clauses know it, too.
			rivals = append(rivals, fit(p, sat.Methods()...)...)
		}
		if !traffic && p.Features&model.OpenCosts != 0 {
			// Which nodes to use is settled by descents, which the improver does not make way for.
			descents := searcher([]*search.Method{heuristics.Descent})
			descents.Share = 2
			rivals = append(rivals, descents)
		}
		known, _ := b.Best()
		full := scarce(p, known)
		if !traffic && full && (len(p.Runs) > 0 || improver == nil) {
			// In a full cluster, descents find no way to what waits.
			annealing := searcher([]*search.Method{heuristics.Anneal})
			annealing.Share = 3
			rivals = append(rivals, annealing)
		}
		share(p, rivals, proving, full)
		if len(p.Runs) > 0 && !traffic {
			rivals = append(leading(rivals, colgen.Patterns()), rivals...)
		}
		return search.Race(ctx, b, append(rivals, aside(p, b, rivals)...)...)
	},
}

const (
	manyCopies   = 5000    // from how many on a problem is large
	manyReplicas = 1000    // from how many on bundles and lp have no bound in time, where replicas share traffic
	fewCopies    = 100     // up to so many, a descent may find better than an annealing
	manyPairs    = 300_000 // of item and node: with more, the start of colgen's improver takes too long
	somePairs    = 20_000  // with more, the start of colgen takes longer than a construction or prices of nodes, and lp sees no end of its own
	fewPairs     = 300     // up to so many, lp is a match for the others
	clausePairs  = 1500    // up to so many, lp and sat may prove traffic over racks
	firstWork    = 20_000  // for each, of so few: a first construction has a placement by then, or would repair for long what others find or refute at once
	tinyPairs    = 100     // up to so many, with affinity over racks, lp is done before bundles has made racks agree with nodes
	soonProven   = 150e6   // work after which bundles and fleet have proven what is small, where rivals would take time for nothing
	soonSparse   = 10e6    // … where few items exchange traffic: lp may have proven that as soon
	soonListed   = 1000    // up to so many, what lies together on a node is soon known, and bundles proves with little help
	soonSeen     = 3e6     // work of lp before bundles leads: small problems whose replicas share traffic it has proven by then
	briefly      = 20e6    // work of lp beside colgen: what it sees at the root it sees by then
	lpAlone      = 10      // shares of lp where it is the one to prove a small problem
	lpLarge      = 3       // … and a larger one, for each share of the others
	lpPairs      = 60_000  // … up to so many: with more, it has not been seen to end
	lpThin       = 2       // … and where traffic over racks is thin, for each of bundles
	roomPairs    = 1000    // up to so many, room for what may be left out is soon found
	someKinds    = 8       // of nodes: up to so many, how many of each to use is soon settled
	kindPairs    = 4000    // of item and kind of node: with more, a program over what fits on each has no bound in time
	nearlyAll    = 0.95    // of a resource, from which on what may be left out has to be fitted in
)

// share divides the work of a race in which so many prove. The first gets as much as all
// others together: a thread of its own where there are two, and fleet a lead; bundles three times
// as much where it is soon done, and so long a lead that small problems are proven before others
// begin, a short one where few items exchange traffic, lp having looked at the smallest whose
// replicas share traffic, and as much as lp where that goes before it. Lp gets most of all where it
// is the only one to prove, on small problems and on middling ones without traffic, unless room has
// to be found for what may be left out. Beside bundles it gets as much where few items exchange
// traffic, and where traffic over racks is thin, there twice as much if the problem is not small. On
// the smallest it gets twice as much as the others where it helps another than lagrange. A unit of
// work is a third as long in sat as in the others, which gets so much more.
func share(p *model.Problem, rivals []*search.Method, provers int, full bool) {
	if len(rivals) >= 3 {
		rivals[0].Share, rivals[1].Share = int64(len(rivals)), 2
	}
	if rivals[0].Name == "bundles" && pairs(p) <= soonListed && p.Features&model.Distances == 0 {
		rivals[0].Share *= 3
		rivals[0].Lead = soonProven
		if sparse(p) {
			rivals[0].Lead = soonSparse
		}
	}
	if rivals[0].Name == "fleet" {
		rivals[0].Lead = soonProven
	}
	if at := index(rivals, "bundles"); at > 0 {
		rivals[at].Share = rivals[0].Share
	}
	if at := index(rivals, "sat"); at > 0 {
		rivals[at].Share = 3 * int64(len(rivals))
	}
	at := index(rivals, "lp")
	switch {
	case at < 0 || rivals[0].Name == lagrange.Method.Name:
	case provers == 1 && pairs(p) <= fewPairs:
		rivals[0].Share, rivals[1].Share = lpAlone, 1
	case at == 0 && provers == 1 && p.Features&model.TrafficOn == 0 && pairs(p) <= lpPairs && (pairs(p) <= roomPairs || !full):
		rivals[0].Share = 0
		for _, m := range rivals[1:] {
			rivals[0].Share += lpLarge * max(m.Share, 1)
		}
	case at > 0 && thin(p):
		rivals[at].Share = rivals[0].Share
		if pairs(p) > fewPairs {
			rivals[at].Share *= lpThin
		}
	case at > 0 && rivals[0].Name == "bundles" && sparse(p):
		rivals[at].Share = rivals[0].Share
	case at > 0 && pairs(p) <= fewPairs/2:
		rivals[at].Share = 2
	}
	if at > 0 && rivals[0].Lead > 0 && p.Features&model.Shares != 0 && p.Copies*len(p.NodeNames) <= fewPairs {
		first := rivals[at]
		first.Lead = soonSeen
		copy(rivals[1:], rivals[:at])
		rivals[0] = first
	}
}

// scarce says whether room has to be found for copies that may be left out: what is known leaves
// some out, or, with no placement known, nearly all of some resource is asked for.
func scarce(p *model.Problem, known model.Placement) bool {
	if p.Features&model.LeavingOut == 0 || known != nil {
		return slices.Contains(known, model.NoPlace)
	}
	for r := range p.Resources {
		asked, there := 0.0, 0.0
		for i := range p.Items {
			asked += float64(p.Demands[p.Items[i].Demand].Usual()[r]) * float64(p.Items[i].Count)
		}
		for j := range p.NodeNames {
			there += float64(p.Capacity[j*len(p.Resources)+r])
		}
		if asked > nearlyAll*there {
			return true
		}
	}
	return false
}

// large says whether a problem of linear cost is priced first. Where nodes cost something, exact
// engines are soon done with what is small.
func large(p *model.Problem, grouped bool) bool {
	if p.Features&model.OpenCosts != 0 {
		return pairs(p) > somePairs
	}
	return p.Copies >= manyCopies || grouped
}

// index is where a method is in a list, or −1.
func index(methods []*search.Method, name string) int {
	return slices.IndexFunc(methods, func(m *search.Method) bool { return m.Name == name })
}

// aside returns lp, to look in brief beside colgen at problems without a placement so far, which
// may have none: columns see that late. Where nodes cost something, lp is one of the rivals.
func aside(p *model.Problem, b *search.Board, rivals []*search.Method) []*search.Method {
	_, known := b.Best()
	if rivals[0].Name != "colgen" || pairs(p) <= fewPairs || p.Features&model.OpenCosts != 0 || known != search.NoCost {
		return nil
	}
	return fit(p, lp.Brief(briefly)...)
}

// provers returns the engines that prove, the one made for the problem first, and what
// that has to improve placements with, or nil. grouped is what lagrange.Grouped says.
func provers(p *model.Problem, b *search.Board, grouped bool) (rivals []*search.Method, improver *search.Method, err error) {
	prover, improver, err := linear(p, b, grouped)
	if err != nil {
		return nil, nil, err
	}
	var made []*search.Method
	switch {
	case prover != nil:
		if p.Features&model.OpenCosts != 0 && fewKinds(p) {
			rivals = fit(p, colgen.Fleets()...)
		}
		if p.Features&model.OpenCosts != 0 && bundles.Alike(p) {
			rivals = append(rivals, fit(p, bundles.Methods()...)...)
		}
		rivals = append(rivals, prover)
	case p.Features&model.Matrix != 0:
		made = []*search.Method{rlt.Method}
	case p.Features&model.TrafficOn != 0:
		switch {
		case manyShares(p):
			made = recombine.Bounds()
		case pairs(p) > fewPairs || bundles.Takes(p):
			made = bundles.Methods()
		}
	default:
		made = []*search.Method{flow.Uplinks}
	}
	if p.MustStay > 0 {
		made = append(made, lagrange.Moves)
	}
	rivals = append(rivals, fit(p, made...)...)
	over := (p.Features&model.Matrix != 0 || manyShares(p)) && len(rivals) > 0 // what lp would do, these do better
	if prover == nil && !over || pairs(p) <= fewPairs || p.Features&model.OpenCosts != 0 && pairs(p) <= somePairs {
		rivals = append(rivals, fit(p, lp.Methods()...)...)
	}
	if prover == nil && p.Features&model.Together != 0 && pairs(p) <= tinyPairs {
		slices.Reverse(rivals)
	}
	return rivals, improver, nil
}

// leadingShare is how much more work a method gets that leads than all rivals together.
const leadingShare = 4

// leading lists methods with so much more work than all rivals, until they end.
func leading(rivals []*search.Method, methods []*search.Method) (list []*search.Method) {
	all := int64(0)
	for _, m := range rivals {
		all += max(m.Share, 1)
	}
	for _, m := range methods {
		m = modest(m)
		m.Share = leadingShare * all
		list = append(list, m)
	}
	return list
}

// fewKinds says whether there are far fewer kinds of nodes than nodes, and not too much that could
// be on each.
func fewKinds(p *model.Problem) bool {
	kinds := len(p.NodesByClass())
	return kinds <= someKinds && 2*kinds <= len(p.NodeNames) && kinds*len(p.Items) <= kindPairs
}

// manyShares says whether many replicas share traffic.
func manyShares(p *model.Problem) bool {
	return p.Features&model.Shares != 0 && p.Copies >= manyReplicas
}

// fit lists those of some methods that lack nothing that occurs in the problem.
func fit(p *model.Problem, methods ...*search.Method) (list []*search.Method) {
	for _, m := range methods {
		if m.Lacks(p) == 0 {
			list = append(list, modest(m))
		}
	}
	return list
}

// thin says whether a problem is of single copies that exchange traffic over racks, few of them
// with several others. Bundles of racks are large, and in chains, trees, stars and rings little
// has to be parted: lp soon knows what.
func thin(p *model.Problem) bool {
	return p.Features&model.Distances != 0 && p.Features&(model.Matrix|model.Shares) == 0 &&
		2*len(p.Pairs) <= 3*len(p.Items) && pairs(p) <= clausePairs
}

// sparse says whether few items exchange traffic. What else is in such a problem decides whether
// bundles or lp is the one to prove it: each has been seen to need a tenth of the other's time.
func sparse(p *model.Problem) bool { return 2*len(p.Pairs) <= len(p.Items) }

// pairs is how many pairs of item and node there are.
func pairs(p *model.Problem) int { return len(p.Items) * len(p.NodeNames) }

// linear returns the two sides of the exact engine for linear costs that takes the
// problem: lagrange where it can, colgen where that cannot, and on the proving side
// where nodes come in groups. Both are nil where neither does.
func linear(p *model.Problem, b *search.Board, grouped bool) (prover, improver *search.Method, err error) {
	if lagrange.Method.Lacks(p) == 0 {
		prover, improver, err = lagrange.Sides(p, b)
		if err != nil && !errors.Is(err, search.ErrTooLarge) || err == nil && !grouped {
			return prover, improver, err
		}
	}
	for _, m := range colgen.Methods() {
		if m.Lacks(p) != 0 {
			continue
		}
		prove, improve, err := colgen.Sides(p, b)
		if errors.Is(err, search.ErrTooLarge) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		switch {
		case improver != nil:
			improver = lagrange.Improver // whose other side has no part in it
		case pairs(p) <= manyPairs:
			improver = improve
		}
		return prove, improver, nil
	}
	return prover, improver, nil
}

// searcher is the side of auto that finds placements: constructions for something
// to hold on to, then improvement.
func searcher(finders []*search.Method) *search.Method {
	return &search.Method{
		Name:    "auto",
		Handles: model.AllFeatures,
		Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
			return inTurn(ctx, p, b, finders...)
		},
	}
}

// inTurn runs methods one after the other, for as long as the board says so.
func inTurn(ctx context.Context, p *model.Problem, b *search.Board, methods ...*search.Method) error {
	for _, m := range methods {
		back := b.Named(m.Name)
		err := m.Run(ctx, p, b)
		back()
		if err != nil || !b.Work(0) {
			return err
		}
	}
	return nil
}

// within returns methods that do no more than so many units of work each.
func within(units int64, methods ...*search.Method) []*search.Method {
	for k, m := range methods {
		short := *m
		short.Run = func(ctx context.Context, p *model.Problem, b *search.Board) error {
			return b.Within(units, func() error { return m.Run(ctx, p, b) })
		}
		methods[k] = &short
	}
	return methods
}

// modest returns the method made to withdraw quietly from what is too large for
// it.
func modest(m *search.Method) *search.Method {
	quiet := *m
	quiet.Run = func(ctx context.Context, p *model.Problem, b *search.Board) error {
		if err := m.Run(ctx, p, b); !errors.Is(err, search.ErrTooLarge) {
			return err
		}
		return nil
	}
	return &quiet
}
