package model

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonSource reads JSON as a stream, so that a document of any size takes no more
// memory than what is made of it. It refuses keys that come twice.
type jsonSource struct {
	data    []byte
	tokens  *jsontext.Decoder
	start   int64 // of what was read last
	scratch []byte
	fault   *fault

	known        int // the offset of the place that was asked for last
	line, column int // of that, from 1
}

func newJSONSource(data []byte) *jsonSource {
	return &jsonSource{data: data, tokens: jsontext.NewDecoder(bytes.NewBuffer(data)), line: 1, column: 1}
}

func (s *jsonSource) peek() kind {
	if s.fault != nil {
		return endOf
	}
	switch s.tokens.PeekKind() {
	case 'n':
		return nullKind
	case 't', 'f':
		return boolKind
	case '"':
		return textKind
	case '0':
		return numberKind
	case '{':
		return mapKind
	case '[':
		return listKind
	case '}', ']':
		return endOf
	}
	// The end of the input, or an error: a token says which.
	if _, err := s.tokens.ReadToken(); !errors.Is(err, io.EOF) || s.tokens.StackDepth() > 0 {
		s.fail(err)
	}
	return endOf
}

func (s *jsonSource) enter() {
	if s.token(); s.tokens.StackDepth() > maxDepth {
		s.fault = &fault{found: "more than 1000 levels of brackets", want: "a berth document"}
		s.fault.line, s.fault.column = s.position()
	}
}

func (s *jsonSource) leave() { s.token() }

func (s *jsonSource) token() {
	if s.fault != nil {
		return
	}
	if _, err := s.tokens.ReadToken(); err != nil {
		s.fail(err)
		return
	}
	s.start = s.tokens.InputOffset() - 1 // a bracket
}

func (s *jsonSource) key() []byte { return s.text() }

func (s *jsonSource) text() []byte {
	if s.fault != nil {
		return nil
	}
	raw, err := s.tokens.ReadValue()
	if err != nil {
		s.fail(err)
		return nil
	}
	s.start = s.tokens.InputOffset() - int64(len(raw))
	if raw[0] != '"' {
		return raw
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	s.scratch, err = jsontext.AppendUnquote(s.scratch[:0], raw)
	if err != nil {
		s.fail(err)
	}
	return s.scratch
}

func (s *jsonSource) skip() {
	if s.fault == nil {
		if err := s.tokens.SkipValue(); err != nil {
			s.fail(err)
		}
	}
}

// position counts on from the place before.
func (s *jsonSource) position() (line, column int) {
	passed := s.data[s.known:s.start]
	lines, column := LineColumn(passed, len(passed))
	if lines > 1 {
		s.column = 1
	}
	s.line += lines - 1
	s.column += column - 1
	s.known = int(s.start)
	return s.line, s.column
}

func (s *jsonSource) failure() *fault { return s.fault }

// fail turns an error of the tokenizer into a fault.
func (s *jsonSource) fail(err error) {
	s.fault = &fault{found: "a syntax error (" + err.Error() + ")", want: "JSON"}
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return
	}
	s.fault.line, s.fault.column = LineColumn(s.data, int(syntax.ByteOffset))
	s.fault.found = "a syntax error (" + syntax.Err.Error() + ")"
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		s.fault.found = "the key " + Quote(syntax.JSONPointer.LastToken()) + " a second time"
		s.fault.want = "every key once"
	case errors.Is(err, io.ErrUnexpectedEOF):
		s.fault.found = "the end of the file inside a value"
		s.fault.want = "a whole JSON document: it may have been cut off"
	}
}
