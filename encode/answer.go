package encode

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"berth/model"
)

// Answers of other solvers, as they print them or write them to a file. Each
// reader takes what it knows and steps over the rest, so that a log around the
// answer does no harm. The names x1, x2, … are all that counts; rows and objective
// values are not looked at, since the judge costs what is decoded.

// Answer is what another solver says about a file written from a Program.
type Answer struct {
	Format  string
	Status  Status
	values  map[int32]int64
	reader  *answerReader
	heading string     // the line that what follows stands under
	draft   [][]string // lines of a solution that has not ended
}

// Status is what a solver says about its answer. It is a claim and proves nothing.
type Status uint8

// The statuses of an answer.
const (
	Unknown    Status = iota // no answer, or none that says what it is
	Feasible                 // a solution
	Optimal                  // a solution, and none is better
	Infeasible               // there is none
)

// String names a status as in a solution document.
func (s Status) String() string {
	return [...]string{"unknown", "feasible", "optimal", "infeasible"}[s]
}

// Value says whether variable v is not 0, as it is where the answer does not name it.
func (a *Answer) Value(v int32) bool { return a.values[v] != 0 }

// Number returns the value of variable v, 0 where the answer does not name it.
func (a *Answer) Number(v int32) int64 { return a.values[v] }

// Solved says whether there are values to decode.
func (a *Answer) Solved() bool { return a.Status == Feasible || a.Status == Optimal }

// answerReader reads one format: knows says whether a text is in it, line takes
// one line.
type answerReader struct {
	format string
	knows  func(data []byte) bool
	line   func(a *Answer, line string, fields []string) error
	sparse bool // variables that are 0 may be left out
	aside  bool // variables that only clauses have may follow those of the program
}

// answerReaders lists the formats in the order in which they are tried.
var answerReaders = []answerReader{
	{format: "highs", knows: contains("# Primal solution values", "HiGHS", "\n# Columns "), line: (*Answer).highs},
	{format: "glpsol", knows: contains("GLPK", "   No. Column name", "Integer feasibility conditions:"), line: (*Answer).glpsol},
	{format: "scip", knows: contains("solution status:", "SCIP Status"), line: (*Answer).scip, sparse: true},
	{format: "toulbar2", knows: contains("toulbar2", "New solution:"), line: (*Answer).toulbar2, aside: true},
	{format: "sat", knows: hasLine("s ", "v "), line: (*Answer).sat, aside: true},
	{format: "cbc", knows: contains(" - objective value"), line: (*Answer).cbc, sparse: true},
	{format: "minizinc", knows: hasLine("----------", "====="), line: (*Answer).minizinc, sparse: true},
	{format: "toulbar2", knows: onlyBits, line: (*Answer).toulbar2, aside: true},
}

// AnswerFormats lists the names that ParseAnswer takes.
func AnswerFormats() []string {
	var names []string
	for _, r := range answerReaders {
		if !slices.Contains(names, r.format) {
			names = append(names, r.format)
		}
	}
	slices.Sort(names)
	return names
}

// ParseAnswer reads the answer of another solver: the solution file or the printed
// output of cbc, highs, scip, glpsol, toulbar2, or ("sat") of clasp, cadical,
// kissat and others that print "s" and "v" lines, or what a model of WriteMiniZinc prints. An empty format is recognised by
// the text. Where a solver prints several solutions the last one counts.
func ParseAnswer(data []byte, format string) (*Answer, error) {
	for k := range answerReaders {
		r := &answerReaders[k]
		if r.format == format || format == "" && r.knows(data) {
			return r.read(data)
		}
	}
	if format != "" {
		return nil, fmt.Errorf("%q is no format of answers; want one of %s", format, strings.Join(AnswerFormats(), ", "))
	}
	return nil, fmt.Errorf("this looks like no solver's answer; want the solution or output of one of %s",
		strings.Join(AnswerFormats(), ", "))
}

func (r *answerReader) read(data []byte) (*Answer, error) {
	a := &Answer{Format: r.format, reader: r, values: map[int32]int64{}}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimRight(lines.Text(), "\r")
		if err := r.line(a, line, strings.Fields(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if a.Solved() && len(a.values) == 0 && !a.reader.sparse {
		a.Status = Unknown
	}
	return a, nil
}

// set takes the value of a name; names other than x1, x2, … are passed over.
func (a *Answer) set(name, value string) error {
	number, found := strings.CutPrefix(name, "x")
	if !found {
		return nil
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil || n < 1 {
		return nil
	}
	const tolerance, most = 1e-6, 1e15
	x, err := strconv.ParseFloat(value, 64)
	whole := math.Round(x)
	if err != nil || !(math.Abs(x-whole) <= tolerance*max(1, whole)) || whole < 0 || whole > most {
		return fmt.Errorf("%s is %s, and can only be a whole number (to within 1e-6); ask the solver for an integer solution", name, model.Quote(value))
	}
	a.values[int32(n-1)] = int64(whole)
	return nil
}

// restart forgets the values: a further solution begins.
func (a *Answer) restart() { clear(a.values) }

// DecodeAnswer returns the placement that another solver's answer stands for. It
// fails where the answer has no solution, or has one to another problem, or is cut off: of a
// copy that is nowhere it has to say that it is left out.
func (g *Program) DecodeAnswer(a *Answer) (model.Placement, error) {
	if err := g.fits(a); err != nil {
		return nil, err
	}
	pl, err := g.Decode(a.Value)
	if err != nil {
		return nil, err
	}
	p := g.Problem
	told := make([]int32, len(p.Items)) // copies of which it says where they are, or that they are left out
	for v := range g.Vars {
		if x := &g.Vars[v]; (x.Kind == Copy || x.Kind == Out) && a.Value(int32(v)) {
			told[x.Item]++
		}
	}
	for i := range p.Items {
		if count := p.Items[i].Count; told[i] < count {
			return nil, NoPlacement(fmt.Sprintf("the answer says of %d of the %d copies of %s neither where they are nor that they are left out: is it whole?",
				count-told[i], count, p.Label(int32(i))))
		}
	}
	return pl, nil
}

// DecodeScheduleAnswer is DecodeAnswer for a workflow.
func (g *Program) DecodeScheduleAnswer(a *Answer) (model.Schedule, error) {
	if err := g.fits(a); err != nil {
		return nil, err
	}
	return g.DecodeSchedule(a.Number)
}

// fits says what keeps an answer from being one to this program.
func (g *Program) fits(a *Answer) error {
	if !a.Solved() {
		return fmt.Errorf("the answer has no solution to decode: its status is %s", a.Status)
	}
	last := int32(-1)
	for v := range a.values {
		last = max(last, v)
	}
	if int(last) >= max(len(g.Vars), 1) && !a.reader.aside {
		return fmt.Errorf("the answer names x%d, and the program has %d variables: is it the answer to a file written from this instance?",
			last+1, len(g.Vars))
	}
	for v := range g.Vars {
		if _, ok := a.values[int32(v)]; !ok && !a.reader.sparse {
			return fmt.Errorf("the answer does not name x%d, and the program has %d variables: is it the answer to a file written from this instance?",
				v+1, len(g.Vars))
		}
		if n := a.values[int32(v)]; n > max(g.Vars[v].Most, 1) {
			return fmt.Errorf("x%d is %d in the answer, and can be %d at most: is it the answer to a file written from this instance?",
				v+1, n, max(g.Vars[v].Most, 1))
		}
	}
	return nil
}

func contains(any ...string) func([]byte) bool {
	return func(data []byte) bool {
		return slices.ContainsFunc(any, func(s string) bool { return bytes.Contains(data, []byte(s)) })
	}
}

func hasLine(starts ...string) func([]byte) bool {
	return func(data []byte) bool {
		return slices.ContainsFunc(starts, func(s string) bool {
			return bytes.HasPrefix(data, []byte(s)) || bytes.Contains(data, []byte("\n"+s))
		})
	}
}

// onlyBits says whether a text is a list of 0 and 1.
func onlyBits(data []byte) bool {
	fields := bytes.Fields(data)
	for _, f := range fields {
		if len(f) != 1 || f[0] != '0' && f[0] != '1' {
			return false
		}
	}
	return len(fields) > 0
}
