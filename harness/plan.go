package harness

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"berth/instances"
	"berth/model"
	"berth/results"
)

// Plan says what a sweep runs: every method on every instance with every seed under
// every limit, but for what Exclude names.
type Plan struct {
	Format    string          `yaml:"format"`
	Kind      string          `yaml:"kind"`
	Instances list[Instances] `yaml:"instances"`
	Methods   list[Method]    `yaml:"methods"`
	Adapters  list[string]    `yaml:"adapters"` // files that describe further methods
	Seeds     Seeds           `yaml:"seeds"`    // 1 where it is left out
	Limits    list[Limits]    `yaml:"limits"`
	Exclude   list[Exclude]   `yaml:"exclude"`
	Order     uint64          `yaml:"order"` // seed of the order in which runs are made
	Jobs      int             `yaml:"jobs"`  // runs at a time; 0: as many as there are cores for
	Out       string          `yaml:"out"`   // folder of the records; empty: the plan's name with .runs

	folder string // that files are named from
}

// Instances is one entry of a plan's instances: files, or generated ones.
type Instances struct {
	Files    list[string] `yaml:"files"`   // patterns: *, ?, [a-z], {a,b}, and ** for folders in between
	Exclude  list[string] `yaml:"exclude"` // patterns, of paths or of names
	Group    string       `yaml:"group"`   // a name; empty: the folder, or the family
	From     string       `yaml:"from"`    // as of berth solve
	Problem  int          `yaml:"problem"` // as of berth solve; 0: all that a file holds
	Maximise bool         `yaml:"maximise"`
	Known    list[string] `yaml:"known"` // tables of published values; empty: best*.tsv and optima*.tsv beside the files

	Generate string         `yaml:"generate"` // a family of berth generate …
	With     map[string]int `yaml:"with"`     // … its settings …
	Seeds    Seeds          `yaml:"seeds"`    // … and seeds
}

// Method is one entry of a plan's methods: a method of berth or an outside solver.
// A bare name stands for Name alone.
type Method struct {
	Name     string            `yaml:"name"`
	Adapter  string            `yaml:"adapter"`  // empty: by Name, or berth
	Program  string            `yaml:"program"`  // empty: where the adapter's is found
	Options  map[string]string `yaml:"options"`  // what the adapter knows; of berth: solver
	Seeds    Seeds             `yaml:"seeds"`    // instead of the plan's
	Optional bool              `yaml:"optional"` // left out where its program is missing
}

// Limits end each run.
type Limits struct {
	Time    duration `yaml:"time"`
	Work    amount   `yaml:"work"`
	Memory  amount   `yaml:"memory"`
	Gap     string   `yaml:"gap"`
	Threads int      `yaml:"threads"` // 1 where it is left out
}

// Exclude names runs that are not made: those that match everything it says.
type Exclude struct {
	Methods   list[string] `yaml:"methods"`
	Groups    list[string] `yaml:"groups"`
	Instances list[string] `yaml:"instances"` // patterns of names
}

const (
	planFormat  = "berth/v1"
	planKind    = "sweep"
	defaultTime = 60 * time.Second

	// MaxSeeds is how many seeds a plan may name.
	MaxSeeds = 1_000_000
)

// ReadPlan reads a plan and checks all of it that can be checked without its files.
// file is its name, for messages and as what its own files are named from.
func ReadPlan(data []byte, file string) (*Plan, error) {
	p := &Plan{folder: filepath.Dir(file)}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(p); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: it is empty; a plan begins with `format: %s` and `kind: %s`", file, planFormat, planKind)
		}
		return nil, fmt.Errorf("%s: %s", file, plainYAML(err))
	}
	if err := d.Decode(&struct{}{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: there is more than one document in it; a plan is one", file)
	}
	if p.Format != planFormat || p.Kind != planKind {
		return nil, fmt.Errorf("%s: format is %q and kind %q; want `format: %s` and `kind: %s`", file, p.Format, p.Kind, planFormat, planKind)
	}
	p.Out = p.path(cmp.Or(p.Out, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))+".runs"))
	if err := p.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// plainYAML words an error of the YAML package for people.
func plainYAML(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.ReplaceAll(text, "unmarshal errors:\n  ", "")
	return strings.ReplaceAll(text, " not found in type harness.", " is not known in ")
}

// Check refuses a plan that says too little or contradicts itself, and fills in what
// it leaves out.
func (p *Plan) Check() error {
	switch {
	case len(p.Instances) == 0:
		return errors.New("instances: there are none; name files, as in `- files: gap/*`, or a family, as in `- generate: tasks`")
	case len(p.Methods) == 0:
		return errors.New("methods: there are none; name some of `berth methods`")
	case p.Jobs < 0:
		return fmt.Errorf("jobs: %d; want at least 1, or 0 for as many as there are cores for", p.Jobs)
	}
	if p.Seeds == nil {
		p.Seeds = Seeds{1}
	}
	if len(p.Limits) == 0 {
		p.Limits = list[Limits]{{}}
	}
	for k := range p.Limits {
		if err := p.Limits[k].check(); err != nil {
			return fmt.Errorf("limits: %w", err)
		}
	}
	for k := range p.Instances {
		if err := p.Instances[k].check(); err != nil {
			return fmt.Errorf("instances[%d]: %w", k, err)
		}
	}
	names := map[string]bool{}
	for k, m := range p.Methods {
		switch {
		case m.Name == "":
			return fmt.Errorf("methods[%d]: it has no name", k)
		case names[m.Name]:
			return fmt.Errorf("methods[%d]: there are two methods called %q; give one another name, as in `{name: %s-2, adapter: …}`", k, m.Name, m.Name)
		}
		names[m.Name] = true
	}
	for k, e := range p.Exclude {
		for _, name := range e.Methods {
			if !names[name] {
				return fmt.Errorf("exclude[%d]: there is no method %q in this plan", k, name)
			}
		}
		if len(e.Methods)+len(e.Groups)+len(e.Instances) == 0 {
			return fmt.Errorf("exclude[%d]: it names nothing; say methods, groups or instances", k)
		}
	}
	return nil
}

func (i *Instances) check() error {
	switch {
	case (len(i.Files) == 0) == (i.Generate == ""):
		return errors.New("want either files or generate")
	case i.Generate == "" && (i.With != nil || i.Seeds != nil):
		return errors.New("with and seeds go with generate; the seeds of runs stand beside instances")
	case i.Generate != "" && (len(i.Exclude) > 0 || i.From != "" || i.Problem != 0 || i.Maximise):
		return errors.New("exclude, from, problem and maximise go with files")
	case i.Generate == "":
		return nil
	}
	if i.Seeds == nil {
		i.Seeds = Seeds{1}
	}
	_, err := i.spec()
	return err
}

// spec is what is generated.
func (i *Instances) spec() (instances.Spec, error) {
	spec, err := instances.Defaults(i.Generate)
	if err != nil {
		return spec, fmt.Errorf("generate: %w", err)
	}
	settings := map[string]*int{}
	for _, k := range instances.Knobs() {
		settings[k.Name] = k.Of(&spec)
	}
	for name, value := range i.With {
		if settings[name] == nil {
			return spec, fmt.Errorf("with: there is no setting %q; `berth generate --help` lists them", name)
		}
		*settings[name] = value
	}
	return spec, nil
}

func (l *Limits) check() error {
	if l.Time == 0 && l.Work == 0 {
		l.Time = duration(defaultTime)
	}
	switch {
	case l.Threads == 0:
		l.Threads = 1
	case l.Threads < 0:
		return fmt.Errorf("threads: %d; want at least 1", l.Threads)
	}
	if number, _ := strings.CutSuffix(l.Gap, "%"); l.Gap != "" {
		if _, err := model.ParseDecimal(number); err != nil {
			return fmt.Errorf("gap: %q; want a share such as 1%%, or a cost such as 25", l.Gap)
		}
	}
	return nil
}

// record states limits as a record does.
func (l *Limits) record() results.Limits {
	return results.Limits{
		Seconds: time.Duration(l.Time).Seconds(), Work: int64(l.Work), Memory: int64(l.Memory), Gap: l.Gap, Threads: l.Threads,
	}
}

// path names a file of the plan from where the program runs.
func (p *Plan) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.folder, name)
}

// list is one value or several.
type list[T any] []T

// UnmarshalYAML reads a list, or one value as a list of one.
func (l *list[T]) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		return strict(node, (*[]T)(l))
	}
	var one T
	if err := strict(node, &one); err != nil {
		return err
	}
	*l = list[T]{one}
	return nil
}

// strict decodes a node and refuses fields that are not known.
func strict(node *yaml.Node, to any) error {
	data, err := yaml.Marshal(node)
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(to); err != nil {
		return fmt.Errorf("line %d: %s", node.Line, plainYAML(err))
	}
	return nil
}

// UnmarshalYAML reads a method, or its bare name.
func (m *Method) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		m.Name = node.Value
		return nil
	}
	type method Method
	return strict(node, (*method)(m))
}

// Seeds are seeds: a number n in a document stands for 1 to n.
type Seeds []uint64

// UnmarshalYAML reads a count or a list.
func (s *Seeds) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		if err := strict(node, (*[]uint64)(s)); err != nil {
			return err
		}
		seen := map[uint64]bool{}
		for _, seed := range *s {
			if seen[seed] {
				return fmt.Errorf("line %d: seed %d is named twice", node.Line, seed)
			}
			seen[seed] = true
		}
		return nil
	}
	n, err := strconv.Atoi(node.Value)
	if err != nil || n < 1 || n > MaxSeeds {
		return fmt.Errorf("line %d: seeds: %q; want how many, such as 3 for 1, 2 and 3, or a list", node.Line, node.Value)
	}
	*s = CountSeeds(n)
	return nil
}

// CountSeeds returns 1 to n.
func CountSeeds(n int) Seeds {
	s := make(Seeds, n)
	for k := range s {
		s[k] = uint64(k + 1)
	}
	return s
}

// duration is a time as 60s or 5m.
type duration time.Duration

// UnmarshalYAML reads a time with its unit.
func (d *duration) UnmarshalYAML(node *yaml.Node) error {
	value, err := time.ParseDuration(node.Value)
	if err != nil || value <= 0 {
		return fmt.Errorf("line %d: time: %q; want a time above 0 with its unit, such as 500ms, 60s or 5m", node.Line, node.Value)
	}
	*d = duration(value)
	return nil
}

// amount is a whole number as 500M or 2Gi.
type amount int64

// UnmarshalYAML reads a whole quantity.
func (a *amount) UnmarshalYAML(node *yaml.Node) error {
	q, err := model.ParseQuantity(node.Value)
	if err != nil || q.Nanos != 0 || q.Units == 0 {
		return fmt.Errorf("line %d: %q; want a whole number above 0, such as 500M or 2Gi", node.Line, node.Value)
	}
	*a = amount(q.Units)
	return nil
}
