package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// follow runs every command that an example tells, in that order; files that it has
// not been given go elsewhere. It returns the arguments of each.
func follow(t *testing.T, folder string, given ...string) (commands [][]string) {
	t.Helper()
	folder = filepath.Join("..", "..", "examples", folder)
	made := t.TempDir()
	for line := range strings.Lines(readFile(t, filepath.Join(folder, "README.md"))) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "berth ")
		if !ok || !strings.HasPrefix(line, "    ") {
			continue
		}
		args := strings.Fields(command)
		for k, arg := range args {
			switch filepath.Ext(arg) {
			case ".yaml", ".csv", ".json", ".html", ".svg":
				args[k] = filepath.Join(made, arg)
				if slices.Contains(given, arg) {
					args[k] = filepath.Join(folder, arg)
				}
			}
		}
		if status, _, errs := call(t, "", args...); status != statusSolved {
			t.Errorf("berth %s: status %d: %s", command, status, errs)
		}
		commands = append(commands, args)
	}
	return commands
}

func TestDatacentreExample(t *testing.T) {
	commands := follow(t, "datacentre", "access.csv", "chunks.yaml", "containers.yaml", "service.yaml")
	pictures := 0
	for _, args := range commands {
		if last := args[len(args)-1]; strings.HasSuffix(last, ".svg") {
			pictures++
			drawing(t, last)
		}
	}
	if len(commands) != 10 || pictures != 5 {
		t.Errorf("%d commands and %d pictures, want 10 and 5", len(commands), pictures)
	}
}

// Two pods make room for the one that waits, and the steps of the plan hold.
func TestKubernetesExample(t *testing.T) {
	commands := follow(t, "kubernetes", "cluster.json")
	if len(commands) < 5 {
		t.Errorf("%d commands", len(commands))
	}
	_, table, notes := call(t, "", "solve", commands[0][1], "--format", "table")
	if want := "cost 2, proven optimal"; !strings.Contains(table, want) {
		t.Errorf("want %s in %s", want, table)
	}
	if !strings.Contains(notes, "what 6 pods take is off the capacity of their nodes") {
		t.Errorf("noted: %s", notes)
	}
}

// TestHelpExamples pastes the examples of --help, verb by verb, into the folder that they
// are for. A line for another program ends that: what comes behind needs what it made.
func TestHelpExamples(t *testing.T) {
	folders := map[string]string{"size": "examples/search", "demand": "examples/datacentre"}
	// Sweeps want plans and records, and their runs want the program as a file.
	aside := []string{"sweep", "regress", "results", "report", "compare", "man"}
	followed := 0
	var follow func(verb string, c *cobra.Command)
	follow = func(verb string, c *cobra.Command) {
		if c.Example != "" {
			t.Run(c.CommandPath(), func(t *testing.T) {
				from := filepath.Join("..", "..", cmp.Or(folders[verb], "instances/library"))
				made := t.TempDir()
				if err := os.CopyFS(made, os.DirFS(from)); err != nil {
					t.Fatal(err)
				}
				t.Chdir(made)
				for line := range strings.Lines(c.Example) {
					line = strings.TrimSpace(line)
					if !strings.HasPrefix(line, "berth ") {
						break
					}
					if strings.Contains(line, "gap1") { // OR-Library's, not shipped
						continue
					}
					paste(t, line)
					followed++
				}
			})
		}
		for _, sub := range c.Commands() {
			follow(verb, sub)
		}
	}
	for _, c := range (&app{}).root(nil).Commands() {
		if !slices.Contains(aside, c.Name()) {
			follow(c.Name(), c)
		}
	}
	if followed < 50 {
		t.Errorf("%d examples were followed", followed)
	}
}

// paste runs a line of commands, each of which reads what the one before it wrote.
func paste(t *testing.T, line string) {
	t.Helper()
	input := ""
	for command := range strings.SplitSeq(line, " | ") {
		args := strings.Fields(strings.ReplaceAll(command, "'", ""))
		status, out, errs := call(t, input, args[1:]...)
		if status != statusSolved && status != statusInfeasible {
			t.Errorf("%s: status %d: %s", line, status, errs)
		}
		input = out
	}
}

// Whoever reads the answer to a drain reads the cluster as it was drained.
func TestDrainIsReadAgain(t *testing.T) {
	cluster := filepath.Join("..", "..", "examples", "kubernetes", "cluster.json")
	folder := t.TempDir()
	answer, steps := filepath.Join(folder, "drained.json"), filepath.Join(folder, "steps.json")
	for _, args := range [][]string{
		{"solve", cluster, "--without", "worker-2", "--output", answer},
		{"verify", cluster, answer},
		{"view", answer, cluster},
		{"plan", cluster, answer, "--output", steps},
		{"verify", cluster, steps},
		{"explain", cluster, "--without", "worker-2"},
		{"why", cluster, answer, "shop/cache-1"},
	} {
		if status, _, errs := call(t, "", args...); status != statusSolved {
			t.Errorf("%v: status %d, %s", args, status, errs)
		}
	}
}
