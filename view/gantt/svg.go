package gantt

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"

	"berth/page"
)

// The measures of the picture, in points.
const (
	svgWidth   = 720
	rowHeight  = 26
	rowGap     = 8
	leftMargin = 90
	topMargin  = 14
	charWidth  = 6 // of a letter, about
)

// mostArrows bounds the messages that a still picture shows.
const mostArrows = 400

// WriteSVG writes the chart as a picture for papers: a row for each node, tasks as bars,
// results that change nodes as arrows, and what is critical with a strong border. It fails
// where out does.
func (c *Chart) WriteSVG(out io.Writer) error {
	w := c.Problem.Workflow
	var b bytes.Buffer
	rows := len(c.On)
	height := topMargin + rows*(rowHeight+rowGap) + 40
	svgHead(&b, height, c.title())
	b.WriteString(`<defs><marker id="head" markerWidth="6" markerHeight="6" refX="5" refY="3" orient="auto"><path d="M0,0L6,3L0,6Z" fill="#56606b"/></marker></defs>` + "\n")
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", svgWidth, height)
	for j, name := range c.Problem.NodeNames {
		y := c.rowTop(j)
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, leftMargin-8, y+rowHeight/2+4, escaped(cutName(name, leftMargin-12)))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#f5f6f8"/>`+"\n", leftMargin, y, svgWidth-leftMargin-14, rowHeight)
	}
	for j, row := range c.On {
		for _, t := range row {
			x, end := c.across(c.Schedule[t].Start), c.across(w.Finish(c.Schedule, t))
			y := c.rowTop(j)
			border := `stroke="#ffffff" stroke-width="0.5"`
			if c.critical[t] {
				border = `stroke="#b3201a" stroke-width="2"`
			}
			fmt.Fprintf(&b, `<rect x="%.2f" y="%d" width="%.2f" height="%d" fill="%s" fill-opacity="0.75" %s><title>%s on %s, %s to %s</title></rect>`,
				x, y, max(end-x, 0.6), rowHeight, page.CSS(page.Colour(j)), border,
				escaped(w.Tasks[t]), escaped(c.Problem.NodeNames[j]), c.Time(c.Schedule[t].Start), c.Time(w.Finish(c.Schedule, t)))
			if name := cutName(w.Tasks[t], int(end-x)-4); name != "" {
				fmt.Fprintf(&b, `<text x="%.2f" y="%d" text-anchor="middle">%s</text>`, (x+end)/2, y+rowHeight/2+4, escaped(name))
			}
			b.WriteByte('\n')
		}
	}
	c.svgArrows(&b)
	if c.event != nil {
		x := c.across(c.event.Time)
		fmt.Fprintf(&b, `<line class="event" x1="%.2f" y1="%d" x2="%.2f" y2="%d" stroke="#b3201a" stroke-dasharray="4 3"/>`+"\n", x, topMargin/2, x, c.rowTop(rows))
	}
	c.svgAxis(&b)
	b.WriteString("</svg>\n")
	if _, err := out.Write(b.Bytes()); err != nil {
		return fmt.Errorf("gantt: %w", err)
	}
	return nil
}

// svgHead begins a picture.
func svgHead(b *bytes.Buffer, height int, title string) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="Helvetica, Arial, sans-serif" font-size="10">`+"\n",
		svgWidth, height, svgWidth, height)
	fmt.Fprintf(b, "<title>%s</title>\n", escaped(title))
}

// svgArrows draws the results that change nodes; of many, those on the path alone.
func (c *Chart) svgArrows(b *bytes.Buffer) {
	w := c.Problem.Workflow
	onPath := map[int32]bool{}
	for _, l := range c.Path {
		if l.Edge >= 0 {
			onPath[l.Edge] = true
		}
	}
	for k := range w.Edges {
		e := &w.Edges[k]
		from, to := c.Schedule[e.From], c.Schedule[e.To]
		if from.Node == to.Node || len(w.Edges) > mostArrows && !onPath[int32(k)] {
			continue
		}
		leaves := w.Finish(c.Schedule, e.From)
		style := `stroke="#56606b" stroke-width="0.7" stroke-opacity="0.7"`
		if onPath[int32(k)] {
			style = `stroke="#b3201a" stroke-width="1.6"`
		}
		y1, y2 := c.rowTop(int(from.Node))+rowHeight, c.rowTop(int(to.Node))
		if from.Node > to.Node {
			y1, y2 = c.rowTop(int(from.Node)), c.rowTop(int(to.Node))+rowHeight
		}
		fmt.Fprintf(b, `<line x1="%.2f" y1="%d" x2="%.2f" y2="%d" %s marker-end="url(#head)"/>`+"\n",
			c.across(leaves), y1, c.across(leaves+w.Message(e, from.Node, to.Node)), y2, style)
	}
}

// axisTicks is about how many times an axis names.
const axisTicks = 6

func (c *Chart) svgAxis(b *bytes.Buffer) {
	y := c.rowTop(len(c.On)) + 4
	fmt.Fprintf(b, `<line x1="%d" y1="%d" x2="%.2f" y2="%d" stroke="#98a2ad"/>`+"\n", leftMargin, y, c.across(c.Makespan), y)
	most := c.Problem.Value(c.Makespan)
	for _, at := range page.Ticks(0, most, axisTicks) {
		x := leftMargin + float64(svgWidth-leftMargin-14)*at/max(most, math.SmallestNonzeroFloat64)
		fmt.Fprintf(b, `<line x1="%.2f" y1="%d" x2="%.2f" y2="%d" stroke="#98a2ad"/><text x="%.2f" y="%d" text-anchor="middle">%s</text>`+"\n",
			x, y, x, y+4, x, y+16, short(at))
	}
}

// short writes a time for an axis.
func short(value float64) string { return strconv.FormatFloat(value, 'g', 4, 64) }

func (c *Chart) rowTop(j int) int { return topMargin + j*(rowHeight+rowGap) }

// across is where a time stands in the picture.
func (c *Chart) across(time int64) float64 {
	if c.Makespan == 0 {
		return leftMargin
	}
	return leftMargin + float64(svgWidth-leftMargin-14)*float64(time)/float64(c.Makespan)
}

// cutName is as much of a name as about fits into a width; empty where that is nothing.
func cutName(name string, width int) string {
	letters := []rune(name)
	room := width / charWidth
	switch {
	case room < 2:
		return ""
	case len(letters) <= room:
		return name
	}
	return string(letters[:room-1]) + "…"
}

func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}

func (c *Chart) title() string {
	if c.Problem.Name == "" {
		return "A schedule"
	}
	return c.Problem.Name
}
