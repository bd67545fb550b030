package encode_test

import (
	"bytes"
	"io"
	"testing"

	"berth/encode"
	"berth/internal/golden"
	"berth/model"
)

// tiny is two tasks that talk, on two nodes of which the first is too small for
// both; the second costs 5 to open.
func tiny(t *testing.T) *encode.Program {
	t.Helper()
	memory := func(n int64) model.Resources {
		return model.Resources{{Resource: "memory", Quantity: model.Quantity{Units: n}}}
	}
	one := model.Decimal(1_000_000)
	p, err := model.Compile(&model.Instance{
		Name: "tiny",
		Nodes: []model.Node{
			{Name: "n1", Capacity: memory(6)},
			{Name: "n2", Capacity: memory(9), OpenCost: 5 * one},
		},
		Tasks: []model.Task{
			{Name: "web", Demand: memory(4), Replicas: 1, Home: []string{"n1"}, Fetch: &model.Fetch{Rest: 3 * one}},
			{Name: "cart", Demand: memory(2), Replicas: 2},
		},
		Traffic: []model.Traffic{{Between: [2]string{"web", "cart"}, Volume: 2 * one}},
		Weights: model.Weights{Fetch: one, Traffic: one, Move: one, Open: one},
	})
	if err != nil {
		t.Fatal(err)
	}
	return encode.Build(p)
}

// The files of a tiny problem are as they were when last looked at.
func TestFilesAreAsTheyWere(t *testing.T) {
	g := tiny(t)
	for suffix, write := range map[string]func(w io.Writer, g *encode.Program) error{
		"lp": encode.WriteLP, "mps": encode.WriteMPS, "opb": encode.WriteOPB, "wcsp": encode.WriteWCSP,
		"wcnf": writeByHand(encode.WriteWCNF[int32]), "cnf": writeByHand(encode.WriteDIMACS[int32]),
	} {
		var got bytes.Buffer
		if err := write(&got, g); err != nil {
			t.Fatal(err)
		}
		golden.Compare(t, "tiny."+suffix, got.String())
	}
}

// writeByHand writes two clauses that need a variable more than the program has.
func writeByHand(write func(io.Writer, *encode.Program, encode.Clauses[int32]) error) func(io.Writer, *encode.Program) error {
	return func(w io.Writer, g *encode.Program) error {
		more := int32(len(g.Vars) + 1)
		return write(w, g, encode.Clauses[int32]{Vars: int(more), Count: 2, Each: func(f func([]int32)) {
			f([]int32{1, -2, more})
			f([]int32{-more})
		}})
	}
}

// failing fails after some bytes.
type failing struct{ left int }

func (f *failing) Write(data []byte) (int, error) {
	if f.left -= len(data); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(data), nil
}

// A full disk is told.
func TestWritersReturnTheErrorOfTheFile(t *testing.T) {
	g := tiny(t)
	for name, write := range map[string]func(w io.Writer, g *encode.Program) error{
		"lp": encode.WriteLP, "mps": encode.WriteMPS, "opb": encode.WriteOPB, "wcsp": encode.WriteWCSP,
		"wcnf": writeByHand(encode.WriteWCNF[int32]), "cnf": writeByHand(encode.WriteDIMACS[int32]),
	} {
		if err := write(&failing{10}, g); err == nil {
			t.Errorf("%s: no error where the file takes 10 bytes", name)
		}
	}
}
