package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"berth/results/tables"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
)

// side is where the text of a column stands.
type side = tw.Align

const (
	left   side = tw.AlignLeft
	right  side = tw.AlignRight
	centre side = tw.AlignCenter
)

// table is a plain table of text without lines.
type table struct {
	*tablewriter.Table
	out  io.Writer
	text *bytes.Buffer
}

func newTable(w io.Writer, sides ...side) table {
	text := &bytes.Buffer{}
	return table{tables.Plain(text, sides...), w, text}
}

func (t table) header(cells ...string) { t.Header(cells) }

// row adds a row. The writers of tables are buffers, so that nothing can fail but
// the table itself, and that is a bug.
func (t table) row(cells ...string) { must(t.Append(cells)) }

// render writes the table, without blanks at the ends of lines.
func (t table) render() {
	must(t.Render())
	for line := range strings.Lines(t.text.String()) {
		_, err := fmt.Fprintln(t.out, strings.TrimRight(line, " \n"))
		must(err)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// writeJSON puts out a value as indented JSON.
func (o *output) writeJSON(v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return broken(err)
	}
	return o.write(append(data, '\n'))
}

// list words an enumeration: a, b and c.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// plural counts things: 1 task, 2 tasks.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
