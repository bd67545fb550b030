package main

import (
	"path/filepath"
	"strings"
	"testing"

	"berth/instances"
)

// A log becomes the reads of an instance, the rest of which stays as it is.
func TestDemand(t *testing.T) {
	file := filepath.Join("..", "..", "instances", "library", "chunks.yaml")
	picture := filepath.Join(t.TempDir(), "demand.svg")
	log := "time,rack,chunk,bytes\n" + strings.Repeat("1795680000,r4,c4,64\n", 30) + "1795683600,r1,c1,64\n"
	status, out, errs := call(t, log, "demand", "-", file, "--sample", "10%", "--to", "json", "--svg", picture)
	if status != statusSolved {
		t.Fatalf("status %d: %s", status, errs)
	}
	drawing(t, picture)
	for _, want := range []string{"31 reads of 2 chunks in 1h0m0s", "c4       300  107", "c1        10   20"} {
		if !strings.Contains(errs, want) {
			t.Errorf("says %q, want %q", errs, want)
		}
	}
	in, err := instances.Read([]byte(out), "out.json", instances.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range in.Tasks {
		want := map[string]int64{"c4": 300, "c1": 10}[task.Name]
		if (len(task.Reads) > 0) != (want > 0) || want > 0 && int64(task.Reads[0].Reads) != want*1_000_000 {
			t.Errorf("%s is read %v, want %d", task.Name, task.Reads, want)
		}
	}
	if *in.Nodes[0].Uplink != 40_000_000 {
		t.Error("the uplink of r1 has changed")
	}
	shop := filepath.Join("..", "..", "instances", "library", "shop.yaml")
	if status, out, errs := call(t, "rack,chunk\nb2,index\n", "demand", "-", shop); status != statusWrong || out != "" || !strings.Contains(errs, "shop.yaml: task index has a home") {
		t.Errorf("of a task with a home: status %d, %q, %q", status, out, errs)
	}
	flight := filepath.Join("..", "..", "instances", "library", "flight.yaml")
	for _, args := range [][]string{{"demand", "-", flight}, {"shards", "-", "--into", flight}} {
		if status, out, errs := call(t, "rack,chunk\n", args...); status != statusWrong || out != "" || !strings.Contains(errs, "is a workflow") {
			t.Errorf("%v: status %d, %q, %q", args, status, out, errs)
		}
	}
	for _, c := range []struct{ log, share, want string }{
		{"rack,chunk\nr1,c99\n", "100%", `standard input:2: the instance has no task "c99"`},
		{"rack,chunk\nr1,c1\n", "110%", "want a share from 0% to 100%"},
		{"rack,chunk\nr1,c1\n", "0%", "want a share above 0%"},
	} {
		status, out, errs := call(t, c.log, "demand", "-", file, "--sample", c.share)
		if status != statusWrong || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%q: status %d, %q, %q", c.want, status, out, errs)
		}
	}
}
