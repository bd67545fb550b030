package sizing_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/sizing"
)

// TestLeaderAgainstSimulation: replicas work off a long list of requests, writes as they
// must, each read on the replica that has worked least.
func TestLeaderAgainstSimulation(t *testing.T) {
	const requests = 100_000
	for _, reads := range []float64{0, 0.5, 0.9, 0.99, 1} {
		l := sizing.Leader{Reads: reads, Read: 1, Write: 2, Forward: 0.25, Apply: 1}
		for _, n := range []int{1, 2, 5, 20} {
			said, err := l.With(n)
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, uint64(n)))
			worked := make([]float64, n)
			for range requests {
				if rng.Float64() < reads {
					least := 0
					for k := range worked {
						if worked[k] < worked[least] {
							least = k
						}
					}
					worked[least] += l.Read
					continue
				}
				worked[0] += l.Write + float64(n-1)*l.Forward
				for k := 1; k < n; k++ {
					worked[k] += l.Apply
				}
			}
			longest := 0.0
			for _, w := range worked {
				longest = max(longest, w)
			}
			// The number of writes is off by three deviations at the most.
			off := 3 * math.Sqrt((1-reads)*reads/requests) / max(1-reads, 0.01)
			if seen := requests / longest; math.Abs(seen/said.Throughput-1) > off+0.001 {
				t.Errorf("reads %g, %d replicas: said %+v, seen %g", reads, n, said, seen)
			}
		}
	}
}

func TestLeaderBestIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := func(name string) float64 {
			return rapid.SampledFrom([]float64{0, 0.01, 0.3, 1, 5}).Draw(t, name)
		}
		l := sizing.Leader{Reads: rapid.Float64Range(0, 0.999).Draw(t, "reads"), Read: some("read"), Write: some("write") + 0.1, Forward: some("forward"), Apply: some("apply")}
		most := rapid.IntRange(1, 400).Draw(t, "most")
		best, err := l.Best(most)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= most; n++ {
			if other, err := l.With(n); err != nil || other.Throughput > best.Throughput*(1+1e-12) {
				t.Fatalf("%d replicas do %g, the best said %+v, %v", n, other.Throughput, best, err)
			}
		}
	})
}

// TestBucketAgainstSimulation: a bucket meets random requests.
func TestBucketAgainstSimulation(t *testing.T) {
	const requests = 400_000
	for _, burst := range []int{1, 2, 5, 20} {
		for _, load := range []float64{0, 0.3, 0.8, 1, 1.5, 10} {
			said, err := sizing.Bucket{Rate: 1, Burst: burst}.Refused(load)
			if err != nil {
				t.Fatal(err)
			}
			if load == 0 {
				if said != 0 {
					t.Errorf("no load: %g refused", said)
				}
				continue
			}
			rng := rand.New(rand.NewPCG(2, uint64(burst)))
			tokens, refused := float64(burst), 0.0
			for range requests {
				tokens = min(tokens+rng.ExpFloat64()/load, float64(burst))
				if tokens >= 1 {
					tokens--
				} else {
					refused++
				}
			}
			// Refusals come in bursts: the interval is that of independent ones, widened by
			// the burst.
			off := 4 * math.Sqrt(said*(1-said)*float64(burst+1)/requests)
			if seen := refused / requests; math.Abs(seen-said) > off+1e-5 {
				t.Errorf("burst %d, load %g: said %g, seen %g", burst, load, said, seen)
			}
		}
	}
	// Far overloaded, what is let through is the rate.
	if got, err := (sizing.Bucket{Rate: 1, Burst: 10_000}).Refused(4); err != nil || !near(got, 0.75, 1e-9) {
		t.Errorf("overloaded: %g, %v", got, err)
	}
	// At half load a large bucket refuses nothing.
	if got, err := (sizing.Bucket{Rate: 1, Burst: 10_000}).Refused(0.5); err != nil || got > 1e-12 {
		t.Errorf("half loaded: %g, %v", got, err)
	}
}

// TestBucketsLoseNothing: clients that send all they may, at once or at random, never
// have more waiting at the server than N·b.
func TestBucketsLoseNothing(t *testing.T) {
	plan := sizing.Buckets{Rate: 100, Clients: 8, Buffer: 45}
	each, err := plan.Each()
	if err != nil || each.Burst != 5 || each.Rate != 12.5 || plan.LongestWait(each) != 0.4 {
		t.Fatalf("%+v, %v", each, err)
	}
	rng := rand.New(rand.NewPCG(3, 0))
	tokens := make([]float64, plan.Clients)
	for k := range tokens {
		tokens[k] = float64(each.Burst)
	}
	waiting, most := 0.0, 0.0
	for range 200_000 {
		passed := rng.ExpFloat64() / 300
		waiting = max(waiting-passed*plan.Rate, 0)
		for k := range tokens {
			tokens[k] = min(tokens[k]+passed*each.Rate, float64(each.Burst))
		}
		if k := rng.IntN(plan.Clients); tokens[k] >= 1 {
			tokens[k]--
			waiting++
		}
		if rng.IntN(1000) == 0 { // all at once
			for k := range tokens {
				whole := math.Floor(tokens[k])
				tokens[k] -= whole
				waiting += whole
			}
		}
		most = max(most, waiting)
	}
	if most > plan.Buffer || most < plan.Buffer/2 {
		t.Errorf("at the most %g were waiting, the buffer is %g", most, plan.Buffer)
	}
}

// TestRepairAgainstSimulation with replicas that are told apart.
func TestRepairAgainstSimulation(t *testing.T) {
	const events = 100_000
	for _, r := range []sizing.Repair{
		{Replicas: 3, Fanout: 1, Missed: 0.2, Reads: 5, Writes: 1},
		{Replicas: 3, Fanout: 2, Missed: 0.2, Reads: 5, Writes: 1},
		{Replicas: 5, Fanout: 3, Acks: 2, Missed: 0.5, Reads: 1, Writes: 2},
		{Replicas: 4, Fanout: 4, Acks: 1, Missed: 0.3, Reads: 3, Writes: 1},
		{Replicas: 1, Fanout: 1, Missed: 0.4, Reads: 1, Writes: 1},
	} {
		said, err := r.Steady()
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(4, 0))
		stale := make([]bool, r.Replicas)
		reads, old, repaired, staleReplicas := 0.0, 0.0, 0.0, 0.0
		for range events {
			if rng.Float64()*(r.Reads+r.Writes) < r.Writes {
				for {
					have := 0
					for k := range stale {
						stale[k] = rng.Float64() < r.Missed
						if !stale[k] {
							have++
						}
					}
					if have >= r.Acks {
						break
					}
				}
				continue
			}
			reads++
			for _, s := range stale {
				if s {
					staleReplicas++
				}
			}
			asked := rng.Perm(r.Replicas)[:r.Fanout]
			count := 0
			for _, k := range asked {
				if stale[k] {
					count++
				}
			}
			if count == r.Fanout {
				old++
				continue
			}
			repaired += float64(count)
			for _, k := range asked {
				stale[k] = false
			}
		}
		n := float64(r.Replicas)
		if math.Abs(old/reads-said.Stale) > 0.015 || math.Abs(repaired/reads-said.PerRead) > 0.01 || math.Abs(staleReplicas/reads/n-said.StaleReplicas) > 0.01 {
			t.Errorf("%+v: said %+v, seen %g stale, %g repaired, %g stale replicas", r, said, old/reads, repaired/reads, staleReplicas/reads/n)
		}
	}
}

func TestRepairEdges(t *testing.T) {
	// Hardly any reads: each is the first after a write, and stale with σ^f.
	for f := 1; f <= 5; f++ {
		got, err := sizing.Repair{Replicas: 5, Fanout: f, Missed: 0.3, Reads: 1e-12, Writes: 1}.Steady()
		if err != nil || !near(got.Stale, math.Pow(0.3, float64(f)), 1e-9) {
			t.Errorf("fanout %d: stale %g, want %g, %v", f, got.Stale, math.Pow(0.3, float64(f)), err)
		}
	}
	// Asking more than may have missed: never stale.
	if got, err := (sizing.Repair{Replicas: 5, Fanout: 3, Acks: 3, Missed: 0.9, Reads: 1, Writes: 1}).Steady(); err != nil || got.Stale != 0 || got.PerRead == 0 {
		t.Errorf("quorums meet: %+v, %v", got, err)
	}
	if got, err := (sizing.Repair{Replicas: 1000, Fanout: 10, Missed: 0.5, Reads: 1, Writes: 1}).Steady(); err != nil || !(got.Stale > 0 && got.Stale < 1e-3) {
		t.Errorf("a thousand replicas: %+v, %v", got, err)
	}
	if got, err := (sizing.Repair{Replicas: 3, Fanout: 2, Missed: 0, Reads: 1, Writes: 1}).Steady(); err != nil || got.Stale != 0 || got.StaleReplicas != 0 {
		t.Errorf("nothing is missed: %+v, %v", got, err)
	}
}

// TestHeartbeatAgainstSimulation sends heartbeats with exponential delays.
func TestHeartbeatAgainstSimulation(t *testing.T) {
	h := sizing.Heartbeat{Period: 1, Jitter: 0.05, Delay: 0.02}
	for _, timeout := range []float64{0, 0.2, 0.9, 1, 1.05, 1.2} {
		said, err := h.With(timeout)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(6, 0))
		const beats = 400_000
		alarms, lasted, detected := 0.0, 0.0, 0.0
		before := 0.0
		for k := range beats {
			arrives := float64(k)*h.Period + h.Delay + rng.ExpFloat64()*h.Jitter
			if gap := arrives - before; k > 0 && gap > timeout {
				alarms++
				lasted += gap - timeout
			}
			before = arrives
			// Had it crashed within the period after this heartbeat:
			crash := (float64(k) + rng.Float64()) * h.Period
			detected += max(0, arrives+timeout-crash)
		}
		off := 4 * math.Sqrt(said.PerBeat/beats)
		if seen := alarms / beats; math.Abs(seen-said.PerBeat) > off || math.Abs(lasted/alarms-said.Mistaken) > 4*said.Mistaken/math.Sqrt(alarms) || math.Abs(detected/beats-said.Detects) > 0.003 {
			t.Errorf("timeout %g: said %+v, seen %g alarms, lasting %g, detected in %g", timeout, said, seen, lasted/alarms, detected/beats)
		}
	}
	week, err := h.For(604800)
	if err != nil || !near(week.Between, 604800, 1e-9) || !near(week.Timeout, 1+0.05*math.Log(302400), 1e-12) {
		t.Errorf("one a week: %+v, %v", week, err)
	}
	if calm, err := (sizing.Heartbeat{Period: 1}).With(1); err != nil || !math.IsInf(calm.Between, 1) {
		t.Errorf("no jitter: %+v, %v", calm, err)
	}
}

// TestLockAgainstSimulation: waiting at one lock, near saturation too.
func TestLockAgainstSimulation(t *testing.T) {
	for _, busy := range []float64{0.1, 0.5, 0.9, 0.97} {
		l := sizing.Lock{Hold: 0.02}
		said, err := l.At(busy / l.Hold)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(7, 0))
		const requests = 1_000_000
		wait, sum, waited, long := 0.0, 0.0, 0.0, 0.0
		for range requests {
			sum += wait
			if wait > 0 {
				waited++
			}
			if wait > said.Longest {
				long++
			}
			wait = max(wait+rng.ExpFloat64()*l.Hold-rng.ExpFloat64()/said.Load, 0)
		}
		// Near saturation one busy period is long: the mean is known to about
		// 2/(1−ρ)/√n of itself (W. Whitt, Management Science 35, 1989).
		off := 8 / (1 - busy) / math.Sqrt(requests)
		if !near(sum/requests, said.Wait, off) || math.Abs(waited/requests-said.Busy) > 0.01 || math.Abs(long/requests-0.01) > 0.01*off*4+0.001 {
			t.Errorf("busy %g: said %+v, seen wait %g, %g waited, %g long", busy, said, sum/requests, waited/requests, long/requests)
		}
		if most, err := l.Capacity(said.Wait); err != nil || !near(most, said.Load, 1e-9) {
			t.Errorf("busy %g: capacity for its own wait %g, want %g, %v", busy, most, said.Load, err)
		}
	}
	if n, err := (sizing.Lock{Hold: 0.02}).Locks(1000, 0.02); err != nil || n != 40 {
		t.Errorf("%d locks, want 40: each half busy, %v", n, err)
	}
}

// TestBatchAgainstSimulation: what is seen lies within five deviations of the mean of
// 20 stretches.
func TestBatchAgainstSimulation(t *testing.T) {
	b := sizing.Batch{Overhead: 1, Item: 0.1}
	for _, load := range []float64{0.1, 0.5, 2, 5, 8} {
		best, err := b.Best(load)
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{best.Size, best.Size + 1, 2 * best.Size, 5 * best.Size} {
			said, err := b.Of(size, load)
			if err != nil {
				t.Fatal(err)
			}
			if said.Latency < best.Latency {
				t.Errorf("load %g: size %d has %g, the best said %+v", load, size, said.Latency, best)
			}
			rng := rand.New(rand.NewPCG(8, 0))
			const requests = 100_000
			now, free := 0.0, 0.0
			var arrived []float64
			var sums, counts [20]float64
			for k := range requests {
				now += rng.ExpFloat64() / load
				if arrived = append(arrived, now); len(arrived) < size {
					continue
				}
				free = max(now, free) + said.Serve
				for _, at := range arrived {
					sums[k*20/requests] += free - at
					counts[k*20/requests]++
				}
				arrived = arrived[:0]
			}
			seen, squares := 0.0, 0.0
			for k := range sums {
				seen += sums[k] / counts[k] / 20
			}
			for k := range sums {
				squares += math.Pow(sums[k]/counts[k]-seen, 2)
			}
			if off := 5 * math.Sqrt(squares/19/20); math.Abs(said.Latency-seen) > off {
				t.Errorf("load %g, size %d: said %+v, seen %g ± %g", load, size, said, seen, off)
			}
		}
	}
	// One at a time is M/D/1, exactly: ρS/2(1−ρ) + S.
	if one, err := b.Of(1, 0.5); err != nil || !near(one.Latency, 0.55*1.1/2/0.45+1.1, 1e-12) {
		t.Errorf("batches of one: %+v, %v", one, err)
	}
}

func TestModelsRefuse(t *testing.T) {
	nan := math.NaN()
	leader := sizing.Leader{Reads: 0.5, Read: 1, Write: 1}
	refused := func(name, want string, err error) {
		t.Helper()
		wantRefused(t, name, err, want)
	}
	with := func(change func(l *sizing.Leader), n int) error {
		l := leader
		change(&l)
		_, err := l.With(n)
		if _, best := l.Best(n); best == nil {
			return nil
		}
		return err
	}
	refused("reads", "reads: 2", with(func(l *sizing.Leader) { l.Reads = 2 }, 1))
	refused("read", "read: NaN", with(func(l *sizing.Leader) { l.Read = nan }, 1))
	refused("write", "write: 0", with(func(l *sizing.Leader) { l.Write = 0 }, 1))
	refused("forward", "forward: -1", with(func(l *sizing.Leader) { l.Forward = -1 }, 1))
	refused("no replicas", "from 1", with(func(*sizing.Leader) {}, 0))
	refused("free reads", "take no time", with(func(l *sizing.Leader) { l.Reads, l.Read = 1, 0 }, 1))

	bucket := func(b sizing.Buckets) error { _, err := b.Each(); return err }
	refused("rate", "rate: 0", bucket(sizing.Buckets{Clients: 1, Buffer: 1}))
	refused("clients", "from 1", bucket(sizing.Buckets{Rate: 1, Buffer: 1}))
	refused("small buffer", "10 or more, or at most 4 clients", bucket(sizing.Buckets{Rate: 1, Clients: 10, Buffer: 4.5}))
	refusing := func(b sizing.Bucket, load float64) error { _, err := b.Refused(load); return err }
	refused("burst", "from 1", refusing(sizing.Bucket{Rate: 1}, 1))
	refused("load", "load: NaN", refusing(sizing.Bucket{Rate: 1, Burst: 1}, nan))
	refused("flood", "at most 100", refusing(sizing.Bucket{Rate: 1, Burst: 1}, 1e6))

	repair := func(r sizing.Repair) error { _, err := r.Steady(); return err }
	refused("fanout", "from 1 to 3", repair(sizing.Repair{Replicas: 3, Fanout: 4, Writes: 1}))
	refused("acks", "from 0 to 3", repair(sizing.Repair{Replicas: 3, Fanout: 1, Acks: 4, Writes: 1}))
	refused("missed", "missed: 1.5", repair(sizing.Repair{Replicas: 3, Fanout: 1, Missed: 1.5, Writes: 1}))
	refused("writes", "writes: 0", repair(sizing.Repair{Replicas: 3, Fanout: 1, Reads: 1}))
	refused("all missed", "no write ever counts", repair(sizing.Repair{Replicas: 3, Fanout: 1, Acks: 1, Missed: 1, Reads: 1, Writes: 1}))

	beat := func(h sizing.Heartbeat, timeout float64) error { _, err := h.With(timeout); return err }
	refused("period", "period: 0", beat(sizing.Heartbeat{Jitter: 1}, 1))
	refused("timeout", "timeout: NaN", beat(sizing.Heartbeat{Period: 1}, nan))
	refused("short", "more than 1", beat(sizing.Heartbeat{Period: 1}, 0.5))
	_, err := sizing.Heartbeat{Period: 1}.For(1.5)
	refused("too often", "2 or more", err)

	lock := func(l sizing.Lock, load float64) error { _, err := l.At(load); return err }
	refused("hold", "hold: -1", lock(sizing.Lock{Hold: -1}, 1))
	refused("saturated", "a load below 10, 2 locks", lock(sizing.Lock{Hold: 0.1}, 10))
	_, err = sizing.Lock{Hold: 1}.Locks(1, 0)
	refused("no wait", "wait: 0", err)

	batch := func(b sizing.Batch, size int, load float64) error { _, err := b.Of(size, load); return err }
	refused("item", "item: 0", batch(sizing.Batch{Overhead: 1}, 1, 1))
	refused("no size suffices", "a load below 10, or 2 servers", batch(sizing.Batch{Overhead: 1, Item: 0.1}, 1, 10))
	refused("small batch", "11 or more", batch(sizing.Batch{Overhead: 1, Item: 0.1}, 3, 5.2))
	refused("huge batch", "takes batches of more", batch(sizing.Batch{Overhead: 1, Item: 0.1}, 3, 9.9999999))

	group := func(g sizing.Group) error { _, err := g.Available(); return err }
	fine := sizing.Failures{Between: 1, Repair: 1}
	refused("between", "node between: 0", group(sizing.Group{Place: fine, Layout: []int{1}}))
	refused("repair", "place repair: -1", group(sizing.Group{Node: fine, Place: sizing.Failures{Between: 1, Repair: -1}, Layout: []int{1}}))
	refused("no replicas", "from 1", group(sizing.Group{Node: fine, Place: fine}))
	refused("an empty place", "place 2", group(sizing.Group{Node: fine, Place: fine, Layout: []int{1, 0}}))
}
