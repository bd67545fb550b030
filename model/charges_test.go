package model_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
)

// somewhere puts every copy on a random node, now and then on none.
func somewhere(p *model.Problem, chance *rand.Rand) model.Placement {
	pl := make(model.Placement, p.Copies)
	for c := range pl {
		pl[c] = int32(chance.IntN(len(p.NodeNames)+1)) - 1
	}
	return pl
}

// TestChargesAddUp: what copies are charged is what the judge counts, but for
// halves of traffic and parts of reads that do not divide.
func TestChargesAddUp(t *testing.T) {
	for seed := range uint64(300) {
		p, err := model.Compile(instances.Mixed(seed, 6, 3))
		if err != nil {
			t.Fatal(err)
		}
		chance := rand.New(rand.NewPCG(seed, 1))
		pl := somewhere(p, chance)
		v := p.Evaluate(pl)
		if unplacedMust(v) {
			continue
		}
		charges := p.Charges(pl, len(pl))
		var sum model.Terms
		last := int64(0)
		for k, c := range charges {
			if k > 0 && c.Cost > last {
				t.Fatalf("seed %d: the charges do not fall: %d after %d", seed, c.Cost, last)
			}
			last = c.Cost
			sum.Fetch += c.Terms.Fetch
			sum.Traffic += c.Terms.Traffic
			sum.Move += c.Terms.Move
			sum.Unplaced += c.Terms.Unplaced
		}
		if sum.Move != v.Terms.Move || sum.Unplaced != v.Terms.Unplaced {
			t.Errorf("seed %d: charged %+v, judged %+v", seed, sum, v.Terms)
		}
		rounding := int64(2*len(p.Pairs)*p.Copies + p.Copies*len(p.NodeNames) + 8)
		for _, term := range [][2]int64{{sum.Traffic, v.Terms.Traffic}, {sum.Fetch, v.Terms.Fetch}} {
			if term[0] > term[1] || term[1]-term[0] > rounding {
				t.Errorf("seed %d: charged %+v, judged %+v", seed, sum, v.Terms)
			}
		}
		if few := p.Charges(pl, 2); len(few) > 0 && few[0] != charges[0] {
			t.Errorf("seed %d: the dearest of few is %+v, of all %+v", seed, few[0], charges[0])
		}
	}
}

// unplacedMust says whether a task is left out that has no price for that.
func unplacedMust(v model.Verdict) bool {
	for _, broken := range v.Violations {
		if strings.Contains(broken.Text, "is not placed") {
			return true
		}
	}
	return false
}

// TestLoadsAgreeWithTheJudge: a node is overloaded where the judge says so.
func TestLoadsAgreeWithTheJudge(t *testing.T) {
	overloads := 0
	for seed := range uint64(300) {
		p, err := model.Compile(instances.Mixed(seed, 6, 3))
		if err != nil {
			t.Fatal(err)
		}
		pl := somewhere(p, rand.New(rand.NewPCG(seed, 2)))
		over := 0
		load := p.Loads(pl)
		for k := range load {
			if load[k] > p.Capacity[k] {
				over++
			}
		}
		judged := 0
		for _, broken := range p.Evaluate(pl).Violations {
			if strings.Contains(broken.Path, ".capacity.") {
				judged++
			}
		}
		if over != judged {
			t.Errorf("seed %d: %d overloads, the judge sees %d", seed, over, judged)
		}
		overloads += over
		hosted := 0
		for _, n := range p.Hosted(pl) {
			hosted += n
		}
		placed := 0
		for _, node := range p.Expand(pl) {
			if node != model.NoPlace {
				placed++
			}
		}
		if hosted != placed {
			t.Errorf("seed %d: %d replicas are hosted, %d placed", seed, hosted, placed)
		}
	}
	if overloads < 50 {
		t.Errorf("only %d overloads were seen; the test shows little", overloads)
	}
}

func TestKeptNamesWhatIsInTheWay(t *testing.T) {
	p := compiled.Document(t, `
format: berth/v1
kind: placement
nodes:
  - {name: a, capacity: {cpu: 2}}
  - {name: b, capacity: {cpu: 4}}
  - {name: c, capacity: {cpu: 9}}
tasks:
  - {name: big, demand: {cpu: 2}, home: a, fetch: 50}
  - {name: small, demand: {cpu: 1}, home: a, fetch: 7}
  - {name: free, demand: {cpu: 1}, home: c, fetch: {"*": 3}}
  - {name: talker, demand: {cpu: 1}}
  - {name: partner, demand: {cpu: 1}, on: [c]}
  - {name: settled, demand: {cpu: 1}, current: c, moveCost: 4, unplaced: 90}
traffic:
  - {between: [talker, partner], volume: 10}
`)
	on := map[string]int32{"big": 0, "small": 1, "free": 1, "talker": 1, "partner": 2, "settled": 1}
	want := map[string]string{
		"small":   "not on a: the node would be asked for 3 of cpu and has 2",
		"free":    "nothing: c would save 3",
		"talker":  "nothing: c would save 10",
		"settled": "nothing: c would save 4",
	}
	pl := make(model.Placement, p.Copies)
	for i := range p.Items {
		pl[p.Items[i].First] = on[p.Label(int32(i))]
	}
	for _, c := range p.Charges(pl, 10) {
		said, expected := p.Kept(pl, c), want[c.Name]
		if c.Name == "partner" { // may run nowhere else: its half is the talker's doing
			expected = "not on b: task partner may not run on it"
		}
		if said != expected {
			t.Errorf("%s is kept by %q, want %q", c.Name, said, expected)
		}
		delete(want, c.Name)
	}
	if len(want) > 0 {
		t.Errorf("not charged: %v", want)
	}
}
