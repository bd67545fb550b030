package figures

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"slices"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Formats are the formats that a figure can be drawn in.
var Formats = []string{"svg", "pdf"}

// Draw writes the figure in one of Formats. The same study gives the same bytes.
//
// SVG names the typeface Liberation Sans, or whatever is of the same widths; PDF
// holds it. PDF shows a character that Windows-1252 does not have as a question
// mark.
func (f Figure) Draw(w io.Writer, format string) (err error) {
	defer func() {
		// The drawing library panics where it cannot write its temporary files.
		if cause := recover(); cause != nil {
			err = fmt.Errorf("figure %s as %s: %v", f.Name, format, cause)
		}
	}()
	switch format {
	case "svg":
		canvas := vgsvg.New(width, f.height)
		f.paint(draw.New(canvas))
		var text bytes.Buffer
		if _, err := canvas.WriteTo(&text); err != nil {
			return err
		}
		picture := bytes.ReplaceAll(text.Bytes(), []byte(`style="font-family:Liberation Sans;`),
			[]byte(`style="font-family:'Liberation Sans',Arial,Helvetica,sans-serif;`))
		_, err = w.Write(f.titled(picture))
		return err
	case "pdf":
		canvas := pdf{vgpdf.New(width, f.height)}
		f.paint(draw.New(canvas))
		_, err = canvas.WriteTo(w)
		return err
	}
	return fmt.Errorf("figure %s: there is no format %q; use svg or pdf", f.Name, format)
}

// titled puts the title into an SVG, as its first element.
func (f Figure) titled(svg []byte) []byte {
	if f.Title == "" {
		return svg
	}
	title := bytes.NewBufferString("<title>")
	if err := xml.EscapeText(title, []byte(f.Title)); err != nil {
		return svg
	}
	title.WriteString("</title>\n")
	root := bytes.Index(svg, []byte("<svg"))
	at := root + bytes.IndexByte(svg[root:], '>') + 1
	return slices.Insert(svg, at, title.Bytes()...)
}

// A PDF says when it was made, and what it holds in the order of a map; the library
// has no other place to turn that off.
func init() {
	fpdf.SetDefaultCreationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultModificationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultCatalogSort(true)
}

// pdf is a canvas that mends two things of the library's: it takes colours as they
// are before they are multiplied by their opacity, and text in the code page of its
// fonts.
type pdf struct{ *vgpdf.Canvas }

// SetColor sets the colour of what is drawn next.
func (c pdf) SetColor(colour color.Color) {
	if colour == nil {
		colour = color.Black
	}
	c.Canvas.SetColor(straight(color.NRGBAModel.Convert(colour).(color.NRGBA)))
}

// straight is a colour that is not multiplied by its opacity.
type straight color.NRGBA

// RGBA returns the parts of the colour, opacity apart.
func (s straight) RGBA() (r, g, b, a uint32) {
	return uint32(s.R) * 0x101, uint32(s.G) * 0x101, uint32(s.B) * 0x101, uint32(s.A) * 0x101
}

// FillString draws text.
func (c pdf) FillString(face font.Face, at vg.Point, text string) {
	encoded, err := encoding.ReplaceUnsupported(charmap.Windows1252.NewEncoder()).String(text)
	if err != nil {
		encoded = text
	}
	c.Canvas.FillString(face, at, string(bytes.ReplaceAll([]byte(encoded), []byte{encoding.ASCIISub}, []byte("?"))))
}
