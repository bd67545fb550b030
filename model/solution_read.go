package model

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"
)

// ReadSolution reads a solution, JSON or YAML, as strictly as Read reads an
// instance. Whether the claims in it hold, and whether its names are those of an
// instance, is for who has the instance. The error is a *DocumentError.
func ReadSolution(data []byte, file string) (*Solution, error) {
	s, f := readDocument(data, kindSolution, decodeSolution)
	if f != nil {
		return nil, f.document(data, file)
	}
	return s, nil
}

var solutionFields = []field[Solution]{
	{"format", func(d *decoder, _ *Solution) { d.format() }},
	{"kind", func(d *decoder, _ *Solution) { d.kind(kindSolution) }},
	{"instance", func(d *decoder, s *Solution) { s.Instance = string(d.words("the name of the instance")) }},
	{"instanceDigest", func(d *decoder, s *Solution) { s.InstanceDigest = d.digest() }},
	{"given", func(d *decoder, s *Solution) { object(d, "what is given", givenFields, &s.Given) }},
	{"status", func(d *decoder, s *Solution) { s.Status = d.status() }},
	{"objective", func(d *decoder, s *Solution) { s.Objective = d.exact() }},
	{"bound", func(d *decoder, s *Solution) { s.Bound = d.exact() }},
	{"gap", func(d *decoder, s *Solution) { s.Gap = d.gap() }},
	{"cost", func(d *decoder, s *Solution) {
		s.Cost = new(Costs)
		object(d, "the cost by term", costsFields(), s.Cost)
	}},
	{"placement", func(d *decoder, s *Solution) { s.Placement = d.placement() }},
	{"schedule", func(d *decoder, s *Solution) { s.Schedule = d.schedule() }},
	{"solver", func(d *decoder, s *Solution) { s.Solver = string(d.words("the name of a solver")) }},
	{"seed", func(d *decoder, s *Solution) { s.Seed = d.seed() }},
	{"seconds", func(d *decoder, s *Solution) { s.Seconds = d.float() }},
	{"work", func(d *decoder, s *Solution) { s.Work = int64(d.count(0, math.MaxInt64)) }},
	{"trajectory", func(d *decoder, s *Solution) { s.Trajectory = list(d, "steps", decodeStep) }},
}

var givenFields = []field[Given]{
	{"fix", func(d *decoder, g *Given) { g.Fix = d.taskNodes() }},
	{"forbid", func(d *decoder, g *Given) { g.Forbid = d.taskNodes() }},
	{"without", func(d *decoder, g *Given) { g.Without = d.nameList("nodes") }},
	{"maxMoves", func(d *decoder, g *Given) {
		most := d.count(0, math.MaxInt32)
		g.MaxMoves = &most
	}},
}

// taskNodes reads lists of nodes by task.
func (d *decoder) taskNodes() (all []TaskNodes) {
	for task := range d.members("of nodes by task") {
		all = append(all, TaskNodes{task, list(d, "nodes", func(d *decoder, node *string) { *node = d.reference() })})
	}
	return all
}

var stepFields = []field[Step]{
	{"seconds", func(d *decoder, s *Step) { s.Seconds = d.float() }},
	{"objective", func(d *decoder, s *Step) { s.Objective = d.exact() }},
	{"bound", func(d *decoder, s *Step) { s.Bound = d.exact() }},
	{"by", func(d *decoder, s *Step) { s.By = d.reference() }},
}

func decodeStep(d *decoder, s *Step) { object(d, "a step", stepFields, s) }

func costsFields() []field[Costs] {
	fields := make([]field[Costs], len(termNames))
	for k, name := range termNames {
		fields[k] = field[Costs]{name, func(d *decoder, c *Costs) { *c.terms()[k] = d.exact() }}
	}
	return fields
}

func decodeSolution(d *decoder) *Solution {
	s := &Solution{}
	object(d, "a solution", solutionFields, s)
	if d.peek() != endOf {
		d.refuse("nothing after the document")
	}
	switch {
	case s.Status == "":
		d.failHere("no status", "status: one of optimal, feasible, infeasible and unknown")
	case s.InstanceDigest == "":
		d.failHere("no instanceDigest", "instanceDigest: that of the instance which it solves")
	case s.Schedule != nil && (s.Placement != nil || s.Cost != nil):
		d.failHere("a schedule beside a placement or a cost", "one of them: the cost of a schedule is its objective alone")
	case s.Status.HasPlacement() && s.Schedule != nil && s.Objective == "":
		d.failHere("a schedule without its objective", "objective: the makespan")
	case s.Status.HasPlacement() && s.Schedule == nil && (s.Placement == nil || s.Objective == "" || s.Cost == nil):
		d.failHere("status "+string(s.Status)+" without a placement, its objective or its cost", "all three")
	case !s.Status.HasPlacement() && (s.Placement != nil || s.Schedule != nil || s.Objective != "" || s.Cost != nil):
		d.failHere("status "+string(s.Status)+" with a placement, a schedule, an objective or a cost", "none of them")
	}
	return s
}

// exact reads a number of any sign, or null.
func (d *decoder) exact() Number {
	if d.peek() == nullKind {
		d.text()
		return ""
	}
	text := Number(d.number("a number or null"))
	if d.ok() && !text.valid() {
		d.fail(shortNumber([]byte(text)), "a decimal number")
	}
	return text
}

// float reads a number of 0 or more that decides nothing.
func (d *decoder) float() float64 { return d.floatFrom(0, "a finite number, 0 or more") }

func (d *decoder) floatFrom(least float64, want string) float64 {
	text := string(d.number("a number"))
	if !d.ok() {
		return 0
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || value < least || !Number(text).valid() {
		d.fail(shortNumber([]byte(text)), want)
	}
	return value
}

func (d *decoder) gap() *float64 {
	if d.peek() == nullKind {
		d.text()
		return nil
	}
	value := d.floatFrom(math.Inf(-1), "a finite number")
	return &value
}

func (d *decoder) seed() uint64 {
	const want = "a whole number from 0 to 18446744073709551615"
	text := string(d.number(want))
	if !d.ok() {
		return 0
	}
	value, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		d.fail(shortNumber([]byte(text)), want)
	}
	return value
}

func (d *decoder) digest() string {
	const want = "sha256: and 64 hexadecimal digits"
	text := string(d.words(want))
	digits, found := strings.CutPrefix(text, "sha256:")
	if raw, err := hex.DecodeString(digits); d.ok() && (!found || err != nil || len(raw) != 32) {
		d.fail(Quote(text), want)
	}
	return text
}

func (d *decoder) status() Status {
	const want = "one of optimal, feasible, infeasible and unknown"
	status := Status(d.words(want))
	switch status {
	case Optimal, Feasible, Infeasible, Unknown:
	default:
		if d.ok() {
			d.fail(Quote(string(status)), want)
		}
	}
	return status
}

// schedule reads the slot of every task, in the order of the document.
func (d *decoder) schedule() []TaskTime {
	schedule := []TaskTime{}
	for task := range d.members("of slots by task") {
		slot := TaskTime{Task: task}
		object(d, "a slot", slotFields, &slot)
		if slot.Node == "" || slot.Start == "" || slot.Finish == "" {
			d.failHere("a slot without its node, start or finish", "all three")
		}
		schedule = append(schedule, slot)
	}
	return schedule
}

var slotFields = []field[TaskTime]{
	{"node", func(d *decoder, s *TaskTime) { s.Node = d.reference() }},
	{"start", func(d *decoder, s *TaskTime) { s.Start = d.exact() }},
	{"finish", func(d *decoder, s *TaskTime) { s.Finish = d.exact() }},
}

// placement reads the nodes of every task, in the order of the document.
func (d *decoder) placement() []TaskNodes {
	placement := []TaskNodes{}
	for task := range d.members("of nodes by task") {
		placement = append(placement, TaskNodes{task, d.places()})
	}
	return placement
}

// places reads the node of one replica, or a list for several; null for a replica
// that is left out.
func (d *decoder) places() []string {
	switch d.peek() {
	case listKind:
		nodes := list(d, "nodes", func(d *decoder, node *string) { *node = d.place() })
		if len(nodes) == 0 {
			d.failHere("an empty list", "a node or null for each replica")
		}
		return nodes
	case nullKind:
		d.text()
		return leftOut
	default:
		return d.references()
	}
}

var leftOut = []string{""}

func (d *decoder) place() string {
	if d.peek() == nullKind {
		d.text()
		return ""
	}
	return d.reference()
}
