package heuristics

import (
	"context"
	"testing"

	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// running is an instance whose tasks run today where penalty-first puts them when
// their homes are forgotten: feasible, and dear.
func running(t *testing.T) *model.Instance {
	t.Helper()
	in := generate(t, "tasks", 400, 20)
	blind := *in
	blind.Tasks = append([]model.Task(nil), in.Tasks...)
	for i := range blind.Tasks {
		blind.Tasks[i].Home, blind.Tasks[i].Fetch = nil, nil
	}
	p := compiled.Instance(t, &blind)
	r, err := search.Run(context.Background(), p, PenaltyFirst, search.Limits{}, 1, 1, nil)
	if err != nil || r.Placement == nil {
		t.Fatalf("nothing runs today: %v", err)
	}
	doc, err := p.Document(model.Feasible, r.Placement, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range in.Tasks {
		in.Tasks[i].Current = doc.Placement[i].Nodes
	}
	return in
}

// With no moves stay leaves everything; with more of them descent saves more, and stay
// as long as it finds room without swaps. That they keep to the limit is for the judge
// to say.
func TestStayKeepsToTheLimit(t *testing.T) {
	in := running(t)
	last := map[string]int64{}
	for _, most := range []int{0, 10, 100} {
		in.Given.MaxMoves = &most
		p := compiled.Instance(t, in)
		if p.Features&model.MoveLimit == 0 || PenaltyFirst.Lacks(p) != model.MoveLimit {
			t.Fatalf("the features are %v", p.Features.Names())
		}
		for _, method := range []*search.Method{Stay, Descent} {
			r, err := search.Run(context.Background(), p, method, search.Limits{Work: 100_000_000}, 1, 1, nil)
			if err != nil || r.Placement == nil {
				t.Fatalf("%s, at most %d moves: found nothing: %v", method.Name, most, err)
			}
			moves := p.Evaluate(r.Placement).Terms.Move
			t.Logf("%s, at most %d moves: cost %s, %s of it for moves", method.Name, most, p.Format(r.Cost), p.Format(moves))
			if most == 0 && moves != 0 {
				t.Errorf("%s moves something", method.Name)
			}
			before, asked := last[method.Name]
			if asked && (r.Cost > before || r.Cost == before && (method == Descent || most == 10)) {
				t.Errorf("%s saves nothing with %d moves", method.Name, most)
			}
			last[method.Name] = r.Cost
		}
	}
}
