// Package compiled makes problems of what stands in tests.
package compiled

import "berth/model"

// T is a test, of package testing or of rapid.
type T interface {
	Helper()
	Name() string
	Fatal(args ...any)
}

// Document reads and compiles a document. It ends the test where that fails.
func Document(t T, text string) *model.Problem {
	t.Helper()
	in, err := model.Read([]byte(text), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	return Instance(t, in)
}

// Instance compiles an instance. It ends the test where that fails.
func Instance(t T, in *model.Instance) *model.Problem {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
