// Package figures draws a study for papers: each figure as SVG and as PDF, as wide
// as a column, with the colours, symbols and dashes that the HTML page has.
//
//   - tradeoff.go: optimality against runtime; profile.go: performance profile and
//     cactus plot; gap.go: gap over time; heat.go: instances × methods; duel.go: two
//     methods.
//   - axis.go, curve.go, key.go, style.go, text.go: what they share; draw.go: formats.
package figures

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"berth/results"
)

// Figure is a picture of a study.
type Figure struct {
	Name  string // a word, for the file
	Title string // what it shows, for the caption; it is not in the picture

	height vg.Length
	paint  func(draw.Canvas)
}

// All makes the figures of a study. The last one compares the two methods that prove
// most; it is left out where there is one method only.
func All(s *results.Study) []Figure {
	_ = numbered(s)
	figures := []Figure{
		
	}
	return figures
}

// moments is how many points a curve over time has.
const moments = 120

// methods gives each method its look.
type methods map[string]series

func numbered(s *results.Study) methods {
	m := make(methods, len(s.Methods))
	for k, name := range s.Methods {
		m[name] = series(k)
	}
	return m
}

// plotted makes a figure of a plot with a key below it.
func plotted(name, title string, p *plot.Plot, k key, height vg.Length) Figure {
	return Figure{
		Name: name, Title: title, height: height + k.height(),
		paint: func(c draw.Canvas) {
			p.Draw(draw.Crop(c, margin, -margin, k.height()+margin, -margin))
			k.draw(draw.Crop(c, 0, 0, 0, k.height()-c.Max.Y))
		},
	}
}

const (
	plotHeight = 6 * vg.Centimeter
	margin     = 2 * vg.Inch / 72
)
