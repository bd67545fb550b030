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
func (m methods) growth(growths []results.Growth) []Figure {
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
		m.overSize("growth-time", "How the time grows with the size of instances: the median over runs", "CPU seconds", growths, low, high,
			func(g *results.Growth, n int) float64 { return max(g.Seconds[n], shortest) }),
		m.overSize("growth-memory", "How the memory grows with the size of instances: the median over runs", "MiB at the peak", growths, low, high,
			func(g *results.Growth, n int) float64 { return max(g.Memory[n]/mebibyte, 1) }),
	}
}

func (m methods) overSize(name, title, y string, growths []results.Growth, low, high float64, value func(*results.Growth, int) float64) Figure {
	p := newPlot()
	logarithmic(&p.X, low, high)
	least, most := math.Inf(1), 0.0
	var k key
	for i := range growths {
		g := &growths[i]
		line := curve{series: m[g.Method]}
		for n, size := range g.Sizes {
			at := value(g, n)
			least, most = min(least, at), max(most, at)
			line.points = append(line.points, point{size, at})
		}
		p.Add(line)
		k = append(k, line.entry(g.Method))
	}
	logarithmic(&p.Y, least, most)
	p.Add(gridLines)
	return plotted{name: name, title: title, x: "tasks × nodes", y: y, plot: p, key: k}.figure(plotHeight)
}
