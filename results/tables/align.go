package tables

import (
	"bytes"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Side is where the text of a column stands.
type Side = tw.Align

// The sides.
const (
	Left   = tw.AlignLeft
	Right  = tw.AlignRight
	Centre = tw.AlignCenter
)

// Align lays rows of cells out in columns, a blank on each side of every cell and none at
// the end of a line. A cell may have several lines; a row with fewer cells than there are
// sides leaves the others empty.
func Align(sides []Side, rows [][]string) string {
	var text bytes.Buffer
	t := tablewriter.NewTable(&text,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
		})),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: sides}),
	)
	must(t.Bulk(rows))
	must(t.Render())
	var b strings.Builder
	for line := range strings.Lines(text.String()) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}

// must is for what cannot fail where the writer is a buffer.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Width is how many columns of a terminal a line takes. What paints it (ESC [ … m) takes
// none.
func Width(text string) int { return twwidth.Width(text) }
