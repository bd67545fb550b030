package heuristics

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/search"
)

// TestDescentOnPublished holds descent to the published optima of two public sets,
// where they are at hand.
func TestDescentOnPublished(t *testing.T) {
	for _, set := range []struct {
		folder, values string
		names          []string
		percent        float64
	}{
		{"gap/orlib", "best_min.tsv", []string{"gap1-0", "gap6-2", "gap12-4"}, 1},
		{"gap/chu", "best.tsv", []string{"a20100", "b10100", "c20200"}, 1},
		{"ctap", "best.tsv", []string{"tass1003Aa.dat", "tass2005Ab.dat", "tassc2005Ca.dat"}, 0.5},
	} {
		folder := filepath.Join("..", "..", "shared", "instances", filepath.FromSlash(set.folder))
		known := readValues(t, filepath.Join(folder, set.values))
		for _, name := range set.names {
			data, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Skipf("the public instances are not at hand: %v", err)
			}
			in, err := instances.Read(data, name, instances.Options{})
			if err != nil {
				t.Fatal(err)
			}
			p := compiled.Instance(t, in)
			r, err := search.Run(context.Background(), p, Descent, search.Limits{Work: 100_000_000}, 1, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			if above := 100 * (p.Value(r.Cost)/known[name] - 1); above > set.percent || above < -1e-9 {
				t.Errorf("%s: %s is %.2f %% from %v", name, p.Format(r.Cost), above, known[name])
			}
		}
	}
}

// readValues reads the first two columns of a table of known values.
func readValues(t *testing.T, file string) map[string]float64 {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("the public instances are not at hand: %v", err)
	}
	known := map[string]float64{}
	for _, line := range strings.Split(string(data), "\n") {
		if fields := strings.Split(line, "\t"); len(fields) > 1 {
			if v, err := strconv.ParseFloat(fields[1], 64); err == nil {
				known[fields[0]] = v
			}
		}
	}
	return known
}
