package span

import (
	"math/bits"
	"slices"

	"berth/model"
)

// loadRounds is how often the prices of time are corrected, priceScale what they add up
// to at most for each node.
const (
	loadRounds = 60
	priceScale = 1 << 20
)

// load bounds the makespan by all work on all nodes, given how long each task takes where
// it may run. With a price of a unit of time on every node, all tasks at their cheapest
// cost no more than the makespan on all nodes: that holds for any prices, and those that
// bound best are looked for by making time dearer where the cheapest choices crowd
// (Lagrangian relaxation; M. Held, P. Wolfe and H. Crowder, Validation of subgradient
// optimization, Mathematical Programming 6, 1974). The bound itself is computed in
// integers. It returns the prices, too. O(rounds · tasks · nodes).
func load(w *model.Workflow, duration []int64) (best int64, bestPrice []int64) {
	n := w.Nodes
	price := make([]int64, n)
	speed := meanSpeeds(w, duration)
	for j := range price {
		price[j] = int64(speed[j] * priceScale)
	}
	bestPrice = slices.Clone(price)
	asked := make([]float64, n)
	for round := range loadRounds {
		clear(asked)
		bound, total := loadAt(w, duration, price, asked)
		if bound > best {
			best = bound
			copy(bestPrice, price)
		}
		if total == 0 {
			break
		}
		step := 0.3 / float64(1+round/4)
		mean := 0.0
		for _, a := range asked {
			mean += a / float64(n)
		}
		for j := range price {
			change := 1 + step*(asked[j]-mean)/(mean+1e-9)
			price[j] = min(max(int64(float64(price[j])*min(max(change, 0.5), 2)), 1), 64*priceScale)
		}
	}
	return best, bestPrice
}

// loadAt is the bound at given prices, and what each node is asked for.
func loadAt(w *model.Workflow, duration, price []int64, asked []float64) (bound, total int64) {
	n := w.Nodes
	high, low := uint64(0), uint64(0) // of the sum of the cheapest
	for t := range w.Tasks {
		row := duration[t*n : (t+1)*n]
		bestHigh, bestLow, at := ^uint64(0), ^uint64(0), -1
		for j, d := range row {
			if d >= model.Never {
				continue
			}
			h, l := bits.Mul64(uint64(d), uint64(price[j]))
			if h < bestHigh || h == bestHigh && l < bestLow {
				bestHigh, bestLow, at = h, l, j
			}
		}
		if at < 0 {
			continue
		}
		asked[at] += float64(row[at])
		var carry uint64
		low, carry = bits.Add64(low, bestLow, 0)
		high += bestHigh + carry
	}
	for _, v := range price {
		total += v
	}
	if total == 0 || high >= uint64(total) {
		return 0, 0
	}
	quotient, rest := bits.Div64(high, low, uint64(total))
	if rest > 0 {
		quotient++
	}
	return int64(quotient), total
}

// meanSpeeds is how quick each node is beside the quickest for each task, in the mean
// over those that it can run: right at once where nodes differ by speed alone.
func meanSpeeds(w *model.Workflow, duration []int64) []float64 {
	n := w.Nodes
	speed, count := make([]float64, n), make([]int, n)
	least := w.LeastDurations()
	for t := range w.Tasks {
		for j, d := range duration[t*n : (t+1)*n] {
			if d > 0 && d < model.Never {
				speed[j] += float64(least[t]) / float64(d)
				count[j]++
			}
		}
	}
	for j := range speed {
		if count[j] == 0 {
			speed[j] = 1
		} else {
			speed[j] = max(speed[j]/float64(count[j]), 1e-3)
		}
	}
	return speed
}
