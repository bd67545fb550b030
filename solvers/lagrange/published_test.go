package lagrange_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
	"berth/solvers/lagrange"
)

const published = "../../../shared/instances/gap"

// optima reads a table of known values: name, value and status first in each line.
func optima(t testing.TB, file string) map[string]int64 {
	data, err := os.ReadFile(filepath.Join(published, file))
	if err != nil {
		t.Skipf("the published instances are not here: %v", err)
	}
	known := map[string]int64{}
	for _, line := range strings.Split(string(data), "\n") {
		if f := strings.Split(line, "\t"); len(f) > 2 && f[2] == "optimal" {
			known[f[0]], _ = strconv.ParseInt(f[1], 10, 64)
		}
	}
	return known
}

// load reads a published instance.
func load(t testing.TB, file string, maximise bool) (*model.Instance, *model.Problem) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(published, file))
	if err != nil {
		t.Skipf("the published instances are not here: %v", err)
	}
	in, err := instances.Read(data, file, instances.Options{From: "orlib", Maximise: maximise})
	if err != nil {
		t.Fatal(err)
	}
	return in, compiled.Instance(t, in)
}

func solve(t testing.TB, p *model.Problem) *search.Result {
	t.Helper()
	r, err := search.Run(context.Background(), p, lagrange.Method, search.Limits{Deadline: time.Now().Add(time.Minute)}, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != model.Optimal {
		t.Fatalf("ends %v at %d, bound %d", r.Status, r.Cost, r.Bound)
	}
	return r
}

func TestPublishedMinima(t *testing.T) {
	sets := []struct{ folder, table, names string }{
		{"orlib", "best_min.tsv", ""},
		{"chu", "best.tsv", "a05100 a05200 a10100 a10200 a20100 a20200 b05100 b05200 b10100 b10200 b20100 b20200 c05100 c05200 c10100 c10200 c20100 c20200 d05100"},
		{"yagiura", "best.tsv", "c10400 c40400 e10400 e20200"},
	}
	for _, set := range sets {
		known := optima(t, set.folder+"/"+set.table)
		seen := 0
		for name, want := range known {
			if set.names != "" && !strings.Contains(set.names, name) {
				continue
			}
			seen++
			_, p := load(t, set.folder+"/"+name, false)
			if got := p.Format(solve(t, p).Cost); got != fmt.Sprint(want) {
				t.Errorf("%s: %s, published %d", name, got, want)
			}
		}
		if seen == 0 {
			t.Errorf("no instance of %s was solved", set.folder)
		}
	}
}

func TestPublishedMaxima(t *testing.T) {
	known := optima(t, "orlib/best.tsv")
	for name, want := range known {
		in, p := load(t, "orlib/"+name, true)
		r := solve(t, p)
		best, ok := instances.Profit(in.Name)
		cost, err := strconv.ParseInt(p.Format(r.Cost), 10, 64)
		if profit := int64(best/model.DecimalOne) - cost; !ok || err != nil || profit != want {
			t.Errorf("%s: profit %d (%v, %v), published %d", name, profit, ok, err, want)
		}
	}
	if len(known) != 60 {
		t.Errorf("%d published maxima, not 60", len(known))
	}
}

// A run depends on the problem and the seed alone, not on the number of threads.
func TestRepeats(t *testing.T) {
	for _, file := range []string{"chu/d10100", "chu/d20100"} {
		_, p := load(t, file, false)
		run := func(m *search.Method, threads int) string {
			r, err := search.Run(context.Background(), p, m, search.Limits{Work: 200_000_000}, 1, threads, nil)
			if err != nil {
				t.Fatal(err)
			}
			for k := range r.Events {
				r.Events[k].Seconds = 0
			}
			r.Seconds = 0
			return fmt.Sprint(r)
		}
		for _, m := range []*search.Method{lagrange.Method, lagrange.Improver} {
			first := run(m, 1)
			for _, threads := range []int{1, 2} {
				if next := run(m, threads); next != first {
					t.Errorf("%s, %s on %d threads: the same run ends as\n%s\nand as\n%s", file, m.Name, threads, first, next)
				}
			}
		}
	}
}

// The improver comes near published optima that take long to prove, in half a
// second's work.
func TestImprover(t *testing.T) {
	for name, most := range map[string]int64{"yagiura/c20400": 4782, "yagiura/e10400": 45746, "chu/d10200": 12430, "chu/d20100": 6185, "yagiura/d20400": 24567} {
		_, p := load(t, name, false)
		r, err := search.Run(context.Background(), p, lagrange.Improver, search.Limits{Work: 500_000_000}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Cost < most || r.Cost > most+most/200 {
			t.Errorf("%s: %d, best known %d", name, r.Cost, most)
		}
	}
}

// A bound takes rounds of all knapsacks; this is one of 20 nodes and 200 tasks, and
// what it takes to get from the first multipliers to the first question.
func BenchmarkRoot(b *testing.B) {
	_, p := load(b, "chu/c20200", false)
	for b.Loop() {
		if _, err := search.Run(context.Background(), p, lagrange.Method, search.Limits{Work: 10_000_000}, 1, 1, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// The improver solves pieces, one after the other; these are the first hundred or so of
// 20 nodes and 100 tasks, after the first multipliers.
func BenchmarkImprover(b *testing.B) {
	_, p := load(b, "chu/d20100", false)
	for b.Loop() {
		if _, err := search.Run(context.Background(), p, lagrange.Improver, search.Limits{Work: 500_000_000}, 1, 1, nil); err != nil {
			b.Fatal(err)
		}
	}
}
