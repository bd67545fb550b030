package jail

import (
	"bytes"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// The kernel keeps what is looked up in /proc until the process or thread ends. If
// threads of one process end together and all have been looked up, they wait for one
// another, on a busy machine for tens of milliseconds. So threads beside the first are
// looked up only where their children must be found.

// walk visits processes, children of the same parent, and all below them, each before
// its own children, which a function finds. Those that are born or change their parent
// meanwhile may be missed.
func walk(list []int, below func(pid int) []int, visit func(pid, parent int)) {
	var from func(parent int, list []int)
	from = func(parent int, list []int) {
		for _, pid := range list {
			next := below(pid)
			visit(pid, parent)
			from(pid, next)
		}
	}
	from(0, list)
}

// firstChildren returns the children of the first thread of a process: those that it
// forked, and all orphans that came to the process.
func firstChildren(pid int) []int { return threadChildren(nil, pid, strconv.Itoa(pid)) }

// children returns the children of all threads of a process, and none of one that is
// gone.
func children(pid int) []int {
	var list []int
	for _, thread := range entries("/proc/" + strconv.Itoa(pid) + "/task") {
		list = threadChildren(list, pid, thread)
	}
	return list
}

// threadChildren appends the children of one thread.
func threadChildren(list []int, pid int, thread string) []int {
	text, err := slurp("/proc/" + strconv.Itoa(pid) + "/task/" + thread + "/children")
	if err != nil {
		return list // the thread has ended
	}
	for field := range bytes.FieldsSeq(text) {
		if child, err := strconv.Atoi(string(field)); err == nil {
			list = append(list, child)
		}
	}
	return list
}

// endAll asks processes and all below them to end. The kernel hands out process numbers
// in a circle, so that none is used again between a look at the tree and the signal.
func endAll(list []int, stop syscall.Signal) {
	walk(list, children, func(pid, _ int) {
		_ = syscall.Kill(pid, stop)
		_ = syscall.Kill(pid, syscall.SIGCONT) // one that is stopped would not hear
	})
}

// killAll kills processes and what is easily found below them. The rest comes to the
// subreaper, which kills again.
func killAll(list []int) {
	walk(list, firstChildren, func(pid, _ int) { _ = syscall.Kill(pid, syscall.SIGKILL) })
}

// slurp reads a file of /proc. os.ReadFile would take twice as many system calls.
func slurp(path string) ([]byte, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	text := make([]byte, 0, 2048)
	for {
		n, err := unix.Read(fd, text[len(text):cap(text)])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, err
		case n == 0:
			return text, nil
		default:
			text = text[:len(text)+n]
			if cap(text)-len(text) < 512 {
				text = append(text, make([]byte, len(text))...)[:len(text)]
			}
		}
	}
}

// entries returns the names in a folder of /proc.
func entries(path string) []string {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	var names []string
	buffer := make([]byte, 2048)
	for {
		n, err := unix.ReadDirent(fd, buffer)
		switch {
		case err == unix.EINTR:
		case err != nil || n <= 0:
			return names
		default:
			_, _, names = unix.ParseDirent(buffer[:n], -1, names)
		}
	}
}
