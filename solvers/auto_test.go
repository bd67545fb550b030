package solvers

import (
	"context"
	"fmt"
	"testing"

	"berth/heuristics"
	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// In a cluster that is too full, what runs today is the first placement, and what
// waits finds more of the room than it leaves.
func TestAutoBeginsWithWhatRuns(t *testing.T) {
	in, err := instances.Generate(instances.Spec{
		Family: "containers", Nodes: 10, Tasks: 120, Fill: 99, Tail: 1, Replicas: 1, Resources: 2, Current: 90, Unplaced: 100, Loose: 1,
	}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range in.Tasks {
		if in.Tasks[i].Unplaced != nil {
			price := 1000 * model.DecimalOne
			in.Tasks[i].Unplaced = &price
		}
	}
	p := compiled.Instance(t, in)
	r, err := search.Run(context.Background(), p, Auto, search.Limits{Work: 100_000_000}, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	by := ""
	for _, e := range r.Events {
		if e.Cost != search.NoCost {
			by = e.By
			break
		}
	}
	if by != heuristics.Stay.Name {
		t.Errorf("the first placement is of %q", by)
	}
	if least := p.TrivialBound(); least == 0 || r.Cost >= 2*least {
		t.Errorf("cost %s, where leaving out costs at least %s", p.Format(r.Cost), p.Format(least))
	}
	t.Log(p.Format(r.Cost), p.Format(r.Bound))
}

// Where tasks may be left out, room is scarce when a placement leaves some out or, without one, little
// of one resource is left, and not before.
func TestScarce(t *testing.T) {
	const text = "format: berth/v1\nkind: placement\nnodes:\n- {name: a, capacity: {cpu: 10, memory: 10}}\n- {name: b, capacity: {cpu: 10, memory: 10}}\n" +
		"tasks:\n- {name: t, demand: {cpu: 4, memory: %d}, replicas: 3%s}\n"
	for _, c := range []struct {
		memory   int
		unplaced string
		known    model.Placement
		want     bool
	}{
		{6, ", unplaced: 5", nil, false},
		{6, ", unplaced: 5", model.Placement{0, 1, model.NoPlace}, true},
		{7, ", unplaced: 5", nil, true},
		{7, ", unplaced: 5", model.Placement{0, 1, 0}, false},
		{6, "", nil, false},
	} {
		if got := scarce(compiled.Document(t, fmt.Sprintf(text, c.memory, c.unplaced)), c.known); got != c.want {
			t.Errorf("3 copies of memory %d in 20%s: %v", c.memory, c.unplaced, got)
		}
	}
}

// Where few items exchange traffic lp works as much as bundles, which goes on alone for a shorter
// while; where many do, bundles works more.
func TestSharesByTraffic(t *testing.T) {
	const services = 10
	head := "format: berth/v1\nkind: placement\nnodes:\n"
	for n := range 8 {
		head += fmt.Sprintf("- {name: n%d, capacity: {cpu: 10}}\n", n)
	}
	head += "tasks:\n"
	for k := range services {
		head += fmt.Sprintf("- {name: t%d, demand: {cpu: 3}, home: n%d, fetch: %d}\n", k, k%8, k+1)
	}
	for _, c := range []struct {
		pairs int
		equal bool
		lead  int64
	}{{services / 2, true, soonSparse}, {services/2 + 1, false, soonProven}} {
		text := head + "traffic:\n"
		for k := range c.pairs {
			text += fmt.Sprintf("- {between: [t%d, t%d], volume: 5}\n", k, k+1)
		}
		p := compiled.Document(t, text)
		rivals := []*search.Method{{Name: "bundles"}, {Name: "auto"}, {Name: "lp"}}
		share(p, rivals, 2, false)
		if b, l := rivals[0], rivals[2]; (l.Share == b.Share) != c.equal || l.Share > b.Share || b.Lead != c.lead {
			t.Errorf("with traffic of %d pairs bundles has %d shares and a lead of %d, lp %d shares", c.pairs, b.Share, b.Lead, l.Share)
		}
	}
}
