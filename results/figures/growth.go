package figures

import (
	"math"

	"berth/results"
)

// A growth is drawn where instances are of so many sizes, the largest so many times the
// smallest.
const (
	sizesForGrowth = 3
	spanForGrowth  = 10
)

// growth draws how time and memory of each method grow with the size of instances.
// There is nothing to draw where instances are of about one size.
func growth(growths []results.Growth) []Figure {
	sizes := 0
	low, high := math.Inf(1), 0.0
	for _, g := range growths {
		sizes = max(sizes, len(g.Sizes))
		for _, size := range g.Sizes {
			low, high = min(low, size), max(high, size)
		}
	}
	if sizes < sizesForGrowth || high < spanForGrowth*low {
		return nil
	}
	const mebibyte = 1 << 20
	return []Figure{
		overSize("growth-time", "How the time grows with the size of instances: the median over runs", "CPU seconds", growths,
			func(g *results.Growth, n int) float64 { return max(g.Seconds[n], shortest) }),
		overSize("growth-memory", "How the memory grows with the size of instances: the median over runs", "MiB at the peak", growths,
			func(g *results.Growth, n int) float64 { return max(g.Memory[n]/mebibyte, 1) }),
	}
}

// overSize is a chart of a curve for each method. They come in the order of the study's
// methods, so that each has the look of its method.
func overSize(name, title, y string, growths []results.Growth, value func(*results.Growth, int) float64) Figure {
	var lines []Line
	for i := range growths {
		g := &growths[i]
		l := Line{Name: g.Method, X: g.Sizes}
		for n := range g.Sizes {
			l.Y = append(l.Y, value(g, n))
		}
		lines = append(lines, l)
	}
	f := Curves(name, Axis{Label: "tasks × nodes", Log: true}, Axis{Label: y, Log: true}, lines, nil)
	f.Title = title
	return f
}
