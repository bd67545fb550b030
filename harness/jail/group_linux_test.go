package jail

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestCandidates(t *testing.T) {
	const (
		other  = "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
		second = "31 23 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"
		hybrid = "40 32 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
		inside = "90 80 0:27 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n"
	)
	for _, c := range []struct {
		name, own, mounts string
		want              []string
	}{
		{"a service", "0::/system.slice/a.service\n", other + second, []string{"/sys/fs/cgroup/system.slice/a.service", "/sys/fs/cgroup/system.slice"}},
		{"the root", "0::/\n", other + second, []string{"/sys/fs/cgroup"}},
		{"hybrid", "4:memory:/a\n0::/b\n", other + hybrid, []string{"/sys/fs/cgroup/unified/b", "/sys/fs/cgroup/unified"}},
		{"container that sees the paths outside", "0::/docker/abc/x\n", inside, []string{"/sys/fs/cgroup/x", "/sys/fs/cgroup"}},
		{"outside of what is mounted", "0::/docker/def\n", inside, nil},
		{"not mounted", "0::/a\n", other, nil},
		{"version 1 only", "4:memory:/a\n", other + second, nil},
	} {
		if got := candidates(c.own, c.mounts); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// home is where groups may be made, on a machine where they may.
func home(t *testing.T) string {
	t.Helper()
	if err := prepare(); err != nil {
		t.Fatal(err)
	}
	if groupHome() == "" {
		t.Skip("no control groups of version 2 with memory may be made here")
	}
	return groupHome()
}

func groups(t *testing.T, home string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(home, groupPrefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// TestGroupMeasures holds what only a control group can measure.
func TestGroupMeasures(t *testing.T) {
	home := home(t)
	mark := newMark()
	report := mustRun(t, mark, Call{Command: evil(mark, "memory", "60", "3", "0s"), Memory: 1 << 30})
	if report.Peak < 180<<20 || report.Peak > 260<<20 {
		t.Errorf("peak %d of three processes with 60 MiB each", report.Peak)
	}
	command := shell(mark, `trap "" CHLD; "$2" evil burn 300ms 1 $1 & sleep 2`)
	report = mustRun(t, mark, Call{Command: append(command, self())})
	if report.CPU < 300*time.Millisecond {
		t.Errorf("CPU %v of a process that uses 300ms and whose parent does not wait for it", report.CPU)
	}
	if found := groups(t, home); len(found) > 0 {
		t.Errorf("groups left: %q", found)
	}
}

// TestStaleGroups kills a harness and all its supervisors in the same instant. What
// they leave is ended by whoever looks for groups next.
func TestStaleGroups(t *testing.T) {
	home := home(t)
	mark := newMark()
	c := exec.Command(self(), "evil", "harness", mark)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	left := 0
	for range 1000 {
		if left = len(groups(t, home)); left == 3 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	// Stopped, they cannot see each other die.
	_ = c.Process.Signal(syscall.SIGSTOP)
	supervisors := children(c.Process.Pid)
	for _, s := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGKILL} {
		for _, pid := range supervisors {
			_ = syscall.Kill(pid, s)
		}
	}
	_ = c.Process.Kill()
	_ = c.Wait()
	for _, pid := range supervisors { // they have come to this process
		_, _ = syscall.Wait4(pid, nil, 0, nil)
	}
	if left == 0 || len(groups(t, home)) == 0 {
		t.Fatalf("there were %d groups, %d are left; the test has nothing to find", left, len(groups(t, home)))
	}
	own, err := newGroup(home, 0)
	if err != nil {
		t.Fatal(err)
	}
	killStale(home)
	if found := groups(t, home); !slices.Equal(found, []string{own.path}) {
		t.Errorf("groups %q after a search for stale ones, want %q, which is in use", found, own.path)
	}
	own.folder.Close()
	killStale(home)
	if found := groups(t, home); len(found) > 0 {
		t.Errorf("groups left: %q", found)
	}
	if err := killOrphans(); err != nil {
		t.Error(err)
	}
	gone(t, mark)
}

// TestLock holds that a lock lasts as long as anybody has the folder open.
func TestLock(t *testing.T) {
	folder := t.TempDir()
	first, err := lock(folder, unix.LOCK_EX)
	if err != nil {
		t.Fatal(err)
	}
	twin, err := unix.Dup(int(first.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	if second, err := lock(folder, unix.LOCK_EX|unix.LOCK_NB); err == nil {
		second.Close()
		t.Error("locked twice")
	}
	unix.Close(twin)
	second, err := lock(folder, unix.LOCK_EX|unix.LOCK_NB)
	if err != nil {
		t.Fatalf("locked by nobody: %v", err)
	}
	second.Close()
	if _, err := lock(filepath.Join(folder, "none"), unix.LOCK_EX); !os.IsNotExist(err) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
