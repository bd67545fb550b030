package figures

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// newPlot is an empty picture in the house's style.
func newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Label.Text, p.Y.Label.Text = x, y
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font = sans(labelSize)
		axis.Label.TextStyle.Color = ink
		axis.Label.Padding = vg.Points(2)
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
	axis.Tick.Marker = logTicks{}
}

// logTicks labels powers of ten, and 2 and 5 times these where few powers show.
type logTicks struct{}

func (logTicks) Ticks(low, high float64) []plot.Tick {
	decades := math.Log10(high / low)
	every := int(math.Ceil(decades / 6))
	var ticks []plot.Tick
	for power := int(math.Floor(math.Log10(low))); math.Pow10(power) <= high; power++ {
		for digit := 1; digit < 10; digit++ {
			value := float64(digit) * math.Pow10(power)
			if value < low || value > high {
				continue
			}
			tick := plot.Tick{Value: value}
			if digit == 1 && power%every == 0 || decades < 2 && (digit == 2 || digit == 5) {
				tick.Label = tickLabel(value)
			}
			if digit == 1 || every == 1 {
				ticks = append(ticks, tick)
			}
		}
	}
	return ticks
}

func tickLabel(value float64) string {
	if value >= 1e5 || value < 1e-4 {
		return strconv.FormatFloat(value, 'e', -1, 64)
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

// gapAxis makes an axis of gaps in percent from 0 to the greatest: logarithmic far
// from 0, and yet with room for 0.
func gapAxis(axis *plot.Axis, highest float64) {
	axis.Min, axis.Max = 0, min(max(highest*1.1, 1), 100)
	axis.Scale = gapScale{}
	axis.Tick.Marker = gapTicks{}
}

// closest is the gap in percent below which the scale becomes linear.
const closest = 0.01

type gapScale struct{}

func (gapScale) Normalize(low, high, x float64) float64 {
	from, to := math.Asinh(low/closest), math.Asinh(high/closest)
	return (math.Asinh(x/closest) - from) / (to - from)
}

type gapTicks struct{}

func (gapTicks) Ticks(_, high float64) []plot.Tick {
	ticks := []plot.Tick{{Value: 0, Label: "0"}}
	for power := -2; power <= 2; power++ {
		for digit := 1; digit < 10; digit++ {
			value := float64(digit) * math.Pow10(power)
			tick := plot.Tick{Value: value}
			if digit == 1 {
				tick.Label = tickLabel(value)
			}
			if value <= high {
				ticks = append(ticks, tick)
			}
		}
	}
	return ticks
}

// linearTicks labels round numbers; whole leaves out what is no whole number.
type linearTicks struct{ whole bool }

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
