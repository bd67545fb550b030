package figures

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"berth/results"
)

const nothingToPlace = "no run on an instance that has a placement"

// few is how many bands can lie on one another and be told apart.
const few = 3

// gapOverTime draws for each method the median gap to the best known as it develops;
// where methods are few, with the quartiles as a band.
func (m methods) gapOverTime(bands []results.Band) Figure {
	p := gapPlot(bands)
	var k key
	title := "Gap to the best known over time: the median over runs"
	if len(bands) <= few {
		title += ", and the quartiles as a band"
		for _, b := range bands {
			p.Add(m.quartiles(b))
		}
	}
	p.Add(gridLines)
	for _, b := range bands {
		line := m.median(b)
		p.Add(line)
		k = append(k, line.entry(b.Method))
	}
	if !slices.ContainsFunc(bands, func(b results.Band) bool { return len(b.Seconds) > 0 }) {
		p.Add(remark(nothingToPlace))
	}
	return plotted{name: "gap-over-time", title: title, x: "seconds", y: "gap to the best known, %", plot: p, key: k}.figure(plotHeight)
}

// gapPanels draws the same with a panel for each method: its median and quartiles,
// and the medians of the others in grey.
func (m methods) gapPanels(bands []results.Band) Figure {
	columns := max(1, min(3, len(bands)))
	rows := max(1, (len(bands)+columns-1)/columns)
	return Figure{
		Name: "gap-panels", Title: "Gap to the best known over time, method by method: the median over runs and the quartiles; in grey the medians of the others",
		height: vg.Length(rows)*panelHeight + axisLabelRoom,
		paint: func(c draw.Canvas) {
			panels := make([][]*plot.Plot, rows)
			for row := range panels {
				panels[row] = make([]*plot.Plot, columns)
			}
			for n := range bands {
				panels[n/columns][n%columns] = m.panel(bands, n, n%columns > 0, n+columns < len(bands))
			}
			drawTiled(panels, c, "seconds", "gap to the best known, %")
		},
	}
}

const panelHeight = 2.6 * vg.Centimeter

// panel is the picture of the n-th method, perhaps without labels at its axes.
func (m methods) panel(bands []results.Band, n int, bareY, bareX bool) *plot.Plot {
	p := gapPlot(bands)
	p.X.Tick.Marker = logTicks{labels: 3}
	if ticks, ok := p.Y.Tick.Marker.(gapTicks); ok {
		ticks.near = true
		p.Y.Tick.Marker = ticks
	}
	if bareX {
		p.X.Tick.Marker = bare{p.X.Tick.Marker}
	}
	if bareY {
		p.Y.Tick.Marker = bare{p.Y.Tick.Marker}
	}
	p.Title.Text, p.Title.TextStyle = " ", written(smallSize, 0, 0) // room for the name
	p.Add(m.quartiles(bands[n]))
	for k, b := range bands {
		if k != n {
			median := m.median(b)
			p.Add(painted(func(c draw.Canvas, p *plot.Plot) {
				c.StrokeLines(draw.LineStyle{Color: pale, Width: hairWidth}, place(c, p, median.points))
			}))
		}
	}
	p.Add(m.median(bands[n]), painted(func(c draw.Canvas, _ *plot.Plot) {
		style := written(smallSize, 0, 0)
		c.FillText(style, vg.Point{X: c.Min.X, Y: c.Max.Y + margin}, fit(line(bands[n].Method), style, c.Max.X-c.Min.X))
	}))
	return p
}

// gapPlot is an empty picture with room for all bands.
func gapPlot(bands []results.Band) *plot.Plot {
	p := newPlot()
	low, high := math.Inf(1), 0.0
	var gaps []float64
	for _, b := range bands {
		for n, seconds := range b.Seconds {
			low, high = min(low, max(seconds, shortest)), max(high, seconds, shortest)
			gaps = append(gaps, 100*b.Upper[n], 100*b.Median[n])
		}
	}
	logarithmic(&p.X, low, high)
	gapAxis(&p.Y, gaps)
	return p
}

func (m methods) median(b results.Band) curve {
	return curve{series: m[b.Method], points: over(b.Seconds, b.Median)}
}

func (m methods) quartiles(b results.Band) band {
	return band{series: m[b.Method], lower: over(b.Seconds, b.Lower), upper: over(b.Seconds, b.Upper)}
}

// over are the points of gaps, as shares, over time.
func over(seconds, gaps []float64) []point {
	points := make([]point, len(seconds))
	for n := range points {
		points[n] = point{max(seconds[n], shortest), 100 * gaps[n]}
	}
	return points
}
