// Package sat turns a 0/1 program into clauses.
//
//   - CNF is a list of clauses over literals (cnf.go).
//   - Encoder knows a program's one-hot groups and falling sequences (groups.go)
//     and brings every linear constraint into one normal form, a Sum: at most so
//     much over leaves (sum.go, normal.go).
//   - A Sum becomes clauses as a Totalizer (totalizer.go) or as an adder
//     (adder.go), whichever is smaller; plain clauses, implications and at-most-one
//     are seen first (rows.go).
//   - Clauses encodes a whole program (clauses.go); package encode writes it down.
//   - Lazy writes of a Sum only what is asked for (lazy.go).
package sat

// Lit is a literal as DIMACS writes it: v+1 says that variable v is 1, −(v+1)
// that it is 0. The zero Lit is no literal.
type Lit int32

// Positive is the literal that is true when variable v is 1.
func Positive(v int32) Lit { return Lit(v + 1) }

// Var is the variable of the literal, from 0.
func (l Lit) Var() int32 {
	if l < 0 {
		return int32(-l) - 1
	}
	return int32(l) - 1
}

// CNF is a conjunction of clauses. The zero value has no variables and is true.
type CNF struct {
	Vars    int // variables, numbered from 0
	Clauses int
	lits    []Lit // of all clauses, each followed by 0
}

// New returns the positive literal of a new variable.
func (c *CNF) New() Lit {
	c.Vars++
	return Lit(c.Vars)
}

// Add adds a clause: one of the literals is true. Without literals it is false.
func (c *CNF) Add(clause ...Lit) {
	c.lits = append(append(c.lits, clause...), 0)
	c.Clauses++
}

// Len is a position in the list of clauses: that of the next one to be added.
func (c *CNF) Len() int { return len(c.lits) }

// Since calls f on every clause added since Len had the value from. The slice is
// only lent.
func (c *CNF) Since(from int, f func(clause []Lit)) {
	for k := from; k < len(c.lits); k++ {
		start := k
		for c.lits[k] != 0 {
			k++
		}
		f(c.lits[start:k])
	}
}
