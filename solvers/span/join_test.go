package span

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/compiled"
	"berth/model"
)

// TestJoin compares with trying every choice of what ran on the node.
func TestJoin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var arrivals []arrival
		for range rapid.IntRange(1, 7).Draw(t, "arrivals") {
			arrivals = append(arrivals, arrival{
				begin: rapid.Int64Range(0, 20).Draw(t, "begin"), time: rapid.Int64Range(0, 9).Draw(t, "time"), far: rapid.Int64Range(0, 40).Draw(t, "far"),
			})
		}
		slices.SortFunc(arrivals, func(a, b arrival) int { return cmp.Compare(a.begin, b.begin) })
		want := model.Never
		for near := range 1 << len(arrivals) {
			done, latest := int64(0), int64(0)
			for k, a := range arrivals {
				if near>>k&1 == 1 {
					done = max(done, a.begin) + a.time
				} else {
					latest = max(latest, a.far)
				}
			}
			want = min(want, max(done, latest))
		}
		if got := (&join{arrival: slices.Clone(arrivals)}).soonest(); got != want {
			t.Fatalf("%v: %d, want %d", arrivals, got, want)
		}
	})
}

// TestJoinOfMany: where not all is looked at, the bound is below, and not by much.
func TestJoinOfMany(t *testing.T) {
	var j join
	for k := range int64(3 * mostNear) {
		j.arrival = append(j.arrival, arrival{begin: 0, time: 1, far: 10 * k})
	}
	if got := j.soonest(); got < mostNear || got > 3*mostNear {
		t.Errorf("got %d, want %d to %d", got, mostNear, 3*mostNear)
	}
}

// TestTurns: two results that take long to send are made on one node, one after the other,
// or one is sent.
func TestTurns(t *testing.T) {
	for _, c := range []struct{ latency, want string }{{"30", "21"}, {"3", "14"}} {
		p := compiled.Document(t, "format: berth/v1\nkind: workflow\nnodes: [{name: a}, {name: b}]\nnetwork: {default: {latency: "+c.latency+"}}\n"+
			"tasks: [{name: r, work: 10}, {name: s, work: 10}, {name: t, work: 1}]\ndependencies: [{from: r, to: t}, {from: s, to: t}]\n")
		if got := p.Format(bounded(t, p)); got != c.want {
			t.Errorf("latency %s: the bound is %s, want %s", c.latency, got, c.want)
		}
	}
}
