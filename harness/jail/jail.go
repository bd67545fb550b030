package jail

import (
	"errors"
	"fmt"
	"syscall"
	"time"
)

// Call is a program with its limits. Only Command must be there.
type Call struct {
	// Command is the program and its arguments. A program without a slash is looked
	// up in PATH; one with a relative path is taken from Dir.
	Command []string
	Dir     string   // where it runs; empty: where the harness does
	Env     []string // NAME=value, added to the environment of the harness
	Stdin   []byte   // empty: /dev/null

	// Wall ends the run softly: Stop to all its processes, and SIGKILL to those
	// that are left after Grace, or when the program has ended. 0: no limit.
	Wall  time.Duration
	Stop  syscall.Signal // 0: SIGTERM
	Grace time.Duration  // 0: 700 ms

	Memory int64 // bytes, for all processes together; 0: no limit
	Cores  []int // the processors that may be used, as the kernel numbers them; empty: any
	Output int64 // bytes of stdout, of stderr, and of each file that is written; one more ends the run; 0: 64 MiB

	// Line is called with each line of stdout as it arrives, without its end, and the
	// time since the program began. It is called by one goroutine, never after Run has
	// returned; it must not change the line. While it works, the program may have to
	// wait for it to write more.
	Line func(at time.Duration, line []byte)
}

// End is how a run ended.
type End string

// The ends of a run.
const (
	Exited    End = "exited"    // by itself, with the status Report.Exit
	Signalled End = "signalled" // by Report.Signal, not sent from here
	Timeout   End = "timeout"   // at Call.Wall
	Memory    End = "memory"    // at Call.Memory, killed or because it got no more
	Output    End = "output"    // wrote more than Call.Output; a program may not let itself be ended for a file, and cannot write on
	Stopped   End = "stopped"   // the context was cancelled
)

// Report is what a run did and took.
type Report struct {
	End    End
	Exit   int            // the status that the program exited with; -1 where a signal ended it
	Signal syscall.Signal // that ended the program; 0 where it exited
	Stdout []byte
	Stderr []byte

	// Wall is the time from just before the program was started to its end. CPU is
	// user and system time of all processes. Without a control group, those are
	// missing whose parent ignored SIGCHLD, as the kernel keeps no account of them.
	Wall, CPU time.Duration

	// Peak is the most memory in use at a time, in bytes. With a control group it is
	// the kernel's exact figure for all processes together, with files that they have
	// in the page cache. Without, it is the larger of two: the resident set of the
	// largest process, exact, but never less than what the supervisor itself has
	// (4 to 12 MiB); and the sum of anonymous and shared memory over all processes,
	// as seen every 16 ms, seldomer if there are hundreds of processes. (Those that
	// another thread than the first has forked are seen after 100 ms.)
	Peak int64

	Left int    // processes beside the program that had to be killed
	Held string // how memory was held: "cgroup" or "rlimit"
}

// ErrSupervisor is the error of a run whose supervisor was killed or failed. No
// process of the run is left, unless the error names some that cannot be killed. The
// same call may well succeed if it is made again.
var ErrSupervisor = errors.New("the supervisor of the run died before its report")

// ProgramError is the error of a call whose program is not there or is not one.
type ProgramError struct {
	Program string
	Err     error
}

func (e *ProgramError) Error() string {
	return fmt.Sprintf("cannot run %q: %v; is it installed, executable, and in PATH or named with its path?", e.Program, e.Err)
}

func (e *ProgramError) Unwrap() error { return e.Err }
