package adapter

import (
	"bytes"
	"testing"
	"time"

	"berth/internal/bruteforce"
	"berth/model"
	"berth/results"
)

// BenchmarkOwn is what a run of berth costs besides the run: preparing and judging.
func BenchmarkOwn(b *testing.B) {
	in, p, known := instance(b, "edge")
	best, cost, _ := bruteforce.Solve(p)
	s, err := p.Document(model.Optimal, best, &cost)
	if err != nil {
		b.Fatal(err)
	}
	var text bytes.Buffer
	if err := s.Write(&text); err != nil {
		b.Fatal(err)
	}
	a := shippedAdapter(b, "berth")
	for b.Loop() {
		c, err := a.Prepare(Job{Problem: p, Instance: in, InstanceFile: "edge.yaml", Dir: b.TempDir(), Program: "berth", Limits: results.Limits{Seconds: 1}})
		if err != nil {
			b.Fatal(err)
		}
		if j := c.Judge(Ended{End: Exited, Stdout: text.Bytes(), Wall: time.Second}, known); j.Outcome != results.Optimal {
			b.Fatal(j.text())
		}
	}
}

// BenchmarkPrepare writes an instance of 6×30 as LP.
func BenchmarkPrepare(b *testing.B) {
	a := shippedAdapter(b, "highs")
	_, p, _ := instanceOf(b, "hard")
	dir := b.TempDir()
	for b.Loop() {
		if _, err := a.Prepare(Job{Problem: p, Dir: dir, Program: "highs", Limits: results.Limits{Seconds: 1}}); err != nil {
			b.Fatal(err)
		}
	}
}
