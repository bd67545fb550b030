package model

// Verdict is what the judge says of a placement.
type Verdict struct {
	Cost       int64 // the sum of Terms
	Terms      Terms
	Violations []Violation // empty: feasible
}

// Terms is the cost by term, each already weighted.
type Terms struct{ Fetch, Traffic, Move, Open, Unplaced, Wishes int64 }

// Violation is one broken rule or capacity in the user's words.
type Violation struct {
	Path string // of the rule, node or task in the document, such as nodes[3]
	Text string // such as: node n1 holds 12Gi of memory, its capacity is 8Gi
}
