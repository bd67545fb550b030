package instances

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"berth/model"
)

// jsonError says where in a JSON file of another program decoding failed, and what was
// wanted there.
func jsonError(data []byte, file string, err error, want string) error {
	e := &model.DocumentError{File: file, Found: err.Error(), Want: want}
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
			e.Found = "a " + semantic.JSONKind.String() + " where none can be"
		}
	}
	if 0 <= offset && offset <= int64(len(data)) {
		e.Line, e.Column = model.LineColumn(data, int(offset))
	}
	return e
}

// maxPath is where a path in a message is cut off.
const maxPath = 200

// pointerPath writes a JSON pointer as other messages write a path: /a/3/b is a[3].b.
func pointerPath(pointer jsontext.Pointer) string {
	var b strings.Builder
	for token := range pointer.Tokens() {
		if b.Len() > maxPath {
			return b.String() + "…"
		}
		if _, err := strconv.Atoi(token); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(shorten([]byte(token)))
	}
	return b.String()
}
