package search_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/model"
	"berth/search"
)

// small is two tasks that fit one node each; the optimum is 3: a at home, b away.
func small(t *testing.T) *model.Problem {
	t.Helper()
	one := model.Resources{{Resource: "cpu", Quantity: model.Quantity{Units: 1}}}
	in := &model.Instance{
		Nodes: []model.Node{{Name: "n1", Capacity: one}, {Name: "n2", Capacity: one}},
		Tasks: []model.Task{
			{Name: "a", Demand: one, Replicas: 1, Home: []string{"n1"}, Fetch: &model.Fetch{Rest: 5_000_000}},
			{Name: "b", Demand: one, Replicas: 1, Home: []string{"n1"}, Fetch: &model.Fetch{Rest: 3_000_000}},
		},
		Weights: model.Weights{Fetch: 1_000_000, Traffic: 1_000_000, Move: 1_000_000, Open: 1_000_000},
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func method(name string, run func(b *search.Board) error) *search.Method {
	return &search.Method{Name: name, Handles: model.AllFeatures, Run: func(_ context.Context, _ *model.Problem, b *search.Board) error { return run(b) }}
}

// race is a method that races others.
func race(members ...*search.Method) *search.Method {
	return &search.Method{Name: "race", Handles: model.AllFeatures, Run: func(ctx context.Context, _ *model.Problem, b *search.Board) error {
		return search.Race(ctx, b, members...)
	}}
}

// units turns a cost of the document into units.
func units(t *testing.T, p *model.Problem, text string) int64 {
	t.Helper()
	for cost := range int64(1000) {
		if p.Format(cost) == text {
			return cost
		}
	}
	t.Fatalf("no cost is written %s", text)
	return 0
}

func TestRunEndsLoudly(t *testing.T) {
	p := small(t)
	three, four, five := units(t, p, "3"), units(t, p, "3")+1, units(t, p, "5")
	for name, c := range map[string]struct {
		run  func(b *search.Board) error
		want string
	}{
		"mispriced":            {func(b *search.Board) error { b.Offer(model.Placement{0, 1}, three-1); return nil }, "that costs 3"},
		"infeasible":           {func(b *search.Board) error { b.Offer(model.Placement{0, 0}, three); return nil }, "infeasible placement"},
		"bound above":          {func(b *search.Board) error { b.Offer(model.Placement{0, 1}, three); b.Raise(four); return nil }, "above the incumbent"},
		"offer below bound":    {func(b *search.Board) error { b.Raise(five); b.Offer(model.Placement{0, 1}, three); return nil }, "below the proven bound"},
		"offer to infeasible":  {func(b *search.Board) error { b.Exhausted(); b.Offer(model.Placement{0, 1}, three); return nil }, "proven infeasible"},
		"crash":                {func(*search.Board) error { panic("oops") }, "oops"},
		"error":                {func(*search.Board) error { return errors.New("no memory") }, "no memory"},
		"too few copies":       {func(b *search.Board) error { b.Offer(model.Placement{0}, three); return nil }, "copies"},
		"a node out of bounds": {func(b *search.Board) error { b.Offer(model.Placement{0, 7}, three); return nil }, "does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, raced := range []bool{false, true} {
				m := method("liar", c.run)
				if raced {
					m = race(m)
				}
				_, err := search.Run(context.Background(), p, m, search.Limits{}, 1, 1, nil)
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("raced %v: error %v, want one that says %q", raced, err, c.want)
				}
			}
		})
	}
}

func TestRunStatuses(t *testing.T) {
	p := small(t)
	three := units(t, p, "3")
	for name, c := range map[string]struct {
		run  func(b *search.Board) error
		want model.Status
	}{
		"nothing":     {func(*search.Board) error { return nil }, model.Unknown},
		"feasible":    {func(b *search.Board) error { b.Offer(model.Placement{0, 1}, three); return nil }, model.Feasible},
		"exhausted":   {func(b *search.Board) error { b.Offer(model.Placement{0, 1}, three); b.Exhausted(); return nil }, model.Optimal},
		"bound meets": {func(b *search.Board) error { b.Raise(three); b.Offer(model.Placement{0, 1}, three); return nil }, model.Optimal},
		"infeasible":  {func(b *search.Board) error { b.Exhausted(); return nil }, model.Infeasible},
	} {
		r, err := search.Run(context.Background(), p, method(name, c.run), search.Limits{}, 1, 1, nil)
		if err != nil || r.Status != c.want {
			t.Errorf("%s ends %v (%v), want %v", name, r.Status, err, c.want)
		}
	}
}

// A race of three that share what they find ends the same on one thread, two and
// three, and stops at the work limit.
func TestRaceIsDeterministic(t *testing.T) {
	p := small(t)
	five := units(t, p, "5")
	var logs []string
	for _, threads := range []int{1, 2, 3} {
		log := ""
		members := make([]*search.Method, 3)
		seen := make([]string, 3)
		for k := range members {
			members[k] = method(fmt.Sprint("m", k), func(b *search.Board) error {
				for step := int64(0); b.Work(10_000 * int64(k+1)); step++ {
					if k == 1 && step == 40 {
						b.Offer(model.Placement{1, 0}, five)
					}
					_, cost := b.Best()
					seen[k] += fmt.Sprint(cost == five, b.Bound(), " ")
					if k == 2 && step == 30 {
						b.Raise(1)
					}
				}
				return nil
			})
		}
		r, err := search.Run(context.Background(), p, race(members...), search.Limits{Work: 5_000_000}, 1, threads, nil)
		if err != nil || r.Cost != five || r.Work < 5_000_000 || r.Work > 5_100_000 {
			t.Fatalf("%d threads: %+v, %v", threads, r, err)
		}
		log = fmt.Sprint(seen, r.Work, r.Cost, r.Bound)
		logs = append(logs, log)
	}
	if logs[0] != logs[1] || logs[0] != logs[2] {
		t.Error("the race depends on the number of threads")
	}
}

// A race ends with who settles the question: on one thread nobody behind it begins
// another lap, on more what others do beside it counts for nothing, so that all end the same.
// Who has a lead may settle it before others begin, who then never do.
func TestRaceEndsWithWhoSettles(t *testing.T) {
	p := small(t)
	three := units(t, p, "3")
	const firstLap, step = 200_000, 10_000
	for _, c := range []struct {
		threads          int
		lead, want, most int64 // work of all, and of a rival on one thread
	}{
		{1, 0, 3*firstLap + 2*step, firstLap},
		{2, 0, 3*firstLap + 2*step, math.MaxInt64},
		{3, 0, 3*firstLap + 2*step, math.MaxInt64},
		{1, 2 * firstLap, firstLap + 2*step, 0},
		{2, 2 * firstLap, firstLap + 2*step, math.MaxInt64},
	} {
		settles := method("settles", func(b *search.Board) error {
			for done := step; b.Work(step); done += step {
				if done > firstLap {
					b.Offer(model.Placement{0, 1}, three)
					b.Exhausted()
				}
			}
			return nil
		})
		settles.Lead = c.lead
		did, began := make([]int64, 2), make([]bool, 2)
		members := []*search.Method{settles}
		for k := range did {
			members = append(members, method("rival", func(b *search.Board) error {
				began[k] = true
				for b.Work(step) {
					did[k] += step
				}
				return nil
			}))
		}
		r, err := search.Run(context.Background(), p, race(members...), search.Limits{}, 1, c.threads, nil)
		if err != nil || r.Status != model.Optimal {
			t.Fatalf("%d threads, a lead of %d: %v, %v", c.threads, c.lead, r.Status, err)
		}
		if r.Work != c.want {
			t.Errorf("%d threads, a lead of %d: %d units of work count, want %d", c.threads, c.lead, r.Work, c.want)
		}
		if most := slices.Max(did); most > c.most {
			t.Errorf("%d threads, a lead of %d: a rival did %d units, more than %d", c.threads, c.lead, most, c.most)
		}
		if slices.Contains(began, true) && c.most == 0 {
			t.Errorf("%d threads, a lead of %d: a rival began when all was over", c.threads, c.lead)
		}
	}
}

// A step of work that takes a race beyond its limit is the last of its member.
func TestRaceEndsAtOnce(t *testing.T) {
	const step, limit = 5000, 1000
	large := method("large", func(b *search.Board) error {
		for b.Work(step) {
		}
		return nil
	})
	r, err := search.Run(context.Background(), small(t), race(large, large), search.Limits{Work: limit}, 1, 2, nil)
	if err != nil || r.Work != 2*step {
		t.Errorf("%d units of work, want a step of each: %d; %v", r.Work, 2*step, err)
	}
}

// Whoever raised the bound last works as much as the one that was given most; a finder that
// happens to raise it does not.
func TestRaceFollowsTheBound(t *testing.T) {
	p := small(t)
	for _, proves := range []bool{false, true} {
		done := make([]int64, 2)
		members := make([]*search.Method, 2)
		for k := range members {
			members[k] = method("member", func(b *search.Board) error {
				if k == 1 {
					b.Raise(1)
				}
				for b.Work(1000) {
					done[k] += 1000
				}
				return nil
			})
		}
		members[0].Proves, members[0].Share, members[1].Proves = true, 10, proves
		if _, err := search.Run(context.Background(), p, race(members...), search.Limits{Work: 1e9}, 1, 1, nil); err != nil {
			t.Fatal(err)
		}
		if level := done[1]*10 > done[0]*9; level != proves {
			t.Errorf("proves %v: %d units for who has 10 shares, %d for who raised the bound", proves, done[0], done[1])
		}
	}
}

// Where nothing better has been found for long, those that prove work more, but only while the bound
// rises.
func TestRaceMakesWayForProofs(t *testing.T) {
	p := small(t)
	three := units(t, p, "3")
	for _, rises := range []bool{true, false} {
		done := make([]int64, 2)
		members := make([]*search.Method, 2)
		for k := range members {
			members[k] = method("member", func(b *search.Board) error {
				for b.Work(1000) {
					done[k] += 1000
					switch {
					case k == 1 && done[k] == 1000:
						b.Offer(model.Placement{0, 1}, three)
					case k == 0 && rises && done[k] == 250_000_000:
						b.Raise(1)
					}
				}
				return nil
			})
		}
		members[0].Proves = true
		if _, err := search.Run(context.Background(), p, race(members...), search.Limits{Work: 1e9}, 1, 1, nil); err != nil {
			t.Fatal(err)
		}
		if more := done[0]*4 > done[1]*5; more != rises {
			t.Errorf("the bound rises %v: %d units for who proves, %d for who finds", rises, done[0], done[1])
		}
	}
}

// Who takes large steps waits for those who take small ones, but not for ever.
func TestRaceIsFairToSmallSteps(t *testing.T) {
	p := small(t)
	const budget = 2_000_000_000
	for _, rivals := range []bool{true, false} {
		steps, done := []int64{100_000_000, 1000}, make([]int64, 2)
		members := make([]*search.Method, 2)
		for k := range members {
			members[k] = method("member", func(b *search.Board) error {
				for rivals || k == 0 || done[k] < 1_000_000 {
					if !b.Work(steps[k]) {
						break
					}
					done[k] += steps[k]
				}
				return nil
			})
		}
		r, err := search.Run(context.Background(), p, race(members...), search.Limits{Work: budget}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Work < budget || r.Work > budget+2*steps[0] {
			t.Errorf("%d units of work, want about %d", r.Work, int64(budget))
		}
		if apart := done[0] - done[1]; rivals && max(apart, -apart) > 2*steps[0] {
			t.Errorf("%d units in large steps, %d in small ones", done[0], done[1])
		}
	}
}

func TestRunStopsAtDeadlineAndCancel(t *testing.T) {
	p := small(t)
	endless := method("endless", func(b *search.Board) error {
		for b.Work(1000) {
		}
		return nil
	})
	if _, err := search.Run(context.Background(), p, endless, search.Limits{Deadline: time.Now().Add(20 * time.Millisecond)}, 1, 1, nil); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := search.Run(ctx, p, race(endless, endless), search.Limits{}, 1, 2, nil); err != nil {
		t.Error(err)
	}
}

// Spent goes from 0 to 1 with the work, also that of the rivals in a race, and
// with the time.
func TestSpent(t *testing.T) {
	p := small(t)
	for _, raced := range []bool{false, true} {
		var seen []float64
		m := method("reader", func(b *search.Board) error {
			for b.Work(50_000) {
				seen = append(seen, b.Spent())
			}
			return nil
		})
		if raced {
			m = race(m)
		}
		if _, err := search.Run(context.Background(), p, m, search.Limits{Work: 1_000_000}, 1, 1, nil); err != nil {
			t.Fatal(err)
		}
		if last := len(seen) - 1; last < 3 || !slices.IsSorted(seen) || seen[0] > 0.1 || seen[last] < 0.5 || seen[last] > 1 {
			t.Errorf("raced %v: spent %v", raced, seen)
		}
	}
	late := search.NewBoard(context.Background(), p, search.Limits{Deadline: time.Now().Add(-time.Second)}, 1, 1, nil)
	if spent := late.Spent(); spent != 1 {
		t.Errorf("after the deadline %v is spent", spent)
	}
	if spent := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil).Spent(); spent != 0 {
		t.Errorf("without limits %v is spent", spent)
	}
}

// Each calls f once for every number, on one thread and on three; a crash in f is
// the caller's.
func TestEach(t *testing.T) {
	p := small(t)
	for _, threads := range []int{1, 3} {
		b := search.NewBoard(context.Background(), p, search.Limits{}, 1, threads, nil)
		for _, n := range []int{0, 1, 2, 100} {
			calls := make([]int, n)
			b.Each(n, func(k int) { calls[k]++ })
			for k, count := range calls {
				if count != 1 {
					t.Errorf("%d threads, %d calls: number %d was called %d times", threads, n, k, count)
				}
			}
		}
		crash := method("crash", func(b *search.Board) error {
			b.Each(4, func(k int) {
				if k == 2 {
					panic("oops")
				}
			})
			return nil
		})
		if _, err := search.Run(context.Background(), p, crash, search.Limits{}, 1, threads, nil); err == nil || !strings.Contains(err.Error(), "oops") {
			t.Errorf("%d threads: error %v, want the crash", threads, err)
		}
	}
}

// Bounds that rise thousands of times leave a log that can be read, with the last of them in
// it; whoever watches sees all, and every placement stays.
func TestLogOfBounds(t *testing.T) {
	p, seen := small(t), 0
	r, err := search.Run(context.Background(), p, method("riser", func(b *search.Board) error {
		for k := range int64(20_000) {
			b.Work(1000)
			b.Raise(k)
		}
		return nil
	}), search.Limits{}, 1, 1, func(search.Event) { seen++ })
	if err != nil {
		t.Fatal(err)
	}
	last := r.Events[len(r.Events)-1]
	if last.Bound != r.Bound || r.Bound != 19_999 {
		t.Errorf("the last event has the bound %d, the result %d", last.Bound, r.Bound)
	}
	if seen < 15_000 || len(r.Events) > 1500 {
		t.Errorf("%d events seen, %d in the log", seen, len(r.Events))
	}
}

// Who waits for something goes on when the members have met after it came true, with no more
// work to do than the others from there on, however many threads there are; at the end of the
// race it is told to stop.
func TestRaceAwaits(t *testing.T) {
	p := small(t)
	const step, begins, budget = 10_000, 3_000_000, 20_000_000
	for _, comes := range []bool{true, false} {
		logs := map[string]bool{}
		for _, threads := range []int{1, 2, 3} {
			made, did := false, make([]int64, 3)
			seen, went := int64(-1), false
			maker := method("maker", func(b *search.Board) error {
				for b.Work(step) {
					did[0] += step
					made = made || comes && did[0] >= begins
				}
				return nil
			})
			waiter := method("waiter", func(b *search.Board) error {
				b.Work(step)
				went = b.Await(func() bool {
					if made {
						seen = did[0]
					}
					return made
				})
				for went && b.Work(step) {
					did[1] += step
				}
				return nil
			})
			other := method("other", func(b *search.Board) error {
				for b.Work(step) {
					did[2] += step
				}
				return nil
			})
			r, err := search.Run(context.Background(), p, race(maker, waiter, other), search.Limits{Work: budget}, 1, threads, nil)
			if err != nil || r.Work < budget || r.Work > budget+10*step {
				t.Fatalf("%d threads: %+v, %v", threads, r, err)
			}
			if went != comes || comes && (seen < begins || did[1] == 0 || did[1] > did[0]-begins) {
				t.Errorf("%d threads, it comes %v: went on %v after %d units of the maker, %v in all", threads, comes, went, seen, did)
			}
			logs[fmt.Sprint(did, r.Work)] = true
		}
		if len(logs) != 1 {
			t.Errorf("it depends on the number of threads: %v", logs)
		}
	}
}
