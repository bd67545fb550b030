package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// call runs the program in this process.
func call(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	a := &app{started: time.Now(), in: strings.NewReader(stdin), out: &out, err: &err}
	status = a.run(t.Context(), args)
	return status, out.String(), err.String()
}

// refused checks that a call was refused: status 2, a message that names the place
// and the remedy, nothing written.
func refused(t *testing.T, folder string, status int, stdout, stderr string, want []string) {
	t.Helper()
	if status != statusWrong {
		t.Errorf("exit status %d, want %d", status, statusWrong)
	}
	if stdout != "" {
		t.Errorf("standard output has %q, want nothing", stdout)
	}
	for _, fragment := range want {
		if !strings.Contains(stderr, fragment) {
			t.Errorf("the message %q does not say %q", stderr, fragment)
		}
	}
	if !strings.HasPrefix(stderr, "berth: ") {
		t.Errorf("the message %q does not begin with the program's name", stderr)
	}
	if len(stderr) > 2000 {
		t.Errorf("the message has %d characters", len(stderr))
	}
	written, err := filepath.Glob(filepath.Join(folder, "*out*"))
	if err != nil || len(written) > 0 {
		t.Errorf("written: %v, %v", written, err)
	}
	hidden, err := filepath.Glob(filepath.Join(folder, ".*"))
	if err != nil || len(hidden) > 0 {
		t.Errorf("left behind: %v, %v", hidden, err)
	}
}

func TestBadDocuments(t *testing.T) {
	verbs := [][]string{{"solve"}, {"presolve"}, {"convert"}, {"encode", "--to", "lp"}}
	for k, c := range badDocuments {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			file := filepath.Join(folder, "bad.yaml")
			write(t, file, c.text)
			verb := verbs[k%len(verbs)]
			if strings.Contains(c.name, "64 bits") {
				verb = verbs[0] // a conversion adds nothing up
			}
			args := append(append([]string{}, verb...), file, "--output", filepath.Join(folder, "out"))
			status, stdout, stderr := call(t, "", args...)
			refused(t, folder, status, stdout, stderr, c.want)
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// badCalls are calls that must be refused. In the arguments DIR is a folder with
// good.yaml, fine.yaml (its costs differ too much for flow), flow.yaml (a workflow), gap.txt (one problem), gaps.txt (two), answer.json (a solution of
// good.yaml), right.json (a true one), other.json (one of another instance), runs.jsonl (records), empty.jsonl
// (none) and folder/.
var badCalls = []struct {
	args  string
	stdin string
	want  []string
}{
	{"", "", []string{"berth solve FILE", "--help"}},
	{"slove DIR/good.yaml", "", []string{"slove", "perhaps solve is meant", "berth --help"}},
	{"version", "", []string{`no verb "version"`, "berth --help"}},
	{"help slove", "", []string{"perhaps solve is meant", "berth --help"}},
	{"help size rout", "", []string{"perhaps route is meant", "berth size --help"}},
	{"solve", "", []string{"FILE is missing", "berth solve FILE"}},
	{"solve DIR/good.yaml DIR/good.yaml", "", []string{"one argument too many", "berth solve FILE"}},
	{"solve DIR/none.yaml", "", []string{"none.yaml", "no such file", "check the name"}},
	{"solve DIR/folder", "", []string{"is a folder", "name a file"}},
	{"solve DIR/good.yaml/x", "", []string{"good.yaml/x"}},
	{"solve -", "", []string{"standard input", "empty"}},
	{"solve - --from orlib", "", []string{"standard input"}},
	{"solve DIR/good.yaml --sovler lp", "", []string{"--sovler", "berth solve --help"}},
	{"solve DIR/good.yaml -x", "", []string{"-x", "berth solve --help"}},
	{"solve DIR/good.yaml --solver simplex", "", []string{"--solver", "simplex", "auto"}},
	{"solve DIR/good.yaml --solver", "", []string{"--solver"}},
	{"solve DIR/good.yaml --solver desent", "", []string{"--solver", `did you mean "descent"?`}},
	{"solve DIR/good.yaml --solver highs", "", []string{"--solver", "an outside solver", "berth sweep"}},
	{"solve DIR/good.yaml --treads 2", "", []string{"unknown flag", `did you mean "--threads"?`, "berth solve --help"}},
	{"generate task", "", []string{"unknown family", "tasks"}},
	{"generate gap-dd", "", []string{"unknown family", `did you mean "gap-d"?`}},
	{"solve DIR/fine.yaml --solver flow", "", []string{"flow", "too large", "--solver auto"}},
	{"solve DIR/good.yaml --time 3", "", []string{"--time", "60s"}},
	{"solve DIR/good.yaml --time -3s", "", []string{"--time", "above 0"}},
	{"solve DIR/good.yaml --time 0s", "", []string{"--time", "above 0"}},
	{"solve DIR/good.yaml --time soon", "", []string{"--time", "500ms"}},
	{"solve DIR/good.yaml --work 0", "", []string{"--work", "above 0"}},
	{"solve DIR/good.yaml --work -5", "", []string{"--work", "above 0"}},
	{"solve DIR/good.yaml --work 1.5", "", []string{"--work", "whole number"}},
	{"solve DIR/good.yaml --work much", "", []string{"--work", "500M"}},
	{"solve DIR/good.yaml --memory 3", "", []string{"--memory", "at least 64Mi"}},
	{"solve DIR/good.yaml --memory much", "", []string{"--memory", "2Gi"}},
	{"solve DIR/good.yaml --work 1e40", "", []string{"--work", "500M"}},
	{"solve DIR/good.yaml --gap -1", "", []string{"--gap", "1%"}},
	{"solve DIR/good.yaml --gap small", "", []string{"--gap", "1%"}},
	{"solve DIR/good.yaml --gap NaN", "", []string{"--gap", "1%"}},
	{"solve DIR/good.yaml --gap 1%%", "", []string{"--gap", "1%"}},
	{"solve DIR/good.yaml --seed -1", "", []string{"--seed", "from 0"}},
	{"solve DIR/good.yaml --seed 1.5", "", []string{"--seed", "whole number"}},
	{"solve DIR/good.yaml --seed 99999999999999999999", "", []string{"--seed", "2⁶⁴"}},
	{"solve DIR/good.yaml --threads 0", "", []string{"--threads", "from 1"}},
	{"solve DIR/good.yaml --threads 1000000", "", []string{"--threads", "to 1024"}},
	{"solve DIR/good.yaml --threads two", "", []string{"--threads", "whole number"}},
	{"solve DIR/good.yaml --format yaml", "", []string{"--format", "table, json"}},
	{"solve DIR/good.yaml --output DIR/folder", "", []string{"--output", "is a folder", "name a file"}},
	{"solve DIR/good.yaml --output DIR/none/out", "", []string{"--output", "cannot be written", "a folder that exists"}},
	{"solve DIR/good.yaml --output DIR/good.yaml/out", "", []string{"--output", "cannot be written"}},
	{"solve DIR/good.yaml --output=", "", []string{"--output", "names no file"}},
	{"solve DIR/good.yaml --from csv", "", []string{"--from", "orlib"}},
	{"solve DIR/good.yaml --from orlib", "", []string{"good.yaml"}},
	{"solve DIR/good.yaml --from elloumi", "", []string{"good.yaml"}},
	{"solve DIR/good.yaml --maximise", "", []string{"good.yaml", "orlib", "maximised"}},
	{"solve DIR/good.yaml --problem 2", "", []string{"good.yaml", "2"}},
	{"solve DIR/gap.txt --problem 0", "", []string{"--problem", "from 1"}},
	{"solve DIR/gap.txt --problem 2", "", []string{"gap.txt", "no problem 2"}},
	{"solve DIR/gaps.txt", "", []string{"gaps.txt", "2 problems", "--problem"}},
	{"solve DIR/gaps.txt --problem 3", "", []string{"gaps.txt", "no problem 3"}},
	{"solve DIR/cut.txt --from orlib", "", []string{"cut.txt"}},
	{"solve DIR/prose.txt", "", []string{"prose.txt", "none of the known formats"}},
	{"solve DIR/answer.json", "", []string{"answer.json", "a solution"}},
	{"solve DIR/good.yaml --warm DIR/none.json", "", []string{"none.json", "no such file"}},
	{"solve DIR/good.yaml --warm DIR/good.yaml", "", []string{"good.yaml", "solution"}},
	{"solve DIR/good.yaml --warm DIR/other.json", "", []string{"--warm", "another instance", "instanceDigest"}},
	{"solve DIR/good.yaml --frontier cost", "", []string{"--frontier", "moves"}},
	{"solve DIR/flow.yaml --frontier moves", "", []string{"flow.yaml is a workflow", "leave --frontier out"}},
	{"explain DIR/flow.yaml", "", []string{"flow.yaml is a workflow", "berth view", "berth simulate"}},
	{"solve DIR/good.yaml --frontier moves", "", []string{"no task says where it runs today", "`current`"}},
	{"solve DIR/good.yaml --frontier moves --max-moves 2", "", []string{"--frontier", "leave --max-moves"}},
	{"solve DIR/good.yaml --html", "", []string{"--html", "--frontier moves"}},
	{"solve DIR/good.yaml --fix t1", "", []string{"--fix", "web=n1"}},
	{"solve DIR/good.yaml --fix =n1", "", []string{"--fix", "web=n1"}},
	{"solve DIR/good.yaml --fix t1=", "", []string{"--fix", "web=n1"}},
	{"solve DIR/good.yaml --fix t3=n1", "", []string{"fix", `no task "t3"`, "check the name"}},
	{"solve DIR/good.yaml --fix t1=n1,n9", "", []string{"fix", `no node "n9"`, "check the name"}},
	{"solve DIR/good.yaml --fix t1=n1 --fix t1=n2", "", []string{"fix", "leaves task t1 no node"}},
	{"solve DIR/good.yaml --fix t1=n1 --forbid t1=n1", "", []string{"forbid", "leaves task t1 no node"}},
	{"solve DIR/good.yaml --forbid t1=n1,n2", "", []string{"forbid", "leaves task t1 no node"}},
	{"solve DIR/good.yaml --forbid t1=n9", "", []string{"forbid", `no node "n9"`}},
	{"solve DIR/good.yaml --max-moves few", "", []string{"--max-moves", "whole number from 0"}},
	{"solve DIR/good.yaml --max-moves -1", "", []string{"--max-moves", "whole number from 0"}},
	{"solve DIR/good.yaml --max-moves 1", "", []string{"good.yaml", "where it runs today", "`current`"}},
	{"encode DIR/good.yaml --to lp --max-moves 1", "", []string{"good.yaml", "`current`"}},
	{"verify", "", []string{"FILE is missing", "berth verify FILE SOLUTION"}},
	{"verify DIR/good.yaml", "", []string{"SOLUTION is missing"}},
	{"verify - -", "{}", []string{"standard input", "only once"}},
	{"verify DIR/good.yaml DIR/none.json", "", []string{"none.json", "no such file"}},
	{"verify DIR/good.yaml DIR/good.yaml", "", []string{"good.yaml", "solution"}},
	{"verify DIR/answer.json DIR/good.yaml", "", []string{"answer.json"}},
	{"verify DIR/good.yaml DIR/prose.txt", "", []string{"prose.txt"}},
	{"verify DIR/good.yaml -", `{"format": "berth/v1", "kind": "solution", "stauts": "optimal"}`, []string{"standard input:1", "stauts"}},
	{"verify DIR/good.yaml -", `{"format": "berth/v1", "kind": "solution", "status": "perfect"}`, []string{"standard input:1", "status"}},
	{"verify DIR/good.yaml -", `{"format": "berth/v1", "kind": "solution", "status": "optimal", "status": "optimal"}`, []string{"standard input:1", "status"}},
	{"verify DIR/good.yaml -", `{"format": "berth/v1"`, []string{"standard input:1"}},
	{"verify DIR/good.yaml DIR/answer.json --quick", "", []string{"--quick"}},
	{"view", "", []string{"SOLUTION is missing", "berth view SOLUTION [FILE]"}},
	{"view DIR/answer.json DIR/good.yaml DIR/good.yaml", "", []string{"one argument too many", "berth view SOLUTION [FILE]"}},
	{"view - -", "{}", []string{"standard input", "only once"}},
	{"view DIR/none.json", "", []string{"none.json", "no such file"}},
	{"view DIR/good.yaml", "", []string{"good.yaml", "solution"}},
	{"view DIR/good.yaml DIR/good.yaml", "", []string{"good.yaml", "solution"}},
	{"view DIR/good.yaml DIR/prose.txt", "", []string{"prose.txt"}},
	{"view DIR/answer.json DIR/good.yaml", "", []string{"answer.json", "instanceDigest"}},
	{"view DIR/answer.json --node n1 --task t1", "", []string{"--node", "--task", "leave one"}},
	{"view DIR/answer.json --html --node n1", "", []string{"--node", "#node=NAME"}},
	{"view DIR/answer.json --html --output DIR/folder", "", []string{"--output", "is a folder"}},
	{"view DIR/answer.json --format json", "", []string{"--format"}},
	{"methods lp", "", []string{"one argument too many"}},
	{"methods --format csv", "", []string{"--format", "table, json"}},
	{"generate", "", []string{"FAMILY is missing; the call is `berth generate FAMILY`"}},
	{"generate forest", "", []string{"forest", "tasks", "containers"}},
	{"generate tasks --nodes 0", "", []string{"--nodes", "from 1"}},
	{"generate tasks --nodes many", "", []string{"--nodes"}},
	{"generate tasks --fill 101", "", []string{"--fill", "100"}},
	{"generate tasks --nodes 2 --racks 5", "", []string{"racks", "at most"}},
	{"generate gap-a --racks 3", "", []string{"racks", "leave"}},
	{"generate tasks --seed x", "", []string{"--seed"}},
	{"generate tasks --to toml", "", []string{"--to", "yaml, json"}},
	{"convert", "", []string{"FILE is missing"}},
	{"convert DIR/good.yaml --to xml", "", []string{"--to", "yaml, json"}},
	{"convert DIR/none.txt", "", []string{"none.txt", "no such file"}},
	{"encode DIR/good.yaml", "", []string{"--to is missing", "lp"}},
	{"encode DIR/good.yaml --to xlsx", "", []string{"--to", "wcnf"}},
	{"encode DIR/good.yaml --to lp --at-most 3", "", []string{"--at-most", "dimacs"}},
	{"encode DIR/good.yaml --to dimacs --at-most -3", "", []string{"--at-most", "0 or more"}},
	{"decode DIR/good.yaml", "", []string{"ANSWER is missing"}},
	{"decode - -", "{}", []string{"standard input", "only once"}},
	{"decode DIR/good.yaml DIR/none.sol", "", []string{"none.sol", "no such file"}},
	{"decode DIR/good.yaml DIR/prose.txt", "", []string{"prose.txt"}},
	{"presolve", "", []string{"FILE is missing"}},
	{"presolve DIR/good.yaml --solver lp", "", []string{"--solver"}},
	{"report", "", []string{"berth report RUNS"}},
	{"sweep", "", []string{"name a plan", "--instances", "berth sweep --help"}},
	{"sweep DIR/none.yaml", "", []string{"none.yaml", "no such file"}},
	{"sweep DIR/good.yaml", "", []string{"good.yaml:2:", "kind: found", "sweep"}},
	{"sweep DIR/good.yaml DIR/good.yaml", "", []string{"at most 1 arg"}},
	{"sweep DIR/good.yaml --time 3s", "", []string{"--time and a plan contradict"}},
	{"sweep --methods lp --out DIR/runs", "", []string{"--instances"}},
	{"sweep --instances DIR/good.yaml --out DIR/runs", "", []string{"--methods is missing"}},
	{"sweep --instances DIR/good.yaml --methods lp", "", []string{"--out is missing", "folder"}},
	{"sweep --instances DIR/none/** --methods lp --out DIR/runs", "", []string{"none/** matches nothing"}},
	{"sweep --instances DIR --methods lp --out DIR/runs", "", []string{" is a folder; ", "/** means all files in it"}},
	{"sweep --instances DIR/cut.txt --methods lp --out DIR/runs", "", []string{"cut.txt", "none of the known formats", "as orlib: 1:1"}},
	{"sweep --instances DIR/good.yaml --methods cats --out DIR/runs", "", []string{"cats", "berth methods", "highs"}},
	{"sweep --instances DIR/good.yaml --methods desent --out DIR/runs", "", []string{"methods: desent", `did you mean "descent"?`}},
	{"sweep --instances DIR/good.yaml --methods lp,lp --out DIR/runs", "", []string{"two methods called"}},
	{"sweep --instances DIR/good.yaml --methods lp --seeds 0 --out DIR/runs", "", []string{"--seeds", "4-6"}},
	{"sweep --instances DIR/good.yaml --methods lp --memory lots --out DIR/runs", "", []string{"--memory", "2Gi"}},
	{"sweep --instances DIR/good.yaml --methods lp --gap wide --out DIR/runs", "", []string{"gap", "1%"}},
	{"sweep --status DIR/none", "", []string{"none", "no such folder"}},
	{"sweep --status DIR/folder", "", []string{"no sweep has worked"}},
	{"regress DIR/none.yaml", "", []string{"none.yaml", "no such file"}},
	{"regress DIR/good.yaml", "", []string{"good.yaml:2:7", "want sweep"}},
	{"regress - --baseline DIR/none.tsv --out DIR/runs", "format: berth/v1\nkind: sweep\ninstances: {files: good.yaml}\nmethods: lp\n", []string{"none.tsv", "--accept"}},
	{"regress - --accept --baseline DIR/none/base.tsv --out DIR/runs", "format: berth/v1\nkind: sweep\ninstances: {files: good.yaml}\nmethods: lp\n", []string{"--baseline", "none/base.tsv", "a folder that exists"}},
	{"regress DIR/good.yaml --factor 0.5", "", []string{"--factor", "at least 1"}},
	{"regress", "", []string{"PLAN is missing"}},
	{"results", "", []string{"berth results merge A B"}},
	{"results merge", "", []string{"name the folders"}},
	{"results merge DIR/none", "", []string{"none", "no such file"}},
	{"results merge DIR/good.yaml", "", []string{"good.yaml:1"}},
	{"why DIR/good.yaml", "", []string{"SOLUTION is missing", "- stands for standard input"}},
	{"why - - t1", "", []string{"only once"}},
	{"why DIR/good.yaml DIR/right.json t1 --on n9", "", []string{"--on", `no node "n9"`, "check the name"}},
	{"why DIR/good.yaml DIR/other.json t1", "", []string{"other.json", "does not hold"}},
	{"report DIR/none", "", []string{"none", "no such file", "a sweep"}},
	{"report DIR/folder", "", []string{"folder", "records.jsonl"}},
	{"report DIR/empty.jsonl", "", []string{"empty.jsonl", "no records", "berth sweep"}},
	{"report DIR/good.yaml", "", []string{"good.yaml:1"}},
	{"report DIR/runs.jsonl DIR/none", "", []string{"none"}},
	{"report DIR/good.yaml", "", []string{"good.yaml:1: this is no record", "a file of records"}},
	{"results merge DIR/answer.json", "", []string{"answer.json:1: this is no record"}},
	{"solve DIR/good.yaml --output DIR/good.yaml", "", []string{"--output", "good.yaml is a file that is read here"}},
	{"verify DIR/good.yaml DIR/folder/../answer.json --output DIR/answer.json", "", []string{"answer.json is a file that is read here"}},
	{"solve DIR/good.yaml --proof DIR/good.yaml", "", []string{"--proof", "good.yaml is a file that is read here"}},
	{"view DIR/right.json --output DIR/right.json", "", []string{"right.json is a file that is read here"}},
	{"report DIR/runs.jsonl --format html --output DIR/runs.jsonl", "", []string{"runs.jsonl is a file that is read here"}},
	{"solve DIR/good.yaml --proof DIR/new --output DIR/./new", "", []string{"--proof and --output are both", "new", "name another file"}},
	{"size DIR/good.yaml --svg DIR/new --output DIR/new", "", []string{"--svg and --output are both"}},
	{"report DIR/runs.jsonl --format xlsx", "", []string{"--format", "html, table, csv"}},
	{"report DIR/runs.jsonl --format svg", "", []string{"several files", "--output"}},
	{"report DIR/none --format svg --output DIR/out", "", []string{"none"}},
	{"report DIR/runs.jsonl --format svg --output DIR/good.yaml", "", []string{"good.yaml", "is a file", "name a folder"}},
	{"report DIR/runs.jsonl --format pdf --output DIR/none/out", "", []string{"none/out", "cannot be used", "a folder"}},
	{"report DIR/runs.jsonl --format csv --output=", "", []string{"--output", "name a folder"}},
	{"report DIR/runs.jsonl --output DIR/out.svg", "", []string{"out.svg", "name a folder", "--format svg"}},
	{"report DIR/runs.jsonl --output DIR/out.png", "", []string{"out.png", "its ending says no form", "--format", "html"}},
	{"report DIR/runs.jsonl --output DIR/folder", "", []string{"is a folder", "name a file"}},
	{"compare", "", []string{"berth compare RUNS A B"}},
	{"compare DIR/runs.jsonl auto", "", []string{"berth compare RUNS A B"}},
	{"compare DIR/none auto lp", "", []string{"none", "no such file"}},
	{"compare DIR/runs.jsonl auto simplex", "", []string{"simplex", "auto, descent, lp"}},
	{"compare DIR/runs.jsonl auto auto", "", []string{"the same method"}},
	{"compare DIR/runs.jsonl auto lp --format csv", "", []string{"--format", "table, json, svg, pdf"}},
	{"compare DIR/runs.jsonl auto lp --output DIR/folder", "", []string{"is a folder"}},
	{"solve DIR/good.yaml --without", "", []string{"without"}},
	{"solve DIR/good.yaml --without n9", "", []string{`no node "n9"`}},
	{"solve DIR/good.yaml --processors 2", "", []string{"only stg and auckland"}},
	{"solve DIR/good.yaml --platform DIR/none.yaml", "", []string{"--platform", "no such file"}},
	{"solve DIR/good.yaml --solver heft", "", []string{"heft does not handle placements"}},
	{"simulate DIR/good.yaml", "", []string{"SOLUTION is missing"}},
	{"simulate DIR/good.yaml -", "", []string{"a placement"}},
	{"simulate DIR/good.yaml - --jitter 120%", "", []string{"--jitter", "from 0% to 100%"}},
	{"simulate DIR/good.yaml - --jitter 5", "", []string{"--jitter", "such as 20%"}},
	{"simulate DIR/good.yaml - --lose n1", "", []string{"--lose", "drone2@40s"}},
	{"simulate DIR/good.yaml - --lose n1@soon", "", []string{"--lose", "a time behind the @"}},
	{"simulate DIR/good.yaml - --lose n1@4 --runs 5", "", []string{"--lose is one run"}},
	{"simulate DIR/good.yaml - --svg --format json", "", []string{"--format is for what is no picture"}},
	{"solve DIR/good.yaml --frontier moves --html --format json", "", []string{"--format is for what is no page"}},
	{"explain DIR/good.yaml DIR/right.json --task t1 --ways 3", "", []string{"--ways is for what has no placement"}},
	{"simulate DIR/good.yaml - --svg --html", "", []string{"--svg and --html", "one at a time"}},
	{"completion", "", []string{"SHELL is missing"}},
	{"completion tcsh", "", []string{"tcsh", "bash"}},
	{"man", "", []string{"FOLDER is missing"}},
	{"man DIR/none", "", []string{"none", "a folder that exists"}},
	{"man DIR/good.yaml", "", []string{"good.yaml", "is a file"}},
}

func TestBadCalls(t *testing.T) {
	folder := t.TempDir()
	sources := map[string]string{
		"good.yaml":   good,
		"fine.yaml":   document("", "name: t3, fetch: {n1: 0.000001, n2: 9000000000}", "", ""),
		"flow.yaml":   "format: berth/v1\nkind: workflow\nnodes: [{name: a}]\ntasks: [{name: t, work: 1}]\n",
		"gap.txt":     "2 3\n1 2 3\n3 2 1\n1 1 1\n1 1 1\n2 2\n",
		"gaps.txt":    "2\n2 3\n1 2 3\n3 2 1\n1 1 1\n1 1 1\n2 2\n2 3\n1 2 3\n3 2 1\n1 1 1\n1 1 1\n2 2\n",
		"cut.txt":     "2 3\n1 2 3\n3 2 1\n1 1 1\n",
		"prose.txt":   "Dear solver, where shall my tasks run?\n",
		"answer.json": `{"format": "berth/v1", "kind": "solution", "status": "feasible", "objective": 0, "bound": 0, "gap": 0, "placement": {"t1": "n1", "t2": "n1"}}`,
		"other.json": `{"format": "berth/v1", "kind": "solution", "instanceDigest": "sha256:` + strings.Repeat("0", 64) + `", "status": "feasible", ` +
			`"objective": 0, "bound": 0, "gap": 0, "cost": {}, "placement": {"t1": "n1", "t2": "n1"}}`,
	}
	sources["runs.jsonl"], sources["empty.jsonl"] = recorded(t), ""
	for name, text := range sources {
		write(t, filepath.Join(folder, name), text)
	}
	_, sources["right.json"], _ = call(t, "", "solve", filepath.Join(folder, "good.yaml"))
	write(t, filepath.Join(folder, "right.json"), sources["right.json"])
	if err := os.Mkdir(filepath.Join(folder, "folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range badCalls {
		t.Run(c.args, func(t *testing.T) {
			args := strings.Fields(strings.ReplaceAll(c.args, "DIR", folder))
			status, stdout, stderr := call(t, c.stdin, args...)
			refused(t, folder, status, stdout, stderr, c.want)
			for name, text := range sources {
				if now, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(now) != text {
					t.Errorf("%s was changed: %v", name, err)
				}
			}
		})
	}
}

func TestUnreadableFile(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read every file")
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "secret.yaml")
	write(t, file, good)
	if err := os.Chmod(file, 0); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := call(t, "", "solve", file)
	refused(t, folder, status, stdout, stderr, []string{"secret.yaml", "may not be read"})
}
