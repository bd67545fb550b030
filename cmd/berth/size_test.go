package main

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/golden"
	"berth/model"
)

const searchService = `format: berth/v1
kind: service
name: search
promise: {within: 50ms, share: 95%}
load: 1200
servers:
  - {name: n1, rate: 500}
  - {name: n2, rate: 200, workers: 4}
  - {name: n3, rate: 400, variation: 0.2}
  - {name: n4, rate: 100}
`

const searchCluster = `format: berth/v1
kind: placement
name: cluster
nodes:
  - {name: n1, capacity: {cpu: 8, requests: 9999}}
  - {name: n2, capacity: {cpu: 8}}
  - {name: n3, capacity: {cpu: 8}}
  - {name: n4, capacity: {cpu: 8}}
  - {name: spare, capacity: {cpu: 8}}
tasks:
  - {name: front, demand: {cpu: 1, requests: 120}, replicas: 9}
`

// sizeCalls are a call of each verb, as its help shows it.
var sizeCalls = []struct{ golden, args string }{
	{"size.txt", "size DIR/search.yaml"},
	{"size-route.txt", "size route DIR/search.yaml --simulate 20000"},
	{"size-route-aim.txt", "size route DIR/search.yaml --load 900 --aim 99%"},
	{"size-ring.txt", "size ring DIR/search.yaml --without n3 --keys 20000"},
	{"size-ring-joining.txt", "size ring DIR/search.yaml --joining n3 --keys 20000"},
	{"size-server.txt", "size server --rate 120 --workers 8 --variation 0.3 --within 80ms --share 99% --load 700"},
	{"size-replicas.txt", "size replicas --reads 90% --read 1ms --write 2ms --forward 0.2ms --apply 1ms"},
	{"size-buckets.txt", "size buckets --rate 1000 --clients 20 --buffer 400 --load 40"},
	{"size-repair.txt", "size repair --replicas 3 --fanout 2 --acks 1 --missed 10% --reads 50 --writes 5"},
	{"size-heartbeat.txt", "size heartbeat --period 1s --jitter 50ms --between 168h"},
	{"size-lock.txt", "size lock --hold 5ms --load 150 --wait 5ms"},
	{"size-batch.txt", "size batch --overhead 2ms --item 100us --load 1500"},
	{"size-commit.txt", "size commit --replicas 5 --node-between 720h --node-repair 1h --place-between 8760h --place-repair 4h --places 3 --window 5ms"},
}

func TestSizeVerbs(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "search.yaml"), searchService)
	for _, c := range sizeCalls {
		args := strings.Fields(strings.ReplaceAll(c.args, "DIR", folder))
		status, out, errs := call(t, "", append(args, "--format", "table")...)
		if status != statusSolved {
			t.Errorf("%s: status %d: %s", c.args, status, errs)
			continue
		}
		golden.Compare(t, c.golden, out)
		picture := filepath.Join(folder, c.golden+".svg")
		status, out, errs = call(t, "", append(args, "--svg", picture)...)
		if status != statusSolved || !json.Valid([]byte(out)) {
			t.Errorf("%s as JSON: status %d: %s%s", c.args, status, out, errs)
		}
		drawing(t, picture)
	}
}

// drawing checks that a file is an SVG with something drawn in it, and takes it away.
func drawing(t *testing.T, file string) {
	t.Helper()
	text := readFile(t, file)
	if err := xml.Unmarshal([]byte(text), new(struct{ XMLName xml.Name })); err != nil {
		t.Errorf("%s: %v", file, err)
	}
	if strings.Count(text, "<path") < 5 || strings.Contains(text, "nothing to draw") || strings.Contains(text, "NaN") {
		t.Errorf("%s shows nothing: %s", file, text)
	}
	if err := os.Remove(file); err != nil {
		t.Error(err)
	}
}

// TestSizeInto: what servers carry becomes a capacity, by which tasks are placed.
func TestSizeInto(t *testing.T) {
	folder := t.TempDir()
	service, cluster, sized := filepath.Join(folder, "search.yaml"), filepath.Join(folder, "cluster.yaml"), filepath.Join(folder, "sized.yaml")
	write(t, service, searchService)
	write(t, cluster, searchCluster)
	if status, _, errs := call(t, "", "size", service, "--into", cluster, "--output", sized); status != statusSolved {
		t.Fatal(errs)
	}
	status, text, errs := call(t, "", "convert", sized)
	if status != statusSolved {
		t.Fatal(errs)
	}
	in, err := model.Read([]byte(text), "sized.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got := in.Nodes[0].Capacity.Of("requests").String(); got != "440085m" { // 500 − ln 20/0.05, rounded down
		t.Errorf("n1 carries %s", got)
	}
	if got := in.Nodes[4].Capacity.Of("requests"); got != (model.Quantity{}) {
		t.Errorf("the node without a server carries %s", got)
	}
	// Sized again without a server, its node carries none any more.
	write(t, service, strings.Replace(searchService, "  - {name: n1,", "  # - {name: n1,", 1))
	if status, again, errs := call(t, "", "size", service, "--into", sized); status != statusSolved || strings.Contains(again, "440085m") || strings.Count(again, "requests:") != strings.Count(text, "requests:")-1 {
		t.Errorf("status %d: %s%s", status, again, errs)
	}
	// 3 + 6 + 3 + 0 replicas of 120 requests find room, 9 do; 13 do not.
	if status, _, errs := call(t, "", "solve", sized); status != statusSolved {
		t.Errorf("status %d: %s", status, errs)
	}
	write(t, sized, strings.Replace(text, "replicas: 9", "replicas: 13", 1))
	if status, _, _ := call(t, "", "solve", sized); status != statusInfeasible {
		t.Errorf("13 replicas: status %d", status)
	}
}

func TestSizeFromSample(t *testing.T) {
	file := filepath.Join(t.TempDir(), "responses.txt")
	write(t, file, strings.Repeat("10ms\n30ms\n20ms\n", 101))
	status, out, errs := call(t, "", "size", "server", "--sample", file, "--within", "200ms", "--format", "table")
	if status != statusSolved || !strings.Contains(out, "fitted") || !strings.Contains(out, " 50/s\n") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

func TestSizeRefuses(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"search.yaml": searchService, "cluster.yaml": searchCluster,
		"quick.yaml":  strings.Replace(searchService, "50ms", "1ms", 1),
		"calm.yaml":   strings.Replace(searchService, "load: 1200\n", "", 1),
		"other.yaml":  strings.Replace(searchService, "name: n4", "name: n9", 1),
		"sample.yaml": strings.Replace(searchService, "rate: 100", "sample: {file: none.txt}", 1),
	} {
		write(t, filepath.Join(folder, name), text)
	}
	for _, c := range []struct {
		args string
		want []string
	}{
		{"size", []string{"SERVICE is missing", "berth size SERVICE"}},
		{"size DIR/none.yaml", []string{"none.yaml", "no such file"}},
		{"size DIR/cluster.yaml", []string{"cluster.yaml:2:", "kind", "service"}},
		{"size DIR/quick.yaml", []string{"quick.yaml", "server n1: within", "a rate of"}},
		{"size DIR/sample.yaml", []string{"sample.yaml: servers[3].sample", "none.txt", "response times"}},
		{"size DIR/search.yaml --into DIR/none.yaml", []string{"none.yaml", "no such file"}},
		{"size DIR/other.yaml --into DIR/cluster.yaml", []string{"cluster.yaml", "no node called n9", "by the name of its node"}},
		{"size DIR/search.yaml --into DIR/cluster.yaml --format json", []string{"--into", "--format"}},
		{"size - --into -", []string{"only once"}},
		{"size route DIR/calm.yaml", []string{"calm.yaml has no load", "--load 1200"}},
		{"size route DIR/search.yaml --load 1800", []string{"load: 1800", "1800", "want less than that, or servers for more than 0 more"}},
		{"size route DIR/search.yaml --load 2000", []string{"servers for more than 200 more"}},
		{"size route DIR/search.yaml --load nan", []string{"--load", "0 or more"}},
		{"size route DIR/search.yaml --aim 100%", []string{"share", "below 1"}},
		{"size ring DIR/search.yaml --without n9", []string{"--without n9", "no such server", "n1, n2, n3 and n4"}},
		{"size ring DIR/search.yaml --joining n9", []string{"--joining n9", "no such server"}},
		{"size ring DIR/search.yaml --joining n1 --without n2", []string{"--without and --joining", "one at a time"}},
		{"size DIR/search.yaml --svg DIR/none/picture.svg", []string{"--svg", "cannot be written"}},
		{"size DIR/search.yaml --svg -", []string{"--svg and --output", "name a file"}},
		{"size ring DIR/search.yaml --keys 5", []string{"--keys", "from 1000"}},
		{"size server --rate 5", []string{"--within is missing", "berth size server --rate 500"}},
		{"size server --within 5ms", []string{"one of --rate and --sample"}},
		{"size server --rate 100 --within 50ms --load 100", []string{"load: 100", "a load below 100, or 2 workers"}},
		{"size server --rate 0 --within 50ms", []string{"rate: 0", "above 0"}},
		{"size server --sample DIR/none.txt --within 50ms", []string{"none.txt", "response times"}},
		{"size server --sample DIR/search.yaml --within 50ms", []string{"search.yaml", "line 1"}},
		{"size replicas --reads 90%", []string{"--read is missing"}},
		{"size buckets --rate 10 --clients 20 --buffer 5", []string{"buffer: 5", "at most 5 clients"}},
		{"size buckets --rate 10 --clients 20 --buffer 0", []string{"buffer: 0", "want 20 or more\n"}},
		{"size batch --overhead 2ms --item 100us --load -1", []string{"--load", "0 or more"}},
		{"size repair --replicas 3 --fanout 5 --missed 10% --reads 1 --writes 1", []string{"fanout: 5", "from 1 to 3"}},
		{"size heartbeat --period 1s --jitter 1ms", []string{"one of --between and --timeout"}},
		{"size heartbeat --period 1s --jitter 1ms --between 1s", []string{"between", "2 or more"}},
		{"size lock --hold 5ms --load 200", []string{"load: 200", "a load below 200, 2 locks"}},
		{"size batch --overhead 2ms --item 1ms --load 1500", []string{"load: 1500", "2 servers"}},
		{"size batch --overhead 2ms --item 100us --load 1500 --size 2", []string{"size: ", "4 or more"}},
		{"size commit --node-between 0s --node-repair 1h", []string{"node between: 0", "above 0"}},
	} {
		status, out, errs := call(t, "", strings.Fields(strings.ReplaceAll(c.args, "DIR", folder))...)
		refused(t, folder, status, out, errs, c.want)
		if t.Failed() {
			t.Fatalf("that was %s", c.args)
		}
	}
}

// TestSearchExample does what examples/search tells: nine front ends fit, ten do not.
func TestSearchExample(t *testing.T) {
	folder := filepath.Join("..", "..", "examples", "search")
	sized := filepath.Join(t.TempDir(), "sized.yaml")
	service := filepath.Join(folder, "search.yaml")
	if status, _, errs := call(t, "", "size", service, "--into", filepath.Join(folder, "cluster.yaml"), "--output", sized); status != statusSolved {
		t.Fatal(errs)
	}
	if status, _, errs := call(t, "", "solve", sized); status != statusSolved {
		t.Errorf("nine: status %d: %s", status, errs)
	}
	write(t, sized, strings.Replace(readFile(t, sized), "replicas: 9", "replicas: 10", 1))
	if status, _, errs := call(t, "", "solve", sized); status != statusInfeasible {
		t.Errorf("ten: status %d: %s", status, errs)
	}
	for _, verb := range [][]string{{"size", service}, {"size", "route", service}, {"size", "ring", service, "--without", "n3"}} {
		if status, _, errs := call(t, "", verb...); status != statusSolved {
			t.Errorf("%v: status %d: %s", verb, status, errs)
		}
	}
}
