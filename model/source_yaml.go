package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// yamlSource walks the tree of a YAML document. Aliases are followed, within a
// budget: a few lines of nested aliases can stand for more values than fit in any
// memory.
type yamlSource struct {
	next   *yaml.Node  // the value that comes next; nil where none does
	stack  []yamlFrame // the maps and lists around it
	last   *yaml.Node  // what was read or entered last
	budget int         // values that may still be visited
	fault  *fault
}

// yamlFrame is a map or list that was entered.
type yamlFrame struct {
	node *yaml.Node
	next int // into node.Content
}

func newYAMLSource(data []byte) (source, *fault) {
	root, f := parseYAML(data)
	if f != nil {
		return nil, f
	}
	s := &yamlSource{budget: 2_000_000 + 2*len(data)}
	s.arrive(root)
	return s, nil
}

// ParseYAML returns the tree of a text in UTF-8 that is one YAML document. file is the name
// for messages. O(size of the file).
func ParseYAML(data []byte, file string) (*yaml.Node, *DocumentError) {
	f := checkEncoding(data)
	if f == nil {
		var root *yaml.Node
		if root, f = parseYAML(data); f == nil {
			return root, nil
		}
	}
	return nil, f.document(data, file)
}

// parseYAML returns the value that the only document of a file holds.
func parseYAML(data []byte) (*yaml.Node, *fault) {
	documents, said := yamlDocuments(data)
	switch {
	case said != "":
		return nil, yamlFault(data, said)
	case len(documents) == 0 || len(documents[0].Content) == 0:
		return nil, emptyFile()
	case len(documents) > 1:
		second := documents[1]
		return nil, &fault{
			line: second.Line, column: second.Column,
			found: "a second YAML document", want: "one document in a file: split it at the line ---",
		}
	}
	return documents[0].Content[0], nil
}

// yamlDocuments returns the first documents of a file, at most two, or what the parser says
// is wrong. It may panic on what it does not expect; that is said, too.
func yamlDocuments(data []byte) (documents []*yaml.Node, said string) {
	defer func() {
		if r := recover(); r != nil {
			said = fmt.Sprint(r)
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for len(documents) < 2 {
		node := new(yaml.Node)
		switch err := decoder.Decode(node); {
		case errors.Is(err, io.EOF):
			return documents, ""
		case err != nil:
			return nil, err.Error()
		}
		documents = append(documents, node)
	}
	return documents, ""
}

var (
	yamlLine   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^yaml: (?:line (\d+): )?`) })
	yamlAnchor = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^unknown anchor '(.*)' referenced`) })
)

// yamlFault makes a fault of what the YAML parser says. Its lines count from 0
// where the grammar is broken, are those of the value around the place, and may be behind
// the end.
func yamlFault(data []byte, message string) *fault {
	line := 0
	if prefix := yamlLine().FindStringSubmatch(message); prefix != nil {
		line, _ = strconv.Atoi(prefix[1]) // or nothing
		message = message[len(prefix[0]):]
	}
	f := &fault{found: "a syntax error (" + message + ")", want: "YAML or JSON", line: max(line, 1), column: 1}
	if strings.HasPrefix(message, "did not find expected") {
		f.line = min(f.line+1, 1+bytes.Count(bytes.TrimRight(data, "\n"), []byte("\n")))
		f.found = "a syntax error in what begins here (" + message + ")"
	}
	if at := bytes.IndexFunc(data, isControl); at >= 0 && strings.Contains(message, "control characters") {
		r, _ := utf8.DecodeRune(data[at:])
		f.line, f.column = LineColumn(data, at)
		f.found, f.want = fmt.Sprintf("the control character %U", r), "a text without it"
	}
	if anchor := yamlAnchor().FindStringSubmatch(message); anchor != nil {
		f.line, f.column = LineColumn(data, bytes.Index(data, []byte("*"+anchor[1])))
		f.found, f.want = "an alias of "+Quote(anchor[1]), "an anchor &"+anchor[1]+" before it"
	}
	return f
}

// isControl reports what may not stand in YAML (YAML 1.2, section 5.1), of characters
// that are UTF-8.
func isControl(r rune) bool {
	return r != '\t' && r != '\n' && r != '\r' && r != 0x85 && unicode.IsControl(r) || r == 0xFEFF || r == 0xFFFE || r == 0xFFFF
}

// arrive makes a node the next value, following aliases.
func (s *yamlSource) arrive(node *yaml.Node) {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	s.next = node
	if s.budget--; s.budget < 0 {
		s.fail(node, "aliases that stand for millions of values", "a document written out")
	}
}

func (s *yamlSource) fail(node *yaml.Node, found, want string) {
	if s.fault == nil {
		s.fault = &fault{line: node.Line, column: node.Column, found: found, want: want}
	}
}

func (s *yamlSource) peek() kind {
	if s.next == nil || s.fault != nil {
		return endOf
	}
	switch s.next.Kind {
	case yaml.MappingNode:
		return mapKind
	case yaml.SequenceNode:
		return listKind
	}
	switch tag := s.next.ShortTag(); tag {
	case "!!null":
		return nullKind
	case "!!bool":
		return boolKind
	case "!!int", "!!float":
		return numberKind
	case "!!str", "!!timestamp", "!!merge":
		return textKind
	default:
		s.fail(s.next, "the tag "+Quote(tag), "a value without a tag")
		return endOf
	}
}

func (s *yamlSource) enter() {
	node := s.next
	if node == nil || s.fault != nil {
		return
	}
	s.last = node
	s.stack = append(s.stack, yamlFrame{node: node})
	if node.Kind == yaml.MappingNode {
		s.checkKeys(node)
	}
	s.move()
}

// checkKeys refuses keys that are not text, or come twice.
func (s *yamlSource) checkKeys(node *yaml.Node) {
	lines := make(map[string]int, len(node.Content)/2)
	for k := 0; k < len(node.Content); k += 2 {
		key := node.Content[k]
		for key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		tag := key.ShortTag()
		switch {
		case key.Kind != yaml.ScalarNode:
			s.fail(key, "a map or list as a key", "a name")
		case tag == "!!merge":
			s.fail(key, "the merge key <<", "the fields written out, or an alias of a whole value")
		case tag != "!!str" && tag != "!!timestamp":
			s.fail(key, "the key "+key.Value, "a name: put it in quotes, "+Quote(key.Value))
		case lines[key.Value] > 0:
			s.fail(key, "the key "+Quote(key.Value)+" a second time",
				"every key once: it is in line "+strconv.Itoa(lines[key.Value])+" already")
		}
		lines[key.Value] = key.Line
	}
}

// move goes on to the next element, or to the next key of a map.
func (s *yamlSource) move() {
	if len(s.stack) == 0 {
		s.next = nil
		return
	}
	frame := &s.stack[len(s.stack)-1]
	if frame.next == len(frame.node.Content) {
		s.next = nil
		return
	}
	s.arrive(frame.node.Content[frame.next])
	frame.next++
}

func (s *yamlSource) leave() {
	if s.fault == nil {
		s.stack = s.stack[:len(s.stack)-1]
		s.move()
	}
}

func (s *yamlSource) key() []byte { return s.text() }

func (s *yamlSource) text() []byte {
	if s.next == nil || s.fault != nil {
		return nil
	}
	s.last = s.next
	s.move()
	return []byte(s.last.Value)
}

func (s *yamlSource) skip() { s.move() }

func (s *yamlSource) position() (line, column int) {
	if s.last == nil {
		return 1, 1
	}
	return s.last.Line, s.last.Column
}

func (s *yamlSource) failure() *fault { return s.fault }
