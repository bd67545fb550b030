package adapter

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"berth/encode"
	"berth/heuristics"
	"berth/internal/bruteforce"
	"berth/model"
	"berth/results"
	"berth/search"
)

// script is an adapter that runs a shell script.
func script(body string) string {
	return `format: berth/v1
kind: adapter
name: scripted
short: a shell script
program: sh
get: write it
encoding: lp
files:
  script.sh: |
    ` + strings.ReplaceAll(body, "\n", "\n    ") + `
command: ["{program}", script.sh, "{instance}"]
answer: [{format: sat}]
status: {optimal: '^c the best', infeasible: '^c nothing fits', unfit: '^c too large.*', memory: '^c out of memory', unknown: '^s UNKNOWN'}
progress: ['^o (?P<objective>\S+)', '^b (?P<bound>\S+)']
`
}

// truth is an instance with its optimum, as an answer would give it.
type truth struct {
	in      *model.Instance
	problem *model.Problem
	known   *results.Known
	best    string // the v line of an optimal placement
	cost    int64
	optimum *big.Rat // in units of the encoding
	other   string   // of a worse placement
	full    string   // of one that overloads a node
}

func edge(t testing.TB) *truth {
	t.Helper()
	in, p, known := instance(t, "edge")
	best, cost, ok := bruteforce.Solve(p)
	if !ok || best == nil {
		t.Fatal("brute force cannot solve it")
	}
	g := encode.Build(p)
	line := func(pl model.Placement) string {
		var b strings.Builder
		b.WriteString("v")
		for v, value := range g.Values(pl) {
			fmt.Fprintf(&b, " %sx%d", map[bool]string{true: "", false: "-"}[value], v+1)
		}
		return b.String()
	}
	s := scale{Scale: g.Scale(), problem: p}
	known.Source = "a book"
	tr := &truth{in: in, problem: p, known: known, best: line(best), cost: cost, optimum: s.objective(cost)}
	pl := append(model.Placement(nil), best...)
	for c := range pl {
		for _, node := range p.Domains[p.Items[itemOf(p, c)].Domain].Nodes() {
			pl[c] = node
			v := p.Evaluate(pl)
			switch {
			case len(v.Violations) > 0 && tr.full == "":
				tr.full = line(pl)
			case len(v.Violations) == 0 && v.Cost > cost && tr.other == "":
				tr.other = line(pl)
			}
			pl[c] = best[c]
		}
	}
	if tr.full == "" || tr.other == "" {
		t.Fatal("no move makes the optimum infeasible, or none makes it dearer")
	}
	return tr
}

func itemOf(p *model.Problem, copy int) int {
	for i := range p.Items {
		if it := &p.Items[i]; copy >= int(it.First) && copy < int(it.First+it.Count) {
			return i
		}
	}
	return -1
}

// said is the optimum plus something, as a program would print it.
func (tr *truth) said(more string) string {
	d, _ := new(big.Rat).SetString(more)
	return new(big.Rat).Add(tr.optimum, d).FloatString(9)
}

func (tr *truth) run(t *testing.T, document string, known *results.Known, limits results.Limits) *Judged {
	t.Helper()
	a, err := Read([]byte(document), "scripted.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Prepare(Job{Problem: tr.problem, Instance: tr.in, Dir: t.TempDir(), Program: "/bin/sh", Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	return c.Judge(run(t, c, 2*time.Second, nil), known)
}

// Whatever a program says, the outcome is what is true.
func TestLiars(t *testing.T) {
	tr := edge(t)
	none := &results.Known{}
	print := func(lines ...string) string { return "cat <<'END'\n" + strings.Join(lines, "\n") + "\nEND" }
	const optimal = "s OPTIMUM FOUND"
	for _, c := range []struct {
		name    string
		body    string
		known   *results.Known
		outcome results.Outcome
		note    string
	}{
		{"the truth", print("o "+tr.said("0"), "b "+tr.said("0"), optimal, tr.best), nil, results.Optimal, ""},
		{"the truth in floating point", print("o "+tr.said("0.0000004"), "b "+tr.said("-0.0000004"), optimal, tr.best), nil, results.Optimal, ""},
		{"a bound that rounds up to the truth", print("b "+tr.said("-0.6"), optimal, tr.best), nil, results.Optimal, ""},
		{"a bound that proves it without saying so", print("b "+tr.said("-0.3"), "s SATISFIABLE", tr.best), nil, results.Optimal, ""},
		{"the truth without a word", print(tr.best), nil, results.Feasible, ""},
		{"a good placement", print("b "+tr.said("-9"), "s SATISFIABLE", tr.other), nil, results.Feasible, ""},
		{"a published value that is wrong", print(optimal, tr.best), &results.Known{Value: "70"}, results.Optimal, ""},
		{"no placement, no bound", print("s UNKNOWN"), nil, results.Unknown, "s UNKNOWN"},

		{"an objective too low", print("o "+tr.said("-1"), "s SATISFIABLE", tr.best), nil, results.Wrong, "it says that its placement costs 66.25; it costs 66.3"},
		{"an objective too high", print("o "+tr.said("0.25"), "s SATISFIABLE", tr.best), nil, results.Wrong, "it says that its placement costs"},
		{"a node too full", print(optimal, tr.full), nil, results.Wrong, "is asked for"},
		{"nothing placed", print(optimal, strings.ReplaceAll(strings.ReplaceAll(tr.best, "-", ""), "x", "-x")), nil, results.Wrong, "the answer places 0 of the 1 copies"},
		{"everything everywhere", print(optimal, strings.ReplaceAll(tr.best, "-", "")), nil, results.Wrong, "is one too many"},
		{"a bound above its placement", print("b "+tr.said("0.01"), "s SATISFIABLE", tr.best), none, results.Wrong, "it says that no placement costs less than 66.35; its own costs 66.3"},
		{"a bound above what is known", print("b "+tr.said("0.01"), "s UNKNOWN"), nil, results.Wrong, "one of cost 66.3 is known (a book)"},
		{"optimal with a bound below", print("b "+tr.said("-2"), optimal, tr.best), none, results.Wrong, "optimal, and that one of cost 66.2 may exist"},
		{"not the best", print(optimal, tr.other), nil, results.Wrong, "is optimal; one of cost 66.3 is known"},
		{"not the best, and nobody knows", print(optimal, tr.other), none, results.Optimal, ""},
		{"no placement, it says", print("s UNSATISFIABLE"), nil, results.Wrong, "it says that no placement exists; one of cost 66.3 is known"},
		{"no placement, and nobody knows", print("s UNSATISFIABLE"), none, results.Infeasible, ""},
		{"no placement, and one is there", print(tr.best, "c nothing fits"), none, results.Wrong, "it says that no placement exists, and gives one of cost 66.3"},

		{"garbage", print("0xdeadbeef", "% $ #"), nil, results.Rubbish, "nothing that it printed says how it ended: 0xdeadbeef"},
		{"binary garbage", "head -c 2000 /dev/zero | tr '\\0' '\\351'", nil, results.Rubbish, "nothing that it printed"},
		{"garbled values", print(optimal, "v x1 two"), nil, results.Rubbish, `line 2: "two" is no literal`},
		{"half of the values", print(optimal, tr.best[:len(tr.best)/2]), nil, results.Rubbish, "does not name x"},
		{"an answer to another instance", print(optimal, "v x1 -x2 x3"), nil, results.Rubbish, "is it the answer to a file written from this instance?"},
		{"an optimum without values", print("c the best"), nil, results.Rubbish, "it says optimal and gives no placement"},
		{"nothing", "true", nil, results.Unknown, "it ended without a word"},
		{"a crash", "echo line; echo no licence >&2; exit 3", nil, results.Crash, "ended with status 3: no licence"},
		{"a quiet crash", "echo last words; exit 3", nil, results.Crash, "ended with status 3: last words"},
		{"a crash after the truth", print(optimal, tr.best) + "\nexit 3", nil, results.Optimal, ""},
		{"a signal", "kill -SEGV $$", nil, results.Crash, "ended by a signal, segmentation fault"},
		{"too large for it", "echo 'c too large, said it' >&2; exit 2", nil, results.Unfit, "c too large, said it"},
		{"too large for it, and it knows nothing", print("s UNKNOWN") + "\necho 'c too large, said it' >&2", nil, results.Unfit, "c too large, said it"},
		{"out of its own memory", print("c out of memory") + "\nexit 1", nil, results.Memory, ""},
		{"a hang", "echo hello; sleep 60", nil, results.Timeout, ""},
		{"a hang after a placement", print("b "+tr.said("-9"), "s SATISFIABLE", tr.best) + "\nsleep 60", nil, results.Feasible, ""},
		{"a hang in the middle of the values", print("s SATISFIABLE", tr.best[:len(tr.best)/2]) + "\nsleep 60", nil, results.Timeout, "does not name x"},
		{"a hang with nothing placed", print("s SATISFIABLE", strings.ReplaceAll(strings.ReplaceAll(tr.best, "-", ""), "x", "-x")) + "\nsleep 60", nil, results.Timeout, "the answer places 0 of the 1 copies"},
		{"a hang with a log ahead of the values", print("o "+tr.said("-9"), tr.best) + "\nsleep 60", nil, results.Feasible, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			known := tr.known
			if c.known != nil {
				known = c.known
			}
			j := tr.run(t, script(c.body), known, results.Limits{Threads: 1})
			if j.Outcome != c.outcome || !strings.Contains(j.Note, c.note) || c.note == "" && j.Note != "" && c.outcome != results.Rubbish && c.outcome != results.Memory {
				t.Fatalf("judged as %s want %s, %q", j.text(), c.outcome, c.note)
			}
			checkJudged(t, tr, j)
		})
	}
}

// checkJudged holds a judged run to what is true of every one.
func checkJudged(t *testing.T, tr *truth, j *Judged) {
	t.Helper()
	best := model.Number(tr.problem.Format(tr.cost)).Rat()
	if j.Outcome.Solved() != (j.Cost != "" && j.Outcome != results.Wrong) {
		t.Errorf("%s with cost %q", j.Outcome, j.Cost)
	}
	if j.Cost != "" && j.Cost.Rat().Cmp(best) < 0 {
		t.Errorf("cost %s is below the optimum %s", j.Cost, best)
	}
	if j.Outcome == results.Wrong && (j.Note == "" || j.Trajectory != nil) {
		t.Errorf("wrong, note %q, trajectory %v", j.Note, j.Trajectory)
	}
	for k, s := range j.Trajectory {
		if s.Cost == "" && s.Bound == "" {
			t.Errorf("step %d says nothing", k)
		}
		if s.Cost != "" && (j.Cost == "" || s.Cost.Rat().Cmp(j.Cost.Rat()) < 0) {
			t.Errorf("step %d has cost %s, the placement %q", k, s.Cost, j.Cost)
		}
		if k > 0 && s.Seconds < j.Trajectory[k-1].Seconds {
			t.Errorf("step %d comes before the one before it", k)
		}
	}
	if n := len(j.Trajectory); j.Cost != "" && j.Outcome != results.Wrong && (n == 0 || j.Trajectory[n-1].Cost != j.Cost) {
		t.Errorf("the trajectory does not end at the cost %s: %v", j.Cost, j.Trajectory)
	}
}

// An answer that is no ordinary file is not waited for.
func TestStrangeFiles(t *testing.T) {
	tr := edge(t)
	for body, want := range map[string]results.Outcome{
		"mkfifo answer": results.Rubbish, "mkdir answer": results.Rubbish, "ln -s /dev/zero answer": results.Rubbish,
		"ln -s nowhere answer": results.Rubbish, ": > answer": results.Unknown,
		"echo '" + tr.best + "' > answer": results.Feasible,
	} {
		document := strings.Replace(script(body), "{format: sat}", "{file: answer, format: sat}", 1)
		if j := tr.run(t, document, nil, results.Limits{Threads: 1}); j.Outcome != want {
			t.Errorf("%s: %s", body, j.text())
		}
	}
}

// A gap that is asked for makes an optimum within it a placement, not a lie.
func TestGapThatIsAskedFor(t *testing.T) {
	tr := edge(t)
	body := "cat <<'END'\nb " + tr.said("-2") + "\ns OPTIMUM FOUND\n" + tr.best + "\nEND"
	j := tr.run(t, script(body), nil, results.Limits{Threads: 1, Gap: "1"})
	if j.Outcome != results.Feasible || j.Claim.Status != "feasible" || j.Claim.Bound != "66.2" {
		t.Errorf("judged as %s", j.text())
	}
}

// Helping variables that are not as low as they could be make an objective higher
// than the placement costs; it may be claimed as it stands, or as what is true.
func TestSlackObjective(t *testing.T) {
	in, p, known := instance(t, "shop")
	result, err := search.Run(t.Context(), p, heuristics.PenaltyFirst, search.Limits{}, 1, 1, nil)
	if err != nil || result.Placement == nil {
		t.Fatalf("%v, %+v", err, result)
	}
	g := encode.Build(p)
	values := g.Values(result.Placement)
	slack := slices.IndexFunc(g.Vars, func(v encode.Var) bool { return v.Kind > encode.Out && v.Cost > 0 })
	for slack < len(values) && values[slack] {
		slack++
	}
	if slack < 0 || slack == len(values) || g.Vars[slack].Cost <= 0 {
		t.Fatal("no helping variable can be raised")
	}
	values[slack] = true
	line := "v"
	for v, value := range values {
		line += map[bool]string{true: " ", false: " -"}[value] + strconv.Itoa(v+1)
	}
	tr := &truth{in: in, problem: p, known: known}
	s := scale{Scale: g.Scale(), problem: p}
	higher, _ := s.objective(g.Objective(values)).Float64()
	lower, _ := s.objective(result.Cost).Float64()
	for objective, want := range map[float64]results.Outcome{
		higher: results.Feasible, lower: results.Feasible, higher + 1: results.Wrong, lower - 1: results.Wrong,
	} {
		j := tr.run(t, script(fmt.Sprintf("echo 'o %g'; echo 's SATISFIABLE'; echo '%s'", objective, line)), known, results.Limits{Threads: 1})
		if j.Outcome != want || j.Cost != model.Number(p.Format(result.Cost)) {
			t.Errorf("objective %g of %g to %g: %s", objective, lower, higher, j.text())
		}
	}
}

// The same for solution documents.
func TestLyingDocuments(t *testing.T) {
	tr := edge(t)
	best, cost, _ := bruteforce.Solve(tr.problem)
	for _, c := range []struct {
		name    string
		forge   func(s *model.Solution)
		text    func(document string) string
		outcome results.Outcome
		note    string
	}{
		{"the truth", nil, nil, results.Optimal, ""},
		{"an objective too low", func(s *model.Solution) { s.Objective, s.Bound = "60", "60" }, nil, results.Wrong, "objective is claimed to be 60, it is 66.3"},
		{"a bound above it", func(s *model.Solution) { s.Bound = "67" }, nil, results.Wrong, "bound 67 is above the objective"},
		{"a bound above what is known", func(s *model.Solution) {
			*s = model.Solution{Instance: s.Instance, InstanceDigest: s.InstanceDigest, Status: model.Unknown, Bound: "66.31"}
		}, nil, results.Wrong, "one of cost 66.3 is known (a book)"},
		{"optimal with a bound below", func(s *model.Solution) { s.Bound = "1" }, nil, results.Wrong, "status is optimal, but bound 1"},
		{"another instance", func(s *model.Solution) { s.InstanceDigest = "sha256:" + strings.Repeat("0", 64) }, nil, results.Wrong, "the solution was made for another one"},
		{"a node that is not there", func(s *model.Solution) { s.Placement[0].Nodes[0] = "atlantis" }, nil, results.Wrong, `no node "atlantis"`},
		{"all on one node", func(s *model.Solution) {
			for k := range s.Placement {
				s.Placement[k].Nodes[0] = "gate"
			}
		}, nil, results.Wrong, "gate"},
		{"no placement, it says", func(s *model.Solution) {
			*s = model.Solution{Instance: s.Instance, InstanceDigest: s.InstanceDigest, Status: model.Infeasible}
		}, nil, results.Wrong, "it says that no placement exists"},
		{"nothing found", func(s *model.Solution) {
			*s = model.Solution{Instance: s.Instance, InstanceDigest: s.InstanceDigest, Status: model.Unknown}
		}, nil, results.Unknown, ""},
		{"cut off", nil, func(s string) string { return s[:len(s)/2] }, results.Rubbish, "its answer:"},
		{"no document", nil, func(string) string { return "hello" }, results.Rubbish, "its answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := tr.problem.Document(model.Optimal, best, &cost)
			if err != nil {
				t.Fatal(err)
			}
			if c.forge != nil {
				c.forge(s)
			}
			var b bytes.Buffer
			if err := s.Write(&b); err != nil {
				t.Fatal(err)
			}
			text := b.String()
			if c.text != nil {
				text = c.text(text)
			}
			document := strings.NewReplacer("encoding: lp", "encoding: berth", "format: sat", "format: berth", "progress", "#").
				Replace(script("cat <<'END'\n" + text + "\nEND\nexit 20"))
			j := tr.run(t, document, tr.known, results.Limits{Threads: 1})
			if j.Outcome != c.outcome || !strings.Contains(j.Note, c.note) {
				t.Fatalf("judged as %s want %s, %q", j.text(), c.outcome, c.note)
			}
			checkJudged(t, tr, j)
		})
	}
}
