// Package tables shows a study as tables of text. What a table says is decided once
// (study.go, methods.go, instances.go, runs.go, ran.go, announcements.go, duel.go) and is
// written as text for terminals, as CSV, as LaTeX and as Markdown (text.go, csv.go,
// latex.go, markdown.go).
package tables

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Table is a table before it is written in any format.
type Table struct {
	Name    string // a word, for files and references
	Title   string
	Columns []Column
	Rows    [][]Cell // as long as Columns each
	Notes   []string // sentences below it
}

// Column is the head of a column. A table whose columns have no heads at all is
// written without a head where the format allows that.
type Column struct {
	Head   string
	Number bool // stands at the right
	Prose  bool // is broken into lines where it is long; a name is cut
	// Fields are the names of what programs read of it. A column may have several,
	// such as a value and the ends of its interval.
	Fields []string
	// Seldom marks a column that people are not shown when all it says is 0 or nothing.
	Seldom bool
}

// Cell is what a row has in a column.
type Cell struct {
	Text   string   // for people
	Values []string // for programs, one for each of the column's Fields
	Wrong  bool     // something is refuted; it is shown in red
}

// fit is a text as the column shows it where room is scarce: its lines.
func (c *Column) fit(text string) []string {
	if c.Prose {
		return wrapped(text, proseWidth)
	}
	return []string{short(text)}
}

// wrapped breaks a text into lines of at most so many characters, but for words that
// are longer.
func wrapped(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// shown returns the columns that people are shown.
func (t *Table) shown() []int {
	var shown []int
	for k, c := range t.Columns {
		said := !c.Seldom
		for _, row := range t.Rows {
			said = said || row[k].Text != "0" && row[k].Text != ""
		}
		if said {
			shown = append(shown, k)
		}
	}
	return shown
}

// headless reports whether no column has a head.
func (t *Table) headless() bool {
	for _, c := range t.Columns {
		if c.Head != "" {
			return false
		}
	}
	return true
}

// name is a cell with text that comes from outside, and that is one value.
func name(text string) Cell { return Cell{Text: line(text), Values: []string{text}} }

func count(n int) Cell {
	text := strconv.Itoa(n)
	return Cell{Text: text, Values: []string{text}}
}

// line makes one line of a text from outside, without anything that moves a cursor.
func line(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// How many characters a line of prose in a column and of a note has.
const (
	proseWidth = 60
	noteWidth  = 100
)

// longest is how many characters of a name are shown where room is scarce.
const longest = 40

// short cuts the middle out of a long name, since beginnings and ends tell names
// apart.
func short(text string) string {
	runes := []rune(text)
	if len(runes) <= longest {
		return text
	}
	return string(runes[:longest/2]) + "…" + string(runes[len(runes)-longest/2+1:])
}

// percent is a share as people read it, without the sign.
func percent(share float64) string { return number(100 * share) }
