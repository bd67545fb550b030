package frontier

import (
	"context"
	"slices"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
	"berth/search"
	"berth/solvers/sat"
)

func solve(ctx context.Context, p *model.Problem, warm model.Placement, _ int) (*search.Result, error) {
	method := *sat.Methods()[0]
	run := method.Run
	method.Run = func(ctx context.Context, p *model.Problem, b *search.Board) error {
		if warm != nil {
			b.Offer(warm, p.Evaluate(warm).Cost)
		}
		return run(ctx, p, b)
	}
	return search.Run(ctx, p, &method, search.Limits{}, 1, 1, nil)
}

// Every point of the curve is what brute force finds under its limit, and the last
// one is the best of all.
func TestCurveIsThatOfBruteForce(t *testing.T) {
	curves, long, blocked := 0, 0, 0
	for seed := range uint64(200) {
		in := instances.Mixed(seed, 5, 3)
		in.Given.MaxMoves = nil
		if !slices.ContainsFunc(in.Tasks, func(t model.Task) bool { return len(t.Current) > 0 }) {
			continue
		}
		points, complete, err := Curve(context.Background(), in, solve)
		if err != nil || !complete {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if points[0].Moves < 0 {
			if best, _, _ := bruteforce.Solve(points[0].Problem); best != nil {
				t.Errorf("seed %d: no placement, it says, but there is one", seed)
			}
			continue
		}
		curves++
		for k, pt := range points {
			asked := *in
			asked.Given.MaxMoves = &pt.Moves
			p, err := model.Compile(&asked)
			if err != nil {
				t.Fatal(err)
			}
			best, cost, ok := bruteforce.Solve(p)
			if !ok {
				t.Fatal("too large for brute force")
			}
			switch {
			case best == nil:
				blocked++
				if pt.Status != model.Infeasible {
					t.Errorf("seed %d, %d moves: %s, but it cannot be", seed, pt.Moves, pt.Status)
				}
			case pt.Status != model.Optimal || pt.Cost != cost || pt.Bound != cost:
				t.Errorf("seed %d, %d moves: %s at %d above %d; the best costs %d", seed, pt.Moves, pt.Status, pt.Cost, pt.Bound, cost)
			case pt.Left() > pt.Moves:
				t.Errorf("seed %d: %d leave, %d may", seed, pt.Left(), pt.Moves)
			case k > 0 && points[k-1].Cost <= pt.Cost && k == len(points)-1:
				t.Errorf("seed %d: the curve goes on after it has reached its end", seed)
			}
		}
		free, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		if _, cost, _ := bruteforce.Solve(free); points[len(points)-1].Cost != cost {
			t.Errorf("seed %d: the curve ends at %d, the best costs %d", seed, points[len(points)-1].Cost, cost)
		}
		if len(points) > 2 {
			long++
		}
	}
	if curves < 20 || long < 4 || blocked == 0 {
		t.Errorf("%d curves, %d of them long, %d points without a placement: the test sees too little", curves, long, blocked)
	}
}

func TestCurveStopsWithWhatItHas(t *testing.T) {
	in := instances.Mixed(28, 5, 3) // its curve goes from 0 to 2 moves
	in.Given = model.Given{}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	points, complete, err := Curve(ctx, in, func(ctx context.Context, p *model.Problem, warm model.Placement, more int) (*search.Result, error) {
		defer cancel()
		return solve(context.Background(), p, warm, more)
	})
	if err != nil || complete || len(points) != 1 {
		t.Errorf("after the end: %d points, complete %v, %v", len(points), complete, err)
	}
}

func TestLimitsGrow(t *testing.T) {
	for _, most := range []int{0, 1, 5, 100, 3485} {
		list := limits(most)
		if !slices.IsSorted(list) || list[0] != 0 || list[len(list)-1] != most || len(slices.Compact(list)) > 50 {
			t.Errorf("up to %d: %v", most, list)
		}
	}
}
