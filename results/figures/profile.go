package figures

import (
	"math"

	"gonum.org/v1/plot"

	"berth/results"
)

const nothingProven = "no run proves anything"

// profile draws a performance profile (Dolan and Moré 2002): for each method the
// share of runs that it proves within a multiple of the fastest method's time.
func (m methods) profile(curves []results.Curve) Figure {
	p := newPlot()
	highest := 10.0
	for _, c := range curves {
		if n := len(c.Points); n > 0 {
			highest = max(highest, c.Points[n-1].X)
		}
	}
	logarithmic(&p.X, 1, highest)
	p.X.Min = 1
	k := m.climb(p, curves, 1, nothingProven)
	return plotted{
		name: "profile", title: "Performance profile: the share of runs that a method proves within a multiple of the time of the fastest",
		x: "time as a multiple of the fastest", y: "proven, % of the runs", plot: p, key: k,
	}.figure(plotHeight)
}

// gapProfile draws for each method the share of runs that end within a gap.
func (m methods) gapProfile(curves []results.Curve) Figure {
	p := newPlot()
	var gaps []float64
	for _, c := range curves {
		for _, at := range c.Points {
			gaps = append(gaps, 100*at.X)
		}
	}
	gapAxis(&p.X, gaps)
	k := m.climb(p, curves, 100, "no run has a placement")
	return plotted{
		name: "gap-profile", title: "The share of runs that end within a gap to the best known",
		x: "gap to the best known, %", y: "% of the runs", plot: p, key: k,
	}.figure(plotHeight)
}

// climb adds curves of shares that grow along an axis, and returns their key.
func (m methods) climb(p *plot.Plot, curves []results.Curve, unit float64, empty string) key {
	p.Y.Min, p.Y.Max = 0, 100
	p.Y.Tick.Marker = linearTicks{}
	p.Add(gridLines)
	var k key
	some := false
	for _, c := range curves {
		line := curve{series: m[c.Method], stairs: true}
		for n, at := range c.Points {
			x := min(at.X*unit, p.X.Max)
			if n == 0 {
				line.points = append(line.points, point{x, 0})
			}
			line.points = append(line.points, point{x, 100 * at.Y})
		}
		if n := len(line.points); n > 0 {
			line.points = append(line.points, point{p.X.Max, line.points[n-1].y})
			some = true
		}
		p.Add(line)
		k = append(k, line.entry(c.Method))
	}
	if !some {
		p.Add(remark(empty))
	}
	return k
}

// cactus draws how many runs a method proves if each may take so long.
func (m methods) cactus(curves []results.Curve) Figure {
	p := newPlot()
	p.Add(gridLines)
	low, high, most := math.Inf(1), 0.0, 1.0
	var k key
	for _, c := range curves {
		line := curve{series: m[c.Method]}
		for _, at := range c.Points {
			seconds := max(at.Y, shortest)
			low, high, most = min(low, seconds), max(high, seconds), max(most, at.X)
			line.points = append(line.points, point{at.X, seconds})
		}
		p.Add(line)
		k = append(k, line.entry(c.Method))
	}
	p.X.Min, p.X.Max = 0, most
	p.X.Tick.Marker = linearTicks{whole: true}
	logarithmic(&p.Y, low, high)
	if high == 0 {
		p.Add(remark(nothingProven))
	}
	return plotted{
		name: "cactus", title: "Cactus plot: the number of runs that a method proves if each may take so long",
		x: "runs proven", y: "seconds to the proof", plot: p, key: k,
	}.figure(plotHeight)
}
