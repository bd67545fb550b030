package model

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// A row of testdata/bad.txt is a document and the message that it gets:
//
//	== what is wrong with it
//	… the document; a line "HEAD" stands for a head with nodes n1 and n2 …
//	-> 5:12: tasks[0].fetch: found …
const badHead = `format: berth/v1
kind: placement
nodes: [{name: n1, labels: {rack: r1}}, {name: n2}]
tasks:`

type badDocument struct{ name, text, message string }

func badDocuments(t testing.TB, file string) []badDocument {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rows []badDocument
	for _, part := range strings.Split("\n"+string(data), "\n== ")[1:] {
		name, rest, _ := strings.Cut(part, "\n")
		text, message, ok := strings.Cut(rest, "\n-> ")
		if !ok {
			t.Fatalf("%s: row %q lacks a message", file, name)
		}
		text = strings.NewReplacer("HEAD\n", badHead+"\n", "SHORT\n", solutionHead+"\n").Replace(text + "\n")
		rows = append(rows, badDocument{name, text, strings.TrimSpace(message)})
	}
	return rows
}

func TestReadRefuses(t *testing.T) {
	rows := badDocuments(t, "testdata/bad.txt")
	if len(rows) < 80 {
		t.Errorf("only %d bad documents", len(rows))
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			_, err := Read([]byte(row.text), "bad")
			checkMessage(t, err, "bad:"+row.message)
		})
	}
}

func checkMessage(t *testing.T, err error, want string) {
	t.Helper()
	var document *DocumentError
	switch {
	case !errors.As(err, &document):
		t.Errorf("no error of the document but %v\nwant %s", err, want)
	case err.Error() != want:
		t.Errorf("\ngot  %s\nwant %s", err, want)
	}
}

func TestKind(t *testing.T) {
	for text, want := range map[string]string{
		"format: berth/v1\nkind: placement\nnodes: []\n":            "placement",
		`{"format": "berth/v1", "kind": "solution", "nonsense": [}`: "solution",
		`{"tasks": [{"kind": "x"}], "kind": "workflow"}`:            "workflow",
		`{"kind": 7}`:                       "",
		`{"kind": "plac`:                    "",
		"kind: [placement]":                 "",
		"name: shop\n":                      "",
		"- kind: placement\n":               "",
		"2 3\n1 2 3\n3 2 1\n":               "",
		"":                                  "",
		"\x00kind: placement":               "",
		"kind: placement\nkind: solution\n": "",
	} {
		if got := Kind([]byte(text)); got != want {
			t.Errorf("the kind of %q is %q, want %q", text, got, want)
		}
	}
}
