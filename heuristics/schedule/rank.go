package schedule

import (
	"cmp"
	"slices"

	"berth/model"
)

// mostRoutes bounds the routes that a mean over the network looks at.
const mostRoutes = 64

// meanDurations returns the mean time of every task over the nodes that can run it.
func meanDurations(w *model.Workflow) []float64 {
	mean := make([]float64, len(w.Tasks))
	for t := range mean {
		count := 0
		for _, d := range w.Duration[t*w.Nodes : (t+1)*w.Nodes] {
			if d < model.Never {
				mean[t] += float64(d)
				count++
			}
		}
		mean[t] /= float64(max(count, 1))
	}
	return mean
}

// meanMessages returns the mean time of every edge over pairs of different nodes that
// are connected; where there are many routes, over some of them.
func meanMessages(w *model.Workflow) []float64 {
	count := make([]int, w.Routes())
	for a := range int32(w.Nodes) {
		for b := range int32(w.Nodes) {
			if a != b {
				count[w.Route(a, b)]++
			}
		}
	}
	var routes []int32
	for r := range count {
		if count[r] > 0 && w.Reached(int32(r)) {
			routes = append(routes, int32(r))
		}
	}
	step := (len(routes) + mostRoutes - 1) / mostRoutes
	bySize := map[int32]float64{}
	mean := make([]float64, len(w.Edges))
	for k := range w.Edges {
		e := &w.Edges[k]
		time, known := bySize[e.Size]
		if !known {
			pairs := 0
			for i := 0; i < len(routes); i += step {
				time += float64(count[routes[i]]) * float64(w.MessageOver(e, routes[i]))
				pairs += count[routes[i]]
			}
			time /= float64(max(pairs, 1))
			bySize[e.Size] = time
		}
		mean[k] = time
	}
	return mean
}

// upwardRank is the length of the longest way from the begin of every task to the end
// of the workflow, in mean times.
func upwardRank(w *model.Workflow, duration, message []float64) []float64 {
	rank := make([]float64, len(w.Tasks))
	for _, t := range slices.Backward(w.Order) {
		longest := 0.0
		for k := w.Out[t].From; k < w.Out[t].To; k++ {
			longest = max(longest, message[k]+rank[w.Edges[k].To])
		}
		rank[t] = duration[t] + longest
	}
	return rank
}

// byRank orders tasks by falling rank, and those of equal rank as they can run.
func byRank(w *model.Workflow, rank []float64) []int32 {
	order := slices.Clone(w.Order)
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(rank[b], rank[a]) })
	return order
}

// downwardRank is the length of the longest way from the begin of the workflow to the
// begin of every task, in mean times.
func downwardRank(w *model.Workflow, duration, message []float64) []float64 {
	rank := make([]float64, len(w.Tasks))
	for _, t := range w.Order {
		for k := w.Out[t].From; k < w.Out[t].To; k++ {
			to := w.Edges[k].To
			rank[to] = max(rank[to], rank[t]+duration[t]+message[k])
		}
	}
	return rank
}
