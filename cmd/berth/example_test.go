package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
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
	if !strings.Contains(notes, "what nodes have is counted without 6 pods on them") {
		t.Errorf("noted: %s", notes)
	}
}
