// Command berth decides where things run and proves how good the decision is.
//
// Each verb is a file; what they share:
//
//   - main.go: signals and exit statuses; root.go: the command tree and its errors.
//   - flags.go: values of flags; input.go, output.go: documents in and out.
//   - hunt.go: a search under the clock; live.go: its line on a terminal.
//   - table.go, show.go: tables.
//   - view_text.go and its neighbours: a solution as text; find.go: the instance that
//     belongs to it.
package main

import (
	"context"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/term"

	"berth/cmd/berth/internal/signals"
	"berth/cmd/berth/internal/stdout"
	_ "berth/cmd/berth/internal/supervised"
)

// The exit statuses. Where the question was answered without a solution, the
// status says which answer it is.
const (
	statusSolved     = 0
	statusOther      = 1
	statusWrong      = 2
	statusRefuted    = 3 // verify: a claim fails
	statusInfeasible = 10
	statusNothing    = 20
)

func main() {
	ctx := untilSignal()
	collectSeldom()
	a := &app{
		started: time.Now(),
		in:      os.Stdin, out: os.Stdout, err: os.Stderr,
		outTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		width:       outWidth(),
		errTerminal: term.IsTerminal(int(os.Stderr.Fd())) && os.Getenv("TERM") != "dumb",
	}
	if stdout.Closed() {
		a.out = closed{}
	}
	status := a.run(ctx, os.Args[1:])
	writing.Lock()
	os.Exit(status)
}

// collectSeldom trades memory for time: a large document is read once and kept, so
// that collecting garbage at every doubling costs half as much again as reading.
// GOGC and GOMEMLIMIT have the last word.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(3 << 30)
	}
}

// sameInterrupt is how long after an interrupt another one is taken for the same:
// timeout(1) sends each signal twice, to its child and to its whole group.
const sameInterrupt = 200 * time.Millisecond

// untilSignal returns a context that the first interrupt ends. The second one ends
// the program at once.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-signals.Caught
		cancel()
		for first := time.Now(); time.Since(first) < sameInterrupt; {
			<-signals.Caught
		}
		os.Exit(statusOther)
	}()
	return ctx
}
