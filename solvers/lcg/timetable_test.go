package lcg

import (
	"runtime"
	"testing"

	"berth/solvers/lcg/engine"
)

// TestShortTasks: a task that is much shorter than others gets out of the way of
// these, forth and back, in few steps.
func TestShortTasks(t *testing.T) {
	const long = 300_000
	type task struct{ low, high, time int64 }
	for _, row := range []struct {
		name  string
		nodes int
		long  []task
		short task
		want  task
	}{
		{"behind one", 1, []task{{5, 5, long - 5}}, task{5, 5 * long, 1}, task{long, 5 * long, 1}},
		{"before one", 1, []task{{5, 5, long - 5}}, task{0, long - 1, 1}, task{0, 4, 1}},
		{"behind the first of two to end", 2, []task{{0, 7, long}, {2, 3, long + 1}}, task{8, 5 * long, 2}, task{long, 5 * long, 2}},
		{"behind several", 2, []task{{0, 0, 2 * long}, {2, 3, long}, {long + 3, long + 3, long}}, task{8, 5 * long, 2}, task{2 * long, 5 * long, 2}},
		{"before several", 2, []task{{9, 9, 2 * long}, {9, 9, long}, {long + 10, long + 10, long}}, task{0, 2 * long, 2}, task{0, 7, 2}},
		{"it has no room", 1, []task{{5, 5, long - 5}}, task{5, long - 1, 1}, task{}},
	} {
		e := engine.New(0)
		var items []item
		var wake []engine.Half
		for _, k := range append(row.long, row.short) {
			x := e.NewVariable(k.low, k.high, false)
			items, wake = append(items, item{x, k.time}), append(wake, x, x.Not())
		}
		e.AddPropagator(newTimetable(items, row.nodes), wake...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		holds := e.Settle()
		runtime.ReadMemStats(&after)
		y := items[len(items)-1].start
		if holds != (row.want.time > 0) || holds && (e.Low(y) != row.want.low || e.High(y) != row.want.high) {
			t.Errorf("%s: %v, from %d to %d; want %d to %d", row.name, holds, e.Low(y), e.High(y), row.want.low, row.want.high)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
			t.Errorf("%s: it took %d bytes", row.name, took)
		}
	}
}
