// Package frontier finds what each number of moves buys: for K = 0, 1, 2, … the best
// placement in which at most K replicas leave where they run today, up to as many as
// the best of all placements takes.
//
// The best of all comes first. Its bound holds for every K, and where some K reaches
// it the curve ends. Each point begins with the placement of the one before, which
// keeps its limit, too; so costs never rise with K. A bound for K holds for all fewer
// moves, so bounds are carried down. This is the ε-constraint method (Haimes, Lasdon
// and Wismer, "On a Bicriterion Formulation of the Problems of Integrated System
// Identification and System Optimization", IEEE Transactions on Systems, Man, and
// Cybernetics 1971) with moves as the second criterion.
package frontier

import (
	"context"
	"errors"
	"slices"

	"berth/model"
	"berth/search"
)

// Point is what is known of the placements in which at most Moves replicas leave.
// Costs are in units of Problem, the same for all points.
type Point struct {
	Moves     int
	Problem   *model.Problem // with the limit
	Status    model.Status
	Placement model.Placement // nil: none is known
	Cost      int64           // search.NoCost without a placement
	Bound     int64           // search.NoBound if none is known
}

// Left returns how many replicas leave where they run today in the point's placement.
func (pt *Point) Left() int { return int(pt.Problem.Leave(pt.Placement)) }

// Solver searches the best placement of a problem, beginning with warm unless that is
// nil. more is how many problems are still to come, this one not counted.
type Solver func(ctx context.Context, p *model.Problem, warm model.Placement, more int) (*search.Result, error)

// ErrNothing means that not even without a limit on moves a placement was found.
var ErrNothing = errors.New("no placement was found even with any number of moves")

// Curve returns the points by ascending number of moves, until one reaches the least
// cost of all. The instance must not limit moves itself. When ctx ends it returns the
// points that it has, with complete false. Where there is no placement at all it
// returns one point, whose number of moves is −1.
func Curve(ctx context.Context, in *model.Instance, solve Solver) (points []Point, complete bool, err error) {
	free, err := model.Compile(in)
	if err != nil {
		return nil, false, err
	}
	found, err := solve(ctx, free, nil, 1)
	if err != nil {
		return nil, false, err
	}
	last := Point{-1, free, found.Status, found.Placement, found.Cost, found.Bound}
	if found.Placement == nil {
		if found.Status == model.Infeasible {
			return []Point{last}, true, nil
		}
		return nil, false, ErrNothing
	}
	last.Moves = last.Left()
	limits := limits(last.Moves)
	for k, most := range limits[:len(limits)-1] {
		if ctx.Err() != nil {
			break
		}
		point, err := limited(ctx, in, most, points, solve, len(limits)-2-k)
		if err != nil {
			return nil, false, err
		}
		points = append(points, point)
		if point.Cost <= last.Bound {
			last = point // no more moves are needed
			points = points[:len(points)-1]
			break
		}
	}
	complete = ctx.Err() == nil
	points = append(points, last)
	return points, complete, carry(points)
}

// limits are the numbers of moves that are looked at: all up to 16, then in steps of
// about a fifth, and the last one.
func limits(most int) []int {
	var list []int
	for k := 0; k < most; k += max(1, k/5) {
		list = append(list, k)
	}
	return append(list, most)
}

// limited searches with a limit on moves, beginning with what the last point found.
func limited(ctx context.Context, in *model.Instance, most int, before []Point, solve Solver, more int) (Point, error) {
	asked := *in
	asked.Given.MaxMoves = &most
	p, err := model.Compile(&asked)
	if err != nil {
		return Point{}, err
	}
	var warm model.Placement
	if n := len(before); n > 0 && before[n-1].Placement != nil {
		if warm, err = moved(&before[n-1], p); err != nil {
			return Point{}, err
		}
	}
	r, err := solve(ctx, p, warm, more)
	if err != nil {
		return Point{}, err
	}
	return Point{most, p, r.Status, r.Placement, r.Cost, r.Bound}, nil
}

// moved is the placement of a point in another problem of the same instance.
func moved(pt *Point, to *model.Problem) (model.Placement, error) {
	doc, err := pt.Problem.Document(model.Feasible, pt.Placement, nil)
	if err != nil {
		return nil, err
	}
	return to.Begin(doc)
}

// carry hands placements up and bounds down the curve, and settles what each point is
// then known to be.
func carry(points []Point) error {
	for k := range points[:len(points)-1] {
		below, above := &points[k], &points[k+1]
		if below.Cost < above.Cost {
			pl, err := moved(below, above.Problem)
			if err != nil {
				return err
			}
			above.Placement, above.Cost = pl, below.Cost
		}
	}
	for k, pt := range slices.Backward(points) {
		if k+1 < len(points) && pt.Status != model.Infeasible {
			points[k].Bound = max(pt.Bound, points[k+1].Bound)
		}
		switch {
		case pt.Status == model.Infeasible:
		case points[k].Placement == nil:
			points[k].Status = model.Unknown
		case points[k].Bound >= points[k].Cost:
			points[k].Status = model.Optimal
		default:
			points[k].Status = model.Feasible
		}
	}
	return nil
}
