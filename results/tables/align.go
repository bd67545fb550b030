package tables

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Side is where the text of a column stands.
type Side int8

// The sides.
const (
	Left Side = iota
	Right
	Centre
)

// Align lays rows of cells out in columns, a blank on each side of every cell and none at
// the end of a line. A cell may have several lines; a row with fewer cells than there are
// sides leaves the others empty.
func Align(sides []Side, rows [][]string) string {
	widths := make([]int, len(sides))
	for _, row := range rows {
		for k, cell := range row {
			for l := range strings.SplitSeq(cell, "\n") {
				widths[k] = max(widths[k], Width(l))
			}
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var cells [][]string
		tall := 1
		for _, cell := range row {
			lines := strings.Split(cell, "\n")
			cells, tall = append(cells, lines), max(tall, len(lines))
		}
		for at := range tall {
			var text strings.Builder
			for k, lines := range cells {
				var l string
				if at < len(lines) {
					l = lines[at]
				}
				free := widths[k] - Width(l)
				before := [...]int{Left: 0, Right: free, Centre: free / 2}[sides[k]]
				text.WriteString(strings.Repeat(" ", 1+before) + l + strings.Repeat(" ", 1+free-before))
			}
			b.WriteString(strings.TrimRight(text.String(), " ") + "\n")
		}
	}
	return b.String()
}

// Width is how many columns of a terminal a line takes. What paints it (ESC [ … m) takes
// none.
func Width(text string) int {
	width := 0
	for {
		plain, painted, found := strings.Cut(text, "\x1b[")
		width += runewidth.StringWidth(plain)
		if !found {
			return width
		}
		text = strings.TrimLeft(painted, "0123456789;")
		text = strings.TrimPrefix(text, "m")
	}
}
