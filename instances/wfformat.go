package instances

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/go-json-experiment/json"

	"berth/model"
)

// Traces of real workflows in WfFormat 1.5 (T. Coleman, H. Casanova, L. Pottier,
// M. Kaushik, E. Deelman and R. Ferreira da Silva, WfCommons: a framework for enabling
// scientific workflow research and development, Future Generation Computer Systems 128,
// 2022). A task has its runtime, in seconds, as work, and the memory that it used as
// demand; of a parent's result it needs the files that the parent writes and it reads,
// in bytes. Where it runs is not taken from the trace: Options.Platform is a workflow
// whose nodes and network are used.
var wfFormat = Format{
	Name:  "wfformat",
	Short: "traces of workflows in WfFormat 1.5, as WfCommons collects them; takes --platform",
	Looks: func(data []byte, _ string) bool { return looksLikeWfFormat(data) },
	Read:  readWfFormat,
}

func looksLikeWfFormat(data []byte) bool {
	return bytes.Contains(data, []byte(`"schemaVersion"`)) && bytes.Contains(data, []byte(`"workflow"`)) &&
		bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{"))
}

// trace is what is read of a file; what it has else is passed over.
type trace struct {
	Version  string `json:"schemaVersion"`
	Workflow struct {
		Specification struct {
			Tasks []traceTask `json:"tasks"`
			Files []struct {
				ID   string `json:"id"`
				Size *int64 `json:"sizeInBytes"`
			} `json:"files"`
		} `json:"specification"`
		Execution struct {
			Tasks []struct {
				ID      string  `json:"id"`
				Runtime *number `json:"runtimeInSeconds"`
				Memory  *number `json:"memoryInBytes"`
			} `json:"tasks"`
		} `json:"execution"`
	} `json:"workflow"`
}

type traceTask struct {
	ID       string   `json:"id"`
	Parents  []string `json:"parents"`
	Children []string `json:"children"`
	Inputs   []string `json:"inputFiles"`
	Outputs  []string `json:"outputFiles"`
}

// number is a JSON number as it is written.
type number string

// UnmarshalJSON takes the number's text.
func (n *number) UnmarshalJSON(text []byte) error {
	if len(text) > 40 || len(text) == 0 || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return fmt.Errorf("%s, which is not a number of sane length", model.Quote(string(text)))
	}
	*n = number(text)
	return nil
}

// up returns the number in units of 1/scale, rounded up.
func (n *number) up(scale int64) (int64, bool) {
	r := model.Number(*n).Rat() // nil where an exponent is not sane
	if r == nil || r.Sign() < 0 {
		return 0, false
	}
	r = new(big.Rat).Mul(r, big.NewRat(scale, 1))
	q, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q.Int64(), q.IsInt64()
}

func readWfFormat(data []byte, file string, opts Options) (*model.Instance, error) {
	platform := opts.Platform
	opts.Platform = nil
	if err := opts.plain("wfformat", file); err != nil {
		return nil, err
	}
	var t trace
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, model.JSONError(data, file, err, "a trace in WfFormat 1.5")
	}
	switch {
	case t.Version != "1.5":
		return nil, fmt.Errorf("%s: found schemaVersion %q; want 1.5, to which WfCommons can convert others", file, t.Version)
	case platform == nil:
		return nil, fmt.Errorf("%s: a trace says nothing of what it is to run on; name a workflow with --platform, of which the nodes and the network are taken", file)
	case !platform.Workflow:
		return nil, fmt.Errorf("%s: the platform %q is no workflow; write kind: workflow in it", file, platform.Name)
	}
	g := newGraph(file)
	if platform.Name != "" {
		g.in.Name += " on " + platform.Name
	}
	g.in.Nodes, g.in.Network = platform.Nodes, platform.Network
	if err := t.tasks(g, file); err != nil {
		return nil, err
	}
	if err := t.edges(g, file); err != nil {
		return nil, err
	}
	return g.done(file, nil)
}

// tasks adds a task for each that is specified, with what its execution took.
func (t *trace) tasks(g *graph, file string) error {
	index := map[string]int{}
	for k, task := range t.Workflow.Specification.Tasks {
		if _, twice := index[task.ID]; twice {
			return fmt.Errorf("%s: workflow.specification.tasks[%d]: task %s a second time; want every task once", file, k, model.Quote(task.ID))
		}
		index[task.ID] = k
		g.add(model.Task{Name: task.ID, Replicas: 1}, k)
	}
	for k, run := range t.Workflow.Execution.Tasks {
		refuse := func(what string) error {
			return fmt.Errorf("%s: workflow.execution.tasks[%d]: %s", file, k, what)
		}
		at, known := index[run.ID]
		switch {
		case !known:
			return refuse("there is no task " + model.Quote(run.ID) + " in the specification")
		case g.in.Tasks[at].Work != nil:
			return refuse("task " + model.Quote(run.ID) + " was run before; want every task once")
		case run.Runtime == nil:
			return refuse("it has no runtimeInSeconds")
		}
		time, ok := run.Runtime.up(int64(model.DecimalOne))
		if !ok {
			return refuse("runtimeInSeconds is " + string(*run.Runtime) + "; want a time from 0 that fits 64 bits in millionths")
		}
		work := model.Decimal(time)
		g.in.Tasks[at].Work = &work
		if run.Memory != nil {
			memory, ok := run.Memory.up(1)
			if !ok {
				return refuse("memoryInBytes is " + string(*run.Memory) + "; want a size from 0 that fits 64 bits")
			}
			g.in.Tasks[at].Demand = amount("memory", memory)
		}
	}
	for _, task := range g.in.Tasks {
		if task.Work == nil {
			return fmt.Errorf("%s: workflow.execution.tasks: task %q was not run", file, task.Name)
		}
	}
	return nil
}

// sizes are those of the files.
func (t *trace) sizes(file string) (map[string]int64, error) {
	size := map[string]int64{}
	for k, f := range t.Workflow.Specification.Files {
		refuse := func(what string) (map[string]int64, error) {
			return nil, fmt.Errorf("%s: workflow.specification.files[%d]: %s", file, k, what)
		}
		switch _, twice := size[f.ID]; {
		case twice:
			return refuse("file " + model.Quote(f.ID) + " a second time; want every file once")
		case f.Size == nil:
			return refuse("it has no sizeInBytes")
		case *f.Size < 0:
			return refuse(fmt.Sprintf("sizeInBytes is %d; want a size from 0", *f.Size))
		}
		size[f.ID] = *f.Size
	}
	return size, nil
}

// edges adds a dependency for every parent and child, with the files that go from the
// one to the other.
func (t *trace) edges(g *graph, file string) error {
	tasks := t.Workflow.Specification.Tasks
	index := map[string]int{}
	for k, task := range tasks {
		index[task.ID] = k
	}
	size, err := t.sizes(file)
	if err != nil {
		return err
	}
	seen := map[[2]int]bool{}
	add := func(k int, parent, child string) error {
		a, known := index[parent]
		b, also := index[child]
		switch {
		case !known:
			return fmt.Errorf("%s: workflow.specification.tasks[%d]: there is no task %q, its parent; check the name", file, k, parent)
		case !also:
			return fmt.Errorf("%s: workflow.specification.tasks[%d]: there is no task %q, its child; check the name", file, k, child)
		}
		if seen[[2]int{a, b}] {
			return nil
		}
		seen[[2]int{a, b}] = true
		reads := map[string]bool{}
		for _, f := range tasks[b].Inputs {
			reads[f] = true
		}
		bytes := int64(0)
		outputs := slices.Compact(slices.Sorted(slices.Values(tasks[a].Outputs)))
		for _, f := range outputs {
			if !reads[f] {
				continue
			}
			more, known := size[f]
			switch {
			case !known:
				return fmt.Errorf("%s: workflow.specification.tasks[%d]: there is no file %s, which goes from %s to %s, in files; want its sizeInBytes there",
					file, a, model.Quote(f), model.Quote(parent), model.Quote(child))
			case more > math.MaxInt64-bytes:
				return fmt.Errorf("%s: workflow.specification.tasks[%d]: the files that go from %s to %s are more than 64 bits of bytes; want fewer", file, a, model.Quote(parent), model.Quote(child))
			}
			bytes += more
		}
		g.depend(parent, child, model.Quantity{Units: bytes}, k)
		return nil
	}
	for k, task := range tasks {
		for _, parent := range task.Parents {
			if err := add(k, parent, task.ID); err != nil {
				return err
			}
		}
		for _, child := range task.Children {
			if err := add(k, task.ID, child); err != nil {
				return err
			}
		}
	}
	return nil
}
