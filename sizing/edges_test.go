package sizing_test

import (
	"math"
	"testing"

	"berth/sizing"
	"berth/sizing/queue"
)

// TestThousands: the models hold, and stay numbers, where they are large.
func TestThousands(t *testing.T) {
	fleet := sizing.Station{Rate: 1, Workers: 2000, Variation: 1}
	const load = 1960
	mean, err := fleet.Mean(load)
	if err != nil {
		t.Fatal(err)
	}
	late, err := fleet.Beyond(load, 3)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := queue.Run(queue.Requests{Stations: []sizing.Station{fleet}, Rates: []float64{load}, Count: 200_000, Within: 3, Seed: 2})
	if err != nil || !seen.Response.Holds(mean) || !seen.Late.Holds(late) {
		t.Errorf("2000 workers: mean %g, late %g, seen %+v, %v", mean, late, seen, err)
	}
	best, err := sizing.Leader{Reads: 0.9999999, Read: 1, Write: 1, Forward: 0.001}.Best(sizing.MostReplicas)
	if err != nil || best.Replicas < 10_000 {
		t.Errorf("replicas: %+v, %v", best, err)
	}
	fine := sizing.Failures{Between: 999, Repair: 1}
	if a, err := (sizing.Group{Node: fine, Place: fine, Layout: sizing.Spread(1000, 20)}).Available(); err != nil || !(a.ConsensusDown > 0 && a.ConsensusDown < 1e-15) || !near(a.CommitDown, 1-math.Pow(0.999, 1020), 1e-9) {
		t.Errorf("a thousand replicas: %+v, %v", a, err)
	}
	b := sizing.Batch{Overhead: 1, Item: 1e-4}
	if best, err := b.Best(4000); err != nil || best.Size < 6667 || best.Busy >= 1 || !(best.Queue >= 0) {
		t.Errorf("large batches: %+v, %v", best, err)
	}
	if each, err := (sizing.Buckets{Rate: 1e6, Clients: 1_000_000_000, Buffer: 1e9}).Each(); err != nil || each.Burst != 1 {
		t.Errorf("a thousand million clients: %+v, %v", each, err)
	}
	if n, err := (sizing.Lock{Hold: 1e-3}).Locks(1e9, 1e-3); err != nil || n != 2_000_000 {
		t.Errorf("%d locks, %v", n, err)
	}
}

// TestFewestReplicas: where the leader and all together are the limit at once, rounding asks for no more.
func TestFewestReplicas(t *testing.T) {
	for _, c := range []struct {
		leader sizing.Leader
		want   int
	}{
		{sizing.Leader{Reads: 0.9, Read: 0.001, Write: 0.002, Apply: 0.0005}, 7},
		{sizing.Leader{Reads: 0.9, Read: 0.01, Write: 0.002}, 46},
		{sizing.Leader{Reads: 0.9, Read: 0.001, Write: 0.001}, 10},
	} {
		if best, err := c.leader.Best(100); err != nil || best.Replicas != c.want {
			t.Errorf("%+v: %d replicas, want %d: %v", c.leader, best.Replicas, c.want, err)
		}
	}
}

// TestNothing: without any load nothing waits.
func TestNothing(t *testing.T) {
	if w, err := (sizing.Lock{Hold: 1}).At(0); err != nil || w.Wait != 0 || w.Busy != 0 || w.Longest != 0 {
		t.Errorf("lock: %+v, %v", w, err)
	}
	if b, err := (sizing.Batch{Overhead: 1, Item: 0.1}).Best(1e-9); err != nil || b.Size != 1 || !near(b.Latency, 1.1, 1e-6) {
		t.Errorf("batch: %+v, %v", b, err)
	}
	none := sizing.Batch{Overhead: 1, Item: 0.1}
	if b, err := none.Best(0); err != nil || b.Size != 1 || b.Latency != 1.1 || b.Busy != 0 {
		t.Errorf("batch without load: %+v, %v", b, err)
	}
	if b, err := none.Of(3, 0); err != nil || !math.IsInf(b.Latency, 1) || b.Busy != 0 || b.Queue != 0 {
		t.Errorf("batch of three without load: %+v, %v", b, err)
	}
	if l, err := (sizing.Leader{Reads: 1, Read: 1, Write: 1}).With(3); err != nil || l.Throughput != 3 || !math.IsInf(l.ByLeader, 1) {
		t.Errorf("no writes: %+v, %v", l, err)
	}
	never := sizing.Failures{Between: 1}
	if a, err := (sizing.Group{Node: never, Place: never, Layout: []int{3}}).Available(); err != nil || a.ConsensusDown != 0 || a.CommitDown != 0 {
		t.Errorf("nothing fails: %+v, %v", a, err)
	}
	for _, s := range []sizing.Station{{Rate: 2, Workers: 1}, {Rate: 2, Workers: 4, Variation: 3}, {Rate: 2, Workers: 3, Variation: 1}} {
		if mean, err := s.Mean(0); err != nil || mean != 0.5 {
			t.Errorf("%+v: mean %g, %v", s, mean, err)
		}
		if waits, err := s.Waits(0); err != nil || waits != 0 {
			t.Errorf("%+v: waits %g, %v", s, waits, err)
		}
	}
}

// TestExtremes: what is no number of any use is refused, and the rest stays numbers.
func TestExtremes(t *testing.T) {
	station := func(rate, variation float64) sizing.Station {
		return sizing.Station{Rate: rate, Workers: 2, Variation: variation}
	}
	promise := sizing.Promise{Within: 1, Share: 0.95}
	for _, s := range []sizing.Station{station(1, 1e300), station(1e300, 2), station(1e-300, 2)} {
		_, err := s.Capacity(promise)
		wantRefused(t, "a station", err, "1e+30")
	}
	for _, s := range []sizing.Station{station(1, 1e30), station(1e20, 1e30), station(1e20, 0)} {
		if load, err := s.Capacity(promise); err != nil || !(load >= 0 && load < s.Limit()) {
			t.Errorf("%+v carries %g, %v", s, load, err)
		}
		if late, err := s.Beyond(0.9*s.Limit(), 1); err != nil || !(late >= 0 && late <= 1) {
			t.Errorf("%+v is late with %g, %v", s, late, err)
		}
	}
	_, err := (sizing.Lock{Hold: 1e200}).Locks(1e200, 1)
	wantRefused(t, "a lock", err, "hold: 1e+200; want")
	_, err = (sizing.Heartbeat{Period: 5e-324, Jitter: 1}).For(1)
	wantRefused(t, "a heartbeat", err, "period: 4.94066e-324; want a number from 1e-30")
	often := sizing.Failures{Between: 1, Repair: 20}
	if a, err := (sizing.Group{Node: often, Place: sizing.Failures{Between: 500, Repair: 1}, Layout: sizing.Spread(500, 500)}).Available(); err != nil || a.CommitDown > 1 || a.ConsensusDown > 1 {
		t.Errorf("a probability above 1: %+v, %v", a, err)
	}
}
