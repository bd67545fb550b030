package main

import (
	"bytes"
	"context"
	goflag "flag"
	"fmt"
	"math"
	"os"
	"testing"

	"berth/heuristics"
	"berth/instances"
	"berth/model"
	"berth/results/figures"
	"berth/search"
	"berth/solvers/flow"
)

var librarian = goflag.String("librarian", "", "a file to draw into, as SVG, how far the librarian is from the best; takes half a minute")

// rooms are settings of generated chunks by the part of all chunks that a rack has room
// for, in percent: racks, and percent of all room that is used. A chunk has two replicas
// in the mean.
var rooms = []struct{ percent, racks, fill int }{{5, 42, 95}, {10, 21, 95}, {20, 20, 50}, {30, 20, 33}, {50, 20, 20}}

// TestLibrarian measures how far the rule of thumb is from the best, over how uneven
// reads are and how much room there is. It is never below, and off by some percent.
func TestLibrarian(t *testing.T) {
	from, to, step, seeds, chunks := 60, 140, 40, uint64(1), 500
	if *librarian != "" {
		step, seeds, chunks = 10, 3, 2000
	}
	var lines []figures.Line
	largest := 0.0
	for _, room := range rooms {
		line := figures.Line{Name: fmt.Sprintf("room for %d %%", room.percent)}
		for zipf := from; zipf <= to; zipf += step {
			gap := 0.0
			for seed := range seeds {
				gap += librarianGap(t, instances.Spec{
					Family: "chunks", Nodes: room.racks, Tasks: chunks, Resources: 1, Fill: room.fill, Even: 1, Replicas: 3, Apart: 100, Reads: 100, Zipf: zipf,
				}, seed+1) / float64(seeds)
			}
			line.X, line.Y = append(line.X, float64(zipf)/100), append(line.Y, 100*gap)
			largest = math.Max(largest, gap)
		}
		t.Logf("%s: %.2f %% at %.1f", line.Name, line.Y, line.X)
		lines = append(lines, line)
	}
	if largest < 0.01 || largest > 0.5 {
		t.Errorf("the librarian is off by %g at the most", largest)
	}
	if *librarian == "" {
		return
	}
	var b bytes.Buffer
	f := figures.Curves("librarian", figures.Axis{Label: "reads of the k-th chunk fall as k to the minus …"}, figures.Axis{Label: "librarian above the optimum, %"}, lines, nil)
	if err := f.Draw(&b, "svg"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(*librarian, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// librarianGap is how far above the proven optimum the librarian is, as a part of it.
func librarianGap(t *testing.T, spec instances.Spec, seed uint64) float64 {
	t.Helper()
	in, err := instances.Generate(spec, seed)
	if err != nil {
		t.Fatal(err)
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	best, err := search.Run(context.Background(), p, flow.Method, search.Limits{}, 1, 1, nil)
	if err != nil || best.Status != model.Optimal {
		t.Fatalf("flow: %v, %v", best, err)
	}
	rule, err := search.Run(context.Background(), p, heuristics.Librarian, search.Limits{Work: 1_000_000_000}, 1, 1, nil)
	if err != nil || rule.Placement == nil || rule.Cost < best.Cost {
		t.Fatalf("librarian: %v, %v", rule, err)
	}
	return float64(rule.Cost-best.Cost) / float64(best.Cost)
}
