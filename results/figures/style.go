package figures

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"berth/page"
)

// A figure is as wide as a column of a paper and is printed at its own size, so
// that these are sizes on paper.
const (
	width      = 8.4 * vg.Centimeter
	labelSize  = 8 * vg.Inch / 72
	smallSize  = 7 * vg.Inch / 72 // nothing is smaller
	lineWidth  = 1 * vg.Inch / 72
	hairWidth  = 0.5 * vg.Inch / 72
	symbolSize = 2.2 * vg.Inch / 72 // from the middle to the rim
)

var (
	ink    = color.Gray{0x22}
	pale   = color.Gray{0xC4}
	faint  = color.Gray{0x99}
	black  = color.Gray{0x2B}
	grid   = color.Gray{0xE4}
	dashes = []vg.Length{3, 2}
	red    = color.RGBA{0xC0, 0x10, 0x10, 0xFF} // of what is refuted
)

// sans is the typeface of all text.
func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// written is how text of a size stands beside its point.
func written(size vg.Length, x, y float64) text.Style {
	return text.Style{
		Color: ink, Font: sans(size), XAlign: draw.XAlignment(x), YAlign: draw.YAlignment(y), Handler: plot.DefaultTextHandler,
	}
}

// series is the look of the k-th method: the same in every figure, and the same as
// on the HTML page.
type series int

func (s series) colour() color.Color { return page.Colour(int(s)) }

// pale is the colour of areas: what lies under it shows through.
func (s series) pale() color.Color {
	c := page.Colour(int(s))
	return color.NRGBA{c.R, c.G, c.B, 0x26}
}

// line is the style of the series' curves.
func (s series) line() draw.LineStyle {
	style := draw.LineStyle{Color: s.colour(), Width: lineWidth}
	for _, length := range page.Dash(int(s)) {
		style.Dashes = append(style.Dashes, vg.Points(length/2))
	}
	return style
}

// symbol is the style of the series' points.
func (s series) symbol(size vg.Length) draw.GlyphStyle {
	return draw.GlyphStyle{Color: s.colour(), Radius: size, Shape: symbol(page.Symbol(int(s)))}
}

// outline is the style of points that may lie on one another.
func (s series) outline() draw.GlyphStyle {
	return draw.GlyphStyle{Color: s.colour(), Radius: symbolSize, Shape: hollow(page.Symbol(int(s)))}
}

// symbol is a filled shape with a white rim, which keeps it apart from what lies
// under it.
type symbol string

// corners are the shapes around the origin. All look equally large.
var corners = map[symbol][]vg.Point{
	"circle":   around(24, 1, 1),
	"square":   {{X: -.85, Y: -.85}, {X: .85, Y: -.85}, {X: .85, Y: .85}, {X: -.85, Y: .85}},
	"triangle": {{X: -1.1, Y: -.8}, {X: 1.1, Y: -.8}, {X: 0, Y: 1.1}},
	"inverted": {{X: -1.1, Y: .8}, {X: 1.1, Y: .8}, {X: 0, Y: -1.1}},
	"diamond":  {{X: 0, Y: -1.25}, {X: 1.25, Y: 0}, {X: 0, Y: 1.25}, {X: -1.25, Y: 0}},
	"star":     around(10, 1.35, .55),
	"cross": {
		{X: -.4, Y: -1.1},
		{X: .4, Y: -1.1},
		{X: .4, Y: -.4},
		{X: 1.1, Y: -.4},
		{X: 1.1, Y: .4},
		{X: .4, Y: .4},
		{X: .4, Y: 1.1},
		{X: -.4, Y: 1.1},
		{X: -.4, Y: .4},
		{X: -1.1, Y: .4},
		{X: -1.1, Y: -.4},
		{X: -.4, Y: -.4},
	},
}

// around returns n corners, by turns that far from the middle; the first is above.
func around(n int, far, near float64) []vg.Point {
	points := make([]vg.Point, n)
	for k := range points {
		radius := far
		if k%2 == 1 {
			radius = near
		}
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(n))
		points[k] = vg.Point{X: vg.Length(radius * sin), Y: vg.Length(radius * cos)}
	}
	return points
}

// DrawGlyph draws the shape.
func (s symbol) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	outline := polygon(corners[s], style.Radius, at)
	c.SetLineStyle(draw.LineStyle{Color: color.White, Width: hairWidth})
	c.Stroke(outline)
	c.SetColor(style.Color)
	c.Fill(outline)
}

// hollow is the outline of a shape alone.
type hollow string

// DrawGlyph draws the outline.
func (h hollow) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	c.SetLineStyle(draw.LineStyle{Color: style.Color, Width: hairWidth})
	c.Stroke(polygon(corners[symbol(h)], style.Radius, at))
}

func polygon(corners []vg.Point, radius vg.Length, at vg.Point) vg.Path {
	var path vg.Path
	for k, corner := range corners {
		point := at.Add(corner.Scale(radius))
		if k == 0 {
			path.Move(point)
		} else {
			path.Line(point)
		}
	}
	path.Close()
	return path
}
