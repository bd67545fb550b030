package figures

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"berth/results"
)

// Duel draws two methods of a study against each other: a point for each instance,
// at the seconds that each of them needs to the proof. The border is the limit, where
// points without a proof lie. Where there is no proof at all, the seconds are those
// that the methods used.
func Duel(s *results.Study, d *results.Duel) Figure {
	return numbered(s).duel(d)
}

func (m methods) duel(d *results.Duel) Figure {
	pairs, of := proofs(d)
	a, b := line(d.A), line(d.B)
	label := written(labelSize, 0, 0)
	p := newPlot()
	low, high := math.Inf(1), 0.0
	for _, pair := range pairs {
		low, high = min(low, pair.a, pair.b), max(high, pair.a, pair.b)
	}
	logarithmic(&p.X, low, high)
	p.Y.Min, p.Y.Max, p.Y.Scale, p.Y.Tick.Marker = p.X.Min, p.X.Max, p.X.Scale, p.X.Tick.Marker
	p.Add(gridLines, diagonal, borders(pairs))
	grey := draw.GlyphStyle{Color: faint, Radius: symbolSize, Shape: hollow("cross")}
	styles := [3]draw.GlyphStyle{m[d.A].outline(), m[d.B].outline(), grey}
	var count [3]int
	for _, pair := range pairs {
		side := pair.faster()
		count[side]++
		p.Add(painted(func(c draw.Canvas, p *plot.Plot) {
			at := place(c, p, []point{{pair.a, pair.b}})
			c.DrawGlyphNoClip(styles[side], at[0])
		}))
	}
	if len(pairs) == 0 {
		p.Add(remark("no instance that both ran on"))
	}
	k := key{
		pointEntry(fmt.Sprintf("%s is faster (%d)", a, count[0]), styles[0]),
		pointEntry(fmt.Sprintf("%s is faster (%d)", b, count[1]), styles[1]),
	}
	if count[2] > 0 {
		k = append(k, pointEntry(fmt.Sprintf("neither (%d)", count[2]), styles[2]))
	}
	if slices.ContainsFunc(pairs, func(p pair) bool { return p.aOpen || p.bOpen }) {
		k = append(k, entry{"limit, without a proof", func(c draw.Canvas) { c.StrokeLine2(border, c.Min.X, c.Center().Y, c.Max.X, c.Center().Y) }})
	}
	return plotted{
		name: "duel", title: fmt.Sprintf("%s against %s: %s, instance by instance", a, b, of),
		x: fit(a, label, width/2) + ", " + of, y: fit(b, label, width/2) + ", " + of, plot: p, key: k,
	}.figure(width)
}

// pair is an instance in a duel: the seconds of both, and who has no proof.
type pair struct {
	a, b         float64
	aOpen, bOpen bool
}

// proofs are the seconds to the proof, or where nobody proves anything, those used.
func proofs(d *results.Duel) (pairs []pair, of string) {
	for _, p := range d.Pairs {
		pairs = append(pairs, pair{max(p.ATime, shortest), max(p.BTime, shortest), !p.AProven, !p.BProven})
	}
	if slices.ContainsFunc(d.Pairs, func(p results.Pair) bool { return p.A.Proven > 0 || p.B.Proven > 0 }) {
		return pairs, "seconds to the proof"
	}
	for k, p := range d.Pairs {
		pairs[k] = pair{a: max(p.A.Used, shortest), b: max(p.B.Used, shortest)}
	}
	return pairs, "seconds used"
}

// faster is 0 where the first method is, 1 where the second is, else 2.
func (p pair) faster() int {
	switch {
	case p.a < p.b:
		return 0
	case p.b < p.a:
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
func borders(pairs []pair) painted {
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := 0.0, 0.0
		for _, pair := range pairs {
			if pair.aOpen {
				x = max(x, pair.a)
			}
			if pair.bOpen {
				y = max(y, pair.b)
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
