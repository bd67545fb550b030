package encode_test

import (
	"fmt"
	"strings"
	"testing"

	"berth/encode"
	"berth/model"
)

// What the solvers print, as they were seen to print it.
var answers = []struct {
	name, format string
	text         string
	status       encode.Status
	ones         []int32 // variables that are 1, from 1
}{
	{"cbc", "cbc", "Optimal - objective value -2.00000000\n      1 x2                     1                      -2\n", encode.Optimal, []int32{2}},
	{"cbc, stopped", "cbc", "Stopped on time - objective value 7\n**    0 x3        0.9999999                      -2\n", encode.Feasible, []int32{3}},
	{"cbc, nothing found", "cbc", "Stopped on time (no integer solution - continuous used) - objective value 7\n 0 x3 0.5 -2\n", encode.Unknown, nil},
	{"cbc, infeasible", "cbc", "Infeasible - objective value 0.00000000\n      0 x1                     0                       5\n", encode.Infeasible, nil},
	{"cbc, integer infeasible", "cbc", "Integer infeasible - objective value 1\n 0 x1 0.5 5\n", encode.Infeasible, nil},
	{"highs", "highs", "Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective -2\n# Columns 3\nx1 0\nx2 1\nx3 -0\n# Rows 1\nr1 1\n\n# Dual solution values\nNone\n", encode.Optimal, []int32{2}},
	{"highs, stopped", "highs", "Model status\nTime limit reached\n\n# Primal solution values\nFeasible\nObjective -2\n# Columns 3\nx1 1\nx2 1\nx3 0\n# Rows 0\n", encode.Feasible, []int32{1, 2}},
	{"highs, nothing found", "highs", "Model status\nTime limit reached\n\n# Primal solution values\nNone\n\n# Dual solution values\nNone\n", encode.Unknown, nil},
	{"highs, infeasible", "highs", "Model status\nInfeasible\n\n# Primal solution values\nNone\n\n# Dual solution values\nNone\n", encode.Infeasible, nil},
	{"highs, values that break rows", "highs", "Model status\nTime limit reached\n\n# Primal solution values\nInfeasible\nObjective 3\n# Columns 1\nx1 0.5\n", encode.Unknown, nil},
	{"highs, improving solutions", "highs", "Objective 4\n# Columns 3\nx1 1\nx2 0\nx3 1\nObjective -2\n# Columns 3\nx1 0\nx2 1\nx3 0\n", encode.Feasible, []int32{2}},
	{"scip, its file", "scip", "solution status: optimal solution found\nobjective value:                                   -2\nx2                                                  1 \t(obj:-2)\n", encode.Optimal, []int32{2}},
	{"scip, its log", "scip", "SCIP Status        : solving was interrupted [time limit reached]\nPrimal Bound       : 3\n\nobjective value:      3\nx1    1 \t(obj:3)\n", encode.Feasible, []int32{1}},
	{"scip, nothing found", "scip", "solution status: time limit reached\nno solution available\n", encode.Unknown, nil},
	{"scip, infeasible", "scip", "SCIP Status        : problem is solved [infeasible]\n\nno solution available\n", encode.Infeasible, nil},
	{"glpsol", "glpsol", "Status:     INTEGER OPTIMAL\nObjective:  obj = -2 (MINimum)\n\n   No.   Row name        Activity     Lower bound   Upper bound\n     1 r1                          1             1               \n\n   No. Column name       Activity     Lower bound   Upper bound\n     1 x1           *              0             0             1 \n     2 x2           *              1             0             1 \n     3 x3           *              0             0             1 \n", encode.Optimal, []int32{2}},
	{"glpsol, stopped", "glpsol", "Status:     INTEGER NON-OPTIMAL\n   No. Column name       Activity     Lower bound   Upper bound\n     1 x1           *              1             0             1 \n", encode.Feasible, []int32{1}},
	{"glpsol, infeasible", "glpsol", "Status:     INTEGER EMPTY\n   No. Column name\n     1 x1           *              0             0             1 \n", encode.Infeasible, nil},
	{"clasp, pseudo-boolean", "sat", "c clasp version 3.3.5\no -2\nc Answer: 1\nv -x1 x2\nv x3\ns OPTIMUM FOUND\n", encode.Optimal, []int32{2, 3}},
	{"clasp, two answers", "sat", "c Answer: 1\nv 1 -2 3 4 0\no 4\nc Answer: 2\nv -1 2 -3 -4 0\no 3\ns OPTIMUM FOUND\n", encode.Optimal, []int32{2}},
	{"cadical", "sat", "s SATISFIABLE\nv 1 2 -3 0\n", encode.Feasible, []int32{1, 2}},
	{"kissat, infeasible", "sat", "s UNSATISFIABLE\n", encode.Infeasible, nil},
	{"clasp, nothing found", "sat", "c clasp\ns UNKNOWN\n", encode.Unknown, nil},
	{"toulbar2, its file", "toulbar2", "0 1 0\n", encode.Feasible, []int32{2}},
	{"toulbar2, its output", "toulbar2", "c toulbar2  version : 1.1.1\nNew solution: 3 (0 backtracks)\n 1 1 0\nNew solution: 2 (0 backtracks)\n 0 1 0\nOptimum: 2 in 0 backtracks\n", encode.Optimal, []int32{2}},
	{"toulbar2, infeasible", "toulbar2", "c toulbar2  version : 1.1.1\nNo solution in 0 backtracks and 0 nodes\n", encode.Infeasible, nil},
	{"minizinc", "minizinc", "objective = 4\nx1 = 1\nx3 = 1\n----------\nobjective = 3\nx2 = 1\n----------\n==========\n", encode.Optimal, []int32{2}},
	{"minizinc, stopped in a solution", "minizinc", "objective = 4\nx3 = 2\n----------\nobjective = 3\nx1 = 1\n", encode.Feasible, []int32{3}},
	{"minizinc, infeasible", "minizinc", "=====UNSATISFIABLE=====\n", encode.Infeasible, nil},
	{"minizinc, nothing found", "minizinc", "% Time limit exceeded!\n=====UNKNOWN=====\n", encode.Unknown, nil},
	{"windows line ends", "sat", "s SATISFIABLE\r\nv 1 2 -3 0\r\n", encode.Feasible, []int32{1, 2}},
}

func TestParseAnswer(t *testing.T) {
	for _, want := range answers {
		t.Run(want.name, func(t *testing.T) {
			for _, format := range []string{"", want.format} {
				a, err := encode.ParseAnswer([]byte(want.text), format)
				if err != nil {
					t.Fatal(err)
				}
				if a.Format != want.format || a.Status != want.status {
					t.Fatalf("read as %s, %s; want %s, %s", a.Format, a.Status, want.format, want.status)
				}
				var ones []int32
				for v := range int32(5) {
					if a.Value(v) {
						ones = append(ones, v+1)
					}
				}
				if fmt.Sprint(ones) != fmt.Sprint(want.ones) {
					t.Fatalf("variables %v are 1, want %v", ones, want.ones)
				}
			}
		})
	}
}

// What is wrong is named, with what to do about it.
func TestParseAnswerRefuses(t *testing.T) {
	for _, c := range []struct{ text, format, want string }{
		{"", "", "looks like no solver's answer"},
		{"hello", "", "want the solution or output of one of cbc, glpsol, highs, minizinc, sat, scip, toulbar2"},
		{"x", "gurobi", `"gurobi" is no format of answers`},
		{"Optimal - objective value 1\n 0 x1 0.5 1\n", "", `line 2: x1 is "0.5", and can only be a whole number`},
		{"Optimal - objective value 1\n 0 x1 -1 1\n", "cbc", `x1 is "-1"`},
		{"Optimal - objective value 1\n 0 x1 1e30 1\n", "cbc", `x1 is "1e30"`},
		{"Optimal - objective value 1\n 0 x1 NaN 1\n", "cbc", `x1 is "NaN"`},
		{"Optimal - objective value 1\n 0 x1 0.00001 1\n", "cbc", `x1 is "0.00001"`},
		{"s SATISFIABLE\nv 1 two\n", "", `line 2: "two" is no literal`},
		{"s SATISFIABLE\nv 1 99999999999\n", "", `"99999999999" is no literal`},
	} {
		if _, err := encode.ParseAnswer([]byte(c.text), c.format); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q in it", c.text, err, c.want)
		}
	}
}

func TestDecodeAnswerRefuses(t *testing.T) {
	g := tiny(t)
	for _, c := range []struct{ text, want string }{
		{"s UNSATISFIABLE\n", "no solution to decode: its status is infeasible"},
		{"s UNKNOWN\n", "its status is unknown"},
		{"s SATISFIABLE\nv x1 -x2 0\n", "does not name x3, and the program has 11 variables"},
		{"Optimal - objective value 1\n 0 x1 2 1\n", "x1 is 2 in the answer, and can be 1 at most"},
		{"Optimal - objective value 1\n 0 x12 1 1\n", "names x12, and the program has 11 variables"},
		{"Optimal - objective value 1\n 0 x3 1 1\n", "places 0 of the 1 copies of web"},
		{"Optimal - objective value 1\n 0 x1 1 1\n 0 x2 1 1\n", "more than the 1 copies of web: x2 (web on n2) is one too many"},
	} {
		a, err := encode.ParseAnswer([]byte(c.text), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.DecodeAnswer(a); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q in it", c.text, err, c.want)
		}
	}
}

// Solvers that leave variables out that are 0 must say of a copy that it is left out: where an
// answer is cut off, it is not.
func TestDecodeAnswerCutOff(t *testing.T) {
	in, err := model.Read([]byte("format: berth/v1\nkind: placement\nnodes: [{name: n1}, {name: n2}]\n"+
		"tasks: [{name: a, replicas: 2, unplaced: 3}, {name: b, fetch: 1, home: n1}]\n"), "x.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	g := encode.Build(p)
	text := "Optimal - objective value 1\n"
	var lines []string
	outs := 0
	for v, value := range g.Values(model.Placement{0, model.NoPlace, 0}) {
		if value {
			lines = append(lines, fmt.Sprintf(" %d x%d 1 0\n", v, v+1))
		}
		if value && g.Vars[v].Kind == encode.Out {
			outs++
		}
	}
	if outs != 1 {
		t.Fatalf("%d copies are left out", outs)
	}
	for kept := range len(lines) + 1 {
		a, err := encode.ParseAnswer([]byte(text+strings.Join(lines[:kept], "")), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.DecodeAnswer(a); (err == nil) != (kept == len(lines)) {
			t.Errorf("with %d of %d lines: %v", kept, len(lines), err)
		}
	}
}

// No text makes the reader fail other than with an error, and what it takes for a
// solution decodes to a whole placement or to an error.
func FuzzParseAnswer(f *testing.F) {
	for _, a := range answers {
		f.Add([]byte(a.text), "")
		f.Add([]byte(a.text), a.format)
	}
	f.Fuzz(func(t *testing.T, data []byte, format string) {
		a, err := encode.ParseAnswer(data, format)
		if err != nil {
			return
		}
		g := tiny(t)
		pl, err := g.DecodeAnswer(a)
		if err == nil && len(pl) != g.Problem.Copies {
			t.Fatalf("decodes to %v", pl)
		}
	})
}
