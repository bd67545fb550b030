package results

import (
	"maps"
	"slices"

	"berth/results/stats"
)

// Growth is how what a method takes grows with the size of instances: at each size,
// the product of tasks and nodes, the median over its runs that were fit.
type Growth struct {
	Method  string
	Sizes   []float64 // ascending
	Seconds []float64 // of CPU, all threads counted
	Memory  []float64 // bytes at the peak
}

// Growth returns how time and memory grow, for each of Methods.
func (s *Study) Growth() []Growth {
	type usage struct{ seconds, memory []float64 }
	all := make([]map[float64]usage, len(s.Methods))
	s.eachRun(func(m int, r *Run) {
		size := float64(r.Entry.Tasks) * float64(r.Entry.Nodes)
		if size == 0 || r.Outcome == Unfit {
			return
		}
		if all[m] == nil {
			all[m] = map[float64]usage{}
		}
		u := all[m][size]
		all[m][size] = usage{append(u.seconds, r.Usage.CPU), append(u.memory, float64(r.Usage.Peak))}
	})
	growths := make([]Growth, len(s.Methods))
	for m, name := range s.Methods {
		g := Growth{Method: name, Sizes: slices.Sorted(maps.Keys(all[m]))}
		for _, size := range g.Sizes {
			_, seconds, _ := stats.Quartiles(all[m][size].seconds)
			_, memory, _ := stats.Quartiles(all[m][size].memory)
			g.Seconds, g.Memory = append(g.Seconds, seconds), append(g.Memory, memory)
		}
		growths[m] = g
	}
	return growths
}
