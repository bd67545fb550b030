package figures

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// point is a place in a picture.
type point struct{ x, y float64 }

// curve is a line of a series with symbols on it, so that it can be followed
// without colours.
type curve struct {
	series
	points []point // by x
	stairs bool    // a value holds until the next point
}

// symbolsPerCurve is how many symbols a curve has if it goes all the way.
const symbolsPerCurve = 5

// Plot draws the curve.
func (l curve) Plot(c draw.Canvas, p *plot.Plot) {
	if len(l.points) == 0 {
		return
	}
	var path []vg.Point
	for k, at := range place(c, p, l.points) {
		if k > 0 && k < len(l.points)-1 && near(at, path[len(path)-1]) {
			continue
		}
		if l.stairs && k > 0 {
			path = append(path, vg.Point{X: at.X, Y: path[len(path)-1].Y})
		}
		path = append(path, at)
	}
	c.StrokeLines(l.line(), path)
	for _, at := range l.marks(c, p) {
		c.DrawGlyph(l.symbol(symbolSize), at)
	}
}

// finest is how far apart in points of 1/72 inch places must be to be seen as two.
const finest vg.Length = 0.1

// near reports whether two places look like one.
func near(a, b vg.Point) bool {
	return vg.Length(math.Abs(float64(a.X-b.X))) < finest && vg.Length(math.Abs(float64(a.Y-b.Y))) < finest
}

// marks are the points that get a symbol: those nearest to places that are spread
// evenly, and shifted from series to series so that symbols do not lie on one
// another.
func (l curve) marks(c draw.Canvas, p *plot.Plot) []vg.Point {
	points := place(c, p, l.points)
	shift := math.Mod(float64(l.series)*0.381966, 1) // steps of the golden ratio spread any number of shifts
	var marks []vg.Point
	last := -1
	for n := range symbolsPerCurve {
		x := c.Min.X + vg.Length((float64(n)+shift)/symbolsPerCurve)*(c.Max.X-c.Min.X)
		if x < points[0].X || x > points[len(points)-1].X {
			continue
		}
		if at := nearest(points, x); at != last {
			marks = append(marks, points[at])
			last = at
		}
	}
	if len(marks) == 0 {
		marks = append(marks, points[len(points)-1])
	}
	return marks
}

// nearest finds the point that is nearest to x, the last one of several.
func nearest(points []vg.Point, x vg.Length) int {
	best := 0
	for k, at := range points {
		if math.Abs(float64(at.X-x)) <= math.Abs(float64(points[best].X-x)) {
			best = k
		}
	}
	return best
}

// place turns data into places on the canvas.
func place(c draw.Canvas, p *plot.Plot, points []point) []vg.Point {
	x, y := p.Transforms(&c)
	placed := make([]vg.Point, len(points))
	for k, at := range points {
		placed[k] = vg.Point{X: x(at.x), Y: y(at.y)}
	}
	return placed
}

// band fills what lies between two curves.
type band struct {
	series
	lower, upper []point
}

// Plot draws the band.
func (b band) Plot(c draw.Canvas, p *plot.Plot) {
	if len(b.lower) == 0 {
		return
	}
	outline := place(c, p, b.lower)
	upper := place(c, p, b.upper)
	for k := len(upper) - 1; k >= 0; k-- {
		outline = append(outline, upper[k])
	}
	c.FillPolygon(b.pale(), outline)
}

// painted is what draws itself on the place of the data.
type painted func(draw.Canvas, *plot.Plot)

// Plot draws it.
func (f painted) Plot(c draw.Canvas, p *plot.Plot) { f(c, p) }

// gridLines are at the labelled ticks.
var gridLines = painted(func(c draw.Canvas, p *plot.Plot) {
	uprights.Plot(c, p)
	_, y := p.Transforms(&c)
	for _, tick := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if tick.Label != "" {
			c.StrokeLine2(gridStyle, c.Min.X, y(tick.Value), c.Max.X, y(tick.Value))
		}
	}
})

// uprights are those of the horizontal axis.
var uprights = painted(func(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	for _, tick := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if tick.Label != "" {
			c.StrokeLine2(gridStyle, x(tick.Value), c.Min.Y, x(tick.Value), c.Max.Y)
		}
	}
})

var gridStyle = draw.LineStyle{Color: grid, Width: hairWidth}

// remark stands in the middle of a picture that has nothing to show.
func remark(text string) painted {
	return func(c draw.Canvas, _ *plot.Plot) {
		style := written(labelSize, -0.5, -0.5)
		c.SetColor(color.White)
		c.Fill(style.Rectangle(" " + text + " ").Add(c.Center()).Path())
		c.FillText(style, c.Center(), text)
	}
}
