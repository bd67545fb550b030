package heuristics

import (
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/model"
)

// drawProblem is a small problem over every feature.
func drawProblem(t *rapid.T) *model.Problem {
	seed := rapid.Uint64().Draw(t, "seed")
	copies := rapid.IntRange(1, 14).Draw(t, "copies")
	nodes := rapid.IntRange(1, 7).Draw(t, "nodes")
	p, err := model.Compile(instances.Mixed(seed, copies, nodes))
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	return p
}

// drawMove is a copy with a place in its domain, or with NoPlace.
func drawMove(t *rapid.T, p *model.Problem) (c, j int32) {
	c = rapid.Int32Range(0, int32(p.Copies)-1).Draw(t, "copy")
	for i := range p.Items {
		if it := &p.Items[i]; c >= it.First && c < it.First+it.Count {
			nodes := append(p.Domains[it.Domain].Nodes(), model.NoPlace)
			return c, rapid.SampledFrom(nodes).Draw(t, "node")
		}
	}
	t.Fatalf("copy %d belongs to no item", c)
	return 0, 0
}

// checkAll checks a property until the problems that were drawn had every feature.
func checkAll(t *testing.T, seen *model.Feature, property func(*rapid.T)) {
	for range 10 {
		if rapid.Check(t, property); *seen == model.AllFeatures || t.Failed() {
			return
		}
	}
	t.Errorf("no problem had %v", (model.AllFeatures &^ *seen).Names())
}

func TestStateEqualsJudgeAfterMoves(t *testing.T) {
	var seen model.Feature
	feasible := 0
	checkAll(t, &seen, func(t *rapid.T) {
		p := drawProblem(t)
		if p.Copies == 0 || p.Impossible != "" {
			t.Skip("nothing to place")
		}
		seen |= p.Features
		s := newState(p)
		s.list()
		for range rapid.IntRange(1, 60).Draw(t, "moves") {
			c, j := drawMove(t, p)
			tried, cost, breaches, penalty := s.try(c, j), s.cost, s.breaches, totalPenalty(s)
			s.move(c, j)
			if s.cost != cost+tried.cost || s.breaches != breaches+tried.breaches || totalPenalty(s) != penalty+tried.penalty {
				t.Fatalf("try says %+v, move changed cost by %d, breaches by %d, penalty by %d",
					tried, s.cost-cost, s.breaches-breaches, totalPenalty(s)-penalty)
			}
			verdict := p.Evaluate(s.at)
			if s.feasible() != (len(verdict.Violations) == 0) {
				t.Fatalf("state: %d breaches, %d overloads; judge: %v", s.breaches, s.over, verdict.Violations)
			}
			if costed(p, s) && s.cost != verdict.Cost {
				t.Fatalf("state: %d; judge: %d %+v", s.cost, verdict.Cost, verdict.Terms)
			}
			if s.feasible() {
				feasible++
			}
			checkLists(t, s)
			moveSome(t, p, s, j)
		}
	})
	if feasible < 100 {
		t.Errorf("only %d feasible states were compared", feasible)
	}
}

// moveSome moves several copies of an item at once, from where some are to a node
// that one of its copies was sent to, and back half of the time.
func moveSome(t *rapid.T, p *model.Problem, s *state, b int32) {
	i := rapid.Int32Range(0, int32(len(p.Items))-1).Draw(t, "item")
	it := &p.Items[i]
	a := s.at[it.First+rapid.Int32Range(0, it.Count-1).Draw(t, "one of its copies")]
	if b >= 0 && !p.Domains[it.Domain].Has(b) || a == b {
		return
	}
	here := int64(0)
	for c := it.First; c < it.First+it.Count; c++ {
		if s.at[c] == a {
			here++
		}
	}
	n := rapid.Int64Range(1, here).Draw(t, "how many")
	there := *s
	d := s.tryMany(i, n, a, b)
	s.moveMany(i, n, a, b, d)
	fresh := newStateOf(p, s.at)
	if s.cost != fresh.cost || s.breaches != fresh.breaches || s.over != fresh.over || s.stay != fresh.stay || totalPenalty(s) != totalPenalty(fresh) {
		t.Fatalf("%d copies of item %d from %d to %d: cost %d, %d breaches, %d overloads; afresh %d, %d, %d",
			n, i, a, b, s.cost, s.breaches, s.over, fresh.cost, fresh.breaches, fresh.over)
	}
	if rapid.Bool().Draw(t, "back") {
		s.moveMany(i, n, b, a, d.undone())
		if s.cost != there.cost || s.breaches != there.breaches || s.over != there.over {
			t.Fatalf("moving %d copies of item %d back from %d to %d leaves another cost", n, i, b, a)
		}
	}
}

// costed says whether judge and state agree on what a placement costs: where
// copies that must be placed are out, a cost means nothing.
func costed(p *model.Problem, s *state) bool {
	for c, j := range s.at {
		if j == model.NoPlace && p.Items[s.itemOf[c]].Unplaced == model.NoLimit {
			return false
		}
	}
	return true
}

// totalPenalty is the price of all that is broken, computed from scratch.
func totalPenalty(s *state) int64 {
	var sum int64
	for k, load := range s.load {
		sum += s.prices.overload(k, load-s.p.Capacity[k])
	}
	for j := range s.reads {
		if s.p.Uplink[j] != model.NoLimit {
			sum += s.prices.uplink(int32(j), s.reads[j]-s.p.Uplink[j])
		}
	}
	for k := range s.rules {
		sum += s.broken(k) * s.prices.rule[k]
	}
	sum += s.tooManyLeave(s.stay) * s.prices.move
	for i := range s.p.Items {
		it := &s.p.Items[i]
		crowd := map[int32]int64{}
		for c := it.First; c < it.First+it.Count; c++ {
			switch {
			case s.at[c] != model.NoPlace && it.Apart >= 0:
				place := s.place(it.Apart, s.at[c])
				if crowd[place]++; crowd[place] > 1 {
					sum += s.prices.apart
				}
			case s.at[c] == model.NoPlace && it.Unplaced == model.NoLimit:
				sum += s.prices.missing
			}
		}
	}
	return sum
}

func checkLists(t *rapid.T, s *state) {
	listed := 0
	for j, list := range s.on {
		for k, c := range list {
			if s.at[c] != int32(j) || s.slot[c] != int32(k) {
				t.Fatalf("copy %d is listed on node %d but is on %d", c, j, s.at[c])
			}
		}
		listed += len(list)
	}
	for _, j := range s.at {
		if j != model.NoPlace {
			listed--
		}
	}
	if listed != 0 {
		t.Fatalf("%d copies too many are listed", listed)
	}
}
