package model

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Write writes the instance as "json" or "yaml" in its canonical form: fields in
// the order of the documentation, defaults left out, quantities and decimals in
// their shortest form, a node, task or rule a line. It streams. Read gives the
// same instance back if this one passes Check.
func (in *Instance) Write(w io.Writer, format string) error {
	if format != "json" && format != "yaml" {
		return fmt.Errorf("cannot write a document as %s; want json or yaml", Quote(format))
	}
	e := newEmitter(w, format == "yaml")
	e.instance(in)
	return e.end()
}

// beginDocument opens a document of a kind.
func (e *emitter) beginDocument(kind string) {
	e.beginMap(true)
	e.textField("format", formatName)
	e.textField("kind", kind)
}

func (e *emitter) instance(in *Instance) {
	if in.Workflow {
		e.beginDocument(kindWorkflow)
	} else {
		e.beginDocument(kindPlacement)
	}
	e.textField("name", in.Name)
	e.key("nodes", true)
	eachLine(e, in.Nodes, (*emitter).node)
	e.key("tasks", true)
	eachLine(e, in.Tasks, (*emitter).task)
	if len(in.Rules) > 0 {
		e.key("rules", true)
		eachLine(e, in.Rules, (*emitter).rule)
	}
	if len(in.Traffic) > 0 {
		e.key("traffic", true)
		eachLine(e, in.Traffic, (*emitter).traffic)
	}
	if len(in.Dependencies) > 0 {
		e.key("dependencies", true)
		eachLine(e, in.Dependencies, (*emitter).dependency)
	}
	e.network(in)
	e.weights(in.Weights)
	e.finish()
}

// eachLine writes a list with an element a line.
func eachLine[T any](e *emitter, list []T, write func(*emitter, *T)) {
	e.beginList(true)
	for k := range list {
		e.item()
		e.beginMap(false)
		write(e, &list[k])
		e.finish()
	}
	e.finish()
}

func (e *emitter) node(n *Node) {
	e.textField("name", n.Name)
	e.resourcesField("capacity", n.Capacity)
	e.labelsField("labels", n.Labels)
	e.decimalField("openCost", n.OpenCost, 0)
	e.optionalField("uplink", n.Uplink)
	if n.Speed != nil {
		e.decimalField("speed", *n.Speed, DecimalOne)
	}
}

func (e *emitter) task(t *Task) {
	e.textField("name", t.Name)
	e.resourcesField("demand", t.Demand)
	if len(t.DemandOn) > 0 {
		e.key("demandOn", false)
		e.beginMap(false)
		for _, on := range sortedBy(t.DemandOn, func(d NodeDemand) string { return d.Node }) {
			e.key(on.Node, false)
			e.resources(on.Demand)
		}
		e.finish()
	}
	if t.Replicas != 1 {
		e.intField("replicas", t.Replicas)
	}
	e.textField("apart", t.Apart)
	e.namesField("home", t.Home)
	e.fetch(t)
	if t.Data != nil {
		e.key("data", false)
		e.quantity(*t.Data)
	}
	e.namesField("current", t.Current)
	if t.MoveCost != nil {
		e.decimalField("moveCost", *t.MoveCost, DecimalOne)
	}
	e.selector(t.On)
	e.optionalField("unplaced", t.Unplaced)
	if len(t.Reads) > 0 {
		e.key("reads", false)
		e.beginMap(false)
		for _, r := range sortedBy(t.Reads, func(r NodeReads) string { return r.Node }) {
			e.key(r.Node, false)
			e.decimal(r.Reads)
		}
		e.finish()
	}
	e.times(t)
}

// times writes what a task of a workflow has.
func (e *emitter) times(t *Task) {
	e.optionalField("work", t.Work)
	if len(t.Durations) > 0 {
		e.key("duration", false)
		e.beginMap(false)
		for _, on := range sortedBy(t.Durations, func(n NodeTime) string { return n.Node }) {
			e.decimalMember(on.Node, on.Time)
		}
		e.finish()
	}
	e.decimalField("release", t.Release, 0)
	e.optionalField("deadline", t.Deadline)
}

func (e *emitter) dependency(d *Dependency) {
	e.textField("from", d.From)
	e.textField("to", d.To)
	if d.Data != (Quantity{}) {
		e.key("data", false)
		e.quantity(d.Data)
	}
}

// fetch writes what a task pays away from home; the default is 0, and 1 for reads.
func (e *emitter) fetch(t *Task) {
	standard := Decimal(0)
	if len(t.Reads) > 0 {
		standard = DecimalOne
	}
	switch {
	case t.Fetch == nil:
	case len(t.Fetch.On) == 0:
		e.decimalField("fetch", t.Fetch.Rest, standard)
	default:
		e.key("fetch", false)
		e.beginMap(false)
		for _, on := range sortedBy(t.Fetch.On, func(p NodePrice) string { return p.Node }) {
			e.decimalMember(on.Node, on.Price)
		}
		if t.Fetch.Rest != 0 {
			e.decimalMember(everyOther, t.Fetch.Rest)
		}
		e.finish()
	}
}

func (e *emitter) selector(on *Selector) {
	switch {
	case on == nil:
	case len(on.Labels) > 0:
		e.labelsField("on", on.Labels)
	default:
		e.key("on", false)
		e.names(on.Nodes)
	}
}

func (e *emitter) rule(r *Rule) {
	e.key(r.Kind.String(), false)
	e.names(r.Tasks)
	if r.Topology != nodeTopology {
		e.textField("topology", r.Topology)
	}
	if r.MaxSkew > 1 {
		e.intField("maxSkew", r.MaxSkew)
	}
	e.optionalField("weight", r.Weight)
}

func (e *emitter) traffic(t *Traffic) {
	e.key("between", false)
	e.names(t.Between[:])
	e.decimalMember("volume", t.Volume)
}

// network is left out where there is none, unless tasks with data make the
// document need one.
func (e *emitter) network(in *Instance) {
	net := &in.Network
	present := len(net.Distance)+len(net.Between)+len(net.Links) > 0 || net.Default != nil
	if !present && !slices.ContainsFunc(in.Tasks, func(t Task) bool { return t.Data != nil }) {
		return
	}
	e.key("network", true)
	e.beginMap(true)
	if len(net.Distance) > 0 {
		e.key("distance", true)
		eachLine(e, net.Distance, func(e *emitter, l *Distance) {
			e.textField("same", l.Same)
			e.decimalMember("cost", l.Cost)
		})
	}
	if len(net.Between) > 0 {
		e.between(net.Between)
	}
	if len(net.Links) > 0 {
		e.key("links", true)
		eachLine(e, net.Links, func(e *emitter, l *Link) {
			e.key("between", false)
			e.names(l.Between[:])
			e.connection(&l.Line)
		})
	}
	if net.Default != nil {
		e.key("default", false)
		e.beginMap(false)
		e.connection(net.Default)
		e.finish()
	}
	e.finish()
}

func (e *emitter) connection(l *Line) {
	e.decimalField("latency", l.Latency, 0)
	if l.Bandwidth != nil {
		e.key("bandwidth", false)
		e.quantity(*l.Bandwidth)
	}
}

func (e *emitter) weights(w Weights) {
	if w == (Weights{DecimalOne, DecimalOne, DecimalOne, DecimalOne}) {
		return
	}
	e.key("weights", false)
	e.beginMap(false)
	e.decimalField("fetch", w.Fetch, DecimalOne)
	e.decimalField("traffic", w.Traffic, DecimalOne)
	e.decimalField("move", w.Move, DecimalOne)
	e.decimalField("open", w.Open, DecimalOne)
	e.finish()
}

// The fields below are left out where they hold their default.

func (e *emitter) textField(name, value string) {
	if value != "" {
		e.key(name, false)
		e.text(value)
	}
}

func (e *emitter) intField(name string, value int) {
	e.key(name, false)
	e.b = strconv.AppendInt(e.b, int64(value), 10)
}

func (e *emitter) decimalMember(name string, value Decimal) {
	e.key(name, false)
	e.decimal(value)
}

func (e *emitter) decimalField(name string, value, standard Decimal) {
	if value != standard {
		e.decimalMember(name, value)
	}
}

func (e *emitter) optionalField(name string, value *Decimal) {
	if value != nil {
		e.decimalMember(name, *value)
	}
}

// namesField writes one name, or a list where there are several.
func (e *emitter) namesField(name string, names []string) {
	switch len(names) {
	case 0:
	case 1:
		e.textField(name, names[0])
	default:
		e.key(name, false)
		e.names(names)
	}
}

func (e *emitter) names(names []string) {
	e.beginList(false)
	for _, name := range names {
		e.item()
		e.text(name)
	}
	e.finish()
}

func (e *emitter) labelsField(name string, labels []Label) {
	if len(labels) == 0 {
		return
	}
	e.key(name, false)
	e.beginMap(false)
	for _, l := range labels {
		e.key(l.Key, false)
		e.text(l.Value)
	}
	e.finish()
}

func (e *emitter) resourcesField(name string, r Resources) {
	if len(r) > 0 {
		e.key(name, false)
		e.resources(r)
	}
}

func (e *emitter) resources(r Resources) {
	e.beginMap(false)
	for _, a := range r {
		e.key(a.Resource, false)
		e.quantity(a.Quantity)
	}
	e.finish()
}

// sortedBy returns a list in the order of names; itself where it is sorted.
func sortedBy[T any](list []T, name func(T) string) []T {
	compare := func(a, b T) int { return strings.Compare(name(a), name(b)) }
	if slices.IsSortedFunc(list, compare) {
		return list
	}
	list = slices.Clone(list)
	slices.SortFunc(list, compare)
	return list
}
