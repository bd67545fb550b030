package figures

import (
	"strings"
	"unicode"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// line makes one line of a text from outside, without what no document may hold.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF
	}), " ")
}

// fit cuts the middle out of a text that is too wide, since beginnings and ends
// tell names apart.
func fit(s string, style text.Style, room vg.Length) string {
	if style.Width(s) <= room {
		return s
	}
	runes := []rune(s)
	for kept := len(runes) - 1; kept > 1; kept-- {
		cut := string(runes[:(kept+1)/2]) + "…" + string(runes[len(runes)-kept/2:])
		if style.Width(cut) <= room {
			return cut
		}
	}
	return "…"
}
