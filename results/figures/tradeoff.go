package figures

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"berth/results"
)

// tradeOff draws optimality against runtime: each method at its mean gap and its
// mean time, with their intervals, and the front of those that no other method
// beats in both.
func (m methods) tradeOff(summaries []results.Summary) Figure {
	p := newPlot()
	p.Add(gridLines)
	low, high := math.Inf(1), 0.0
	var gaps []float64
	var k key
	var spots []spot
	for _, s := range summaries {
		k = append(k, m[s.Method].pointEntry(s.Method))
		if math.IsNaN(s.Used.Value) || math.IsNaN(s.Gap.Value) {
			continue
		}
		at := spot{m[s.Method], bounded(s.Used, 1), bounded(s.Gap, 100)}
		at.time.Value, at.time.Low, at.time.High = max(at.time.Value, shortest), max(at.time.Low, shortest), max(at.time.High, shortest)
		low, high = min(low, at.time.Low), max(high, at.time.High)
		gaps = append(gaps, at.gap.Low, at.gap.Value, at.gap.High)
		spots = append(spots, at)
	}
	logarithmic(&p.X, low, high)
	gapAxis(&p.Y, gaps)
	p.Add(front(spots))
	for _, at := range spots {
		p.Add(at)
	}
	if len(spots) == 0 {
		p.Add(remark(nothingToPlace))
	} else {
		k = append(k, entry{"Pareto front", func(c draw.Canvas) { c.StrokeLine2(frontLine, c.Min.X, c.Center().Y, c.Max.X, c.Center().Y) }})
	}
	return plotted{
		name: "tradeoff", title: "Optimality against runtime: mean gap and mean time of each method with 95 % intervals, and the front of those that none beats in both",
		x: "seconds used, shifted geometric mean", y: "mean gap to the best known, %", plot: p, key: k,
	}.figure(plotHeight)
}

// spot is a method in the picture.
type spot struct {
	series
	time, gap results.Interval
}

// bounded scales an interval; ends that are unknown are its value.
func bounded(i results.Interval, factor float64) results.Interval {
	if !i.Bounded() {
		i.Low, i.High = i.Value, i.Value
	}
	return results.Interval{Value: i.Value * factor, Low: i.Low * factor, High: i.High * factor}
}

// Plot draws the cross of the intervals and the symbol.
func (s spot) Plot(c draw.Canvas, p *plot.Plot) {
	ends := place(c, p, []point{
		{s.time.Low, s.gap.Value}, {s.time.High, s.gap.Value}, {s.time.Value, s.gap.Low}, {s.time.Value, s.gap.High}, {s.time.Value, s.gap.Value},
	})
	style := draw.LineStyle{Color: s.colour(), Width: hairWidth}
	c.StrokeLine2(style, ends[0].X, ends[0].Y, ends[1].X, ends[1].Y)
	c.StrokeLine2(style, ends[2].X, ends[2].Y, ends[3].X, ends[3].Y)
	c.DrawGlyphNoClip(s.symbol(1.4*symbolSize), ends[4])
}

var frontLine = draw.LineStyle{Color: faint, Width: lineWidth}

// front is the line through the spots that none beats in both, from the fastest to
// the best.
func front(spots []spot) painted {
	return func(c draw.Canvas, p *plot.Plot) {
		sorted := slices.SortedFunc(slices.Values(spots), func(a, b spot) int {
			return cmp.Or(cmp.Compare(a.time.Value, b.time.Value), cmp.Compare(a.gap.Value, b.gap.Value))
		})
		var corners []point
		for _, s := range sorted {
			n := len(corners)
			if n > 0 && s.gap.Value >= corners[n-1].y {
				continue
			}
			if n > 0 {
				corners = append(corners, point{s.time.Value, corners[n-1].y})
			} else {
				corners = append(corners, point{s.time.Value, p.Y.Max})
			}
			corners = append(corners, point{s.time.Value, s.gap.Value})
		}
		if n := len(corners); n > 0 {
			corners = append(corners, point{p.X.Max, corners[n-1].y})
			c.StrokeLines(frontLine, place(c, p, corners))
		}
	}
}
