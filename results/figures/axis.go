package figures

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// newPlot is an empty picture in the house's style. Its axes have no labels of their
// own: the library takes their room from the wrong place where an axis is not linear.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Tick.Label.Font = sans(smallSize)
		axis.Tick.Label.Color = ink
		axis.Tick.Length = vg.Points(3)
		axis.Tick.Color = ink
		axis.Tick.Width = hairWidth
		axis.Color = ink
		axis.LineStyle.Width = hairWidth
		axis.Padding = 0
	}
	return p
}

const axisLabelRoom = labelSize*1.4 + margin

// drawTiled draws pictures side by side, in rows, with the labels that their axes have
// in common.
func drawTiled(plots [][]*plot.Plot, c draw.Canvas, x, y string) {
	rows, columns := len(plots), len(plots[0])
	inner := draw.Crop(c, axisLabelRoom+margin, -margin, axisLabelRoom+margin, -margin)
	tiles := plot.Align(plots, draw.Tiles{Rows: rows, Cols: columns, PadX: 3 * margin, PadY: margin}, inner)
	for row := range plots {
		for column, p := range plots[row] {
			if p != nil {
				p.Draw(tiles[row][column])
			}
		}
	}
	left := plots[rows-1][0].DataCanvas(tiles[rows-1][0])
	top := plots[0][columns-1].DataCanvas(tiles[0][columns-1])
	style := written(labelSize, -0.5, -0.5)
	c.FillText(style, vg.Point{X: (left.Min.X + top.Max.X) / 2, Y: c.Min.Y + labelSize*1.1}, fit(x, style, c.Max.X-c.Min.X))
	upright := style
	upright.Rotation = math.Pi / 2
	c.FillText(upright, vg.Point{X: c.Min.X + labelSize*0.7 + margin, Y: (left.Min.Y + top.Max.Y) / 2}, fit(y, style, c.Max.Y-c.Min.Y))
}

// bare leaves out the labels of ticks.
type bare struct{ plot.Ticker }

// Ticks returns the ticks.
func (b bare) Ticks(low, high float64) []plot.Tick {
	ticks := b.Ticker.Ticks(low, high)
	for k := range ticks {
		ticks[k].Label = ""
	}
	return ticks
}

// shortest is the least time that can be told apart on an axis of time: what takes
// less is drawn there.
const shortest = 0.001

// logarithmic makes an axis logarithmic over the values, all of which are to be
// positive, with some room at both ends.
func logarithmic(axis *plot.Axis, low, high float64) {
	if !(low > 0) || math.IsInf(high, 0) || low > high {
		low, high = 1, 1
	}
	low, high = low/1.2, high*1.2
	if spread := high / low; spread < 10 {
		widen := math.Sqrt(10 / spread)
		low, high = low/widen, high*widen
	}
	axis.Min, axis.Max = low, high
	axis.Scale = plot.LogScale{}
	axis.Tick.Marker = logTicks{labels: 6}
}

// logTicks labels so many powers of ten at most, and 2 and 5 times these where few
// powers show and there is room.
type logTicks struct{ labels int }

// Ticks returns the ticks.
func (t logTicks) Ticks(low, high float64) []plot.Tick {
	decades := math.Log10(high / low)
	every := int(math.Ceil(decades / float64(t.labels)))
	var ticks []plot.Tick
	for power := int(math.Floor(math.Log10(low))); math.Pow10(power) <= high; power++ {
		for digit := 1; digit < 10; digit++ {
			value := float64(digit) * math.Pow10(power)
			if value < low || value > high {
				continue
			}
			tick := plot.Tick{Value: value}
			if digit == 1 && power%every == 0 || decades < 2 && t.labels > 3 && (digit == 2 || digit == 5) {
				tick.Label = tickLabel(value)
			}
			if digit == 1 || decades <= 6 {
				ticks = append(ticks, tick)
			}
		}
	}
	return ticks
}

func tickLabel(value float64) string {
	if value >= 1e5 || value < 1e-4 {
		return strconv.FormatFloat(value, 'g', 3, 64)
	}
	return strconv.FormatFloat(value, 'g', 6, 64)
}

// gapAxis makes an axis of gaps in percent from 0 to the greatest: logarithmic down
// to the least that is not 0, and linear from there to 0.
func gapAxis(axis *plot.Axis, gaps []float64) {
	least, greatest := 100.0, 1.0
	for _, gap := range gaps {
		greatest = max(greatest, gap*1.1)
		if gap > 0 {
			least = min(least, gap)
		}
	}
	least = math.Pow10(int(math.Floor(math.Log10(min(max(least, 0.01), greatest/10)))))
	axis.Min, axis.Max = 0, min(greatest, 100)
	axis.Scale = gapScale(least)
	axis.Tick.Marker = gapTicks{least: least}
}

// gapScale is linear below the value, and logarithmic far above it.
type gapScale float64

// Normalize returns where a gap lies between two others.
func (s gapScale) Normalize(low, high, x float64) float64 {
	from, to := math.Asinh(low/float64(s)), math.Asinh(high/float64(s))
	return (math.Asinh(x/float64(s)) - from) / (to - from)
}

// gapTicks labels 0 and the powers of ten from the least up, which may be too near
// to 0 for a label.
type gapTicks struct {
	least float64
	near  bool
}

// Ticks returns the ticks.
func (t gapTicks) Ticks(_, high float64) []plot.Tick {
	ticks := []plot.Tick{{Value: 0, Label: "0"}}
	for power := t.least; power <= high; power *= 10 {
		for digit := 1.0; digit < 10 && digit*power <= high; digit++ {
			tick := plot.Tick{Value: digit * power}
			if digit == 1 && !(t.near && power == t.least) {
				tick.Label = tickLabel(power)
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks
}

// linearTicks labels round numbers; whole leaves out what is no whole number.
type linearTicks struct{ whole bool }

// Ticks returns the ticks.
func (t linearTicks) Ticks(low, high float64) []plot.Tick {
	step := roundStep((high - low) / 5)
	if t.whole {
		step = max(step, 1)
	}
	var ticks []plot.Tick
	for n := math.Ceil(low / step); n*step <= high*(1+1e-9); n++ {
		ticks = append(ticks, plot.Tick{Value: n * step, Label: strconv.FormatFloat(n*step, 'g', 6, 64)})
	}
	return ticks
}

// roundStep is the least of 1, 2 and 5 times a power of ten that is no smaller.
func roundStep(step float64) float64 {
	power := math.Pow10(int(math.Floor(math.Log10(step))))
	for _, digit := range []float64{1, 2, 5} {
		if digit*power >= step*(1-1e-9) {
			return digit * power
		}
	}
	return 10 * power
}
