package report

import (
	"bytes"
	"testing"

	"berth/results"
)

// BenchmarkReport writes the page of 200,000 runs.
func BenchmarkReport(b *testing.B) {
	records := large.records()
	for b.Loop() {
		var text bytes.Buffer
		if err := Write(&text, results.NewStudy(records)); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(text.Len())/1e6, "MB")
	}
}
