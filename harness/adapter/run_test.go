package adapter

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
	"berth/results"
)

// run runs a prepared call as the harness would, without its isolation. watch, which
// may be nil, sees each line that the program prints.
func run(t *testing.T, c *Call, limit time.Duration, watch func(at time.Duration, line []byte)) Ended {
	t.Helper()
	command := exec.Command(c.Command[0], c.Command[1:]...)
	command.Dir, command.Env = c.Dir, append(os.Environ(), c.Environment...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var errs bytes.Buffer
	command.Stderr = &errs
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := Ended{End: Exited}
	var mu sync.Mutex
	send := func(signal syscall.Signal) func() {
		return func() {
			mu.Lock()
			defer mu.Unlock()
			ended.End = Timeout
			_ = syscall.Kill(-command.Process.Pid, signal)
		}
	}
	if stop, ok := c.Stop.(syscall.Signal); ok {
		defer time.AfterFunc(limit, send(stop)).Stop()
	}
	defer time.AfterFunc(limit+700*time.Millisecond, send(syscall.SIGKILL)).Stop()
	var printed bytes.Buffer
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		printed.Write(line)
		if len(line) > 0 {
			at, text := time.Since(started), bytes.TrimRight(line, "\n")
			c.Line(at, text)
			if watch != nil {
				watch(at, text)
			}
		}
		if err != nil {
			break
		}
	}
	err = command.Wait()
	mu.Lock()
	defer mu.Unlock()
	ended.Wall, ended.Stdout, ended.Stderr = time.Since(started), printed.Bytes(), errs.Bytes()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		status := failed.Sys().(syscall.WaitStatus)
		ended.Exit = status.ExitStatus()
		if status.Signaled() && ended.End == Exited {
			ended.End, ended.Signal = Signalled, status.Signal().String()
		}
	} else if err != nil {
		t.Fatal(err)
	}
	return ended
}

// instance reads and compiles an instance of the library.
func instance(t testing.TB, name string) (*model.Instance, *model.Problem, *results.Known) {
	t.Helper()
	for _, e := range instances.Library() {
		if e.Name == name {
			in, err := model.Read(e.Data, name)
			if err != nil {
				t.Fatal(err)
			}
			return in, compiled.Instance(t, in), &results.Known{Value: model.Number(e.Value), Status: e.Status, Source: e.Source}
		}
	}
	t.Fatalf("there is no instance %s", name)
	return nil, nil, nil
}

func shippedAdapter(t testing.TB, name string) *Adapter {
	t.Helper()
	for _, a := range Shipped() {
		if a.Name == name {
			return a
		}
	}
	t.Fatalf("there is no adapter %s", name)
	return nil
}

// installed returns the path of an adapter's program, or skips the test.
func installed(t testing.TB, a *Adapter) string {
	t.Helper()
	path, err := a.Find()
	if err != nil {
		t.Skip(err)
	}
	return path
}

// leave writes a file as a program would.
func leave(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
		t.Fatal(err)
	}
}
