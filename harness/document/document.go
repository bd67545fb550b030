// Package document reads the documents of the harness, which are YAML, strictly: a
// field that nobody knows, a key that comes twice or a value of the wrong kind is an
// error with its place, and so is a document of another kind.
package document

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"berth/model"
)

// Value is a value in a document. It is read without looking at errors: after the
// first one everything reads as empty, and what went wrong is returned by Read.
type Value struct {
	node *yaml.Node
	path string
	all  *reading
	key  *yaml.Node // it stands under; nil in a list and for the whole
}

type reading struct {
	file string
	err  *model.DocumentError
}

// Fields are the fields that a map may have, each with what reads it.
type Fields map[string]func(Value)

// Read decodes a document: format and kind are checked, then read gets the whole, a
// map. file is the name for messages. The error is a *model.DocumentError.
func Read(data []byte, file, kind string, read func(Value)) error {
	root, wrong := model.ParseYAML(data, file)
	if wrong != nil {
		return wrong
	}
	r := &reading{file: file}
	top := Value{node: root, all: r}
	top.header(kind)
	if r.err == nil {
		read(top)
	}
	if r.err != nil {
		return r.err
	}
	return nil
}

var header = []string{"format", "kind"}

// header checks format and kind, which come before everything else that is wrong.
func (v Value) header(kind string) {
	want := map[string]string{"format": "berth/v1", "kind": kind}
	found := map[string]bool{}
	for name, field := range v.members("a document of kind " + kind) {
		text, ok := want[name]
		if !ok {
			continue
		}
		found[name] = true
		if got := field.Text(text); got != text {
			field.Fail(model.Quote(got), text)
		}
	}
	for _, name := range header {
		if !found[name] {
			v.Fail("no "+name, name+": "+want[name])
		}
	}
}

// Fail records what is wrong with the value and what to write instead.
func (v Value) Fail(found, want string) {
	if v.all.err == nil {
		v.all.err = &model.DocumentError{
			File: v.all.file, Path: v.path, Line: v.node.Line, Column: v.node.Column, Found: found, Want: want,
		}
	}
}

// ok says whether all is well so far.
func (v Value) ok() bool { return v.all.err == nil }

// IsList says whether the value is a list.
func (v Value) IsList() bool { return v.node.Kind == yaml.SequenceNode }

// IsMap says whether the value is a map.
func (v Value) IsMap() bool { return v.node.Kind == yaml.MappingNode }

// describe names a value of the wrong kind.
func (v Value) describe() string {
	switch v.node.Kind {
	case yaml.MappingNode:
		return "a map"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if v.node.ShortTag() == "!!null" {
		return "nothing"
	}
	return model.Quote(v.node.Value)
}

// Text reads a text. Numbers and truth values are taken as they are written.
func (v Value) Text(want string) string {
	if v.node.Kind != yaml.ScalarNode || v.node.ShortTag() == "!!null" {
		v.Fail(v.describe(), want)
	}
	if !v.ok() {
		return ""
	}
	return v.node.Value
}

// Bool reads true or false.
func (v Value) Bool() bool {
	if v.node.Kind != yaml.ScalarNode || v.node.ShortTag() != "!!bool" {
		v.Fail(v.describe(), "true or false")
	}
	return v.ok() && strings.EqualFold(v.node.Value, "true")
}

// List reads a list.
func (v Value) List(what string, each func(Value)) {
	if v.node.Kind != yaml.SequenceNode {
		v.Fail(v.describe(), "a list of "+what)
	}
	if !v.ok() {
		return
	}
	for k, node := range v.node.Content {
		if each(Value{node: node, path: fmt.Sprintf("%s[%d]", v.path, k), all: v.all}); !v.ok() {
			return
		}
	}
}

// Each reads a map whose keys are the user's names, in the order of the document.
func (v Value) Each(what string, each func(name string, value Value)) {
	for name, value := range v.members(what) {
		if each(name, value); !v.ok() {
			return
		}
	}
}

// Map reads a map that has these fields only; the whole document may have format and
// kind besides.
func (v Value) Map(what string, fields Fields) {
	for name, value := range v.members(what) {
		if v.path == "" && slices.Contains(header, name) {
			continue
		}
		read, known := fields[name]
		if !known {
			Value{node: value.key, path: v.path, all: v.all}.Fail("the field "+model.Quote(name), "a field of "+what+": "+strings.Join(names(fields), ", "))
			return
		}
		if read(value); !v.ok() {
			return
		}
	}
}

func names(fields Fields) []string {
	var list []string
	for name := range fields {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// members goes through a map and refuses keys that are not text or come twice.
func (v Value) members(what string) func(yield func(string, Value) bool) {
	return func(yield func(string, Value) bool) {
		if v.node.Kind != yaml.MappingNode {
			v.Fail(v.describe(), "a map: "+what)
		}
		seen := map[string]bool{}
		for k := 0; v.ok() && k+1 < len(v.node.Content); k += 2 {
			key := v.node.Content[k]
			at := Value{node: key, path: v.path, all: v.all}
			switch {
			case key.Kind != yaml.ScalarNode || key.Value == "" || key.ShortTag() == "!!merge":
				at.Fail(at.describe()+" as a key", "a name")
				return
			case seen[key.Value]:
				at.Fail("the key "+model.Quote(key.Value)+" a second time", "every key once")
				return
			}
			seen[key.Value] = true
			path := key.Value
			if v.path != "" {
				path = v.path + "." + key.Value
			}
			if !yield(key.Value, Value{v.node.Content[k+1], path, v.all, key}) {
				return
			}
		}
	}
}
