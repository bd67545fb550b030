package jail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// mustRun makes a run that must come about, in time, and leave nothing.
func mustRun(t *testing.T, mark string, call Call) *Report {
	t.Helper()
	start := time.Now()
	report, err := Run(t.Context(), call)
	took := time.Since(start)
	if err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, mark)
	t.Logf("%s after %v (%v in all), exit %d, signal %d, CPU %v, peak %d KiB, left %d, held by %s",
		report.End, report.Wall, took, report.Exit, report.Signal, report.CPU, report.Peak>>10, report.Left, report.Held)
	if held := map[bool]string{true: "cgroup", false: "rlimit"}[groupHome() != ""]; report.Held != held {
		t.Errorf("memory held by %q, want %q", report.Held, held)
	}
	// The promise is a second, on a machine that has nothing else to do.
	if call.Wall > 0 && took > call.Wall+20*time.Second {
		t.Errorf("took %v with a limit of %v", took, call.Wall)
	}
	return report
}

const (
	moment = 300 * time.Millisecond

	someLeft   = -1 // depends on who is faster
	asManyLeft = -2 // as the program has written lines, or one more
)

// TestEvil runs programs that do their worst. Each is over in time, is recorded as
// what it is, and leaves nothing.
func TestEvil(t *testing.T) {
	mib := int64(1 << 20)
	for _, c := range []struct {
		name    string
		command func(mark string) []string
		call    Call
		end     End
		exit    int
		signal  syscall.Signal
		left    int // or one of the below
	}{
		{"exits", script(`exit 7`), Call{}, Exited, 7, 0, 0},
		{"kills itself", script(`kill -SEGV $$`), Call{}, Signalled, -1, syscall.SIGSEGV, 0},
		{"sleeps for ever", script(`exec sleep $1`), Call{Wall: moment}, Timeout, -1, syscall.SIGTERM, 0},
		{"ends in order when asked", script(`trap 'exit 4' TERM; sleep $1 & wait`), Call{Wall: moment}, Timeout, 4, 0, someLeft},
		{"ignores the end", program("deaf"), Call{Wall: 2 * time.Second}, Timeout, -1, syscall.SIGKILL, 0},
		{"stops itself", script(`kill -STOP $$`), Call{Wall: moment}, Timeout, -1, syscall.SIGTERM, 0},
		{"stops itself and ignores the end", script(`trap "" TERM; while :; do kill -STOP $$; done`), Call{Wall: moment}, Timeout, -1, syscall.SIGKILL, 0},
		{"forks hundreds that ignore the end", script(`trap "" TERM; i=0; while [ $i -lt 300 ]; do sleep $1 & echo; i=$((i+1)); done; wait`), Call{Wall: 3 * time.Second}, Timeout, -1, syscall.SIGKILL, asManyLeft},
		{"leaves hundreds", script(`i=0; while [ $i -lt 300 ]; do sleep $1 & i=$((i+1)); done; exit 3`), Call{}, Exited, 3, 0, 300},
		{"becomes a daemon", script(`setsid sh -c 'setsid sleep $0 </dev/null >/dev/null 2>&1 & exit' $1; sleep 0.1; exit 0`), Call{}, Exited, 0, 0, 1},
		{"forks and ends without end", script(`rabbit() { rabbit & }; rabbit; sleep 0.1`), Call{}, Exited, 0, 0, someLeft},
		{"clears its environment", script(`exec env -i sh -c 'sleep $0 & sleep $0' $1`), Call{Wall: moment}, Timeout, -1, syscall.SIGTERM, someLeft},
		{"writes without end", script(`while :; do echo $1; done`), Call{Output: 10_000}, Output, -1, syscall.SIGKILL, 0},
		{"complains without end", script(`exec cat /dev/zero >&2`), Call{Output: 10_000}, Output, -1, syscall.SIGKILL, 0},
		{"fills a file", script(`exec head -c 20000 /dev/zero >file`), Call{Output: 10_000}, Output, -1, syscall.SIGXFSZ, 0},
		{"closes its output and goes on", script(`exec >&- 2>&- <&-; sleep $1`), Call{Wall: moment}, Timeout, -1, syscall.SIGTERM, someLeft},
		{"ends, its children hold the output", script(`sleep $1 & exit 5`), Call{}, Exited, 5, 0, 1},
		{"does not read", script(`exit 0`), Call{Stdin: make([]byte, 1<<20)}, Exited, 0, 0, 0},
		{"takes memory", program("memory", "200", "1", "1h"), Call{Memory: 100 * mib}, Memory, -1, syscall.SIGKILL, 0},
		{"takes memory in children", program("memory", "60", "4", "1h"), Call{Memory: 150 * mib}, Memory, -1, syscall.SIGKILL, someLeft},
		{"takes shared memory", program("shared", "400"), Call{Memory: 100 * mib}, Memory, -1, syscall.SIGKILL, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			mark := newMark()
			c.call.Command, c.call.Dir = c.command(mark), t.TempDir()
			if raced && c.call.Memory > 0 {
				t.Skip("the race detector cannot run under a limit of memory")
			}
			report := mustRun(t, mark, c.call)
			if report.End != c.end || report.Exit != c.exit || report.Signal != c.signal {
				t.Errorf("%s, exit %d, signal %d; want %s, %d, %d; stderr %.300q", report.End, report.Exit, report.Signal, c.end, c.exit, c.signal, report.Stderr)
			}
			lines := bytes.Count(report.Stdout, []byte("\n"))
			if c.left >= 0 && report.Left != c.left || c.left == asManyLeft && report.Left != lines && report.Left != lines+1 {
				t.Errorf("left %d, want %d; %d lines", report.Left, c.left, lines)
			}
			if most := int(max(c.call.Output, 1000)); len(report.Stdout) > most || len(report.Stderr) > most {
				t.Errorf("kept %d and %d bytes, at most %d wanted", len(report.Stdout), len(report.Stderr), most)
			}
		})
	}
}

func script(text string) func(string) []string {
	return func(mark string) []string { return shell(mark, text) }
}

func program(name string, args ...string) func(string) []string {
	return func(mark string) []string { return evil(mark, name, args...) }
}

// TestRefusedMemory asks for more at once than there may be: without a control group
// the program is told so and ends by itself; with one it is killed as it touches it.
func TestRefusedMemory(t *testing.T) {
	if raced {
		t.Skip("the race detector takes memory of its own")
	}
	mark := newMark()
	report := mustRun(t, mark, Call{Command: evil(mark, "huge"), Memory: 100 << 20})
	if report.End != Memory {
		t.Errorf("%s, exit %d, stderr %.300q", report.End, report.Exit, report.Stderr)
	}
}

// TestMemoryIsNotCountedTwice runs what shares memory between processes and stays
// within the limit.
func TestMemoryIsNotCountedTwice(t *testing.T) {
	if raced {
		t.Skip("the race detector takes memory of its own")
	}
	for _, c := range []struct {
		name    string
		command func(string) []string
		limit   int64
	}{
		{"between vfork and exec", program("spawner", "200", "200"), 300 << 20},
		{"after fork", script(`x=$(head -c 50000000 /dev/zero | tr '\0' x); for i in 1 2 3 4 5 6 7 8; do (sleep 0.3; :) & done; wait`), 250 << 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			mark := newMark()
			report := mustRun(t, mark, Call{Command: c.command(mark), Memory: c.limit})
			if report.End != Exited || report.Exit != 0 || report.Peak > c.limit {
				t.Errorf("%s, exit %d, peak %d of %d; %.300q", report.End, report.Exit, report.Peak, c.limit, report.Stderr)
			}
		})
	}
}

// TestMeasures holds what is measured against what programs are known to take.
func TestMeasures(t *testing.T) {
	if raced {
		t.Skip("the race detector takes memory of its own")
	}
	mark := newMark()
	one := mustRun(t, mark, Call{Command: evil(mark, "memory", "100", "1", "0s")})
	if one.Peak < 100<<20 || one.Peak > 180<<20 {
		t.Errorf("peak %d of a process with 100 MiB", one.Peak)
	}
	three := mustRun(t, mark, Call{Command: evil(mark, "memory", "60", "3", "500ms")})
	if three.Peak < 180<<20 || three.Peak > 320<<20 {
		t.Errorf("peak %d of three processes with 60 MiB each", three.Peak)
	}
	if three.Wall < 500*time.Millisecond {
		t.Errorf("%v for a program that sleeps for 500ms", three.Wall)
	}
	burnt := mustRun(t, mark, Call{Command: evil(mark, "burn", "100ms", "3")})
	if burnt.CPU < 300*time.Millisecond || burnt.CPU > 10*time.Second {
		t.Errorf("CPU %v of three processes that use 100ms each", burnt.CPU)
	}
}

// TestStreams holds what programs write and read.
func TestStreams(t *testing.T) {
	mark := newMark()
	if report := mustRun(t, mark, Call{Command: evil(mark, "rubbish")}); !bytes.Equal(report.Stdout, rubbish()) {
		t.Errorf("%d bytes of rubbish came as %d others", len(rubbish()), len(report.Stdout))
	}
	input := bytes.Repeat([]byte("some words\n"), 100_000)
	if report := mustRun(t, mark, Call{Command: []string{"/bin/cat"}, Stdin: input}); !bytes.Equal(report.Stdout, input) {
		t.Errorf("cat made %d bytes of %d", len(report.Stdout), len(input))
	}
	folder := t.TempDir()
	report := mustRun(t, mark, Call{
		Command: shell(mark, `echo $NAME; pwd; cat; echo well >&2`), Dir: folder, Env: []string{"NAME=first", "NAME=second"},
	})
	if got, want := string(report.Stdout), "second\n"+folder+"\n"; got != want || string(report.Stderr) != "well\n" {
		t.Errorf("wrote %q and %q, want %q", got, report.Stderr, want)
	}
}

// TestFileLimit is a program that goes on when it cannot write on: its file is no longer than may be.
func TestFileLimit(t *testing.T) {
	mark, folder := newMark(), t.TempDir()
	report := mustRun(t, mark, Call{Command: shell(mark, `trap "" XFSZ; head -c 20000 /dev/zero >file; exit 3`), Dir: folder, Output: 10_000})
	info, err := os.Stat(filepath.Join(folder, "file"))
	if err != nil || info.Size() != 10_000 || report.End != Exited || report.Exit != 3 {
		t.Errorf("%s, exit %d, a file of %+v, %v", report.End, report.Exit, info, err)
	}
}

// TestOutputLimit fills the limit exactly, which is allowed, and then exceeds it.
func TestOutputLimit(t *testing.T) {
	mark := newMark()
	for extra, want := range []End{Exited, Output} {
		command := shell(mark, fmt.Sprintf(`head -c %d /dev/zero; sleep 0.3`, 1000+extra))
		report := mustRun(t, mark, Call{Command: command, Output: 1000})
		if report.End != want || len(report.Stdout) != 1000 {
			t.Errorf("%d bytes of output: %s with %d kept, want %s with 1000", 1000+extra, report.End, len(report.Stdout), want)
		}
	}
}

func TestLines(t *testing.T) {
	mark := newMark()
	var lines []string
	var times []time.Duration
	report := mustRun(t, mark, Call{
		Command: shell(mark, `echo one; echo; sleep 0.2; printf 'tw'; sleep 0.1; printf 'o\nrest'`),
		Line: func(at time.Duration, line []byte) {
			lines, times = append(lines, string(line)), append(times, at)
		},
	})
	if want := []string{"one", "", "two", "rest"}; !slices.Equal(lines, want) {
		t.Fatalf("lines %q, want %q", lines, want)
	}
	if times[0] <= 0 || times[2] < 300*time.Millisecond || !slices.IsSorted(times) {
		t.Errorf("lines at %v of a program that took %v", times, report.Wall)
	}
}

func TestFilesAndCores(t *testing.T) {
	// A file that a careless parent has left open for everybody.
	left, err := unix.Open("/", unix.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(left)
	mark := newMark()
	if report := mustRun(t, mark, Call{Command: evil(mark, "files")}); string(report.Stdout) != "0\n1\n2\n" {
		t.Errorf("the program has these files open: %q", report.Stdout)
	}
	for _, core := range affinity() {
		report := mustRun(t, mark, Call{Command: evil(mark, "cores"), Cores: []int{core}})
		if got, want := string(report.Stdout), fmt.Sprintln([]int{core}); got != want {
			t.Errorf("the program may use the cores %q, want %q", got, want)
		}
	}
}

func TestStop(t *testing.T) {
	mark := newMark()
	ctx, cancel := context.WithCancel(t.Context())
	command := shell(mark, `trap "" TERM; (setsid sleep $1 &); echo on; sleep $1; sleep $1`)
	report, err := Run(ctx, Call{Command: command, Line: func(time.Duration, []byte) { cancel() }})
	if err != nil || report.End != Stopped {
		t.Errorf("report %+v, error %v", report, err)
	}
	nothingLeft(t, mark)
	if _, err := Run(ctx, Call{Command: command}); !errors.Is(err, context.Canceled) {
		t.Errorf("a run in a context that was cancelled: %v", err)
	}
}

// TestRefusedCalls holds the errors of calls that cannot be run.
func TestRefusedCalls(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		name    string
		call    Call
		program bool   // *ProgramError
		want    string // part of the error
	}{
		{"nothing", Call{}, false, "name a program"},
		{"not in PATH", Call{Command: []string{"no-such-program"}}, true, "not found in $PATH"},
		{"no such path", Call{Command: []string{"./none"}, Dir: folder}, true, "no such file"},
		{"a folder", Call{Command: []string{folder}}, true, "is it installed"},
		{"not executable", Call{Command: []string{write("text", "text", 0o644)}}, true, "permission denied"},
		{"no program", Call{Command: []string{write("empty", "\x7fELF", 0o755)}}, true, "exec format error"},
		{"no interpreter", Call{Command: []string{write("script", "#!/no/such\n", 0o755)}}, true, "no such file"},
		{"no folder", Call{Command: []string{"/bin/true"}, Dir: filepath.Join(folder, "none")}, false, "is not there"},
		{"no such core", Call{Command: []string{"/bin/true"}, Cores: []int{1000}}, false, "does the machine have them"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := Run(t.Context(), c.call)
			if err == nil {
				t.Fatalf("no error, but %+v", report)
			}
			if _, ok := errors.AsType[*ProgramError](err); ok != c.program || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%T %q, want one with %q", err, err, c.want)
			}
		})
	}
}

func TestRelativeProgram(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "here"), []byte("#!/bin/sh\necho $1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"./here", filepath.Join(folder, "here")} {
		if report := mustRun(t, newMark(), Call{Command: []string{name, "word"}, Dir: folder}); string(report.Stdout) != "word\n" {
			t.Errorf("%s: %+v", name, report)
		}
	}
}

// TestMany makes many runs at a time; none gets anything of another one.
func TestMany(t *testing.T) {
	const workers, each = 6, 12
	mark := newMark()
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			for i := range each {
				number := worker*each + i
				report, err := Run(t.Context(), Call{Command: shell(mark, fmt.Sprintf(`
					i=0; while [ $i -lt %d ]; do setsid sleep $1 >/dev/null & i=$((i+1)); done
					echo %d; exit %d`, worker, number, number))})
				if err != nil {
					t.Error(err)
					return
				}
				if report.End != Exited || report.Exit != number || report.Left != worker || string(report.Stdout) != strconv.Itoa(number)+"\n" {
					t.Errorf("run %d: %s, exit %d, left %d of %d, wrote %q", number, report.End, report.Exit, report.Left, worker, report.Stdout)
				}
			}
		})
	}
	all.Wait()
	nothingLeft(t, mark)
}

// BenchmarkRun measures what a run costs beside what the program takes.
func BenchmarkRun(b *testing.B) {
	for _, command := range [][]string{{"/bin/true"}, {"/bin/sleep", "0.005"}} {
		b.Run(strings.Join(command, " "), func(b *testing.B) {
			var inside time.Duration
			for b.Loop() {
				report, err := Run(b.Context(), Call{Command: command, Memory: 1 << 30, Wall: time.Minute})
				if err != nil || report.End != Exited {
					b.Fatal(report, err)
				}
				inside += report.Wall
			}
			b.ReportMetric((b.Elapsed()-inside).Seconds()*1000/float64(b.N), "ms-overhead/op")
		})
	}
}
