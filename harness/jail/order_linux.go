package jail

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// asSupervisor is the first argument of a supervisor. What follows is an order.
const asSupervisor = "supervise-run"

// The files of a supervisor beside the standard ones, which it hands on.
const (
	controlFile = 3 // the connection to the harness
	groupFile   = 4 // the control group, if there is one
)

// order is what a supervisor is told, by its arguments: they are there when it
// starts, need no decoding, and `ps` shows them. Directory, environment and
// standard files are its own.
type order struct {
	wall, grace time.Duration
	stop        syscall.Signal
	memory      int64
	output      int64 // bytes of each file that is written
	cores       []int
	group       string // the folder of the control group; empty: there is none
	program     string // what to execute; command[0] is the name it is called by
	command     []string
}

func (o *order) args() []string {
	cores := make([]string, len(o.cores))
	for i, core := range o.cores {
		cores[i] = strconv.Itoa(core)
	}
	return append([]string{
		o.wall.String(), o.grace.String(), strconv.Itoa(int(o.stop)), strconv.FormatInt(o.memory, 10), strconv.FormatInt(o.output, 10), strings.Join(cores, ","), o.group, o.program,
	}, o.command...)
}

func parseOrder(args []string) (*order, error) {
	if len(args) < 9 {
		return nil, fmt.Errorf("%d arguments of a supervisor, at least 9 wanted", len(args))
	}
	o := &order{group: args[6], program: args[7], command: args[8:]}
	var err error
	if o.wall, err = time.ParseDuration(args[0]); err != nil {
		return nil, err
	}
	if o.grace, err = time.ParseDuration(args[1]); err != nil {
		return nil, err
	}
	stop, err := strconv.Atoi(args[2])
	if err != nil {
		return nil, err
	}
	o.stop = syscall.Signal(stop)
	if o.memory, err = strconv.ParseInt(args[3], 10, 64); err != nil {
		return nil, err
	}
	if o.output, err = strconv.ParseInt(args[4], 10, 64); err != nil {
		return nil, err
	}
	for core := range strings.SplitSeq(args[5], ",") {
		if core == "" {
			continue
		}
		number, err := strconv.Atoi(core)
		if err != nil {
			return nil, err
		}
		o.cores = append(o.cores, number)
	}
	return o, nil
}

// What the harness says to a supervisor, a byte each. That the connection closes
// means that the harness is gone.
const (
	sayStop   = 's' // the context was cancelled
	sayOutput = 'o' // the program wrote too much
)

// step is where a supervisor may fail to start the program.
type step int64

const (
	started step = iota // it did not
	stepCores
	stepMemory
	stepOutput
	stepProgram
)

// opening is the first that a supervisor says.
type opening struct {
	Failed step
	Errno  int64
	Began  int64 // on the monotonic clock, which all processes share
}

// closing is the last that it says.
type closing struct {
	End       int64 // index in ends
	Exit      int64
	Signal    int64
	Wall, CPU int64 // nanoseconds
	Peak      int64 // bytes
	Left      int64
}

var ends = []End{Exited, Signalled, Timeout, Memory, Output, Stopped}

// send writes an opening or a closing in one piece.
func send(w io.Writer, message any) error { return binary.Write(w, binary.LittleEndian, message) }

func receive(r io.Reader, message any) error { return binary.Read(r, binary.LittleEndian, message) }
