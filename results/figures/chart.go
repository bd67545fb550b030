package figures

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Axis is an axis of a chart: linear from 0, or logarithmic.
type Axis struct {
	Label string
	Log   bool
}

// Line is a curve of a chart, or the bars of one kind: then it has no X, and a Y for
// each group. Points that no axis can show, such as infinite ones, are left out.
type Line struct {
	Name string
	X, Y []float64
}

// Mark is a point that a chart puts a symbol on. One without a name has the symbol of
// the one before.
type Mark struct {
	Name string
	X, Y float64
}

// Curves draws lines, and marks on them, in a chart called name.
func Curves(name string, x, y Axis, lines []Line, marks []Mark) Figure {
	p := newPlot()
	p.Add(gridLines)
	var k key
	var xs, ys []float64
	for n, l := range lines {
		c := curve{series: series(n)}
		for i := range l.X {
			if x.shows(l.X[i]) && y.shows(l.Y[i]) {
				c.points = append(c.points, point{l.X[i], l.Y[i]})
				xs, ys = append(xs, l.X[i]), append(ys, l.Y[i])
			}
		}
		p.Add(c)
		k = append(k, c.entry(l.Name))
	}
	named := 0
	for _, m := range marks {
		if !x.shows(m.X) || !y.shows(m.Y) {
			continue
		}
		xs, ys = append(xs, m.X), append(ys, m.Y)
		if m.Name != "" {
			named++
		}
		style := draw.GlyphStyle{Color: ink, Radius: 1.4 * symbolSize, Shape: symbol(markShapes[named%len(markShapes)])}
		p.Add(painted(func(c draw.Canvas, p *plot.Plot) {
			c.DrawGlyphNoClip(style, place(c, p, []point{{m.X, m.Y}})[0])
		}))
		if m.Name != "" {
			k = append(k, pointEntry(m.Name, style))
		}
	}
	x.set(&p.X, xs)
	y.set(&p.Y, ys)
	if len(xs) == 0 {
		p.Add(remark("nothing to draw"))
	}
	return plotted{name: name, x: x.Label, y: y.Label, plot: p, key: k}.figure(plotHeight)
}

var markShapes = []string{"star", "diamond", "cross", "triangle"}

// mostGroups is how many groups have bars of their own; of more, curves show how the
// values fall.
const mostGroups = 30

// Bars draws for each group a bar of each kind, in a chart called name. of says what the
// groups are, for where they are too many.
func Bars(name, of string, value Axis, groups []string, kinds []Line) Figure {
	if len(groups) > mostGroups {
		return Curves(name, Axis{Label: of + ", for each curve from the most down"}, value, ranked(kinds), nil)
	}
	p := newPlot()
	var values []float64
	var k key
	for n, l := range kinds {
		for _, v := range l.Y {
			if value.shows(v) {
				values = append(values, v)
			}
		}
		k = append(k, entry{line(l.Name), func(c draw.Canvas) {
			c.SetColor(series(n).colour())
			c.Fill(vg.Rectangle{Min: c.Min.Add(vg.Point{X: 4, Y: 2.5}), Max: c.Max.Sub(vg.Point{X: 4, Y: 2.5})}.Path())
		}})
	}
	value.set(&p.X, values)
	p.Y.Min, p.Y.Max = 0, float64(max(len(groups), 1))
	p.Y.Tick.Length = 0
	style := written(smallSize, -1, -0.5)
	var ticks []plot.Tick
	for g, group := range groups {
		ticks = append(ticks, plot.Tick{Value: p.Y.Max - float64(g) - 0.5, Label: fit(line(group), style, 2.6*vg.Centimeter)})
	}
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	p.Add(uprights, painted(func(c draw.Canvas, p *plot.Plot) { drawBars(c, p, value, len(groups), kinds) }))
	if len(values) == 0 {
		p.Add(remark("nothing to draw"))
	}
	height := vg.Length(len(groups))*max(keyRow, vg.Length(len(kinds))*barHeight+margin) + 3*labelSize
	return plotted{name: name, x: value.Label, plot: p, key: k}.figure(max(height, plotHeight/2))
}

const barHeight = 4 * vg.Inch / 72

// drawBars draws the bars, the first group on top.
func drawBars(c draw.Canvas, p *plot.Plot, value Axis, groups int, kinds []Line) {
	x, y := p.Transforms(&c)
	const used = 0.8 // of a group's height
	height := used / float64(max(len(kinds), 1))
	for n, l := range kinds {
		c.SetColor(series(n).colour())
		for g := range min(groups, len(l.Y)) {
			if !value.shows(l.Y[g]) {
				continue
			}
			top := p.Y.Max - float64(g) - (1-used)/2 - float64(n)*height
			c.Fill(vg.Rectangle{
				Min: vg.Point{X: c.Min.X, Y: y(top - height)}, Max: vg.Point{X: x(l.Y[g]), Y: y(top)},
			}.Path())
		}
	}
}

// ranked makes curves of bars: the values of each kind, the greatest first.
func ranked(kinds []Line) []Line {
	var lines []Line
	for _, l := range kinds {
		ranked := Line{Name: l.Name, Y: slices.Clone(l.Y)}
		slices.SortFunc(ranked.Y, func(a, b float64) int { return cmp.Compare(b, a) })
		for k := range ranked.Y {
			ranked.X = append(ranked.X, float64(k+1))
		}
		lines = append(lines, ranked)
	}
	return lines
}

// shows says whether the axis can show a value.
func (a Axis) shows(v float64) bool {
	return !math.IsNaN(v) && !math.IsInf(v, 0) && (v > 0 || v == 0 && !a.Log)
}

// set gives an axis of a plot the range of some values.
func (a Axis) set(axis *plot.Axis, values []float64) {
	low, high := math.Inf(1), 0.0
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if a.Log {
		logarithmic(axis, low, high)
		return
	}
	if high == 0 {
		high = 1
	}
	axis.Min, axis.Max = 0, high*1.05
	axis.Tick.Marker = linearTicks{}
}
