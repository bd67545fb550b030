//go:build cgo

package bundles_test

import (
	"context"
	"fmt"
	"testing"

	"berth/model"
	"berth/search"
	"berth/solvers/bundles"
)

// BenchmarkProof solves containers on nodes that hold five or six.
func BenchmarkProof(b *testing.B) {
	for _, size := range [][2]int{{40, 8}, {50, 10}, {60, 10}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			work := int64(0)
			for n := range b.N {
				b.StopTimer()
				p := containers(b, size[0], size[1], uint64(n%10+1))
				b.StartTimer()
				r, err := search.Run(context.Background(), p, bundles.Methods()[0], search.Limits{}, 1, 1, nil)
				if err != nil || r.Status != model.Optimal {
					b.Fatal(r.Status, err)
				}
				work += r.Work
			}
			b.ReportMetric(float64(work)/float64(b.N)/1e6, "Mwork/op")
		})
	}
}
