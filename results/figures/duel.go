package figures

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"berth/results"
)

// duel draws two methods against each other: a point for each instance, at the
// seconds that each of them needs to the proof. The border is the limit, where
// points without a proof lie.
func (m methods) duel(d *results.Duel) Figure {
	a, b := line(d.A), line(d.B)
	label := written(labelSize, 0, 0)
	p := newPlot(fit(a, label, 0.5*width)+", seconds to the proof", fit(b, label, 0.4*width)+", seconds to the proof")
	low, high := math.Inf(1), 0.0
	for _, pair := range d.Pairs {
		low = min(low, max(pair.ATime, shortest), max(pair.BTime, shortest))
		high = max(high, pair.ATime, pair.BTime, shortest)
	}
	logarithmic(&p.X, low, high)
	p.Y.Min, p.Y.Max, p.Y.Scale, p.Y.Tick.Marker = p.X.Min, p.X.Max, p.X.Scale, p.X.Tick.Marker
	p.Add(gridLines, diagonal, borders(d))
	grey := draw.GlyphStyle{Color: faint, Radius: symbolSize, Shape: hollow("cross")}
	styles := [3]draw.GlyphStyle{m[d.A].outline(), m[d.B].outline(), grey}
	var count [3]int
	for _, pair := range d.Pairs {
		side := faster(pair)
		count[side]++
		p.Add(painted(func(c draw.Canvas, p *plot.Plot) {
			at := place(c, p, []point{{max(pair.ATime, shortest), max(pair.BTime, shortest)}})
			c.DrawGlyphNoClip(styles[side], at[0])
		}))
	}
	if len(d.Pairs) == 0 {
		p.Add(remark("no instance that both ran on"))
	}
	k := key{
		pointEntry(fmt.Sprintf("%s is faster (%d)", a, count[0]), styles[0]),
		pointEntry(fmt.Sprintf("%s is faster (%d)", b, count[1]), styles[1]),
		pointEntry(fmt.Sprintf("neither (%d)", count[2]), styles[2]),
		{"limit, without a proof", func(c draw.Canvas) { c.StrokeLine2(border, c.Min.X, c.Center().Y, c.Max.X, c.Center().Y) }},
	}
	return plotted("duel", fmt.Sprintf("%s against %s: seconds to the proof, instance by instance", a, b), p, k, width)
}

// faster is 0 where the first method is, 1 where the second is, else 2.
func faster(p results.Pair) int {
	switch {
	case p.ATime < p.BTime:
		return 0
	case p.BTime < p.ATime:
		return 1
	}
	return 2
}

var border = draw.LineStyle{Color: ink, Width: hairWidth, Dashes: dashes}

// diagonal is where both take the same time; the lines beside it are where one
// takes ten times as long.
var diagonal = painted(func(c draw.Canvas, p *plot.Plot) {
	low, high := p.X.Min, p.X.Max
	for _, factor := range []float64{0.1, 1, 10} {
		style := draw.LineStyle{Color: faint, Width: hairWidth}
		if factor != 1 {
			style.Color = grid
		}
		from, to := max(low, low/factor), min(high, high/factor)
		if from < to {
			c.StrokeLines(style, place(c, p, []point{{from, from * factor}, {to, to * factor}}))
		}
	}
})

// borders are the limits of both, where there are instances without a proof.
func borders(d *results.Duel) painted {
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := 0.0, 0.0
		for _, pair := range d.Pairs {
			if !pair.AProven {
				x = max(x, pair.ATime)
			}
			if !pair.BProven {
				y = max(y, pair.BTime)
			}
		}
		if x > 0 {
			c.StrokeLines(border, place(c, p, []point{{x, p.Y.Min}, {x, p.Y.Max}}))
		}
		if y > 0 {
			c.StrokeLines(border, place(c, p, []point{{p.X.Min, y}, {p.X.Max, y}}))
		}
	}
}
