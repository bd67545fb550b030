package encode

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"berth/model"
)

// WriteMiniZinc writes the program as a MiniZinc model. Of a placement it has the rows as
// they are; of a workflow, whose times are whole numbers, it has the global constraints
// that say the same. It prints every solution as lines "x1 = 1", of what is not 0 in the
// program, with a line "objective = …" first.
func WriteMiniZinc(w io.Writer, g *Program) error {
	t := newText(w)
	t.head(g, "%")
	t.worth(g, "%", g.Scale())
	if g.Problem.Workflow != nil && slices.ContainsFunc(g.Vars, func(v Var) bool { return v.Kind == Runs }) {
		newSpanFile(t, g).write()
	} else {
		t.linear(g.solid()) // also what is a workflow without tasks, or without a schedule
	}
	return t.Flush()
}

// linear writes variables of 0 and 1 with the rows between them.
func (t *text) linear(g *Program) {
	n := strconv.Itoa(len(g.Vars))
	t.strings("array [1..", n, "] of var 0..1: x;\nvar int: objective = 0")
	for _, term := range g.objective() {
		t.product(term)
	}
	t.WriteString(";\n")
	for k := range g.Rows {
		r := &g.Rows[k]
		t.title(g, "%", k)
		t.WriteString("constraint 0")
		for _, term := range r.Terms {
			t.product(term)
		}
		t.strings(" ", [...]string{"<=", ">=", "="}[r.Sense], " ", strconv.FormatInt(r.RHS, 10), ";\n")
	}
	t.strings("solve minimize objective;\noutput [\"objective = \\(objective)\\n\"] ++ [\"x\\(v) = 1\\n\" | v in 1..", n, " where fix(x[v]) = 1];\n")
}

func (t *text) product(term Term) {
	if term.Coef >= 0 {
		t.WriteString(" +")
	} else {
		t.WriteString(" ")
	}
	t.strings(strconv.FormatInt(term.Coef, 10), "*x[", strconv.Itoa(int(term.Var)+1), "]")
}

// spanFile writes a workflow.
type spanFile struct {
	*text
	g     *Program
	w     *model.Workflow
	nodes [][]int32 // by task: those that it can run on
	span  []int64   // by task: how far it can be put off
	alike bool
}

func newSpanFile(t *text, g *Program) *spanFile {
	w := g.Problem.Workflow
	f := &spanFile{text: t, g: g, w: w, nodes: make([][]int32, len(w.Tasks)), span: make([]int64, len(w.Tasks)), alike: g.Problem.Interchangeable()}
	for k := range g.Vars {
		switch v := &g.Vars[k]; v.Kind {
		case Runs:
			f.nodes[v.Item] = append(f.nodes[v.Item], v.Place)
		case Begins:
			f.span[v.Item] = v.Most
		}
	}
	return f
}

func (f *spanFile) write() {
	for t := range f.w.Tasks {
		f.task(int32(t))
	}
	f.printf("var 0..%d: objective;\n", f.g.windows.limit-f.g.windows.bound)
	for t, out := range f.w.Out {
		if out.From == out.To {
			f.printf("constraint objective + %d >= end%d;\n", f.g.windows.bound, t+1)
		}
	}
	for k := range f.w.Edges {
		f.edge(&f.w.Edges[k])
	}
	f.WriteString("include \"cumulative.mzn\";\n")
	f.printf("constraint cumulative(%s, %s, [1 | t in 1..%d], %d);\n", f.all("begin"), f.all("time"), len(f.w.Tasks), f.w.Nodes)
	if !f.alike {
		f.WriteString("include \"diffn.mzn\";\n")
		f.printf("constraint diffn(%s, %s, %s, [1 | t in 1..%d]);\n", f.all("begin"), f.all("node"), f.all("time"), len(f.w.Tasks))
		f.order()
	}
	f.printf("solve :: int_search(%s, smallest, indomain_min, complete) minimize objective;\n", f.all("begin"))
	f.output()
}

func (f *spanFile) printf(format string, args ...any) { fmt.Fprintf(f, format, args...) }

// all lists a variable of every task.
func (f *spanFile) all(name string) string { return f.list(name, f.w.Order) }

func (f *spanFile) list(name string, tasks []int32) string {
	names := make([]string, len(tasks))
	for k, t := range tasks {
		names[k] = name + strconv.Itoa(int(t)+1)
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// task writes where a task runs, when it begins, how long it takes and when it ends.
func (f *spanFile) task(t int32) {
	n, head := t+1, f.g.windows.head[t]
	f.comment("%", f.w.Tasks[t])
	f.printf("var %d..%d: begin%d;\n", head, head+f.span[t], n)
	one := true
	for _, j := range f.nodes[t] {
		one = one && f.w.DurationOn(t, j) == f.w.DurationOn(t, f.nodes[t][0])
	}
	if !f.alike {
		f.printf("var {%s}: node%d;\n", joined(f.nodes[t], func(j int32) int64 { return int64(j) + 1 }), n)
	}
	if one {
		f.printf("int: time%d = %d;\n", n, f.w.DurationOn(t, f.nodes[t][0]))
	} else {
		list := make([]int32, f.w.Nodes)
		for j := range list {
			list[j] = int32(j)
		}
		f.printf("var int: time%d = [%s][node%d];\n", n, joined(list, func(j int32) int64 {
			if d := f.w.DurationOn(t, j); d < model.Never {
				return d
			}
			return 0 // not in its domain
		}), n)
	}
	f.printf("var int: end%d = begin%d + time%d;\n", n, n, n)
	f.printf("constraint end%d <= %d;\n", n, f.g.windows.latest(t))
}

func joined(list []int32, value func(int32) int64) string {
	var b strings.Builder
	for k, v := range list {
		if k > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.FormatInt(value(v), 10))
	}
	return b.String()
}

// edge writes that a result is there when it is needed.
func (f *spanFile) edge(e *model.Edge) {
	from, to := e.From+1, e.To+1
	if f.alike {
		f.printf("constraint begin%d >= end%d;\n", to, from)
		return
	}
	never := f.g.windows.limit + 1
	f.printf("constraint begin%d >= end%d + [|", to, from)
	for i := range int32(f.w.Nodes) {
		if i > 0 {
			f.WriteString(" |")
		}
		for j := range int32(f.w.Nodes) {
			f.printf(" %d,", min(f.w.Message(e, i, j), never))
		}
	}
	f.printf(" |][node%d, node%d];\n", from, to)
}

// order numbers nodes by the first task that each runs, where all of them are alike.
func (f *spanFile) order() {
	for _, class := range f.g.Problem.NodeClass {
		if class != f.g.Problem.NodeClass[0] {
			return
		}
	}
	for k, t := range f.w.Order {
		if k > 0 {
			f.printf("constraint node%d <= 1 + max(%s);\n", t+1, f.list("node", f.w.Order[:k]))
		}
	}
}

// output prints a solution by the names of the program's variables.
func (f *spanFile) output() {
	f.WriteString("output [\"objective = \\(objective)\\n\"]")
	for k := range f.g.Vars {
		n := k + 1
		switch v := &f.g.Vars[k]; {
		case v.Kind == Begins:
			f.printf("\n ++ [\"x%d = \\(begin%d - %d)\\n\"]", n, v.Item+1, f.g.windows.head[v.Item])
		case v.Kind == Runs && !f.alike:
			f.printf("\n ++ [\"x%d = \\(bool2int(fix(node%d) = %d))\\n\"]", n, v.Item+1, v.Place+1)
		case v.Kind == Makespan:
			f.printf("\n ++ [\"x%d = \\(objective)\\n\"]", n)
		}
	}
	f.WriteString(";\n")
}
