// Package encode states a placement problem as a 0/1 program, and a workflow as one that
// may have whole numbers: variables, rows and an objective in exact integers. The LP engine, the SAT engine and every writer
// of files start from it, and an answer comes back by its table of variables.
package encode

import (
	"berth/model"
	"berth/model/integer"
)

// Program is a 0/1 program: minimise Offset + Σ Cost·variable over all
// assignments of 0 and 1 to the variables that satisfy every row. Its optimum,
// in units of cost, is that of the problem. That of a workflow may have variables that
// are whole numbers (see BuildSchedule).
type Program struct {
	Problem *model.Problem
	Vars    []Var
	Rows    []Row
	Offset  int64

	windows *windows // of a workflow
}

// Var is a variable with its cost and its meaning.
type Var struct {
	Cost int64
	Most int64 // the largest value of one that is a whole number from 0 on; 0: it is 0 or 1
	Kind VarKind
	// What Kind says it is about; unused ones are -1.
	Item     int32 // item, or index into Constraints or Pairs
	Topology int32 // whose places Place counts
	Place    int32 // node, or place of Topology
	Nth      int32 // which copy, share or unit, from 1
}

// VarKind says what a variable means. In all of them "at least Nth" makes the
// variables of one sequence fall from 1 to 0, which leaves copies no symmetry.
type VarKind uint8

// The kinds of a variable. A placement decides those of Copy and Out; the others
// follow from them (see Program.Values).
const (
	Copy     VarKind = iota // at least Nth copies of Item are on node Place
	Out                     // at least Nth copies of Item are left out
	Opened                  // node Place is in use
	InPlace                 // at least Nth copies of Item are in Place of Topology
	Gathered                // the group of affinity Item is in Place of Topology
	Stray                   // member Nth−1 of wish Item has a copy in Place, outside its group's place
	Complete                // member Nth−1 of wish Item has all its copies in Place, and its group is there
	Torn                    // member Nth−1 of wish Item has a copy outside its group's place
	Clash                   // members Place and Nth−1 of wish Item share a place of Topology
	Crowd                   // at least Nth of those that wish Item counts place by place are in Place of Topology
	Least                   // every place holds at least Nth units of spread Item
	Above                   // the skew of spread Item is at least Nth units above what it allows
	Cut                     // pair Item: A is in Place of Topology and B is not
	Joint                   // pair Item: the Nth step of its share is together in Place of Topology
	Flow                    // pair Item: the Nth step of its share flows at all
	Across                  // pair Item: A is on node Place and B on node Nth−1
)

// The kinds of a workflow's variables. Item and Place are tasks, Place of Runs is a node.
// Those of times count ticks from what the task's window begins with: in one variable with
// Most, or, with Nth, in a falling sequence, "at least Nth"; or, with Nth below 0, by binary
// digits, of which that with −1 counts one.
const (
	Runs     VarKind = iota + Flow + 1 // Item runs on Place
	Begins                             // when Item begins
	Ends                               // when Item ends, where that depends on the node
	Makespan                           // when all is over
	Apart                              // Item and Place, which waits for Item, run on two nodes
	Together                           // Item and Place run on one node
	Before                             // Item is over when Place begins
)

// Term is a variable with its coefficient in a row.
type Term struct {
	Var  int32
	Coef int64
}

// Sense is how a row compares its left side with RHS.
type Sense uint8

// The senses of a row.
const (
	AtMost Sense = iota
	AtLeast
	Equal
)

// Row is a linear constraint: Σ Coef·Var compared with RHS. No variable occurs
// twice, no coefficient is 0.
type Row struct {
	Terms  []Term
	Sense  Sense
	RHS    int64
	Origin Origin
}

// Origin says which part of the problem a row comes from, so that a conflict
// between rows can be told in the user's words.
type Origin struct {
	Kind OriginKind
	A, B int32 // what Kind says
}

// OriginKind is the kind of an Origin.
type OriginKind uint8

// The origins of rows.
const (
	Definition    OriginKind = iota // ties a helping variable to its meaning; never at fault by itself
	Assignment                      // A: the item whose copies must all be placed
	Capacity                        // A: node, B: resource
	Apartness                       // A: item, B: place
	RuleRow                         // A: index into Constraints
	UplinkRow                       // A: node
	MoveRow                         // how many replicas have to stay where they run today
	NeverPossible                   // compiling found that no placement exists
	TaskRow                         // A: the task that must run
	WaitRow                         // A: the task that waits, B: the one that it waits for
	TurnRow                         // A, B: tasks that do not run on one node at once
	NodeRow                         // A: node, all of whose work must be done by the end
	BusyRow                         // A: ticks from the start, when no more tasks run than there are nodes
)

// holds says whether the left side may have this value.
func (r *Row) holds(sum int64) bool {
	switch r.Sense {
	case AtMost:
		return sum <= r.RHS
	case AtLeast:
		return sum >= r.RHS
	default:
		return sum == r.RHS
	}
}

// reduce divides a row by the greatest common divisor of its coefficients. The
// right side is rounded to where the left side can be, which may tighten the row.
func (r *Row) reduce() {
	divisor := int64(0)
	for _, t := range r.Terms {
		divisor = integer.GCD(divisor, t.Coef)
	}
	if divisor <= 1 || r.Sense == Equal && r.RHS%divisor != 0 {
		return
	}
	for k := range r.Terms {
		r.Terms[k].Coef /= divisor
	}
	if r.Sense == AtLeast {
		r.RHS = -integer.FloorDiv(-r.RHS, divisor)
	} else {
		r.RHS = integer.FloorDiv(r.RHS, divisor)
	}
}
