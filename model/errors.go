package model

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// DocumentError says what is wrong in a document, where, and what to write
// instead.
type DocumentError struct {
	File         string // as the caller named it; empty for an instance made in memory
	Path         string // inside the document, such as tasks[3].demand.memory; empty for the whole
	Line, Column int    // from 1, in characters; 0 where there is no document
	Found, Want  string
}

// Error is one line: shop.yaml:12:14: tasks[3].demand.memory: found "2Gig"; want …
func (e *DocumentError) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
		if e.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
		}
		b.WriteString(": ")
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	return b.String() + "found " + e.Found + "; want " + e.Want
}

// A fault is an error on its way to become a DocumentError: its path is still in
// steps, so that the place can be looked up in the document.
type fault struct {
	at           []step
	onKey        bool // the last step's name is wrong, not its value
	line, column int  // 0: not known yet
	found, want  string
}

// step leads from a value to one inside it: to a field, or to an element where
// the name is empty.
type step struct {
	name  string
	index int
}

func in(name string) step { return step{name: name} }
func at(index int) step   { return step{index: index} }

// pathText writes a path as people would: tasks[3].fetch["odd name"].
func pathText(path []step) string {
	var b strings.Builder
	for k, s := range path {
		switch {
		case s.name == "":
			fmt.Fprintf(&b, "[%d]", s.index)
		case !isPlain(s.name):
			fmt.Fprintf(&b, "[%s]", Quote(s.name))
		case k == 0:
			b.WriteString(s.name)
		default:
			b.WriteString("." + s.name)
		}
	}
	return b.String()
}

// isPlain reports whether a name can stand in a path or in YAML without quotes,
// but for the words that YAML reads as something else.
func isPlain(name string) bool {
	for k := range len(name) {
		c := name[k]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
		inner := '0' <= c && c <= '9' || c == '-' || c == '/'
		if !letter && (k == 0 || !inner) {
			return false
		}
	}
	return name != ""
}

// document makes the error for the user, with the place in the document.
func (f *fault) document(data []byte, file string) *DocumentError {
	f.locate(data)
	return &DocumentError{
		File: file, Path: pathText(f.at), Line: f.line, Column: f.column, Found: f.found, Want: f.want,
	}
}

// countOf writes a number of things: no names, 1 name, 2 names.
func countOf(count int, thing string) string {
	switch count {
	case 0:
		return "no " + thing + "s"
	case 1:
		return "1 " + thing
	}
	return strconv.Itoa(count) + " " + thing + "s"
}

// Quote quotes text for a message, cut where it is long.
func Quote(text string) string {
	const most = 60
	if len(text) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	return strconv.Quote(text)
}

// OrNearest adds to what is wanted the name that was probably meant: the one of fewest edits, at
// most one in three letters; nothing where no name is so near. O(names · square of the length of one).
func OrNearest(want, name string, names func(yield func(string) bool)) string {
	best, fewest := "", min(len(name), maxNameLength)/3+1
	for candidate := range names {
		if len(candidate)-len(name) >= fewest || len(name)-len(candidate) >= fewest {
			continue
		}
		if edits := editDistance(name, candidate); edits < fewest {
			best, fewest = candidate, edits
		}
	}
	if best == "" {
		return want
	}
	return want + ": did you mean " + Quote(best) + "?"
}

// editDistance is the number of bytes to insert, delete, replace or swap with the
// next: the optimal string alignment distance (after F. Damerau, A technique for
// computer detection and correction of spelling errors, CACM 1964). Names that
// differ in case alone count as equal.
func editDistance(a, b string) int {
	if strings.EqualFold(a, b) {
		return 0
	}
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for k := range above {
		above[k] = k
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for k := 1; k <= len(b); k++ {
			change := 1
			if a[i-1] == b[k-1] {
				change = 0
			}
			row[k] = min(above[k-1]+change, above[k]+1, row[k-1]+1)
			if i > 1 && k > 1 && a[i-1] == b[k-2] && a[i-2] == b[k-1] {
				row[k] = min(row[k], before[k-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
