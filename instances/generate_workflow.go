package instances

import (
	"math"
	"math/rand/v2"

	"berth/model"
)

// How a workflow is generated: a shape of as many tasks as the settings allow, work
// from 1 to 100 for each, machines, and data for each dependency, so that results take
// CCR percent of what tasks take in the mean on machines of speed 1, over a network
// that moves one unit of data in one unit of time.

// shape draws the dependencies of a graph of at most so many tasks, each from a lower
// number to a higher one, and returns how many tasks it has.
type shape func(rng *rand.Rand, most int) (tasks int, edges [][2]int)

// shapes are the families of workflows. The regular ones are those that papers on list
// scheduling use, such as Topcuoglu, Hariri and Wu 2002 for fft and gauss.
var shapes = []struct {
	name, short string
	draw        shape
}{
	{"layered", "layers of tasks, each task needing some of the layers before", layered},
	{"forkjoin", "a chain of forks and joins", forkJoin},
	{"serpar", "series and parallel parts, nested at random", seriesParallel},
	{"tree", "a tree in which results flow to the root, of 2 or 3 children each", inTree},
	{"stencil", "a square of rows, each task needing three of the row above", stencil},
	{"fft", "the fast Fourier transform: a tree of calls and butterflies", fft},
	{"gauss", "Gaussian elimination, column by column", gauss},
	{"cholesky", "Cholesky factorisation of a matrix of tiles", cholesky},
}

func workflowFamilies() []Family {
	var families []Family
	for _, s := range shapes {
		families = append(families, Family{
			Name: s.name, Short: "workflow: " + s.short, Workflow: true,
			Defaults: Spec{Nodes: 4, Tasks: 50, CCR: 100, Machines: 2},
			generate: func(spec Spec, seed uint64) *model.Instance { return generateWorkflow(s.draw, spec, seed) },
		})
	}
	return families
}

func generateWorkflow(draw shape, spec Spec, seed uint64) *model.Instance {
	const mostWork = 100
	tasks, edges := draw(rand.New(rand.NewPCG(seed, streamShape)), spec.Tasks)
	in := &model.Instance{Workflow: true, Weights: unweighted, Tasks: make([]model.Task, 0, tasks)}
	machines := rand.New(rand.NewPCG(seed, streamMachines))
	for _, name := range named("node", spec.Nodes) {
		n := model.Node{Name: name}
		if spec.Machines == 1 {
			speed := model.Decimal(2+machines.IntN(7)) * model.DecimalOne / 4
			n.Speed = &speed
		}
		in.Nodes = append(in.Nodes, n)
	}
	in.Network.Default = &model.Line{Bandwidth: &model.Quantity{Units: 1}}
	for _, name := range named("task", tasks) {
		work := model.Decimal(1+machines.IntN(mostWork)) * model.DecimalOne
		task := model.Task{Name: name, Replicas: 1}
		if spec.Machines == 2 {
			for _, n := range in.Nodes {
				tenths := work / 10 * model.Decimal(5+machines.IntN(11))
				task.Durations = append(task.Durations, model.NodeTime{Node: n.Name, Time: tenths})
			}
			sortTimes(task.Durations)
		} else {
			task.Work = &work
		}
		in.Tasks = append(in.Tasks, task)
	}
	results := rand.New(rand.NewPCG(seed, streamResults))
	for _, e := range edges {
		d := model.Dependency{From: in.Tasks[e[0]].Name, To: in.Tasks[e[1]].Name}
		if most := mostWork * spec.CCR / 100; most > 0 {
			d.Data.Units = 1 + results.Int64N(int64(most))
		}
		in.Dependencies = append(in.Dependencies, d)
	}
	return in
}

// layered makes layers of about the square root of all tasks; every task but those of
// the first layer needs one to three of the two layers before its own.
func layered(rng *rand.Rand, most int) (tasks int, edges [][2]int) {
	width := max(1, int(math.Sqrt(float64(most))))
	before, begin := 0, 0 // of the layer before the last, and of the last
	for tasks < most {
		size := min(1+rng.IntN(2*width-1), most-tasks)
		for t := tasks; t < tasks+size; t++ {
			if tasks == 0 {
				continue
			}
			direct := begin + rng.IntN(tasks-begin)
			edges = append(edges, [2]int{direct, t})
			for _, k := range pick(rng, tasks-before, rng.IntN(3)) {
				if before+k != direct {
					edges = append(edges, [2]int{before + k, t})
				}
			}
		}
		before, begin = begin, tasks
		tasks += size
	}
	return tasks, edges
}

// forkJoin makes a task, some that need it, one that needs these, and so on.
func forkJoin(rng *rand.Rand, most int) (tasks int, edges [][2]int) {
	tasks = 1
	for most-tasks >= 2 {
		width := min(1+rng.IntN(max(1, most/4)), most-tasks-1)
		fork, join := tasks-1, tasks+width
		for t := tasks; t < join; t++ {
			edges = append(edges, [2]int{fork, t}, [2]int{t, join})
		}
		tasks = join + 1
	}
	return tasks, edges
}

// seriesParallel splits a number of tasks into parts that follow one another or run
// side by side between a first and a last task, until they are single.
func seriesParallel(rng *rand.Rand, most int) (tasks int, edges [][2]int) {
	var part func(size int) (first, last int)
	part = func(size int) (first, last int) {
		switch {
		case size == 1:
			tasks++
			return tasks - 1, tasks - 1
		case size < 4 || rng.IntN(2) == 0:
			cut := 1 + rng.IntN(size-1)
			first, middle := part(cut)
			next, last := part(size - cut)
			edges = append(edges, [2]int{middle, next})
			return first, last
		}
		first = tasks
		tasks++
		var ends []int
		for rest := size - 2; rest > 0; {
			branch := 1 + rng.IntN((rest+1)/2)
			rest -= branch
			begin, end := part(branch)
			edges = append(edges, [2]int{first, begin})
			ends = append(ends, end)
		}
		last = tasks
		tasks++
		for _, end := range ends {
			edges = append(edges, [2]int{end, last})
		}
		return first, last
	}
	part(most)
	return tasks, edges
}

// inTree makes a tree; the numbers fall towards the leaves, so that they are turned
// round in the end.
func inTree(rng *rand.Rand, most int) (tasks int, edges [][2]int) {
	tasks = 1
	for parent := 0; tasks < most; parent++ {
		for range min(2+rng.IntN(2), most-tasks) {
			edges = append(edges, [2]int{tasks, parent})
			tasks++
		}
	}
	for k, e := range edges {
		edges[k] = [2]int{tasks - 1 - e[0], tasks - 1 - e[1]}
	}
	return tasks, edges
}

func stencil(_ *rand.Rand, most int) (tasks int, edges [][2]int) {
	side := int(math.Sqrt(float64(most)))
	for row := 1; row < side; row++ {
		for c := range side {
			for from := max(c-1, 0); from <= min(c+1, side-1); from++ {
				edges = append(edges, [2]int{(row-1)*side + from, row*side + c})
			}
		}
	}
	return side * side, edges
}

// fft has 2m−1 calls in a binary tree and m·log m butterflies below them, m a power
// of two.
func fft(_ *rand.Rand, most int) (tasks int, edges [][2]int) {
	m, levels := 1, 0
	for size := func(m, levels int) int { return 2*m - 1 + m*levels }; size(2*m, levels+1) <= most; {
		m, levels = 2*m, levels+1
	}
	for call := 1; call < 2*m-1; call++ {
		edges = append(edges, [2]int{(call - 1) / 2, call})
	}
	above := m - 1 // the first of the row that the butterflies below need
	for level := range levels {
		row := 2*m - 1 + level*m
		for k := range m {
			edges = append(edges, [2]int{above + k, row + k}, [2]int{above + (k ^ 1<<level), row + k})
		}
		above = row
	}
	return 2*m - 1 + m*levels, edges
}

// gauss has for each column a pivot, and for each later column an update that needs the
// pivot and the update of the column before.
func gauss(_ *rand.Rand, most int) (tasks int, edges [][2]int) {
	n := 2 // the size of the matrix: (n²+n−2)/2 tasks
	for ((n+1)*(n+1)+n-1)/2 <= most {
		n++
	}
	if most < 2 {
		return 1, nil
	}
	last := make([]int, n) // the last update of every column, -1 before
	for c := range last {
		last[c] = -1
	}
	need := func(from int) {
		if from >= 0 {
			edges = append(edges, [2]int{from, tasks})
		}
	}
	for k := range n - 1 {
		pivot := tasks
		need(last[k])
		tasks++
		for c := k + 1; c < n; c++ {
			need(pivot)
			need(last[c])
			last[c] = tasks
			tasks++
		}
	}
	return tasks, edges
}

// cholesky has the four kinds of tasks of the tiled right-looking factorisation; what a
// task needs are the last writers of its tiles.
func cholesky(_ *rand.Rand, most int) (tasks int, edges [][2]int) {
	n := 1
	for (n+1)*(n+2)*(n+3)/6 <= most {
		n++
	}
	writer := map[[2]int]int{}
	write := func(tile [2]int, reads ...[2]int) {
		seen := map[int]bool{}
		for _, t := range append(reads, tile) {
			if from, known := writer[t]; known && !seen[from] {
				seen[from] = true
				edges = append(edges, [2]int{from, tasks})
			}
		}
		writer[tile] = tasks
		tasks++
	}
	for k := range n {
		write([2]int{k, k})
		for i := k + 1; i < n; i++ {
			write([2]int{i, k}, [2]int{k, k})
		}
		for i := k + 1; i < n; i++ {
			for j := k + 1; j <= i; j++ {
				write([2]int{i, j}, [2]int{i, k}, [2]int{j, k})
			}
		}
	}
	return tasks, edges
}
