package instances

import (
	"math"
	"math/rand/v2"

	"berth/model"
)

// The classic test families of the generalized assignment problem, agents × jobs.
// With a(i,j) what job j takes of agent i, c(i,j) what it costs there and b(i) the
// capacity:
//
//	a  a 5–25, c 10–50, b(i) = 0.6·15·n/m + 0.4 R, with R the largest load of an
//	   agent when each job goes where it is cheapest
//	b  as a with 70 % of its capacities
//	c  a 5–25, c 10–50, b(i) = 0.8 Σ_j a(i,j) / m
//	d  a 1–100, c = 111 − a + e with e from −10 to 10, b as in c
//	e  a = 1 − 10 ln u with u in (0, 1], c = 1000/a − 10 v with v in [0, 1), b as in c
//
// Types a to d: P.C. Chu and J.E. Beasley, A genetic algorithm for the generalised
// assignment problem, Computers & Operations Research 24, 1997, after S. Martello
// and P. Toth, 1981; type e: M. Laguna, J.P. Kelly, J.L. González-Velarde and
// F. Glover, Tabu search for the multilevel generalized assignment problem,
// European Journal of Operational Research 82, 1995, as used by M. Yagiura,
// T. Ibaraki and F. Glover, An ejection chain approach for the generalized
// assignment problem, INFORMS Journal on Computing 16, 2004.
//
// Differences: all numbers are rounded to whole ones, and costs in e are at least
// 0. Nothing is planted: types c to e are feasible in practice, as their agents
// are of like strength and few jobs are large.

// gapType is one of the families.
type gapType struct {
	name, short, source string
	draw                func(*rand.Rand) (load, cost int64)
	capacities          func(*gap)
}

const (
	chuBeasley = "Chu and Beasley 1997"
	laguna     = "Laguna and others 1995; Yagiura, Ibaraki and Glover 2004"
)

var gapTypes = []gapType{
	{"a", "loose capacities, easy", chuBeasley, drawUniform, func(g *gap) { g.capacitiesA(10) }},
	{"b", "70 % of the capacities of a", chuBeasley, drawUniform, func(g *gap) { g.capacitiesA(7) }},
	{"c", "tight capacities", chuBeasley, drawUniform, (*gap).capacitiesC},
	{"d", "tight, and what takes more costs less: hard", chuBeasley, drawInverse, (*gap).capacitiesC},
	{"e", "tight, demands exponential, costs inverse to them: hard", laguna, drawExponential, (*gap).capacitiesC},
}

// between draws a whole number from low to high.
func between(rng *rand.Rand, low, high int64) int64 { return low + rng.Int64N(high-low+1) }

func drawUniform(rng *rand.Rand) (load, cost int64) {
	return between(rng, 5, 25), between(rng, 10, 50)
}

func drawInverse(rng *rand.Rand) (load, cost int64) {
	load = between(rng, 1, 100)
	return load, 111 - load + between(rng, -10, 10)
}

func drawExponential(rng *rand.Rand) (load, cost int64) {
	a := 1 - 10*math.Log(1-rng.Float64())
	c := 1000/a - 10*rng.Float64()
	return int64(math.Round(a)), max(0, int64(math.Round(c)))
}

func generateGap(t gapType, spec Spec, seed uint64) *model.Instance {
	rng := rand.New(rand.NewPCG(seed, streamGap))
	g := &gap{agents: spec.Nodes, jobs: spec.Tasks, capacities: make([]int64, spec.Nodes)}
	g.values, g.loads = make([]int64, g.agents*g.jobs), make([]int64, g.agents*g.jobs)
	for k := range g.values {
		g.loads[k], g.values[k] = t.draw(rng)
	}
	t.capacities(g)
	return g.instance("")
}

// capacitiesC gives each agent 80 % of an equal share of all jobs.
func (g *gap) capacitiesC() {
	for i := range g.capacities {
		sum := int64(0)
		for _, load := range g.loads[i*g.jobs : (i+1)*g.jobs] {
			sum += load
		}
		g.capacities[i] = 8 * sum / (10 * int64(g.agents))
	}
}

// capacitiesA gives all agents the same: so many tenths of 9n/m plus 0.4 of the
// largest load when each job goes where it is cheapest.
func (g *gap) capacitiesA(tenths int64) {
	cheapest := make([]int64, g.agents)
	for j := range g.jobs {
		best := 0
		for i := range g.agents {
			if g.values[i*g.jobs+j] < g.values[best*g.jobs+j] {
				best = i
			}
		}
		cheapest[best] += g.loads[best*g.jobs+j]
	}
	most := int64(0)
	for _, load := range cheapest {
		most = max(most, load)
	}
	for i := range g.capacities {
		g.capacities[i] = tenths * (90*int64(g.jobs) + 4*most*int64(g.agents)) / (100 * int64(g.agents))
	}
}
