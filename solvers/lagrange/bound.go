package lagrange

import "math"

// The Lagrangian bound. The rows "task i is on one node" are dualised with
// multipliers u:
//
//	L(u) = Σ u(i) + Σ_j min { Σ_i (cost(i,j) − u(i))·x(i,j) : the set fits node j }
//
// is a lower bound for every u (A.M. Geoffrion, Lagrangean relaxation for integer
// programming, Mathematical Programming Study 2, 1974; for this problem G.T. Ross
// and R.M. Soland, A branch and bound algorithm for the generalized assignment
// problem, Mathematical Programming 8, 1975). All its numbers are integers, in
// steps of cost over 1<<shift; only the way u goes is found in floating point.
//
// u climbs by a deflected subgradient: what the knapsacks take of a task beyond or
// below one, mixed with the last direction (P.M. Camerini, L. Fratta and
// F. Maffioli, On improving relaxation methods by modified gradient techniques,
// Mathematical Programming Study 3, 1975), with steps after B.T. Polyak towards a
// target above the cutoff.

const (
	deflection  = 0.9           // how much of the last direction stays
	fading      = 0.9           // how much a round counts against the next in the shares
	eager       = 0.3           // part of a Polyak step that is taken in the tree
	steepest    = maxPrice << 1 // no multiplier leaves ± this
	heaviest    = 1e200         // shares are scaled down above this weight
	firstAhead  = 64            // steps of cost
	unevaluated = math.MinInt64 // below any value
)

// evaluate computes L(u) and what the knapsacks take, and reports the work. It returns
// false when the search must stop.
func (e *engine) evaluate() bool {
	e.resolve()
	return e.report()
}

// report reports the work done. It returns false when the search must stop.
func (e *engine) report() bool {
	units := e.work
	e.work = 0
	e.done += units
	if !e.host.work(units) {
		e.stopped = true
	}
	return !e.stopped
}

// resolve solves all knapsacks.
func (e *engine) resolve() {
	for j := range e.nodes {
		e.solve(int32(j))
		e.stale[j] = true
	}
	e.sum()
}

// sum adds up L(u).
func (e *engine) sum() {
	e.value = e.forced
	for _, i := range e.open.all() {
		e.value += e.u[i]
	}
	for j := range e.sacks {
		e.value += e.sacks[j].value
	}
}

// cover counts on how many nodes each open task is, and notes it in the shares. It
// says whether every task is on just one.
func (e *engine) cover() bool {
	clear(e.covered)
	e.weight /= fading
	if e.weight > heaviest {
		for k := range e.share {
			e.share[k] /= e.weight
		}
		e.weight = 1
	}
	for j := range e.sacks {
		row := j * e.tasks
		for _, i := range e.sacks[j].in {
			e.covered[i]++
			e.share[row+int(i)] += e.weight
		}
	}
	for _, i := range e.open.all() {
		if e.covered[i] != 1 {
			return false
		}
	}
	return true
}

// move takes a step from u towards the target, theta times what would be right if
// L were linear.
func (e *engine) move(theta float64, target int64) {
	norm := 0.0
	for _, i := range e.open.all() {
		d := float64(deflection*e.direction[i]) + float64(1-e.covered[i])
		e.direction[i] = d
		norm += float64(d * d)
	}
	if norm == 0 {
		return
	}
	step := theta * float64(target-e.value) / norm
	for _, i := range e.open.all() {
		change := math.Round(float64(step * e.direction[i]))
		change = min(max(change, -steepest), steepest)
		e.u[i] = min(max(e.u[i]+int64(change), -steepest), steepest)
	}
}

// climb improves u by so many rounds, fixing on the way (at the end alone where a proof is
// wanted, as each fixing is a line of it), and leaves u at the best it met. It gives up early after a third of them without a better bound. It returns true when nothing below the cutoff is left here.
func (e *engine) climb(rounds int) (closed bool) {
	best, idle := int64(unevaluated), 0
	clear(e.direction)
	for r := range rounds {
		if !e.evaluate() {
			return false
		}
		if e.value > e.cutoff {
			e.scribe.price(e)
			return true
		}
		if idle++; e.value > best {
			best, idle = e.value, 0
			copy(e.bestU, e.u)
		}
		if idle > rounds/3 {
			break
		}
		if e.cover() && e.offerKnapsacks() && e.value > e.cutoff {
			return true
		}
		if (r+1)%fixEvery == 0 && e.scribe == nil && e.fix() {
			return true
		}
		e.move(eager, e.cutoff+e.step()/10+1)
	}
	copy(e.u, e.bestU)
	return e.evaluate() && e.fix()
}

// start finds the first multipliers and placements, without any cutoff but the
// incumbent's. It aims a little above the best value met, and nearer whenever that
// stalls (U. Brännlund, On relaxation methods for nonsmooth convex optimization,
// 1993), until it aims at less than a step of cost.
func (e *engine) start() (closed bool) {
	for i := range e.tasks {
		e.u[i] = e.secondCheapest(int32(i))
	}
	p := e.newPace()
	for r := 0; r < rootRounds && p.ahead > e.step()/nearest; r++ {
		if !e.evaluate() {
			return false
		}
		if e.value > e.cutoff {
			e.scribe.price(e)
			return true
		}
		if e.met(&p, patience) {
			continue
		}
		if e.cover() && e.offerKnapsacks() && e.value > e.cutoff {
			return true
		}
		if r%repairEvery == 0 && e.scribe == nil {
			e.repair()
		}
		e.move(1, min(p.best+p.ahead, e.cutoff+e.step()))
	}
	copy(e.u, e.bestU)
	return e.evaluate() && e.fix()
}

// pace is how far above the best value met the multipliers aim.
type pace struct {
	best, ahead int64
	idle, gains int // rounds in a row without a better value, and with one
}

func (e *engine) newPace() pace { return pace{best: unevaluated, ahead: firstAhead * e.step()} }

// met takes in the value of a round. Where nothing was better for so many rounds, or for
// few from which the value fell far below the best, it goes back to the best multipliers, to
// aim nearer, and says so.
func (e *engine) met(p *pace, patience int) (back bool) {
	if e.value > p.best {
		p.best, p.idle = e.value, 0
		copy(e.bestU, e.u)
		if p.gains++; p.gains%streak == 0 {
			p.ahead *= 2
		}
		return false
	}
	p.gains = 0
	if p.idle++; p.ahead > firstAhead*e.step() && e.value < p.best-p.ahead {
		p.idle += fallen - 1
	}
	if p.idle < patience {
		return false
	}
	p.ahead, p.idle = p.ahead/2, 0
	copy(e.u, e.bestU)
	clear(e.direction)
	return true
}

// step is one step of cost, as a Lagrangian value.
func (e *engine) step() int64 { return 1 << e.shift }

// secondCheapest returns the second lowest cost of a task, or its only one.
func (e *engine) secondCheapest(i int32) int64 {
	low, second := int64(math.MaxInt64), int64(math.MaxInt64)
	for _, j := range e.nodesOf[i].all() {
		switch c := e.cost[int(j)*e.tasks+int(i)]; {
		case c < low:
			low, second = c, low
		case c < second:
			second = c
		}
	}
	if second == math.MaxInt64 {
		return low
	}
	return second
}
