package span

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// TestBoundsHold compares every bound with trying everything.
func TestBoundsHold(t *testing.T) {
	tight, solvable := 0, 0
	for seed := range uint64(300) {
		p, err := model.Compile(instances.MixedWorkflow(seed, 1+int(seed%6), 1+int(seed%4)))
		if err != nil {
			t.Fatal(err)
		}
		best, makespan, ok := bruteforce.Schedule(p)
		if !ok || best == nil {
			continue
		}
		solvable++
		w := p.Workflow
		bound, price := load(w, w.Duration)
		if bound > makespan {
			t.Fatalf("seed %d: the load says %d, the optimum is %d", seed, bound, makespan)
		}
		e := newEnds(w, price)
		if bound := e.chains(); bound > makespan {
			t.Fatalf("seed %d: chains say %d, the optimum is %d", seed, bound, makespan)
		}
		if bound := e.all(newCrowd(w, price)); bound > makespan {
			t.Fatalf("seed %d: all together say %d, the optimum is %d", seed, bound, makespan)
		}
		if !fits(e.windows(), makespan, int64(w.Nodes)) {
			t.Fatalf("seed %d: intervals refute the optimum %d", seed, makespan)
		}
		if left, _ := e.left(makespan); left == nil {
			t.Fatalf("seed %d: nothing is left by the optimum %d", seed, makespan)
		}
		r, err := search.Run(context.Background(), p, Method, search.Limits{}, 1, 1, nil)
		if err != nil || r.Bound > makespan {
			t.Fatalf("seed %d: bound %d, the optimum is %d: %v", seed, r.Bound, makespan, err)
		}
		if r.Bound == makespan {
			tight++
		}
	}
	t.Logf("tight in %d of %d", tight, solvable)
	if 100*tight < 50*solvable {
		t.Errorf("tight in %d of %d only", tight, solvable)
	}
}

// TestIntervalsOfLongTimes: where all nodes together have more time than 64 bits count, a task still fits.
func TestIntervalsOfLongTimes(t *testing.T) {
	for nodes := range int64(300) {
		if long := int64(1) << 57; !fits([]window{{0, long, 0}, {1, long - 1, 0}}, long, nodes+2) {
			t.Errorf("two tasks do not fit on %d nodes", nodes+2)
		}
	}
}

// TestNarrow: four tasks that take 10 on two nodes and 30 or 31 on two others. All nodes could
// do the work in 16, but until 30 only the quick ones count, and these need 20.
func TestNarrow(t *testing.T) {
	p := compiled.Document(t, "format: berth/v1\nkind: workflow\nnodes: [{name: a}, {name: b}, {name: c}, {name: d}]\ntasks:\n"+
		"  - {name: r, duration: {a: 10, b: 10, c: 30, d: 31}}\n  - {name: s, duration: {a: 10, b: 10, c: 30, d: 31}}\n"+
		"  - {name: t, duration: {a: 10, b: 10, c: 30, d: 31}}\n  - {name: u, duration: {a: 10, b: 10, c: 30, d: 31}}\n")
	if bound, _ := load(p.Workflow, p.Workflow.Duration); p.Format(bound) != "16" {
		t.Errorf("the load says %s, want 16", p.Format(bound))
	}
	r, err := search.Run(context.Background(), p, Method, search.Limits{}, 1, 1, nil)
	if err != nil || p.Format(r.Bound) != "20" {
		t.Errorf("the bound is %s, want 20: %v", p.Format(r.Bound), err)
	}
}

// TestHeadsWithoutPairs: what does not look at pairs of nodes is never above what does,
// and the same where all pairs are alike.
func TestHeadsWithoutPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := instances.MixedWorkflow(rapid.Uint64().Draw(t, "seed"), 6, 3)
		if rapid.Bool().Draw(t, "free") {
			in.Network.Default = &model.Line{} // reaches in no time, beside links that take some
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		w := p.Workflow
		rng := rand.New(rand.NewPCG(1, 2))
		head := make([]int64, len(w.Tasks)*w.Nodes)
		for k := range w.Edges {
			for i := range head {
				head[i] = rng.Int64N(100)
			}
			from := newSource(w, &w.Edges[k], between(w), head)
			for j := range w.Nodes {
				a, b := from.seen(w, head, j, true), from.seen(w, head, j, false)
				if b.far > a.far || len(in.Network.Links) == 0 && a != b {
					t.Fatalf("edge %d on node %d: %v and %v", k, j, a, b)
				}
			}
		}
	})
}

// TestPublishedBounds: no bound passes a published value, and most are it.
func TestPublishedBounds(t *testing.T) {
	root := "../../../shared/instances/dag/stg"
	text, err := os.ReadFile(filepath.Join(root, "best.tsv"))
	if err != nil {
		t.Skip("the public instances are not here: ", err)
	}
	tight, read := 0, 0
	for k, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		if k%12 != 0 {
			continue
		}
		row := strings.Split(line, "\t")
		data, err := os.ReadFile(filepath.Join(root, row[0]))
		if err != nil {
			t.Fatal(err)
		}
		processors, _ := strconv.Atoi(row[4])
		in, err := instances.Read(data, row[0], instances.Options{From: "stg", Processors: processors})
		if err != nil {
			t.Fatal(err)
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		r, err := search.Run(context.Background(), p, Method, search.Limits{}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		bound, _ := model.ParseDecimal(p.Format(r.Bound))
		value, _ := model.ParseDecimal(row[1])
		if bound > value {
			t.Errorf("%s on %d: bound %s, published %s", row[0], processors, bound, value)
		}
		if read++; bound == value {
			tight++
		}
	}
	t.Logf("tight in %d of %d", tight, read)
	if 100*tight < 85*read {
		t.Errorf("tight in %d of %d only", tight, read)
	}
}
