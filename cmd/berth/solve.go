package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"berth/harness"
	"berth/model"
	"berth/search"
	"berth/solvers"
	"berth/solvers/certify"
)

// solving is the call of solve.
type solving struct {
	source
	out     *output
	time    time.Duration
	work    int64
	memory  int64 // bytes; 0: no limit
	gap     gap
	solver  string
	seed    uint64
	threads int
	warm    string  // a solution to begin with
	curve   string  // against what the whole curve is wanted; "": one solution
	html    bool    // the curve as a page
	proof   *output // of the bound; nil: nobody wants one
}

// defaultTime ends a search that has no other limit.
const defaultTime = 60 * time.Second

func (a *app) solveCommand() *cobra.Command {
	s := &solving{solver: "auto"}
	c := &cobra.Command{
		Use:   "solve FILE",
		Short: "Find the best placement and prove how good it is",
		Long: `solve reads an instance, searches for the placement of least cost, and stops when it
is proven optimal, when the gap that was asked for is reached, or at a limit.

FILE is a berth/v1 document or has one of the foreign formats under --from; kubectl is
what kubectl get nodes,pods,pv,pvc,pdb -A -o json lists.

The answer goes to standard output: tables on a terminal, the JSON solution
document into a pipe or a file. Ctrl-C ends the search within a second, and the
best placement so far is the answer.

With --work instead of --time a run is repeatable: one seed gives the same answer
on every machine, byte for byte but for the seconds in it.

With --memory the whole process stays below so many bytes. Methods that would need more
withdraw, or go on slower with less, and memory is collected more often. Where that is
not enough the search ends early, and the best placement so far is the answer. An
instance that cannot be read within the limit is refused. Repeatable runs need enough
memory.

What if? --fix and --forbid ask for the best placement with a task on some nodes, or
off them; --without for the best that leaves nodes out; --max-moves for the best that is
near to what runs today. A node with a comma in its name is put in double quotes:
--without '"rack 1, left",n2'. --warm begins with a solution that is there, and keeps
it where nothing is better. What is asked is in the answer, and verify holds the
answer against it.

--proof writes a proof of the bound, which verify follows, and anyone else can: berth
solve takes half of the time for the search and the rest for the proof (with --work, as much
for each). The answer claims no more than the proof shows.

--frontier moves answers with a whole curve: for 0, 1, 2, … moves the least cost, its
bound and the solution, up to as many moves as the best of all takes. --html draws it.
--time is shared out among the points, --work is for each. Ctrl-C leaves the points so
far.`,
		Example: `  berth solve shop.yaml
  berth solve --time 10s --gap 1% --output answer.json shop.yaml
  berth solve --solver lp --work 2G --seed 7 --format json shop.yaml
  berth solve --from orlib --problem 3 --maximise gap1.txt
  berth solve --warm answer.json --fix web=a1,a2 --forbid cart=c1 shop.yaml
  berth solve --max-moves 4 drain.yaml
  berth solve --proof shop.proof --output answer.json shop.yaml
  berth solve --frontier moves drain.yaml
  berth solve --frontier moves --html --output curve.html drain.yaml
  berth generate tasks --seed 3 | berth solve -`,
		Args: files("FILE"),
	}
	set := c.Flags()
	s.flags(set)
	flag(set, &s.time, "time", "", "duration", "limit of the whole command, reading included, such as 90s or 5m (default 60s, none with --work)", parseTime)
	flag(set, &s.work, "work", "", "units", "limit in deterministic units of work, such as 500M; a unit is about a nanosecond", parseWork)
	flag(set, &s.memory, "memory", "", "bytes", "limit of memory of the whole process, such as 2Gi", parseMemory)
	flag(set, &s.gap, "gap", "0", "gap", "stop this near to the proven bound: 1%, or 25 as a cost", parseGap)
	set.StringVar(&s.solver, "solver", s.solver, "`method` to use; `berth methods` lists them")
	flag(set, &s.seed, "seed", "1", "number", "where chance begins", parseSeed)
	flag(set, &s.threads, "threads", "2", "number", "how many threads may be busy", count(1, 1024))
	set.StringVar(&s.warm, "warm", "", "begin with the placement of this `solution`")
	proof := &output{app: a, flag: "--proof"}
	set.StringVar(&proof.name, "proof", "", "write a proof of the bound to this `file`")
	flag(set, &s.curve, "frontier", "", "what", "the curve of the least cost against `moves`, instead of one solution", oneOf("moves"))
	set.BoolVar(&s.html, "html", false, "with --frontier: the curve as one HTML page")
	s.asks(set)
	s.out = a.outputFlags(set)
	c.RunE = func(c *cobra.Command, args []string) error {
		if set.Changed("proof") {
			s.proof = proof
		}
		return a.solve(c.Context(), args[0], s)
	}
	completes(c, "solver", methodNames())
	return c
}

func (a *app) solve(ctx context.Context, file string, s *solving) error {
	method, err := solvers.Find(s.solver)
	switch {
	case err == nil:
	case slices.Contains(harness.Outside(), s.solver):
		return fmt.Errorf("--solver: %s is an outside solver; `berth sweep` runs it, `berth encode` writes a file for it and `berth decode` reads its answer", s.solver)
	default:
		return fmt.Errorf("--solver: %w", err)
	}
	if err := s.out.check(); err != nil {
		return err
	}
	if s.time == 0 && s.work == 0 {
		s.time = defaultTime
	}
	var deadline time.Time
	if s.time > 0 {
		deadline = a.started.Add(s.time)
	}
	if err := s.checkProof(); err != nil {
		return err
	}
	if s.html && s.out.format != "" {
		return errors.New("--format is for what is no page; leave it or --html out")
	}
	if s.curve != "" {
		return a.frontier(ctx, file, s, method, deadline)
	}
	if s.html {
		return errors.New("--html draws a curve; add --frontier moves, or use `berth view --html` for a solution")
	}
	q, err := a.readInTime(ctx, file, s, deadline)
	if err != nil {
		return err
	}
	if err := handles(method, q.problem); err != nil {
		return err
	}
	if s.proof != nil {
		if err := certify.Fits(q.problem); err != nil {
			return fmt.Errorf("--proof: %w; leave it out", err)
		}
	}
	var warm func(*search.Board)
	if s.warm != "" {
		if warm, err = a.warmStart(q.problem, s.warm); err != nil {
			return err
		}
	}
	until := deadline
	if s.proof != nil && !until.IsZero() {
		until = a.started.Add(time.Duration(searchPart * float64(s.time)))
	}
	result, err := a.hunt(ctx, q, method, s, until, warm)
	if err != nil {
		return err
	}
	var unwritten error
	if s.proof != nil {
		text, err := a.prove(ctx, q.problem, result, s, deadline)
		if err != nil {
			return err
		}
		if text != nil {
			unwritten = s.proof.write(text) // the answer stands without it
		}
	}
	if result.Memory {
		fmt.Fprintln(a.err, "berth: the search ended early, at the limit of memory")
	}
	if method == solvers.Auto && result.Status == model.Feasible && fine(q.problem) {
		fmt.Fprintf(a.err, "berth: %s: prices of a task differ by more than 10¹⁰ of their smallest step, %s, and some methods that prove withdraw from that; "+
			"give prices, volumes or weights fewer digits\n", shownName(file), q.problem.Format(1))
	}
	var why []string
	if result.Status == model.Infeasible {
		why = reasons(ctx, q.problem, result.Work, deadline)
	}
	return cmp.Or(unwritten, a.answer(q.problem, result, s, why))
}

// fine says whether prices have so many digits that lagrange and colgen, which compute with them
// exactly, may withdraw.
func fine(p *model.Problem) bool {
	return slices.ContainsFunc(p.Costs, func(row model.CostRow) bool {
		most := row.Rest
		if len(row.Values) > 0 {
			most = max(most, slices.Max(row.Values))
		}
		return most-row.Least() > 10_000_000_000
	})
}

// checkProof finds out, before the work begins, whether a proof can be made and written.
func (s *solving) checkProof() error {
	switch {
	case s.proof == nil:
		return nil
	case s.curve != "":
		return errors.New("--proof goes with one solution; leave it or --frontier out")
	case s.proof.name == "-":
		return errors.New("--proof names a file; standard output is for the answer")
	}
	return s.proof.checkBeside(s.out.name)
}

// readInTime reads and compiles the question of a search.
func (a *app) readInTime(ctx context.Context, file string, s *solving, deadline time.Time) (*question, error) {
	return inTime(ctx, file, deadline, s.memory, func() (*question, error) { return a.question(file, &s.source) })
}

// handles refuses a method that lacks what occurs in the problem.
func handles(method *search.Method, p *model.Problem) error {
	if lacks := method.Lacks(p); lacks != 0 {
		return fmt.Errorf("method %s does not handle %s; use --solver auto, or another of `berth methods`", method.Name, list(lacks.Names()))
	}
	return nil
}

// warmStart reads the placement to begin with. What a solution was asked beside the
// instance does not matter: its placement may answer this question, too. If it does
// not, the search begins without it.
func (a *app) warmStart(p *model.Problem, name string) (func(*search.Board), error) {
	doc, err := a.solutionDocument(name)
	if err != nil {
		return nil, err
	}
	var offer func(*search.Board)
	if p.Workflow != nil {
		var s model.Schedule
		s, err = p.BeginSchedule(doc)
		offer = func(b *search.Board) { b.OfferSchedule(s, p.EvaluateSchedule(s).Cost) }
	} else {
		var pl model.Placement
		pl, err = p.Begin(doc)
		offer = func(b *search.Board) { b.Offer(pl, p.Evaluate(pl).Cost) }
	}
	switch {
	case errors.Is(err, model.ErrDoesNotFit):
		fmt.Fprintf(a.err, "berth: the search begins without %s: %v\n", shownName(name), err)
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("--warm %s: %w", shownName(name), err)
	}
	return offer, nil
}

func (a *app) hunt(ctx context.Context, q *question, method *search.Method, s *solving, deadline time.Time, warm func(*search.Board)) (*search.Result, error) {
	if !deadline.IsZero() {
		// Judging and writing the answer take about a tenth of what reading the
		// question took.
		deadline = deadline.Add(-min(time.Since(a.started)/10, s.time/20))
	}
	h := &hunt{
		problem: q.problem, method: method, seed: s.seed, threads: s.threads, started: a.started, warm: warm,
		limits: search.Limits{Deadline: deadline, Work: s.work, Memory: s.memory, Gap: s.gap.limit(q.problem)},
	}
	if a.errTerminal {
		h.terminal = watch(a.err, terminalWidth, q.problem, a.started)
	}
	defer h.terminal.end()
	return h.run(ctx)
}

func methodNames() []string {
	var names []string
	for _, m := range solvers.All() {
		names = append(names, m.Name)
	}
	return names
}

func terminalWidth() int {
	if width, _, err := term.GetSize(int(os.Stderr.Fd())); err == nil && width > 0 {
		return width
	}
	return 80
}
