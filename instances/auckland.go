package instances

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"berth/model"
)

// Task graphs in DOT, as O. Sinnen keeps them with their optimal schedules (University
// of Auckland, Parallel and Reconfigurable Computing Lab): `ID [Weight=w];` is a task
// of that length, `A -> B [Weight=c];` a result that takes so long between different
// processors, of which there are as many as the name says behind Homogeneous-. They are
// all alike. Statements come in any order; comments, other attributes, and what a graph says of
// its looks or of those of all tasks or edges, are passed over. A Weight of all tasks or edges,
// and graphs in graphs, which DOT has too, are refused.
var aucklandFormat = Format{
	Name:  "auckland",
	Short: "task graphs with delays in DOT, as in Auckland's optimal schedules; --processors where the name has none",
	Looks: func(data []byte, _ string) bool {
		return strings.EqualFold(dotWords(data[:min(len(data), 4096)])[0].text, "digraph")
	},
	Read: readAuckland,
}

var homogeneous = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`Homogeneous-(\d{1,6})`) })

func readAuckland(data []byte, file string, opts Options) (*model.Instance, error) {
	processors := opts.Processors
	opts.Processors = 0
	if err := opts.plain("auckland", file); err != nil {
		return nil, err
	}
	d := &dot{words: dotWords(data), file: file}
	name, err := d.header()
	if err != nil {
		return nil, err
	}
	if in := homogeneous().FindStringSubmatch(name + " " + filepath.Base(file)); processors == 0 && in != nil {
		processors, _ = strconv.Atoi(in[1])
	}
	switch {
	case processors == 0:
		return nil, fmt.Errorf("%s: %w", file, errProcessors)
	case processors > maxProcessors:
		return nil, fmt.Errorf("%s: %d processors; want at most %d", file, processors, maxProcessors)
	}
	g := newGraph(file)
	g.alike(processors, unitBandwidth())
	for {
		more, err := d.statement(g)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	slices.SortStableFunc(g.in.Tasks, func(a, b model.Task) int {
		if len(a.Name) != len(b.Name) {
			return len(a.Name) - len(b.Name)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return g.done(file, func(k int) (line, column int) { return int(d.words[k].at.line), int(d.words[k].at.column) })
}

// dot reads the statements of a graph, word by word.
type dot struct {
	words []word
	next  int
	file  string
}

// word is a piece of a text: a name, a number, or one of -> { } [ ] ; = ,
type word struct {
	text string // of what stands in quotes, with the first of them, so that it is nothing else; at the end ""
	at   place
}

// dotSigns holds every word that is no name or number.
const dotSigns = "{}[];=,->"

// unquoted is the name that a word is.
func unquoted(text string) string { return strings.TrimPrefix(text, `"`) }

// place is a line and a column, both from 1.
type place struct{ line, column int32 }

// after is where what follows a text stands.
func (p place) after(text []byte) place {
	if last := bytes.LastIndexByte(text, '\n'); last >= 0 {
		return place{p.line + int32(bytes.Count(text, []byte("\n"))), int32(len(text) - last)}
	}
	return place{p.line, p.column + int32(len(text))}
}

// dotComment is how long the comment is that a text begins with, 0 where it begins with none.
func dotComment(text []byte) int {
	end := []byte("\n")
	switch {
	case bytes.HasPrefix(text, []byte("/*")):
		end = []byte("*/")
	case !bytes.HasPrefix(text, []byte("//")) && text[0] != '#':
		return 0
	}
	if at := bytes.Index(text, end); at >= 0 {
		return at + len(end)
	}
	return len(text)
}

// dotWords cuts a text into words.
func dotWords(data []byte) []word {
	var words []word
	at := place{1, 1}
	for k := 0; k < len(data); {
		width := 1
		text := ""
		switch c, comment := data[k], dotComment(data[k:]); {
		case comment > 0:
			width = comment
		case blank(c):
		case c == '"':
			for k+width < len(data) && data[k+width] != '"' && data[k+width] != '\n' {
				if data[k+width] == '\\' && k+width+1 < len(data) && data[k+width+1] != '\n' {
					width++
				}
				width++
			}
			text = strings.ReplaceAll(string(data[k:k+width]), `\"`, `"`)
			if k+width < len(data) && data[k+width] == '"' {
				width++
			}
		case strings.IndexByte("{}[];=,", c) >= 0:
			text = string(c)
		case c == '-' && k+1 < len(data) && data[k+1] == '>':
			width, text = 2, "->"
		default:
			for k+width < len(data) && !blank(data[k+width]) && strings.IndexByte(`{}[];=,"`, data[k+width]) < 0 && data[k+width] != '-' {
				width++
			}
			text = string(data[k : k+width])
		}
		if text != "" {
			words = append(words, word{text, at})
		}
		at = at.after(data[k : k+width])
		k += width
	}
	return append(words, word{"", at})
}

func (d *dot) peek() string { return d.words[d.next].text }

// take reads the next word; at the end it stays there.
func (d *dot) take() string {
	text := d.peek()
	if text != "" {
		d.next++
	}
	return text
}

// refuse is an error at the word that comes next.
func (d *dot) refuse(want string) error {
	found := "the end of the file"
	if text := d.peek(); text != "" {
		found = model.Quote(unquoted(text))
	}
	at := d.words[d.next].at
	return &model.DocumentError{File: d.file, Line: int(at.line), Column: int(at.column), Found: found, Want: want}
}

// header reads up to the brace, and returns the name of the graph.
func (d *dot) header() (name string, err error) {
	if !strings.EqualFold(d.peek(), "digraph") {
		return "", d.refuse("digraph")
	}
	d.take()
	if d.peek() != "{" {
		name = unquoted(d.take())
	}
	if d.peek() != "{" {
		return "", d.refuse("{")
	}
	d.take()
	return name, nil
}

// statement reads a task or an edge; false at the brace that ends the graph.
func (d *dot) statement(g *graph) (more bool, err error) {
	for d.peek() == ";" {
		d.take()
	}
	if d.peek() == "}" {
		if d.take(); d.peek() != "" {
			return false, d.refuse("nothing behind the graph")
		}
		return false, nil
	}
	begin := d.next
	switch word := strings.ToLower(d.peek()); {
	case word == "node", word == "edge", word == "graph":
		return true, d.looks(begin)
	case word == "subgraph":
		return false, d.refuse("a graph without graphs in it")
	}
	from := d.take()
	if from == "" || strings.Contains(dotSigns, from) {
		d.next = begin
		return false, d.refuse("the name of a task, or }")
	}
	to := ""
	switch d.peek() {
	case "=": // of the graph
		d.take()
		return true, d.value()
	case "->":
		d.take()
		if to = d.peek(); to == "" || strings.Contains(dotSigns, to) {
			return false, d.refuse("the name of a task")
		}
		d.take()
	}
	weight, at, err := d.weight()
	if err != nil {
		return false, err
	}
	return true, d.add(g, begin, from, to, weight, at)
}

// looks passes over the attributes that all tasks, all edges or the graph have; begin is where
// that begins. A Weight there is refused: to whom it would go depends on who is named before.
func (d *dot) looks(begin int) error {
	d.take()
	weight, _, err := d.attributes()
	if err == nil && weight != "" {
		d.next = begin
		err = d.refuse("tasks and edges that each have their Weight")
	}
	return err
}

// add adds a task, or an edge where it leads to one; at is where its weight stands.
func (d *dot) add(g *graph, begin int, from, to, weight string, at int) error {
	if to != "" {
		data, err := model.ParseQuantity(weight)
		if err != nil {
			d.next = at
			return d.refuse("a number that is not negative")
		}
		g.depend(unquoted(from), unquoted(to), data, begin)
		return nil
	}
	time, err := model.ParseDecimal(weight)
	if err != nil {
		d.next = at
		return d.refuse("a number from 0 with at most six fractional digits")
	}
	if _, twice := g.task[unquoted(from)]; twice {
		d.next = begin
		return d.refuse("every task once")
	}
	g.work(unquoted(from), time, begin)
	return nil
}

// weight reads attributes and returns that of the name, which must be there.
func (d *dot) weight() (weight string, at int, err error) {
	if d.peek() != "[" {
		return "", 0, d.refuse("[Weight=…]")
	}
	if weight, at, err = d.attributes(); err == nil && weight == "" {
		d.next--
		return "", 0, d.refuse("Weight among the attributes")
	}
	return weight, at, err
}

// value passes over the value of an attribute.
func (d *dot) value() error {
	if text := d.peek(); text == "" || strings.Contains(dotSigns, text) {
		return d.refuse("the value of an attribute")
	}
	d.take()
	return nil
}

// attributes reads lists of attributes, and returns the weight where one is among them, and where
// it stands.
func (d *dot) attributes() (weight string, at int, err error) {
	for d.peek() == "[" {
		d.take()
		for d.peek() != "]" {
			key := d.take()
			if d.peek() != "=" {
				return "", 0, d.refuse("= and the value of " + model.Quote(unquoted(key)))
			}
			d.take()
			if strings.EqualFold(unquoted(key), "weight") {
				weight, at = unquoted(d.peek()), d.next
			}
			if err := d.value(); err != nil {
				return "", 0, err
			}
			if d.peek() == "," || d.peek() == ";" {
				d.take()
			}
			if d.peek() == "" {
				return "", 0, d.refuse("]")
			}
		}
		d.take()
	}
	return weight, at, nil
}
