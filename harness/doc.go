// Package harness makes many runs and keeps what they leave: instances × methods ×
// seeds × limits, each run a process of its own, every answer costed again by the
// judge.
//
//   - plan.go, plan_read.go: the document that says what to run; problems.go: its
//     instances; cache.go: those that are in use.
//   - matrix.go: the runs of a plan; sweep.go: making those that are missing;
//     run.go: making one.
//   - regress.go: a plan held against a baseline.
//   - adapter: outside solvers as methods; jail: a process under limits.
package harness
