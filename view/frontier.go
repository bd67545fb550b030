package view

import (
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"sync"

	"berth/model"
	"berth/page"
)

// Frontier is the curve of the least cost against the number of moves, to be drawn.
type Frontier struct {
	Title    string
	Points   []FrontierPoint // by moves, ascending
	Complete bool            // the last point is where more moves save nothing
}

// FrontierPoint is what is known with at most so many moves.
type FrontierPoint struct {
	Moves       int
	Status      model.Status
	Cost, Bound model.Number // empty where none is known
}

// The picture: its size, and the margins around the place of the data.
const (
	frontierWidth, frontierHeight = 860.0, 380.0
	frontierLeft, frontierRight   = 80.0, 20.0
	frontierTop, frontierBottom   = 16.0, 44.0
)

var frontierBody = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("frontier.html").Funcs(template.FuncMap{"grouped": grouped}).ParseFS(assets, "assets/frontier.html"))
})

// drawnFrontier is what the template shows.
type drawnFrontier struct {
	*Frontier
	Width, Height     float64
	Left, Right, Base float64
	Cost, Bound       string // paths
	Marks             []frontierMark
	Columns, Rows     []frontierTick
}

// frontierMark is a point with what it says when it is pointed at.
type frontierMark struct {
	X, Y  float64
	Title string
}

// frontierTick is a labelled place on an axis.
type frontierTick struct {
	At   float64
	Text string
}

// WriteHTML writes the curve as one page that opens anywhere: a picture and a table.
// It fails where w does.
func (f *Frontier) WriteHTML(w io.Writer) error {
	var body strings.Builder
	if err := frontierBody().Execute(&body, f.draw()); err != nil {
		return fmt.Errorf("view: %w", err)
	}
	return page.Write(w, page.Document{Title: f.Title, Style: asset("frontier.css"), Body: template.HTML(body.String())})
}

// draw places the points. The scale of costs begins near the least, not at 0: what
// matters is what the moves save.
func (f *Frontier) draw() drawnFrontier {
	low, high, most := math.Inf(1), math.Inf(-1), 1
	for _, pt := range f.Points {
		most = max(most, pt.Moves)
		for _, value := range []model.Number{pt.Cost, pt.Bound} {
			if v, ok := height(pt, value); ok {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if low > high {
		low, high = 0, 1
	}
	step := page.Step((high - low) / 5)
	low, high = math.Floor(low/step)*step, math.Ceil(high/step)*step
	if low == high {
		high += step
	}
	d := drawnFrontier{
		Frontier: f, Width: frontierWidth, Height: frontierHeight,
		Left: frontierLeft, Right: frontierWidth - frontierRight, Base: frontierHeight - frontierBottom,
	}
	x := func(moves int) float64 { return d.Left + float64(moves)/float64(most)*(d.Right-d.Left) }
	y := func(v float64) float64 { return d.Base - (v-low)/(high-low)*(d.Base-frontierTop) }
	for v := low; v <= high+step/2; v += step {
		d.Rows = append(d.Rows, frontierTick{y(v), grouped(trim(v))})
	}
	across := max(1, int(page.Step(float64(most)/10)))
	for m := 0; m <= most; m += across {
		d.Columns = append(d.Columns, frontierTick{x(m), fmt.Sprint(m)})
	}
	d.Cost, d.Bound = f.stairs(x, y, func(pt FrontierPoint) model.Number { return pt.Cost }), f.stairs(x, y, func(pt FrontierPoint) model.Number { return pt.Bound })
	for _, pt := range f.Points {
		if v, ok := height(pt, pt.Cost); ok {
			d.Marks = append(d.Marks, frontierMark{x(pt.Moves), y(v), fmt.Sprintf("%d moves: cost %s, at least %s", pt.Moves, pt.Cost, pt.Bound)})
		}
	}
	return d
}

// stairs is the path of a value that holds until the next point.
func (f *Frontier) stairs(x func(int) float64, y func(float64) float64, of func(FrontierPoint) model.Number) string {
	var path strings.Builder
	for _, pt := range f.Points {
		v, ok := height(pt, of(pt))
		switch {
		case !ok:
		case path.Len() == 0:
			fmt.Fprintf(&path, "M%.1f %.1f", x(pt.Moves), y(v))
		default:
			fmt.Fprintf(&path, "H%.1fV%.1f", x(pt.Moves), y(v))
		}
	}
	return path.String()
}

// height is where a value is drawn; nothing is of a point without a placement.
func height(pt FrontierPoint, value model.Number) (float64, bool) {
	if value == "" || pt.Status == model.Infeasible {
		return 0, false
	}
	v, _ := value.Rat().Float64()
	return v, true
}

func trim(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.6f", v), "0"), ".")
}
