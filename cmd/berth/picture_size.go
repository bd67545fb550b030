package main

import (
	"math"
	"slices"

	"berth/cmd/berth/internal/service"
	"berth/results/figures"
	"berth/sizing"
)

// curvePoints is how many points a curve has.
const curvePoints = 200

// sampled is a curve of a function at numbers from one to another, evenly spread; where
// f fails there is no point.
func sampled(name string, from, to float64, f func(x float64) (float64, error)) figures.Line {
	l := figures.Line{Name: name}
	for k := range curvePoints + 1 {
		x := from + (to-from)*float64(k)/curvePoints
		if y, err := f(x); err == nil {
			l.X, l.Y = append(l.X, x), append(l.Y, y)
		}
	}
	return l
}

// counted is the same at whole numbers, no more of them than show.
func counted(name string, from, to int, f func(n int) (float64, error)) figures.Line {
	l := figures.Line{Name: name}
	step := max((to-from)/curvePoints, 1)
	for n := from; n <= to; n += step {
		if y, err := f(n); err == nil {
			l.X, l.Y = append(l.X, float64(n)), append(l.Y, y)
		}
	}
	return l
}

// inMilliseconds makes times of a line milliseconds.
func inMilliseconds(l figures.Line) figures.Line {
	for k := range l.Y {
		l.Y[k] *= 1000
	}
	return l
}

// mostStations is how many servers have a curve each.
const mostStations = 6

// sizesPicture shows how late responses come as the load of a server grows, and how much
// it carries under the promise; of many unlike servers only the latter.
func sizesPicture(p sizing.Promise, sizes []service.Size) figures.Figure {
	var unlike []service.Size
	for _, z := range sizes {
		if !slices.ContainsFunc(unlike, func(other service.Size) bool { return other.Station == z.Station }) {
			unlike = append(unlike, z)
		}
		if len(unlike) > mostStations {
			return capacityPicture(sizes)
		}
	}
	var lines []figures.Line
	var marks []figures.Mark
	most := 0.0
	for _, z := range unlike {
		most = max(most, z.Station.Limit())
		lines = append(lines, inMilliseconds(sampled(z.Name, 0, z.Station.Limit(), func(load float64) (float64, error) {
			at, err := z.Station.Quantile(load, p.Share)
			if at > beyondPromise*p.Within {
				at = math.NaN()
			}
			return at, err
		})))
		marks = append(marks, figures.Mark{X: z.Carries, Y: 1000 * p.Within})
	}
	marks[0].Name = "carries so much"
	lines = append(lines, inMilliseconds(sampled("promised", 0, most, func(float64) (float64, error) { return p.Within, nil })))
	return figures.Curves("responses", figures.Axis{Label: "requests a second"},
		figures.Axis{Label: showPart(p.Share) + " of the responses within, ms"}, lines, marks)
}

// beyondPromise is how many times what is promised a picture shows.
const beyondPromise = 3

// capacityPicture shows what each server carries of what it serves at the most.
func capacityPicture(sizes []service.Size) figures.Figure {
	limit, carries := figures.Line{Name: "serves at most"}, figures.Line{Name: "carries"}
	names := make([]string, len(sizes))
	for k, z := range sizes {
		names[k] = z.Name
		limit.Y, carries.Y = append(limit.Y, z.Station.Limit()), append(carries.Y, z.Carries)
	}
	return figures.Bars("capacities", "servers", figures.Axis{Label: "requests a second"}, names, []figures.Line{limit, carries})
}

// lockPicture shows how waiting for a lock grows with the load.
func lockPicture(l sizing.Lock, load float64) figures.Figure {
	wait := func(x float64) (float64, error) {
		w, err := l.At(x)
		return w.Wait, err
	}
	late := func(x float64) (float64, error) {
		w, err := l.At(x)
		return w.Longest, err
	}
	most := 0.99 / l.Hold
	lines := []figures.Line{inMilliseconds(sampled("mean wait", most/curvePoints, most, wait)), inMilliseconds(sampled("1 of 100 waits", most/curvePoints, most, late))}
	var marks []figures.Mark
	if at, err := wait(load); err == nil {
		marks = []figures.Mark{{Name: "at the load asked for", X: load, Y: 1000 * at}}
	}
	return figures.Curves("lock", figures.Axis{Label: "requests for the lock a second"}, figures.Axis{Label: "ms", Log: true}, lines, marks)
}

// batchPicture shows what latency is made of, by the size of batches.
func batchPicture(b sizing.Batch, load float64, size int) figures.Figure {
	part := func(name string, of func(sizing.Batched) float64) figures.Line {
		return inMilliseconds(counted(name, 1, min(max(4*size, 20), sizing.MostBatch), func(n int) (float64, error) {
			t, err := b.Of(n, load)
			return of(t), err
		}))
	}
	lines := []figures.Line{
		part("mean latency", func(t sizing.Batched) float64 { return t.Latency }), part("to fill", func(t sizing.Batched) float64 { return t.Fill }),
		part("in the queue", func(t sizing.Batched) float64 { return t.Queue }), part("served", func(t sizing.Batched) float64 { return t.Serve }),
	}
	var marks []figures.Mark
	if t, err := b.Of(size, load); err == nil {
		marks = []figures.Mark{{Name: "this size", X: float64(size), Y: 1000 * t.Latency}}
	}
	return figures.Curves("batch", figures.Axis{Label: "requests in a batch"}, figures.Axis{Label: "ms"}, lines, marks)
}

// replicasPicture shows what a group of replicas does, by how many they are.
func replicasPicture(l sizing.Leader, best sizing.Throughput, most int) figures.Figure {
	part := func(name string, of func(sizing.Throughput) float64) figures.Line {
		return counted(name, 1, min(2*best.Replicas+2, most), func(n int) (float64, error) {
			t, err := l.With(n)
			return min(of(t), 3*best.Throughput), err
		})
	}
	lines := []figures.Line{
		part("all", func(t sizing.Throughput) float64 { return t.Throughput }), part("the leader allows", func(t sizing.Throughput) float64 { return t.ByLeader }),
		part("a follower allows", func(t sizing.Throughput) float64 { return t.ByFollowers }), part("the time of all allows", func(t sizing.Throughput) float64 { return t.ByEverything }),
	}
	return figures.Curves("replicas", figures.Axis{Label: "replicas"}, figures.Axis{Label: "requests a second"}, lines,
		[]figures.Mark{{Name: "best", X: float64(best.Replicas), Y: best.Throughput}})
}

// bucketPicture shows which share of a client's requests is refused, by its rate.
func bucketPicture(each sizing.Bucket, load float64) figures.Figure {
	refused := func(x float64) (float64, error) {
		v, err := each.Refused(x)
		return 100 * v, err
	}
	var marks []figures.Mark
	if at, err := refused(load); err == nil && load > 0 {
		marks = []figures.Mark{{Name: "at the load asked for", X: load, Y: at}}
	}
	return figures.Curves("buckets", figures.Axis{Label: "requests a second of one client"}, figures.Axis{Label: "refused, %"},
		[]figures.Line{sampled("refused", 0, max(2*each.Rate, 1.2*load), refused)}, marks)
}

// repairPicture shows how many reads are stale, by how many replicas they ask.
func repairPicture(r sizing.Repair) figures.Figure {
	replicas := figures.Line{Name: "replicas that are stale"}
	reads := counted("reads that are stale", 1, r.Replicas, func(n int) (float64, error) {
		with := r
		with.Fanout = n
		t, err := with.Steady()
		if err == nil {
			replicas.X, replicas.Y = append(replicas.X, float64(n)), append(replicas.Y, 100*t.StaleReplicas)
		}
		return 100 * t.Stale, err
	})
	lines := []figures.Line{reads, replicas}
	var marks []figures.Mark
	if t, err := r.Steady(); err == nil {
		marks = []figures.Mark{{Name: "this fanout", X: float64(r.Fanout), Y: 100 * t.Stale}}
	}
	return figures.Curves("repair", figures.Axis{Label: "replicas that a read asks"}, figures.Axis{Label: "%"}, lines, marks)
}

// heartbeatPicture shows what a shorter time to notice a crash costs in false alarms.
func heartbeatPicture(h sizing.Heartbeat, d sizing.Detection) figures.Figure {
	l := figures.Line{Name: "timeouts"}
	for k := range curvePoints + 1 {
		// From where alarms are rare to well beyond the timeout.
		timeout := h.Period + (2*(d.Timeout-h.Period)+20*h.Jitter)*float64(k)/curvePoints
		if t, err := h.With(timeout); err == nil {
			l.X, l.Y = append(l.X, t.Detects), append(l.Y, t.Between/3600)
		}
	}
	return figures.Curves("heartbeat", figures.Axis{Label: "a crash is noticed after, s"}, figures.Axis{Label: "hours between false alarms", Log: true},
		[]figures.Line{l}, []figures.Mark{{Name: "this timeout", X: d.Detects, Y: d.Between / 3600}})
}

// barsOf draws bars of some numbers of rows, which are called by their first fact. Shares
// are drawn as percent.
func barsOf(name, of string, value figures.Axis, rows []facts, keys ...string) figures.Figure {
	var names []string
	kinds := make([]figures.Line, len(keys))
	for _, row := range rows {
		names = append(names, row[0].text())
		for k, key := range keys {
			for _, one := range row {
				if one.key == key {
					kinds[k].Name = one.label
					kinds[k].Y = append(kinds[k].Y, drawn(one.value))
				}
			}
		}
	}
	return figures.Bars(name, of, value, names, kinds)
}

// drawn is a fact's number in a picture.
func drawn(value any) float64 {
	v, ok := numeric(value)
	if !ok {
		return math.NaN()
	}
	switch value.(type) {
	case part, gauge:
		return 100 * v
	}
	return v
}
