package report

import (
	"math"
	"strconv"

	"berth/model"
	"berth/results"
)

// mostSteps is how many steps of trajectories a page holds. They take some six
// bytes each.
const mostSteps = 600_000

// steps are the trajectories of all runs, one after the other.
type steps struct {
	Count   []int   `json:"count"` // of each run
	Seconds moments `json:"seconds"`
	Cost    amounts `json:"cost"`
	Bound   amounts `json:"bound"`
	By      words   `json:"by"`
}

// moments keep three digits, as many as a picture shows.
type moments []float64

// MarshalJSON writes the moments as an array.
func (m moments) MarshalJSON() ([]byte, error) { return rounded(m, 3), nil }

// amounts keep nine digits; a missing one is null.
type amounts []model.Number

// MarshalJSON writes the amounts as an array of numbers.
func (a amounts) MarshalJSON() ([]byte, error) {
	numbers := make([]float64, len(a))
	for k, n := range a {
		v, err := strconv.ParseFloat(string(n), 64)
		if err != nil {
			v = math.NaN()
		}
		numbers[k] = v
	}
	return rounded(numbers, 9), nil
}

// thinning says what was left out of trajectories.
type thinning struct {
	All, Kept int // steps
	Most      int // that a run keeps; 0 where nothing was left out
}

// stepsOf returns the trajectories. Where there are more than mostSteps, each keeps
// its first and last step and others at equal distances, as many for each run as
// there is room for.
func stepsOf(study *results.Study) (*steps, thinning) {
	lengths := map[int]int{} // how many trajectories are so long
	t := thinning{}
	for _, r := range study.Runs {
		lengths[len(r.Trajectory)]++
		t.All += len(r.Trajectory)
	}
	if t.All > mostSteps {
		t.Most = fit(lengths, mostSteps)
	}
	s := &steps{Seconds: moments{}, Cost: amounts{}, Bound: amounts{}}
	for _, r := range study.Runs {
		kept := pick(len(r.Trajectory), t.Most)
		s.Count = append(s.Count, len(kept))
		t.Kept += len(kept)
		for _, k := range kept {
			step := r.Trajectory[k]
			s.Seconds = append(s.Seconds, step.Seconds)
			s.Cost = append(s.Cost, step.Cost)
			s.Bound = append(s.Bound, step.Bound)
			s.By.add(step.By)
		}
	}
	return s, t
}

// fit returns the greatest length to which trajectories can be cut so that at most so
// many steps are left in total; at least 2.
func fit(lengths map[int]int, most int) int {
	for cut := 2; ; cut++ {
		total := 0
		for length, n := range lengths {
			total += n * min(length, cut)
		}
		if total > most {
			return max(2, cut-1)
		}
	}
}

// pick returns which of n steps are kept: all, or most of them.
func pick(n, most int) []int {
	if most == 0 || n <= most {
		most = n
	}
	kept := make([]int, most)
	for k := range kept {
		kept[k] = k
		if most < n {
			kept[k] = k * (n - 1) / (most - 1)
		}
	}
	return kept
}
