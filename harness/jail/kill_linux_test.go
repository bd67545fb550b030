package jail

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestHarnessKilled kills a harness with runs under way at random moments. Its
// supervisors end them and themselves.
func TestHarnessKilled(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	for range 15 {
		mark := newMark()
		var errors strings.Builder
		c := exec.Command(self(), "evil", "harness", mark)
		c.Stderr = &errors
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait()
		if errors.Len() > 0 {
			t.Errorf("the harness said %s", &errors)
		}
		gone(t, mark)
	}
}

// gone waits until no process with the mark is left.
func gone(t *testing.T, mark string) {
	t.Helper()
	for range 1000 {
		if len(marked(t, mark)) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	nothingLeft(t, mark)
}

// TestSupervisorKilled kills supervisors at random moments. Their runs are errors that
// say so, or were over; other runs of the same time are not touched.
func TestSupervisorKilled(t *testing.T) {
	mark, other := newMark(), newMark()
	random := rand.New(rand.NewPCG(3, 2))
	stop := make(chan struct{})
	var beside sync.WaitGroup
	beside.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			report, err := Run(t.Context(), Call{Command: shell(other, `setsid sleep $1 & sleep 0.05; exit 6`)})
			if err != nil || report.End != Exited || report.Exit != 6 || report.Left != 1 {
				t.Errorf("a run beside: %+v, %v", report, err)
			}
		}
	})
	lost := 0
	for range 20 {
		done := make(chan error, 1)
		go func() {
			_, err := Run(t.Context(), Call{Command: shell(mark, `(trap "" TERM; setsid sleep $1 &); for i in 1 2 3; do sleep $1 & done; sleep 0.15`)})
			done <- err
		}()
		pause := time.After(time.Duration(random.IntN(150)) * time.Millisecond)
		killed := false
		for over := false; !over; {
			select {
			case err := <-done:
				over = true
				if killed && err != nil && !errors.Is(err, ErrSupervisor) || !killed && err != nil {
					t.Errorf("killed %t: %v", killed, err)
				}
				if err != nil {
					lost++
				}
			case <-pause:
				killed = killSupervisor(t, mark)
			}
		}
		if found := marked(t, mark); len(found) > 0 {
			t.Errorf("left behind:\n%s", strings.Join(found, "\n"))
		}
	}
	close(stop)
	beside.Wait()
	nothingLeft(t, other)
	if lost < 5 {
		t.Errorf("only %d of 20 runs were lost with their supervisor; were any killed?", lost)
	}
}

// killSupervisor kills the supervisor of a program with the mark.
func killSupervisor(t *testing.T, mark string) bool {
	t.Helper()
	for _, pid := range children(os.Getpid()) {
		text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		if err == nil && strings.Contains(string(text), asSupervisor) && strings.Contains(string(text), mark) {
			return syscall.Kill(pid, syscall.SIGKILL) == nil
		}
	}
	return false
}

// TestProgramKilled kills the program itself: that is a signal that ended it.
func TestProgramKilled(t *testing.T) {
	mark := newMark()
	report := mustRun(t, mark, Call{Command: shell(mark, `(sleep $1 &); kill -KILL $$`)})
	if report.End != Signalled || report.Signal != syscall.SIGKILL || report.Left != 1 {
		t.Errorf("%+v", report)
	}
}

// TestSupervisorKilledByProgram has the program kill, or stop and be killed with, who
// supervises it.
func TestSupervisorKilledByProgram(t *testing.T) {
	mark := newMark()
	if report, err := Run(t.Context(), Call{Command: shell(mark, `(setsid sleep $1 &); kill -KILL $PPID; sleep $1`)}); !errors.Is(err, ErrSupervisor) {
		t.Errorf("%+v, %v", report, err)
	}
	nothingLeft(t, mark)
	defer func(d time.Duration) { untilOverdue = d }(untilOverdue)
	untilOverdue = time.Second
	if report, err := Run(t.Context(), Call{Command: shell(mark, `kill -STOP $PPID; sleep $1`), Wall: time.Second}); !errors.Is(err, ErrSupervisor) {
		t.Errorf("%+v, %v", report, err)
	}
	nothingLeft(t, mark)
}
