package figures

import (
	"math"

	"berth/results"
)

const nothingProven = "no run proves anything"

// profile draws a performance profile (Dolan and Moré 2002): for each method the
// share of runs that it proves within a multiple of the fastest method's time.
func (m methods) profile(curves []results.Curve) Figure {
	p := newPlot("time as a multiple of the fastest", "proven, % of the runs")
	p.Add(gridLines)
	highest := 10.0
	for _, c := range curves {
		for _, at := range c.Points {
			if !math.IsInf(at.X, 0) {
				highest = max(highest, at.X)
			}
		}
	}
	logarithmic(&p.X, 1, highest)
	p.X.Min = 1
	p.Y.Min, p.Y.Max = 0, 100
	p.Y.Tick.Marker = linearTicks{}
	var k key
	proven := false
	for _, c := range curves {
		line := curve{series: m[c.Method], stairs: true}
		for _, at := range c.Points {
			if at.X <= p.X.Max {
				line.points = append(line.points, point{at.X, 100 * at.Y})
				proven = proven || at.Y > 0
			}
		}
		if n := len(line.points); n > 0 {
			line.points = append(line.points, point{p.X.Max, line.points[n-1].y})
		}
		p.Add(line)
		k = append(k, line.entry(c.Method))
	}
	if !proven {
		p.Add(remark(nothingProven))
	}
	return plotted("profile", "Performance profile: the share of runs that a method proves within a multiple of the time of the fastest", p, k, plotHeight)
}

// cactus draws how many runs a method proves if each may take so long.
func (m methods) cactus(curves []results.Curve) Figure {
	p := newPlot("runs proven", "seconds to the proof")
	p.Add(gridLines)
	low, high, most := math.Inf(1), 0.0, 1
	var k key
	for _, c := range curves {
		line := curve{series: m[c.Method]}
		for n, at := range c.Points {
			seconds := max(at.X, shortest)
			low, high, most = min(low, seconds), max(high, seconds), max(most, n+1)
			line.points = append(line.points, point{float64(n + 1), seconds})
		}
		p.Add(line)
		k = append(k, line.entry(c.Method))
	}
	p.X.Min, p.X.Max = 0, float64(most)
	p.X.Tick.Marker = linearTicks{whole: true}
	logarithmic(&p.Y, low, high)
	if high == 0 {
		p.Add(remark(nothingProven))
	}
	return plotted("cactus", "Cactus plot: the number of runs that a method proves if each may take so long", p, k, plotHeight)
}
