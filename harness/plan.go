package harness

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"berth/instances"
	"berth/model"
	"berth/results"
)

// Plan says what a sweep runs: every method on every instance with every seed under
// every limit, but for what Exclude names.
type Plan struct {
	Instances []Instances
	Methods   []Method
	Adapters  []string // files that describe further methods
	Seeds     Seeds    // 1 where it is left out
	Limits    []Limits
	Exclude   []Exclude
	Order     uint64 // seed of the order in which runs are made
	Jobs      int    // runs at a time; 0: as many as there are cores for
	Out       string // folder of the records; empty: the plan's name with .runs

	folder string // that files are named from
}

// Instances is one entry of a plan's instances: files, or generated ones.
type Instances struct {
	Files    []string // patterns: *, ?, [a-z], {a,b}, and ** for folders in between
	Exclude  []string // patterns, of paths or of names
	Group    string   // a name; empty: the folder, or the family
	From     string   // as of berth solve
	Problem  int      // as of berth solve; 0: all that a file holds
	Maximise bool

	Processors int             // as of berth solve; 0: the file says how many there are
	Platform   string          // as of berth solve, a file …
	platform   *model.Instance // … and what is in it

	Known []string // tables of published values; empty: best*.tsv and optima*.tsv beside the files

	Generate string         // a family of berth generate …
	With     map[string]int // … its settings …
	Seeds    Seeds          // … and seeds
}

// Method is one entry of a plan's methods: a method of berth or an outside solver.
// A bare name stands for Name alone.
type Method struct {
	Name     string
	Adapter  string            // empty: by Name, or berth
	Program  string            // empty: where the adapter's is found
	Options  map[string]string // what the adapter knows; of berth: solver
	Seeds    Seeds             // instead of the plan's
	Optional bool              // left out where its program is missing
}

// Limits end each run.
type Limits struct {
	Time    time.Duration
	Work    int64 // deterministic units
	Memory  int64 // bytes
	Gap     string
	Threads int // 1 where it is left out
}

// Exclude names runs that are not made: those that match everything it says.
type Exclude struct {
	Methods   []string
	Groups    []string
	Instances []string // patterns of names
}

const (
	defaultTime = 60 * time.Second

	// maxSeeds is how many seeds a plan may name.
	maxSeeds = 1_000_000
)

// Seeds are where chance begins, one for each run.
type Seeds []uint64

// ParseSeeds reads "3", which stands for 1, 2 and 3, or "4-6".
func ParseSeeds(text string) (Seeds, error) {
	low, high, found := strings.Cut(text, "-")
	if !found {
		low, high = "1", low
	}
	from, err1 := strconv.ParseUint(low, 10, 64)
	to, err2 := strconv.ParseUint(high, 10, 64)
	if err1 != nil || err2 != nil || from > to || to-from >= maxSeeds {
		return nil, errors.New("want how many, such as 3, or from-to, such as 4-6")
	}
	var seeds Seeds
	for seed := from; ; seed++ {
		if seeds = append(seeds, seed); seed == to {
			return seeds, nil
		}
	}
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
		p.Limits = []Limits{{}}
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
	case i.Generate != "" && i.reads():
		return errors.New("exclude, from, problem, maximise, processors and platform go with files")
	case i.Generate == "":
		return nil
	}
	if i.Seeds == nil {
		i.Seeds = Seeds{1}
	}
	_, err := i.spec()
	return err
}

// reads says whether anything is said of how files are found and read.
func (i *Instances) reads() bool {
	return len(i.Exclude) > 0 || i.From != "" || i.Problem != 0 || i.Maximise || i.Processors != 0 || i.Platform != ""
}

// spec is what is generated.
func (i *Instances) spec() (instances.Spec, error) {
	spec, err := instances.Settings(i.Generate, i.With)
	if err != nil {
		return spec, fmt.Errorf("generate %s: %w", i.Generate, err)
	}
	return spec, nil
}

func (l *Limits) check() error {
	if l.Time == 0 && l.Work == 0 {
		l.Time = defaultTime
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
		Seconds: l.Time.Seconds(), Work: l.Work, Memory: l.Memory, Gap: l.Gap, Threads: l.Threads,
	}
}

// path names a file of the plan from where the program runs.
func (p *Plan) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.folder, name)
}
