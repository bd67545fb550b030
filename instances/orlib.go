package instances

import (
	"errors"
	"fmt"
	"strings"

	"berth/model"
)

// The generalized assignment problem as OR-Library keeps it (J.E. Beasley,
// OR-Library: distributing test problems by electronic mail, Journal of the
// Operational Research Society 41, 1990). Whole numbers and blanks:
//
//	m n            agents, jobs
//	m rows of n    the cost of job j on agent i
//	m rows of n    what job j takes of agent i
//	m numbers      the capacities
//
// A file holds one such problem, or a count and then so many. Which of the two it
// is follows from counting its numbers; a file that fits both is read as one
// problem.
//
// Agents become nodes with a capacity of one resource, load; jobs become tasks
// that take different amounts on different nodes; costs become fetch penalties.
//
// Maximised, the values are profits p(i,j), and the penalty is what a job falls
// short of its best: max_k p(k,j) − p(i,j). So the profit is the sum of the best
// profits less the cost. That sum goes into the instance's name, which is where it
// survives a conversion and reaches every solution; Profit reads it back.
var orlibFormat = Format{
	Name:  "orlib",
	Short: "generalized assignment as in OR-Library, one problem or several",
	Looks: looksLike(func(n *numbers) error { _, _, err := n.orlibProblems(); return err }),
	Problems: func(data []byte, file string) (int, error) {
		n, err := scan(data, file)
		if err != nil {
			return 0, err
		}
		starts, _, err := n.orlibProblems()
		return len(starts), err
	},
	Read: readOrlib,
}

// gap is one generalized assignment problem.
type gap struct {
	agents, jobs int
	values       []int64 // by agent and job
	loads        []int64 // by agent and job
	capacities   []int64
}

func readOrlib(data []byte, file string, opts Options) (*model.Instance, error) {
	n, err := scan(data, file)
	if err != nil {
		return nil, err
	}
	starts, several, err := n.orlibProblems()
	if err != nil {
		return nil, err
	}
	pick, name := opts.Problem, baseName(file)
	switch {
	case pick > len(starts):
		return nil, fmt.Errorf("%s: there is no problem %d, the file holds %d", file, pick, len(starts))
	case pick == 0 && len(starts) > 1:
		return nil, fmt.Errorf("%s: the file holds %d problems; choose one with --problem 1 to --problem %d", file, len(starts), len(starts))
	case pick == 0:
		pick = 1
	}
	if several {
		name = fmt.Sprintf("%s-%d", name, pick)
	}
	g := n.gapAt(starts[pick-1])
	if opts.Maximise {
		best, err := g.turnProfits()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		name = fmt.Sprintf("%s%s%d%s", name, profitOpen, best, profitClose)
	}
	return g.instance(name), nil
}

// orlibProblems finds where each problem starts, and whether a count stands in
// front of them.
func (n *numbers) orlibProblems() (starts []int, several bool, err error) {
	end, whyOne := n.orlibEnd(0)
	if whyOne == nil && end == len(n.values) {
		return []int{0}, false, nil
	}
	if whyOne == nil {
		whyOne = n.refuse(end, model.Plural(len(n.values)-end, "number")+" more",
			fmt.Sprintf("the end of the file, as it begins with %d agents and %d jobs", n.values[0], n.values[1]))
	}
	starts, whyMany := n.countedProblems()
	switch {
	case whyMany == nil:
		return starts, true, nil
	case len(starts) > 0: // the count and the first problem fit: it is meant so
		return nil, false, whyMany
	}
	return nil, false, whyOne
}

// countedProblems finds the problems behind a count. With an error it returns
// those that are whole.
func (n *numbers) countedProblems() (starts []int, err error) {
	if len(n.values) == 0 || n.values[0] == 0 {
		return nil, n.refuse(0, "no problem", "the numbers of agents and jobs, or a count of problems")
	}
	problems, at := n.values[0], 1
	for k := range problems {
		end, err := n.orlibEnd(at)
		if err != nil {
			if wrong := (*model.DocumentError)(nil); errors.As(err, &wrong) {
				wrong.Path = fmt.Sprintf("problem %d of %d", k+1, problems)
			}
			return starts, err
		}
		starts = append(starts, at)
		at = end
	}
	if at < len(n.values) {
		return starts, n.refuse(at, model.Plural(len(n.values)-at, "number")+" more",
			fmt.Sprintf("the end of the file, as it begins with a count of %d", problems))
	}
	return starts, nil
}

// orlibEnd returns where the problem that starts at value k ends.
func (n *numbers) orlibEnd(k int) (int, error) {
	left := int64(len(n.values) - k)
	if left < 2 {
		return 0, n.refuse(k, "the end of the file", "the numbers of agents and jobs")
	}
	agents, jobs := n.values[k], n.values[k+1]
	if agents < 1 || jobs < 1 {
		return 0, n.refuse(k, fmt.Sprintf("%d agents and %d jobs", agents, jobs), "at least one of each")
	}
	if agents > left || jobs > left || 2+2*agents*jobs+agents > left {
		return 0, n.refuse(k, fmt.Sprintf("%d agents and %d jobs and then %s", agents, jobs, model.Plural(int(left-2), "number")),
			fmt.Sprintf("%d×%d costs, as many loads and %d capacities", agents, jobs, agents))
	}
	return k + int(2+2*agents*jobs+agents), nil
}

// gapAt cuts out the problem that starts at value k and is known to be whole.
func (n *numbers) gapAt(k int) *gap {
	agents, jobs := int(n.values[k]), int(n.values[k+1])
	values := n.values[k+2:]
	return &gap{
		agents: agents, jobs: jobs,
		values:     values[:agents*jobs],
		loads:      values[agents*jobs : 2*agents*jobs],
		capacities: values[2*agents*jobs : 2*agents*jobs+agents],
	}
}

// instance states the problem as a placement.
func (g *gap) instance(name string) *model.Instance {
	in := &model.Instance{Name: name, Weights: unweighted}
	agents, jobs := named("agent", g.agents), named("job", g.jobs)
	for i, agent := range agents {
		in.Nodes = append(in.Nodes, model.Node{Name: agent, Capacity: amount(gapLoad, g.capacities[i])})
	}
	prices, loads := make([]int64, g.agents), make([]int64, g.agents)
	for j, job := range jobs {
		for i := range agents {
			prices[i], loads[i] = g.values[i*g.jobs+j], g.loads[i*g.jobs+j]
		}
		task := model.Task{Name: job, Replicas: 1, Fetch: pricesOn(agents, prices)}
		usual := mostCommon(loads)
		task.Demand = amount(gapLoad, usual)
		task.DemandOn = make([]model.NodeDemand, 0, g.agents)
		amounts := make(model.Resources, 0, g.agents)
		for i, load := range loads {
			if load != usual {
				amounts = append(amounts, amount(gapLoad, load)...)
				task.DemandOn = append(task.DemandOn, model.NodeDemand{Node: agents[i], Demand: amounts[len(amounts)-1 : len(amounts) : len(amounts)]})
			}
		}
		sortDemands(task.DemandOn)
		in.Tasks = append(in.Tasks, task)
	}
	return in
}

// gapLoad is the resource of a generalized assignment problem.
const gapLoad = "load"

// unweighted is what a document without weights means.
var unweighted = model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}

// turnProfits replaces each profit by what it falls short of the job's best, and
// returns the sum of the best profits.
func (g *gap) turnProfits() (sum int64, err error) {
	turned := make([]int64, len(g.values))
	for j := range g.jobs {
		best := g.values[j]
		for k := j; k < len(g.values); k += g.jobs {
			best = max(best, g.values[k])
		}
		for k := j; k < len(g.values); k += g.jobs {
			turned[k] = best - g.values[k]
		}
		if sum += best; sum > maxWhole {
			return 0, fmt.Errorf("the profits are too large: the best ones add up to more than %d", maxWhole)
		}
	}
	g.values = turned
	return sum, nil
}

// The words around the sum of the best profits in the name of an instance.
const (
	profitOpen  = " (profit = "
	profitClose = " - cost)"
)

// Profit returns the sum of the best profits of an instance that was read to be
// maximised, going by its name, and whether it was one. The profit of a placement
// is that sum less its cost.
func Profit(name string) (best model.Decimal, ok bool) {
	_, rest, ok := strings.Cut(name, profitOpen)
	if !ok {
		return 0, false
	}
	digits, ok := strings.CutSuffix(rest, profitClose)
	if !ok || digits == "" {
		return 0, false
	}
	value, ok := whole([]byte(digits))
	return model.Decimal(value) * model.DecimalOne, ok
}
