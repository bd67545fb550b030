package results

import (
	"cmp"

	"berth/results/stats"
)

// Cell is a method on an instance, over its seeds.
type Cell struct {
	Entry   *Entry
	Method  string
	Runs    []*Run  // by seed
	Outcome Outcome // the worst of them, in the order of Outcomes
	// What follows is over the runs that are not unfit; all 0 where there are none.
	Fit    int     // how many there are
	Proven float64 // share of them that settled the question
	Time   float64 // seconds to the proof (Run.Time), shifted geometric mean
	Used   float64 // wall seconds that they took, shifted geometric mean
	PAR10  float64 // mean of the seconds to the proof, ten times Run.Limit where there is none
	Gap    float64 // mean, a run without a placement counting as 1 and none as more
	Primal float64 // mean of Run.Primal
}

// Heat is the study as a matrix.
type Heat struct {
	Instances []*Entry
	Methods   []string
	Cells     [][]*Cell // by instance and method; nil where there is no run
}

// Heat returns the cells of all instances and methods.
func (s *Study) Heat() *Heat { return &Heat{s.Instances, s.Methods, s.cells} }

// shift of geometric means, in seconds.
const shift = 1

func (s *Study) fillCells() {
	number := make(map[string]int, len(s.Methods))
	for m, name := range s.Methods {
		number[name] = m
	}
	s.cells = make([][]*Cell, 0, len(s.Instances))
	for _, runs := range s.byInstance() {
		row := make([]*Cell, len(s.Methods))
		for from := 0; from < len(runs); {
			to := from + 1
			for to < len(runs) && runs[to].Method == runs[from].Method {
				to++
			}
			row[number[runs[from].Method]] = newCell(runs[from:to:to])
			from = to
		}
		s.cells = append(s.cells, row)
	}
}

func newCell(runs []*Run) *Cell {
	c := &Cell{Entry: runs[0].Entry, Method: runs[0].Method, Runs: runs}
	var times, used, limits, gaps, primal []float64
	var proven []bool
	for _, r := range runs {
		if c.Outcome == "" || r.Outcome.Rank() > c.Outcome.Rank() {
			c.Outcome = r.Outcome
		}
		if r.Outcome == Unfit {
			continue
		}
		c.Fit++
		times = append(times, r.Time)
		used = append(used, r.Used())
		limits = append(limits, r.Limit)
		proven = append(proven, r.Outcome.Proven())
		gaps = append(gaps, r.capped())
		primal = append(primal, r.Primal)
		if r.Outcome.Proven() {
			c.Proven++
		}
	}
	if c.Fit == 0 {
		return c
	}
	c.Proven /= float64(c.Fit)
	c.Time = stats.ShiftedGeometricMean(times, shift)
	c.Used = stats.ShiftedGeometricMean(used, shift)
	c.PAR10 = stats.PAR(times, limits, proven, 10)
	c.Gap = stats.Mean(gaps)
	c.Primal = stats.Mean(primal)
	return c
}

// What is less than this between two times is noise, no win.
const (
	noiseShare   = 0.05
	noiseSeconds = 0.005
)

// compareCells is negative where a is the better result on an instance: it proves
// more often, or else its gap is smaller, or else it took clearly less time to come to something.
func compareCells(a, b *Cell) int {
	if wrongA, wrongB := a.Outcome == Wrong, b.Outcome == Wrong; wrongA != wrongB {
		if wrongA {
			return 1
		}
		return -1
	}
	if c := cmp.Or(cmp.Compare(b.Proven, a.Proven), cmp.Compare(a.Gap, b.Gap)); c != 0 {
		return c
	}
	less, more := min(a.Used, b.Used), max(a.Used, b.Used)
	if nothing := !a.answers() && !b.answers(); nothing || more-less <= max(noiseSeconds, noiseShare*more) {
		return 0
	}
	return cmp.Compare(a.Used, b.Used)
}

// answers says whether any run of the cell came to something.
func (c *Cell) answers() bool {
	for _, r := range c.Runs {
		if r.Outcome.Solved() || r.Outcome.Proven() {
			return true
		}
	}
	return false
}
