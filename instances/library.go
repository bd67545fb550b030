package instances

import (
	"embed"
	"fmt"
	"strings"
)

// Entry is an instance of the library: small, recognisable, with a proven optimum.
type Entry struct {
	Name   string // the file is Name.yaml
	Data   []byte // a berth/v1 document
	Value  string // the optimal cost as a decimal; "" for an infeasible one
	Status string // "optimal" or "infeasible"
	Source string // how that was proven
}

//go:embed library
var library embed.FS

// Library returns the shipped instances in the order of library/optima.tsv.
func Library() []Entry {
	table, err := library.ReadFile("library/optima.tsv")
	if err != nil {
		panic("instances: " + err.Error())
	}
	rows := strings.Split(strings.TrimSuffix(string(table), "\n"), "\n")
	entries := make([]Entry, 0, len(rows)-1)
	for _, row := range rows[1:] {
		field := strings.Split(row, "\t")
		if len(field) != 4 {
			panic(fmt.Sprintf("instances: library/optima.tsv: %d columns in %q, want 4", len(field), row))
		}
		data, err := library.ReadFile("library/" + field[0] + ".yaml")
		if err != nil {
			panic("instances: " + err.Error())
		}
		entries = append(entries, Entry{Name: field[0], Data: data, Value: field[1], Status: field[2], Source: field[3]})
	}
	return entries
}
