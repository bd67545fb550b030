package main

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"berth/results/tables"
)

// side is where the text of a column stands.
type side = tables.Side

const (
	left  = tables.Left
	right = tables.Right
)

// table is a plain table of text without lines.
type table struct {
	out   io.Writer
	sides []side
	rows  [][]string
}

func newTable(w io.Writer, sides ...side) *table { return &table{out: w, sides: sides} }

// row adds a row; the first may be the heads of the columns.
func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

// narrowest is how much of a line the last column of a table gets where it is folded.
const narrowest = 40

// fold breaks the cells of the last column between words, so that lines are no wider than that, or
// as near as the other columns allow.
func (t *table) fold(width int) {
	last := len(t.sides) - 1
	used := 1
	for column := range last {
		widest := 0
		for _, row := range t.rows {
			widest = max(widest, tables.Width(row[column]))
		}
		used += widest + 2
	}
	for _, row := range t.rows {
		row[last] = strings.TrimRight(wrapped(row[last], max(width-used, narrowest), ""), "\n")
	}
}

// render writes the table. The writers of tables are buffers, so that nothing can fail.
func (t *table) render() { io.WriteString(t.out, tables.Align(t.sides, t.rows)) }

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

// percent words a share with two or three digits, so that nothing is said only of nothing and all only
// of all.
func percent(share float64) string {
	digits := 1
	switch {
	case share > 0 && share < 0.0001:
		return "<0.01%"
	case share >= 0.9995 && share < 1:
		return ">99.9%"
	case share < 0.01:
		digits = 2
	}
	text := strconv.FormatFloat(100*share, 'f', digits, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + "%"
}
