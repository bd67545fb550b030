package tables

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Side is where the text of a column stands.
type Side = text.Align

// The sides.
const (
	Left  = text.AlignDefault
	Right = text.AlignRight
)

// Align lays rows of cells out in columns, a blank on each side of every cell and none at
// the end of a line. A cell may have several lines; a row with fewer cells than there are
// sides leaves the others empty.
func Align(sides []Side, rows [][]string) string {
	t := table.NewWriter()
	t.SetStyle(table.Style{Box: table.BoxStyle{PaddingLeft: " ", PaddingRight: " "}})
	columns := make([]table.ColumnConfig, len(sides))
	for k, side := range sides {
		columns[k] = table.ColumnConfig{Number: k + 1, Align: side}
	}
	t.SetColumnConfigs(columns)
	for _, row := range rows {
		cells := make(table.Row, len(row))
		for k, cell := range row {
			cells[k] = cell
		}
		t.AppendRow(cells)
	}
	var b strings.Builder
	for line := range strings.Lines(t.Render()) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}

// Width is how many columns of a terminal a line takes. What paints it (ESC [ … m) takes
// none.
func Width(line string) int { return text.StringWidthWithoutEscSequences(line) }
