package model

import (
	"strconv"
	"unicode/utf8"
)

// shorten quotes text for a message, cut where it is long.
func shorten(text string) string {
	const most = 40
	if len(text) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	return strconv.Quote(text)
}
