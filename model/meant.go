package model

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// mostMeant is how many names a message offers for one that is not known.
const mostMeant = 3

// NotKnown is the error that there is no task or node of that name. It says which may be
// meant: names that are the same but for case, or for what stands before a slash; else those
// of which one begins with the other, as the name of a pod does with that of its deployment;
// else the one that is spelled most alike.
func NotKnown(what, name string, known []string) error {
	text := fmt.Sprintf("there is no %s %s in the instance", what, Quote(name))
	near := sameButFor(name, known)
	if near == nil {
		near = beginLike(name, known)
	}
	if near == nil {
		return errors.New(text + cmp.Or(OrNearest("", name, slices.Values(known)), "; check the name: it has "+someOf(known)))
	}
	more := ""
	if n := len(near) - mostMeant; n > 0 {
		near, more = near[:mostMeant], fmt.Sprintf(", or one of %d others", n)
	}
	quoted := make([]string, len(near))
	for k, n := range near {
		quoted[k] = Quote(n)
	}
	return fmt.Errorf("%s: did you mean %s%s?", text, strings.Join(quoted, " or "), more)
}

// someOf lists the first of many names.
func someOf(names []string) string {
	const most = 6
	if more := len(names) - most; more > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}

// sameButFor returns the names that are the same but for case or what is before a slash.
func sameButFor(name string, known []string) []string {
	return matching(known, func(other string) bool {
		return strings.EqualFold(name, other) || strings.EqualFold(name, behindSlash(other))
	})
}

// beginLike returns the names of which one begins with the other, up to the end of a word;
// what stands in brackets at the end, and before a slash where only one has a slash, does
// not count.
func beginLike(name string, known []string) []string {
	return matching(known, func(other string) bool {
		if bracket := strings.LastIndex(other, " ("); bracket > 0 {
			other = other[:bracket]
		}
		if !strings.Contains(name, "/") {
			other = behindSlash(other)
		}
		short, long := name, other
		if len(short) > len(long) {
			short, long = long, short
		}
		rest, begins := strings.CutPrefix(long, short)
		return begins && short != "" && (rest == "" || strings.IndexFunc(rest, isWord) > 0)
	})
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func behindSlash(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

func matching(known []string, matches func(string) bool) (found []string) {
	for _, other := range known {
		if matches(other) {
			found = append(found, other)
		}
	}
	return found
}
