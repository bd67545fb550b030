package figures

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// class is what the fields of a map of one colour have in common, from good to bad.
type class struct {
	text   string
	colour color.Color
	mark   func(c draw.Canvas, r vg.Rectangle) // over the colour, where colour does not say enough
}

// blues go from good to bad, and in grey from light to dark.
var blues = []color.Color{
	color.RGBA{0xDE, 0xEB, 0xF7, 0xFF},
	color.RGBA{0xB5, 0xD4, 0xEA, 0xFF},
	color.RGBA{0x82, 0xBA, 0xDB, 0xFF},
	color.RGBA{0x4A, 0x98, 0xC9, 0xFF},
	color.RGBA{0x1F, 0x6E, 0xB3, 0xFF},
	color.RGBA{0x08, 0x44, 0x88, 0xFF},
}

// slash is a line through a field that is high enough for one.
func slash(colour color.Color) func(draw.Canvas, vg.Rectangle) {
	return func(c draw.Canvas, r vg.Rectangle) {
		if r.Size().Y < slashed {
			return
		}
		c.StrokeLine2(draw.LineStyle{Color: colour, Width: hairWidth}, r.Min.X, r.Min.Y, r.Max.X, r.Max.Y)
	}
}

const slashed = 4 * vg.Inch / 72

// chart is instances × methods, with a class for each field.
type chart struct {
	classes []class
	methods []string
	rows    []row
}

// row is an instance in a chart.
type row struct {
	name, group string
	fields      []int // the class of each method, or notRun
}

// notRun is the class of fields that stay empty.
const notRun = -1

const (
	highest   = 19 * vg.Centimeter // of all rows together
	namedRow  = 8.5 * vg.Inch / 72 // the least height of a row that has room for its name
	rowsShown = 400                // of more rows several share one
)

// figure draws the chart: a row for each instance, in the order that they come.
func (h chart) figure(name, title string) Figure {
	rows, share := pooled(h.rows, len(h.classes)-1)
	if share > 1 {
		title += fmt.Sprintf(" (a row is %d instances and shows the middle one, or that one is refuted)", share)
	}
	rowHeight := min(namedRow*1.2, highest/vg.Length(max(len(rows), 1)))
	k := h.key()
	heads := written(smallSize, 0, -0.5)
	head := vg.Length(0)
	for _, method := range h.methods {
		head = max(head, min(heads.Width(line(method)), 2.6*vg.Centimeter))
	}
	body := rowHeight * vg.Length(len(rows))
	return Figure{
		Name: name, Title: title, height: body + head + 3*margin + k.height(),
		paint: func(c draw.Canvas) {
			inner := draw.Crop(c, margin, -margin, k.height()+margin, -margin)
			left := h.labels(inner, rows, rowHeight)
			fields := draw.Crop(inner, left, 0, 0, body-(inner.Max.Y-inner.Min.Y))
			h.heads(draw.Crop(inner, left, 0, body+margin, 0), heads)
			h.fields(fields, rows, rowHeight)
			k.draw(draw.Crop(c, 0, 0, 0, k.height()-c.Max.Y))
		},
	}
}

// key explains the whole scale, and of the other classes those that occur.
func (h chart) key() key {
	occurs := make(map[int]bool)
	for _, r := range h.rows {
		for _, class := range r.fields {
			occurs[class] = true
		}
	}
	var k key
	for n, c := range h.classes {
		if n < len(blues) || occurs[n] {
			k = append(k, entry{c.text, func(canvas draw.Canvas) {
				edge := vg.Point{X: 4, Y: 1.5}
				c.draw(canvas, vg.Rectangle{Min: canvas.Min.Add(edge), Max: canvas.Max.Sub(edge)})
			}})
		}
	}
	return k
}

func (c class) draw(canvas draw.Canvas, field vg.Rectangle) {
	canvas.SetColor(c.colour)
	canvas.Fill(field.Path())
	if c.mark != nil {
		c.mark(canvas, field)
	}
}

// pooled puts neighbours together where there are too many rows, and says how many
// share one. A field shows the class in the middle, but the worst class, that of
// refuted claims, always shows.
func pooled(rows []row, worst int) ([]row, int) {
	share := (len(rows) + rowsShown - 1) / rowsShown
	if share <= 1 {
		return rows, 1
	}
	var pools []row
	for pool := range slices.Chunk(rows, share) {
		middle := row{group: pool[0].group, fields: make([]int, len(pool[0].fields))}
		for k := range middle.fields {
			var classes []int
			for _, r := range pool {
				classes = append(classes, r.fields[k])
			}
			slices.Sort(classes)
			middle.fields[k] = classes[len(classes)/2]
			if classes[len(classes)-1] == worst {
				middle.fields[k] = worst
			}
		}
		pools = append(pools, middle)
	}
	return pools, share
}

// labels names the rows, or where they are too low, the groups; it returns the room
// that the names take.
func (h chart) labels(c draw.Canvas, rows []row, rowHeight vg.Length) vg.Length {
	names := make([]string, len(rows))
	heights := make([]int, len(rows)) // in rows
	for k := 0; k < len(rows); {
		end := k + 1
		names[k] = line(rows[k].name)
		if rowHeight < namedRow {
			for end < len(rows) && rows[end].group == rows[k].group {
				end++
			}
			names[k] = line(rows[k].group)
		}
		heights[k] = end - k
		k = end
	}
	style := written(smallSize, -1, -0.5)
	room := vg.Length(0)
	for k, name := range names {
		if vg.Length(heights[k])*rowHeight >= smallSize {
			room = max(room, min(style.Width(name), 2.8*vg.Centimeter))
		}
	}
	bottom := c.Min.Y + rowHeight*vg.Length(len(rows))
	for k, name := range names {
		if height := vg.Length(heights[k]) * rowHeight; height >= smallSize {
			c.FillText(style, vg.Point{X: c.Min.X + room, Y: bottom - vg.Length(k)*rowHeight - height/2 + between(rowHeight)/2}, fit(name, style, room))
		}
	}
	if room > 0 {
		room += 2 * margin
	}
	return room
}

// heads names the methods, upwards.
func (h chart) heads(c draw.Canvas, style draw.TextStyle) {
	style.Rotation = math.Pi / 2
	columnWidth := (c.Max.X - c.Min.X) / vg.Length(max(len(h.methods), 1))
	for k, method := range h.methods {
		flat := style
		flat.Rotation = 0
		c.FillText(style, vg.Point{X: c.Min.X + (vg.Length(k)+0.5)*columnWidth, Y: c.Min.Y}, fit(line(method), flat, c.Max.Y-c.Min.Y))
	}
}

// fields draws column by column; what lies below one another in one colour is one
// field.
func (h chart) fields(c draw.Canvas, rows []row, rowHeight vg.Length) {
	columnWidth := (c.Max.X - c.Min.X) / vg.Length(max(len(h.methods), 1))
	for k := range h.methods {
		x := c.Min.X + vg.Length(k)*columnWidth
		for from := 0; from < len(rows); {
			end := from + 1
			for rowHeight < namedRow && end < len(rows) && rows[end].fields[k] == rows[from].fields[k] && rows[end].group == rows[from].group {
				end++
			}
			below := between(rowHeight)
			if end < len(rows) && rows[end].group != rows[from].group {
				below = max(below, min(rowHeight/2, 1))
			}
			if class := rows[from].fields[k]; class != notRun {
				h.classes[class].draw(c, vg.Rectangle{
					Min: vg.Point{X: x, Y: c.Max.Y - vg.Length(end)*rowHeight + below},
					Max: vg.Point{X: x + columnWidth - 1, Y: c.Max.Y - vg.Length(from)*rowHeight},
				})
			}
			from = end
		}
	}
}

// between is what keeps rows apart.
func between(rowHeight vg.Length) vg.Length { return min(0.12*rowHeight, 0.7) }
