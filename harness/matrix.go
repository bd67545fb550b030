package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"berth/harness/adapter"
	"berth/model"
	"berth/results"
	"berth/solvers"
)

// method is a method of a plan with the program that it stands for.
type method struct {
	name    string
	adapter *adapter.Adapter
	program string
	version string
	options map[string]string // for the adapter
	stated  []string          // those that the plan states, as a record has them
	seeds   Seeds
}

// methods finds the programs of a plan's methods. Optional ones that are missing are
// left out and said in missing.
func (p *Plan) methods(ctx context.Context) (all []*method, missing []string, err error) {
	adapters, err := p.adapters()
	if err != nil {
		return nil, nil, err
	}
	for k := range p.Methods {
		m := &p.Methods[k]
		found, err := p.method(ctx, m, adapters)
		switch {
		case err == nil:
			all = append(all, found)
		case m.Optional:
			missing = append(missing, fmt.Sprintf("method %s is left out: %v", m.Name, err))
		default:
			return nil, nil, fmt.Errorf("methods: %s: %w", m.Name, err)
		}
	}
	if len(all) == 0 {
		return nil, nil, fmt.Errorf("methods: none of them can be run:\n  %s", strings.Join(missing, "\n  "))
	}
	return all, missing, nil
}

// adapters are those that are shipped and those that the plan names, by name.
func (p *Plan) adapters() (map[string]*adapter.Adapter, error) {
	known := map[string]*adapter.Adapter{}
	for _, a := range adapter.Shipped() {
		known[a.Name] = a
	}
	for _, name := range p.Adapters {
		data, err := os.ReadFile(p.path(name))
		if err != nil {
			return nil, fmt.Errorf("adapters: %s cannot be read: %w; a name is looked for from the plan's folder", p.path(name), errors.Unwrap(err))
		}
		a, err := adapter.Read(data, p.path(name))
		if err != nil {
			return nil, err
		}
		known[a.Name] = a
	}
	return known, nil
}

// runnable returns the whole path of a program: a run has a folder of its own, from where
// another path would lead elsewhere, and a bare name into PATH.
func runnable(name string) (string, error) {
	whole, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return exec.LookPath(whole)
}

// ours is the adapter that runs berth's own methods.
const ours = "berth"

func (p *Plan) method(ctx context.Context, m *Method, adapters map[string]*adapter.Adapter) (*method, error) {
	found := &method{name: m.Name, options: maps.Clone(m.Options), seeds: m.Seeds}
	for _, name := range slices.Sorted(maps.Keys(m.Options)) {
		found.stated = append(found.stated, name+"="+m.Options[name])
	}
	if found.seeds == nil {
		found.seeds = p.Seeds
	}
	name := m.Adapter
	if name == "" {
		if _, err := solvers.Find(m.Name); err == nil {
			name = ours
			if found.options == nil {
				found.options = map[string]string{}
			}
			found.options["solver"] = cmp.Or(found.options["solver"], m.Name)
		} else {
			name = m.Name
		}
	}
	if found.adapter = adapters[name]; found.adapter == nil {
		outside := slices.Sorted(maps.Keys(adapters))
		known := slices.Clone(outside)
		for _, ours := range solvers.All() {
			known = append(known, ours.Name)
		}
		return nil, fmt.Errorf("it is neither a method of berth (`berth methods` lists them) nor an outside solver that is known%s",
			cmp.Or(model.OrNearest("", name, slices.Values(known)), ": "+strings.Join(outside, ", ")))
	}
	var err error
	switch {
	case m.Program != "":
		if found.program, err = runnable(p.path(m.Program)); err != nil {
			err = fmt.Errorf("program: %s cannot be run: %w; name a file that exists and is executable", m.Program, errors.Unwrap(err))
		}
	case name == ours:
		found.program, err = os.Executable()
	default:
		found.program, err = found.adapter.Find()
	}
	if err != nil {
		return nil, err
	}
	for option := range found.options {
		if _, known := found.adapter.Options[option]; !known {
			return nil, fmt.Errorf("options: there is no %s; %s has: %s", option, name, strings.Join(slices.Sorted(maps.Keys(found.adapter.Options)), ", "))
		}
	}
	found.version, err = found.adapter.Version(ctx, found.program)
	return found, err
}

// run is one run to be made.
type run struct {
	problem *problem
	method  *method
	record  results.Record // what is known before it is made
}

// matrix lists the runs of a plan in the order in which they are to be made.
func (p *Plan) matrix(problems []*problem, methods []*method) []*run {
	var runs []*run
	seen := map[string]bool{}
	for _, q := range problems {
		for _, m := range methods {
			if p.excludes(q, m) {
				continue
			}
			for _, limits := range p.Limits {
				for _, seed := range m.seeds {
					r := &run{problem: q, method: m, record: results.Record{
						Instance: q.Instance, Method: m.name, Options: m.stated, Seed: seed,
						Limits: limits.record(), Version: m.version, Known: q.known,
					}}
					r.record.ID = r.record.Digest()
					if !seen[r.record.ID] { // the same instance may lie in two files
						seen[r.record.ID] = true
						runs = append(runs, r)
					}
				}
			}
		}
	}
	chance := rand.New(rand.NewPCG(p.Order, 0))
	chance.Shuffle(len(runs), func(a, b int) { runs[a], runs[b] = runs[b], runs[a] })
	return runs
}

// excludes says whether a method is not to be run on an instance.
func (p *Plan) excludes(q *problem, m *method) bool {
	return slices.ContainsFunc(p.Exclude, func(e Exclude) bool {
		return (len(e.Methods) == 0 || slices.Contains(e.Methods, m.name)) &&
			(len(e.Groups) == 0 || slices.Contains(e.Groups, q.Group)) &&
			(len(e.Instances) == 0 || slices.ContainsFunc(e.Instances, func(pattern string) bool {
				ok, err := doublestar.Match(pattern, q.Name)
				return ok && err == nil
			}))
	})
}

// threads is the largest number of threads that a run of the plan may use.
func (p *Plan) threads() int {
	return slices.MaxFunc(p.Limits, func(a, b Limits) int { return cmp.Compare(a.Threads, b.Threads) }).Threads
}

// Outside lists the outside solvers that are known, by name.
func Outside() []string {
	return slices.DeleteFunc(adapter.Names(), func(name string) bool { return name == ours })
}
