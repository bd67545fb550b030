package model

import (
	"errors"
	"io"
	"math"
	"math/big"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Solution is the document that leaves: `kind: solution` of docs/format.md. It
// holds claims, not facts: who reads one recomputes them.
type Solution struct {
	Instance       string // the name of the instance; may be empty
	InstanceDigest string // Instance.Digest
	Given          Given  // what was asked beside the instance: every claim is under that
	Status         Status
	Objective      Number // of the placement; empty where there is none
	Bound          Number // no placement costs less; empty where nothing is known
	Gap            *float64
	Cost           *Costs // the objective by term; nil where there is no placement
	Placement      []TaskNodes
	Schedule       []TaskTime // of a workflow, instead of Placement and Cost
	Solver         string
	Seed           uint64
	Seconds        float64
	Work           int64 // deterministic units of the search; 0 where the clock decided when it ended
	Trajectory     []Step
}

// Status is the kind of answer that a solution gives.
type Status string

// The kinds of answer.
const (
	Optimal    Status = "optimal"    // no placement costs less
	Feasible   Status = "feasible"   // a placement, perhaps not the best
	Infeasible Status = "infeasible" // proven: no placement keeps the rules
	Unknown    Status = "unknown"    // no placement found, none excluded
)

// HasPlacement reports whether an answer of this kind comes with a placement or a
// schedule.
func (s Status) HasPlacement() bool { return s == Optimal || s == Feasible }

// Number is an exact decimal as a document writes it, such as 412.5; empty for
// null.
type Number string

// Rat returns the exact value, nil for an empty Number and for text that is no
// number.
func (n Number) Rat() *big.Rat {
	if !n.valid() {
		return nil
	}
	value, ok := new(big.Rat).SetString(string(n))
	if !ok {
		return nil
	}
	return value
}

// valid keeps to numbers that JSON has, of sane size, so that none takes long to
// compute with.
func (n Number) valid() bool {
	scanned, rest, err := scanNumber(string(n))
	return (err == nil || errors.Is(err, errNegative)) && rest == "" && abs(scanned.ten) <= maxNumberLength &&
		jsontext.Value(n).IsValid()
}

// Costs is the objective by term, each weighted.
type Costs struct {
	Fetch, Traffic, Move, Open, Unplaced, Wishes Number
}

// TaskNodes is where the replicas of a task go: a node for each, empty for a
// replica that is left out.
type TaskNodes struct {
	Task  string
	Nodes []string
}

// TaskTime is where and when a task of a workflow runs.
type TaskTime struct {
	Task, Node    string
	Start, Finish Number
}

// Step is a moment of a run: what was known then, and whose work that is.
type Step struct {
	Seconds          float64
	Objective, Bound Number
	By               string
}

// Write writes the solution as JSON, a task and a step a line. It streams. A
// number that is not finite is written as null.
func (s *Solution) Write(w io.Writer) error {
	e := newEmitter(w, false)
	e.beginDocument(kindSolution)
	e.textField("instance", s.Instance)
	e.textField("instanceDigest", s.InstanceDigest)
	e.given(&s.Given)
	e.textField("status", string(s.Status))
	e.numberField("objective", s.Objective)
	e.numberField("bound", s.Bound)
	e.key("gap", false)
	if s.Gap == nil {
		e.null()
	} else {
		e.float(*s.Gap)
	}
	if s.Cost != nil {
		e.key("cost", false)
		e.beginMap(false)
		for k, term := range s.Cost.terms() {
			e.numberField(termNames[k], *term)
		}
		e.finish()
	}
	switch {
	case !s.Status.HasPlacement():
	case s.Schedule != nil:
		e.key("schedule", true)
		e.beginMap(true)
		for k := range s.Schedule {
			e.taskTime(&s.Schedule[k])
		}
		e.finish()
	default:
		e.key("placement", true)
		e.beginMap(true)
		for k := range s.Placement {
			e.key(s.Placement[k].Task, false)
			e.nodes(s.Placement[k].Nodes)
		}
		e.finish()
	}
	e.textField("solver", s.Solver)
	e.key("seed", false)
	e.b = strconv.AppendUint(e.b, s.Seed, 10)
	e.key("seconds", false)
	e.float(s.Seconds)
	if s.Work > 0 {
		e.key("work", false)
		e.b = strconv.AppendInt(e.b, s.Work, 10)
	}
	if len(s.Trajectory) > 0 {
		e.key("trajectory", true)
		eachLine(e, s.Trajectory, (*emitter).step)
	}
	e.finish()
	return e.end()
}

// given writes what was asked, if anything was.
func (e *emitter) given(g *Given) {
	if g.IsZero() {
		return
	}
	e.key("given", false)
	e.asked(g)
}

// asked writes what was asked.
func (e *emitter) asked(g *Given) {
	e.beginMap(false)
	for _, part := range []struct {
		name string
		said []TaskNodes
	}{{"fix", g.Fix}, {"forbid", g.Forbid}} {
		if len(part.said) == 0 {
			continue
		}
		e.key(part.name, false)
		e.beginMap(false)
		for _, s := range part.said {
			e.key(s.Task, false)
			e.beginList(false)
			for _, node := range s.Nodes {
				e.item()
				e.text(node)
			}
			e.finish()
		}
		e.finish()
	}
	if len(g.Without) > 0 {
		e.key("without", false)
		e.names(g.Without)
	}
	if g.MaxMoves != nil {
		e.key("maxMoves", false)
		e.b = strconv.AppendInt(e.b, int64(*g.MaxMoves), 10)
	}
	e.finish()
}

// termNames are the fields of Costs in their order.
var termNames = [...]string{"fetch", "traffic", "move", "open", "unplaced", "wishes"}

func (c *Costs) terms() [len(termNames)]*Number {
	return [...]*Number{&c.Fetch, &c.Traffic, &c.Move, &c.Open, &c.Unplaced, &c.Wishes}
}

func (e *emitter) taskTime(t *TaskTime) {
	e.key(t.Task, false)
	e.beginMap(false)
	e.textField("node", t.Node)
	e.numberField("start", t.Start)
	e.numberField("finish", t.Finish)
	e.finish()
}

// nodes writes one node, or a list where there are several replicas.
func (e *emitter) nodes(nodes []string) {
	if len(nodes) == 1 {
		e.nodeOrNull(nodes[0])
		return
	}
	e.beginList(false)
	for _, node := range nodes {
		e.item()
		e.nodeOrNull(node)
	}
	e.finish()
}

func (e *emitter) nodeOrNull(node string) {
	if node == "" {
		e.null()
	} else {
		e.text(node)
	}
}

func (e *emitter) step(s *Step) {
	e.key("seconds", false)
	e.float(s.Seconds)
	e.numberField("objective", s.Objective)
	e.numberField("bound", s.Bound)
	e.textField("by", s.By)
}

func (e *emitter) null() { e.b = append(e.b, "null"...) }

func (e *emitter) numberField(name string, value Number) {
	e.key(name, false)
	if value == "" {
		e.null()
	} else {
		e.b = append(e.b, value...)
	}
}

func (e *emitter) float(value float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		e.null()
		return
	}
	e.b = strconv.AppendFloat(e.b, value, 'g', -1, 64)
}
