package gantt

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"sync"

	"berth/page"
)

// Spread is what came of many runs of a schedule with times that vary, to be drawn. Times
// are in the document's unit.
type Spread struct {
	Title     string
	Words     string // what was run, in a sentence
	Planned   float64
	Makespans []float64 // of all runs, ascending; at least one
	Marks     []Mark
	Tasks     []SpreadTask // those on which the end hangs most often first
}

// Mark is a makespan with a name, such as the median.
type Mark struct {
	Name string
	At   float64
}

// SpreadTask is a task in the runs: the shares of those that it ended, whose end hung on
// it, and in which it missed its deadline, and by how much it may end later as planned.
type SpreadTask struct {
	Name                 string
	Ends, Critical, Late float64
	Slack                string
}

// The measures of the picture, in points, beside those of a chart.
const (
	spreadBins   = 48
	spreadHeight = 190 // of the columns
	spreadTasks  = 16  // so many tasks are shown
	spreadRow    = 18
	spreadName   = 150 // the width of names
	spreadSlack  = 90  // the width of the last column
)

// WriteSVG writes the runs as a picture for papers: how many ended when, with the planned
// end and some quantiles, and below that, by task, how often it ended a run, how often the
// end hung on it, and its slack. It fails where w does.
func (s *Spread) WriteSVG(w io.Writer) error {
	if _, err := w.Write(s.picture()); err != nil {
		return fmt.Errorf("gantt: %w", err)
	}
	return nil
}

func (s *Spread) picture() []byte {
	tasks := s.Tasks[:min(len(s.Tasks), spreadTasks)]
	top := topMargin + spreadHeight + 56
	height := top + len(tasks)*spreadRow + 10
	var b bytes.Buffer
	svgHead(&b, height, s.Title)
	fmt.Fprintf(&b, `<rect class="ground" width="%d" height="%d" fill="#ffffff"/>`+"\n", svgWidth, height)
	s.columns(&b)
	left, width := float64(spreadName), float64(svgWidth-spreadName-spreadSlack-14)
	fmt.Fprintf(&b, `<text x="%g" y="%d">the end hangs on it, and it ends the run (dark), in percent of the runs</text><text x="%d" y="%d" text-anchor="end">slack as planned</text>`+"\n",
		left, top-8, svgWidth-14, top-8)
	fill := page.CSS(page.Colour(0))
	for k, t := range tasks {
		y := top + k*spreadRow
		fmt.Fprintf(&b, `<text x="%g" y="%d" text-anchor="end">%s</text>`, left-8, y+11, escaped(cutName(t.Name, spreadName-10)))
		fmt.Fprintf(&b, `<rect class="critical" x="%g" y="%d" width="%.2f" height="%d" fill="%s" fill-opacity="0.35"><title>%s: the end hangs on it in %.4g %%</title></rect>`,
			left, y, t.Critical*width, spreadRow-4, fill, escaped(t.Name), 100*t.Critical)
		fmt.Fprintf(&b, `<rect class="ends" x="%g" y="%d" width="%.2f" height="%d" fill="%s"><title>%s: ends %.4g %% of the runs</title></rect>`,
			left, y, t.Ends*width, spreadRow-4, fill, escaped(t.Name), 100*t.Ends)
		fmt.Fprintf(&b, `<text x="%.2f" y="%d">%.4g</text>`, left+t.Critical*width+4, y+11, 100*t.Critical)
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", svgWidth-14, y+11, escaped(t.Slack))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// columns draws how many runs ended when.
func (s *Spread) columns(b *bytes.Buffer) {
	least, most := s.Makespans[0], s.Makespans[len(s.Makespans)-1]
	low, high := min(least, s.Planned), max(most, s.Planned)
	if high <= low {
		low, high = low-0.5, high+0.5
	}
	var counts [spreadBins]int
	highest := 0
	for _, m := range s.Makespans {
		k := min(int(spreadBins*(m-low)/(high-low)), spreadBins-1)
		counts[k]++
		highest = max(highest, counts[k])
	}
	const left, width = 14.0, svgWidth - 28.0
	base := float64(topMargin + spreadHeight)
	across := func(time float64) float64 { return left + width*(time-low)/(high-low) }
	fill := page.CSS(page.Colour(0))
	for k, n := range counts {
		if n == 0 {
			continue
		}
		tall := float64(spreadHeight-34) * float64(n) / float64(highest)
		from, to := low+(high-low)*float64(k)/spreadBins, low+(high-low)*float64(k+1)/spreadBins
		fmt.Fprintf(b, `<rect class="runs" x="%.2f" y="%.2f" width="%.2f" height="%.2f" fill="%s" fill-opacity="0.75" stroke="#ffffff" stroke-width="0.5"><title>%d of %d runs end between %s and %s</title></rect>`+"\n",
			across(from), base-tall, width/spreadBins, tall, fill, n, len(s.Makespans), short(from), short(to))
	}
	fmt.Fprintf(b, `<line x1="%g" y1="%g" x2="%g" y2="%g" stroke="#98a2ad"/>`+"\n", left, base, left+width, base)
	for _, at := range page.Ticks(low, high, axisTicks) {
		anchor := "middle"
		switch {
		case across(at) < left+charWidth*3:
			anchor = "start"
		case across(at) > left+width-charWidth*3:
			anchor = "end"
		}
		fmt.Fprintf(b, `<line x1="%.2f" y1="%g" x2="%.2f" y2="%g" stroke="#98a2ad"/><text x="%.2f" y="%g" text-anchor="%s">%s</text>`+"\n",
			across(at), base, across(at), base+4, across(at), base+16, anchor, short(at))
	}
	for k, m := range append([]Mark{{"planned", s.Planned}}, s.Marks...) {
		colour, y := "#56606b", topMargin+22
		if k == 0 {
			colour, y = "#b3201a", topMargin+6
		}
		anchor, beside := "start", 3.0
		if across(m.At) > svgWidth-110 {
			anchor, beside = "end", -3
		}
		fmt.Fprintf(b, `<line class="mark" x1="%.2f" y1="%d" x2="%.2f" y2="%g" stroke="%s" stroke-dasharray="3 2"/><text class="mark" x="%.2f" y="%d" text-anchor="%s">%s</text>`+"\n",
			across(m.At), y-8, across(m.At), base, colour, across(m.At)+beside, y, anchor, escaped(m.Name+" "+short(m.At)))
	}
}

var spreadBody = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("spread.html").Funcs(template.FuncMap{
		"percent": func(share float64) string { return fmt.Sprintf("%.4g %%", 100*share) },
	}).ParseFS(assets, "assets/spread.html"))
})

// WriteHTML writes the picture as one page that opens anywhere, with all tasks as a table
// below it. It fails where w does.
func (s *Spread) WriteHTML(w io.Writer) error {
	var text bytes.Buffer
	if err := spreadBody().Execute(&text, struct {
		*Spread
		Picture template.HTML // made here, with all names escaped
	}{s, template.HTML(s.picture())}); err != nil {
		return fmt.Errorf("gantt: %w", err)
	}
	return page.Write(w, page.Document{Title: s.Title, Style: asset("words.css") + asset("spread.css"), Body: template.HTML(text.String())})
}
