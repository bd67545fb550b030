package jail

import (
	"math"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// hooked is set when Supervise has been called: only then is this executable able to
// supervise.
var hooked bool

// Supervise makes this process the supervisor of a run if it was started as one, and
// returns the status to exit with when the run is over. Otherwise it returns at once.
// A program that calls Run calls it before anything else:
//
//	if status, called := jail.Supervise(); called {
//		os.Exit(status)
//	}
func Supervise() (status int, called bool) {
	hooked = true
	if len(os.Args) < 2 || os.Args[1] != asSupervisor {
		return 0, false
	}
	return supervise(os.Args[2:]), true
}

// The statuses of a supervisor, for those who look at it from outside.
const (
	statusDone    = 0
	statusMisused = 2
	statusFailed  = 3 // no report: a process cannot be killed
)

// untilGivenUp is how long processes may take to die. One with much memory needs
// seconds; one that waits for a dead disk never dies.
const untilGivenUp = 10 * time.Second

// supervisor is a run, seen by its supervisor.
type supervisor struct {
	order *order
	group *group // nil: there is none
	main  int    // the process of the program
	began int64
	wall  time.Duration // until the main process ended; 0: it has not

	end     End // empty: the program is left to itself
	killing bool
	status  syscall.WaitStatus // of the main process
	cpu     time.Duration
	meter   meter
	left    int64
}

// death is a process that was reaped.
type death struct {
	pid    int
	status syscall.WaitStatus
	usage  syscall.Rusage
	at     int64
}

func supervise(args []string) int {
	o, err := parseOrder(args)
	if err != nil {
		return statusMisused
	}
	// The program is killed when the thread that started it ends: this one never does.
	runtime.LockOSThread()
	unix.CloseOnExec(controlFile)
	unix.CloseOnExec(groupFile)
	// Whatever else the harness itself has inherited is not for the program either.
	_ = unix.CloseRange(groupFile+1, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)
	s := &supervisor{order: o}
	if o.group != "" {
		s.group = &group{path: o.group}
	}
	failed, err := s.start()
	first := opening{Failed: failed, Began: s.began}
	if errno, ok := err.(syscall.Errno); ok {
		first.Errno = int64(errno)
	}
	control := os.NewFile(controlFile, "control")
	_ = send(control, first) // in vain if the harness is gone, which watch will notice
	if failed != started {
		return statusDone
	}
	if !s.watch(control) {
		return statusFailed
	}
	last := s.report()
	if s.group != nil {
		s.group.remove() // the harness does it too, unless it is gone
	}
	_ = send(control, last)
	return statusDone
}

// start starts the program. It returns where that failed, and why.
func (s *supervisor) start() (step, error) {
	o := s.order
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return stepProgram, err
	}
	if o.memory > 0 && s.group == nil {
		restore, err := refuseData(o.memory)
		if err != nil {
			return stepMemory, err
		}
		defer restore()
	}
	// A dump of memory would be something left behind.
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return stepMemory, err
	}
	if err := limitFiles(o.output); err != nil {
		return stepOutput, err
	}
	if len(o.cores) > 0 {
		// The supervisor itself goes where there is room.
		var all unix.CPUSet
		if err := unix.SchedGetaffinity(0, &all); err != nil {
			return stepCores, err
		}
		var some unix.CPUSet
		for _, core := range o.cores {
			some.Set(core)
		}
		if err := unix.SchedSetaffinity(0, &some); err != nil {
			return stepCores, err
		}
		defer func() { _ = unix.SchedSetaffinity(0, &all) }()
	}
	attributes := &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	if s.group != nil {
		attributes.UseCgroupFD, attributes.CgroupFD = true, groupFile
	}
	s.began = now()
	pid, err := syscall.ForkExec(o.program, o.command, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: attributes,
	})
	if err != nil {
		return stepProgram, err
	}
	s.main = pid
	return started, nil
}

// limitFiles makes the kernel refuse to write files that are larger, of this process and of
// those that it starts. What they write to the harness is a pipe, which it counts itself.
func limitFiles(most int64) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = min(uint64(most), limit.Cur)
	limit.Max = limit.Cur
	return unix.Setrlimit(unix.RLIMIT_FSIZE, &limit)
}

// watch waits for the end of the program or of its limits, and then until nothing is
// left. It says whether it came to that.
func (s *supervisor) watch(control *os.File) bool {
	deaths, said := make(chan death), make(chan byte)
	go reap(deaths)
	go listen(control, said)
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)

	var wall, grace, givenUp <-chan time.Time
	if s.order.wall > 0 {
		wall = time.After(s.order.wall - time.Duration(now()-s.began))
	}
	s.meter.delay = firstLook
	look := time.NewTimer(0)
	if s.group != nil {
		look.Stop()
	}
	for {
		select {
		case d, more := <-deaths:
			if !more {
				return true
			}
			s.count(d)
		case what := <-said:
			s.finish(map[byte]End{sayStop: Stopped, sayOutput: Output}[what])
		case <-asked:
			s.finish(Stopped)
		case <-wall:
			if s.end == "" {
				s.end = Timeout
				endAll(s.children(), s.order.stop)
				grace = time.After(s.order.grace)
			}
		case <-grace:
			s.finish(Timeout)
		case <-givenUp:
			return false
		case <-look.C:
			if s.killing {
				s.kill()
			} else if s.meter.look(s.children()) > s.order.memory && s.order.memory > 0 {
				s.finish(Memory)
			}
			look.Reset(s.meter.delay)
		}
		if s.killing && givenUp == nil {
			givenUp = time.After(untilGivenUp)
			look.Reset(s.meter.delay)
		}
	}
}

// children returns the children of the supervisor: the program is one of the thread
// that started it, orphans come to the first thread.
func (s *supervisor) children() []int {
	pid, thread := os.Getpid(), unix.Gettid()
	list := firstChildren(pid)
	if thread != pid {
		list = threadChildren(list, pid, strconv.Itoa(thread))
	}
	return list
}

// count adds up what a process that has ended took. If it is the program, the run is
// over.
func (s *supervisor) count(d death) {
	s.cpu += time.Duration(d.usage.Utime.Nano() + d.usage.Stime.Nano())
	s.meter.peak = max(s.meter.peak, int64(d.usage.Maxrss)<<10)
	if d.pid != s.main {
		if s.killing && d.status.Signaled() && d.status.Signal() == syscall.SIGKILL {
			s.left++
		}
		return
	}
	s.status, s.wall = d.status, time.Duration(d.at-s.began)
	if s.end == Timeout && s.wall < s.order.wall {
		s.end = "" // it was faster than the news of it
	}
	switch {
	case d.status.Signaled() && d.status.Signal() == syscall.SIGXFSZ:
		s.finish(Output)
	case d.status.Signaled():
		s.finish(Signalled)
	default:
		s.finish(Exited)
	}
}

// finish ends the run, for the reason that came first.
func (s *supervisor) finish(end End) {
	if s.end == "" {
		s.end = end
	}
	if !s.killing {
		s.killing = true
		s.meter.delay = time.Millisecond
		s.kill()
	}
}

// kill kills all that is there. What is born meanwhile is for the next time.
func (s *supervisor) kill() {
	if s.group != nil {
		s.group.kill()
	}
	start := time.Now()
	killAll(s.children())
	s.meter.delay = max(time.Millisecond, time.Since(start))
}

func (s *supervisor) report() closing {
	if s.group != nil {
		s.cpu, s.meter.peak = s.group.cpu(), s.group.peak()
		if s.group.outOfMemory() && (s.end == Exited || s.end == Signalled) {
			s.end = Memory
		}
	}
	last := closing{
		End: int64(slices.Index(ends, s.end)), Exit: int64(s.status.ExitStatus()),
		Wall: int64(s.wall), CPU: int64(s.cpu), Peak: s.meter.peak, Left: s.left,
	}
	if s.status.Signaled() {
		last.Signal = int64(s.status.Signal())
	}
	return last
}

// reap waits for children, its own and those it inherits, until there are none.
func reap(deaths chan<- death) {
	defer close(deaths)
	for {
		var d death
		var err error
		d.pid, err = syscall.Wait4(-1, &d.status, syscall.WALL, &d.usage)
		d.at = now()
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return
		}
		deaths <- d
	}
}

// listen passes on what the harness says. That it is gone is the last.
func listen(control *os.File, said chan<- byte) {
	buffer := make([]byte, 1)
	for {
		n, err := control.Read(buffer)
		if n == 0 || err != nil {
			said <- sayStop
			return
		}
		said <- buffer[0]
	}
}

// now reads the monotonic clock, in nanoseconds.
func now() int64 { return clock(unix.CLOCK_MONOTONIC) }

func clock(which int32) int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(which, &t); err != nil {
		return 0
	}
	return t.Nano()
}
