// Package figures draws a study for papers: each figure as SVG and as PDF, as wide
// as a column, with the colours, symbols and dashes that the HTML page has.
//
//   - tradeoff.go: optimality against runtime; profile.go: performance profile and
//     cactus plot; gap.go: gap over time; growth.go: time and memory over size; heat.go:
//     instances × methods; duel.go: two methods.
//   - chart.go: curves and bars of anything else.
//   - axis.go, curve.go, key.go, style.go, text.go: what they share; draw.go: formats.
package figures

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"berth/results"
)

// Figure is a picture of a study.
type Figure struct {
	Name  string // a word, for the file
	Title string // what it shows, for a caption: no part of the picture, but the title of an SVG

	height vg.Length
	paint  func(draw.Canvas)
}

// All makes the figures of a study. The last one compares the two methods that prove
// most; it is left out where there are no two on the same instances.
func All(s *results.Study) []Figure {
	m := numbered(s)
	summaries, bands := s.Summaries(), s.GapOverTime(moments)
	heat := s.Heat()
	figures := []Figure{
		m.tradeOff(summaries), m.profile(s.Profile()), m.gapProfile(s.GapProfile()), m.cactus(s.Cactus()),
		m.gapOverTime(bands), gapMap(heat), timeMap(heat),
	}
	if len(bands) > few {
		figures = append(figures, m.gapPanels(bands))
	}
	figures = append(figures, growth(s.Growth())...)
	slices.SortStableFunc(summaries, func(a, b results.Summary) int { return cmp.Compare(b.Proven, a.Proven) })
	if len(summaries) > 1 {
		if d, err := s.Duel(summaries[0].Method, summaries[1].Method); err == nil {
			figures = append(figures, m.duel(d))
		}
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

// plotted is a figure of a plot with a key below it.
type plotted struct {
	name, title string
	x, y        string // the labels of the axes
	plot        *plot.Plot
	key         key
}

func (p plotted) figure(height vg.Length) Figure {
	return Figure{
		Name: p.name, Title: p.title, height: height + p.key.height(),
		paint: func(c draw.Canvas) {
			drawTiled([][]*plot.Plot{{p.plot}}, draw.Crop(c, 0, 0, p.key.height(), 0), p.x, p.y)
			p.key.draw(draw.Crop(c, 0, 0, 0, p.key.height()-c.Max.Y))
		},
	}
}

const (
	plotHeight = 6 * vg.Centimeter
	margin     = 2 * vg.Inch / 72
)
