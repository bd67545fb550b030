package encode_test

import (
	"io"
	"testing"

	"berth/encode"
	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
)

// benchmarked compiles a generated instance.
func benchmarked(b *testing.B, family string, change func(*instances.Spec)) *model.Problem {
	b.Helper()
	in := families.Instance(b, family, 1, change)
	p := compiled.Instance(b, in)
	return p
}

// gap60 is 60 tasks on 10 nodes, linear costs.
func gap60(b *testing.B) *model.Problem {
	return benchmarked(b, "gap-c", func(s *instances.Spec) { s.Tasks, s.Nodes = 60, 10 })
}

// containers50 is 50 containers on 10 nodes with 150 pairs of traffic.
func containers50(b *testing.B) *model.Problem {
	return benchmarked(b, "containers", func(s *instances.Spec) { s.Tasks, s.Nodes, s.Racks, s.Traffic = 50, 10, 3, 150 })
}

// services is a thousand replicated tasks on a hundred nodes in ten racks.
func services(b *testing.B) *model.Problem {
	return benchmarked(b, "containers", func(s *instances.Spec) {
		s.Tasks, s.Nodes, s.Racks, s.Traffic = 1000, 100, 10, 500
		s.Homes, s.Fetch, s.Replicas, s.Apart, s.OpenCost = 1, 20, 3, 50, 30
		s.Spread, s.AntiAffinity, s.Wishes = 20, 20, 20
	})
}

func BenchmarkBuild(b *testing.B) {
	for name, make := range map[string]func(*testing.B) *model.Problem{
		"gap 60x10": gap60, "containers 50x10": containers50, "services 1000x100": services,
	} {
		b.Run(name, func(b *testing.B) {
			p := make(b)
			b.ReportAllocs()
			terms := 0
			for b.Loop() {
				g := encode.Build(p)
				terms = 0
				for k := range g.Rows {
					terms += len(g.Rows[k].Terms)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(terms), "ns/term")
			b.ReportMetric(float64(terms), "terms")
		})
	}
}

func BenchmarkEstimate(b *testing.B) {
	p := services(b)
	for b.Loop() {
		encode.Estimate(p)
	}
}

func BenchmarkWriteLP(b *testing.B) {
	g := encode.Build(containers50(b))
	for b.Loop() {
		if err := encode.WriteLP(io.Discard, g); err != nil {
			b.Fatal(err)
		}
	}
}
