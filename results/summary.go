package results

import (
	"math"

	"berth/results/stats"
)

// Interval is an estimate with its 95 % confidence interval, bootstrapped over
// instances.
type Interval = stats.Interval

// Summary is a method's row in the table of methods. All means are over instances,
// each of them the mean over its seeds. The intervals have no ends where there is one
// instance, and no value where there is none.
type Summary struct {
	Method                      string
	Instances                   int // with a run that is not unfit
	Runs, Solved, Proven, Wrong int
	Failed                      int      // without an answer: unknown, timeout, memory, crash, rubbish
	Unfit                       int      // left out of everything below
	Time                        Interval // shifted geometric mean (shift 1 s) of the seconds to the proof; the limit where there is none
	PAR10                       Interval // mean of the seconds to the proof; ten times the limit where there is none
	Used                        Interval // shifted geometric mean (shift 1 s) of the seconds that the runs took, proof or not
	Gap                         Interval // mean gap to the best known, a run without a placement counting as 1 and none as more; infeasible instances left out
	Primal                      Interval // mean primal integral as a share of the limit, 0 to 1 (Berthold 2013); infeasible instances left out
	Wins                        int      // instances on which no other method is better: by proof, then gap, then time, differences of noise apart
}

// seed makes all intervals repeat.
const seed = 1

// Summaries returns the table of methods, in the order of Methods.
func (s *Study) Summaries() []Summary {
	wins := s.wins()
	rows := make([]Summary, len(s.Methods))
	for m, method := range s.Methods {
		row := &rows[m]
		*row = Summary{Method: method, Wins: wins[m]}
		var all, feasible [][]float64
		for i, cells := range s.cells {
			c := cells[m]
			if c == nil {
				continue
			}
			row.count(c)
			if c.Fit == 0 {
				continue
			}
			row.Instances++
			all = append(all, []float64{math.Log(c.Time + shift), c.PAR10, math.Log(c.Used + shift)})
			if !s.Instances[i].Infeasible {
				feasible = append(feasible, []float64{c.Gap, c.Primal})
			}
		}
		times := stats.Bootstrap(all, []stats.Statistic{stats.GeometricOf(0, shift), stats.MeanOf(1), stats.GeometricOf(2, shift)}, seed)
		row.Time, row.PAR10, row.Used = times[0], times[1], times[2]
		gaps := stats.Bootstrap(feasible, []stats.Statistic{stats.MeanOf(0), stats.MeanOf(1)}, seed)
		row.Gap, row.Primal = gaps[0], gaps[1]
	}
	return rows
}

func (row *Summary) count(c *Cell) {
	row.Runs += len(c.Runs)
	for _, r := range c.Runs {
		switch {
		case r.Outcome.Solved():
			row.Solved++
		case r.Outcome == Wrong:
			row.Wrong++
		case r.Outcome == Unfit:
			row.Unfit++
		case r.Outcome != Infeasible:
			row.Failed++
		}
		if r.Outcome.Proven() {
			row.Proven++
		}
	}
}

// wins counts for each method the instances on which none is better.
func (s *Study) wins() []int {
	wins := make([]int, len(s.Methods))
	for _, cells := range s.cells {
		for m, c := range cells {
			if c == nil || c.Outcome == Wrong || !c.answers() {
				continue
			}
			beaten := false
			for _, other := range cells {
				beaten = beaten || other != nil && other.Fit > 0 && compareCells(other, c) < 0
			}
			if !beaten {
				wins[m]++
			}
		}
	}
	return wins
}
