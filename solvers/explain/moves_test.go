package explain

import (
	"context"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
)

// What movers says is so: where it speaks there is no placement.
func TestMoversSpeakTheTruth(t *testing.T) {
	spoke, silent := 0, 0
	for seed := range uint64(3000) {
		p := compiled.Instance(t, instances.Mixed(seed, 3+int(seed%4), 2+int(seed%2)))
		if p.MustStay == 0 || p.Impossible != "" {
			continue
		}
		said := movers(p)
		best, _, ok := bruteforce.Solve(p)
		switch {
		case !ok:
			t.Fatalf("seed %d: too large for brute force", seed)
		case len(said) > 0 && best != nil:
			t.Errorf("seed %d: it says %q, but %v is a placement", seed, said, best)
		case len(said) > 0:
			spoke++
		default:
			silent++
		}
	}
	t.Logf("%d were explained, %d were not", spoke, silent)
	if spoke == 0 || silent == 0 {
		t.Error("the test sees one side only")
	}
}

func TestMoversCount(t *testing.T) {
	in, err := model.Read([]byte(`
format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 4}}
  - {name: n2, capacity: {cpu: 8}}
  - {name: n3, capacity: {cpu: 8}}
tasks:
  - {name: a, demand: {cpu: 3}, current: n1}
  - {name: b, demand: {cpu: 2}, replicas: 3, current: [n1, n1, n2]}
  - {name: c, demand: {cpu: 1}, current: n3, on: [n1, n2]}
`), "test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for most, want := range []string{
		// 7 of cpu on a node with 4: one has to go, the largest alone would do.
		"at most 0 replicas may leave where they run today, and these have to, since they may not be there or do not fit: c",
		"at most 1 replica may leave where it runs today, and at least 2 have to, since they may not be there, or what runs today is more than fits on node n1",
		"",
	} {
		in.Given.MaxMoves = &most
		p := compiled.Instance(t, in)
		if got := strings.Join(Explain(context.Background(), p, MostWork), "\n"); want != "" && got != want {
			t.Errorf("at most %d: got %q, want %q", most, got, want)
		}
		if best, _, _ := bruteforce.Solve(p); (best == nil) != (want != "") {
			t.Errorf("at most %d: brute force finds %v", most, best)
		}
	}
}
