package adapter

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"berth/encode"
	"berth/encode/formats"
	"berth/harness/document"
)

// own is the encoding and the answer of berth itself: the instance as it is and the
// solution document.
const own = "berth"

// The keys of status, in the order in which they are looked for: what a program says
// in its log about how it ended.
var statuses = []string{"optimal", "infeasible", "unfit", "memory", "unknown"}

// The groups that an expression of progress may have.
var groups = []string{"seconds", "objective", "bound"}

var plainName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`) })

// Read reads the document of an adapter, kind: adapter. file is the name for
// messages. The error is a *model.DocumentError.
func Read(data []byte, file string) (*Adapter, error) {
	r := &reader{Adapter: &Adapter{
		Digest: digest(data, 4), Options: map[string]string{}, stop: "TERM",
		status: map[string]*regexp.Regexp{},
	}}
	if err := document.Read(data, file, "adapter", r.whole); err != nil {
		return nil, err
	}
	return r.Adapter, nil
}

// reader reads an adapter. What has placeholders is checked when all options are
// known.
type reader struct {
	*Adapter
	open []placed
}

// placed is a text with placeholders and its place.
type placed struct {
	document.Value
	text  string
	known []string // the placeholders that it may have; nil: those of a run
}

func (r *reader) whole(top document.Value) {
	top.Map("an adapter", document.Fields{
		"name":        func(v document.Value) { r.Name = plain(v, "a name") },
		"short":       func(v document.Value) { r.Short = v.Text("a line that says what it is") },
		"program":     func(v document.Value) { r.Program = program(v) },
		"get":         func(v document.Value) { r.get = v.Text("how to get the program") },
		"encoding":    func(v document.Value) { r.Encoding = oneOf(v, encodings()) },
		"options":     r.options,
		"version":     r.readVersion,
		"files":       func(v document.Value) { r.Adapter.files = r.texts(v, "of texts by file") },
		"command":     func(v document.Value) { r.command = r.arguments(v, nil) },
		"environment": func(v document.Value) { r.environment = r.texts(v, "of texts by variable") },
		"stop":        func(v document.Value) { r.stop = oneOf(v, []string{"TERM", "INT", "none"}) },
		"answer": func(v document.Value) {
			v.List("places where the answer may be", func(v document.Value) { r.answers = append(r.answers, answer(v)) })
		},
		"exact":  func(v document.Value) { r.exact = v.Bool() },
		"status": r.readStatus,
		"progress": func(v document.Value) {
			v.List("regular expressions", func(v document.Value) { r.Adapter.progress = append(r.Adapter.progress, progress(v)) })
		},
	})
	for _, missing := range []struct {
		is   bool
		name string
	}{
		{r.Name == "", "name"},
		{r.Program == "", "program"},
		{r.Encoding == "", "encoding"},
		{len(r.command) == 0, "command"},
		{len(r.answers) == 0, "answer"},
	} {
		if missing.is {
			top.Fail("no "+missing.name, "an adapter with "+missing.name)
		}
	}
	for _, s := range r.answers {
		if (s.format == own) != (r.Encoding == own) {
			top.Fail("encoding "+r.Encoding+" with an answer in format "+s.format, "both berth, or neither")
		}
	}
	if r.Encoding == own && len(r.Adapter.progress) > 0 {
		top.Fail("encoding berth with progress", "one of the two: the trajectory of a solution is in its document")
	}
	r.checkPlaceholders()
}

// checkPlaceholders finds placeholders that nothing will fill.
func (r *reader) checkPlaceholders() {
	for _, p := range r.open {
		known := p.known
		if known == nil {
			known = append(slices.Clone(given), slices.Sorted(maps.Keys(r.Options))...)
		}
		for _, name := range placeholders(p.text) {
			if !slices.Contains(known, name) {
				p.Fail("the placeholder {"+name+"}", "one of "+strings.Join(known, ", "))
			}
		}
	}
}

func plain(v document.Value, want string) string {
	text := v.Text(want)
	if !plainName().MatchString(text) {
		v.Fail(strconv.Quote(text), want+" of letters, digits, dots, - and _")
	}
	return text
}

func program(v document.Value) string {
	name := v.Text("the name of a program")
	if name == "" || name != filepath.Base(name) {
		v.Fail(strconv.Quote(name), "the name of a program, without a folder: a plan's `program` names a file")
	}
	return name
}

func oneOf(v document.Value, words []string) string {
	want := "one of " + strings.Join(words, ", ")
	text := v.Text(want)
	if !slices.Contains(words, text) {
		v.Fail(strconv.Quote(text), want)
	}
	return text
}

func encodings() []string {
	names := []string{own}
	for _, f := range formats.All() {
		names = append(names, f.Name)
	}
	return names
}

func (r *reader) options(v document.Value) {
	v.Each("of defaults by option", func(name string, v document.Value) {
		if !placeholderName().MatchString(name) || slices.Contains(given, name) {
			v.Fail("an option called "+strconv.Quote(name), "a name of letters, digits and _ that is none of "+strings.Join(given, ", "))
		}
		r.Options[name] = v.Text(`a default, "" for none`)
	})
}

func (r *reader) readVersion(v document.Value) {
	v.Map("how to ask for the version", document.Fields{
		"command": func(v document.Value) { r.version.command = r.arguments(v, []string{"program"}) },
		"match": func(v document.Value) {
			if r.version.match = expression(v); r.version.match != nil && r.version.match.NumSubexp() != 1 {
				v.Fail("an expression with "+strconv.Itoa(r.version.match.NumSubexp())+" groups", "one group, around the version")
			}
		},
	})
	if len(r.version.command) == 0 || r.version.match == nil {
		v.Fail("no command or no match", "both; without version the program's file is its version")
	}
}

// arguments reads a command: texts, or lists of texts that go together. The first
// one is the program.
func (r *reader) arguments(v document.Value, known []string) []argument {
	var command []argument
	v.List("arguments", func(v document.Value) {
		var together argument
		one := func(v document.Value) {
			text := v.Text("an argument")
			together = append(together, text)
			r.open = append(r.open, placed{v, text, known})
		}
		if v.IsList() {
			v.List("arguments that go together", one)
		} else {
			one(v)
		}
		if len(command) == 0 && !slices.Equal(together, argument{"{program}"}) {
			v.Fail("a command that does not begin with {program}", `"{program}" first`)
		}
		command = append(command, together)
	})
	return command
}

// texts reads texts with placeholders under names.
func (r *reader) texts(v document.Value, what string) []named {
	var list []named
	v.Each(what, func(name string, v document.Value) {
		if !plainName().MatchString(name) {
			v.Fail("the name "+strconv.Quote(name), "a name of letters, digits, dots, - and _")
		}
		text := v.Text("a text")
		list = append(list, named{name, text})
		r.open = append(r.open, placed{v, text, nil})
	})
	return list
}

func answer(v document.Value) source {
	var s source
	v.Map("a place where the answer may be", document.Fields{
		"file":   func(v document.Value) { s.file = plain(v, "the name of a file") },
		"format": func(v document.Value) { s.format = oneOf(v, append(encode.AnswerFormats(), own)) },
	})
	if s.format == "" {
		v.Fail("no format", "the format of the answer: "+strings.Join(append(encode.AnswerFormats(), own), ", "))
	}
	return s
}

func (r *reader) readStatus(v document.Value) {
	fields := document.Fields{}
	for _, name := range statuses {
		fields[name] = func(v document.Value) { r.Adapter.status[name] = expression(v) }
	}
	v.Map("what is said about the end", fields)
}

// progress reads an expression for a line of the log.
func progress(v document.Value) *regexp.Regexp {
	e := expression(v)
	if e == nil {
		return nil
	}
	tells := false
	for _, group := range e.SubexpNames()[1:] {
		if group != "" && !slices.Contains(groups, group) {
			v.Fail("the group "+strconv.Quote(group), "one of "+strings.Join(groups, ", "))
		}
		tells = tells || group == "objective" || group == "bound"
	}
	if !tells {
		v.Fail("an expression that tells neither objective nor bound", "a group (?P<objective>…) or (?P<bound>…)")
	}
	return e
}

// expression reads a regular expression in which ^ and $ stand for the ends of a line.
func expression(v document.Value) *regexp.Regexp {
	text := v.Text("a regular expression")
	e, err := regexp.Compile("(?m)" + text)
	if err != nil {
		v.Fail(strconv.Quote(text), "a regular expression as Go's package regexp takes it: "+err.Error())
		return nil
	}
	return e
}
