package main

// badDocuments are instances that must be refused: what stands in the file, and
// what the message must name, the place first.
var badDocuments = []struct {
	name string
	text string
	want []string
}{
	// The file as a whole.
	{"empty", "", []string{"bad.yaml", "an empty file", "format: berth/v1"}},
	{"blanks", " \n\t\n", []string{"an empty file"}},
	{"comment alone", "# nothing\n", []string{"bad.yaml"}},
	{"binary", "\x7fELF\x00\x01", []string{"a zero byte", "UTF-8"}},
	{"UTF-16", "\xff\xfef\x00o\x00", []string{"UTF-16", "UTF-8"}},
	{"Latin-1", "format: berth/v1\nkind: placement\nname: caf\xe9\n", []string{"bad.yaml:3", "0xE9", "UTF-8"}},
	{"control character", "format: berth/v1\nkind: placement\nname: a\x15b\n", []string{"bad.yaml:3:8", "U+0015", "without it"}},
	{"a list", "- a\n- b\n", []string{"a list"}},
	{"a number", "42\n", []string{"bad.yaml"}},
	{"JSON cut off", `{"format": "berth/v1", "kind": "placement", "nodes": [`, []string{"bad.yaml:1"}},
	{"JSON and more", `{"format": "berth/v1", "kind": "placement", "nodes": [{"name": "n"}], "tasks": [{"name": "t"}]} {}`, []string{"bad.yaml:1"}},
	{"YAML indentation", "format: berth/v1\nkind: placement\nnodes:\n  - name: n\n capacity: {}\n", []string{"bad.yaml", "syntax error"}},
	{"YAML tab", "format: berth/v1\nkind: placement\nnodes:\n\t- name: n\n", []string{"bad.yaml:4"}},
	{"two documents", good + "---\n" + good, []string{"bad.yaml"}},
	{"alias bomb", bomb, []string{"bad.yaml", "nodes"}},
	{"deep nesting", `{"format": "berth/v1", "kind": "placement", "nodes": ` + nested, []string{"bad.yaml"}},
	{"no format", "kind: placement\nnodes: [{name: n}]\ntasks: [{name: t}]\n", []string{"no format", "berth/v1"}},
	{"another format", "format: berth/v2\nkind: placement\nnodes: [{name: n}]\ntasks: [{name: t}]\n", []string{"bad.yaml:1", "format", "berth/v2", "berth/v1"}},
	{"no kind", "format: berth/v1\nnodes: [{name: n}]\ntasks: [{name: t}]\n", []string{"no kind", "placement"}},
	{"another kind", "format: berth/v1\nkind: plan\nnodes: [{name: n}]\ntasks: [{name: t}]\n", []string{"bad.yaml:2", "kind", "placement"}},
	{"a solution", `{"format": "berth/v1", "kind": "solution"}`, []string{"kind", "a solution"}},
	{"no nodes", "format: berth/v1\nkind: placement\ntasks: [{name: t}]\n", []string{"nodes"}},
	{"unknown field", document("", "", "", "speed: 3"), []string{"bad.yaml", "speed"}},
	{"key twice", document("", "", "", "name: a\nname: b"), []string{"bad.yaml", "name"}},

	// Workflows.
	{"a workflow's field in a placement", document("", "", "", "dependencies: []"), []string{"dependencies", "in a placement", "kind: workflow"}},
	{"a placement's field in a workflow", workflow("", "home: n1", ""), []string{"bad.yaml:4", "tasks[1].home", "in a workflow", "kind: placement"}},
	{"a task that takes no time at all", workflow("", "demand: {cpu: 1}", ""), []string{"tasks[1]", "without work"}},
	{"a speed that is not a number", workflow("speed: fast", "work: 1", ""), []string{"bad.yaml:3", "nodes[1].speed", "fast"}},
	{"a negative work", workflow("", "work: -1", ""), []string{"tasks[1].work", "0 or more"}},
	{"an unknown node in duration", workflow("", "duration: {n7: 4}", ""), []string{"tasks[1].duration.n7", "n7"}},
	{"an unknown task in a dependency", workflow("", "work: 1", "from: a, to: c"), []string{"dependencies[0].to", `"c"`}},
	{"a circle", workflow("", "work: 1", "from: a, to: b}, {from: b, to: a"), []string{"dependencies", "circle", "a → b"}},
	{"data that is none", workflow("", "work: 1", "from: a, to: b, data: much"), []string{"dependencies[0].data", "much"}},
	{"times beyond 64 bits", workflow("speed: 0.000001", "work: 9000000000000", ""), []string{"tasks[1].work", "64 bits"}},

	// Nodes.
	{"node without a name", document("capacity: {cpu: 1}", "", "", ""), []string{"nodes[2]", "name"}},
	{"node twice", document("name: n1", "", "", ""), []string{"nodes[2].name", "n1"}},
	{"empty name of a node", document(`name: ""`, "", "", ""), []string{"nodes[2]", "a name"}},
	{"name of a node is a list", document("name: [a]", "", "", ""), []string{"nodes[2].name", "a list"}},
	{"unknown field of a node", document("name: n3, capcity: {cpu: 1}", "", "", ""), []string{"nodes[2]", "capcity", `did you mean "capacity"?`}},
	{"negative capacity", document(`name: n3, capacity: {cpu: "-1"}`, "", "", ""), []string{"nodes[2].capacity.cpu", "0 or more"}},
	{"capacity with a wrong suffix", document("name: n3, capacity: {memory: 2Gig}", "", "", ""), []string{"nodes[2].capacity.memory", "2Gig", "512Mi"}},
	{"capacity is text", document("name: n3, capacity: {memory: much}", "", "", ""), []string{"nodes[2].capacity.memory", "much"}},
	{"capacity is a list", document("name: n3, capacity: [1]", "", "", ""), []string{"nodes[2].capacity", "a list"}},
	{"capacity is NaN", document("name: n3, capacity: {cpu: .nan}", "", "", ""), []string{"nodes[2].capacity.cpu"}},
	{"capacity is infinite", document("name: n3, capacity: {cpu: .inf}", "", "", ""), []string{"nodes[2].capacity.cpu"}},
	{"capacity too large", document("name: n3, capacity: {cpu: 9e30}", "", "", ""), []string{"nodes[2].capacity.cpu", "larger unit"}},
	{"capacity too fine", document(`name: n3, capacity: {cpu: "0.0000000001"}`, "", "", ""), []string{"nodes[2].capacity.cpu", "billionth"}},
	{"resource twice", document("name: n3, capacity: {cpu: 1, cpu: 2}", "", "", ""), []string{"nodes[2].capacity", "cpu"}},
	{"negative open cost", document("name: n3, openCost: -1", "", "", ""), []string{"nodes[2].openCost", "0 or more"}},
	{"negative uplink", document("name: n3, uplink: -1", "", "", ""), []string{"nodes[2].uplink", "0 or more"}},
	{"label is a list", document("name: n3, labels: {rack: [a]}", "", "", ""), []string{"nodes[2].labels.rack"}},

	// Tasks.
	{"task without a name", document("", "demand: {cpu: 1}", "", ""), []string{"tasks[2]", "name"}},
	{"task twice", document("", "name: t1", "", ""), []string{"tasks[2].name", "t1"}},
	{"negative demand", document("", "name: t3, demand: {cpu: -1}", "", ""), []string{"tasks[2].demand.cpu", "0 or more"}},
	{"demand on an unknown node", document("", "name: t3, demandOn: {n9: {cpu: 1}}", "", ""), []string{"tasks[2].demandOn", "n9"}},
	{"no replicas", document("", "name: t3, replicas: 0", "", ""), []string{"tasks[2].replicas", "1"}},
	{"part of a replica", document("", "name: t3, replicas: 1.5", "", ""), []string{"tasks[2].replicas", "1.5"}},
	{"negative replicas", document("", "name: t3, replicas: -2", "", ""), []string{"tasks[2].replicas"}},
	{"too many replicas", document("", "name: t3, replicas: 99999999999999999999", "", ""), []string{"tasks[2].replicas"}},
	{"replicas are text", document("", "name: t3, replicas: three", "", ""), []string{"tasks[2].replicas", "three"}},
	{"apart by an unknown label", document("", "name: t3, replicas: 2, apart: row", "", ""), []string{"tasks[2].apart", "row"}},
	{"unknown home", document("", "name: t3, home: n9, fetch: 1", "", ""), []string{"tasks[2].home", "n9"}},
	{"home twice", document("", "name: t3, home: [n1, n1], fetch: 1", "", ""), []string{"tasks[2].home"}},
	{"negative fetch", document("", "name: t3, home: n1, fetch: -4", "", ""), []string{"tasks[2].fetch", "0 or more"}},
	{"fetch too fine", document("", "name: t3, home: n1, fetch: 0.1234567", "", ""), []string{"tasks[2].fetch", "six"}},
	{"fetch too large", document("", "name: t3, home: n1, fetch: 1e19", "", ""), []string{"tasks[2].fetch"}},
	{"fetch by an unknown node", document("", `name: t3, fetch: {n9: 1, "*": 2}`, "", ""), []string{"tasks[2].fetch", "n9"}},
	{"fetch and data", document("", "name: t3, home: n1, fetch: 1, data: 1Gi", "", ""), []string{"tasks[2]", "data"}},
	{"data without a home", document("", "name: t3, data: 1Gi", "", "network: {default: {latency: 1}}"), []string{"tasks[2].data", "home"}},
	{"data without a network", document("", "name: t3, home: n1, data: 1Gi", "", ""), []string{"tasks[2].data", "network"}},
	{"unknown current node", document("", "name: t3, current: n9", "", ""), []string{"tasks[2].current", "n9"}},
	{"more current nodes than replicas", document("", "name: t3, current: [n1, n2]", "", ""), []string{"tasks[2].current"}},
	{"negative move cost", document("", "name: t3, current: n1, moveCost: -1", "", ""), []string{"tasks[2].moveCost", "0 or more"}},
	{"on an unknown node", document("", "name: t3, on: [n9]", "", ""), []string{"tasks[2].on", "n9"}},
	{"on a label that nobody carries", document("", "name: t3, on: {flash: yes}", "", ""), []string{"tasks[2].on", "flash"}},
	{"on is a number", document("", "name: t3, on: 3", "", ""), []string{"tasks[2].on"}},
	{"negative price of leaving out", document("", "name: t3, unplaced: -1", "", ""), []string{"tasks[2].unplaced", "0 or more"}},
	{"reads of an unknown node", document("", "name: t3, reads: {n9: 1}", "", ""), []string{"tasks[2].reads", "n9"}},
	{"negative reads", document("", "name: t3, reads: {n1: -1}", "", ""), []string{"tasks[2].reads.n1", "0 or more"}},
	{"reads with prices by node", document("", `name: t3, reads: {n1: 1}, fetch: {n1: 1, "*": 2}`, "", ""), []string{"tasks[2]", "fetch"}},
	{"unknown field of a task", document("", "name: t3, memory: 1Gi", "", ""), []string{"tasks[2]", "memory"}},

	// Rules, traffic, network, weights.
	{"rule of no kind", document("", "", "topology: rack", ""), []string{"rules[0]", "affinity"}},
	{"rule of two kinds", document("", "", "affinity: [t1, t2], spread: [t1]", ""), []string{"rules[0]"}},
	{"rule about an unknown task", document("", "", "affinity: [t1, t9]", ""), []string{"rules[0].affinity[1]", "t9"}},
	{"rule names a task twice", document("", "", "antiAffinity: [t1, t1]", ""), []string{"rules[0].antiAffinity", "t1"}},
	{"rule about nothing", document("", "", "affinity: []", ""), []string{"rules[0].affinity"}},
	{"rule over an unknown label", document("", "", "affinity: [t1, t2], topology: row", ""), []string{"rules[0].topology", "row"}},
	{"negative weight of a rule", document("", "", "affinity: [t1, t2], weight: -1", ""), []string{"rules[0].weight", "0 or more"}},
	{"skew without spread", document("", "", "affinity: [t1, t2], maxSkew: 1", ""), []string{"rules[0]", "maxSkew"}},
	{"negative skew", document("", "", "spread: [t1], maxSkew: -1", ""), []string{"rules[0].maxSkew"}},
	{"traffic between three", document("", "", "", "traffic: [{between: [t1, t2, t1], volume: 1}]"), []string{"traffic[0].between"}},
	{"traffic with itself", document("", "", "", "traffic: [{between: [t1, t1], volume: 1}]"), []string{"traffic[0].between", "t1"}},
	{"traffic of an unknown task", document("", "", "", "traffic: [{between: [t1, t9], volume: 1}]"), []string{"traffic[0].between[1]", "t9"}},
	{"negative volume", document("", "", "", "traffic: [{between: [t1, t2], volume: -1}]"), []string{"traffic[0].volume", "0 or more"}},
	{"distance that falls", document("", "", "", "network: {distance: [{same: node, cost: 2}, {cost: 1}]}"), []string{"network.distance[1].cost"}},
	{"distance by an unknown label", document("", "", "", "network: {distance: [{same: row, cost: 0}, {cost: 1}]}"), []string{"network.distance[0].same", "row"}},
	{"distance without an end", document("", "", "", "network: {distance: [{same: node, cost: 0}]}"), []string{"network.distance"}},
	{"distance to an unknown node", document("", "", "", "network: {distance: {n1: {n9: 1}}}"), []string{"network.distance.n1.n9", "n9"}},
	{"distance from an unknown node", document("", "", "", "network: {distance: {n9: {n1: 1}}}"), []string{"network.distance.n9", "n9"}},
	{"distance to itself", document("", "", "", "network: {distance: {n1: {n1: 1, n2: 2}}}"), []string{"network.distance.n1.n1", "itself"}},
	{"distance that is not the same back", document("", "", "", "network: {distance: {n1: {n2: 1}, n2: {n1: 2}}}"), []string{"network.distance.n2.n1", "2, and 1", "both ways"}},
	{"distance that is missing", document("name: n3", "", "", "network: {distance: {n1: {n2: 1, n3: 2}}}"), []string{"network.distance", "n2", "n3", "every pair"}},
	{"no distance at all", document("", "", "", "network: {distance: {}}"), []string{"network.distance", "n1", "n2", "every pair"}},
	{"negative distance between nodes", document("", "", "", "network: {distance: {n1: {n2: -1}}}"), []string{"network.distance.n1.n2", "0 or more"}},
	{"distances between nodes for replicas", document("", "name: t3, replicas: 2", "", "network: {distance: {n1: {n2: 1}}}\ntraffic: [{between: [t1, t3], volume: 1}]"), []string{"traffic[0].between[1]", "2 replicas", "levels"}},
	{"link to an unknown node", document("", "", "", "network: {links: [{between: [n1, n9], latency: 1}]}"), []string{"network.links[0].between[1]", "n9"}},
	{"link to itself", document("", "", "", "network: {links: [{between: [n1, n1], latency: 1}]}"), []string{"network.links[0].between"}},
	{"negative latency", document("", "", "", "network: {links: [{between: [n1, n2], latency: -1}]}"), []string{"network.links[0].latency", "0 or more"}},
	{"no bandwidth", document("", "", "", "network: {links: [{between: [n1, n2], latency: 1, bandwidth: 0}]}"), []string{"network.links[0].bandwidth"}},
	{"negative weight", document("", "", "", "weights: {fetch: -1}"), []string{"weights.fetch", "0 or more"}},
	{"unknown weight", document("", "", "", "weights: {fetsh: 1}"), []string{"weights", "fetsh"}},
	{"sums beyond 64 bits", document("", `name: t3, fetch: {n1: 0.000001, "*": 9000000000000}, replicas: 1000000`, "", ""), []string{"bad.yaml", "digits"}},
}

// good is a document that nothing is wrong with.
var good = document("", "", "", "")

// document is an instance of two nodes and two tasks with one more node, task, rule
// and field, each of which may be missing.
func document(node, task, rule, field string) string {
	text := "format: berth/v1\nkind: placement\nnodes:\n" +
		"  - {name: n1, capacity: {cpu: 4}, labels: {rack: a}}\n" +
		"  - {name: n2, capacity: {cpu: 4}, labels: {rack: b}}\n"
	if node != "" {
		text += "  - {" + node + "}\n"
	}
	text += "tasks:\n  - {name: t1, demand: {cpu: 1}}\n  - {name: t2, demand: {cpu: 1}}\n"
	if task != "" {
		text += "  - {" + task + "}\n"
	}
	if rule != "" {
		text += "rules:\n  - {" + rule + "}\n"
	}
	if field != "" {
		text += field + "\n"
	}
	return text
}

// nested is a list in a list in a list …
var nested = func() string {
	const depth = 100_000
	text := make([]byte, depth)
	for k := range text {
		text[k] = '['
	}
	return string(text)
}()

// bomb is a short document that would grow to 10⁹ names.
// workflow is a workflow of two nodes and two tasks with what is wrong in the second of
// either, and in a dependency.
func workflow(node, task, dependency string) string {
	text := "format: berth/v1\nkind: workflow\nnodes: [{name: n1}, {name: n2, " + node + "}]\ntasks: [{name: a, work: 1}, {name: b, " + task + "}]\n"
	if dependency != "" {
		text += "dependencies: [{" + dependency + "}]\n"
	}
	return text
}

const bomb = `format: berth/v1
kind: placement
nodes:
  - labels:
     - &a [n, n, n, n, n, n, n, n, n, n]
     - &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
     - &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
     - &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
     - &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
     - &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
     - &g [*f, *f, *f, *f, *f, *f, *f, *f, *f, *f]
     - &h [*g, *g, *g, *g, *g, *g, *g, *g, *g, *g]
     - &i [*h, *h, *h, *h, *h, *h, *h, *h, *h, *h]
tasks: *i
`
