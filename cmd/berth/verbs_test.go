package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"berth/encode"
	"berth/encode/formats"
	"berth/heuristics"
	"berth/instances"
	"berth/internal/golden"
	"berth/model"
	"berth/results/tables"
	"berth/search"
)

// library writes a shipped instance into a file.
func library(t *testing.T, name string) string {
	t.Helper()
	for _, e := range instances.Library() {
		if e.Name == name {
			file := filepath.Join(t.TempDir(), name+".yaml")
			write(t, file, string(e.Data))
			return file
		}
	}
	t.Fatalf("the library has no %s", name)
	return ""
}

// withAnswer writes an instance, and its solution beside it.
func withAnswer(t *testing.T, text string) (file, solution string) {
	t.Helper()
	folder := t.TempDir()
	file, solution = filepath.Join(folder, "in.yaml"), filepath.Join(folder, "answer.json")
	write(t, file, text)
	if status, _, errs := call(t, "", "solve", file, "--output", solution); status != statusSolved {
		t.Fatal(errs)
	}
	return file, solution
}

var measured = regexp.MustCompile(`(found by [a-z-]+, )?seed 1, [0-9.]+s`)

func TestTables(t *testing.T) {
	impossible := filepath.Join(t.TempDir(), "impossible.yaml")
	write(t, impossible, strings.ReplaceAll(good, "cpu: 4", "cpu: 0.75"))
	for _, c := range []struct {
		golden string
		file   string
		verb   string
		status int
	}{
		{"solve-batch.txt", library(t, "batch"), "solve", statusSolved},
		{"solve-impossible.txt", impossible, "solve", statusInfeasible},
		{"presolve-shop.txt", library(t, "shop"), "presolve", statusSolved},
		{"presolve-impossible.txt", impossible, "presolve", statusInfeasible},
	} {
		t.Run(c.golden, func(t *testing.T) {
			status, out, errs := call(t, "", c.verb, "--format", "table", c.file)
			if status != c.status {
				t.Fatalf("status %d, want %d: %s", status, c.status, errs)
			}
			golden.Compare(t, c.golden, measured.ReplaceAllString(out, "seed 1, 0.00s"))
		})
	}
}

// The headline says what moves where anything runs somewhere today, and what is left out where
// anything may be.
func TestHeadline(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"drain", nil, "drain: cost 30, proven optimal, 3 replicas move\n"},
		{"priority", nil, "priority: cost 66, proven optimal, 3 are left out\n"},
		{"batch", nil, "batch: cost 50, proven optimal\n"},
	} {
		status, out, errs := call(t, "", append([]string{"solve", "--format", "table", library(t, c.name)}, c.args...)...)
		if status != statusSolved || !strings.Contains(out, c.want) {
			t.Errorf("%s %v: status %d: %s%s", c.name, c.args, status, out, errs)
		}
	}
	text := "format: berth/v1\nkind: placement\nnodes: [{name: a}, {name: b}]\ntasks: [{name: x, current: a, unplaced: 5}]\n"
	for args, want := range map[string]string{"": ": cost 0, proven optimal, nothing moves, none is left out\n", "a": "1 replica moves, none is left out\n", "a,b": "nothing moves, 1 is left out\n"} {
		more := []string{}
		if args != "" {
			more = []string{"--without", args}
		}
		if _, out, errs := call(t, text, append([]string{"solve", "--format", "table", "-"}, more...)...); !strings.Contains(out, want) {
			t.Errorf("without %q: %s%s, want %q", args, out, errs, want)
		}
	}
}

// TestVerifyNamesEveryLie changes one claim after the other.
func TestVerifyNamesEveryLie(t *testing.T) {
	file := library(t, "batch")
	status, answer, errs := call(t, "", "solve", file)
	if status != statusSolved {
		t.Fatalf("status %d: %s", status, errs)
	}
	if status, out, errs := call(t, answer, "verify", file, "-"); status != statusSolved || errs != "" || !strings.Contains(out, `"holds": true`) {
		t.Fatalf("the truth: status %d, %s%s", status, out, errs)
	}
	for _, lie := range []struct{ field, from, to, want string }{
		{"objective", `"objective":\d+`, `"objective":1`, "objective"},
		{"bound", `"bound":\d+`, `"bound":1000`, "bound"},
		{"gap", `"gap":0`, `"gap":0.5`, "gap"},
		{"a term of the cost", `"fetch":\d+`, `"fetch":0`, "cost.fetch"},
		{"a node", `"ledger":"n\d"`, `"ledger":"n9"`, "n9"},
		{"a task", `"ledger":"(n\d)"`, `"lodger":"$1"`, "lodger"},
		{"too many replicas", `"ledger":"(n\d)"`, `"ledger":["$1","$1"]`, "ledger"},
		{"a task left out", `"ledger":"n\d"`, `"ledger":null`, "ledger"},
		{"all on one node", `:"n[23]"`, `:"n1"`, "nodes[0].capacity.memory"},
		{"the digest", `sha256:....`, `sha256:0000`, "instanceDigest"},
		{"the instance", `"instance":"batch"`, `"instance":"shop"`, "instance"},
	} {
		t.Run(lie.field, func(t *testing.T) {
			told := regexp.MustCompile(lie.from).ReplaceAllString(answer, lie.to)
			if told == answer {
				t.Fatalf("%s is not in %s", lie.from, answer)
			}
			status, out, errs := call(t, told, "verify", file, "-")
			if status != statusRefuted || !strings.Contains(errs, lie.want) || !strings.Contains(out, `"holds": false`) {
				t.Errorf("status %d, output %s, said %q; want status %d and %q", status, out, errs, statusRefuted, lie.want)
			}
			if status, out, errs := call(t, told, "verify", "--format", "table", file, "-"); status != statusRefuted || errs != "" || !strings.Contains(out, lie.want) {
				t.Errorf("as a table: status %d, %s%s", status, out, errs)
			}
		})
	}
}

func TestForeignFileWithProfits(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gaps.txt")
	write(t, file, "2\n2 3\n1 2 3\n3 2 1\n1 1 1\n1 1 1\n2 2\n2 3\n4 2 3\n3 2 1\n1 1 1\n1 1 1\n2 2\n")
	how := []string{"--problem", "2", "--maximise"}
	status, answer, errs := call(t, "", append([]string{"solve", file}, how...)...)
	// The best profits add up to 4+2+3 = 9, and one job must leave for the other
	// agent, where it earns as much.
	if status != statusSolved || !strings.Contains(errs, "the profit is 9") {
		t.Fatalf("status %d: %q", status, errs)
	}
	if status, _, errs := call(t, answer, append([]string{"verify", file, "-"}, how...)...); status != statusSolved {
		t.Errorf("verify: status %d: %s", status, errs)
	}
	if status, _, errs := call(t, answer, "verify", file, "-", "--problem", "1", "--maximise"); status != statusRefuted {
		t.Errorf("verify against another problem: status %d: %s", status, errs)
	}
	status, converted, errs := call(t, "", append([]string{"convert", file}, how...)...)
	if status != statusSolved {
		t.Fatalf("convert: %s", errs)
	}
	again := filepath.Join(t.TempDir(), "again.yaml")
	write(t, again, converted)
	if status, _, errs := call(t, answer, "verify", again, "-"); status != statusSolved {
		t.Errorf("verify against the conversion: status %d: %s", status, errs)
	}
}

// TestEncodeWarns: a file that clasp refuses is said to be one, by its costs and by the sum of a row,
// and so is one whose costs no number in floating point holds.
func TestEncodeWarns(t *testing.T) {
	const wide, vast = "beyond 32 bits, which clasp refuses", "give prices fewer digits"
	const gecode = "beyond 32 bits, which Gecode refuses; give prices"
	for _, c := range []struct {
		to, fetch, memory, warned string
	}{
		{"opb", "2147483647", "900000001", ""},
		{"opb", "2147483648", "900000001", wide},
		{"opb", "2147483647", "1200000001", wide},
		{"wcnf", "2147483647", "1200000001", ""},
		{"wcnf", "2147483648", "900000001", wide},
		{"mzn", "2147483648", "900000001", gecode},
		{"lp", "2147483648", "1200000001", ""},
		{"lp", "9007199254.740991", "900000001", vast},
		{"mps", "9007199254.740991", "900000001", vast},
		{"lp", "9007199254", "900000001", ""},
		{"wcsp", "9007199254.740991", "900000001", ""},
	} {
		text := "format: berth/v1\nkind: placement\nnodes:\n  - {name: n1, capacity: {memory: 2000000005}}\n  - {name: n2, capacity: {memory: 2000000011}}\n" +
			"tasks:\n  - {name: a, demand: {memory: " + c.memory + "}, home: n1, fetch: " + c.fetch + "}\n" +
			"  - {name: b, demand: {memory: 700000003}, home: n1, fetch: 1}\n  - {name: c, demand: {memory: 500000007}, home: n2, fetch: 1}\n"
		status, out, errs := call(t, text, "encode", "-", "--to", c.to)
		if status != statusSolved || !strings.Contains(errs, c.warned) || c.warned == "" && errs != "" {
			t.Errorf("--to %s of a cost of %s and a demand of %s: status %d, %q, in %s", c.to, c.fetch, c.memory, status, errs, out)
		}
	}
}

// TestEncodeWarnsOfTime: times with more steps than floating point tells apart, or than Gecode counts, are named.
func TestEncodeWarnsOfTime(t *testing.T) {
	const coarse = "times fewer digits"
	for _, c := range []struct {
		to, work string
		warned   bool
	}{
		{"lp", "40000.1", false},
		{"lp", "40000.12", true},
		{"mps", "40000.12", true},
		{"mzn", "40000.12", false},
		{"mzn", "40000.000001", true}, // beyond 32 bits
	} {
		text := "format: berth/v1\nkind: workflow\nnodes: [{name: n1}, {name: n2, speed: 2}]\nnetwork: {default: {latency: 1}}\n" +
			"tasks: [{name: a, work: " + c.work + "}, {name: b, work: 40000}, {name: c, work: 40000}]\n"
		status, _, errs := call(t, text, "encode", "-", "--to", c.to)
		if status != statusSolved || strings.Contains(errs, coarse) != c.warned {
			t.Errorf("--to %s of a work of %s: status %d, %q", c.to, c.work, status, errs)
		}
	}
}

// TestDecode answers as a SAT solver would, with a placement that berth found.
func TestDecode(t *testing.T) {
	file := library(t, "shop")
	for _, w := range formats.All() {
		if status, out, errs := call(t, "", "encode", file, "--to", w.Name); status != statusSolved || len(out) < 1000 {
			t.Errorf("encode --to %s: status %d, %d bytes: %s", w.Name, status, len(out), errs)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	in, err := model.Read(data, file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	result, err := search.Run(t.Context(), p, heuristics.PenaltyFirst, search.Limits{}, 1, 1, nil)
	if err != nil || result.Placement == nil {
		t.Fatalf("penalty-first: %v, %+v", err, result)
	}
	said := "s OPTIMUM FOUND\nv"
	for v, value := range encode.Build(p).Values(result.Placement) {
		if value {
			said += fmt.Sprintf(" x%d", v+1)
		} else {
			said += fmt.Sprintf(" -x%d", v+1)
		}
	}
	status, out, errs := call(t, said+"\n", "decode", file, "-")
	if status != statusSolved {
		t.Fatalf("decode: status %d: %s", status, errs)
	}
	if decoded := holds(t, in, []byte(out)); string(decoded.Objective) != p.Format(result.Cost) {
		t.Errorf("decoded at cost %s, found at %s", decoded.Objective, p.Format(result.Cost))
	}
}

func TestMethodsAsJSON(t *testing.T) {
	status, out, errs := call(t, "", "methods")
	var rows []methodRow
	if err := json.Unmarshal([]byte(out), &rows); status != statusSolved || err != nil {
		t.Fatalf("status %d: %s%v", status, errs, err)
	}
	if rows[0].Name != "auto" || len(rows[0].Handles) != len((model.AllFeatures|model.Schedules).Names()) {
		t.Errorf("the first method is %+v, want auto with every feature", rows[0])
	}
	status, table, _ := call(t, "", "methods", "--format", "table")
	for _, row := range rows {
		if !strings.Contains(table, row.Short) || status != statusSolved {
			t.Errorf("the table does not have %q", row.Short)
		}
	}
}

func TestManAndCompletion(t *testing.T) {
	folder := t.TempDir()
	if status, _, errs := call(t, "", "man", folder); status != statusSolved {
		t.Fatal(errs)
	}
	for _, page := range []string{"berth.1", "berth-solve.1", "berth-size-route.1"} {
		text, err := os.ReadFile(filepath.Join(folder, page))
		if err != nil || !strings.Contains(string(text), "EXAMPLE") {
			t.Errorf("%s: %v; it should have an example", page, err)
		}
	}
	for shell := range shells {
		if status, out, errs := call(t, "", "completion", shell); status != statusSolved || !strings.Contains(out, "berth") {
			t.Errorf("completion %s: status %d: %s", shell, status, errs)
		}
	}
}

func TestGenerateRepeats(t *testing.T) {
	for _, f := range instances.Families() {
		_, first, errs := call(t, "", "generate", f.Name, "--seed", "4")
		_, second, _ := call(t, "", "generate", f.Name, "--seed", "4", "--to", "yaml")
		if first == "" || first != second {
			t.Errorf("%s: %d and %d bytes, %s", f.Name, len(first), len(second), errs)
		}
		if status, _, errs := call(t, first, "presolve", "-"); status != statusSolved && status != statusInfeasible {
			t.Errorf("%s: what was generated cannot be read: %s", f.Name, errs)
		}
	}
}

// TestMethodsFitTheTerminal: no line of the table of methods is wider than the terminal.
func TestMethodsFitTheTerminal(t *testing.T) {
	status, out, errs := onTerminal(t, 80, "methods")
	if status != statusSolved || errs != "" || !strings.Contains(out, " a  several resources\n") {
		t.Fatalf("status %d: %s%s", status, out, errs)
	}
	for line := range strings.Lines(out) {
		if width := tables.Width(strings.TrimRight(line, "\n")); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}

// TestManyDigits: where prices have so many digits that methods which prove withdraw, and nothing is
// proven, the user is told.
func TestManyDigits(t *testing.T) {
	text := "format: berth/v1\nkind: placement\nnodes: [{name: a, capacity: {cpu: 4}}, {name: b, capacity: {cpu: 4}}]\n" +
		"tasks: [{name: x, demand: {cpu: 3}, fetch: {a: 400000000000, b: PRICE}}, {name: y, demand: {cpu: 3}, fetch: {a: 800000000001, b: 1.5}}]\n"
	for price, want := range map[string]bool{"1.000001": true, "1.5": false} {
		status, _, errs := call(t, strings.Replace(text, "PRICE", price, 1), "solve", "-", "--work", "5M")
		if told := strings.Contains(errs, "standard input: prices of a task differ by more than 10¹⁰ of their smallest step, 0.000001"); status != statusSolved || told != want {
			t.Errorf("with %s: status %d, %s", price, status, errs)
		}
	}
}

// TestSecondsOfASolution: times are written to the microsecond.
func TestSecondsOfASolution(t *testing.T) {
	_, out, _ := call(t, "", "solve", library(t, "shop"), "--work", "5M")
	if long := regexp.MustCompile(`"seconds":[^,]*\.\d{7,}`).FindString(out); long != "" || !strings.Contains(out, `"seconds":`) {
		t.Errorf("a time is %s", long)
	}
}
