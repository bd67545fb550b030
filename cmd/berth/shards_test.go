package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/golden"
	"berth/model"
)

// homes is a listing as find writes it: ten homes with twenty files each, and one folder
// with as many as all of them.
func homes() string {
	var b strings.Builder
	for h := range 10 {
		fmt.Fprintf(&b, "d home%d\n", h)
		for f := range 20 {
			fmt.Fprintf(&b, "f home%d/file%02d\n", h, f)
		}
	}
	b.WriteString("d mail\n")
	for f := range 200 {
		fmt.Fprintf(&b, "f mail/message%03d\n", f)
	}
	return b.String()
}

func TestShards(t *testing.T) {
	folder := t.TempDir()
	mapping, placed := filepath.Join(folder, "map.json"), filepath.Join(folder, "shards.yaml")
	status, out, errs := call(t, homes(), "shards", "-", "--shards", "8", "--servers", "6", "--memory", "256Ki", "--racks", "3", "--map", mapping, "--output", placed, "--svg", mapping+".svg")
	if status != statusSolved || out != "" {
		t.Fatalf("status %d: %s%s", status, out, errs)
	}
	golden.Compare(t, "shards.txt", errs)
	drawing(t, mapping+".svg")
	status, text, _ := call(t, "", "convert", placed, "--to", "yaml")
	in, err := model.Read([]byte(text), "shards.yaml")
	if status != statusSolved || err != nil {
		t.Fatal(err)
	}
	if len(in.Nodes) != 6 || len(in.Tasks) != 8 || in.Tasks[0].Apart != "rack" || in.Tasks[0].Replicas != 3 {
		t.Errorf("%d nodes, %d tasks, the first %+v", len(in.Nodes), len(in.Tasks), in.Tasks[0])
	}
	if status, _, errs := call(t, "", "solve", placed); status != statusSolved {
		t.Errorf("solve: status %d: %s", status, errs)
	}
	var read struct {
		Shards []struct {
			Shard, From, To  string
			FirstPart, Parts int
			Files, Bytes     int64
		}
	}
	text = readFile(t, mapping)
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err)
	}
	files := int64(0)
	for _, s := range read.Shards {
		files += s.Files
	}
	if last := read.Shards[7]; files != 400 || read.Shards[0].From != "/" || last.To != "/mail" || last.Parts < 2 {
		t.Errorf("%d files in %+v", files, read.Shards)
	}
}

// TestShardsTogether keeps what is below a directory on one server, solves that, and reads
// the solution back.
func TestShardsTogether(t *testing.T) {
	folder := t.TempDir()
	listing, placed, answer, where := filepath.Join(folder, "homes.txt"), filepath.Join(folder, "shards.yaml"), filepath.Join(folder, "answer.json"), filepath.Join(folder, "where.json")
	write(t, listing, homes())
	for _, args := range [][]string{
		{"shards", listing, "--shards", "8", "--servers", "6", "--memory", "1Mi", "--racks", "3", "--together", "1", "--output", placed},
		{"solve", placed, "--output", answer},
	} {
		if status, _, errs := call(t, "", args...); status != statusSolved {
			t.Fatalf("%v: status %d: %s", args, status, errs)
		}
	}
	text := readFile(t, placed)
	for _, want := range []string{"affinity: [shard-5-copy1, shard-6-copy1, shard-7-copy1, shard-8-copy1]", "antiAffinity: [shard-5-copy1, shard-5-copy2, shard-5-copy3]", "topology: rack"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	again := []string{"shards", listing, "--shards", "8", "--placed", answer, "--map", where, "--svg", filepath.Join(folder, "servers.svg")}
	status, out, errs := call(t, "", append(again, "--format", "table")...)
	if status != statusSolved {
		t.Fatalf("status %d: %s", status, errs)
	}
	golden.Compare(t, "shards-placed.txt", out)
	drawing(t, filepath.Join(folder, "servers.svg"))
	var read struct{ Shards []struct{ Servers []string } }
	if err := json.Unmarshal([]byte(readFile(t, where)), &read); err != nil {
		t.Fatal(err)
	}
	if got := read.Shards; len(got) != 8 || len(got[0].Servers) != 3 || fmt.Sprint(got[6].Servers) != fmt.Sprint(got[7].Servers) {
		t.Errorf("shards are on %v", got)
	}
	if status, out, errs := call(t, "", again...); status != statusSolved || !json.Valid([]byte(out)) {
		t.Errorf("as JSON: status %d: %s%s", status, out, errs)
	}
	again[3] = "5"
	status, out, errs = call(t, "", again...)
	refused(t, folder, status, out, errs, []string{"answer.json", "shard-6", "5 shards", "--shards"})
}

// TestShardsInto adds the shards to what is there.
func TestShardsInto(t *testing.T) {
	folder := t.TempDir()
	listing, cluster := filepath.Join(folder, "homes.txt"), filepath.Join(folder, "cluster.yaml")
	write(t, listing, homes())
	write(t, cluster, "format: berth/v1\nkind: placement\nnodes:\n  - {name: a, capacity: {memory: 1Mi}}\n  - {name: b, capacity: {memory: 1Mi}}\ntasks:\n  - {name: web, demand: {memory: 1Ki}}\n")
	status, out, errs := call(t, "", "shards", listing, "--into", cluster, "--replicas", "2", "--shards", "4")
	if status != statusSolved {
		t.Fatalf("status %d: %s", status, errs)
	}
	in, err := model.Read([]byte(out), "placed.yaml")
	if err != nil || len(in.Nodes) != 2 || len(in.Tasks) != 5 || in.Tasks[4].Apart != "node" {
		t.Fatalf("%v: %s", err, out)
	}
	again := filepath.Join(folder, "again.yaml")
	write(t, again, out)
	status, stdout, stderr := call(t, "", "shards", listing, "--into", again, "--replicas", "2")
	refused(t, folder, status, stdout, stderr, []string{"again.yaml", "a task shard-1 already", "rename it"})
	status, stdout, stderr = call(t, "", "shards", listing, "--into", cluster)
	refused(t, folder, status, stdout, stderr, []string{"cluster.yaml", "2 nodes cannot hold 3 copies", "--replicas 2"})
}

func TestShardsRefuses(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "homes.txt"), homes())
	write(t, filepath.Join(folder, "prose.txt"), "Dear listing,\n")
	for _, c := range []struct {
		args string
		want []string
	}{
		{"shards", []string{"LISTING is missing", "berth shards LISTING"}},
		{"shards DIR/none", []string{"none", "no such file"}},
		{"shards DIR", []string{"is a folder"}},
		{"shards DIR/prose.txt", []string{"prose.txt: line 1", "Dear listing", "find ROOT -printf"}},
		{"shards DIR/homes.txt --from tar", []string{"--from", "find, fsimage, s3"}},
		{"shards DIR/homes.txt --from s3", []string{"homes.txt", "a bucket and a key"}},
		{"shards DIR/homes.txt --shards 0", []string{"--shards", "from 1"}},
		{"shards DIR/homes.txt --file-bytes 5000", []string{"a record of 5000 bytes", "4064"}},
		{"shards DIR/homes.txt --into DIR/none.yaml --servers 3", []string{"--into", "--servers"}},
		{"shards DIR/homes.txt --into DIR/none.yaml", []string{"none.yaml", "no such file"}},
		{"shards DIR/homes.txt --map DIR/none/map.json", []string{"--map", "cannot be written"}},
		{"shards - --into -", []string{"only once"}},
		{"shards DIR/homes.txt --map -", []string{"--map and --output", "name a file"}},
		{"shards DIR/homes.txt --shards 4 --servers 2", []string{"2 servers", "3 copies", "--servers 3"}},
		{"shards DIR/homes.txt --shards 4 --servers 3 --memory 100Ki", []string{"3 servers of 100 KiB", "--servers 6", "--memory 196Ki"}},
		{"shards DIR/homes.txt --shards 4 --memory 20Ki", []string{"the largest shard takes", "more --shards"}},
		{"shards - --placed -", []string{"only once"}},
		{"shards DIR/homes.txt --format json", []string{"--format", "--placed"}},
		{"shards DIR/homes.txt --placed DIR/homes.txt --together 1", []string{"--placed", "--together"}},
		{"shards DIR/homes.txt --placed DIR/none.json", []string{"none.json", "no such file"}},
	} {
		status, out, errs := call(t, "", strings.Fields(strings.ReplaceAll(c.args, "DIR", folder))...)
		refused(t, folder, status, out, errs, c.want)
		if t.Failed() {
			t.Fatalf("that was %s", c.args)
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
