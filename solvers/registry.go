// Package solvers gathers every method there is: the heuristics, the exact
// engines, and auto, which picks among them.
package solvers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/heuristics"
	"berth/heuristics/schedule"
	"berth/model"
	"berth/search"
	"berth/solvers/bundles"
	"berth/solvers/colgen"
	"berth/solvers/flow"
	"berth/solvers/lagrange"
	"berth/solvers/lcg"
	"berth/solvers/lp"
	"berth/solvers/prices"
	"berth/solvers/recombine"
	"berth/solvers/relax"
	"berth/solvers/rlt"
	"berth/solvers/rules"
	"berth/solvers/sat"
	"berth/solvers/span"
)

// All lists the methods in the order in which they are shown. It is the one
// registry: the command line, the tests and auto read it.
func All() []*search.Method {
	methods := []*search.Method{Auto, lagrange.Method, lagrange.Improver, lagrange.Moves}
	methods = append(methods, colgen.Methods()...)
	methods = append(methods, colgen.Fleets()...)
	methods = append(methods, colgen.Patterns()...)
	methods = append(methods, bundles.Methods()...)
	methods = append(methods, rlt.Method)
	methods = append(methods, lp.Methods()...)
	methods = append(methods, prices.Method, flow.Method, flow.Uplinks, rules.Method)
	methods = append(methods, recombine.Methods()...)
	methods = append(methods, sat.Methods()...)
	methods = append(methods, relax.Methods()...)
	methods = append(methods, heuristics.All()...)
	return append(append(methods, schedule.All()...), span.Method, lcg.Method, lcg.Stretches, sat.Schedule)
}

// Find returns a method by its name. The error lists the names there are.
func Find(name string) (*search.Method, error) {
	var names []string
	for _, m := range All() {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	said := cmp.Or(model.OrNearest("", name, slices.Values(names)), "; choose one of "+strings.Join(names, ", "))
	return nil, fmt.Errorf("there is no method %q%s", name, said)
}
