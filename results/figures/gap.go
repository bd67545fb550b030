package figures

import (
	"math"

	"berth/results"
)

// gapOverTime draws for each method the median gap to the best known as it develops,
// and the quartiles as a band.
func (m methods) gapOverTime(bands []results.Band) Figure {
	p := newPlot("seconds", "gap to the best known, %")
	low, high, highest := math.Inf(1), 0.0, 0.0
	var k key
	var lines []curve
	for _, b := range bands {
		line, quartiles := curve{series: m[b.Method]}, band{series: m[b.Method]}
		for n, seconds := range b.Seconds {
			seconds = max(seconds, shortest)
			low, high, highest = min(low, seconds), max(high, seconds), max(highest, 100*b.Upper[n])
			line.points = append(line.points, point{seconds, 100 * b.Median[n]})
			quartiles.lower = append(quartiles.lower, point{seconds, 100 * b.Lower[n]})
			quartiles.upper = append(quartiles.upper, point{seconds, 100 * b.Upper[n]})
		}
		p.Add(quartiles)
		lines = append(lines, line)
		k = append(k, line.entry(b.Method))
	}
	p.Add(gridLines)
	for _, line := range lines {
		p.Add(line)
	}
	logarithmic(&p.X, low*1.2, high/1.2)
	gapAxis(&p.Y, highest)
	return plotted("gap-over-time", "Gap to the best known over time: the median over runs, and the quartiles as a band", p, k, plotHeight)
}
