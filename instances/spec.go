package instances

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"berth/model"
)

// Spec says what Generate makes: a family and the settings of its knobs. Start
// from Defaults and change fields.
type Spec struct {
	Family string

	Nodes, Tasks, Racks, Zones int

	Resources int // how many different ones
	Fill      int // percent of the capacity that is used
	Alike     int // 1: all nodes are the same size
	Even      int // 1: all demands are the same
	Tail      int // 1: few tasks are very large, most are small
	Unlike    int // percent of tasks that take another amount on some nodes

	Homes    int // nodes that hold a task's data; 0: it has no home
	Skew     int // percent of the homes that crowd on a tenth of the nodes
	Fetch    int // the largest fetch penalty
	Near     int // percent of tasks that fetch more cheaply close to the home
	Data     int // percent of tasks whose penalty is data over links
	Decimals int // digits behind the point of prices and volumes

	Replicas  int // the largest number of replicas
	Apart     int // percent of replicated tasks that are kept apart
	Selectors int // percent of tasks that may not go everywhere
	Unplaced  int // percent of tasks that may be left out

	Affinity, AntiAffinity, Spread, Wishes int // how many rules of each kind

	Traffic int // pairs of tasks with traffic
	Hubs    int // tasks that most of the traffic goes to; 0: any task

	Current  int // percent of tasks that run somewhere today
	MoveCost int // the largest cost of a move
	OpenCost int // the largest cost of a node in use
	Reads    int // percent of tasks that are read from nodes without a replica
	Zipf     int // percent: how fast reads fall from one task to the next
	Uplinks  int // percent of nodes with a limit on the reads they send out
	Weights  int // 1: the terms of the cost are weighted
	Loose    int // 1: nothing makes sure that a placement exists

	CCR      int // of workflows: what results take, in percent of what tasks take
	Machines int // of workflows: 0 alike, 1 of different speeds, 2 unrelated

	copies int // 0, or how many replicas there are in all at most
}

// Knob is a setting of a Spec.
type Knob struct {
	Name      string
	Short     string
	Low, High int // the values it takes
	Of        func(*Spec) *int
	Workflows bool // it is for workflows alone
}

const (
	maxNodes = 1_000_000
	maxTasks = 10_000_000
	maxPrice = 1_000_000
)

// Knobs lists the settings in the order in which help shows them.
func Knobs() []Knob {
	percent := func(name, short string, of func(*Spec) *int) Knob { return Knob{name, short, 0, 100, of, false} }
	flag := func(name, short string, of func(*Spec) *int) Knob { return Knob{name, short, 0, 1, of, false} }
	return []Knob{
		{"nodes", "how many nodes", 1, maxNodes, func(s *Spec) *int { return &s.Nodes }, false},
		{"tasks", "how many tasks", 1, maxTasks, func(s *Spec) *int { return &s.Tasks }, false},
		{"racks", "racks that the nodes stand in; 0: no such label", 0, maxNodes, func(s *Spec) *int { return &s.Racks }, false},
		{"zones", "zones that the racks belong to; 0: no such label", 0, maxNodes, func(s *Spec) *int { return &s.Zones }, false},
		{"resources", "how many resources: " + strings.Join(resourceNames(), ", "), 1, len(resourceKinds), func(s *Spec) *int { return &s.Resources }, false},
		{"fill", "percent of the capacity that a placement uses", 1, 100, func(s *Spec) *int { return &s.Fill }, false},
		flag("alike", "1: all nodes are the same size", func(s *Spec) *int { return &s.Alike }),
		flag("tail", "1: demands are heavy-tailed, most small, few very large", func(s *Spec) *int { return &s.Tail }),
		flag("even", "1: all tasks take the same", func(s *Spec) *int { return &s.Even }),
		percent("unlike", "percent of tasks that take another amount on some nodes", func(s *Spec) *int { return &s.Unlike }),
		{"homes", "nodes where a task's data sits; 0: no homes", 0, maxNodes, func(s *Spec) *int { return &s.Homes }, false},
		percent("skew", "percent of the homes that crowd on a tenth of the nodes", func(s *Spec) *int { return &s.Skew }),
		{"fetch", "the largest fetch penalty", 0, maxPrice, func(s *Spec) *int { return &s.Fetch }, false},
		percent("near", "percent of tasks that fetch at a quarter of the price on the next five nodes of the home's rack", func(s *Spec) *int { return &s.Near }),
		percent("data", "percent of tasks that fetch data over network links", func(s *Spec) *int { return &s.Data }),
		{"decimals", "digits behind the point of prices and volumes", 0, 6, func(s *Spec) *int { return &s.Decimals }, false},
		{"replicas", "the largest number of replicas of a task", 1, 100, func(s *Spec) *int { return &s.Replicas }, false},
		percent("apart", "percent of replicated tasks whose replicas are kept apart", func(s *Spec) *int { return &s.Apart }),
		percent("selectors", "percent of tasks that may run on some nodes only", func(s *Spec) *int { return &s.Selectors }),
		percent("unplaced", "percent of tasks that may be left out at a price", func(s *Spec) *int { return &s.Unplaced }),
		{"affinity", "hard affinity rules", 0, maxTasks, func(s *Spec) *int { return &s.Affinity }, false},
		{"anti-affinity", "hard anti-affinity rules", 0, maxTasks, func(s *Spec) *int { return &s.AntiAffinity }, false},
		{"spread", "hard spread rules", 0, maxTasks, func(s *Spec) *int { return &s.Spread }, false},
		{"wishes", "rules of any kind that may be broken at a price", 0, maxTasks, func(s *Spec) *int { return &s.Wishes }, false},
		{"traffic", "pairs of tasks with traffic", 0, maxTasks, func(s *Spec) *int { return &s.Traffic }, false},
		{"hubs", "tasks that most of the traffic goes to; 0: any", 0, maxTasks, func(s *Spec) *int { return &s.Hubs }, false},
		percent("current", "percent of tasks that run somewhere today", func(s *Spec) *int { return &s.Current }),
		{"move-cost", "the largest cost of moving a task; 0: 1 each", 0, maxPrice, func(s *Spec) *int { return &s.MoveCost }, false},
		{"open-cost", "the largest cost of using a node", 0, maxPrice, func(s *Spec) *int { return &s.OpenCost }, false},
		percent("reads", "percent of tasks that nodes read, the first ones most (Zipf)", func(s *Spec) *int { return &s.Reads }),
		{"zipf", "popularity of the k-th task is 1/k to this power, in percent", 0, 300, func(s *Spec) *int { return &s.Zipf }, false},
		percent("uplinks", "percent of nodes with a limit on reads sent out", func(s *Spec) *int { return &s.Uplinks }),
		flag("weights", "1: the terms of the cost have weights from 0 to 3", func(s *Spec) *int { return &s.Weights }),
		{"ccr", "of workflows: what results take, in percent of what tasks take", 0, 100_000, func(s *Spec) *int { return &s.CCR }, true},
		{"machines", "of workflows: 0 all alike, 1 of different speeds, 2 unrelated", 0, 2, func(s *Spec) *int { return &s.Machines }, true},
		flag("loose", "1: nothing makes sure that a placement exists", func(s *Spec) *int { return &s.Loose }),
	}
}

// Family is a kind of instance that Generate makes.
type Family struct {
	Name     string
	Short    string
	Source   string // the paper it follows, if any
	Defaults Spec
	// Fixed families take the numbers of nodes and tasks only.
	Fixed    bool
	Workflow bool // it makes workflows, of nodes, tasks, ccr and machines
	generate func(Spec, uint64) *model.Instance
	fits     func(*model.Instance) bool // of one that plants no placement: there is one; nil: nobody asks
}

// Families lists what Generate makes.
func Families() []Family {
	families := []Family{
		{
			Name:  "tasks",
			Short: "batch tasks with skewed homes: fetching is cheaper within the home's rack",
			Defaults: Spec{
				Nodes: 20, Tasks: 200, Racks: 4, Resources: 2, Fill: 90,
				Homes: 1, Skew: 40, Fetch: 100, Near: 50, Replicas: 1, Zipf: 100,
			},
			generate: generatePlacement,
		},
		{
			Name:  "containers",
			Short: "services that talk: heavy-tailed demands, affinity and anti-affinity, traffic around hubs",
			Defaults: Spec{
				Nodes: 12, Tasks: 60, Racks: 3, Resources: 2, Fill: 80, Tail: 1, Replicas: 3, Apart: 30,
				Affinity: 4, AntiAffinity: 10, Traffic: 90, Hubs: 4, Zipf: 100,
			},
			generate: generatePlacement,
		},
		{
			Name:  "chunks",
			Short: "replicated chunks on racks: reads by Zipf popularity over limited uplinks",
			Defaults: Spec{
				Nodes: 8, Tasks: 60, Resources: 1, Fill: 85, Even: 1, Replicas: 3, Apart: 100, Reads: 100, Zipf: 100, Uplinks: 100,
			},
			generate: generatePlacement,
		},
		{
			Name:     "pools",
			Short:    "services on machines of two to four kinds that cost something to use",
			Defaults: Spec{Nodes: 36, Tasks: 50},
			Fixed:    true,
			generate: generatePools, fits: poolsFit,
		},
		{
			Name:     "cluster",
			Short:    "a full cluster that runs, pods that wait, and rules: what runs should stay; tasks counts pods",
			Defaults: Spec{Nodes: 25, Tasks: 350},
			Fixed:    true,
			generate: generateCluster,
		},
		{
			Name:     "mixed",
			Short:    "small, every feature at random; most are feasible; tasks counts replicas",
			Defaults: Spec{Nodes: 3, Tasks: 6},
			Fixed:    true,
			generate: func(s Spec, seed uint64) *model.Instance {
				in := Mixed(seed, s.Tasks, s.Nodes)
				in.Given = model.Given{} // no document has it
				return in
			},
		},
	}
	for _, t := range gapTypes {
		families = append(families, Family{
			Name:     "gap-" + t.name,
			Short:    "generalized assignment, type " + t.name + ": " + t.short,
			Source:   t.source,
			Defaults: Spec{Nodes: 5, Tasks: 100},
			Fixed:    true,
			generate: func(s Spec, seed uint64) *model.Instance { return generateGap(t, s, seed) },
		})
	}
	families = append(families, workflowFamilies()...)
	for k := range families {
		families[k].Defaults.Family = families[k].Name
	}
	return families
}

// Defaults returns the settings of a family, to be changed and generated.
func Defaults(family string) (Spec, error) {
	f, err := familyOf(family)
	return f.Defaults, err
}

// Settings returns the settings of a family with those that are named in place of its own. Of
// the rest, those that the named ones leave no room for are as large as they can be: without
// racks nothing is near, among three tasks are no four hubs.
func Settings(family string, named map[string]int) (Spec, error) {
	f, err := familyOf(family)
	if err != nil {
		return Spec{}, err
	}
	knobs, spec := map[string]Knob{}, f.Defaults
	for _, k := range Knobs() {
		knobs[k.Name] = k
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		k, known := knobs[name]
		if !known {
			return spec, fmt.Errorf("there is no setting %q; `berth generate --help` lists them", name)
		}
		*k.Of(&spec) = named[name]
	}
	spec = spec.fitting()
	for name, value := range named {
		*knobs[name].Of(&spec) = value
	}
	return spec, nil
}

// fitting returns settings that check takes, none of them larger.
func (s Spec) fitting() Spec {
	s.Racks, s.Homes, s.Hubs = min(s.Racks, s.Nodes), min(s.Homes, s.Nodes), min(s.Hubs, s.Tasks)
	s.Zones = min(s.Zones, s.Nodes)
	if s.Racks > 0 {
		s.Zones = min(s.Zones, s.Racks)
	} else {
		s.Near = 0
	}
	if s.Homes == 0 {
		s.Data = 0
	}
	if s.Traffic > 0 {
		s.Traffic = int(min(float64(s.Traffic), float64(s.Tasks)*float64(s.Tasks-1)/4))
	}
	if s.Tasks < 2 {
		s.Affinity, s.AntiAffinity, s.Wishes = 0, 0, 0
	}
	return s
}

func familyOf(name string) (Family, error) {
	var known []string
	for _, f := range Families() {
		if f.Name == name {
			return f, nil
		}
		known = append(known, f.Name)
	}
	return Family{}, fmt.Errorf("unknown family %q%s", name,
		cmp.Or(model.OrNearest("", name, slices.Values(known)), "; the families are "+strings.Join(known, ", ")))
}

// takes says whether instances of the family depend on a setting.
func (f *Family) takes(k *Knob) bool {
	switch {
	case k.Name == "nodes" || k.Name == "tasks":
		return true
	case f.Fixed:
		return false
	}
	return k.Workflows == f.Workflow
}

// check refuses settings that cannot be met, with the one to change.
func (s *Spec) check(f Family) error {
	for _, k := range Knobs() {
		value := *k.Of(s)
		switch takes := f.takes(&k); {
		case !takes && value != 0:
			return fmt.Errorf("this family does not take %s; leave it out", k.Name)
		case takes && (value < k.Low || value > k.High):
			return fmt.Errorf("%s is %d; want %d to %d", k.Name, value, k.Low, k.High)
		}
	}
	if f.Workflow {
		return nil
	}
	switch pairs := float64(s.Tasks) * float64(s.Tasks-1) / 2; {
	case s.Racks > s.Nodes:
		return fmt.Errorf("racks is %d; want at most the number of nodes, %d", s.Racks, s.Nodes)
	case s.Racks > 0 && s.Zones > s.Racks:
		return fmt.Errorf("zones is %d; want at most the number of racks, %d", s.Zones, s.Racks)
	case s.Zones > s.Nodes:
		return fmt.Errorf("zones is %d; want at most the number of nodes, %d", s.Zones, s.Nodes)
	case s.Homes > s.Nodes:
		return fmt.Errorf("homes is %d; want at most the number of nodes, %d", s.Homes, s.Nodes)
	case s.Near > 0 && s.Racks == 0:
		return fmt.Errorf("near is %d, but there are no racks; set racks", s.Near)
	case s.Data > 0 && s.Homes == 0:
		return fmt.Errorf("data is %d, but there are no homes to fetch it from; set homes", s.Data)
	case s.Hubs > s.Tasks:
		return fmt.Errorf("hubs is %d; want at most the number of tasks, %d", s.Hubs, s.Tasks)
	case float64(s.Traffic) > pairs/2:
		return fmt.Errorf("traffic is %d; want at most half of the pairs of tasks, %.0f", s.Traffic, pairs/2)
	case s.Tasks < 2 && s.Affinity+s.AntiAffinity+s.Wishes > 0:
		return fmt.Errorf("tasks is %d, but rules take two; set tasks", s.Tasks)
	}
	return nil
}

// Generate makes an instance: the same settings and seed give the same instance
// on every machine. Unless the settings are loose, a placement is planted first
// and everything else fitted to it, so that the instance is feasible. Each feature
// draws from its own stream of chance: switching one on leaves the others as they
// are.
func Generate(spec Spec, seed uint64) (*model.Instance, error) {
	family, err := familyOf(spec.Family)
	if err != nil {
		return nil, err
	}
	if err := spec.check(family); err != nil {
		return nil, fmt.Errorf("generate %s: %w", spec.Family, err)
	}
	in := family.generate(spec, seed)
	if family.fits != nil && !family.fits(in) {
		return nil, fmt.Errorf("generate %s: %d tasks with this seed find no room on %d nodes; set %s", spec.Family, spec.Tasks, spec.Nodes, family.remedy(spec, seed))
	}
	in.Name = fmt.Sprintf("%s-%dx%d-seed%d", spec.Family, spec.Nodes, spec.Tasks, seed)
	return in, nil
}

// remedy is the setting with which tasks find room, where they find none: some more nodes.
func (f *Family) remedy(spec Spec, seed uint64) string {
	for spec.Nodes < maxNodes {
		spec.Nodes = min(spec.Nodes+spec.Nodes/20+1, maxNodes)
		if f.fits(f.generate(spec, seed)) {
			return fmt.Sprintf("nodes to %d", spec.Nodes)
		}
	}
	return "tasks to fewer"
}
