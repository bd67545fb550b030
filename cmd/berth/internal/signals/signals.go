// Package signals catches interrupts from the earliest moment on. It imports next
// to nothing, so that Go initialises it before the packages of the program, whose
// initialisation takes longer than its own: an interrupt in these milliseconds
// would end the program without an answer.
package signals

import (
	"os"
	"os/signal"
	"syscall"
)

// Caught receives Ctrl-C, SIGTERM and, unless nohup has it ignored, the end of the terminal.
var Caught = catch()

func catch() <-chan os.Signal {
	caught := make(chan os.Signal, 2)
	signal.Notify(caught, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(caught, syscall.SIGHUP)
	}
	return caught
}
