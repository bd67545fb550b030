package prices

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"berth/instances"
	"berth/model"
	"berth/search"
)

func TestProto(t *testing.T) {
	file := os.Getenv("PX")
	if file == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(file)
	in, err := instances.Read(data, file, instances.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	inst, err := newInstance(p)
	if err != nil {
		t.Fatal(err)
	}
	l := newLedger(inst)
	fmt.Println("instance", time.Since(t0), len(inst.kinds), len(inst.option), len(inst.items), "shift", l.shift)
	b := search.NewBoard(context.Background(), p, search.Limits{}, 1, 2, nil)
	s := newSmoother(l, b)
	env := func(name string, d float64) float64 {
		if v := os.Getenv(name); v != "" {
			fmt.Sscan(v, &d)
		}
		return d
	}
	heat, low, rounds := env("HEAT", 100), env("LOW", 1), env("ROUNDS", 60)
	_ = low
	best := int64(0)
	cool := env("COOL", 0.9)
	s.heat = heat
	for r := 0; r < int(rounds); r++ {
		s.round()
		s.step(env("MOM", 0.5), env("DAMP", 1), env("REACH", 2))
		if r%5 == 4 {
			t1 := time.Now()
			l.take(s.lambda)
			v := l.bound(b)
			best = max(best, v)
			over := 0.0
			for k := range s.load[0][:int(s.outside)*s.resources] {
				over += max(0, s.load[0][k]-s.capacity[k]) / s.mean[k%s.resources]
			}
			fmt.Println(r, "heat", s.heat, "bound", p.Format(v), p.Format(best), "over", over, time.Since(t0), time.Since(t1))
		}
		s.heat = max(s.heat*cool, low)
	}

	l.take(s.lambda)
	l.bound(b)
	t1 := time.Now()
	st := newState(l)
	st.mean, st.kappa = s.mean, env("KAPPA", 1)
	st.fill()
	fmt.Println("fill", p.Format(st.cost), "lost", st.lost, time.Since(t1), "gap", p.Gap(st.cost, best))
	po := newPolisher(st)
	po.limit = int(env("LIMIT", 50000))
	for sweep := 0; sweep < int(env("SWEEPS", 12)); sweep++ {
		po.theta = 1
		if sweep >= int(env("TH", 3)) {
			po.theta = 0
		}
		n := 0
		po.Steps = 0
		for j := range st.outside {
			if po.polish(j) {
				n++
			}
		}
		fmt.Println("polish", sweep, n, p.Format(st.cost), "lost", st.lost, time.Since(t1), "gap", p.Gap(st.cost, best), "steps", po.Steps)
	}
	diagnose(st, po)
	for _, j := range []int32{9, 12, 945} { where(st, j) }
	for _, j := range []int32{9, 12, 13, 945} {
		debugNode(po, j)
	}
	v := p.Evaluate(st.placement())
	fmt.Println("judge", p.Format(v.Cost), len(v.Violations))
}

func diagnose(s *state, po *polisher) {
	slackLoss, regret, restRegret := 0.0, 0.0, 0.0
	rows := []string{}
	for j := range s.outside {
		sl := 0.0
		for r := range s.resources {
			sl += s.lambda[int(j)*s.resources+r] * float64(s.free[int(j)*s.resources+r])
		}
		slackLoss += sl
		rg := 0.0
		for _, c := range s.on[j] {
			it := &s.items[s.itemOf[c]]
			least := float64(s.least(it)) / s.unit()
			d := float64(s.costOn(it, j)) + s.priceOf(it.kind, j) - least
			rg += d
			named := false
			for _, o := range s.options(it) {
				if o.node == j {
					named = true
				}
			}
			if !named {
				restRegret += d
			}
		}
		regret += rg
		if sl+rg > 40 && len(rows) < 40 {
			rows = append(rows, fmt.Sprintf("node %d slackloss %.1f regret %.1f free %v lambda %.3f n %d want %d", j, sl, rg, s.free[int(j)*s.resources:int(j+1)*s.resources], s.lambda[int(j)*s.resources:int(j+1)*s.resources], len(s.on[j]), po.wantFrom[j+1]-po.wantFrom[j]))
		}
	}
	fmt.Printf("slack loss %.1f regret %.1f of which rest %.1f\n", slackLoss, regret, restRegret)
	for _, r := range rows {
		fmt.Println(r)
	}
}

func debugNode(po *polisher, j int32) {
	po.theta = 0
	before := po.cost
	ok := po.polish(j)
	fmt.Println("node", j, "ok", ok, "found", len(po.found), po.found == nil, "best", po.best, "steps", po.steps, "cands", len(po.cands), "core", len(po.core), "slack", po.slack, "cost", before, po.cost, "lastDelta", po.lastDelta)
	in, out, zero := 0, 0, 0
	for _, k := range po.cands {
		if k.r == 0 {
			zero++
		}
		if k.in && k.r > 0 {
			in++
		}
		if !k.in && k.r > 0 {
			out++
		}
	}
	fmt.Println("in>0", in, "out>0", out, "zero", zero)
}

func where(s *state, j int32) {
	n := 0
	for _, c := range s.on[j] {
		it := &s.items[s.itemOf[c]]
		least := float64(s.least(it))/s.unit()
		d := float64(s.costOn(it, j)) + s.priceOf(it.kind, j) - least
		if d > 20 && n < 6 {
			n++
			fmt.Println("copy", c, "size", s.takes(it.kind, j), "regret", d, "rest", s.rest[it.choice], s.costOn(it, j))
			for _, o := range s.options(it) { fmt.Print(" [", o.node, " cost ", o.cost, " price ", s.priceOf(it.kind, o.node), s.free[2*o.node:2*o.node+2], "]") }
			fmt.Println()
		}
	}
}
