package page

import (
	"fmt"
	"image/color"
	"math"
	"testing"
)

// What eyes without one of the three receptors see of a colour in linear light:
// Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of
// Color Vision Deficiency", IEEE TVCG 15(6), 2009, severity 1.
var sight = map[string][3][3]float64{
	"full":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func linear(c color.RGBA) [3]float64 {
	var light [3]float64
	for k, v := range []uint8{c.R, c.G, c.B} {
		if s := float64(v) / 255; s <= 0.04045 {
			light[k] = s / 12.92
		} else {
			light[k] = math.Pow((s+0.055)/1.055, 2.4)
		}
	}
	return light
}

func luminance(c color.RGBA) float64 {
	l := linear(c)
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

// contrast is that of WCAG 2: 1 to 21.
func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

// lab is a colour as CIE L*a*b* (white D65), in which distances are what eyes see.
func lab(l [3]float64) [3]float64 {
	f := func(v float64) float64 {
		if v > 0.008856 {
			return math.Cbrt(v)
		}
		return 7.787*v + 16.0/116
	}
	x := f((0.4124*l[0] + 0.3576*l[1] + 0.1805*l[2]) / 0.9505)
	y := f(0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2])
	z := f((0.0193*l[0] + 0.1192*l[1] + 0.9505*l[2]) / 1.089)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func seen(c color.RGBA, m [3][3]float64) [3]float64 {
	l := linear(c)
	var out [3]float64
	for i := range out {
		out[i] = min(1, max(0, m[i][0]*l[0]+m[i][1]*l[1]+m[i][2]*l[2]))
	}
	return lab(out)
}

func TestColoursDifferForAllEyes(t *testing.T) {
	grounds := []struct {
		name     string
		of       func(int) color.RGBA
		ground   color.RGBA
		contrast float64
	}{
		{"light", Colour, rgb(0xFFFFFF), 2.2},
		{"dark", func(k int) color.RGBA { return colours[k].dark }, rgb(0x15181C), 3.5},
	}
	for _, g := range grounds {
		for i := range colours {
			if c := contrast(g.of(i), g.ground); c < g.contrast {
				t.Errorf("%s, colour %d: contrast %.2f to its ground, want %.1f", g.name, i, c, g.contrast)
			}
			for j := range i {
				for name, m := range sight {
					a, b := seen(g.of(i), m), seen(g.of(j), m)
					if d := math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2]); d < 15 {
						t.Errorf("%s, %s: colours %d and %d are %.1f apart, want 15", g.name, name, i, j, d)
					}
				}
			}
		}
	}
}

func TestMarksDiffer(t *testing.T) {
	drawn := map[string]int{}
	for k := range len(colours) * len(symbols) * len(dashes) {
		mark := fmt.Sprint(Colour(k), Symbol(k), Dash(k))
		if first, twice := drawn[mark]; twice {
			t.Fatalf("series %d and %d look the same", first, k)
		}
		drawn[mark] = k
	}
}
