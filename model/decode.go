package model

import (
	"slices"
	"strings"
)

// The schema of instances: for every map of the document its fields in the order
// in which they are written, and how each is read. What depends on more than one
// field is for check.go.

var instanceFields = []field[Instance]{
	{"format", func(d *decoder, _ *Instance) { d.format() }},
	{"kind", func(d *decoder, in *Instance) { in.Workflow = d.instanceKind() }},
	{"name", func(d *decoder, in *Instance) { in.Name = string(d.words("a name")) }},
	{"nodes", func(d *decoder, in *Instance) { in.Nodes = list(d, "nodes", decodeNode) }},
	{"tasks", func(d *decoder, in *Instance) { in.Tasks = list(d, "tasks", decodeTask) }},
	{"rules", inPlacements(func(d *decoder, in *Instance) { in.Rules = list(d, "rules", decodeRule) })},
	{"traffic", inPlacements(func(d *decoder, in *Instance) { in.Traffic = list(d, "traffic between tasks", decodeTraffic) })},
	{"dependencies", inWorkflows(func(d *decoder, in *Instance) { in.Dependencies = list(d, "dependencies", decodeDependency) })},
	{"network", func(d *decoder, in *Instance) { d.network = true; object(d, "a network", networkFields, &in.Network) }},
	{"weights", inPlacements(func(d *decoder, in *Instance) { object(d, "weights", weightsFields, &in.Weights) })},
}

var nodeFields = []field[Node]{
	{"name", func(d *decoder, n *Node) { n.Name = d.reference() }},
	{"capacity", func(d *decoder, n *Node) { n.Capacity = d.resources() }},
	{"labels", inPlacements(func(d *decoder, n *Node) { n.Labels = d.labels() })},
	{"openCost", inPlacements(func(d *decoder, n *Node) { n.OpenCost = d.decimal() })},
	{"uplink", inPlacements(func(d *decoder, n *Node) { n.Uplink = d.optionalDecimal() })},
	{"speed", inWorkflows(func(d *decoder, n *Node) { n.Speed = d.optionalDecimal() })},
}

var taskFields = []field[Task]{
	{"name", func(d *decoder, t *Task) { t.Name = string(d.words("a name")) }},
	{"demand", func(d *decoder, t *Task) { t.Demand = d.resources() }},
	{"demandOn", inPlacements(func(d *decoder, t *Task) { t.DemandOn = d.demandOn() })},
	{"replicas", inPlacements(func(d *decoder, t *Task) { t.Replicas = d.count(1, maxReplicas) })},
	{"apart", inPlacements(func(d *decoder, t *Task) { t.Apart = d.reference() })},
	{"home", inPlacements(func(d *decoder, t *Task) { t.Home = d.references() })},
	{"fetch", inPlacements(func(d *decoder, t *Task) { t.Fetch = d.fetch() })},
	{"data", inPlacements(func(d *decoder, t *Task) { t.Data = d.data() })},
	{"current", inPlacements(func(d *decoder, t *Task) { t.Current = d.references() })},
	{"moveCost", inPlacements(func(d *decoder, t *Task) { t.MoveCost = d.optionalDecimal() })},
	{"on", inPlacements(func(d *decoder, t *Task) { t.On = d.selector() })},
	{"unplaced", inPlacements(func(d *decoder, t *Task) { t.Unplaced = d.optionalDecimal() })},
	{"reads", inPlacements(func(d *decoder, t *Task) { t.Reads = d.reads() })},
	{"work", inWorkflows(func(d *decoder, t *Task) { t.Work = d.optionalDecimal() })},
	{"duration", inWorkflows(func(d *decoder, t *Task) { t.Durations = d.durations() })},
	{"release", inWorkflows(func(d *decoder, t *Task) { t.Release = d.decimal() })},
	{"deadline", inWorkflows(func(d *decoder, t *Task) { t.Deadline = d.optionalDecimal() })},
}

var dependencyFields = []field[Dependency]{
	{"from", func(d *decoder, e *Dependency) { e.From = d.reference() }},
	{"to", func(d *decoder, e *Dependency) { e.To = d.reference() }},
	{"data", func(d *decoder, e *Dependency) { e.Data = d.quantity() }},
}

// inPlacements and inWorkflows note that a field belongs to one kind of instance.
// Which kind the document is may stand below the field.
func inPlacements[T any](read func(*decoder, *T)) func(*decoder, *T) {
	return func(d *decoder, into *T) {
		d.inPlacements.see(d)
		read(d, into)
	}
}

func inWorkflows[T any](read func(*decoder, *T)) func(*decoder, *T) {
	return func(d *decoder, into *T) {
		d.inWorkflows.see(d)
		read(d, into)
	}
}

// sighting is the place of the first field of some sort in a document; empty
// before there was one.
type sighting []step

func (s *sighting) see(d *decoder) {
	if *s == nil {
		*s = slices.Clone(d.path)
	}
}

// ruleDraft is a rule with the fields that it was given, for one of which it
// takes its kind.
type ruleDraft struct {
	Rule
	kinds int
	skew  bool
}

var ruleFields = []field[ruleDraft]{
	{"affinity", func(d *decoder, r *ruleDraft) { r.of(d, Affinity) }},
	{"antiAffinity", func(d *decoder, r *ruleDraft) { r.of(d, AntiAffinity) }},
	{"spread", func(d *decoder, r *ruleDraft) { r.of(d, Spread) }},
	{"topology", func(d *decoder, r *ruleDraft) { r.Topology = d.topology() }},
	{"maxSkew", func(d *decoder, r *ruleDraft) { r.MaxSkew, r.skew = d.count(1, maxReplicas), true }},
	{"weight", func(d *decoder, r *ruleDraft) { r.Weight = d.optionalDecimal() }},
}

var trafficFields = []field[Traffic]{
	{"between", func(d *decoder, t *Traffic) { t.Between = d.pair("tasks") }},
	{"volume", func(d *decoder, t *Traffic) { t.Volume = d.decimal() }},
}

var networkFields = []field[Network]{
	{"distance", func(d *decoder, n *Network) {
		if d.peek() == mapKind {
			n.Between = d.between()
			return
		}
		n.Distance = list(d, "levels of distance, or a map of distances by node and node", decodeDistance)
	}},
	{"links", func(d *decoder, n *Network) { n.Links = list(d, "links", decodeLink) }},
	{"default", func(d *decoder, n *Network) { n.Default = new(Line); object(d, "a connection", lineFields, n.Default) }},
}

var distanceFields = []field[Distance]{
	{"same", func(d *decoder, l *Distance) { l.Same = d.reference() }},
	{"cost", func(d *decoder, l *Distance) { l.Cost = d.decimal() }},
}

var lineFields = []field[Line]{
	{"latency", func(d *decoder, l *Line) { l.Latency = d.decimal() }},
	{"bandwidth", func(d *decoder, l *Line) { q := d.quantity(); l.Bandwidth = &q }},
}

var linkFields = []field[Link]{
	{"between", func(d *decoder, l *Link) { l.Between = d.pair("nodes") }},
	{"latency", func(d *decoder, l *Link) { l.Latency = d.decimal() }},
	{"bandwidth", func(d *decoder, l *Link) { q := d.quantity(); l.Bandwidth = &q }},
}

var weightsFields = []field[Weights]{
	{"fetch", func(d *decoder, w *Weights) { w.Fetch = d.decimal() }},
	{"traffic", func(d *decoder, w *Weights) { w.Traffic = d.decimal() }},
	{"move", func(d *decoder, w *Weights) { w.Move = d.decimal() }},
	{"open", func(d *decoder, w *Weights) { w.Open = d.decimal() }},
}

func decodeInstance(d *decoder) *Instance {
	in := &Instance{Weights: Weights{DecimalOne, DecimalOne, DecimalOne, DecimalOne}}
	object(d, "an instance", instanceFields, in)
	if d.peek() != endOf {
		d.refuse("nothing after the document")
	}
	foreign, own, other := d.inWorkflows, kindPlacement, kindWorkflow
	if in.Workflow {
		foreign, own, other = d.inPlacements, kindWorkflow, kindPlacement
	}
	switch {
	case foreign != nil:
		d.path = foreign
		d.failKeyHere("the field "+foreign[len(foreign)-1].name+" in a "+own, "no such field, or kind: "+other)
	case in.Tasks == nil:
		d.failHere("no tasks", "tasks: a list, which may be empty")
	case d.dataAt != nil && !d.network:
		d.path = d.dataAt
		d.failHere("data without a network", "network: the links that it comes over")
	}
	return in
}

func decodeNode(d *decoder, n *Node) { object(d, "a node", nodeFields, n) }

func decodeTask(d *decoder, t *Task) {
	t.Replicas = 1
	object(d, "a task", taskFields, t)
}

func decodeRule(d *decoder, r *Rule) {
	draft := ruleDraft{}
	object(d, "a rule", ruleFields, &draft)
	switch {
	case draft.kinds == 0:
		d.failHere("a rule without a kind", "one of affinity, antiAffinity and spread")
	case draft.kinds > 1:
		d.failHere("a rule of several kinds", "one of affinity, antiAffinity and spread: split it")
	case draft.skew && draft.Kind != Spread:
		d.failHere("maxSkew in a rule of "+draft.Kind.String(), "maxSkew with spread alone")
	case !draft.skew && draft.Kind == Spread:
		draft.MaxSkew = 1
	}
	*r = draft.Rule
}

func decodeDependency(d *decoder, e *Dependency) {
	object(d, "a dependency", dependencyFields, e)
	switch {
	case e.From == "":
		d.failHere("a dependency without from", "from: the task whose result is needed")
	case e.To == "":
		d.failHere("a dependency without to", "to: the task that needs the result")
	}
}

// of reads the tasks of a rule.
func (r *ruleDraft) of(d *decoder, kind RuleKind) {
	r.Kind = kind
	r.kinds++
	r.Tasks = d.nameList("tasks")
}

// notWritten marks a number that a document must name.
const notWritten Decimal = -1

func decodeTraffic(d *decoder, t *Traffic) {
	t.Volume = notWritten
	object(d, "traffic", trafficFields, t)
	switch {
	case t.Between == [2]string{}:
		d.failHere("traffic without between", "between: the two tasks that talk")
	case t.Volume == notWritten:
		d.failHere("traffic without volume", "volume: how much flows between the two tasks")
	}
}

func decodeDistance(d *decoder, l *Distance) {
	l.Cost = notWritten
	object(d, "a level of distance", distanceFields, l)
	if l.Cost == notWritten {
		d.failHere("a level without cost", "cost: what one unit of traffic costs")
	}
}

func decodeLink(d *decoder, l *Link) {
	object(d, "a link", linkFields, l)
	if l.Between == [2]string{} {
		d.failHere("a link without between", "between: the two nodes that it joins")
	}
}

// labels reads a map of texts, sorted by key.
func (d *decoder) labels() []Label {
	labels := []Label{}
	for key := range d.members("of label values") {
		labels = append(labels, Label{key, d.intern(d.words("the value of a label"))})
	}
	slices.SortFunc(labels, func(a, b Label) int { return strings.Compare(a.Key, b.Key) })
	return slices.Clip(labels)
}

// demandOn, reads and fetch read maps by node, sorted by name.
func (d *decoder) demandOn() []NodeDemand {
	var demands []NodeDemand
	for node := range d.members("of demands by node") {
		demands = append(demands, NodeDemand{node, d.resources()})
	}
	slices.SortFunc(demands, func(a, b NodeDemand) int { return strings.Compare(a.Node, b.Node) })
	return slices.Clip(demands)
}

func (d *decoder) reads() []NodeReads {
	var reads []NodeReads
	for node := range d.members("of reads by node") {
		reads = append(reads, NodeReads{node, d.decimal()})
	}
	slices.SortFunc(reads, func(a, b NodeReads) int { return strings.Compare(a.Node, b.Node) })
	return slices.Clip(reads)
}

// durations reads times by node, sorted by name.
func (d *decoder) durations() []NodeTime {
	times := []NodeTime{}
	for node := range d.members("of times by node") {
		times = append(times, NodeTime{node, d.decimal()})
	}
	slices.SortFunc(times, func(a, b NodeTime) int { return strings.Compare(a.Node, b.Node) })
	return slices.Clip(times)
}

// data reads what is fetched over the network, and remembers the first place of it.
func (d *decoder) data() *Quantity {
	if d.dataAt == nil {
		d.dataAt = slices.Clone(d.path)
	}
	q := d.quantity()
	return &q
}

func (d *decoder) fetch() *Fetch {
	if d.peek() != mapKind {
		if d.peek() != numberKind {
			d.refuse("a number, or a map of numbers by node with \"*\" for the rest")
		}
		return &Fetch{Rest: d.decimal()}
	}
	fetch := &Fetch{}
	for node := range d.members("of numbers by node") {
		if price := d.decimal(); node == everyOther {
			fetch.Rest = price
		} else {
			fetch.On = append(fetch.On, NodePrice{node, price})
		}
	}
	slices.SortFunc(fetch.On, func(a, b NodePrice) int { return strings.Compare(a.Node, b.Node) })
	return fetch
}

// everyOther stands in a map by node for the nodes that it does not name.
const everyOther = "*"

func (d *decoder) selector() *Selector {
	if d.peek() == mapKind {
		return &Selector{Labels: d.labels()}
	}
	if d.peek() != listKind {
		d.refuse("a map of labels or a list of nodes")
		return nil
	}
	return &Selector{Nodes: d.references()}
}

// topology reads "node" or a label key; the first is what an empty one means.
func (d *decoder) topology() string {
	if key := d.reference(); key != nodeTopology {
		return key
	}
	return ""
}

// nodeTopology is the topology of the nodes themselves.
const nodeTopology = "node"

// pair reads a list of two names.
func (d *decoder) pair(of string) [2]string {
	names := d.nameList(of)
	if len(names) != 2 {
		d.failHere(countOf(len(names), "name"), "two "+of)
		return [2]string{}
	}
	return [2]string(names)
}
