package adapter

import (
	"errors"
	"strings"
	"testing"

	"berth/model"
)

const minimal = `format: berth/v1
kind: adapter
name: some
program: some
encoding: lp
command: ["{program}", "{instance}"]
answer: [{format: sat}]
`

func TestShipped(t *testing.T) {
	want := []string{"berth", "cbc", "clasp", "gecode", "glpk", "highs", "scip", "toulbar2"}
	var names []string
	for _, a := range Shipped() {
		names = append(names, a.Name)
		if a.Short == "" || a.get == "" || a.Digest == "" {
			t.Errorf("%s says too little about itself", a.Name)
		}
	}
	if strings.Join(names, " ") != strings.Join(want, " ") {
		t.Errorf("shipped are %v, want %v", names, want)
	}
}

func TestReadRefuses(t *testing.T) {
	if _, err := Read([]byte(minimal), "some.yaml"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{"name: some", "name: some\nnane: x", `some.yaml:4:1: found the field "nane"; want a field of an adapter: answer, command, `},
		{"kind: adapter", "kind: solver", `some.yaml:2:7: kind: found "solver"; want adapter`},
		{"name: some\n", "", "some.yaml:1:1: found no name; want an adapter with name"},
		{"program: some\n", "", "found no program"},
		{"encoding: lp\n", "", "found no encoding"},
		{"answer: [{format: sat}]\n", "", "found no answer"},
		{"answer: [{format: sat}]", "answer: []", "found no answer"},
		{`command: ["{program}", "{instance}"]`, "command: []", "found no command"},
		{"name: some", "name: so me", `some.yaml:3:7: name: found "so me"; want a name of letters`},
		{"program: some", "program: bin/some", `program: found "bin/some"; want the name of a program, without a folder: a plan's ` + "`program`" + ` names a file`},
		{"encoding: lp", "encoding: xml", `encoding: found "xml"; want one of berth, lp, mps, opb, wcnf, dimacs, wcsp`},
		{"encoding: lp", "encoding: berth", "found encoding berth with an answer in format sat; want both berth, or neither"},
		{"{format: sat}", "{format: berth}", "found encoding lp with an answer in format berth"},
		{"{format: sat}", "{format: pdf}", `answer[0].format: found "pdf"; want one of cbc, glpsol, highs, minizinc, sat, scip, toulbar2, berth`},
		{"{format: sat}", "{file: a}", "answer[0]: found no format"},
		{"{format: sat}", "{file: ../a, format: sat}", `answer[0].file: found "../a"; want the name of a file`},
		{`["{program}",`, `["some",`, "command[0]: found a command that does not begin with {program}"},
		{`"{instance}"]`, `"{instanz}"]`, "some.yaml:6:24: command[1]: found the placeholder {instanz}; want one of program, instance, seed,"},
		{`"{instance}"]`, `[-t, "{tyme}s"]]`, "command[1][1]: found the placeholder {tyme}"},
		{`"{instance}"]`, `{a: b}]`, "command[1]: found a map; want an argument"},
		{"name: some", "name: some\nfiles: {a.txt: \"{more}\"}", "files.a.txt: found the placeholder {more}"},
		{"name: some", "name: some\nfiles: {\"a/b\": x}", `found the name "a/b"`},
		{"name: some", "name: some\noptions: {seed: 1}", `options.seed: found an option called "seed"`},
		{"name: some", "name: some\noptions: {\"a b\": 1}", `found an option called "a b"`},
		{"name: some", "name: some\nversion: {command: [\"{program}\"]}", "version: found no command or no match"},
		{"name: some", "name: some\nversion: {command: [\"{program}\", \"{seed}\"], match: (.)}", "version.command[1]: found the placeholder {seed}; want one of program"},
		{"name: some", "name: some\nversion: {command: [\"{program}\"], match: v}", "version.match: found an expression with 0 groups"},
		{"name: some", "name: some\nstatus: {optimal: '('}", "status.optimal: found \"(\"; want a regular expression as Go's package regexp takes it"},
		{"name: some", "name: some\nstatus: {great: x}", `found the field "great"; want a field of what is said about the end: infeasible, memory,`},
		{"name: some", "name: some\nprogress: ['(\\d+)']", "progress[0]: found an expression that tells neither objective nor bound"},
		{"name: some", "name: some\nprogress: ['(?P<cost>\\d+)']", `progress[0]: found the group "cost"; want one of seconds, objective, bound`},
		{"name: some", "name: some\nstop: HUP", `stop: found "HUP"; want one of TERM, INT, none`},
		{"name: some", "name: some\nexact: perhaps", `exact: found "perhaps"; want true or false`},
		{"encoding: lp\ncommand: [\"{program}\", \"{instance}\"]\nanswer: [{format: sat}]", "encoding: berth\ncommand: [\"{program}\"]\nanswer: [{format: berth}]\nprogress: ['(?P<bound>.)']", "found encoding berth with progress"},
	} {
		text := strings.Replace(minimal, c.from, c.to, 1)
		if text == minimal {
			t.Fatalf("%q is not in the document", c.from)
		}
		_, err := Read([]byte(text), "some.yaml")
		var placed *model.DocumentError
		if !errors.As(err, &placed) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: got %v, want %q", c.to, c.from, err, c.want)
		}
	}
}

// No text makes the reader fail other than with an error that names the file, and
// what it takes for an adapter prepares a call.
func FuzzRead(f *testing.F) {
	f.Add([]byte(minimal))
	entries, err := shipped.ReadDir("shipped")
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries {
		data, err := shipped.ReadFile("shipped/" + entry.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	in, p, _ := instance(f, "pinned")
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Read(data, "some.yaml")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "some.yaml") {
				t.Errorf("the error %q does not name the file", err)
			}
			return
		}
		c, err := a.Prepare(Job{Problem: p, Instance: in, Dir: t.TempDir(), Program: "/bin/true"})
		if err == nil && (len(c.Command) == 0 || c.Command[0] != "/bin/true") {
			t.Errorf("the command is %q", c.Command)
		}
	})
}

func TestFilesAreCalledLikeTheirAdapters(t *testing.T) {
	shipped := Shipped()
	for k, name := range Names() {
		if shipped[k].Name != name {
			t.Errorf("shipped/%s.yaml describes %s", name, shipped[k].Name)
		}
	}
}
