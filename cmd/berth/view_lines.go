package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"

	"berth/results/tables"
)

// plainText makes names of others harmless: what a terminal would obey or hide is
// shown as a box.
func plainText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '▯'
	}, text)
}

// shortName is a name of others, as much of it as a column has room for.
func shortName(name string) string { return middle(plainText(name), longestName) }

func (t *viewer) paint(code, text string) string {
	if !t.colours || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (t *viewer) red(text string) string   { return t.paint("1;31", text) }
func (t *viewer) bold(text string) string  { return t.paint("1", text) }
func (t *viewer) faint(text string) string { return t.paint("2", text) }

// segmentHues are colours of the 256 that terminals have, near those of Okabe and
// Ito ("Color Universal Design", 2008).
var segmentHues = []string{"32", "208", "36", "175", "178", "74"}

// hue paints the k-th segment on a node and its name.
func (t *viewer) hue(k int, text string) string {
	return t.paint("38;5;"+segmentHues[k%len(segmentHues)], text)
}

// line writes text, in as many lines as it takes.
func (t *viewer) line(text string) {
	if tables.Width(text) <= t.width {
		t.b.WriteString(text + "\n")
		return
	}
	t.wrap(text)
}

func (t *viewer) heading(text string) {
	t.b.WriteByte('\n')
	t.line(t.bold(text))
}

// wrap breaks text between words; what follows the first line is indented.
func (t *viewer) wrap(text string) { t.b.WriteString(wrapped(text, t.width, "   ")) }

// wrapped breaks text between words, so that its lines are no wider than that where words allow
// it; indent stands before all but the first.
func wrapped(text string, most int, indent string) string {
	var b strings.Builder
	used := len(text) - len(strings.TrimLeft(text, " "))
	b.WriteString(text[:used])
	for k, word := range strings.Fields(text) {
		width := tables.Width(word)
		switch {
		case k == 0:
		case used+1+width > most:
			b.WriteString("\n" + indent)
			used = len(indent)
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += width
	}
	b.WriteByte('\n')
	return b.String()
}

// readable is the least width at which an explanation is put beside what it
// explains.
const readable = 56

// fit draws a table of which the first row is the header. The last column explains:
// it is cut to the width, or stands in full below each row where little would be left of it.
func (t *viewer) fit(rows [][]string, sides ...side) {
	last := len(sides) - 1
	need, used := 0, 1
	for column := range sides {
		widest := 0
		for _, row := range rows {
			widest = max(widest, tables.Width(row[column]))
		}
		if column == last {
			need = widest
		} else {
			used += widest + 2
		}
	}
	room := t.width - used
	below := room < need && room < readable
	var text bytes.Buffer
	table := newTable(&text, sides...)
	if below {
		table = newTable(&text, sides[:last]...)
	}
	for _, row := range rows {
		cells := append([]string{}, row...)
		if below {
			cells = cells[:last]
		} else {
			cells[last] = runewidth.Truncate(cells[last], max(room, 1), "…")
		}
		table.row(cells...)
	}
	table.render()
	k := 0
	for line := range strings.Lines(text.String()) {
		t.b.WriteString(runewidth.Truncate(strings.TrimRight(line, "\n"), t.width, "…") + "\n")
		if below && k > 0 && rows[k][last] != "" {
			t.b.WriteString(t.faint(strings.TrimRight(wrapped("     "+rows[k][last], t.width, "     "), "\n")) + "\n")
		}
		k++
	}
}

// brief is a number in at most seven characters, rounded to three digits where it is
// longer.
func brief(exact string) string {
	if len(exact) <= 7 {
		return exact
	}
	return rounded(exact)
}

// rounded is a number in three digits with the letter for thousands, millions and so
// on that Kubernetes writes too.
func rounded(exact string) string {
	value, err := strconv.ParseFloat(exact, 64)
	if err != nil {
		return exact
	}
	for _, step := range []struct {
		worth  float64
		letter string
	}{{1e18, "E"}, {1e15, "P"}, {1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if value >= step.worth*0.9995 {
			return threeDigits(value/step.worth) + step.letter
		}
	}
	return threeDigits(value)
}

func threeDigits(value float64) string {
	if value >= 99.95 {
		return fmt.Sprintf("%.0f", value)
	}
	return fmt.Sprintf("%.3g", value)
}
