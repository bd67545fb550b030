package results

import (
	"cmp"
	"math"
	"slices"

	"berth/results/stats"
)

// Point is a run in a picture.
type Point struct {
	X, Y float64
	Run  *Run // nil where the point stands for several
}

// Curve is a method's line in a picture.
type Curve struct {
	Method string
	Runs   int // that the curve is about; its points may be fewer
	Points []Point
}

// Band is how a method's gap develops: at each moment the median over its runs and
// the quartiles.
type Band struct {
	Method                        string
	Runs                          int
	Seconds, Lower, Median, Upper []float64
}

// Profile returns performance profiles of the time to the proof (Dolan and Moré
// 2002), a curve for each of Methods: at X, a ratio, the share Y of the method's runs
// that were proven within X times the time of the fastest proof of any method. A
// problem is an instance with a seed. A step for each proven run; the curve is 0
// before the first and level after the last. Runs that are unfit count as not proven.
func (s *Study) Profile() []Curve {
	times := make([][]float64, len(s.Methods))
	runs := make([][]*Run, len(s.Methods))
	problem := -1
	number := map[uint64]int{} // of problem, by seed, on the instance at hand
	for _, cells := range s.cells {
		clear(number)
		for m, c := range cells {
			if c == nil {
				continue
			}
			for _, r := range c.Runs {
				p, ok := number[r.Seed]
				if !ok {
					problem++
					p = problem
					number[r.Seed] = p
				}
				for len(times[m]) <= p {
					times[m] = append(times[m], math.NaN())
					runs[m] = append(runs[m], nil)
				}
				times[m][p], runs[m][p] = math.Inf(1), r
				if r.Outcome.Proven() {
					times[m][p] = r.Time
				}
			}
		}
	}
	for m := range times {
		for len(times[m]) <= problem {
			times[m] = append(times[m], math.NaN())
			runs[m] = append(runs[m], nil)
		}
	}
	curves := make([]Curve, len(s.Methods))
	for m, ratios := range stats.Ratios(times) {
		curves[m].Method = s.Methods[m]
		for p, ratio := range ratios {
			if !math.IsNaN(ratio) {
				curves[m].Runs++
			}
			if ratio < math.Inf(1) {
				curves[m].Points = append(curves[m].Points, Point{X: ratio, Run: runs[m][p]})
			}
		}
		curves[m].climb()
	}
	return curves
}

// GapProfile returns for each of Methods how its gaps are distributed: at X, a gap to
// the best known, the share Y of the runs that ended with at most that. It shows
// methods that never prove. A step for each run with a placement; instances that are
// infeasible are left out.
func (s *Study) GapProfile() []Curve {
	curves := make([]Curve, len(s.Methods))
	s.eachRun(func(m int, r *Run) {
		if r.Entry.Infeasible {
			return
		}
		curves[m].Runs++
		if r.Outcome.Solved() {
			curves[m].Points = append(curves[m].Points, Point{X: r.Gap, Run: r})
		}
	})
	for m := range curves {
		curves[m].Method = s.Methods[m]
		curves[m].climb()
	}
	return curves
}

// climb sorts the points by X and makes Y the share of the runs so far.
func (c *Curve) climb() {
	slices.SortStableFunc(c.Points, func(a, b Point) int { return cmp.Compare(a.X, b.X) })
	for k := range c.Points {
		c.Points[k].Y = float64(k+1) / float64(c.Runs)
	}
}

// Cactus returns for each of Methods the seconds to its proofs, ascending: the X-th
// fastest took Y.
func (s *Study) Cactus() []Curve {
	curves := make([]Curve, len(s.Methods))
	s.eachRun(func(m int, r *Run) {
		curves[m].Runs++
		if r.Outcome.Proven() {
			curves[m].Points = append(curves[m].Points, Point{Y: r.Time, Run: r})
		}
	})
	for m := range curves {
		curves[m].Method = s.Methods[m]
		points := curves[m].Points
		slices.SortStableFunc(points, func(a, b Point) int { return cmp.Compare(a.Y, b.Y) })
		for k := range points {
			points[k].X = float64(k + 1)
		}
	}
	return curves
}

// GapOverTime returns for each of Methods how the gap of its incumbent to the best
// known develops, at log-spaced moments from the first incumbent of any run to the
// end of the longest. Without an incumbent the gap is 1, and it is never more. Runs
// that are unfit and instances that are infeasible are left out.
func (s *Study) GapOverTime(moments int) []Band {
	type trace struct{ at, gaps []float64 }
	traces := make([][]trace, len(s.Methods))
	first, last := math.Inf(1), fastest
	s.eachRun(func(m int, r *Run) {
		if r.Outcome == Unfit || r.Entry.Infeasible {
			return
		}
		at, gaps := r.incumbents(cappedGap)
		traces[m] = append(traces[m], trace{at, gaps})
		last = max(last, r.Used())
		if len(at) > 0 {
			first = min(first, at[0])
		}
	})
	seconds := stats.LogSpaced(min(max(first, fastest), last), last, moments)
	bands := make([]Band, len(s.Methods))
	for m := range bands {
		b := &bands[m]
		b.Method, b.Runs = s.Methods[m], len(traces[m])
		if b.Runs == 0 {
			continue
		}
		b.Seconds = seconds
		values := make([][]float64, moments)
		for k := range values {
			values[k] = make([]float64, 0, b.Runs)
		}
		for _, t := range traces[m] {
			for k, gap := range stats.StepAt(t.at, t.gaps, 1, seconds) {
				values[k] = append(values[k], gap)
			}
		}
		for k := range values {
			lower, median, upper := stats.Quartiles(values[k])
			b.Lower, b.Median, b.Upper = append(b.Lower, lower), append(b.Median, median), append(b.Upper, upper)
		}
	}
	return bands
}

// eachRun calls do for every run with the number of its method.
func (s *Study) eachRun(do func(m int, r *Run)) {
	for _, cells := range s.cells {
		for m, c := range cells {
			if c == nil {
				continue
			}
			for _, r := range c.Runs {
				do(m, r)
			}
		}
	}
}
