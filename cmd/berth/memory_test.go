package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"berth/instances"
)

// peakMemory starts the program and returns, in bytes, the most memory that it was
// seen to have, and its exit status.
func peakMemory(t *testing.T, c *exec.Cmd) (peak int64, status int) {
	t.Helper()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skipf("this system does not tell what memory a process has: %v", err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
		if _, rest, found := strings.Cut(string(data), "VmHWM:"); found {
			kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			peak = max(peak, kilobytes<<10)
		}
		select {
		case err := <-ended:
			if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			return peak, c.ProcessState.ExitCode()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Under a limit of memory the program has an answer that holds, or refuses what it
// cannot even read; it stays below the limit either way.
func TestMemoryLimit(t *testing.T) {
	in, data := generated(t, "tasks", func(s *instances.Spec) { s.Tasks, s.Nodes, s.Racks = 60_000, 300, 8 })
	for _, limit := range []struct {
		mebibytes int64
		status    int
	}{{192, 0}, {64, 20}} {
		c := process(t, "solve", "--memory", fmt.Sprint(limit.mebibytes, "Mi"), "--time", "60s", "--gap", "50%", "-")
		var out, errors bytes.Buffer
		c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(data), &out, &errors
		peak, status := peakMemory(t, c)
		if peak == 0 || peak > limit.mebibytes<<20 {
			t.Errorf("with %d MiB: it had %d MiB", limit.mebibytes, peak>>20)
		}
		if status != limit.status {
			t.Fatalf("with %d MiB: it ends with %d, not %d: %s", limit.mebibytes, status, limit.status, errors.String())
		}
		if status == 0 {
			holds(t, in, out.Bytes())
		} else if !strings.Contains(errors.String(), "more --memory") {
			t.Errorf("with %d MiB: it says %q", limit.mebibytes, errors.String())
		}
		t.Logf("with %d MiB: %d MiB at most", limit.mebibytes, peak>>20)
	}
}

// The proof of a workflow whose program has no room within the limit is not written, which is
// said, and the answer is there all the same.
func TestMemoryOfProofs(t *testing.T) {
	in, data := generated(t, "cholesky", func(s *instances.Spec) { s.Tasks, s.Nodes = 300, 8 })
	c := process(t, "solve", "--memory", "100Mi", "--work", "50M", "--threads", "1", "--proof", filepath.Join(t.TempDir(), "proof"), "-")
	var out, errors bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(data), &out, &errors
	peak, status := peakMemory(t, c)
	if peak == 0 || peak > 100<<20 {
		t.Errorf("it had %d MiB", peak>>20)
	}
	if said := "no proof is written: too large: the limit of memory leaves no room"; status != statusSolved || !strings.Contains(errors.String(), said) {
		t.Fatalf("status %d, %q, want %q", status, errors.String(), said)
	}
	holds(t, in, out.Bytes())
}
