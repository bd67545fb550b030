package model

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// source is a document as a stream of keys and values, the same for every syntax:
// decoders are written once, against it. After a failure everything it returns is
// empty, and failure tells why.
type source interface {
	// peek is the kind of the next value, or endOf where the map, the list or
	// the document ends.
	peek() kind
	// enter goes into the map or list that comes next, leave out of it at its end.
	enter()
	leave()
	// key reads the key of the next member of a map, text the next scalar. What
	// they return is valid until the next call.
	key() []byte
	text() []byte
	// skip passes over the next value whole.
	skip()
	// position is the place of what was read or entered last, from 1.
	position() (line, column int)
	failure() *fault
}

// kind is what a value in a document is.
type kind uint8

const (
	endOf kind = iota
	nullKind
	boolKind
	numberKind
	textKind
	listKind
	mapKind
)

func (k kind) String() string {
	return [...]string{"nothing", "nothing", "a truth value", "a number", "text", "a list", "a map"}[k]
}

// maxDepth bounds the nesting of a document; the schemas need less than ten.
const maxDepth = 1000

// ByteOrderMark begins a text that some editors save as UTF-8.
const ByteOrderMark = "\uFEFF"

// mostYAML is how many bytes are made a tree of, which takes fifty times their room, before
// it is known whether they are a document of berth.
const mostYAML = 4 << 20

// openSource looks at how a document is encoded and picks the syntax: JSON where
// it begins with a bracket and a quote, else YAML.
func openSource(data []byte) (source, *fault) {
	data = bytes.TrimPrefix(data, []byte(ByteOrderMark))
	if f := checkEncoding(data); f != nil {
		return nil, f
	}
	start := bytes.TrimLeft(data, " \t\r\n")
	if len(start) == 0 {
		return nil, emptyFile()
	}
	if start[0] == '[' {
		return newJSONSource(data), nil // no document is a list: the first bracket is all that is read
	}
	if start[0] == '{' {
		inner := bytes.TrimLeft(start[1:], " \t\r\n")
		if len(inner) == 0 || bytes.IndexByte([]byte(`"{[}]`), inner[0]) >= 0 {
			return newJSONSource(data), nil
		}
	}
	if len(data) > mostYAML && !bytes.Contains(data, []byte("berth")) {
		return nil, &fault{line: 1, column: 1, found: "no format", want: "format: " + formatName}
	}
	return newYAMLSource(data)
}

func emptyFile() *fault {
	return &fault{found: "an empty file", want: "a document that begins with format: " + formatName}
}

// checkEncoding refuses data that is no text in UTF-8.
func checkEncoding(data []byte) *fault {
	at := bytes.IndexByte(data, 0)
	if at < 0 && utf8.Valid(data) {
		return nil
	}
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		return &fault{line: 1, column: 1, found: "text in UTF-16", want: "UTF-8: save the file in that encoding"}
	}
	found := "a zero byte"
	if at < 0 {
		for at = 0; ; {
			r, size := utf8.DecodeRune(data[at:])
			if r == utf8.RuneError && size <= 1 {
				break
			}
			at += size
		}
		found = fmt.Sprintf("the byte 0x%02X, which is not UTF-8", data[at])
	}
	line, column := LineColumn(data, at)
	return &fault{line: line, column: column, found: found, want: "a JSON or YAML text in UTF-8, not a binary file"}
}

// LineColumn turns an offset in bytes into a line and a column in characters, both from 1.
func LineColumn(data []byte, offset int) (line, column int) {
	offset = min(offset, len(data))
	start := bytes.LastIndexByte(data[:offset], '\n') + 1
	return 1 + bytes.Count(data[:start], []byte("\n")), 1 + utf8.RuneCount(data[start:offset])
}

// locate finds the place of a fault in the document by walking its path again,
// so that nobody has to remember places while all is well. Where the document
// writes one value instead of a list of one, the path loses its last index.
func (f *fault) locate(data []byte) {
	if f.line > 0 {
		return
	}
	if src, bad := openSource(data); bad == nil {
		f.follow(src)
	}
}

// follow walks the path of a fault from the beginning of a document.
func (f *fault) follow(src source) {
	src.peek()
	for k, s := range f.at {
		within := src.peek()
		if s.name == "" && within != listKind || s.name != "" && within != mapKind {
			f.at = f.at[:k]
			break
		}
		src.enter()
		if !walkTo(src, s) {
			break
		}
		if f.onKey && k == len(f.at)-1 {
			f.line, f.column = src.position()
			return
		}
	}
	touch(src)
	f.line, f.column = src.position()
}

// walkTo goes on to the member or element that a step names.
func walkTo(src source, s step) bool {
	for index := 0; src.peek() != endOf; index++ {
		if s.name != "" && string(src.key()) == s.name || s.name == "" && index == s.index {
			return true
		}
		src.skip()
	}
	return false
}

// touch reads just enough of the next value for its position to be known, and
// returns the text of a scalar.
func touch(src source) []byte {
	switch src.peek() {
	case mapKind, listKind:
		src.enter()
		return nil
	case endOf:
		return nil
	}
	return src.text()
}
