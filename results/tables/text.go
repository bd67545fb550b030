package tables

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Text writes a table for a terminal. Columns that do not fit into so many
// characters follow in a second block, and so on; 0 is no limit. In colour, what
// is refuted is red.
func Text(w io.Writer, t Table, width int, colour bool) error {
	var b bytes.Buffer
	if t.Title != "" {
		fmt.Fprintf(&b, "%s\n\n", line(t.Title))
	}
	for k, columns := range t.blocks(width) {
		if k > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(t.block(columns, colour))
	}
	if len(t.Notes) > 0 {
		b.WriteByte('\n')
	}
	for _, note := range t.Notes {
		across := noteWidth
		if width > 0 {
			across = min(across, width)
		}
		fmt.Fprintf(&b, "%s\n", strings.Join(wrapped(line(note), across), "\n"))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// blocks deals the columns out so that each block fits; the first column is
// repeated in all of them.
func (t *Table) blocks(width int) [][]int {
	shown := t.shown()
	if width == 0 || len(shown) < 2 {
		return [][]int{shown}
	}
	first := t.width(shown[0])
	var blocks [][]int
	block, used := []int{shown[0]}, first
	for _, k := range shown[1:] {
		if used+t.width(k) > width && len(block) > 1 {
			blocks = append(blocks, block)
			block, used = []int{shown[0]}, first
		}
		block = append(block, k)
		used += t.width(k)
	}
	return append(blocks, block)
}

// width is how many characters a column takes, with the blanks beside it.
func (t *Table) width(k int) int {
	widest := Width(short(line(t.Columns[k].Head)))
	for _, row := range t.Rows {
		for _, l := range t.Columns[k].fit(row[k].Text) {
			widest = max(widest, Width(l))
		}
	}
	return widest + 2
}

// block lays some of the columns out.
func (t *Table) block(columns []int, colour bool) string {
	sides, heads := make([]Side, len(columns)), make([]string, len(columns))
	for i, k := range columns {
		heads[i] = short(line(t.Columns[k].Head))
		if t.Columns[k].Number {
			sides[i] = Right
		}
	}
	var rows [][]string
	if !t.headless() {
		rows = append(rows, heads)
	}
	for _, row := range t.Rows {
		cells := make([]string, len(columns))
		for i, k := range columns {
			lines := t.Columns[k].fit(row[k].Text)
			for j, l := range lines {
				if row[k].Wrong && colour && l != "" {
					lines[j] = "\x1b[31m" + l + "\x1b[0m"
				}
			}
			cells[i] = strings.Join(lines, "\n")
		}
		rows = append(rows, cells)
	}
	return Align(sides, rows)
}
