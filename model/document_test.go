package model

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawInstance makes an instance that is as a document would be read: sorted, with
// nothing that is its default.
func drawInstance(t *rapid.T) *Instance {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	d := &draft{rng: rng, nodes: names(rng, "n", 1+rng.IntN(5)), tasks: names(rng, "task ", rng.IntN(6))}
	in := &Instance{Tasks: []Task{}, Weights: Weights{d.price(), d.price(), DecimalOne, d.price()}}
	if d.chance() {
		in.Name = "it's: #1"
	}
	for _, name := range d.nodes {
		in.Nodes = append(in.Nodes, d.node(name))
	}
	for _, name := range d.tasks {
		in.Tasks = append(in.Tasks, d.task(name))
	}
	d.relations(in)
	return in
}

type draft struct {
	rng          *rand.Rand
	nodes, tasks []string
}

// names are sorted and awkward: YAML takes some of them for something else.
func names(rng *rand.Rand, prefix string, count int) []string {
	pool := []string{prefix, "null", "~", "1", "1e3", "0x1F", "true", "off", "a b", "a.b", "-", "- x", "é", "\"q\"", `\`, "a: b", "#", "{", "&a", "=", "2024-01-01", "<<", ".inf", "日本"}
	rng.Shuffle(len(pool), func(a, b int) { pool[a], pool[b] = pool[b], pool[a] })
	return sortedBy(pool[:count], func(s string) string { return s })
}

func (d *draft) chance() bool { return d.rng.IntN(2) == 0 }

func (d *draft) price() Decimal {
	switch d.rng.IntN(3) {
	case 0:
		return Decimal(d.rng.Int64N(1 << 62))
	case 1:
		return Decimal(2+d.rng.IntN(9)) * DecimalOne
	}
	return Decimal(d.rng.IntN(3))
}

func (d *draft) optional() *Decimal {
	if d.chance() {
		return nil
	}
	p := d.price()
	return &p
}

func (d *draft) quantity() Quantity {
	q := Quantity{Units: d.rng.Int64N(1 << uint(1+d.rng.IntN(62)))}
	if d.chance() {
		q.Nanos = []int32{0, 500_000_000, 1, 999_999_999, 1_000}[d.rng.IntN(5)]
	}
	return q
}

func (d *draft) resources() Resources {
	var r Resources
	for _, name := range names(d.rng, "cpu", d.rng.IntN(3)) {
		r = append(r, Amount{name, d.quantity()})
	}
	return r
}

func (d *draft) some(list []string) []string {
	if len(list) == 0 || d.chance() {
		return nil
	}
	k := d.rng.IntN(len(list))
	return list[k : k+1+d.rng.IntN(len(list)-k)]
}

func (d *draft) node(name string) Node {
	n := Node{Name: name, Capacity: d.resources(), OpenCost: d.price(), Uplink: d.optional()}
	n.Labels = []Label{{"off", "a"}, {"rack", []string{"", "0", "r"}[d.rng.IntN(3)]}}
	return n
}

func (d *draft) task(name string) Task {
	t := Task{Name: name, Demand: d.resources(), Replicas: 1 + d.rng.IntN(3), Unplaced: d.optional()}
	t.Apart = []string{"", "node", "rack"}[d.rng.IntN(3)]
	t.Current = d.some(d.nodes)
	t.Current = t.Current[:min(t.Replicas, len(t.Current))]
	if len(t.Current) == 0 {
		t.Current = nil
	} else if p := d.price(); p != DecimalOne {
		t.MoveCost = &p
	}
	for _, node := range d.some(d.nodes) {
		t.DemandOn = append(t.DemandOn, NodeDemand{node, append(Resources{{"a", d.quantity()}}, d.resources()...)[:1]})
	}
	switch d.rng.IntN(4) {
	case 0:
		t.On = &Selector{Labels: []Label{{"rack", "x"}}}
	case 1:
		t.On = &Selector{Nodes: d.nodes[:1]}
	}
	d.prices(&t)
	return t
}

func (d *draft) prices(t *Task) {
	if d.rng.IntN(4) == 0 {
		for _, node := range d.some(d.nodes) {
			t.Reads = append(t.Reads, NodeReads{node, d.price()})
		}
		return
	}
	t.Home = d.some(d.nodes)
	switch d.rng.IntN(3) {
	case 0:
		t.Fetch = &Fetch{Rest: 3 + d.price()}
	case 1:
		for _, node := range d.some(d.nodes) {
			if t.Fetch == nil {
				t.Fetch = &Fetch{Rest: d.price()}
			}
			t.Fetch.On = append(t.Fetch.On, NodePrice{node, d.price()})
		}
	default:
		if t.Home != nil {
			q := d.quantity()
			t.Data = &q
		}
	}
}

func (d *draft) line() Line {
	l := Line{Latency: d.price()}
	if d.chance() {
		q := d.quantity()
		q.Nanos = 1
		l.Bandwidth = &q
	}
	return l
}

// relations adds what lies between nodes and between tasks.
func (d *draft) relations(in *Instance) {
	for k := range len(d.tasks) - 1 {
		pair := d.tasks[k : k+2]
		in.Rules = append(in.Rules,
			Rule{Kind: Affinity, Tasks: pair, Weight: d.optional()},
			Rule{Kind: AntiAffinity, Tasks: pair, Topology: "off"},
			Rule{Kind: Spread, Tasks: pair[:1], Topology: "rack", MaxSkew: 1 + d.rng.IntN(2), Weight: d.optional()})
		in.Traffic = append(in.Traffic, Traffic{[2]string(pair), d.price()})
	}
	for k := range len(d.nodes) - 1 {
		in.Network.Links = append(in.Network.Links, Link{[2]string(d.nodes[k : k+2]), d.line()})
	}
	if d.chance() {
		l := d.line()
		in.Network.Default = &l
	}
	if d.chance() {
		in.Network.Distance = []Distance{{"node", 0}, {"off", 1}, {"", 1 + d.price()}}
	} else if d.chance() {
		in.Traffic = nil // of tasks that may have several replicas
		nodes := slices.Sorted(slices.Values(d.nodes))
		for j, from := range nodes {
			for _, to := range nodes[j+1:] {
				in.Network.Between = append(in.Network.Between, NodeDistance{[2]string{from, to}, d.price()})
			}
		}
	}
}

func TestWriteThenReadGivesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{"json", "yaml"} {
			text := written(t, in, format)
			back, err := Read(text, "back")
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if diff := difference(in, back); diff != "" {
				t.Fatalf("%s\n%s", diff, text)
			}
			if in.Digest() != back.Digest() {
				t.Fatalf("another digest\n%s", text)
			}
		}
	})
}

func written(t rapid.TB, in *Instance, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := in.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// difference names the first thing that two instances do not share.
func difference(a, b *Instance) string {
	if !reflect.DeepEqual(a.Weights, b.Weights) || a.Name != b.Name {
		return fmt.Sprintf("%q %v, then %q %v", a.Name, a.Weights, b.Name, b.Weights)
	}
	for _, pair := range [][2]any{
		{a.Nodes, b.Nodes}, {a.Tasks, b.Tasks}, {a.Rules, b.Rules}, {a.Traffic, b.Traffic}, {a.Network, b.Network},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			return fmt.Sprintf("%+v\nthen\n%+v", pair[0], pair[1])
		}
	}
	return ""
}

func TestDigestIsOfTheMeaning(t *testing.T) {
	const plain = `
format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 2, memory: 1Gi}, labels: {rack: a, zone: b}}
  - {name: n2}
tasks:
  - {name: a, demand: {cpu: 500m}, home: n1, fetch: {n2: 2, "*": 1}, replicas: 2, current: n2}
rules:
  - {spread: [a], topology: rack}
`
	const same = `{"kind": "placement", "format": "berth\/v1", "weights": {"open": 1, "fetch": 1.000000},
		"tasks": [{"current": ["n2"], "moveCost": 1e0, "name": "\u0061", "demand": {"cpu": "0.5"}, "home": ["n1"],
			"fetch": {"*": 1, "n2": 2.0}, "replicas": 2e0}],
		"rules": [{"maxSkew": 1, "topology": "rack", "spread": ["a"]}], "traffic": [],
		"nodes": [{"name": "n1", "labels": {"zone": "b", "rack": "a"}, "capacity": {"memory": "1024Mi", "cpu": "2000m"}},
			{"name": "n2", "openCost": 0}]}`
	want := mustRead(t, plain).Digest()
	if got := mustRead(t, same).Digest(); got != want {
		t.Errorf("digests differ: %s and %s", got, want)
	}
	seen := map[string]string{want: "the document"}
	for _, change := range [][2]string{
		{"500m", "501m"},
		{"n2: 2", "n2: 3"},
		{`"*": 1`, `"*": 2`},
		{"replicas: 2", "replicas: 3"},
		{"rack: a", "rack: b"},
		{"topology: rack", "topology: zone"},
		{"topology: rack", "weight: 0"},
		{"current: n2", "current: [n2, n2]"},
		{"kind: placement", "kind: placement\nname: x"},
		{"{name: n2}", "{name: n2, uplink: 0}"},
		{", home: n1", ""},
	} {
		digest := mustRead(t, strings.Replace(plain, change[0], change[1], 1)).Digest()
		if seen[digest] != "" {
			t.Errorf("%v leads to the digest of %v", change, seen[digest])
		}
		seen[digest] = fmt.Sprint(change)
	}
}

func mustRead(t *testing.T, text string) *Instance {
	t.Helper()
	in, err := Read([]byte(text), "text")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// Documents that no table can hold: odd bytes, great depth, bombs.
func TestReadRefusesOddFiles(t *testing.T) {
	const head = "format: berth/v1\nkind: placement\n"
	bomb := head + "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	nodes := head + "nodes:\n  - name: n\n    labels: &l0 {k: v}\n"
	homes := "tasks:\n  - {name: t, home: &h [" + strings.Repeat("n,", 3000) + "]}\n"
	for k := range 3000 {
		homes += fmt.Sprintf("  - {name: t%d, home: *h}\n", k)
	}
	for name, test := range map[string]struct{ text, want string }{
		"empty":         {"", "odd: found an empty file"},
		"blank":         {" \n\t\n", "odd: found an empty file"},
		"only comments": {"# nothing\n", "odd: found an empty file"},
		"only a mark":   {"\uFEFF", "odd: found an empty file"},
		"ELF":           {"\x7fELF\x02\x01\x01\x00\x00", "odd:1:8: found a zero byte; want a JSON or YAML text"},
		"latin-1":       {head + "name: caf\xe9\n", "odd:3:10: found the byte 0xE9, which is not UTF-8"},
		"UTF-16":        {"\xff\xfef\x00o\x00", "odd:1:1: found text in UTF-16; want UTF-8"},
		"deep JSON":     {strings.Repeat("[", 500_000), "odd:1:1: found a list; want a map"},
		"deep JSON in a field": {
			`{"format": "berth/v1", "kind": "placement", "rules": ` + strings.Repeat(`[`, 500_000),
			"odd:1:55: rules[0]: found a list; want a map: a rule",
		},
		"deep JSON to skip": {
			`{"tasks": ` + strings.Repeat(`[`, 500_000), "odd:1:12: tasks[0]: found a list; want a map: a task",
		},
		"deep YAML":         {head + "rules: " + strings.Repeat("[", 500_000), "odd:3:1: found a syntax error (exceeded max depth of 10000)"},
		"bomb in a name":    {bomb + "name: *a\n", "odd:3:1: found the field \"a\""},
		"aliases by budget": {nodes + homes, "aliases that stand for millions of values; want a document written out"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read([]byte(test.text), "odd")
			var document *DocumentError
			if !errors.As(err, &document) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestReadAccepts(t *testing.T) {
	const body = "format: berth/v1\nkind: placement\nnodes: [{name: n1}]\ntasks: [{name: a"
	for name, text := range map[string]string{
		"a byte order mark":     "\uFEFF" + body + "}]\n",
		"Windows line ends":     strings.ReplaceAll(body+"}]\n", "\n", "\r\n"),
		"no last line end":      body + "}]",
		"a document mark":       "---\n" + body + "}]\n...\n",
		"flow style":            "{format: berth/v1, kind: placement, nodes: [{name: n1}], tasks: [{name: a}]}",
		"JSON with a mark":      "\uFEFF" + `{"format": "berth/v1", "kind": "placement", "nodes": [{"name": "n1"}], "tasks": [{"name": "a"}]}`,
		"an alias":              "format: berth/v1\nkind: placement\nnodes: [{name: &n n1}]\ntasks: [{name: a, home: *n}]",
		"a selector of nobody":  "format: berth/v1\nkind: placement\nnodes: [{name: n1, labels: {disk: hdd}}]\ntasks: [{name: a, on: {disk: ssd}}]",
		"an unlimited resource": body + ", demand: {gpu: 1}}]",
	} {
		if _, err := Read([]byte(text), "good"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	text, err := os.ReadFile("testdata/good.yaml") // every field there is
	if err != nil {
		t.Fatal(err)
	}
	mustRead(t, string(text))
}

func TestCheckOfWhatNoDocumentCanSay(t *testing.T) {
	negative, nothing := Decimal(-1), Quantity{Nanos: -1}
	for want, spoil := range map[string]func(*Instance){
		"nodes[0].openCost: found -0.000001; want 0 or more":                    func(in *Instance) { in.Nodes[0].OpenCost = -1 },
		"nodes[0].uplink: found -0.000001; want 0 or more":                      func(in *Instance) { in.Nodes[0].Uplink = &negative },
		"weights.traffic: found -0.000001; want 0 or more":                      func(in *Instance) { in.Weights.Traffic = -1 },
		"tasks[0].replicas: found no replicas; want at least 1":                 func(in *Instance) { in.Tasks[0].Replicas = 0 },
		"tasks[0].demand.b: found 0 units and -1 billionths":                    func(in *Instance) { in.Tasks[0].Demand = Resources{{"b", nothing}} },
		`tasks[0].demand.a: found the key "a"; want every key once`:             func(in *Instance) { in.Tasks[0].Demand = Resources{{"b", Quantity{}}, {"a", Quantity{}}} },
		`tasks[0].fetch.n: found the key "n" a second time; want every`:         func(in *Instance) { in.Tasks[0].Fetch = &Fetch{On: []NodePrice{{"n", 1}, {"n", 2}}} },
		"tasks[0].on: found labels beside nodes; want one of them":              func(in *Instance) { in.Tasks[0].On = &Selector{[]Label{{"l", "v"}}, []string{"n"}} },
		"rules[0].maxSkew: found a maxSkew of 0; want 1 or more with spread":    func(in *Instance) { in.Rules = []Rule{{Kind: Spread, Tasks: []string{"t"}}} },
		"network.default.bandwidth: found 0 units and -1 billionths; want 0 or": func(in *Instance) { in.Network.Default = &Line{Bandwidth: &nothing} },
	} {
		in := &Instance{Nodes: []Node{{Name: "n", Labels: []Label{{"l", "v"}}}}, Tasks: []Task{{Name: "t", Replicas: 1}}}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		spoil(in)
		if err := in.Check(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
