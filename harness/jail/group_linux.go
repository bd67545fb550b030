package jail

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// group is the control group of one run. Harness and supervisor share its open
// folder and with it a lock: a group that is not locked belongs to nobody any more.
type group struct {
	path   string
	folder *os.File
}

const groupPrefix = "berth-"

var groupNumber atomic.Int64

// groupHome is the control group below which this process may make others, empty
// where there is none: its own or the one above, if that is of version 2, passes the
// memory controller on, and lets a process be started in a group below it.
var groupHome = sync.OnceValue(func() string {
	for i, home := range groupCandidates() {
		if !passesMemory(home, i == 0) {
			continue
		}
		killStale(home)
		if usable(home) {
			return home
		}
	}
	return ""
})

// groupCandidates returns the folders of the process's own group and of the one
// above.
func groupCandidates() []string {
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil
	}
	return candidates(string(own), string(mounts))
}

// candidates reads the two files of /proc: lines "0::PATH", and "ID PARENT DEVICE
// ROOT MOUNTPOINT OPTIONS … - TYPE SOURCE OPTIONS".
func candidates(own, mounts string) []string {
	var path string
	for line := range strings.Lines(own) {
		if rest, found := strings.CutPrefix(line, "0::"); found {
			path = strings.TrimSuffix(rest, "\n")
		}
	}
	for line := range strings.Lines(mounts) {
		before, after, _ := strings.Cut(line, " - ")
		fields := strings.Fields(before)
		if path == "" || len(fields) < 5 || !strings.HasPrefix(after, "cgroup2 ") {
			continue
		}
		root, mount := fields[3], fields[4]
		inside, err := filepath.Rel(root, path)
		if err != nil || strings.HasPrefix(inside, "..") {
			continue
		}
		home := filepath.Join(mount, inside)
		if home == mount {
			return []string{home}
		}
		return []string{home, filepath.Dir(home)}
	}
	return nil
}

// passesMemory says whether groups below home have the memory controller. Where home
// is the process's own group it makes it so, if the kernel allows that.
func passesMemory(home string, own bool) bool {
	control := filepath.Join(home, "cgroup.subtree_control")
	passed := func() bool {
		text, err := os.ReadFile(control)
		return err == nil && bytes.Contains(text, []byte("memory"))
	}
	return passed() || own && os.WriteFile(control, []byte("+memory"), 0) == nil && passed()
}

// usable makes a group and starts a supervisor in it that has nothing to do.
func usable(home string) bool {
	g, err := newGroup(home, 1<<30)
	if err != nil {
		return false
	}
	defer g.remove()
	defer g.folder.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer null.Close()
	p, err := os.StartProcess(executable, []string{"berth", asSupervisor}, &os.ProcAttr{
		Files: []*os.File{null, null, null},
		Sys:   inGroup(g.folder),
	})
	if err != nil {
		return false
	}
	_, err = p.Wait()
	return err == nil && g.peak() > 0
}

// newGroup makes a group for one run. Linux 5.19 is the first that has all that it
// needs.
func newGroup(home string, memory int64) (*group, error) {
	above, err := lock(home, unix.LOCK_EX) // so that nobody takes the group for a stale one
	if err != nil {
		return nil, err
	}
	defer above.Close()
	path := filepath.Join(home, groupPrefix+strconv.Itoa(os.Getpid())+"-"+strconv.FormatInt(groupNumber.Add(1), 10))
	if err := os.Mkdir(path, 0o755); err != nil {
		return nil, err
	}
	g := &group{path: path}
	if g.folder, err = lock(path, unix.LOCK_EX); err == nil {
		err = g.set("memory.oom.group", "1") // all of them, not the largest
	}
	if err == nil && memory > 0 {
		err = g.set("memory.max", strconv.FormatInt(memory, 10))
	}
	if err == nil && memory > 0 {
		// A kernel without swap, or told not to account for it, has no such file.
		if err = g.set("memory.swap.max", "0"); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	for _, name := range []string{"memory.peak", "cgroup.kill"} {
		if err == nil {
			_, err = os.Stat(filepath.Join(path, name))
		}
	}
	if err != nil {
		if g.folder != nil {
			g.folder.Close()
		}
		g.remove()
		return nil, err
	}
	return g, nil
}

func (g *group) set(name, value string) error {
	return os.WriteFile(filepath.Join(g.path, name), []byte(value), 0)
}

// number reads a file that holds a number, or the number behind a name in one that
// holds several; 0 where there is none.
func (g *group) number(file, name string) int64 {
	text, err := os.ReadFile(filepath.Join(g.path, file))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 1 && name == "" || len(fields) == 2 && fields[0] == name {
			n, _ := strconv.ParseInt(fields[len(fields)-1], 10, 64)
			return n
		}
	}
	return 0
}

func (g *group) peak() int64       { return g.number("memory.peak", "") }
func (g *group) outOfMemory() bool { return g.number("memory.events", "oom_kill") > 0 }
func (g *group) cpu() time.Duration {
	return time.Duration(g.number("cpu.stat", "usage_usec")) * time.Microsecond
}
func (g *group) kill() { _ = g.set("cgroup.kill", "1") }

// remove removes the group, whose last process may still be on its way out.
func (g *group) remove() {
	for pause := time.Millisecond; pause < time.Second; pause *= 2 {
		if err := os.Remove(g.path); err == nil || errors.Is(err, os.ErrNotExist) {
			return
		}
		g.kill()
		time.Sleep(pause)
	}
}

// killStale ends groups whose harness and supervisor are both gone.
func killStale(home string) {
	above, err := lock(home, unix.LOCK_EX)
	if err != nil {
		return
	}
	defer above.Close()
	paths, err := filepath.Glob(filepath.Join(home, groupPrefix+"*-*"))
	if err != nil {
		return
	}
	for _, path := range paths {
		if folder, err := lock(path, unix.LOCK_EX|unix.LOCK_NB); err == nil {
			(&group{path: path}).remove()
			folder.Close()
		}
	}
}

// lock opens a folder and locks it until it is closed.
func lock(path string, how int) (*os.File, error) {
	folder, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(folder.Fd()), how)
		if err != unix.EINTR {
			break
		}
	}
	if err != nil {
		folder.Close()
		return nil, err
	}
	return folder, nil
}
