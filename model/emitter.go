package model

import (
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// emitter writes a document as a stream, in JSON or in YAML. Maps and lists are in
// block style, a member or an element a line, or in flow style, all in one line.
type emitter struct {
	out    io.Writer
	yaml   bool
	b      []byte
	open   []container
	failed error
}

type container struct {
	close  byte // '}' or ']'
	block  bool
	filled bool
}

// flushAt is how much is gathered before it is written.
const flushAt = 1 << 16

func newEmitter(out io.Writer, yaml bool) *emitter {
	return &emitter{out: out, yaml: yaml, b: make([]byte, 0, flushAt+flushAt/4)}
}

// end flushes what is left and returns the first error of the writer.
func (e *emitter) end() error {
	e.b = append(e.b, '\n')
	e.flush()
	return e.failed
}

func (e *emitter) flush() {
	if e.failed == nil {
		_, e.failed = e.out.Write(e.b)
	}
	e.b = e.b[:0]
}

func (e *emitter) beginMap(block bool)  { e.begin('{', '}', block) }
func (e *emitter) beginList(block bool) { e.begin('[', ']', block) }

func (e *emitter) begin(open, end byte, block bool) {
	e.open = append(e.open, container{close: end, block: block})
	if !e.yaml || !block {
		e.b = append(e.b, open)
	}
}

// finish ends the innermost map or list.
func (e *emitter) finish() {
	last := e.open[len(e.open)-1]
	e.open = e.open[:len(e.open)-1]
	switch {
	case !e.yaml || !last.block:
		if last.block && last.filled {
			e.line()
		}
		e.b = append(e.b, last.close)
	case !last.filled: // an empty map or list has no block style
		e.b = append(e.b, ' ', last.close-2, last.close)
	}
	if len(e.b) >= flushAt {
		e.flush()
	}
}

// item begins the next element of a list, or is the first half of key.
func (e *emitter) item() {
	in := &e.open[len(e.open)-1]
	switch {
	case !in.block:
		if in.filled {
			e.b = append(e.b, ',')
			if e.yaml {
				e.b = append(e.b, ' ')
			}
		}
	case e.yaml:
		if in.filled || len(e.open) > 1 {
			e.line()
		}
		if in.close == ']' {
			e.b = append(e.b, "- "...)
		}
	default:
		if in.filled {
			e.b = append(e.b, ',')
		}
		e.line()
	}
	in.filled = true
}

// line begins a line with its indent.
func (e *emitter) line() {
	e.b = append(e.b, '\n')
	depth := len(e.open)
	if e.yaml {
		depth--
	}
	for range depth {
		e.b = append(e.b, "  "...)
	}
}

// key begins the next member of a map, whose value is in block style or not.
func (e *emitter) key(name string, block bool) {
	e.item()
	e.text(name)
	e.b = append(e.b, ':')
	if e.yaml && !block {
		e.b = append(e.b, ' ')
	}
}

// text writes a name, in YAML without quotes where it needs none.
func (e *emitter) text(s string) {
	if e.yaml && isPlain(s) && !isYAMLWord(s) {
		e.b = append(e.b, s...)
		return
	}
	e.b, _ = jsontext.AppendQuote(e.b, s) // names that passed Check are valid UTF-8
}

// isYAMLWord reports whether YAML, old or new, takes a plain word for something
// other than text.
func isYAMLWord(s string) bool {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return true
	}
	return false
}

func (e *emitter) decimal(d Decimal) { e.b = d.append(e.b) }

// quantity writes a number, or the text of a quantity with a suffix.
func (e *emitter) quantity(q Quantity) {
	start := len(e.b)
	e.b = q.append(append(e.b, '"'))
	last := e.b[len(e.b)-1]
	switch {
	case '0' <= last && last <= '9' || e.yaml:
		e.b = append(e.b[:start], e.b[start+1:]...)
	default:
		e.b = append(e.b, '"')
	}
}
