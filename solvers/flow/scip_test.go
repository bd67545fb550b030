package flow_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"berth/encode"
	"berth/encode/formats"
	"berth/harness/adapter"
	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
	"berth/solvers/flow"
)

// SCIP comes to the same optima where uplinks are short, of chunks of one size and of
// unlike sizes.
func TestUplinksAgainstSCIP(t *testing.T) {
	shipped := adapter.Shipped()
	scip := shipped[slices.IndexFunc(shipped, func(a *adapter.Adapter) bool { return a.Name == "scip" })]
	path, err := scip.Find()
	if err != nil {
		t.Skip(err)
	}
	format, _ := formats.Find("lp")
	for even := range 2 {
		spec := chunks(5, 30)
		spec.Uplinks, spec.Even, spec.Fill = 100, even, 90
		in, err := instances.Generate(spec, 7)
		if err != nil {
			t.Fatal(err)
		}
		p := compiled.Instance(t, in)
		program := encode.Build(p)
		var file bytes.Buffer
		if err := format.Write(&file, program, nil); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "chunks.lp")
		if err := os.WriteFile(name, file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command(path, "-c", "read "+name, "-c", "optimize", "-c", "display solution", "-c", "quit").CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		answer, err := encode.ParseAnswer(said, "")
		if err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		pl, err := program.DecodeAnswer(answer)
		if err != nil {
			t.Fatal(err)
		}
		want := p.Evaluate(pl)
		got, err := search.Run(context.Background(), p, flow.Uplinks, search.Limits{}, 1, 1, nil)
		if err != nil || got.Status != model.Optimal || len(want.Violations) > 0 || got.Cost != want.Cost {
			t.Errorf("even %d: %s at %s, %v; scip has %s, %v", even, got.Status, p.Format(got.Cost), err, p.Format(want.Cost), want.Violations)
		}
	}
}
