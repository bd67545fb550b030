// Package results is what runs leave: records, the store that keeps them, and what
// can be said about many of them.
//
//   - record.go: one run; outcome.go: what became of it.
//   - line.go: a record as a line of a file; load.go: files and unions of them;
//     store.go: the folder of a sweep, which survives a power cut; progress.go.
//   - known.go: tables of published values.
//   - study.go: records held against each other and against published values
//     (check.go), methods told apart by what they were run with (label.go);
//     cells.go, summary.go, curves.go, duel.go: the statistics of a study.
//   - stats: the formulas alone, on plain numbers.
//   - tables, figures, report: a study as text, as pictures, as one HTML page.
package results
