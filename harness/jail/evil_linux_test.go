package jail

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestMain makes this test binary three programs: the tests, the supervisor, and the
// programs that are run under it.
func TestMain(m *testing.M) {
	if status, called := Supervise(); called {
		os.Exit(status)
	}
	if len(os.Args) > 2 && os.Args[1] == "evil" {
		program, ok := evils[os.Args[2]]
		if !ok {
			fmt.Fprintln(os.Stderr, "no such program:", os.Args[2])
			os.Exit(99)
		}
		program(os.Args[3:])
		os.Exit(0)
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // else each program takes a second to exit
	os.Exit(m.Run())
}

// evils are programs that tests run.
var evils = map[string]func(args []string){
	"deaf":    deaf,
	"memory":  memory,
	"huge":    func([]string) { mapped(500, unix.MAP_PRIVATE) },
	"shared":  func(args []string) { mapped(number(args[0]), unix.MAP_SHARED) },
	"spawner": spawner,
	"burn":    burn,
	"rubbish": func([]string) { os.Stdout.Write(rubbish()) },
	"files":   files,
	"cores":   func([]string) { fmt.Println(affinity()) },
	"harness": harness,
}

// evil is a command that runs one of them. The mark finds its processes.
func evil(mark, name string, args ...string) []string {
	return append(append([]string{self(), "evil", name}, args...), mark)
}

func self() string {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return path
}

// shell is a command that runs a script in which $1 is the mark. It is a number, so
// that `sleep $1` bears the mark and sleeps long.
func shell(mark, script string) []string { return []string{"/bin/sh", "-c", script, "sh", mark} }

var marks = rand.New(rand.NewPCG(uint64(os.Getpid()), uint64(time.Now().UnixNano())))

func newMark() string { return fmt.Sprintf("1000.%09d", marks.IntN(1e9)) }

// marked returns the processes that have the mark in their arguments.
func marked(t *testing.T, mark string) []string {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, path := range paths {
		if text, err := os.ReadFile(path); err == nil && bytes.Contains(text, []byte(mark)) {
			found = append(found, path+": "+string(bytes.ReplaceAll(text, []byte{0}, []byte(" "))))
		}
	}
	return found
}

// nothingLeft fails if a process of a run lives, or if this process has children that
// it did not start.
func nothingLeft(t *testing.T, mark string) {
	t.Helper()
	if found := marked(t, mark); len(found) > 0 {
		t.Errorf("left behind:\n%s", strings.Join(found, "\n"))
	}
	if found, err := orphans(); err != nil || len(found) > 0 {
		t.Errorf("orphans: %d, %v", found, err)
	}
}

// deaf hears no signal that can be ignored, and writes a line when it is so.
func deaf([]string) {
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	fmt.Println("deaf")
	time.Sleep(time.Hour)
}

// use takes memory and touches it.
func use(size int) []byte {
	block := make([]byte, size)
	for i := 0; i < size; i += 4096 {
		block[i] = 1
	}
	return block
}

// team starts so many more processes with the arguments, and returns when each has
// written a line.
func team(more int, args ...string) []*exec.Cmd {
	var all []*exec.Cmd
	for range more {
		c := exec.Command(self(), append([]string{"evil"}, args...)...)
		out, err := c.StdoutPipe()
		if err == nil {
			err = c.Start()
		}
		if err == nil {
			_, err = out.Read(make([]byte, 1))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		all = append(all, c)
	}
	return all
}

// memory MIB PROCESSES PAUSE has each of so many processes take so much at a time, for
// so long.
func memory(args []string) {
	block := use(number(args[0]) << 20)
	fmt.Println("taken")
	all := team(number(args[1])-1, "memory", args[0], "1", "1h", args[3])
	pause, _ := time.ParseDuration(args[2])
	time.Sleep(pause)
	block[0]++
	for _, c := range all {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
}

// mapped takes memory from the kernel, which is this process's own or not, and
// touches it.
func mapped(mib, kind int) {
	block, err := unix.Mmap(-1, 0, mib<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|kind)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for i := 0; i < len(block); i += 4096 {
		block[i] = 1
	}
	time.Sleep(200 * time.Millisecond)
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

// spawner MIB TIMES takes memory and starts small programs, which share it for the
// moment between vfork and exec.
func spawner(args []string) {
	size, times := number(args[0]), number(args[1])
	block := use(size << 20)
	for range times {
		if err := exec.Command("/bin/true").Run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	block[0]++
}

// burn TIME PROCESSES has each of so many processes use so much of a processor. It does
// not wait for their end: they are left to the supervisor.
func burn(args []string) {
	wanted, _ := time.ParseDuration(args[0])
	team(number(args[1])-1, "burn", args[0], "1", args[2])
	for {
		var u syscall.Rusage
		if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil || time.Duration(u.Utime.Nano()+u.Stime.Nano()) >= wanted {
			break
		}
	}
	fmt.Println("burnt")
}

func rubbish() []byte {
	source := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, 100_000)
	for i := range text {
		text[i] = byte(source.Uint32())
	}
	return text
}

// files lists what this process was given open; the Go runtime itself opens the rest.
func files([]string) {
	for fd := range 256 {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			if target, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd)); err == nil && !strings.HasPrefix(target, "anon_inode:") && !strings.HasPrefix(target, "/sys/fs/cgroup") {
				fmt.Println(fd)
			}
		}
	}
}

func affinity() []int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return nil
	}
	var cores []int
	for core := range 1024 {
		if set.IsSet(core) {
			cores = append(cores, core)
		}
	}
	return cores
}

// harness runs programs that leave processes behind until it is killed, three at a time.
func harness(args []string) {
	for i := range 3 {
		go func() {
			for {
				command := shell(args[0], []string{
					`setsid sh -c 'trap "" TERM; sleep $0' $1 & sleep 0.0$(($$ % 10))`,
					`for i in 1 2 3 4 5; do (trap "" TERM HUP; sleep $1; :) & done; sleep $1`,
					`exec sleep $1`,
				}[i])
				if _, err := Run(context.Background(), Call{Command: command, Wall: 50 * time.Millisecond, Grace: 20 * time.Millisecond}); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
			}
		}()
	}
	time.Sleep(time.Hour)
}
