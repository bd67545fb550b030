package stats

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// scipy computes with an independent implementation, Debian's python3-scipy.
func scipy(t *testing.T, script string, in, out any) {
	t.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.Command("/usr/bin/python3", "-W", "ignore", "-c", script)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(data), &stderr
	answer, err := cmd.Output()
	if errors.Is(err, fs.ErrNotExist) || strings.Contains(stderr.String(), "No module named") {
		t.Skip("scipy is missing; apt-get install python3-scipy")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
}

// samples draws sets of numbers of different size, spread and coarseness.
func samples(centre float64) [][]float64 {
	r := rand.New(rand.NewPCG(11, 13))
	var sets [][]float64
	for _, n := range []int{4, 5, 9, 10, 11, 24, 49, 50, 51, 52, 120} {
		for _, coarse := range []float64{0, 0.1, 1, 2} {
			set := make([]float64, n)
			for i := range set {
				set[i] = centre + 2*r.NormFloat64()
				if coarse > 0 {
					set[i] = float64(int(set[i]/coarse)) * coarse
				}
			}
			sets = append(sets, set)
		}
	}
	return sets
}

func TestWilcoxonAgainstScipy(t *testing.T) {
	sets := samples(0.5)
	var want [][2]*float64
	scipy(t, `
import json, sys, scipy.stats as st
def p(d):
    few = sum(x != 0 for x in d) <= 50
    exact = few and 0 not in d and len(set(map(abs, d))) == len(d)
    r = st.wilcoxon(d, method='exact') if exact else st.wilcoxon(d, method='approx', correction=True)
    return [r.statistic, None if few and not exact else r.pvalue]
print(json.dumps([p(d) for d in json.load(sys.stdin)]))`, sets, &want)
	for k, set := range sets {
		statistic, p := Wilcoxon(set)
		near(t, "statistic", statistic, *want[k][0])
		if of := want[k][1]; of != nil { // of few with ties scipy has no exact probability
			near(t, "p", p, *of)
		}
	}
}

func TestMeansAgainstScipy(t *testing.T) {
	sets := samples(20)
	var want [][4]float64
	scipy(t, `
import json, sys, numpy as np, scipy.stats as st
print(json.dumps([[st.gmean(np.array(d) + 10) - 10, *np.quantile(d, [.25, .5, .75])] for d in json.load(sys.stdin)]))`, sets, &want)
	for k, set := range sets {
		near(t, "mean", ShiftedGeometricMean(set, 10), want[k][0])
		lower, median, upper := Quartiles(set)
		near(t, "lower quartile", lower, want[k][1])
		near(t, "median", median, want[k][2])
		near(t, "upper quartile", upper, want[k][3])
	}
}

// The intervals are of random draws, and scipy draws others: they agree but for a
// part of their width.
func TestBootstrapAgainstScipy(t *testing.T) {
	var sets [][]float64
	for k, set := range samples(0) {
		if len(set) >= 24 && k%4 < 2 { // means of coarse numbers jump
			for i := range set {
				set[i] *= set[i] // skewed
			}
			sets = append(sets, set)
		}
	}
	var want [][2]float64
	scipy(t, `
import json, sys, numpy as np, scipy.stats as st
def ends(d):
    i = st.bootstrap((np.array(d),), np.mean, n_resamples=20000, method='BCa', random_state=1).confidence_interval
    return [i.low, i.high]
print(json.dumps([ends(d) for d in json.load(sys.stdin)]))`, sets, &want)
	for k, set := range sets {
		got := Bootstrap(column(set...), []Statistic{MeanOf(0)}, 1)[0]
		slack := 0.06 * (want[k][1] - want[k][0])
		if d := got.Low - want[k][0]; d < -slack || d > slack {
			t.Errorf("low end %g of %d values, scipy has %g", got.Low, len(set), want[k][0])
		}
		if d := got.High - want[k][1]; d < -slack || d > slack {
			t.Errorf("high end %g of %d values, scipy has %g", got.High, len(set), want[k][1])
		}
	}
}
