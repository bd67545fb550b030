package schedule

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"berth/model"
	"berth/search"
)

// Reorder anneals a schedule: random changes of the order and of nodes, most of them on
// longest ways, kept unless they make it longer by more than a random amount that falls
// with time. Every round begins with the best schedule or with another list's, is longer
// than the one before, and every second one works on the workflow turned round, where
// the same changes lead elsewhere.
//
// Source: S. Kirkpatrick, C.D. Gelatt and M.P. Vecchi, Optimization by simulated
// annealing, Science 220, 1983; changes on longest ways after P.J.M. van Laarhoven,
// E.H.L. Aarts and J.K. Lenstra, Job shop scheduling by simulated annealing, Operations
// Research 40(1), 1992. Departures: the threshold is drawn before a change is evaluated,
// so that most evaluations end early; nodes change, alone, in clusters and between two tasks; half
// of all changes take a task to the best of some gaps (gaps.go).
var Reorder = &search.Method{
	Name: "reorder", Short: "anneals the order and the nodes of a schedule", Source: "Kirkpatrick, Gelatt and Vecchi 1983; van Laarhoven and others 1992",
	Handles: model.Schedules,
	Run:     func(_ context.Context, p *model.Problem, b *search.Board) error { return reorder(p, b, 0) },
}

// Other is Reorder with chance of its own, beginning from the end and hotter, to run
// beside it.
var Other = &search.Method{
	Name: Reorder.Name, Short: Reorder.Short, Source: Reorder.Source, Handles: Reorder.Handles,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error { return reorder(p, b, 3) },
}

// reorder anneals, and leaves out the first rounds.
func reorder(p *model.Problem, b *search.Board, round int) error {
	if len(p.Workflow.Tasks) == 0 {
		b.OfferSchedule(model.Schedule{}, 0)
		return nil
	}
	newAnnealing(p.Workflow, b, 0x5ca1ab1e+uint64(round)).run(round)
	return nil
}

// annealing is a run of Reorder.
type annealing struct {
	w     *model.Workflow
	board *search.Board
	rng   *rand.Rand
	front *walk  // on the workflow
	back  *walk  // on the workflow turned round; nil where it has windows
	found *order // what is found is evaluated on the workflow as it is
	seq   []int32
	node  []int32 // of the best
	cost  int64
}

// The first round has so many changes for each task; the others are longer and longer.
const (
	firstRound  = 150
	roundGrowth = 1.6
	levels      = 60 // of temperature in a round
	coldest     = 0.0002
)

// heats are the means of the random amounts at the begin of a round, of the makespan:
// what is nearly good wants little, what is stuck wants much.
var heats = []float64{0.001, 0.005, 0.02, 0.08}

// hottest, over the number of tasks, bounds what is hotter than the least of heats: of many
// tasks that each add a little, all are never brought back.
const hottest = 7

func newAnnealing(w *model.Workflow, b *search.Board, stream uint64) *annealing {
	a := &annealing{w: w, board: b, rng: rand.New(rand.NewPCG(b.Seed(), stream)), cost: model.Never * 2}
	a.front, a.found = newWalk(newOrder(w), a.rng), newOrder(w)
	if !windows(w) {
		a.back = newWalk(newOrder(w.Reversed()), a.rng)
	}
	return a
}

// windows says whether a task must begin after or end before some time.
func windows(w *model.Workflow) bool {
	return slices.ContainsFunc(w.Release, func(t int64) bool { return t > 0 }) ||
		slices.ContainsFunc(w.Deadline, func(t int64) bool { return t < model.Never })
}

// run anneals from a round on until the board says stop.
func (a *annealing) run(round int) {
	a.start()
	changes := firstRound * len(a.w.Tasks)
	for ; a.board.Work(0); round++ {
		a.adopt()
		heat := min(heats[round/2%len(heats)], max(heats[0], hottest/float64(len(a.w.Tasks))))
		on := a.front
		if round%2 == 1 && a.back != nil {
			on = a.back
			on.begin(reversed(a.seq), a.node)
		} else {
			on.begin(a.seq, a.node)
		}
		if !a.anneal(on, changes, heat) {
			return
		}
		if round%2 == 1 {
			changes = int(float64(changes) * roundGrowth)
		}
	}
}

// start finds an order to begin with: the incumbent's, or that of a list, whether or not
// it keeps the deadlines.
func (a *annealing) start() {
	w := a.w
	if s, _ := a.board.Schedule(); s != nil {
		a.adopt()
		return
	}
	t := newTimetable(w, a.board)
	if t.place(byRank(w, upwardRank(w, meanDurations(w), meanMessages(w)))) {
		a.take(orderOf(w, t.at))
		return
	}
	node := make([]int32, len(w.Tasks))
	for task := range node {
		on := a.front.nodesOf(int32(task))
		node[task] = on[a.rng.IntN(len(on))]
	}
	a.take(w.Order, node)
}

// adopt takes over what the board has, if that is better.
func (a *annealing) adopt() {
	if s, cost := a.board.Schedule(); s != nil && cost < a.cost {
		a.seq, a.node = orderOf(a.w, s)
		a.cost = cost
	}
}

// take evaluates an order on the workflow, keeps it if it is the best, and offers it.
func (a *annealing) take(seq, node []int32) {
	a.found.set(seq, node)
	if cost := a.found.cost(); cost < a.cost {
		a.cost = cost
		a.seq, a.node = slices.Clone(seq), slices.Clone(node)
		if a.found.late == 0 && a.found.makespan < model.Never {
			a.board.OfferSchedule(a.found.schedule(), a.found.makespan)
		}
	}
}

// anneal does a round, and takes the best that it saw at every level of temperature. It
// returns false when the board says stop.
func (a *annealing) anneal(on *walk, changes int, heat float64) bool {
	best := on.cost()
	seq, node := slices.Clone(on.seq), slices.Clone(on.node)
	temperature := heat * float64(min(best, model.Never/16))
	cool := math.Pow(coldest/heat, 1.0/levels)
	going := true
	for level := 0; level < levels && going; level++ {
		for k := 0; k < changes/levels && going; k++ {
			current := on.cost()
			if on.step(current+int64(temperature*a.rng.ExpFloat64())) && on.cost() < best {
				best = on.cost()
				copy(seq, on.seq)
				copy(node, on.node)
			}
			if on.steps >= 64 {
				going = a.board.Work(on.steps * nanosPerStep)
				on.steps = 0
			}
		}
		temperature *= cool
		switch {
		case best >= a.cost:
		case on == a.back:
			a.take(reversed(seq), node)
		default:
			a.take(seq, node)
		}
	}
	return going
}

// nanosPerStep is about what evaluating a task takes.
const nanosPerStep = 40

// reversed is an order from its end.
func reversed(seq []int32) []int32 {
	back := slices.Clone(seq)
	slices.Reverse(back)
	return back
}

// orderOf is the order in which the tasks of a schedule begin, and their nodes.
func orderOf(w *model.Workflow, s model.Schedule) (seq, node []int32) {
	seq = w.Running(s)
	node = make([]int32, len(s))
	for t := range s {
		node[t] = s[t].Node
	}
	return seq, node
}
