package page

import (
	"fmt"
	"image/color"
)

// Series are told apart by colour, symbol and dash together, so that nothing hangs
// on colour alone. The numbers of colours, symbols and dashes have no common
// factor but 1, and so 252 series all differ.
//
// The colours are those of Okabe and Ito ("Color Universal Design", 2008) without
// black and without yellow, which is invisible on paper, then three darker ones of
// the sort that Tol recommends beside them ("Colour Schemes", SRON technical note
// 09-002, 2021). Red is left out: it means wrong. The test holds that all differ
// under each form of colour blindness. In the dark the same hues are lighter.

// Colour is the colour of the k-th series on white paper.
func Colour(k int) color.RGBA { return colours[k%len(colours)].light }

// Symbol is the symbol of the k-th series: circle, square, triangle, diamond,
// inverted, star or cross.
func Symbol(k int) string { return symbols[k%len(symbols)] }

// Dash is the pattern of the k-th series' line: lengths of ink and gap in points,
// nil for an unbroken line.
func Dash(k int) []float64 { return dashes[k%len(dashes)] }

var colours = []struct{ light, dark color.RGBA }{
	{rgb(0x0072B2), rgb(0x1A93D6)}, // blue
	{rgb(0xD55E00), rgb(0xD4551A)}, // vermilion
	{rgb(0x009E73), rgb(0x14E09A)}, // bluish green
	{rgb(0xCC79A7), rgb(0xD8A6C2)}, // reddish purple
	{rgb(0xE69F00), rgb(0xF7A20F)}, // orange
	{rgb(0x56B4E9), rgb(0xBFE6FF)}, // sky blue
	{rgb(0x882255), rgb(0x9F5A85)}, // wine
	{rgb(0x332288), rgb(0x7A5CFF)}, // indigo
	{rgb(0xB39755), rgb(0x7F774D)}, // ochre
}

var symbols = []string{"circle", "square", "triangle", "diamond", "inverted", "star", "cross"}

var dashes = [][]float64{nil, {8, 3}, {2, 3}, {8, 3, 2, 3}}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xFF}
}

// palette is what page.js reads.
type palette struct {
	Light   []string    `json:"light"`
	Dark    []string    `json:"dark"`
	Symbols []string    `json:"symbols"`
	Dashes  [][]float64 `json:"dashes"`
}

func marks() palette {
	p := palette{Symbols: symbols, Dashes: dashes}
	for _, c := range colours {
		p.Light = append(p.Light, CSS(c.light))
		p.Dark = append(p.Dark, CSS(c.dark))
	}
	return p
}

// CSS writes a colour as styles and pictures do.
func CSS(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
