package instances_test

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
)

const (
	// Two agents and three jobs: agent 1 cannot take both jobs that it is best at,
	// whichever way the values are meant.
	orlibOne = "2 3\n 4 1 9\n 5 7 2\n 3 4 5\n 3 2 5\n 4 8\n"
	// That and one agent with two jobs.
	orlibMany = "2\n" + orlibOne + "1 2\n 10 20\n 1 1\n 2\n"
	// Three tasks on two processors that hold two of them each.
	elloumiOne = "3\n2\n 4 1 9\n 5 7 2\n 10 0\n 3\n 2 2 2\n 4 4\n"
	// Three tasks that all talk, on two nodes that hold two of them each, 5 apart: the
	// cheapest pair is cut, 2 · 5 · (1 + 2 + 3 + 4), and what they pay on their nodes is 1 + 1 + 3.
	gqapOne = "3 2 2\n 0 1 9\n 2 0 3\n 9 4 0\n 0 5\n 5 0\n 1 7\n 7 1\n 3 9\n 2 2 2\n 4 4\n"
)

// optimum compiles and solves by trying everything.
func optimum(t *testing.T, in *model.Instance) (cost string, feasible bool) {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatalf("%s: %v", in.Name, err)
	}
	placement, best, ok := bruteforce.Solve(p)
	if !ok {
		t.Fatalf("%s: too large for brute force", in.Name)
	}
	if placement == nil {
		return "", false
	}
	return p.Format(best), true
}

func TestReadForeign(t *testing.T) {
	tests := []struct {
		file, text string
		opts       instances.Options
		format     string
		name, want string // of the instance; its optimal cost
	}{
		{"d/one.txt", orlibOne, instances.Options{}, "orlib", "one", "8"},
		{"one", orlibOne, instances.Options{Problem: 1}, "orlib", "one", "8"},
		{"one", orlibOne, instances.Options{Maximise: true}, "orlib", "one (profit = 21 - cost)", "8"},
		{"many", orlibMany, instances.Options{Problem: 1}, "orlib", "many-1", "8"},
		{"many", orlibMany, instances.Options{Problem: 2}, "orlib", "many-2", "30"},
		{"many", orlibMany, instances.Options{Problem: 2, Maximise: true}, "orlib", "many-2 (profit = 30 - cost)", "0"},
		{"tass.dat", elloumiOne, instances.Options{}, "elloumi", "tass", "10"},
		{"c.txt", gqapOne, instances.Options{}, "gqap", "c", "105"},
	}
	for _, test := range tests {
		for _, from := range []string{"", test.format} {
			test.opts.From = from
			in, err := instances.Read([]byte(test.text), test.file, test.opts)
			if err != nil {
				t.Errorf("%s %+v: %v", test.file, test.opts, err)
				continue
			}
			if err := in.Check(); err != nil {
				t.Errorf("%s: %v", test.file, err)
			}
			if cost, _ := optimum(t, in); in.Name != test.name || cost != test.want {
				t.Errorf("%s %+v: %q at cost %q, want %q at %s", test.file, test.opts, in.Name, cost, test.name, test.want)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	big := strings.Repeat("9", 30)
	tests := []struct {
		name, text string
		opts       instances.Options
		want       []string // parts of the message
	}{
		{"nothing", "", instances.Options{}, []string{"f:", "an empty file", "orlib, elloumi"}},
		{"prose", "hello", instances.Options{}, []string{"f:", "none of the known formats", "--from", "as berth: 1:1", "as orlib: 1:1", "as elloumi: 1:1", "as gqap: 1:1"}},
		{"two formats", "2 1\n 1 1 1 1 1 1\n", instances.Options{}, []string{"orlib, elloumi", "--from"}},
		{"unknown format", orlibOne, instances.Options{From: "gapp"}, []string{`"gapp"`, "orlib"}},
		{"several", orlibMany, instances.Options{}, []string{"holds 2 problems", "--problem 1"}},
		{"problem 3 of 2", orlibMany, instances.Options{Problem: 3}, []string{"no problem 3", "holds 2"}},
		{"problem -1", orlibMany, instances.Options{Problem: -1}, []string{"no problem -1", "from 1"}},
		{"problem 2 of 1", orlibOne, instances.Options{Problem: 2}, []string{"no problem 2", "holds 1"}},
		{"problem of elloumi", elloumiOne, instances.Options{Problem: 2}, []string{"one problem"}},
		{"maximised elloumi", elloumiOne, instances.Options{Maximise: true}, []string{"only orlib"}},
		{"cut short", orlibOne[:len(orlibOne)-3], instances.Options{From: "orlib"}, []string{"f:1:1", "2 agents and 3 jobs and then 13 numbers", "2×3 costs", "2 capacities"}},
		{"too long", orlibOne + "7\n", instances.Options{From: "orlib"}, []string{"f:7:1", "1 number more", "the end of the file", "2 agents and 3 jobs"}},
		{"many cut short", orlibMany[:len(orlibMany)-3], instances.Options{From: "orlib"}, []string{"f:8:1: problem 2 of 2: found", "then 4 numbers"}},
		{"many too long", orlibMany + "5 5\n", instances.Options{From: "orlib"}, []string{"f:12:1", "2 numbers more", "a count of 2"}},
		{"one number", "5", instances.Options{From: "orlib"}, []string{"end of the file", "agents and jobs"}},
		{"no problems", "0", instances.Options{From: "orlib"}, []string{"end of the file", "agents and jobs"}},
		{"no jobs", "5 0 1 1 1 1 1", instances.Options{From: "orlib"}, []string{"5 agents and 0 jobs", "at least one"}},
		{"huge header", "999999999 999999999 1", instances.Options{From: "orlib"}, []string{"999999999 agents", "then 1 number;", "999999999×999999999 costs"}},
		{"negative", "2 3\n 4 -1", instances.Options{From: "orlib"}, []string{"f:2:4", `"-1"`, "whole number"}},
		{"fraction", "2 3\n 4 1.5", instances.Options{From: "orlib"}, []string{`"1.5"`, "whole number"}},
		{"too large", "2 3\n" + big, instances.Options{From: "orlib"}, []string{`"` + big, "whole number"}},
		{"profits too large", "1 2 9000000000000 9000000000000 1 1 2", instances.Options{From: "orlib", Maximise: true}, []string{"profits", "more than"}},
		{"elloumi short", "3 2 4", instances.Options{From: "elloumi"}, []string{"f:1:1", "3 tasks and 2 processors and then 1 number", "2×3 costs"}},
		{"elloumi one number", "3", instances.Options{From: "elloumi"}, []string{"found 1 number;", "tasks and processors"}},
		{"elloumi no tasks", "0 2 4", instances.Options{From: "elloumi"}, []string{"0 tasks", "at least one"}},
		{"gqap short", "3 2 4", instances.Options{From: "gqap"}, []string{"f:1:1", "3 tasks and 2 nodes and then 1 number", "3×3 traffic", "2×2 distances"}},
		{"gqap two numbers", "3 1", instances.Options{From: "gqap"}, []string{"then 0 numbers;", "a price of traffic"}},
		{"gqap one number", "3", instances.Options{From: "gqap"}, []string{"found 1 number;", "tasks and nodes"}},
		{"gqap beyond products", "9000000000 9000000000 1", instances.Options{From: "gqap"}, []string{"9000000000 tasks and 9000000000 nodes and then 1 number"}},
		{"gqap no nodes", "1 0 4", instances.Options{From: "gqap"}, []string{"0 nodes", "at least one"}},
		{"gqap one way", "1 2 1\n 0\n 0 5\n 6 0\n 1 1\n 1\n 1 1", instances.Options{From: "gqap"}, []string{"f:4:2", "6 from node 2 to node 1, and 5 back", "both ways"}},
		{"gqap to itself", "1 1 1 0 7 1 1 1", instances.Options{From: "gqap"}, []string{"f:1:9", "7 from node 1 to itself"}},
		{"gqap too much", "2 1 1 0 9000000000000 9000000000000 0 0 1 1 1 1 2", instances.Options{From: "gqap"}, []string{"f:1:23", "the other way", "at most"}},
		{"elloumi huge", "9000000000000 9000000000000 4", instances.Options{From: "elloumi"}, []string{"9000000000000 tasks"}},
	}
	for _, test := range tests {
		in, err := instances.Read([]byte(test.text), "f", test.opts)
		if err == nil {
			t.Errorf("%s: read as %s, want an error", test.name, in.Name)
			continue
		}
		for _, part := range test.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: error %q lacks %q", test.name, err, part)
			}
		}
	}
}

// Much that is nothing is refused by its looks: it is not read as every format in turn, nor
// is a tree made of it.
func TestReadRefusesMuch(t *testing.T) {
	for _, test := range []struct{ file, line, want string }{
		{"f", "1,2,3\n", "f: looks like none of the known formats: berth, orlib, elloumi, gqap, rasa, kubectl, stg, auckland, hetero, wfformat; --from names one, and then it is said why the file is none"},
		{"f.yaml", "- {a: b}\n", "f.yaml:1:1: found no format; want format: berth/v1"},
		{"f.yaml", "[1, 2,\n", "f.yaml:1:1: found a list; want a map: an instance"},
	} {
		_, err := instances.Read([]byte(strings.Repeat(test.line, 5<<20/len(test.line))), test.file, instances.Options{})
		if err == nil || err.Error() != test.want {
			t.Errorf("%s full of %q: %v, want %s", test.file, test.line, err, test.want)
		}
	}
}

// A byte order mark before the text is passed over, whatever the format.
func TestByteOrderMark(t *testing.T) {
	for _, text := range []string{
		"format: berth/v1\nkind: placement\nnodes: [{name: n}]\ntasks: []\n", "2 2\n1 2\n3 4\n1 1\n1 1\n3 3\n",
		`{"ServiceList": [], "MachineList": [{"MachineIP": "m", "TotalCPU": 1, "TotalMem": 1, "InitialDeployingContainers": []}], "TrafficList": []}`,
	} {
		plain, err := instances.Read([]byte(text), "f", instances.Options{})
		if err != nil {
			t.Fatal(err)
		}
		marked, err := instances.Read([]byte("\uFEFF"+text), "f", instances.Options{})
		if err != nil || marked.Digest() != plain.Digest() {
			t.Errorf("%.20q with a byte order mark: %v", text, err)
		}
	}
}

func TestRefusalHasAPlace(t *testing.T) {
	_, err := instances.Read([]byte("2 3\n 4 x"), "f", instances.Options{From: "orlib"})
	var at *model.DocumentError
	if !errors.As(err, &at) || at.File != "f" || at.Line != 2 || at.Column != 4 {
		t.Errorf("error %v of %T, want a DocumentError at f:2:4", err, err)
	}
}

func TestProfit(t *testing.T) {
	tests := []struct {
		name string
		best model.Decimal
		ok   bool
	}{
		{"gap1-1 (profit = 345 - cost)", 345 * model.DecimalOne, true},
		{"gap1-1", 0, false},
		{"gap1-1 (profit = x - cost)", 0, false},
		{"gap1-1 (profit =  - cost)", 0, false},
		{"gap1-1 (profit = 345 - cost) or so", 0, false},
	}
	for _, test := range tests {
		if best, ok := instances.Profit(test.name); best != test.best || ok != test.ok {
			t.Errorf("Profit(%q) = %v, %v", test.name, best, ok)
		}
	}
}

// public returns the files of a public set, or skips the test.
func public(t *testing.T, set string) (dir string, names []string) {
	t.Helper()
	dir = filepath.Join("..", "..", "shared", "instances", set)
	f, err := os.Open(filepath.Join(dir, "best.tsv"))
	if err != nil {
		t.Skipf("the public set %s is not here: %v", set, err)
	}
	defer f.Close()
	table := csv.NewReader(f)
	table.Comma, table.LazyQuotes, table.FieldsPerRecord = '\t', true, -1
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		names = append(names, row[0]+"\t"+row[1])
	}
	return dir, names
}

func TestPublicSets(t *testing.T) {
	for _, set := range []string{"gap/orlib", "gap/chu", "gap/yagiura", "ctap", "gqap"} {
		t.Run(set, func(t *testing.T) {
			dir, rows := public(t, set)
			for _, row := range rows {
				name, _, _ := strings.Cut(row, "\t")
				data, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				in, err := instances.Read(data, name, instances.Options{})
				if err != nil {
					t.Error(err)
				} else if err := in.Check(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

// The ten tasks on three processors that are small enough to try everything.
func TestPublicOptima(t *testing.T) {
	dir, rows := public(t, "ctap")
	tried := 0
	for _, row := range rows {
		name, value, _ := strings.Cut(row, "\t")
		if !strings.HasSuffix(name, "a.dat") || !strings.Contains(name, "1003") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		in, err := instances.Read(data, name, instances.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if cost, _ := optimum(t, in); cost != value {
			t.Errorf("%s: cost %s, want %s", name, cost, value)
		}
		tried++
	}
	if tried < 8 {
		t.Errorf("tried %d instances, want 8 or more", tried)
	}
}

// TestBinaryFiles: of what is no text there is one message, not one for each format.
func TestBinaryFiles(t *testing.T) {
	for data, want := range map[string]string{
		"\x7fELF\x02\x00\x01\x00 7 8": "f:1:6: found a zero byte; want a JSON or YAML text in UTF-8, not a binary file",
		"\xff\xfe#\x00\n\x00":         "f:1:1: found text in UTF-16; want UTF-8: save the file in that encoding",
	} {
		if _, err := instances.Read([]byte(data), "f", instances.Options{}); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", data, err, want)
		}
	}
}
