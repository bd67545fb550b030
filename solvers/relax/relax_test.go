//go:build cgo

package relax

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
	"berth/search"
)

// The bound never passes the optimum, nothing beats it, and what is rounded is
// judged by the board; bounds above the trivial one and placements do come up.
func TestMixedAgainstBruteForce(t *testing.T) {
	rounded, raised := 0, 0
	for seed := range uint64(150) {
		p, err := model.Compile(instances.Mixed(seed, 6, 4))
		if err != nil {
			t.Fatal(err)
		}
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatalf("seed %d: too large for brute force", seed)
		}
		r, err := search.Run(context.Background(), p, Methods()[0], search.Limits{}, seed, 1, nil)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		if best != nil && (r.Bound > cost || r.Cost < cost) {
			t.Errorf("seed %d: bound %s, cost %s, optimum %s", seed, p.Format(r.Bound), p.Format(r.Cost), p.Format(cost))
		}
		if best == nil && r.Placement != nil {
			t.Errorf("seed %d: a placement where none exists", seed)
		}
		if r.Placement != nil {
			rounded++
		}
		if r.Bound > p.TrivialBound() {
			raised++
		}
	}
	if rounded < 20 || raised < 20 {
		t.Errorf("%d placements and %d raised bounds in 150 problems: the method does little", rounded, raised)
	}
}

// Collections during the solve leave the objects in C alone.
func TestSurvivesCollection(t *testing.T) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	p, err := model.Compile(instances.Mixed(3, 8, 4))
	if err != nil {
		t.Fatal(err)
	}
	var first *search.Result
	for range 50 {
		r, err := search.Run(context.Background(), p, Methods()[0], search.Limits{}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if r.Bound != first.Bound || r.Cost != first.Cost || r.Work != first.Work {
			t.Fatalf("bound %d, cost %d, work %d, and before %d, %d, %d", r.Bound, r.Cost, r.Work, first.Bound, first.Cost, first.Work)
		}
	}
	close(stop)
	<-done
}

// What is too large is refused with what to use instead.
func TestRefusesTheHuge(t *testing.T) {
	in := instances.Mixed(3, 8, 4)
	*in = model.Instance{Name: "huge", Weights: in.Weights}
	for k := range 1100 {
		name := fmt.Sprint("n", k)
		price, err := model.ParseDecimal(fmt.Sprint(k))
		if err != nil {
			t.Fatal(err)
		}
		in.Nodes = append(in.Nodes, model.Node{Name: name})
		in.Tasks = append(in.Tasks, model.Task{Name: fmt.Sprint("t", k), Replicas: 1, Home: []string{name}, Fetch: &model.Fetch{Rest: price}})
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	_, err = search.Run(context.Background(), p, Methods()[0], search.Limits{}, 1, 1, nil)
	if err == nil || !strings.Contains(err.Error(), "use a heuristic") {
		t.Errorf("error %v, want one that says what to use", err)
	}
}
