package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"berth/harness/adapter"
	"berth/harness/jail"
	"berth/model"
	"berth/results"
)

// String names a run for people.
func (r *run) String() string {
	return fmt.Sprintf("%s on %s, seed %d", r.method.name, r.problem.Name, r.record.Seed)
}

// Methods end themselves at their limit. One that does not is asked to soon after
// that, and soon after that it is stopped: all within a second of the limit.
const (
	patience = 300 * time.Millisecond
	grace    = 500 * time.Millisecond
)

// execute makes a run: the method's program in a process of its own, and then the
// judge. The solution is nil where there is none that the judge accepts. The error
// is the harness's own.
func (s *sweep) execute(ctx context.Context, r *run, cores []int) (*results.Record, *adapter.Judged, error) {
	record := r.record
	record.Machine = s.machine
	problem, err := s.cache.get(r.problem)
	if err != nil {
		return nil, nil, err
	}
	folder, err := os.MkdirTemp(s.scratch, "run-")
	if err != nil {
		return nil, nil, fmt.Errorf("there is no folder for temporary files: %w", err)
	}
	defer os.RemoveAll(folder)
	call, err := r.method.adapter.Prepare(adapter.Job{
		Problem: problem, InstanceFile: r.problem.File, ReadFlags: r.problem.flags(), Dir: folder,
		Program: r.method.program, Options: r.method.options, Seed: record.Seed, Limits: record.Limits,
	})
	record.Started = time.Now().UTC().Round(time.Millisecond)
	if errors.Is(err, adapter.ErrTooLarge) {
		record.Outcome, record.Note = results.Unfit, err.Error()
		return &record, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r, err)
	}
	record.Command = call.Shell
	work := jail.Call{
		Command: call.Command, Dir: call.Dir, Env: call.Environment, Memory: record.Limits.Memory, Cores: cores,
		Grace: grace, Output: maxOutput, Line: call.Line,
	}
	if record.Limits.Seconds > 0 {
		work.Wall = time.Duration(record.Limits.Seconds*float64(time.Second)) + patience
	}
	stop, asks := call.Stop.(syscall.Signal)
	if work.Stop = stop; !asks && work.Wall > 0 { // asked to, it would end without its answer
		work.Wall, work.Grace = work.Wall+grace, time.Millisecond
	}
	ended, err := undisturbed(ctx, work)
	switch {
	case ctx.Err() != nil:
		return nil, nil, context.Cause(ctx)
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w", r, err)
	}
	record.Usage = results.Usage{
		Wall: ended.Wall.Seconds(), CPU: ended.CPU.Seconds(), Peak: ended.Peak, Exit: exit(ended),
	}
	verdict := call.Judge(adapter.Ended{
		End: adapter.End(ended.End), Exit: ended.Exit, Signal: ended.Signal.String(),
		Stdout: ended.Stdout, Stderr: ended.Stderr, Wall: ended.Wall,
	}, record.Known)
	record.Outcome, record.Note, record.Claim = verdict.Outcome, verdict.Note, verdict.Claim
	record.Cost, record.Trajectory, record.Usage.Work = verdict.Cost, thinned(verdict.Trajectory), verdict.Work
	return &record, verdict, nil
}

// undisturbed runs a program. A run that somebody else killed is made again, twice at
// most: it says nothing of the method.
func undisturbed(ctx context.Context, call jail.Call) (ended *jail.Report, err error) {
	for range 3 {
		ended, err = jail.Run(ctx, call)
		killed := err == nil && ended.End == jail.Signalled && ended.Signal == syscall.SIGKILL
		if !killed && !errors.Is(err, jail.ErrSupervisor) || ctx.Err() != nil {
			break
		}
	}
	return ended, err
}

// maxOutput is the most that a method may write, to standard output or to a file: a solution of
// some ten million tasks.
const maxOutput = 1 << 30

// maxSteps is how many steps of a trajectory a record keeps.
const maxSteps = 200

// thinned keeps at most maxSteps steps, evenly spread, the first and the last among them.
func thinned(steps []results.Step) []results.Step {
	if len(steps) <= maxSteps {
		return steps
	}
	kept := make([]results.Step, maxSteps)
	for k := range kept {
		kept[k] = steps[k*(len(steps)-1)/(maxSteps-1)]
	}
	return kept
}

// exit writes how a program ended.
func exit(ended *jail.Report) string {
	if ended.Signal != 0 {
		return "signal: " + ended.Signal.String()
	}
	return strconv.Itoa(ended.Exit)
}

// announce says what people should know of a record at once: a wrong claim, or a
// value better than what is published. The solution of the latter is kept, so that
// it can be judged again.
func (s *sweep) announce(r *results.Record, verdict *adapter.Judged) error {
	where := fmt.Sprintf("%s on %s, seed %d", r.Method, r.Instance.Name, r.Seed)
	if r.Outcome == results.Wrong {
		s.note("WRONG: %s: %s", where, r.Note)
		return nil
	}
	if r.Known == nil || verdict == nil {
		return nil
	}
	if compare(r.Claim.Bound, r.Known.Bound) > 0 && r.Known.Status != "optimal" {
		s.note("NEW BOUND: %s: no placement costs less than %s, published is %s (%s)", where, r.Claim.Bound, r.Known.Bound, r.Known.Source)
	}
	known := fmt.Sprintf("%s (%s, %s)", r.Known.Value, r.Known.Status, r.Known.Source)
	if r.Known.Status == string(results.Infeasible) {
		known = fmt.Sprintf("that there is none (%s)", r.Known.Source)
	} else if compare(r.Cost, r.Known.Value) >= 0 {
		return nil
	}
	if verdict.Solution == nil {
		return nil
	}
	path := filepath.Join(s.plan.Out, "solutions", r.ID+".json")
	s.note("BETTER THAN PUBLISHED: %s: cost %s, published is %s; the solution is in %s", where, r.Cost, known, path)
	solution, err := verdict.Solution()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := solution.Write(&b); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("a solution that is better than what is published cannot be kept: %w", err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		return fmt.Errorf("a solution that is better than what is published cannot be kept: %w", err)
	}
	return nil
}

// compare orders two numbers; one that is missing is equal to every other.
func compare(a, b model.Number) int {
	x, y := a.Rat(), b.Rat()
	if x == nil || y == nil {
		return 0
	}
	return x.Cmp(y)
}
