// Package results is what runs leave: records, the store that keeps them, and what
// can be said about many of them.
//
//   - record.go: one run; outcome.go: what became of it.
//   - store.go: a folder of records that survives a power cut; merge.go: unions.
//   - known.go: tables of published values.
//   - study.go: records held against each other and against published values;
//     summary.go, curves.go, duel.go: the statistics of a study.
//   - stats: the formulas alone, on plain numbers.
//   - tables, figures, report: a study as text, as pictures, as one HTML page.
package results
