package heuristics

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// After any number of steps and kicks, what tabu keeps is what the judge says, and what it
// says of a shift is what the shift changes.
func TestTabuKeepsCosts(t *testing.T) {
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		p, err := model.Compile(instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 10).Draw(t, "replicas"), rapid.IntRange(2, 5).Draw(t, "nodes")))
		if err != nil {
			t.Fatal(err)
		}
		if Tabu.Lacks(p) != 0 || !hasChoice(p) {
			return
		}
		s := newTabu(p, search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil))
		if s == nil {
			return
		}
		for k := range 30 {
			s.step()
			if k%7 == 6 {
				s.kick()
			}
			if cost := p.Evaluate(s.at).Cost; cost != s.total {
				t.Fatalf("after step %d the cost is %d, tabu has %d", k, cost, s.total)
			}
			seen++
		}
		for c := range int32(len(s.at)) {
			for _, j := range s.allowed[c] {
				said := s.total + s.cost[c*s.nodes+j] - s.cost[c*s.nodes+s.at[c]]
				moved := append(model.Placement(nil), s.at...)
				moved[c] = j
				if cost := p.Evaluate(moved).Cost; cost != said {
					t.Fatalf("copy %d on node %d makes the cost %d, tabu says %d", c, j, cost, said)
				}
			}
		}
	})
	if seen == 0 {
		t.Error("no problem was one for tabu")
	}
}

// A published value is found in half a second of work.
func TestTabuFindsBestKnown(t *testing.T) {
	p := gqap(t, "20-15-35")
	r, err := search.Run(context.Background(), p, Tabu, search.Limits{Work: 500_000_000}, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Format(r.Cost); got != "1471896" {
		t.Errorf("the best of 20-15-35 costs %s, want 1471896", got)
	}
}

// gqap is a public instance, or skips the test.
func gqap(t testing.TB, name string) *model.Problem {
	t.Helper()
	file := filepath.Join("..", "..", "shared", "instances", "gqap", name+".txt")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("the public set gqap is not here: %v", err)
	}
	in, err := instances.Read(data, name, instances.Options{From: "gqap"})
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Instance(t, in)
}

func BenchmarkTabu(b *testing.B) {
	p := gqap(b, "30-20-75")
	s := newTabu(p, search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil))
	for b.Loop() {
		s.step()
	}
}
