package results

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"berth/model"
)

// Study is a set of records held against each other and against what is published.
// It does not depend on the order of the records.
type Study struct {
	Methods   []string // labels, by name
	Groups    []string // by name
	Instances []*Entry // by group and name
	Runs      []*Run   // by instance, method, seed
	cells     [][]*Cell
}

// Entry is an instance of a study, with the best that is known of it.
type Entry struct {
	Instance
	Best       model.Number // the least cost of any judged placement or published; empty if there is none
	Bound      model.Number // the greatest bound that is proven here or published, none refuted
	Infeasible bool         // proven here or published to have no placement, not refuted; gaps mean nothing then
	Known      *Known       // what is published
	Beats      []*Run       // runs that are better than what is published, the best first
	best       decimal      // of Best
	place      int          // in the order of instances
}

// Run is a record as the study sees it.
type Run struct {
	*Record
	Entry   *Entry
	Method  string  // the label: Record.Method, with what tells it apart where the study has several of that name
	Outcome Outcome // as recorded, or Wrong where another run or a published value refutes the claim
	Note    string  // of the record, or what refutes it
	// Gap is (cost − the instance's best) / max(|best|, 1); +Inf without a placement
	// that counts, 0 for a proof that there is none.
	Gap float64
	// Limit is the seconds that the run had: its limit of time, or where it had none
	// the longest time that any run took on the instance.
	Limit float64
	// Time is the seconds to the proof; Limit where there is none, however early the
	// run gave up.
	Time float64
	// Primal is the primal integral as a share of Limit, 0 to 1: 0 would be the best
	// known placement at once, 1 is none (Berthold 2013). Steps count from when they
	// were made, and none for more than the judge's cost of the final placement.
	Primal float64
}

// fastest is the least time in seconds that is told from none: programs do not start
// faster, and a ratio of less would be one of noise.
const fastest = 0.001

// NewStudy holds records against each other. Records of the same ID are one run: the
// one that started first. It keeps pointers into the slice. O(n log n).
//
// A claim is refuted, and its run becomes Wrong, where it is a bound above a judged or
// published cost, an optimum above one, or infeasibility where there is one. A judged
// cost below a published optimum refutes what is published.
func NewStudy(records []Record) *Study {
	s := &Study{Runs: enter(once(records))}
	label(s.Runs)
	slices.SortFunc(s.Runs, func(a, b *Run) int {
		if a.Entry != b.Entry {
			return cmp.Compare(a.Entry.place, b.Entry.place)
		}
		return cmp.Or(cmp.Compare(a.Method, b.Method), cmp.Compare(a.Seed, b.Seed), cmp.Compare(a.ID, b.ID))
	})
	for _, runs := range s.byInstance() {
		check(runs)
		measure(runs)
	}
	s.index()
	return s
}

// enter makes runs of records, and an entry for each digest of an instance. Where
// machines know an instance by several names, it goes by the first of them.
func enter(records []*Record) []*Run {
	entries := map[string]*Entry{}
	runs := make([]*Run, len(records))
	all := make([]Run, len(records))
	for k, r := range records {
		key := r.Instance.Digest
		if key == "" {
			key = "file " + r.Instance.File
		}
		e, ok := entries[key]
		if !ok {
			e = &Entry{Instance: r.Instance}
			entries[key] = e
		} else if compareInstances(&r.Instance, &e.Instance) < 0 {
			e.Instance = r.Instance
		}
		if r.Known != nil && (e.Known == nil || compareKnown(r.Known, e.Known) < 0) {
			e.Known = r.Known
		}
		runs[k] = &all[k]
		*runs[k] = Run{Record: r, Entry: e, Outcome: r.Outcome, Note: r.Note}
	}
	tellApart(entries)
	sorted := slices.SortedFunc(maps.Values(entries), func(a, b *Entry) int { return compareInstances(&a.Instance, &b.Instance) })
	for k, e := range sorted {
		e.place = k
	}
	return runs
}

// tellApart adds the digest to names that several instances of a group have.
func tellApart(entries map[string]*Entry) {
	type name struct{ group, name string }
	named := map[name]int{}
	for _, e := range entries {
		named[name{e.Group, e.Name}]++
	}
	for _, e := range entries {
		if named[name{e.Group, e.Name}] > 1 {
			digest := strings.TrimPrefix(e.Digest, "sha256:")
			e.Name += " (" + digest[:min(len(digest), 8)] + ")"
		}
	}
}

func compareInstances(a, b *Instance) int {
	return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Digest, b.Digest), cmp.Compare(a.File, b.File),
		cmp.Compare(a.Nodes, b.Nodes), cmp.Compare(a.Tasks, b.Tasks))
}

// byInstance cuts the runs, which are sorted, into those of each instance.
func (s *Study) byInstance() [][]*Run {
	var cut [][]*Run
	for from := 0; from < len(s.Runs); {
		to := from + 1
		for to < len(s.Runs) && s.Runs[to].Entry == s.Runs[from].Entry {
			to++
		}
		cut = append(cut, s.Runs[from:to])
		from = to
	}
	return cut
}

// index finds the methods, groups and instances of sorted runs.
func (s *Study) index() {
	methods, groups := map[string]bool{}, map[string]bool{}
	for _, runs := range s.byInstance() {
		e := runs[0].Entry
		s.Instances = append(s.Instances, e)
		groups[e.Group] = true
		for _, r := range runs {
			methods[r.Method] = true
		}
	}
	s.Methods, s.Groups = slices.Sorted(maps.Keys(methods)), slices.Sorted(maps.Keys(groups))
	s.fillCells()
}

// Select returns the study of some of the runs. What is known of an instance, and so
// every gap and every outcome, stays that of the whole study, and so do the labels.
func (s *Study) Select(keep func(*Run) bool) *Study {
	part := &Study{}
	for _, r := range s.Runs {
		if keep(r) {
			part.Runs = append(part.Runs, r)
		}
	}
	part.index()
	return part
}

// measure fills in the numbers of the runs of an instance that has been checked.
func measure(runs []*Run) {
	longest := fastest
	for _, r := range runs {
		longest = max(longest, r.Usage.Wall)
	}
	for _, r := range runs {
		r.Limit = r.Limits.Seconds
		if r.Limit <= 0 {
			r.Limit = longest
		}
		r.Time = r.Limit
		if r.Outcome.Proven() {
			r.Time = r.Used()
		}
		r.Gap = math.Inf(1)
		switch cost, ok := parseDecimal(r.Cost); {
		case r.Outcome == Infeasible:
			r.Gap = 0
		case ok && r.Outcome.Solved():
			r.Gap = gapTo(cost, r.Entry.best)
		}
		r.Primal = r.primal()
	}
}

// Used is the wall time that the run took in seconds, at least a millisecond.
func (r *Run) Used() float64 { return max(r.Usage.Wall, fastest) }
