package encode

import (
	"fmt"
	"strconv"
	"strings"

	"berth/model"
)

// The formats of answers, a line at a time.

// cbc: "Optimal - objective value 5", then "index name value cost" of what is not
// 0, with ** in front where a value breaks a bound.
func (a *Answer) cbc(line string, fields []string) error {
	if status, _, found := strings.Cut(line, " - objective value"); found {
		a.restart()
		switch status = strings.ToLower(status); {
		case strings.Contains(status, "infeasible"):
			a.Status = Infeasible
		case strings.Contains(status, "no integer solution"):
			a.Status = Unknown
		case strings.HasPrefix(status, "optimal"):
			a.Status = Optimal
		default:
			a.Status = Feasible
		}
		return nil
	}
	if len(fields) > 0 && fields[0] == "**" {
		fields = fields[1:]
	}
	if len(fields) != 4 || !a.Solved() {
		return nil
	}
	return a.set(fields[1], fields[2])
}

// highs: under "Model status" stands the status, under "# Primal solution values"
// whether there are any and whether they keep the rows, and under the first
// "# Columns" they are listed. A file of improving solutions has nothing but such
// lists, each after a line "Objective 5".
func (a *Answer) highs(line string, fields []string) error {
	switch {
	case strings.HasPrefix(line, "Objective ") && (a.heading == "" || strings.HasPrefix(a.heading, "# Columns")):
		a.restart()
		a.Status = Feasible
	case line == "Model status" || strings.HasPrefix(line, "#"):
		a.heading = line
		if len(a.values) > 0 {
			a.heading = "" // the rest is about rows and duals
		}
	case a.heading == "Model status" && line == "Optimal":
		a.Status = Optimal
	case a.heading == "Model status" && line == "Infeasible":
		a.Status = Infeasible
	case a.heading == "# Primal solution values" && line == "Feasible":
		if a.Status == Unknown {
			a.Status = Feasible
		}
	case a.heading == "# Primal solution values" && (line == "None" || line == "Infeasible"):
		if a.Solved() {
			a.Status = Unknown
		}
	case strings.HasPrefix(a.heading, "# Columns") && len(fields) == 2 && a.Solved():
		return a.set(fields[0], fields[1])
	}
	return nil
}

// scip: "solution status: …" or "SCIP Status : …", then, after "objective value:",
// "name value (obj:cost)" of what is not 0.
func (a *Answer) scip(line string, fields []string) error {
	switch {
	case strings.HasPrefix(line, "solution status:") || strings.HasPrefix(line, "SCIP Status"):
		switch {
		case strings.Contains(line, "infeasible"):
			a.Status = Infeasible
		case strings.Contains(line, "optimal solution found"):
			a.Status = Optimal
		}
	case strings.HasPrefix(line, "objective value:"):
		a.restart()
		if a.Status == Unknown {
			a.Status = Feasible
		}
	case strings.HasPrefix(line, "no solution available"):
		if a.Status != Infeasible {
			a.Status = Unknown
		}
	case a.Solved() && len(fields) == 3 && strings.HasPrefix(fields[2], "(obj:"):
		return a.set(fields[0], fields[1])
	}
	return nil
}

// glpsol: "Status: INTEGER OPTIMAL", then tables of rows and columns, "number name
// * value bounds".
func (a *Answer) glpsol(line string, fields []string) error {
	if status, found := strings.CutPrefix(line, "Status:"); found {
		switch strings.TrimSpace(status) {
		case "INTEGER OPTIMAL":
			a.Status = Optimal
		case "INTEGER NON-OPTIMAL":
			a.Status = Feasible
		case "INTEGER EMPTY":
			a.Status = Infeasible
		}
		return nil
	}
	if len(fields) < 4 || fields[2] != "*" || !a.Solved() {
		return nil
	}
	return a.set(fields[1], fields[3])
}

// sat: "s" lines with the status, "v" lines with literals: x5 -x6, or 5 -6 0.
func (a *Answer) sat(line string, fields []string) error {
	kind, rest, _ := strings.Cut(line, " ")
	switch {
	case strings.HasPrefix(line, "c Answer:"):
		a.restart()
	case kind == "s":
		switch strings.TrimSpace(rest) {
		case "OPTIMUM FOUND":
			a.Status = Optimal
		case "SATISFIABLE":
			a.Status = Feasible
		case "UNSATISFIABLE":
			a.Status = Infeasible
		}
	case kind == "v":
		if a.Status == Unknown {
			a.Status = Feasible
		}
		for _, literal := range fields[1:] {
			if err := a.literal(literal); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *Answer) literal(literal string) error {
	name, negative := strings.CutPrefix(literal, "-")
	n, err := strconv.ParseInt(strings.TrimPrefix(name, "x"), 10, 32)
	if err != nil || n < 0 {
		return fmt.Errorf("%s is no literal; want one such as x5, -x5, 5 or -5", model.Quote(literal))
	}
	if n > 0 {
		a.values[int32(n-1)] = 1
		if negative {
			a.values[int32(n-1)] = 0
		}
	}
	return nil
}

// toulbar2: a line of all values, 0 1 1 …, alone in its file or in the output.
func (a *Answer) toulbar2(line string, fields []string) error {
	switch {
	case strings.HasPrefix(line, "Optimum:"):
		a.Status = Optimal
	case strings.HasPrefix(line, "No solution"):
		a.Status = Infeasible
	case onlyBits([]byte(line)):
		a.restart()
		for v, value := range fields {
			a.values[int32(v)] = int64(value[0] - '0')
		}
		if a.Status == Unknown {
			a.Status = Feasible
		}
	}
	return nil
}

// minizinc: lines "x1 = 3", which a line of ten hyphens ends, and one of equals signs where
// no solution is better.
func (a *Answer) minizinc(line string, fields []string) error {
	switch {
	case line == "----------":
		a.restart()
		if a.Status == Unknown {
			a.Status = Feasible
		}
		for _, said := range a.draft {
			if err := a.set(said[0], said[2]); err != nil {
				return err
			}
		}
		a.draft = a.draft[:0]
	case line == "==========" && a.Solved():
		a.Status = Optimal
	case line == "=====UNSATISFIABLE=====":
		a.Status = Infeasible
	case len(fields) == 3 && fields[1] == "=":
		a.draft = append(a.draft, fields)
	}
	return nil
}
