package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// Every command that examples/datacentre tells runs, in that order.
func TestDatacentreExample(t *testing.T) {
	folder := filepath.Join("..", "..", "examples", "datacentre")
	made := t.TempDir()
	steps, pictures := 0, 0
	for line := range strings.Lines(readFile(t, filepath.Join(folder, "README.md"))) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "berth ")
		if !ok || !strings.HasPrefix(line, "    ") {
			continue
		}
		steps++
		args := strings.Fields(command)
		outputs := map[string]bool{"sized.yaml": true, "services.json": true, "services.html": true, "reads.yaml": true, "store.json": true, "store.html": true}
		for k, arg := range args {
			switch {
			case outputs[arg] || strings.HasSuffix(arg, ".svg"):
				args[k] = filepath.Join(made, arg)
			case strings.HasSuffix(arg, ".yaml") || strings.HasSuffix(arg, ".csv"):
				args[k] = filepath.Join(folder, arg)
			}
		}
		if status, _, errs := call(t, "", args...); status != statusSolved {
			t.Errorf("berth %s: status %d: %s", command, status, errs)
		}
		if last := args[len(args)-1]; strings.HasSuffix(last, ".svg") {
			pictures++
			drawing(t, last)
		}
	}
	if steps != 10 || pictures != 5 {
		t.Errorf("%d commands and %d pictures, want 10 and 5", steps, pictures)
	}
}
