package heuristics

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// benchmarkMoveDelta tries moves of chance on what first fit and repair leave.
func benchmarkMoveDelta(b *testing.B, family string, tasks, nodes int) {
	p := compiled.Instance(b, generate(b, family, tasks, nodes))
	r, err := search.Run(context.Background(), p, PenaltyFirst, search.Limits{}, 1, 1, nil)
	if err != nil || r.Placement == nil {
		b.Fatalf("no placement: %v", err)
	}
	s := newStateOf(p, r.Placement)
	rng := rand.New(rand.NewPCG(1, 1))
	moves := make([]step, 1<<12)
	for k := range moves {
		c := int32(rng.IntN(p.Copies))
		nodes := p.Domains[p.Items[s.itemOf[c]].Domain].Nodes()
		moves[k] = step{c, nodes[rng.IntN(len(nodes))]}
	}
	b.ReportAllocs()
	b.ResetTimer()
	var sum int64
	for k := range b.N {
		m := moves[k&(len(moves)-1)]
		sum += s.try(m.copy, m.from).cost
	}
	sink = sum
}

var sink int64

func BenchmarkMoveDeltaLinear(b *testing.B)  { benchmarkMoveDelta(b, "tasks", 1000, 50) }
func BenchmarkMoveDeltaTraffic(b *testing.B) { benchmarkMoveDelta(b, "containers", 200, 30) }
func BenchmarkMoveDeltaReads(b *testing.B)   { benchmarkMoveDelta(b, "chunks", 200, 12) }

func BenchmarkPenaltyFirst(b *testing.B) {
	p := compiled.Instance(b, generate(b, "tasks", 50_000, 500))
	b.ResetTimer()
	for range b.N {
		builder := newBuilder(p, search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil))
		builder.placeByPenalty()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(p.Copies), "ns/copy")
}

// benchmarkProposals counts the proposals of an annealing that is half through.
func benchmarkProposals(b *testing.B, in *model.Instance) {
	p := compiled.Instance(b, in)
	board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
	a := newAnnealing(startState(p, board), board)
	a.cool(0.3)
	for range min(200*len(a.core), 4_000_000) {
		a.propose()
	}
	a.cool(0.6)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		a.propose()
	}
}

func BenchmarkProposals(b *testing.B) {
	for _, size := range [][2]int{{100, 10}, {1000, 100}, {10_000, 1000}, {50_000, 5000}} {
		in := families.Instance(b, "containers", 1, func(spec *instances.Spec) {
			spec.Tasks, spec.Nodes, spec.Fill, spec.Replicas, spec.Apart, spec.Hubs = size[0], size[1], 85, 1, 0, size[1]
			spec.Traffic, spec.Affinity, spec.AntiAffinity = 2*size[0], size[0]/50, size[0]/10
		})
		b.Run(strconv.Itoa(size[0]), func(b *testing.B) { benchmarkProposals(b, in) })
	}
	b.Run("rasa", func(b *testing.B) {
		path := filepath.Join("..", "..", "shared", "instances", "rasa", "M3.json")
		data, err := os.ReadFile(path)
		if err != nil {
			b.Skip(err)
		}
		in, err := instances.Read(data, path, instances.Options{})
		if err != nil {
			b.Fatal(err)
		}
		benchmarkProposals(b, in)
	})
}
