package model

import (
	"io"
	"math"
	"slices"
	"strconv"
)

// Plan is the document `kind: plan` of docs/format.md: an order in which replicas move
// from where they run today to where a placement wants them. It holds claims: see
// VerifyPlan.
type Plan struct {
	Instance       string
	InstanceDigest string
	Given          Given // what was asked of the placement beside the instance
	Parallel       int   // the most moves in a wave; 0: any number
	Fewest         int   // no plan has fewer moves
	Waves          [][]Move
	Placement      []TaskNodes // where it ends
}

// Move takes one replica of a task from a node to another. It starts there where From
// is empty, and stops where To is.
type Move struct{ Task, From, To string }

// Moves counts the moves of all waves.
func (pl *Plan) Moves() int {
	n := 0
	for _, wave := range pl.Waves {
		n += len(wave)
	}
	return n
}

// Write writes the plan as JSON, a wave a line.
func (pl *Plan) Write(w io.Writer) error {
	e := newEmitter(w, false)
	e.beginDocument(kindPlan)
	e.textField("instance", pl.Instance)
	e.textField("instanceDigest", pl.InstanceDigest)
	e.given(&pl.Given)
	if pl.Parallel > 0 {
		e.countField("parallel", pl.Parallel)
	}
	e.countField("moves", pl.Moves())
	e.countField("fewest", pl.Fewest)
	e.key("waves", true)
	e.beginList(true)
	for _, wave := range pl.Waves {
		e.item()
		e.beginList(false)
		for k := range wave {
			e.item()
			e.beginMap(false)
			e.textField("task", wave[k].Task)
			for _, end := range []struct{ name, node string }{{"from", wave[k].From}, {"to", wave[k].To}} {
				if end.node != "" {
					e.textField(end.name, end.node)
				}
			}
			e.finish()
		}
		e.finish()
	}
	e.finish()
	e.key("placement", true)
	e.beginMap(true)
	for k := range pl.Placement {
		e.key(pl.Placement[k].Task, false)
		e.nodes(pl.Placement[k].Nodes)
	}
	e.finish()
	e.finish()
	return e.end()
}

func (e *emitter) countField(name string, n int) {
	e.key(name, false)
	e.b = strconv.AppendInt(e.b, int64(n), 10)
}

// planDraft is a plan with the number of moves that it claims.
type planDraft struct {
	Plan
	moves int
	seen  bool
}

var planFields = []field[planDraft]{
	{"format", func(d *decoder, _ *planDraft) { d.format() }},
	{"kind", func(d *decoder, _ *planDraft) { d.kind(kindPlan) }},
	{"instance", func(d *decoder, p *planDraft) { p.Instance = string(d.words("the name of the instance")) }},
	{"instanceDigest", func(d *decoder, p *planDraft) { p.InstanceDigest = d.digest() }},
	{"given", func(d *decoder, p *planDraft) { object(d, "what is given", givenFields, &p.Given) }},
	{"parallel", func(d *decoder, p *planDraft) { p.Parallel = d.count(1, math.MaxInt32) }},
	{"moves", func(d *decoder, p *planDraft) { p.moves, p.seen = d.count(0, math.MaxInt32), true }},
	{"fewest", func(d *decoder, p *planDraft) { p.Fewest = d.count(0, math.MaxInt32) }},
	{"waves", func(d *decoder, p *planDraft) {
		p.Waves = list(d, "waves", func(d *decoder, wave *[]Move) { *wave = list(d, "moves", decodeMove) })
	}},
	{"placement", func(d *decoder, p *planDraft) { p.Placement = d.placement() }},
}

var moveFields = []field[Move]{
	{"task", func(d *decoder, m *Move) { m.Task = d.reference() }},
	{"from", func(d *decoder, m *Move) { m.From = d.reference() }},
	{"to", func(d *decoder, m *Move) { m.To = d.reference() }},
}

func decodeMove(d *decoder, m *Move) {
	object(d, "a move", moveFields, m)
	switch {
	case m.Task == "":
		d.failHere("a move without a task", "task: which one moves")
	case m.From == m.To:
		d.failHere("a move that leads nowhere", "from and to: two nodes, or one of them alone for what stops or starts")
	}
}

func decodePlan(d *decoder) *Plan {
	draft := &planDraft{}
	object(d, "a plan", planFields, draft)
	if d.peek() != endOf {
		d.refuse("nothing after the document")
	}
	switch {
	case draft.InstanceDigest == "":
		d.failHere("no instanceDigest", "instanceDigest: that of the instance which it is for")
	case draft.Waves == nil:
		d.failHere("no waves", "waves: a list of lists of moves, which may be empty")
	case draft.Placement == nil:
		d.failHere("no placement", "placement: where the plan ends")
	case draft.seen && draft.moves != draft.Moves():
		d.failHere("moves: "+strconv.Itoa(draft.moves), strconv.Itoa(draft.Moves())+", as many as the waves have")
	}
	return &draft.Plan
}

// ReadPlan reads a plan, JSON or YAML, as strictly as Read reads an instance. Whether it
// can be carried out is for VerifyPlan. The error is a *DocumentError.
func ReadPlan(data []byte, file string) (*Plan, error) {
	pl, f := readDocument(data, kindPlan, decodePlan)
	if f != nil {
		return nil, f.document(data, file)
	}
	return pl, nil
}

// Today returns the node of every replica as the instance says that it runs today, task
// after task; NoPlace for replicas that are new.
func (p *Problem) Today() []int32 {
	at := make([]int32, p.original.replicas)
	for i := range p.original.tasks {
		t := &p.original.tasks[i]
		today := p.original.current[t.current.From:t.current.To]
		for k := range t.replicas {
			at[t.first+k] = NoPlace
			if int(k) < len(today) {
				at[t.first+k] = today[k]
			}
		}
	}
	return at
}

// PlacementOf names the nodes of replicas, NoPlace as "".
func (p *Problem) PlacementOf(at []int32) []TaskNodes {
	nodes := make([]string, len(at))
	for r, node := range at {
		if node != NoPlace {
			nodes[r] = p.NodeNames[node]
		}
	}
	placement := make([]TaskNodes, len(p.original.tasks))
	for i := range placement {
		t := &p.original.tasks[i]
		placement[i] = TaskNodes{p.original.names[i], nodes[t.first : t.first+t.replicas]}
	}
	return placement
}

// sameNodes says whether two lists of nodes name the same, in any order.
func sameNodes(a, b []int32) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
