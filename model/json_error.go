package model

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// JSONError says where in a JSON file of another program decoding failed, and what was
// wanted there.
func JSONError(data []byte, file string, err error, want string) *DocumentError {
	e := &DocumentError{File: file, Found: err.Error(), Want: want}
	offset := int64(-1)
	var syntactic *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &syntactic):
		offset, e.Path = syntactic.ByteOffset, pointerPath(syntactic.JSONPointer)
		e.Found = "a syntax error (" + syntactic.Err.Error() + ")"
		if errors.Is(syntactic, io.ErrUnexpectedEOF) {
			e.Found = "the end of the file inside a value"
		}
	case errors.As(err, &semantic):
		offset, e.Path = semantic.ByteOffset, pointerPath(semantic.JSONPointer)
		switch {
		case errors.Is(semantic, json.ErrUnknownName):
			e.Found = "a field that is not known"
		case semantic.Err != nil:
			e.Found = semantic.Err.Error()
		default:
			e.Found = jsonKind(semantic.JSONKind) + " where none can be"
		}
	}
	if 0 <= offset && offset <= int64(len(data)) {
		e.Line, e.Column = LineColumn(data, int(offset))
	}
	return e
}

func jsonKind(kind jsontext.Kind) string {
	switch kind {
	case '{':
		return "a map"
	case '[':
		return "a list"
	}
	return "a " + kind.String()
}

// longestPath is where a path in a message is cut off.
const longestPath = 200

// pointerPath writes a JSON pointer as other messages write a path: /a/3/b is a[3].b.
func pointerPath(pointer jsontext.Pointer) string {
	var path []step
	for token := range pointer.Tokens() {
		if index, err := strconv.Atoi(token); err == nil {
			path = append(path, at(index))
		} else {
			path = append(path, in(token))
		}
		if text := pathText(path); len(text) > longestPath {
			return strings.ToValidUTF8(text[:longestPath], "") + "…"
		}
	}
	return pathText(path)
}
