package sat

import (
	"testing"

	"berth/encode"
	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
)

// BenchmarkClauses encodes a placement of 60 tasks on 10 nodes with its cost.
func BenchmarkClauses(b *testing.B) {
	in := families.Instance(b, "gap-c", 1, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks = 10, 60
	})
	p := compiled.Instance(b, in)
	g := encode.Build(p)
	most := p.TrivialBound() + 50
	b.ReportAllocs()
	for b.Loop() {
		c := Clauses(g, &most)
		b.ReportMetric(float64(c.Clauses), "clauses")
	}
}
