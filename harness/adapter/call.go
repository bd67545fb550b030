package adapter

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"berth/encode"
	"berth/encode/formats"
	"berth/model"
	"berth/results"
)

// Job is a run to be made.
type Job struct {
	Problem      *model.Problem
	Instance     *model.Instance
	InstanceFile string            // where Instance was read from; "": it has no file that berth could read
	ReadFlags    []string          // how berth reads that file, such as --from orlib
	Dir          string            // a folder of its own, empty
	Program      string            // the path of the executable
	Seed         uint64            // where chance begins
	Limits       results.Limits    // Work is told to programs that count it
	Options      map[string]string // those of Adapter.Options that are not to have their defaults
}

// Call is a prepared run: what to start, and what it takes to understand the answer.
// It belongs to one run.
type Call struct {
	Command     []string
	Environment []string  // NAME=value, in addition to what is there
	Dir         string    // where to run it
	Stop        os.Signal // asks it to end with what it has; nil: it only ends by itself
	Shell       string    // a line that repeats the run, in a folder that may be written to

	adapter *Adapter
	job     Job
	program *encode.Program // nil where the program reads the instance itself
	decides bool            // the encoding leaves the costs out
	flat    bool            // they are all the same: every placement is the best
	log     log
}

// ErrTooLarge is wrapped by the error of Prepare where the encoding of a problem
// would be too large to be of use.
var ErrTooLarge = formats.ErrTooLarge

// A program with more terms than that is too large: a file of some hundred MB. In
// clauses a term takes some hundred times as much.
const (
	mostTerms        = 20_000_000
	mostClausalTerms = 500_000
)

// Prepare writes what the program reads into job.Dir and returns what to call. The
// error wraps ErrTooLarge where the problem is too large for the encoding. Time and
// memory are O(size of the encoding).
func (a *Adapter) Prepare(job Job) (*Call, error) {
	c, err := a.prepare(job)
	if err != nil {
		return nil, fmt.Errorf("adapter %s: %w", a.Name, err)
	}
	return c, nil
}

func (a *Adapter) prepare(job Job) (*Call, error) {
	c := &Call{Dir: job.Dir, Stop: signals[a.stop], adapter: a, job: job}
	v := values{"program": {job.Program}}
	for name, text := range a.Options {
		v.set(name, text)
	}
	for name, text := range job.Options {
		if _, known := a.Options[name]; !known {
			return nil, fmt.Errorf("there is no option %s; it has %s", name, a.optionNames())
		}
		delete(v, name)
		v.set(name, text)
	}
	v.limits(&job)
	shown, setup, err := c.instance(v)
	if err != nil {
		return nil, err
	}
	for _, file := range a.files {
		text := v.lines(file.text)
		setup = append(setup, "printf %s "+quote(text)+" > "+quote(file.name))
		if err := os.WriteFile(filepath.Join(job.Dir, file.name), []byte(text), 0o666); err != nil {
			return nil, err
		}
	}
	for _, variable := range a.environment {
		if text, whole := v.fill(variable.text); whole {
			c.Environment = append(c.Environment, variable.name+"="+text)
		}
	}
	c.Command = v.arguments(a.command)
	v["instance"] = shown
	v.set("program", shownProgram(a.Program, job.Program))
	c.Shell = shell(setup, c.Environment, v.arguments(a.command))
	return c, nil
}

var signals = map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": os.Interrupt, "none": nil}

func (a *Adapter) optionNames() string {
	if len(a.Options) == 0 {
		return "none"
	}
	var names []string
	for name := range a.Options {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// instance writes the instance in its encoding. shown is what the command says to a
// user in place of the file, setup what makes the file.
func (c *Call) instance(v values) (shown, setup []string, err error) {
	job, name := &c.job, "instance."+c.adapter.Encoding
	if c.adapter.Encoding == own {
		if job.InstanceFile != "" {
			path, err := filepath.Abs(job.InstanceFile)
			v["instance"] = append(slices.Clone(job.ReadFlags), path)
			return append(slices.Clone(job.ReadFlags), job.InstanceFile), nil, err
		}
		v.set("instance", "instance.json")
		return v["instance"], nil, c.write("instance.json", func(w io.Writer) error { return job.Instance.Write(w, "json") })
	}
	format, known := formats.Find(c.adapter.Encoding)
	if !known {
		return nil, nil, errors.New("there is no encoding " + c.adapter.Encoding)
	}
	most := int64(mostTerms)
	if format.Clausal {
		most = mostClausalTerms
	}
	if c.program, err = format.Program(job.Problem, most); err != nil {
		return nil, nil, err
	}
	c.decides = format.Decides
	c.flat = !slices.ContainsFunc(c.program.Vars, func(v encode.Var) bool { return v.Cost != 0 })
	c.log.scale = scale{Scale: format.Scale(c.program), problem: job.Problem, exact: c.adapter.exact}
	v.set("instance", name)
	v.set("steps", steps(job.Problem, c.log.scale.Scale, job.Limits.Gap))
	if job.InstanceFile != "" {
		encode := append([]string{"berth", "encode"}, job.ReadFlags...)
		setup = []string{words(append(encode, job.InstanceFile, "--to", format.Name, "--output", name))}
	}
	return v["instance"], setup, c.write(name, func(w io.Writer) error { return format.Write(w, c.program, nil) })
}

// write writes a file of the run.
func (c *Call) write(name string, write func(io.Writer) error) (err error) {
	file, err := os.Create(filepath.Join(c.Dir, name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriterSize(file, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}
