package bruteforce_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
)

// What is given is the same as a selector of the document: the optimum under it is
// that of the instance with the selectors written out. And a solution, written and
// read back, gives the same placement.
func TestGivenIsASelector(t *testing.T) {
	asked, solved := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 6).Draw(t, "replicas"), rapid.IntRange(2, 4).Draw(t, "nodes"))
		task := &in.Tasks[rapid.IntRange(0, len(in.Tasks)-1).Draw(t, "task")]
		var named, others []string
		for j := range in.Nodes {
			if rapid.Bool().Draw(t, "named") {
				named = append(named, in.Nodes[j].Name)
			} else {
				others = append(others, in.Nodes[j].Name)
			}
		}
		if len(named) == 0 || len(others) == 0 || task.On != nil {
			return
		}
		written := *in
		written.Tasks = slices.Clone(in.Tasks)
		allowed := named
		if rapid.Bool().Draw(t, "fix") {
			in.Given.Fix = []model.TaskNodes{{Task: task.Name, Nodes: named}}
		} else {
			in.Given.Forbid = []model.TaskNodes{{Task: task.Name, Nodes: named}}
			allowed = others
		}
		for i := range written.Tasks {
			if written.Tasks[i].Name == task.Name {
				written.Tasks[i].On = &model.Selector{Nodes: allowed}
			}
		}
		q, err := model.Compile(&written)
		if err != nil {
			t.Fatal(err)
		}
		p, err := model.Compile(in)
		if err != nil {
			// No path of the network leads to a node that is left.
			if best, _, _ := bruteforce.Solve(q); best != nil {
				t.Fatalf("given: %v; written out: %v", err, best)
			}
			return
		}
		if p.Digest == q.Digest {
			t.Fatal("what is given changed the digest, or the selector did not")
		}
		best, cost, ok := bruteforce.Solve(p)
		best2, cost2, ok2 := bruteforce.Solve(q)
		if !ok || !ok2 {
			t.Skip("too large for brute force")
		}
		asked++
		if (best == nil) != (best2 == nil) || best != nil && p.Format(cost) != q.Format(cost2) {
			t.Fatalf("given: %v at %s; written out: %v at %s", best, p.Format(cost), best2, q.Format(cost2))
		}
		if best == nil {
			return
		}
		solved++
		back(t, p, best, cost)
	})
	if asked == 0 || solved == 0 || solved == asked {
		t.Errorf("%d of %d questions had an answer: the test sees one side only", solved, asked)
	}
}

// back writes a solution, reads it, and holds its placement against the first.
func back(t *rapid.T, p *model.Problem, pl model.Placement, cost int64) {
	doc, err := p.Document(model.Feasible, pl, nil)
	if err != nil {
		t.Fatal(err)
	}
	var first, second bytes.Buffer
	if err := doc.Write(&first); err != nil {
		t.Fatal(err)
	}
	read, err := model.ReadSolution(first.Bytes(), "answer")
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Begin(read)
	if err != nil || p.Evaluate(got).Cost != cost {
		t.Fatalf("the placement reads back as %v, not %v: %v", got, pl, err)
	}
	doc, err = p.Document(model.Feasible, got, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Write(&second); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() {
		t.Fatalf("it reads back as\n%s\nnot\n%s", second.String(), first.String())
	}
	read.Given = model.Given{Fix: []model.TaskNodes{{Task: "nobody", Nodes: p.NodeNames[:1]}}}
	if failed := p.Verify(read); len(failed) == 0 || !strings.Contains(failed[0], "another question") {
		t.Fatalf("an answer to another question was taken: %q", failed)
	}
}
