package harness

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"berth/harness/document"
	"berth/model"
)

// ReadPlan reads a plan and checks all of it that can be checked without its files.
// file is its name, for messages and as what its own files are named from.
func ReadPlan(data []byte, file string) (*Plan, error) {
	p := &Plan{folder: filepath.Dir(file)}
	if err := document.Read(data, file, "sweep", p.read); err != nil {
		return nil, err
	}
	p.Out = p.path(cmp.Or(p.Out, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))+".runs"))
	if err := p.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

func (p *Plan) read(top document.Value) {
	top.Map("a plan", document.Fields{
		"instances": func(v document.Value) { p.Instances = several(v, "instances", readInstances) },
		"methods":   func(v document.Value) { p.Methods = several(v, "methods", readMethod) },
		"adapters":  func(v document.Value) { p.Adapters = several(v, "files", text("a file")) },
		"seeds":     func(v document.Value) { p.Seeds = readSeeds(v) },
		"limits":    func(v document.Value) { p.Limits = several(v, "limits", readLimits) },
		"exclude":   func(v document.Value) { p.Exclude = several(v, "runs to exclude", readExclude) },
		"order":     func(v document.Value) { p.Order = seed(v, "a seed") },
		"jobs":      func(v document.Value) { p.Jobs = int(whole(v, "how many runs at a time, such as 1", 1, 1024)) },
		"out":       func(v document.Value) { p.Out = v.Text("a folder") },
	})
}

func readInstances(v document.Value) (i Instances) {
	v.Map("instances", document.Fields{
		"files":    func(v document.Value) { i.Files = several(v, "patterns", text("a pattern")) },
		"exclude":  func(v document.Value) { i.Exclude = several(v, "patterns", text("a pattern")) },
		"group":    func(v document.Value) { i.Group = v.Text("a name") },
		"from":     func(v document.Value) { i.From = v.Text("a format, as of berth solve") },
		"problem":  func(v document.Value) { i.Problem = int(whole(v, "which problem of a file, from 1", 1, 1_000_000)) },
		"maximise": func(v document.Value) { i.Maximise = v.Bool() },
		"processors": func(v document.Value) {
			i.Processors = int(whole(v, "how many processors a task graph runs on, from 1 to 1024", 1, 1024))
		},
		"platform": func(v document.Value) { i.Platform = v.Text("a workflow file with nodes and a network") },
		"known":    func(v document.Value) { i.Known = several(v, "tables", text("a file")) },
		"generate": func(v document.Value) { i.Generate = v.Text("a family of berth generate") },
		"with": func(v document.Value) {
			i.With = map[string]int{}
			v.Each("of settings", func(name string, v document.Value) {
				i.With[name] = int(whole(v, "a whole number", 0, 1<<31))
			})
		},
		"seeds": func(v document.Value) { i.Seeds = readSeeds(v) },
	})
	return i
}

func readMethod(v document.Value) (m Method) {
	if !v.IsMap() {
		m.Name = v.Text("the name of a method, or a map with its name")
		return m
	}
	v.Map("a method", document.Fields{
		"name":    func(v document.Value) { m.Name = v.Text("a name") },
		"adapter": func(v document.Value) { m.Adapter = v.Text("the name of an adapter") },
		"program": func(v document.Value) { m.Program = v.Text("a file") },
		"options": func(v document.Value) {
			m.Options = map[string]string{}
			v.Each("of options", func(name string, v document.Value) { m.Options[name] = v.Text("a value") })
		},
		"seeds":    func(v document.Value) { m.Seeds = readSeeds(v) },
		"optional": func(v document.Value) { m.Optional = v.Bool() },
	})
	return m
}

func readLimits(v document.Value) (l Limits) {
	const time60 = "a time above 0 with its unit, such as 500ms, 60s or 5m"
	v.Map("limits", document.Fields{
		"time": func(v document.Value) {
			said := v.Text(time60)
			d, err := time.ParseDuration(said)
			if err != nil || d <= 0 {
				v.Fail(strconv.Quote(said), time60)
			}
			l.Time = d
		},
		"work":    func(v document.Value) { l.Work = quantity(v, "a whole number of units, such as 500M") },
		"memory":  func(v document.Value) { l.Memory = quantity(v, "a whole number of bytes, such as 2Gi") },
		"gap":     func(v document.Value) { l.Gap = v.Text("a share such as 1%, or a cost such as 25") },
		"threads": func(v document.Value) { l.Threads = int(whole(v, "how many threads, such as 1", 1, 1024)) },
	})
	return l
}

func readExclude(v document.Value) (e Exclude) {
	v.Map("runs to exclude", document.Fields{
		"methods":   func(v document.Value) { e.Methods = several(v, "methods", text("a method")) },
		"groups":    func(v document.Value) { e.Groups = several(v, "groups", text("a group")) },
		"instances": func(v document.Value) { e.Instances = several(v, "patterns", text("a pattern of names")) },
	})
	return e
}

// several reads a list, or one value as a list of one.
func several[T any](v document.Value, what string, one func(document.Value) T) (all []T) {
	if !v.IsList() {
		return []T{one(v)}
	}
	v.List(what, func(v document.Value) { all = append(all, one(v)) })
	return all
}

func text(want string) func(document.Value) string {
	return func(v document.Value) string { return v.Text(want) }
}

// readSeeds reads what ParseSeeds does, or a list.
func readSeeds(v document.Value) Seeds {
	const want = "how many, such as 3 for 1, 2 and 3, from-to, such as 4-6, or a list of seeds, each once"
	if !v.IsList() {
		said := v.Text(want)
		seeds, err := ParseSeeds(said)
		if err != nil {
			v.Fail(strconv.Quote(said), want)
		}
		return seeds
	}
	var seeds Seeds
	seen := map[uint64]bool{}
	v.List("seeds", func(v document.Value) {
		value := seed(v, "a seed")
		if seen[value] {
			v.Fail(fmt.Sprintf("seed %d a second time", value), want)
		}
		seen[value] = true
		seeds = append(seeds, value)
	})
	return seeds
}

// whole reads a whole number within limits.
func whole(v document.Value, want string, least, most int64) int64 {
	said := v.Text(want)
	n, err := strconv.ParseInt(said, 10, 64)
	if err != nil || n < least || n > most {
		v.Fail(strconv.Quote(said), want)
		return 0
	}
	return n
}

// seed reads a whole number of 64 bits.
func seed(v document.Value, want string) uint64 {
	said := v.Text(want)
	n, err := strconv.ParseUint(said, 10, 64)
	if err != nil {
		v.Fail(strconv.Quote(said), want+", a whole number from 0 to 18446744073709551615")
	}
	return n
}

// quantity reads a whole number as 500M or 2Gi.
func quantity(v document.Value, want string) int64 {
	said := v.Text(want)
	q, err := model.ParseQuantity(said)
	if err != nil || q.Nanos != 0 || q.Units == 0 {
		v.Fail(strconv.Quote(said), want)
	}
	return q.Units
}
