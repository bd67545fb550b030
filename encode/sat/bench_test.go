package sat

import (
	"testing"

	"berth/encode"
	"berth/instances"
	"berth/model"
)

// BenchmarkClauses encodes a placement of 60 tasks on 10 nodes with its cost.
func BenchmarkClauses(b *testing.B) {
	spec, err := instances.Defaults("gap-c")
	if err != nil {
		b.Fatal(err)
	}
	spec.Nodes, spec.Tasks = 10, 60
	in, err := instances.Generate(spec, 1)
	if err != nil {
		b.Fatal(err)
	}
	p, err := model.Compile(in)
	if err != nil {
		b.Fatal(err)
	}
	g := encode.Build(p)
	most := p.TrivialBound() + 50
	b.ReportAllocs()
	for b.Loop() {
		c := Clauses(g, &most)
		b.ReportMetric(float64(c.Clauses), "clauses")
	}
}
