package instances_test

import (
	"testing"

	"berth/instances"
)

// fuzzReader feeds a reader: it may refuse what it gets, it may not crash, and
// what it accepts is a valid instance no larger than the file.
func fuzzReader(f *testing.F, from string, seeds ...string) {
	for _, seed := range seeds {
		f.Add([]byte(seed), 0, false)
		f.Add([]byte(seed), 2, true)
	}
	f.Fuzz(func(t *testing.T, data []byte, problem int, maximise bool) {
		opts := instances.Options{From: from, Problem: problem, Maximise: maximise}
		in, err := instances.Read(data, "fuzz", opts)
		if err != nil {
			return
		}
		if err := in.Check(); err != nil {
			t.Fatalf("accepted an instance that is not valid: %v", err)
		}
		if len(in.Nodes)+len(in.Tasks)+len(in.Traffic) > len(data) {
			t.Fatalf("%d nodes and %d tasks from %d bytes", len(in.Nodes), len(in.Tasks), len(data))
		}
	})
}

func FuzzOrlib(f *testing.F) {
	fuzzReader(f, "orlib", orlibOne, orlibMany, "1 1 0 0 0", "2 1 1 0 0 0 1 1 0 0 0", "999999999999 999999999999")
}

func FuzzElloumi(f *testing.F) {
	fuzzReader(f, "elloumi", elloumiOne, "1 1 0 0 0", "999999999999 2 3")
}

func FuzzGQAP(f *testing.F) {
	fuzzReader(f, "gqap", gqapOne, "1 1 0 0 0 0 0 0", "999999999999 2 3")
}

func FuzzRasa(f *testing.F) {
	fuzzReader(f, "rasa", rasaOne, `{"ServiceList": [], "MachineList": []}`, `{"MachineList": [{"TotalCPU": 1e300}]}`)
}

func FuzzLooks(f *testing.F) {
	fuzzReader(f, "", orlibOne, orlibMany, elloumiOne, gqapOne, rasaOne, "format: berth/v1", "{")
}
