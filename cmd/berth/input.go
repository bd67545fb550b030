package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"berth/instances"
	"berth/model"
	"berth/search"
)

// source says how an instance file is to be read, and what is asked beside it.
type source struct {
	instances.Options
	platform string // a file
	given    model.Given
}

func (s *source) flags(set *pflag.FlagSet) {
	var names []string
	for _, f := range instances.Formats() {
		names = append(names, f.Name)
	}
	flag(set, &s.From, "from", "", "format", "format of FILE: "+strings.Join(names, ", ")+" (default: what it looks like)", oneOf(names...))
	flag(set, &s.Problem, "problem", "", "number", "which problem of a file that holds several, from 1", count(1, 1_000_000))
	flag(set, &s.Processors, "processors", "", "number", "how many processors a task graph runs on (stg, auckland)", count(1, 1024))
	set.StringVar(&s.platform, "platform", "", "a workflow `file` with the nodes and the network that a trace runs on (wfformat)")
	set.BoolVar(&s.Maximise, "maximise", false, "the values of an orlib file are profits to be maximised")
}

// asks adds the flags that ask something beside the instance.
func (s *source) asks(set *pflag.FlagSet) {
	set.Var(&placesFlag{to: &s.given.Fix}, "fix", "run all replicas of a task on these nodes only; may be given several times")
	set.Var(&placesFlag{to: &s.given.Forbid}, "forbid", "run no replica of a task on these nodes; may be given several times")
	set.Var(&nodesFlag{to: &s.given.Without}, "without", "run nothing on these nodes; may be given several times")
	flag(set, &s.given.MaxMoves, "max-moves", "", "number", "let at most so many replicas leave where they run today", parseMoves)
}

// under is the source of an instance whose solution says what was given.
func (s *source) under(given model.Given) *source {
	u := *s
	u.given = given
	return &u
}

// mostRead is how many bytes of a document are read: of a stream without an end, such as
// /dev/zero, the machine's memory would be filled. A million tasks are some 200 MB.
const mostRead = 1 << 30

// document reads a file, or standard input where its name is -.
func (a *app) document(name string) ([]byte, error) {
	if name == "" {
		return nil, errors.New("a file name is empty; name a file, or - for standard input")
	}
	in, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	size := sizeOf(in)
	if name == "-" {
		size = sizeOf(a.in)
	}
	data, err := readUpTo(mostRead, in, size)
	switch {
	case errors.Is(err, errEndless):
		return nil, fmt.Errorf("%s is longer than %d GiB, which no document is; is it the right file?", shownName(name), mostRead>>30)
	case err != nil:
		return nil, unreadable(shownName(name), err)
	case len(data) == 0 && name == "-":
		return nil, errors.New("standard input is empty; pipe a document into it, or name a file instead of -")
	}
	return data, nil
}

var errEndless = errors.New("endless")

// sizeOf is how many bytes a file has, 0 where what is read is a pipe.
func sizeOf(in io.Reader) int64 {
	file, is := in.(fs.File)
	if !is {
		return 0
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// readPart is how much of a pipe is read at a time.
const readPart = 1 << 20

// readUpTo reads all that comes; more than most bytes are errEndless. It takes the least memory
// where size bytes come, and never much more than has come so far.
func readUpTo(most int64, in io.Reader, size int64) ([]byte, error) {
	in = io.LimitReader(in, most+1)
	var parts [][]byte
	read := int64(0)
	for next := min(size, most) + 1; ; next = readPart {
		part := make([]byte, next)
		n, err := io.ReadFull(in, part)
		parts = append(parts, part[:n])
		switch read += int64(n); {
		case read > most:
			return nil, errEndless
		case err == nil:
		case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			return nil, err
		case len(parts) == 1:
			return parts[0], nil
		default:
			return slices.Concat(parts...), nil
		}
	}
}

// open opens a file to be read as a stream, or standard input where its name is -.
func (a *app) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.in), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		file.Close()
		return nil, unreadable(name, syscall.EISDIR)
	}
	return file, nil
}

// unreadable says why a file cannot be read, and what to do.
func unreadable(name string, err error) error {
	switch {
	case errors.Is(err, syscall.EISDIR):
		return fmt.Errorf("%s is a folder; name a file in it", name)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no such file; check the name and the folder", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s may not be read; ask for the permission or read it as another user", name)
	}
	return fmt.Errorf("%s cannot be read: %w", name, plain(err))
}

// plain takes the operation and the path off an error of package os.
func plain(err error) error {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}

// shownName is how messages call a file.
func shownName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

// instance reads an instance.
func (a *app) instance(name string, s *source) (*model.Instance, error) {
	data, err := a.document(name)
	if err != nil {
		return nil, err
	}
	return a.read(s, data, name)
}

// read reads an instance from the content of its file.
func (a *app) read(s *source, data []byte, name string) (*model.Instance, error) {
	opts, err := a.options(s)
	if err != nil {
		return nil, err
	}
	opts.Without = s.given.Without
	opts.Note = func(text string) { fmt.Fprintf(a.err, "berth: %s: %s\n", shownName(name), text) }
	return instances.Read(data, shownName(name), opts)
}

// options reads the platform, if one is named.
func (a *app) options(s *source) (instances.Options, error) {
	if s.platform == "" {
		return s.Options, nil
	}
	data, err := a.document(s.platform)
	if err != nil {
		return s.Options, fmt.Errorf("--platform: %w", err)
	}
	opts := s.Options
	opts.Platform, err = model.Read(data, shownName(s.platform))
	return opts, err
}

// inTime reads what a verb with a limit of time begins with; file is what messages call that. What
// an interrupt or the deadline cuts short here may take the grace that a rescue would have.
// memory is the limit in bytes, 0 for none.
func inTime[T any](ctx context.Context, file string, deadline time.Time, memory int64, read func() (T, error)) (T, error) {
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	bounded, _, free := search.WithMemory(context.WithoutCancel(ctx), memory)
	defer free()
	value, err := await(bounded, 0, func() (T, error) { return await(ctx, rescueGrace, read) })
	switch {
	case errors.Is(context.Cause(bounded), search.ErrMemory):
		err = fmt.Errorf("%s cannot be read with so little memory; give it more --memory", shownName(file))
	case !errors.Is(err, errInterrupted):
		return value, err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("the time was up before %s was read; give it more --time", shownName(file))
	default:
		err = fmt.Errorf("interrupted before %s was read", shownName(file))
	}
	return value, &failure{statusNothing, err}
}

// question is an instance, read and compiled.
type question struct {
	*model.Instance
	problem *model.Problem
}

func (a *app) question(name string, s *source) (*question, error) {
	in, err := a.instance(name, s)
	if err != nil {
		return nil, err
	}
	in.Given = s.given
	q, err := compile(in, name)
	if err != nil {
		return nil, err
	}
	if free := unlimited(in); len(free) > 0 {
		fmt.Fprintf(a.err, "berth: %s: no node has a capacity of %s, so that what tasks demand of it is not limited; check the name, or give nodes a capacity of it\n", shownName(name), list5(free))
	}
	return q, nil
}

// unlimited lists the resources that tasks demand and no node names. A name that is misspelt is
// one of these, too. O(size of the document).
func unlimited(in *model.Instance) []string {
	named := map[string]bool{}
	for _, n := range in.Nodes {
		for _, c := range n.Capacity {
			named[c.Resource] = true
		}
	}
	var free []string
	take := func(demand model.Resources) {
		for _, d := range demand {
			if !named[d.Resource] && d.Quantity != (model.Quantity{}) {
				named[d.Resource] = true
				free = append(free, d.Resource)
			}
		}
	}
	for k := range in.Tasks {
		take(in.Tasks[k].Demand)
		for _, other := range in.Tasks[k].DemandOn {
			take(other.Demand)
		}
	}
	return free
}

// placement reads an instance for a verb that is for placements.
func (a *app) placement(name string, s *source) (*model.Instance, error) {
	in, err := a.instance(name, s)
	if err != nil {
		return nil, err
	}
	return in, noWorkflow(in, name)
}

// noWorkflow refuses a workflow where a verb is for placements.
func noWorkflow(in *model.Instance, name string) error {
	if in.Workflow {
		return fmt.Errorf("%s is a workflow, and this verb is for placements; what its end hangs on is in `berth view`, and what if a node is lost or times vary in `berth simulate`", shownName(name))
	}
	return nil
}

// compileUnder compiles an instance under what a solution or a plan says was given.
func compileUnder(in *model.Instance, name string, given model.Given, solution string) (*question, error) {
	in.Given = given
	q, err := compile(in, name)
	if wrong := (*model.GivenError)(nil); errors.As(err, &wrong) {
		return nil, fmt.Errorf("%s: given.%w", shownName(solution), wrong)
	}
	return q, err
}

// compile compiles an instance that was read from a file.
func compile(in *model.Instance, name string) (*question, error) {
	p, err := model.Compile(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shownName(name), err)
	}
	return &question{in, p}, nil
}
