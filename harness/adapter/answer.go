package adapter

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"

	"berth/encode"
	"berth/model"
	"berth/search"
)

// verdict is an answer with what the judge says to it: of what a program said,
// everything that does not depend on how it ended.
type verdict struct {
	status  model.Status // what it claims; "": nothing
	placed  bool         // there is a placement that the judge accepts
	cost    int64        // of that, in units
	written int64        // the objective of the answer: the cost, or more where helping variables are slack
	kept    func() (*model.Solution, error)
	lie     string // what is untrue in the answer by itself
	torn    string // what is untrue in it, unless it was cut off
	garbled string // why it cannot be read

	objective model.Number // claimed
	bound     model.Number
	least     int64 // what the claimed bound is worth in units, NoBound if it is nothing
	off       bool  // the objective is not that of the placement
	short     bool  // the bound says that something cheaper may exist

	steps []step
	work  int64
}

// answer reads what the program left, from the first place where there is a
// placement.
func (c *Call) answer(printed []byte) *verdict {
	v := &verdict{least: search.NoBound, steps: c.log.steps}
	for _, s := range c.adapter.answers {
		data := printed
		if s.file != "" {
			var err error
			if data, err = readAnswer(filepath.Join(c.Dir, s.file)); err != nil {
				if !errors.Is(err, fs.ErrNotExist) {
					v.garbled = err.Error()
				}
				continue
			}
		}
		if len(bytes.TrimSpace(data)) == 0 {
			continue
		}
		if s.format == own {
			v.document(c.job.Problem, data)
		} else {
			v.encoded(c, data, s.format)
		}
		if v.placed || v.lie != "" || v.torn != "" {
			break
		}
	}
	return v
}

// mostAnswer is how long an answer may be, in bytes.
const mostAnswer = 1 << 30

// readAnswer reads a file that a program left: not a pipe or a device, which might
// never end.
func readAnswer(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > mostAnswer:
		return nil, fmt.Errorf("%s is no file of at most %d bytes", filepath.Base(path), mostAnswer)
	}
	return os.ReadFile(path)
}

// document reads a solution document.
func (v *verdict) document(p *model.Problem, data []byte) {
	s, err := model.ReadSolution(data, "its answer")
	if err != nil {
		v.garbled = err.Error()
		return
	}
	v.status, v.work = s.Status, s.Work
	v.objective, v.bound = s.Objective, s.Bound
	if units, ok := inUnits(p, s.Bound); ok {
		v.least = units
	}
	if failed := p.Verify(s); len(failed) > 0 {
		v.lie = failed[0]
	}
	if s.Status.HasPlacement() {
		v.cost, v.placed = p.Recost(s)
		v.kept = func() (*model.Solution, error) { return s, nil }
	}
	for _, e := range s.Trajectory {
		now := step{e.Seconds, search.NoCost, search.NoBound, e.By}
		if units, ok := inUnits(p, e.Objective); ok {
			now.cost = units
		}
		if units, ok := inUnits(p, e.Bound); ok {
			now.bound = units
		}
		v.steps = improve(v.steps, now)
	}
}

// inUnits is the least number of units that is worth a number of the document.
func inUnits(p *model.Problem, n model.Number) (units int64, ok bool) {
	value := n.Rat()
	if value == nil {
		return 0, false
	}
	u, _ := p.Units(value)
	return u.Int64(), u.IsInt64()
}

// encoded reads the answer to a file that was written for the program.
func (v *verdict) encoded(c *Call, data []byte, format string) {
	a, err := encode.ParseAnswer(data, format)
	if err != nil {
		v.garbled = err.Error()
		return
	}
	if a.Status == encode.Infeasible && v.status == "" || a.Solved() {
		v.status = model.Status(a.Status.String())
	}
	if !a.Solved() {
		return
	}
	found, err := c.decode(a)
	var untrue encode.NoPlacement
	switch {
	case errors.As(err, &untrue):
		v.torn = err.Error()
		return
	case err != nil:
		v.garbled = err.Error()
		return
	}
	if len(found.judged.Violations) > 0 {
		v.lie = found.judged.Violations[0].Path + ": " + found.judged.Violations[0].Text
		return
	}
	v.placed, v.cost, v.garbled = true, found.judged.Cost, ""
	v.written = c.program.Written(a)
	v.kept = func() (*model.Solution, error) {
		s, err := found.document()
		if err == nil {
			s.Solver, s.Seed = c.adapter.Name, c.job.Seed
		}
		return s, err
	}
}

// decoded is the placement or the schedule of an answer.
type decoded struct {
	judged   model.Verdict
	document func() (*model.Solution, error)
}

func (c *Call) decode(a *encode.Answer) (decoded, error) {
	p := c.job.Problem
	if p.Workflow != nil {
		s, err := c.program.DecodeScheduleAnswer(a)
		if err != nil {
			return decoded{}, err
		}
		return decoded{p.EvaluateSchedule(s), func() (*model.Solution, error) { return p.DocumentSchedule(model.Feasible, s, nil) }}, nil
	}
	pl, err := c.program.DecodeAnswer(a)
	if err != nil {
		return decoded{}, err
	}
	return decoded{p.Evaluate(pl), func() (*model.Solution, error) { return p.Document(model.Feasible, pl, nil) }}, nil
}

// claims holds what the log of the program says against its placement.
func (v *verdict) claims(l *log) {
	s := &l.scale
	if l.objective != nil {
		v.objective = s.claimed(l.objective)
	}
	if l.bound != nil {
		if units, ok := s.cost(s.atLeast(l.bound)); ok {
			v.least, v.bound = units, model.Number(s.problem.Format(units))
		}
	}
	if !v.placed {
		return
	}
	if l.objective != nil {
		v.off = !s.means(l.objective, v.cost) && (v.written < v.cost || !s.means(l.objective, v.written))
	}
	if l.bound != nil {
		v.short = new(big.Rat).SetInt(s.atMost(l.bound)).Cmp(s.objective(v.cost)) < 0
	}
}
