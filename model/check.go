package model

import (
	"fmt"
	"slices"
	"unicode"
)

// Limits of a document.
const (
	maxNameLength = 500        // of a name, in bytes
	maxReplicas   = 10_000_000 // of all tasks together
	maxLevels     = 32         // of distance
)

// Check reports what Read would refuse in an instance made in memory, by a
// generator or a reader of another format. The error is a *DocumentError without
// file, line and column. O(size of the instance).
func (in *Instance) Check() error {
	if f := in.check(); f != nil {
		return &DocumentError{Path: pathText(f.at), Found: f.found, Want: f.want}
	}
	return nil
}

func (in *Instance) check() *fault {
	c := &checker{
		in: in, nodes: make(map[string]int, len(in.Nodes)), tasks: make(map[string]int, len(in.Tasks)),
		keys: map[string]bool{}, seen: make([]int, len(in.Nodes)),
	}
	for _, part := range []func(){c.checkNodes, c.checkTasks, c.checkRules, c.checkTraffic, c.checkNetwork, c.checkWeights, c.checkWorkflow} {
		if part(); c.fault != nil {
			break
		}
	}
	return c.fault
}

// checker looks at what the fields of a document mean together. It keeps the first
// fault.
type checker struct {
	in    *Instance
	nodes map[string]int // by name
	tasks map[string]int
	keys  map[string]bool // labels that some node carries
	scope []step          // of what is looked at
	fault *fault

	seen  []int // by node: the round in which it was seen last
	round int
}

// under says which part of the document is looked at: paths begin there.
func (c *checker) under(path ...step) { c.scope = append(c.scope[:0], path...) }

func (c *checker) fail(found, want string, path ...step) {
	if c.fault == nil {
		c.fault = &fault{at: slices.Concat(c.scope, path), found: found, want: want}
	}
}

// failKey is fail where the key of a map is wrong.
func (c *checker) failKey(found, want string, path ...step) {
	if c.fault == nil {
		c.fail(found, want, path...)
		c.fault.onKey = true
	}
}

// newName checks a name that something is given.
func (c *checker) newName(name, what string, known map[string]int, index int) {
	earlier, taken := known[name]
	switch {
	case name == "":
		c.fail("a "+what+" without a name", "a name for every "+what)
	case taken:
		c.fail(fmt.Sprintf("the name %s a second time", Quote(name)),
			fmt.Sprintf("every %s by a name of its own: %ss[%d] has this one", what, what, earlier), in("name"))
	default:
		if want := wantName(name); want != "" {
			c.fail(Quote(name), want, in("name"))
		}
	}
	known[name] = index
}

// wantName returns what is wrong with a name or a label, or "".
func wantName(name string) string {
	if len(name) > maxNameLength {
		return fmt.Sprintf("at most %d bytes", maxNameLength)
	}
	for _, r := range name {
		if !unicode.IsPrint(r) {
			return "printable characters"
		}
	}
	return ""
}

// distinctNodes checks references to nodes, none of them twice.
func (c *checker) distinctNodes(names []string, field string) {
	c.round++
	for k, name := range names {
		if !c.node(name, in(field), at(k)) {
			return
		}
		if c.again(name) {
			c.fail(Quote(name)+" a second time", "every node once", in(field), at(k))
		}
	}
}

// again reports whether a node, which is there, comes a second time in this round.
func (c *checker) again(name string) bool {
	j := c.nodes[name]
	before := c.seen[j] == c.round
	c.seen[j] = c.round
	return before
}

// node checks a reference to a node.
func (c *checker) node(name string, path ...step) bool {
	if _, known := c.nodes[name]; known {
		return true
	}
	c.fail(Quote(name), OrNearest("the name of a node", name, c.nodeNames), path...)
	return false
}

// task checks a reference to a task.
func (c *checker) task(name string, path ...step) bool {
	if _, known := c.tasks[name]; known {
		return true
	}
	c.fail(Quote(name), OrNearest("the name of a task", name, c.taskNames), path...)
	return false
}

// topology checks what groups nodes: "node", which the caller may have as "", or
// the key of a label.
func (c *checker) topology(key string, path ...step) {
	if key == "" || key == nodeTopology || c.keys[key] {
		return
	}
	c.fail(Quote(key), OrNearest("node, or a label that some node carries", key, c.labelKeys), path...)
}

// nodeNames, taskNames and labelKeys go through what a wrong name could have meant,
// in the order of the document.
func (c *checker) nodeNames(yield func(string) bool) {
	for j := range c.in.Nodes {
		if !yield(c.in.Nodes[j].Name) {
			return
		}
	}
}

func (c *checker) taskNames(yield func(string) bool) {
	for i := range c.in.Tasks {
		if !yield(c.in.Tasks[i].Name) {
			return
		}
	}
}

func (c *checker) labelKeys(yield func(string) bool) {
	for j := range c.in.Nodes {
		for _, l := range c.in.Nodes[j].Labels {
			if !yield(l.Key) {
				return
			}
		}
	}
}

// amount checks a number that a document could not hold.
func (c *checker) amount(value Decimal, path ...step) {
	if value < 0 {
		c.fail(value.String(), wantDecimal(errNegative), path...)
	}
}

func (c *checker) optionalAmount(value *Decimal, path ...step) {
	if value != nil {
		c.amount(*value, path...)
	}
}

// quantity checks an amount made in memory.
func (c *checker) quantity(q Quantity, path ...step) {
	if !q.possible() {
		c.fail(fmt.Sprintf("%d units and %d billionths", q.Units, q.Nanos), "0 or more, with less than a billion billionths", path...)
	}
}

// uniqueSorted checks names that a document has as the keys of a map.
func (c *checker) uniqueSorted(count int, name func(k int) string, path ...step) {
	for k := range count {
		if want := wantKey(name, k); want != "" {
			c.failKey("the key "+Quote(name(k)), want, append(path, in(name(k)))...)
			return
		}
	}
}

func wantKey(name func(k int) string, k int) string {
	switch {
	case name(k) == "":
		return "a name"
	case k > 0 && name(k-1) >= name(k):
		return "every key once, in the order of the names"
	}
	return wantName(name(k))
}

func (c *checker) resources(r Resources, path ...step) {
	c.uniqueSorted(len(r), func(k int) string { return r[k].Resource }, path...)
	for k := range r {
		if !r[k].Quantity.possible() {
			c.quantity(r[k].Quantity, append(path, in(r[k].Resource))...)
		}
	}
}

func (c *checker) labels(labels []Label, path ...step) {
	c.uniqueSorted(len(labels), func(k int) string { return labels[k].Key }, path...)
	for k := range labels {
		if want := wantName(labels[k].Value); want != "" {
			c.fail(Quote(labels[k].Value), want, append(path, in(labels[k].Key))...)
		}
	}
}
