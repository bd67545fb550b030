package adapter

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/results"
)

// builtBerth is the program of this source tree, "" where it cannot be built.
var builtBerth = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "berth-adapter-test")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "berth")
	if printed, err := exec.Command("go", "build", "-o", path, "../../cmd/berth").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, printed)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if path, err := builtBerth(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

// programOf returns the path of an adapter's program, or skips the test.
func programOf(t testing.TB, a *Adapter) string {
	t.Helper()
	if a.Encoding != own {
		return installed(t, a)
	}
	path, err := builtBerth()
	if err != nil {
		t.Skipf("berth cannot be built: %v", err)
	}
	return path
}

// mixed is an instance of every feature, as a document says it: nothing given beside.
func mixed(seed uint64) *model.Instance {
	in := instances.Mixed(seed, 7, 4)
	in.Given = model.Given{}
	return in
}

// The real programs find the optimum that brute force finds, say so, and nothing that
// they say is refuted.
func TestProgramsAgreeWithBruteForce(t *testing.T) {
	var problems []*model.Problem
	var known []*results.Known
	infeasible := 0
	for seed := uint64(100); len(problems) < 10; seed++ {
		p := compiled.Instance(t, mixed(seed))
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatal("an instance is too large for brute force")
		}
		k := &results.Known{Value: model.Number(p.Format(cost)), Status: "optimal", Source: "brute force"}
		if best == nil {
			k = &results.Known{Status: "infeasible"}
			infeasible++
		}
		problems, known = append(problems, p), append(known, k)
	}
	if infeasible == 0 || infeasible == len(problems) {
		t.Fatalf("%d of %d instances are infeasible, the test wants both sorts", infeasible, len(problems))
	}
	for _, a := range Shipped() {
		t.Run(a.Name, func(t *testing.T) {
			path, few := programOf(t, a), len(problems)
			if a.Name == "scip" { // it takes long to start
				few = 3
			}
			t.Parallel()
			for k, p := range problems[:few] {
				c, err := a.Prepare(Job{
					Problem: p, Instance: mixed(100 + uint64(k)), Dir: t.TempDir(), Program: path,
					Seed: uint64(k), Limits: results.Limits{Seconds: 60, Memory: 4 << 30, Threads: 1},
				})
				if err != nil {
					t.Fatal(err)
				}
				ended := run(t, c, time.Minute, nil)
				j := c.Judge(ended, known[k])
				want := results.Optimal
				if known[k].Status == "infeasible" {
					want = results.Infeasible
				}
				if j.Outcome != want || j.Cost != known[k].Value || want == results.Optimal && j.Claim.Bound != j.Cost {
					t.Errorf("%s: %s want %s at %s\n%s\n%s", p.Name, j.text(), want, known[k].Value, ended.Stdout, ended.Stderr)
				}
				if a.Encoding == own && j.Work == 0 {
					t.Errorf("%s: no work was counted", p.Name)
				}
			}
		})
	}
}

// So they do on workflows, with what berth encode writes of these.
func TestProgramsAgreeOnWorkflows(t *testing.T) {
	for _, a := range Shipped() {
		t.Run(a.Name, func(t *testing.T) {
			path, few := programOf(t, a), 12
			if a.Name == "scip" { // it takes long to start
				few = 3
			}
			t.Parallel()
			for seed := range uint64(few) {
				in := instances.MixedWorkflow(seed, 1+int(seed%5), 1+int(seed%4))
				p := compiled.Instance(t, in)
				best, makespan, ok := bruteforce.Schedule(p)
				if !ok {
					t.Fatal("an instance is too large for brute force")
				}
				want, known := results.Optimal, &results.Known{Value: model.Number(p.Format(makespan)), Status: "optimal", Source: "brute force"}
				if best == nil {
					want, known = results.Infeasible, &results.Known{Status: "infeasible"}
				}
				c, err := a.Prepare(Job{
					Problem: p, Instance: in, Dir: t.TempDir(), Program: path, Seed: seed,
					Limits: results.Limits{Seconds: 60, Memory: 4 << 30, Threads: 1},
				})
				if err != nil {
					t.Fatal(err)
				}
				ended := run(t, c, time.Minute, nil)
				j := c.Judge(ended, known)
				if j.Outcome != want || j.Cost != known.Value || want == results.Optimal && j.Claim.Bound != j.Cost {
					t.Errorf("%s: %s want %s at %s\n%s\n%s", p.Name, j.text(), want, known.Value, ended.Stdout, ended.Stderr)
				}
			}
		})
	}
}

// Programs that are stopped before they end by themselves leave what they have, as
// far as they can.
func TestStoppedPrograms(t *testing.T) {
	const some, nothing = results.Feasible, results.Timeout
	for name, want := range map[string][]results.Outcome{
		"highs": {some}, "scip": {some}, "clasp": {some}, "gecode": {some}, "berth": {some}, // they keep or write what they have
		"cbc":  {some, nothing},                  // it may be busy at the root and not listen
		"glpk": {nothing}, "toulbar2": {nothing}, // the one writes at its own end only, the other finds nothing so soon
	} {
		a := shippedAdapter(t, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := map[string]string{}
			if a.Encoding == own {
				options["solver"] = "descent" // which alone never knows that it is done
			}
			in, p, _ := instanceOf(t, "hard")
			c, err := a.Prepare(Job{
				Problem: p, Instance: in, Dir: t.TempDir(), Program: programOf(t, a), Seed: 1, Options: options,
				Limits: results.Limits{Seconds: 100, Threads: 1},
			})
			if err != nil {
				t.Fatal(err)
			}
			limit := time.Second
			switch a.Name {
			case "scip": // it takes long to start
				limit = 4 * time.Second
			case "toulbar2": // on a quick machine it finds something in a second
				limit = 300 * time.Millisecond
			}
			ended := run(t, c, limit, nil)
			j := c.Judge(ended, nil)
			if j.Outcome == results.Optimal {
				t.Skip("it was done before it could be stopped")
			}
			if !slices.Contains(want, j.Outcome) || ended.End != Timeout {
				t.Errorf("ended by %s: %s want %s\n%s\n%s", ended.End, j.text(), want, ended.Stdout, ended.Stderr)
			}
			if j.Outcome == some && len(j.Trajectory) == 0 {
				t.Error("no trajectory")
			}
		})
	}
}

// A method that does not handle a problem is unfit for it, which is no crash.
func TestUnfitMethod(t *testing.T) {
	a := shippedAdapter(t, "berth")
	path := programOf(t, a)
	in, p, known := instance(t, "shop")
	for method, want := range map[string]results.Outcome{"lagrange": results.Unfit, "no-such-method": results.Crash} {
		c, err := a.Prepare(Job{
			Problem: p, Instance: in, Dir: t.TempDir(), Program: path,
			Options: map[string]string{"solver": method}, Limits: results.Limits{Seconds: 10, Threads: 1},
		})
		if err != nil {
			t.Fatal(err)
		}
		j := c.Judge(run(t, c, 10*time.Second, nil), known)
		if j.Outcome != want || !strings.Contains(j.Note, method) {
			t.Errorf("%s: %s", method, j.text())
		}
	}
}

// The line that a record keeps repeats the run: a shell makes the files, calls the
// program and the answer is the same.
func TestShellRepeatsTheRun(t *testing.T) {
	berth, err := builtBerth()
	if err != nil {
		t.Skipf("berth cannot be built: %v", err)
	}
	for _, a := range Shipped() {
		t.Run(a.Name, func(t *testing.T) {
			t.Parallel()
			in, p, known := instance(t, "edge")
			file := filepath.Join(t.TempDir(), "it's an $instance.json")
			var text bytes.Buffer
			if err := in.Write(&text, "json"); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, text.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			c, err := a.Prepare(Job{
				Problem: p, Instance: in, InstanceFile: file, ReadFlags: []string{"--from", "berth"}, Dir: t.TempDir(),
				Program: programOf(t, a), Limits: results.Limits{Seconds: 60, Threads: 1},
			})
			if err != nil {
				t.Fatal(err)
			}
			c.Dir = t.TempDir() // nothing of what Prepare wrote is there
			c.Command = []string{"sh", "-c", c.Shell}
			c.Environment = []string{"PATH=" + filepath.Dir(berth) + ":" + os.Getenv("PATH")}
			ended := run(t, c, time.Minute, nil)
			if j := c.Judge(ended, known); j.Outcome != results.Optimal {
				t.Errorf("%s gave %s\n%s\n%s", c.Shell, j.text(), ended.Stdout, ended.Stderr)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	for _, a := range Shipped() {
		t.Run(a.Name, func(t *testing.T) {
			got, err := a.Version(t.Context(), programOf(t, a))
			version, own, found := strings.Cut(got, "+")
			if err != nil || !found || own != a.Digest || !strings.ContainsAny(version, "0123456789") {
				t.Errorf("version %q, %v", got, err)
			}
		})
	}
}

func TestVersionThatIsNotTold(t *testing.T) {
	for command, want := range map[string]string{
		"echo hello": `/bin/sh -c echo hello does not tell its version: it printed "hello"`,
		"exit 3":     "exit status 3",
	} {
		document := strings.Replace(script(""), "get: write it", `version: {command: ["{program}", -c, `+command+`], match: 'v(\d)'}`, 1)
		a, err := Read([]byte(document), "scripted.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if version, err := a.Version(t.Context(), "/bin/sh"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: version %q, %v", command, version, err)
		}
	}
}

func TestFindSaysWhere(t *testing.T) {
	a, err := Read([]byte(script("")), "none.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a.Program = "no-such-solver"
	t.Setenv("BERTH_PEERS", "/nowhere/peers")
	_, err = a.Find()
	for _, want := range []string{"no-such-solver", "neither in PATH nor in /nowhere/peers nor in ", ".cache/berth-peers/bin", "to get it: write it"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
