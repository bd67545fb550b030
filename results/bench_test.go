package results

import (
	"math/rand/v2"
	"testing"
)

func BenchmarkStudy(b *testing.B) {
	records := randomRecords(rand.New(rand.NewPCG(1, 1)), 4000, 10, 5)
	study := NewStudy(records)
	for _, bench := range []struct {
		name string
		run  func()
	}{
		{"new", func() { NewStudy(records) }},
		{"select", func() { study.Select(func(r *Run) bool { return r.Entry.Group == "g1" }) }},
		{"summaries", func() { study.Summaries() }},
		{"profile", func() { study.Profile() }},
		{"cactus", func() { study.Cactus() }},
		{"gap over time", func() { study.GapOverTime(60) }},
		{"duel", func() { study.Duel("m1", "m2") }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bench.run()
			}
		})
	}
}
