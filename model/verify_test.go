package model_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
)

// What Document writes verifies, and no forged claim does.
func TestVerify(t *testing.T) {
	forged := 0
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 5).Draw(t, "replicas"), rapid.IntRange(1, 3).Draw(t, "nodes"))
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		best, cost, ok := bruteforce.Solve(p)
		if !ok || best == nil {
			t.Skip("infeasible")
		}
		write := func() *model.Solution {
			s, err := p.Document(model.Optimal, best, &cost)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if failed := p.Verify(write()); len(failed) > 0 {
			t.Fatalf("a true solution is refuted: %v", failed)
		}
		lie := write()
		lie.Objective, lie.Bound = "-1", "-1"
		if again, ok := p.Recost(lie); !ok || again != cost {
			t.Fatalf("a solution of cost %d is costed again at %d, %v", cost, again, ok)
		}
		lie.Placement = lie.Placement[1:]
		if _, ok := p.Recost(lie); ok {
			t.Fatal("a placement without one of the tasks is costed")
		}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "forgery"), 0))
		for name, forge := range forgeries {
			s := write()
			if !forge(s, rng) {
				continue
			}
			forged++
			if failed := p.Verify(s); len(failed) == 0 {
				t.Errorf("forgery %q passes", name)
			}
		}
	})
	if forged == 0 {
		t.Error("nothing was forged")
	}
}

// forgeries change one claim each; they report false where there is nothing to
// change.
var forgeries = map[string]func(s *model.Solution, rng *rand.Rand) bool{
	"another instance": func(s *model.Solution, _ *rand.Rand) bool {
		s.InstanceDigest = "sha256:" + strings.Repeat("0", 64)
		return true
	},
	"another name": func(s *model.Solution, _ *rand.Rand) bool { s.Instance += "x"; return true },
	"objective": func(s *model.Solution, _ *rand.Rand) bool {
		s.Objective += "1"
		return !strings.Contains(string(s.Objective), ".")
	},
	"bound": func(s *model.Solution, _ *rand.Rand) bool {
		s.Bound = "1000000000"
		return true
	},
	"optimal without a bound": func(s *model.Solution, _ *rand.Rand) bool { s.Bound, s.Gap = "", nil; return true },
	"gap":                     func(s *model.Solution, _ *rand.Rand) bool { g := 0.25; s.Gap = &g; return true },
	"no gap":                  func(s *model.Solution, _ *rand.Rand) bool { s.Gap = nil; return true },
	"cost by term":            func(s *model.Solution, _ *rand.Rand) bool { s.Cost.Wishes = "77777"; return true },
	"task missing": func(s *model.Solution, rng *rand.Rand) bool {
		k := rng.IntN(len(s.Placement))
		s.Placement = append(s.Placement[:k:k], s.Placement[k+1:]...)
		return true
	},
	"task unknown": func(s *model.Solution, rng *rand.Rand) bool {
		s.Placement[rng.IntN(len(s.Placement))].Task = "nobody"
		return true
	},
	"node unknown": func(s *model.Solution, rng *rand.Rand) bool {
		s.Placement[rng.IntN(len(s.Placement))].Nodes[0] = "nowhere"
		return true
	},
	"a replica too many": func(s *model.Solution, rng *rand.Rand) bool {
		p := &s.Placement[rng.IntN(len(s.Placement))]
		p.Nodes = append(p.Nodes[:len(p.Nodes):len(p.Nodes)], p.Nodes[0])
		return true
	},
	"everything left out": func(s *model.Solution, _ *rand.Rand) bool {
		changed := false
		for k := range s.Placement {
			for r, n := range s.Placement[k].Nodes {
				changed = changed || n != ""
				s.Placement[k].Nodes[r] = ""
			}
		}
		return changed && s.Objective != "0" && s.Cost.Unplaced == "0"
	},
}
