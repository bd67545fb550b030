package lagrange_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/search"
	"berth/solvers/lagrange"
)

// The bound with a limit of moves is never above the optimum, is the optimum in many
// cases, and is above that without the limit in some.
func TestMovesAgainstBruteForce(t *testing.T) {
	limited, met, above := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 9))
		for range 4 {
			in := small(rt)
			for i := range in.Tasks {
				for range in.Tasks[i].Replicas {
					in.Tasks[i].Current = append(in.Tasks[i].Current, fmt.Sprintf("n%d", rng.IntN(len(in.Nodes))))
				}
			}
			_, free, _ := bruteforce.Solve(compiled.Instance(t, in))
			most := rng.IntN(1 + len(in.Tasks)/2)
			in.Given.MaxMoves = &most
			p := compiled.Instance(t, in)
			if p.MustStay == 0 {
				continue
			}
			best, cost, ok := bruteforce.Solve(p)
			if !ok || best == nil || lagrange.Moves.Lacks(p) != 0 {
				continue
			}
			r, err := search.Run(context.Background(), p, lagrange.Moves, search.Limits{Work: 100_000_000}, 1, 1, nil)
			if err != nil {
				rt.Fatal(err)
			}
			if r.Bound > cost {
				rt.Fatalf("the bound is %d, the optimum %d", r.Bound, cost)
			}
			limited++
			if r.Bound == cost {
				met++
			}
			if r.Bound > free {
				above++
			}
		}
	})
	t.Logf("%d problems with a limit; the bound is the optimum of %d, and above that without it in %d", limited, met, above)
	if limited == 0 || 4*met < limited || above == 0 {
		t.Errorf("of %d problems with a limit the bound is the optimum in %d, and above the optimum without a limit in %d", limited, met, above)
	}
}
