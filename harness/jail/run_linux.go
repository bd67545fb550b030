package jail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	defaultGrace  = 700 * time.Millisecond
	defaultOutput = 64 << 20

	// executable is this program, even after its file has been replaced.
	executable = "/proc/self/exe"

	// untilDrained is how long after the last process of a run its output may stay
	// open: only somebody outside the run can still hold it.
	untilDrained = 200 * time.Millisecond
)

// untilOverdue is how much longer than its order a supervisor may take before it is
// taken for stuck (a program can stop its supervisor) and killed.
var untilOverdue = untilGivenUp + 2*time.Second

// Run runs a program and returns when none of its processes is left. It may be called
// by several goroutines at a time. When the context is cancelled, the run is killed
// and reported as Stopped. An error means that there was no run, because there is no
// such program (*ProgramError), its supervisor died (ErrSupervisor), or the system
// refused something.
//
// The first call makes this process a subreaper (see the package).
func Run(ctx context.Context, call Call) (*Report, error) {
	if len(call.Command) == 0 {
		return nil, errors.New("a run without a command; name a program")
	}
	if err := prepare(); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	program, err := find(call.Command[0], call.Dir)
	if err != nil {
		return nil, err
	}
	r := &run{call: call, program: program}
	if home := groupHome(); home != "" {
		if r.group, err = newGroup(home, call.Memory); err != nil {
			return nil, fmt.Errorf("control group for a run: %w", err)
		}
		defer r.group.folder.Close()
		defer r.group.remove()
	}
	if err := r.start(); err != nil {
		return nil, err
	}
	return r.wait(ctx)
}

var prepare = sync.OnceValue(func() error {
	if !hooked {
		return errors.New("this program cannot supervise a run; its main function has to call jail.Supervise first")
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("become a subreaper: %w", err)
	}
	if children := fmt.Sprintf("/proc/self/task/%d/children", os.Getpid()); !exists(children) {
		return fmt.Errorf("runs are followed by %s, which is not there; mount /proc, and take a kernel with CONFIG_PROC_CHILDREN", children)
	}
	return nil
})

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// find looks a program up as the shell would that stands in the folder.
func find(program, folder string) (string, error) {
	path, err := program, error(nil)
	if strings.Contains(program, "/") && !filepath.IsAbs(program) {
		path, err = filepath.Abs(filepath.Join(folder, program))
	}
	var found string
	if err == nil {
		found, err = exec.LookPath(path)
	}
	if err == nil {
		return found, nil
	}
	if inner, ok := errors.AsType[*exec.Error](err); ok {
		err = inner.Err
	}
	return "", &ProgramError{program, err}
}

// run is a run, seen by the harness.
type run struct {
	call    Call
	program string
	group   *group // nil: there is none

	supervisor     *exec.Cmd
	control        *os.File
	stdout, stderr stream
	over           chan struct{}
	began          chan int64
}

func inGroup(folder *os.File) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(folder.Fd())}
}

// start starts the supervisor.
func (r *run) start() error {
	call := &r.call
	if call.Grace == 0 {
		call.Grace = defaultGrace
	}
	if call.Stop == 0 {
		call.Stop = syscall.SIGTERM
	}
	if call.Output == 0 {
		call.Output = defaultOutput
	}
	o := order{
		wall: call.Wall, grace: call.Grace, stop: call.Stop, memory: call.Memory, output: call.Output, cores: call.Cores,
		program: r.program, command: call.Command,
	}
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("connection to a supervisor: %w", err)
	}
	theirs := os.NewFile(uintptr(pair[1]), "control")
	defer theirs.Close()
	_ = syscall.SetNonblock(pair[0], true) // so that Go waits for it without a thread
	r.control = os.NewFile(uintptr(pair[0]), "control")

	r.over, r.began = make(chan struct{}, 1), make(chan int64, 1)
	r.stdout = stream{limit: call.Output, over: r.over, line: call.Line, began: r.began}
	r.stderr = stream{limit: call.Output, over: r.over}
	r.supervisor = &exec.Cmd{
		Path: executable, Dir: call.Dir, Env: append(os.Environ(), call.Env...),
		Stdout: &r.stdout, Stderr: &r.stderr, ExtraFiles: []*os.File{theirs},
		// Ctrl-C on the terminal is for the harness, which decides what becomes of it.
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
		WaitDelay:   untilDrained,
	}
	if len(call.Stdin) > 0 {
		r.supervisor.Stdin = bytes.NewReader(call.Stdin)
	}
	if r.group != nil {
		o.group = r.group.path
		r.supervisor.ExtraFiles = append(r.supervisor.ExtraFiles, r.group.folder)
	}
	r.supervisor.Args = append([]string{"berth", asSupervisor}, o.args()...)
	if err := r.supervisor.Start(); err != nil {
		r.control.Close()
		if info, e := os.Stat(call.Dir); call.Dir != "" && (e != nil || !info.IsDir()) {
			return fmt.Errorf("the folder %q to run in is not there: %w", call.Dir, err)
		}
		return fmt.Errorf("start a supervisor: %w", err)
	}
	return nil
}

// wait waits for the end of the run, or causes it, and reports.
func (r *run) wait(ctx context.Context) (*Report, error) {
	defer r.control.Close()
	ended := make(chan heard, 1)
	go func() { ended <- r.listen() }()
	overdue := time.NewTimer(untilOverdue)
	if r.call.Wall > 0 {
		overdue.Reset(r.call.Wall + r.call.Grace + untilOverdue)
	} else {
		overdue.Stop()
	}
	say := func(what byte) {
		_, _ = r.control.Write([]byte{what}) // a supervisor that does not hear is about to end
		overdue.Reset(untilOverdue)
	}
	cancelled := ctx.Done()
	for {
		select {
		case <-cancelled:
			cancelled = nil
			say(sayStop)
		case <-r.over:
			say(sayOutput)
		case <-overdue.C:
			_ = r.supervisor.Process.Kill()
		case h := <-ended:
			return r.finish(h)
		}
	}
}

// heard is what a supervisor has said.
type heard struct {
	opening  opening
	closing  closing
	complete bool
}

// listen hears a supervisor out.
func (r *run) listen() heard {
	defer close(r.began)
	var h heard
	if receive(r.control, &h.opening) != nil {
		return h
	}
	if h.opening.Failed != started {
		h.complete = true
		return h
	}
	r.began <- h.opening.Began
	h.complete = receive(r.control, &h.closing) == nil
	return h
}

// finish waits for the end of the supervisor and of the output, and says what became
// of the run.
func (r *run) finish(h heard) (*Report, error) {
	if !h.complete {
		_ = r.supervisor.Process.Kill() // it has closed its connection, so it is dying or mad
	}
	waited := r.supervisor.Wait()
	if !h.complete {
		if r.group != nil {
			r.group.kill()
		}
		return nil, errors.Join(fmt.Errorf("%q: %w (%v)", r.call.Command[0], ErrSupervisor, waited), killOrphans())
	}
	errno := syscall.Errno(h.opening.Errno)
	switch h.opening.Failed {
	case stepCores:
		return nil, fmt.Errorf("run on cores %d: %w; does the machine have them, and may this process use them?", r.call.Cores, errno)
	case stepMemory:
		return nil, fmt.Errorf("limit %q to %d bytes of memory: %w", r.call.Command[0], r.call.Memory, errno)
	case stepOutput:
		return nil, fmt.Errorf("limit the files of %q to %d bytes: %w", r.call.Command[0], r.call.Output, errno)
	case stepProgram:
		return nil, &ProgramError{r.call.Command[0], errno}
	}
	r.stdout.end()
	return r.report(h.closing), nil
}

func (r *run) report(c closing) *Report {
	report := &Report{
		End: ends[c.End], Exit: int(c.Exit), Signal: syscall.Signal(c.Signal),
		Stdout: r.stdout.text, Stderr: r.stderr.text,
		Wall: time.Duration(c.Wall), CPU: time.Duration(c.CPU), Peak: c.Peak, Left: int(c.Left), Held: "rlimit",
	}
	if r.group != nil {
		report.Held = "cgroup"
	} else if r.call.Memory > 0 && refused(report, r.call.Memory) {
		report.End = Memory
	}
	return report
}

// complaints are what programs write when they got no more memory: C++, C, Python, SCIP.
var complaints = [][]byte{
	[]byte("out of memory"), []byte("bad_alloc"), []byte("cannot allocate memory"), []byte("memoryerror"), []byte("insufficient memory"),
}

// refused says whether a program has ended by itself because it was refused memory: it
// says so, or a signal ended it near the limit. A status other than 0 alone means
// nothing: solvers tell their answer by it.
func refused(r *Report, limit int64) bool {
	switch {
	case r.End == Signalled && r.Peak >= limit/4*3:
		return true
	case r.End == Signalled, r.End == Exited && r.Exit != 0:
		said := bytes.ToLower(r.Stderr[max(0, len(r.Stderr)-64<<10):])
		for _, complaint := range complaints {
			if bytes.Contains(said, complaint) {
				return true
			}
		}
	}
	return false
}
