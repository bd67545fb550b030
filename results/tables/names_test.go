package tables

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// odd draws names of characters that mean something somewhere.
func odd(t *rapid.T) string {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringOfN(rapid.SampledFrom([]rune("ab &_|\\{}$#%^~\"'`<>[]()*-,;\n\r\t\x1b\x00é漢∞−")), 0, 80, -1),
	).Draw(t, "name")
}

// TestNamesStayInTheirPlace puts odd names into every format.
func TestNamesStayInTheirPlace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := odd(rt)
		table := Table{
			Name: "t", Columns: []Column{{Head: "name", Fields: []string{"name"}}, {Head: "n", Number: true, Fields: []string{"n"}}},
			Rows: [][]Cell{{name(text), count(7)}},
		}
		for _, r := range table.Rows[0][0].Text {
			if unicode.IsControl(r) {
				rt.Fatalf("%q has %q", table.Rows[0][0].Text, r)
			}
		}
		if n := utf8.RuneCountInString(short(table.Rows[0][0].Text)); n > longest {
			rt.Fatalf("%d characters", n)
		}
		for _, w := range writers {
			var b bytes.Buffer
			if err := w.write(&b, table); err != nil {
				rt.Fatal(err)
			}
			out := b.String()
			switch w.ending {
			case "txt":
				if lines := strings.Count(out, "\n"); lines != 2 {
					rt.Fatalf("%d lines: %q", lines, out)
				}
			case "md":
				row := strings.Split(strings.TrimRight(out, "\n"), "\n")[2]
				if cells := strings.Count(strings.NewReplacer(`\\`, "", `\|`, "").Replace(row), "|"); cells != 3 {
					rt.Fatalf("%d bars: %q", cells, row)
				}
			case "tex":
				plain := strings.NewReplacer(`\\`, "", `\{`, "", `\}`, "", `\&`, "").Replace(latex(text))
				if strings.Count(plain, "{") != strings.Count(plain, "}") || strings.Contains(plain, "&") {
					rt.Fatalf("%q", out)
				}
			}
		}
	})
}
