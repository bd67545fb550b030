package tidy_test

import (
	"strings"
	"testing"

	"berth/internal/tidy"
)

func TestProjectIsTidy(t *testing.T) {
	files, err := tidy.Load("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("found only %d Go files; is ../.. the root of the project?", len(files))
	}
	for _, f := range files {
		for _, rule := range tidy.Rules {
			for _, finding := range rule(f) {
				t.Error(finding)
			}
		}
	}
}

// TestRulesAlarm feeds each rule what it must find, so that a rule that finds
// nothing any more is noticed.
func TestRulesAlarm(t *testing.T) {
	for _, c := range []struct {
		name, path, source string
		rule               tidy.Rule
		want               string // part of the only finding; empty: none
	}{
		{"import up", "model/a.go", `package model; import "berth/search"`, tidy.Imports, "model may not import search"},
		{"import aside", "instances/a.go", `package instances; import _ "berth/search"`, tidy.Imports, "instances may not import search"},
		{"import down", "solvers/lp/a.go", `package lp; import "berth/encode"`, tidy.Imports, ""},
		{"import of its own folder", "encode/sat/a.go", `package sat; import "berth/encode"`, tidy.Imports, ""},
		{"test imports up", "model/a_test.go", `package model_test; import "berth/instances"`, tidy.Imports, ""},
		{"folder unknown", "extra/a.go", `package extra`, tidy.Imports, "not in the table"},
		{"clock in a method", "heuristics/a.go", `package h; import "time"; var t = time.Now()`, tidy.Calls, "the board has the clock"},
		{"clock on the board", "search/a.go", `package s; import "time"; var t = time.Now()`, tidy.Calls, ""},
		{"duration in a method", "heuristics/a.go", `package h; import "time"; var t = time.Second`, tidy.Calls, ""},
		{"renamed import", "heuristics/a.go", `package h; import clock "time"; var t = clock.Now()`, tidy.Calls, "the board has the clock"},
		{"old rand", "heuristics/a.go", `package h; import "math/rand"; var r = rand.New(nil)`, tidy.Calls, "math/rand/v2"},
		{"unseeded rand", "heuristics/a.go", `package h; import "math/rand/v2"; var r = rand.IntN(3)`, tidy.Calls, "repeats"},
		{"seeded rand", "heuristics/a.go", `package h; import "math/rand/v2"; var r = rand.New(rand.NewPCG(1, 2))`, tidy.Calls, ""},
		{"exit below cmd", "model/a.go", `package m; import "os"; func f() { os.Exit(1) }`, tidy.Calls, "return an error"},
		{"fatal below cmd", "model/a.go", `package m; import "log"; func f() { log.Fatal(1) }`, tidy.Calls, "return an error"},
		{"float in the judge", "model/a.go", `package model; func f(v int64) int64 { return int64(float64(v)) }`, tidy.Floats, "float64"},
		{"float literal", "model/a.go", `package model; const half = 0.5`, tidy.Floats, "0.5"},
		{"float to show", "model/a.go", `package model; func Gap() float64 { return 1.0 }`, tidy.Floats, ""},
		{"long file", "model/a.go", "package model\n" + strings.Repeat("\n", 800), tidy.Length, "split the file"},
		{"long function", "model/a.go", "package model\nfunc f() {\n" + strings.Repeat("f()\n", 200) + "}", tidy.Length, "f has 202 lines"},
		{"no doc", "model/a.go", "package model\nfunc F() {}", tidy.Documented, "F has no doc comment"},
		{"doc", "model/a.go", "package model\n// F does.\nfunc F() {}", tidy.Documented, ""},
		{"method without doc", "model/a.go", "package model\n// T is.\ntype T[K any] int\nfunc (t *T[K]) F() {}", tidy.Documented, "F has no"},
		{"method of an inner type", "model/a.go", "package model\ntype t int\nfunc (t) F() {}", tidy.Documented, ""},
		{"mark", "model/a.go", "package model\n// TO" + "DO: more", tidy.Finished, "finish it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := tidy.Parse(c.path, []byte(c.source))
			if err != nil {
				t.Fatal(err)
			}
			found := c.rule(f)
			switch {
			case c.want == "" && len(found) > 0:
				t.Errorf("found %q where nothing is wrong", found)
			case c.want != "" && (len(found) != 1 || !strings.Contains(found[0], c.want)):
				t.Errorf("found %q, want one finding with %q", found, c.want)
			}
		})
	}
}
