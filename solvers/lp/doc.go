// Package lp is the method lp: branch and bound on linear relaxations of the 0/1
// program of a problem, solved by CLP. Every bound that counts is recomputed in
// exact integers (package safe); cuts are derived in integers; CLP only says where
// to look.
//
// A run goes through the files in this order: methods.go (the row of the registry
// and the board), root.go (solve, cut, fix, make the core smaller, again),
// core.go (the part of the program that is open), totals.go (rows over all nodes),
// probe.go (both values of every variable, for a trial), relaxation.go (its linear
// program in CLP), cover.go and knapsack.go (cuts from single rows), basis.go and tableau.go (cuts
// from rows of the tableau), halves.go (cuts from rows whose sum is odd), guess.go (questions below the
// best cost), plunge.go and queue.go (the tree), branch.go (on which variable), learn.go (what
// the proof of one node says of others), dive.go and neighbourhood.go (solutions), search.go (what all of these share),
// tripwire.go (a known solution held against all of it). Certify (certify.go) sends a search
// through them that takes down what it concludes (scribe.go), and leaves a proof of it
// (certificate.go).
//
// Without cgo the package offers no method.
package lp
