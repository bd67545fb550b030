package results

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"berth/results/stats"
)

// Duel is a paired comparison of two methods over the instances that both ran on and
// neither was unfit for.
type Duel struct {
	A, B           string // labels
	Pairs          []Pair // those that differ most first
	Better         int    // instances on which A's result is better: by proof, then gap, then time, differences of noise apart
	Worse, Ties    int
	AWrong, BWrong int      // runs
	Ratio          Interval // A's time to the proof as a multiple of B's, of the shifted geometric means
	UsedRatio      Interval // the same of the time that the runs took, proof or not
	GapDiff        Interval // mean of A's gap − B's; infeasible instances left out
	PTime          float64  // Wilcoxon signed-rank test, two-sided, of the pairs' times to the proof, as logarithms
	PUsed, PGap    float64  // of the times that the runs took, and of the gaps
	Verdict        string   // a sentence or two with the uncertainty
}

// Pair is one instance in a duel; values are means over seeds, as in Cell.
type Pair struct {
	Entry            *Entry
	A, B             *Cell
	ATime, BTime     float64 // seconds to the proof, the limit where there is none
	AGap, BGap       float64
	AProven, BProven bool    // by every seed
	Difference       float64 // a factor of ten between the times is 1, and so are ten percent of gap
}

// Duel compares two methods, named by their labels or as NAME@VERSION, where the
// beginning of a version will do.
func (s *Study) Duel(a, b string) (*Duel, error) {
	m, err := s.find(a)
	if err != nil {
		return nil, err
	}
	n, err := s.find(b)
	if err != nil {
		return nil, err
	}
	if m == n {
		return nil, fmt.Errorf("%s and %s are the same method; name two of %s", a, b, strings.Join(s.Methods, ", "))
	}
	d := &Duel{A: s.Methods[m], B: s.Methods[n]}
	for _, cells := range s.cells {
		if x, y := cells[m], cells[n]; x != nil && y != nil && x.Fit > 0 && y.Fit > 0 {
			d.add(x, y)
		}
	}
	if len(d.Pairs) == 0 {
		return nil, fmt.Errorf("%s and %s have no instance in common that both handle; run both on the same instances", d.A, d.B)
	}
	d.judge()
	slices.SortStableFunc(d.Pairs, func(a, b Pair) int { return cmp.Compare(b.Difference, a.Difference) })
	return d, nil
}

// find returns the number of the method that a name means.
func (s *Study) find(name string) (int, error) {
	if m := slices.Index(s.Methods, name); m >= 0 {
		return m, nil
	}
	method, version, ok := strings.Cut(name, "@")
	var found []string
	if ok {
		s.eachRun(func(m int, r *Run) {
			if r.Record.Method == method && strings.HasPrefix(r.Version, version) && !slices.Contains(found, r.Method) {
				found = append(found, r.Method)
			}
		})
	}
	switch len(found) {
	case 0:
		return 0, fmt.Errorf("no such method: %q; the records have %s", name, strings.Join(s.Methods, ", "))
	case 1:
		return slices.Index(s.Methods, found[0]), nil
	}
	slices.Sort(found)
	return 0, fmt.Errorf("%q is any of %s; name one of them", name, strings.Join(found, ", "))
}

func (d *Duel) add(a, b *Cell) {
	p := Pair{
		Entry: a.Entry, A: a, B: b,
		ATime: a.Time, BTime: b.Time, AGap: a.Gap, BGap: b.Gap,
		AProven: a.Proven == 1, BProven: b.Proven == 1,
	}
	p.Difference = math.Abs(math.Log10((a.Time + shift) / (b.Time + shift)))
	if !a.Entry.Infeasible {
		p.Difference += 10 * math.Abs(a.Gap-b.Gap)
	}
	d.Pairs = append(d.Pairs, p)
	switch c := compareCells(a, b); {
	case c < 0:
		d.Better++
	case c > 0:
		d.Worse++
	default:
		d.Ties++
	}
	for _, r := range a.Runs {
		if r.Outcome == Wrong {
			d.AWrong++
		}
	}
	for _, r := range b.Runs {
		if r.Outcome == Wrong {
			d.BWrong++
		}
	}
}

// judge computes intervals and tests from the pairs, in the order of the instances.
func (d *Duel) judge() {
	var times, gaps [][]float64
	var timeDiffs, usedDiffs, gapDiffs []float64
	for _, p := range d.Pairs {
		row := []float64{math.Log(p.A.Time + shift), math.Log(p.B.Time + shift), math.Log(p.A.Used + shift), math.Log(p.B.Used + shift)}
		times = append(times, row)
		timeDiffs = append(timeDiffs, row[0]-row[1])
		usedDiffs = append(usedDiffs, row[2]-row[3])
		if !p.Entry.Infeasible {
			gaps = append(gaps, []float64{p.AGap - p.BGap})
			gapDiffs = append(gapDiffs, p.AGap-p.BGap)
		}
	}
	ratios := stats.Bootstrap(times, []stats.Statistic{ratioOf(0, 1), ratioOf(2, 3)}, seed)
	d.Ratio, d.UsedRatio = exponential(ratios[0]), exponential(ratios[1])
	d.GapDiff = stats.Bootstrap(gaps, []stats.Statistic{stats.MeanOf(0)}, seed)[0]
	_, d.PTime = stats.Wilcoxon(timeDiffs)
	_, d.PUsed = stats.Wilcoxon(usedDiffs)
	_, d.PGap = stats.Wilcoxon(gapDiffs)
	d.Verdict = d.verdict()
}

// ratioOf is the logarithm of the ratio of the shifted geometric means of two columns
// of logarithms: A's time to B's then has the same interval as B's to A's.
func ratioOf(a, b int) stats.Statistic {
	return func(means []float64) float64 {
		return math.Log((math.Exp(means[a]) - shift) / (math.Exp(means[b]) - shift))
	}
}

func exponential(i Interval) Interval {
	return Interval{Value: math.Exp(i.Value), Low: math.Exp(i.Low), High: math.Exp(i.High)}
}
