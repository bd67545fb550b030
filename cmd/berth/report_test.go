package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/golden"
	"berth/model"
	"berth/results"
)

// recorded is a file of records: three methods on four instances with two seeds, one
// wrong claim.
func recorded(t *testing.T) string {
	t.Helper()
	var records []results.Record
	for i := range 4 {
		for m, method := range []string{"auto", "descent", "lp"} {
			for seed := range 2 {
				cost := model.Number(fmt.Sprint(100 + i))
				r := results.Record{
					Instance: results.Instance{Name: fmt.Sprintf("shop-%d", i), Group: "shops", File: fmt.Sprintf("shop-%d.yaml", i), Digest: fmt.Sprintf("digest%d", i), Nodes: 4, Tasks: 20},
					Method:   method, Seed: uint64(seed + 1), Limits: results.Limits{Seconds: 60, Threads: 1}, Version: "v1",
					Outcome: results.Optimal, Cost: cost, Claim: results.Claim{Status: "optimal", Objective: cost, Bound: cost},
					Usage:   results.Usage{Wall: 0.1 * float64((i+1)*(m*m+1)*(seed+5)), Exit: "0"},
					Machine: results.Machine{Host: "anvil", CPU: "a processor", Cores: 2, Memory: 4 << 30, System: "Linux"},
					Started: time.Date(2026, 11, 25, 12, i, m, 0, time.UTC), Command: "berth solve",
				}
				switch {
				case method == "descent":
					r.Outcome, r.Cost = results.Feasible, model.Number(fmt.Sprint(100+i+seed))
					r.Claim = results.Claim{Status: "feasible", Objective: r.Cost}
				case method == "lp" && i == 3 && seed == 1:
					r.Cost = "110"
					r.Claim.Objective, r.Claim.Bound = "110", "110" // there is a placement for 103
				}
				r.ID = r.Digest()
				records = append(records, r)
			}
		}
	}
	lines, err := results.Lines(records)
	if err != nil {
		t.Fatal(err)
	}
	return string(lines)
}

func recordsFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "runs.jsonl")
	write(t, file, recorded(t))
	return file
}

func TestReportTables(t *testing.T) {
	file := recordsFile(t)
	for name, args := range map[string][]string{
		"report.txt":   {"report", file, "--format", "table"},
		"report.md":    {"report", file, "--format", "markdown"},
		"report.tex":   {"report", file, "--format", "latex"},
		"compare.txt":  {"compare", file, "auto", "lp", "--format", "table"},
		"compare.json": {"compare", file, "auto", "descent"},
	} {
		status, out, errs := call(t, "", args...)
		if status != statusSolved || errs != "" {
			t.Fatalf("%s: status %d: %s", name, status, errs)
		}
		golden.Compare(t, name, out)
	}
}

// TestReportMerges holds that a report does not depend on the order of its records,
// nor on their being there twice.
func TestReportMerges(t *testing.T) {
	all := recorded(t)
	lines := slices.Collect(strings.Lines(all))
	folder := t.TempDir()
	one, two := filepath.Join(folder, "one"), filepath.Join(folder, "two.jsonl")
	if err := os.Mkdir(one, 0o777); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(lines)
	write(t, filepath.Join(one, "records.jsonl"), strings.Join(lines[:15], ""))
	write(t, two, strings.Join(lines[10:], ""))
	for _, format := range []string{"table", "csv", "html"} {
		_, want, _ := call(t, "", "report", recordsFile(t), "--format", format)
		for _, paths := range [][]string{{one, two}, {two, one}, {one, two, one}} {
			status, got, errs := call(t, "", append([]string{"report", "--format", format}, paths...)...)
			if status != statusSolved || got != want || got == "" {
				t.Errorf("%s of %v: status %d, %d bytes, want %d: %s", format, paths, status, len(got), len(want), errs)
			}
		}
	}
}

// TestReportFiles writes reports in every form into files.
func TestReportFiles(t *testing.T) {
	file, folder := recordsFile(t), t.TempDir()
	for _, c := range []struct {
		output, format string
		want           map[string]string // what each file begins with
	}{
		{"report.html", "", map[string]string{"report.html": "<!"}},
		{"report", "", map[string]string{"report": "<!"}},
		{"report.tex", "", map[string]string{"report.tex": `\begin{table}`}},
		{"report.md", "", map[string]string{"report.md": "## What was run"}},
		{"report.txt", "", map[string]string{"report.txt": "What was run"}},
		{"report.csv", "", map[string]string{"report.csv": "id,instance,"}},
		{"report.html", "markdown", map[string]string{"report.html": "## What was run"}},
		{"csv", "csv", map[string]string{"csv/runs.csv": "id,instance,", "csv/methods.csv": "method,", "csv/instances.csv": "instance,"}},
		{"figures", "svg", map[string]string{"figures/tradeoff.svg": "<?xml", "figures/profile.svg": "<?xml", "figures/duel.svg": "<?xml"}},
		{"figures", "pdf", map[string]string{"figures/tradeoff.pdf": "%PDF", "figures/profile.pdf": "%PDF", "figures/duel.pdf": "%PDF"}},
	} {
		args := []string{"report", file, "--output", filepath.Join(folder, c.output)}
		if c.format != "" {
			args = append(args, "--format", c.format)
		}
		if status, out, errs := call(t, "", args...); status != statusSolved || out != "" || errs != "" {
			t.Fatalf("%v: status %d: %s%s", args, status, out, errs)
		}
		for name, beginning := range c.want {
			data, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil || !bytes.HasPrefix(data, []byte(beginning)) {
				t.Errorf("%v: %s begins with %q, want %q: %v", args, name, data[:min(len(data), 20)], beginning, err)
			}
		}
	}
}

// TestWrongIsRedOnATerminal looks at a report as a terminal gets it.
func TestWrongIsRedOnATerminal(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	var out, errs bytes.Buffer
	a := &app{started: time.Now(), in: strings.NewReader(""), out: &out, err: &errs, outTerminal: true}
	if status := a.run(t.Context(), []string{"report", recordsFile(t)}); status != statusSolved {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	if !strings.Contains(out.String(), "\x1b[31mwrong\x1b[0m") {
		t.Errorf("the wrong claim is not red:\n%s", out.String())
	}
}

func TestCompareDraws(t *testing.T) {
	file := recordsFile(t)
	for format, beginning := range map[string]string{"svg": "<?xml", "pdf": "%PDF"} {
		if status, out, errs := call(t, "", "compare", file, "auto", "lp", "--format", format); status != statusSolved || !strings.HasPrefix(out, beginning) {
			t.Errorf("%s: status %d, %d bytes: %s", format, status, len(out), errs)
		}
	}
	status, out, errs := call(t, "", "compare", file, "lp", "auto@v1")
	var doc duelJSON
	if err := json.Unmarshal([]byte(out), &doc); err != nil || status != statusSolved || doc.B != "auto" || len(doc.Instances) != 4 {
		t.Errorf("status %d, %v: %+v%s", status, err, doc, errs)
	}
}
