package adapter

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/compiled"
	"berth/model"
	"berth/results"
)

var (
	record = flag.Bool("record", false, "run the programs and write down anew what they print")
	update = flag.Bool("update", false, "rewrite what is read from the logs that were written down")
)

// cases are the instances of the logs: one that presolving solves, one that takes a
// little search, one without a placement, and one whose search is cut off.
var cases = []struct {
	name    string
	seconds float64
}{{"pinned", 10}, {"edge", 10}, {"overfull", 10}, {"hard", 1}}

// outsiders are the adapters of other solvers.
func outsiders() []*Adapter {
	var list []*Adapter
	for _, a := range Shipped() {
		if a.Encoding != own {
			list = append(list, a)
		}
	}
	return list
}

// A recording is a file with parts: how a program ended, what it printed and when,
// the files that it left, and what is read from all that.
type recording struct{ names, texts []string }

func readRecording(t *testing.T, path string) *recording {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := &recording{}
	for line := range strings.Lines(string(data)) {
		if name, found := strings.CutPrefix(line, "-- "); found {
			r.names, r.texts = append(r.names, strings.TrimSuffix(name, "\n")), append(r.texts, "")
		} else {
			r.texts[len(r.texts)-1] += line
		}
	}
	return r
}

func (r *recording) write(t *testing.T, path string) {
	t.Helper()
	var b strings.Builder
	for k, name := range r.names {
		b.WriteString("-- " + name + "\n" + r.texts[k])
		if !strings.HasSuffix(r.texts[k], "\n") {
			b.WriteString("\n")
		}
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (r *recording) add(name, text string) {
	r.names, r.texts = append(r.names, name), append(r.texts, text)
}

// instanceOf a case.
func instanceOf(t testing.TB, name string) (*model.Instance, *model.Problem, *results.Known) {
	t.Helper()
	if name != "hard" {
		return instance(t, name)
	}
	data, err := os.ReadFile("testdata/hard.yaml")
	if err != nil {
		t.Fatal(err)
	}
	in, err := model.Read(data, "hard.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return in, compiled.Instance(t, in), nil
}

func prepare(t testing.TB, a *Adapter, name, program string, seconds float64) (*Call, *results.Known) {
	t.Helper()
	in, p, known := instanceOf(t, name)
	limits := results.Limits{Seconds: seconds, Memory: 2 << 30, Threads: 1}
	c, err := a.Prepare(Job{Problem: p, Instance: in, Dir: t.TempDir(), Program: program, Seed: 1, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	return c, known
}

// text shows a judged run.
func (j *Judged) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, cost %q, note %q\n", j.Outcome, j.Cost, j.Note)
	fmt.Fprintf(&b, "claims %q, objective %q, bound %q\n", j.Claim.Status, j.Claim.Objective, j.Claim.Bound)
	for _, s := range j.Trajectory {
		fmt.Fprintf(&b, "%.3f %q %q\n", s.Seconds, s.Cost, s.Bound)
	}
	return b.String()
}

// The logs and answers that the real programs once wrote are read as what they mean.
func TestRecordings(t *testing.T) {
	for _, a := range outsiders() {
		for _, c := range cases {
			t.Run(a.Name+"/"+c.name, func(t *testing.T) {
				path := filepath.Join("testdata", "logs", a.Name+"-"+c.name+".txt")
				if *record {
					makeRecording(t, a, c.name, path, c.seconds)
				}
				r := readRecording(t, path)
				call, known := prepare(t, a, c.name, a.Program, c.seconds)
				ended := r.replay(t, call)
				got := call.Judge(ended, known).text()
				last := len(r.names) - 1
				switch {
				case r.names[last] != "judged":
					t.Fatal("the recording has no last part called judged")
				case *update || *record:
					r.texts[last] = got
					r.write(t, path)
				case got != r.texts[last]:
					t.Errorf("%s is read as\n%s\nwant\n%s", path, got, r.texts[last])
				}
			})
		}
	}
}

// replay puts the files back and prints the lines again.
func (r *recording) replay(t *testing.T, c *Call) Ended {
	t.Helper()
	ended := Ended{}
	for k, name := range r.names {
		switch name {
		case "ended":
			if _, err := fmt.Sscanf(r.texts[k], "%s %d %d", &ended.End, &ended.Exit, &ended.Wall); err != nil {
				t.Fatal(err)
			}
		case "printed":
			var printed bytes.Buffer
			for line := range strings.Lines(r.texts[k]) {
				at, text, _ := strings.Cut(line, "|")
				moment, err := time.ParseDuration(strings.TrimSpace(at))
				if err != nil {
					t.Fatal(err)
				}
				printed.WriteString(text)
				c.Line(moment, []byte(strings.TrimSuffix(text, "\n")))
			}
			ended.Stdout = printed.Bytes()
		case "judged":
		default:
			if err := os.WriteFile(filepath.Join(c.Dir, name), []byte(r.texts[k]), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	return ended
}

// makeRecording runs the program and writes down what it says.
func makeRecording(t *testing.T, a *Adapter, name, path string, seconds float64) {
	t.Helper()
	if a.Name == "scip" && seconds < 4 { // it takes long to start
		seconds = 4
	}
	c, _ := prepare(t, a, name, installed(t, a), seconds)
	var printed strings.Builder
	ended := run(t, c, time.Duration(seconds*float64(time.Second)), func(at time.Duration, line []byte) {
		fmt.Fprintf(&printed, "%9s|%s\n", at.Round(10*time.Microsecond), line)
	})
	r := &recording{}
	r.add("ended", fmt.Sprintf("%s %d %d\n", ended.End, ended.Exit, ended.Wall))
	r.add("printed", printed.String())
	for _, s := range a.answers {
		if data, err := os.ReadFile(filepath.Join(c.Dir, s.file)); err == nil && s.file != "" {
			r.add(s.file, string(data))
		}
	}
	r.add("judged", "")
	r.write(t, path)
}

// What programs say, as they were seen to say it, of a file with numbers that are too large for them.
func TestNumbersTooLarge(t *testing.T) {
	for _, c := range []struct{ name, printed, complained string }{
		{"clasp", "c clasp version 3.3.5\nc Reading from instance.opb\ns UNKNOWN\n", "*** ERROR: (clasp): parse error in line 21: coefficient expected\n"},
		{"clasp", "c clasp version 3.3.5\nc Reading from instance.wcnf\ns UNKNOWN\n", " *** ERROR: (clasp): Clause weight out of bounds\n"},
		{"gecode", "=====ERROR=====\n", "Error: invalid integer literal in line no. 22\nError: syntax error, unexpected FZ_DOTDOT in line no. 22\n"},
	} {
		a := outsiders()[slices.IndexFunc(outsiders(), func(a *Adapter) bool { return a.Name == c.name })]
		call, known := prepare(t, a, "edge", a.Program, 10)
		j := call.Judge(Ended{End: Exited, Exit: 1, Stdout: []byte(c.printed), Stderr: []byte(c.complained)}, known)
		if j.Outcome != results.Unfit || j.Note == "" || !strings.Contains(c.complained, j.Note) {
			t.Errorf("%s: %s", c.name, j.text())
		}
	}
}
