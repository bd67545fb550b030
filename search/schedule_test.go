package search_test

import (
	"context"
	"strings"
	"testing"

	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// chain is two tasks of 3 and 4 units of time, one after the other; the optimum is 7.
func chain(t *testing.T) *model.Problem {
	t.Helper()
	return compiled.Document(t, "format: berth/v1\nkind: workflow\nnodes: [{name: n1}, {name: n2}]\n"+
		"tasks: [{name: a, work: 3}, {name: b, work: 4}]\ndependencies: [{from: a, to: b}]\nnetwork: {default: {latency: 1}}\n")
}

func scheduler(name string, run func(b *search.Board)) *search.Method {
	return &search.Method{Name: name, Handles: model.Schedules, Run: func(_ context.Context, _ *model.Problem, b *search.Board) error { run(b); return nil }}
}

// TestOffersOfSchedules: the board judges schedules as it judges placements.
func TestOffersOfSchedules(t *testing.T) {
	p := chain(t)
	best := model.Schedule{{Node: 0, Start: 0}, {Node: 0, Start: 3}}
	apart := model.Schedule{{Node: 0, Start: 0}, {Node: 1, Start: 4}}
	for name, c := range map[string]struct {
		run  func(b *search.Board)
		want string
		cost int64
	}{
		"the best":       {func(b *search.Board) { b.OfferSchedule(apart, 8); b.OfferSchedule(best, 7) }, "", 7},
		"a worse one":    {func(b *search.Board) { b.OfferSchedule(best, 7); b.OfferSchedule(apart, 8) }, "", 7},
		"mispriced":      {func(b *search.Board) { b.OfferSchedule(apart, 7) }, "offered a schedule at cost 7 that costs 8", search.NoCost},
		"too early":      {func(b *search.Board) { b.OfferSchedule(model.Schedule{{}, {Node: 1, Start: 3}}, 7) }, "infeasible schedule", search.NoCost},
		"too long":       {func(b *search.Board) { b.OfferSchedule(model.Schedule{{}}, 3) }, "infeasible schedule", search.NoCost},
		"a bound passed": {func(b *search.Board) { b.OfferSchedule(best, 7); b.Raise(8) }, "above the incumbent", 7},
	} {
		r, err := search.Run(t.Context(), p, scheduler("m", c.run), search.Limits{}, 1, 1, nil)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
		if r.Cost != c.cost || (r.Schedule != nil) != (c.cost != search.NoCost) || r.Placement != nil {
			t.Errorf("%s: cost %d, schedule %v", name, r.Cost, r.Schedule)
		}
	}
}

// TestRaceOfSchedules: rivals see each other's schedules, and the bound of one proves
// what another found.
func TestRaceOfSchedules(t *testing.T) {
	p := chain(t)
	finds := scheduler("finds", func(b *search.Board) {
		b.OfferSchedule(model.Schedule{{Node: 0, Start: 0}, {Node: 1, Start: 4}}, 8)
		for b.Work(1000) {
			if s, cost := b.Schedule(); cost == 7 && s[1].Start == 3 {
				return
			}
		}
	})
	proves := scheduler("proves", func(b *search.Board) {
		for b.Work(1000) {
			if s, cost := b.Schedule(); cost == 8 && s[1].Node == 1 {
				b.OfferSchedule(model.Schedule{{Node: 0, Start: 0}, {Node: 0, Start: 3}}, 7)
				b.Raise(7)
				return
			}
		}
	})
	race := scheduler("race", func(b *search.Board) {
		if err := search.Race(context.Background(), b, finds, proves); err != nil {
			t.Error(err)
		}
	})
	r, err := search.Run(t.Context(), p, race, search.Limits{Work: 50_000_000}, 1, 2, nil)
	if err != nil || r.Status != model.Optimal || r.Cost != 7 || r.Schedule[1].Node != 0 {
		t.Errorf("%v: %s at %d, %v", err, r.Status, r.Cost, r.Schedule)
	}
}
