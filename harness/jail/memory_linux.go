package jail

import (
	"bytes"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Memory without a control group is held in two ways.
//
// The supervisor looks at the tree every lookEvery and adds up anonymous and shared
// memory and swap. Files do not count, the kernel can drop them. Pages that a fork
// shares would count twice: where several processes seem to have more than ever
// before, their proportional shares are taken instead, which are exact and dear (the
// kernel walks the page tables). A process between vfork and exec does not count. Looks
// take at most a twentieth of a processor.
//
// And each process is refused more than dataSlack above the limit of writable private
// memory (RLIMIT_DATA), touched or not, so that a program that asks for too much at
// once is told so and can end in order. The slack is there because runtimes reserve
// more than they use: Go some 100 MiB, each thread 8 MiB of stack. Address space
// (RLIMIT_AS) would be the wrong measure altogether: they reserve gigabytes of it.

const (
	firstLook = time.Millisecond
	lookEvery = 16 * time.Millisecond
	lookAtAll = 250 * time.Millisecond // however dear it is
	dataSlack = 256 << 20

	// patience is how long processes that were forked by another thread than the first
	// are not looked for: a short run would pay dearly for it, see tree_linux.go.
	patience = 100 * time.Millisecond
)

// refuseData makes the kernel refuse the processes that this one starts more private
// memory than the limit and the slack, until restore is called.
func refuseData(limit int64) (restore func(), err error) {
	var all unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_DATA, &all); err != nil {
		return nil, err
	}
	some := all
	some.Cur = min(uint64(limit)+dataSlack, all.Cur)
	return func() { _ = unix.Setrlimit(unix.RLIMIT_DATA, &all) }, unix.Setrlimit(unix.RLIMIT_DATA, &some)
}

// meter watches the memory of a tree.
type meter struct {
	peak  int64 // bytes
	delay time.Duration
	first time.Time // when it first looked
}

// look returns what processes and all below them have now, in bytes, and sets the delay
// to the next look.
func (m *meter) look(list []int) int64 {
	if m.first.IsZero() {
		m.first = time.Now()
	}
	below := firstChildren
	if time.Since(m.first) > patience {
		below = children
	}
	start := clock(unix.CLOCK_THREAD_CPUTIME_ID)
	now := m.measure(list, below)
	m.peak = max(m.peak, now)
	cost := time.Duration(clock(unix.CLOCK_THREAD_CPUTIME_ID) - start)
	m.delay = max(min(2*m.delay, lookEvery), min(20*cost, lookAtAll))
	return now
}

func (m *meter) measure(list []int, below func(int) []int) int64 {
	var pids []int
	var sum int64
	walk(list, below, func(pid, parent int) {
		if sameMemory(pid, parent) {
			return
		}
		status, err := slurp("/proc/" + strconv.Itoa(pid) + "/status")
		if err != nil {
			return
		}
		pids = append(pids, pid)
		sum += kilobytes(status, "RssAnon:") + kilobytes(status, "RssShmem:") + kilobytes(status, "VmSwap:")
	})
	if len(pids) < 2 || sum <= m.peak+m.peak/32 {
		return sum
	}
	return min(sum, shares(pids))
}

// sameMemory says whether a process has its parent's memory, as it does between vfork
// and exec. Where the kernel does not tell, it does not.
func sameMemory(pid, parent int) bool {
	const memory = 1 // KCMP_VM
	differ, _, err := unix.Syscall6(unix.SYS_KCMP, uintptr(pid), uintptr(parent), memory, 0, 0, 0)
	return parent != 0 && err == 0 && differ == 0
}

// shares adds up the proportional shares of processes, and all of what a process has
// where the kernel does not tell its share.
func shares(pids []int) int64 {
	var sum int64
	for _, pid := range pids {
		folder := "/proc/" + strconv.Itoa(pid)
		if text, err := slurp(folder + "/smaps_rollup"); err == nil {
			sum += kilobytes(text, "Pss_Anon:") + kilobytes(text, "Pss_Shmem:") + kilobytes(text, "SwapPss:")
		} else if text, err := slurp(folder + "/status"); err == nil {
			sum += kilobytes(text, "RssAnon:") + kilobytes(text, "RssShmem:") + kilobytes(text, "VmSwap:")
		}
	}
	return sum
}

// kilobytes reads the line "NAME  123 kB" and returns bytes, 0 where there is none.
func kilobytes(text []byte, name string) int64 {
	_, rest, found := bytes.Cut(text, []byte("\n"+name))
	if !found {
		return 0
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	number, err := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(line, []byte(" kB")))), 10, 64)
	if err != nil {
		return 0
	}
	return number << 10
}
