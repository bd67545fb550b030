package results

import "slices"

// Outcome is what became of a run, after the judge has seen what it said.
type Outcome string

// The outcomes, from the best to the worst. A claim that the judge or another run
// refutes is Wrong whatever else happened.
const (
	Optimal    Outcome = "optimal"    // a judged placement, and the method says that none costs less
	Infeasible Outcome = "infeasible" // the method says that there is no placement
	Feasible   Outcome = "feasible"   // a judged placement
	Unknown    Outcome = "unknown"    // the method ended without an answer
	Timeout    Outcome = "timeout"    // stopped by the harness at the limit of time, without an answer
	Memory     Outcome = "memory"     // stopped at the limit of memory, without an answer
	Crash      Outcome = "crash"      // ended by a signal or with a status that means no answer
	Rubbish    Outcome = "rubbish"    // what it wrote is no answer
	Unfit      Outcome = "unfit"      // it does not handle this problem, or not at this size
	Wrong      Outcome = "wrong"      // it claimed what is not true
)

// Outcomes lists all outcomes in the order above.
var Outcomes = []Outcome{Optimal, Infeasible, Feasible, Unknown, Timeout, Memory, Crash, Rubbish, Unfit, Wrong}

// Solved says whether the run has a placement that the judge accepts.
func (o Outcome) Solved() bool { return o == Optimal || o == Feasible }

// Proven says whether the run settled its question.
func (o Outcome) Proven() bool { return o == Optimal || o == Infeasible }

// Rank is the place in Outcomes: the lower, the better.
func (o Outcome) Rank() int { return slices.Index(Outcomes, o) }
