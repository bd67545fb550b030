package figures

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// key explains below a picture what is what.
type key []entry

// entry is a sample beside a text.
type entry struct {
	text   string
	sample func(c draw.Canvas) // draws on all of the canvas
}

const (
	sampleWidth = 16 * vg.Inch / 72
	keyRow      = 10 * vg.Inch / 72
	keyGap      = 5 * vg.Inch / 72
)

// columns is how many entries stand beside one another: as many as fit whole, but
// two at least where there are many.
func (k key) columns() int {
	widest := vg.Length(0)
	for _, e := range k {
		widest = max(widest, sampleWidth+2*keyGap+keyText.Width(e.text))
	}
	columns := max(1, int((width-keyGap)/widest))
	if len(k) > 6 {
		columns = max(columns, 2)
	}
	return min(columns, 4, len(k))
}

var keyText = written(smallSize, 0, -0.5)

func (k key) rows() int { return int(math.Ceil(float64(len(k)) / float64(max(1, k.columns())))) }

func (k key) height() vg.Length {
	if len(k) == 0 {
		return 0
	}
	return vg.Length(k.rows())*keyRow + keyGap
}

// draw puts the entries in columns, to be read downwards.
func (k key) draw(c draw.Canvas) {
	if len(k) == 0 {
		return
	}
	columns, rows := k.columns(), k.rows()
	columnWidth := (c.Max.X - c.Min.X - keyGap) / vg.Length(columns)
	for n, e := range k {
		x := c.Min.X + keyGap + vg.Length(n/rows)*columnWidth
		y := c.Max.Y - (vg.Length(n%rows)+0.5)*keyRow
		e.sample(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: y - keyRow/2}, Max: vg.Point{X: x + sampleWidth, Y: y + keyRow/2},
		}})
		c.FillText(keyText, vg.Point{X: x + sampleWidth + keyGap/2, Y: y}, fit(e.text, keyText, columnWidth-sampleWidth-keyGap))
	}
}

// entry is the sample of a curve.
func (l curve) entry(name string) entry {
	s := l.series
	return entry{line(name), func(c draw.Canvas) {
		c.StrokeLine2(s.line(), c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
		c.DrawGlyphNoClip(s.symbol(symbolSize), c.Center())
	}}
}

func (s series) pointEntry(name string) entry { return pointEntry(name, s.symbol(symbolSize)) }

func pointEntry(name string, style draw.GlyphStyle) entry {
	return entry{line(name), func(c draw.Canvas) { c.DrawGlyphNoClip(style, c.Center()) }}
}
