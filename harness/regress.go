package harness

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/model"
	"berth/results"
)

// Baseline is what the runs of a plan came to when somebody accepted it: a row a run,
// without times, so that it is the same on every machine where the limits are in
// units of work.
type Baseline []Row

// Row is a run in a baseline.
type Row struct {
	Instance string // its name
	Digest   string // of its meaning
	Method   string // with its options
	Seed     uint64
	Limits   string
	Outcome  results.Outcome
	Cost     model.Number // empty without a placement
	Bound    model.Number // empty without one
	Work     int64        // deterministic units; 0 where the method does not count them
	why      string       // what refutes a wrong claim; not written
}

// NewBaseline takes rows from records, sorted. A claim that another of them refutes is
// wrong.
func NewBaseline(records []results.Record) Baseline {
	var b Baseline
	for _, run := range results.NewStudy(records).Runs {
		r := run.Record
		row := Row{
			Instance: r.Instance.Name, Digest: r.Instance.Digest, Seed: r.Seed,
			Method: strings.Join(append([]string{r.Method}, r.Options...), " "), Limits: limitsText(r.Limits),
			Outcome: run.Outcome, Cost: r.Cost, Bound: r.Claim.Bound, Work: r.Usage.Work,
		}
		if run.Outcome == results.Wrong {
			row.why = run.Note
		}
		b = append(b, row)
	}
	slices.SortFunc(b, func(x, y Row) int { return slices.Compare(x.key(), y.key()) })
	return b
}

// limitsText writes limits in a word.
func limitsText(l results.Limits) string {
	var parts []string
	if l.Seconds > 0 {
		parts = append(parts, fmt.Sprintf("time=%gs", l.Seconds))
	}
	if l.Work > 0 {
		parts = append(parts, fmt.Sprintf("work=%d", l.Work))
	}
	if l.Memory > 0 {
		parts = append(parts, fmt.Sprintf("memory=%d", l.Memory))
	}
	if l.Gap != "" {
		parts = append(parts, "gap="+l.Gap)
	}
	return strings.Join(append(parts, fmt.Sprintf("threads=%d", l.Threads)), ",")
}

// key identifies the run.
func (r *Row) key() []string {
	return []string{r.Instance, r.Method, r.Limits, fmt.Sprintf("%020d", r.Seed)}
}

// String names the run for people.
func (r *Row) String() string {
	return fmt.Sprintf("%s on %s, seed %d", r.Method, r.Instance, r.Seed)
}

// outcome is the outcome, with what refutes a wrong one.
func (r *Row) outcome() string {
	if r.why == "" {
		return string(r.Outcome)
	}
	return string(r.Outcome) + ": " + r.why
}

const baselineHead = "instance\tdigest\tmethod\tseed\tlimits\toutcome\tcost\tbound\twork"

// Write writes the baseline as a table with tabs, which version control shows the
// changes of.
func (b Baseline) Write() []byte {
	var out bytes.Buffer
	fmt.Fprintln(&out, baselineHead)
	for _, r := range b {
		fmt.Fprintf(&out, "%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%d\n",
			r.Instance, r.Digest, r.Method, r.Seed, r.Limits, r.Outcome, r.Cost, r.Bound, r.Work)
	}
	return out.Bytes()
}

// ReadBaseline reads what Write wrote. file is the name for messages.
func ReadBaseline(data []byte, file string) (Baseline, error) {
	var b Baseline
	seen := map[string]int{} // the line of each run
	for k, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		if k == 0 {
			if line != baselineHead {
				return nil, fmt.Errorf("%s:1: this is no baseline; `berth regress PLAN --accept` writes one", file)
			}
			continue
		}
		cells := strings.Split(line, "\t")
		if want := strings.Count(baselineHead, "\t") + 1; len(cells) != want {
			return nil, fmt.Errorf("%s:%d: it has %d columns, want %d; `berth regress PLAN --accept` writes the file anew", file, k+1, len(cells), want)
		}
		r := Row{
			Instance: cells[0], Digest: cells[1], Method: cells[2], Limits: cells[4],
			Outcome: results.Outcome(cells[5]), Cost: model.Number(cells[6]), Bound: model.Number(cells[7]),
		}
		var err1, err2 error
		r.Seed, err1 = strconv.ParseUint(cells[3], 10, 64)
		r.Work, err2 = strconv.ParseInt(cells[8], 10, 64)
		switch {
		case err1 != nil || err2 != nil:
			return nil, fmt.Errorf("%s:%d: seed is %q and work %q; want whole numbers", file, k+1, cells[3], cells[8])
		case !slices.Contains(results.Outcomes, r.Outcome):
			return nil, fmt.Errorf("%s:%d: there is no outcome %q", file, k+1, r.Outcome)
		case r.Cost != "" && r.Cost.Rat() == nil || r.Bound != "" && r.Bound.Rat() == nil:
			return nil, fmt.Errorf("%s:%d: cost is %q and bound %q; want numbers", file, k+1, r.Cost, r.Bound)
		}
		key := strings.Join(r.key(), "\t")
		if at, twice := seen[key]; twice {
			return nil, fmt.Errorf("%s:%d: %s with these limits is in line %d already; take one of the two out", file, k+1, &r, at)
		}
		seen[key] = k + 1
		b = append(b, r)
	}
	return b, nil
}

// Wrong names a run with a wrong claim and what refutes it, "" where there is none.
func (b Baseline) Wrong() string {
	for k := range b {
		if b[k].Outcome == results.Wrong {
			return b[k].String() + ": " + b[k].why
		}
	}
	return ""
}

// Finding is a difference between a baseline and what is now.
type Finding struct {
	Run    string `json:"run"`  // which run
	What   string `json:"what"` // what was lost or gained, in words
	Before string `json:"before"`
	Now    string `json:"now"`
	Lost   bool   `json:"lost"` // it fails the comparison
}

// Compare lists what changed since before, losses first. factor is how many times the
// work of before a run may take.
func (b Baseline) Compare(before Baseline, factor float64) []Finding {
	old := map[string]*Row{}
	for k := range before {
		old[strings.Join(before[k].key(), "\t")] = &before[k]
	}
	var found []Finding
	for k := range b {
		now := &b[k]
		key := strings.Join(now.key(), "\t")
		if was := old[key]; was != nil {
			found = append(found, now.since(was, factor)...)
		} else {
			found = append(found, Finding{now.String(), "new run", "", now.outcome(), now.Outcome == results.Wrong})
		}
		delete(old, key)
	}
	for _, was := range old {
		found = append(found, Finding{was.String(), "run is gone from the plan", string(was.Outcome), "", true})
	}
	slices.SortFunc(found, func(x, y Finding) int {
		if x.Lost != y.Lost {
			if x.Lost {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(x.What, y.What), cmp.Compare(x.Run, y.Run))
	})
	return found
}

// since lists the differences of one run.
func (r *Row) since(was *Row, factor float64) (found []Finding) {
	add := func(lost bool, what, before, now string) {
		found = append(found, Finding{r.String(), what, before, now, lost})
	}
	switch {
	case r.Outcome == results.Wrong:
		add(true, "wrong claim", string(was.Outcome), r.outcome())
		return found
	case r.Digest != was.Digest:
		add(true, "the instance is another one", was.Digest, r.Digest)
		return found
	case was.Outcome.Proven() && !r.Outcome.Proven():
		add(true, "proof lost", string(was.Outcome), string(r.Outcome))
	case was.Outcome.Solved() && !r.Outcome.Solved():
		add(true, "placement lost", string(was.Outcome), string(r.Outcome))
	case r.Outcome != was.Outcome && r.Outcome.Rank() > was.Outcome.Rank():
		add(true, "outcome worse", string(was.Outcome), string(r.Outcome))
	case r.Outcome != was.Outcome:
		add(false, "outcome better", string(was.Outcome), string(r.Outcome))
	}
	switch compare(r.Cost, was.Cost) {
	case 1:
		add(true, "cost higher", string(was.Cost), string(r.Cost))
	case -1:
		add(false, "cost lower", string(was.Cost), string(r.Cost))
	}
	switch c := compare(r.Bound, was.Bound); {
	case c < 0 || r.Bound == "" && was.Bound != "":
		add(true, "bound lower", string(was.Bound), cmp.Or(string(r.Bound), "none"))
	case c > 0 || r.Bound != "" && was.Bound == "":
		add(false, "bound higher", cmp.Or(string(was.Bound), "none"), string(r.Bound))
	}
	if r.Work > 0 && was.Work > 0 && r.Outcome == was.Outcome {
		times := float64(r.Work) / float64(was.Work)
		ratio := fmt.Sprintf("%d, %.2f times", r.Work, times)
		switch {
		case times > factor:
			add(true, "slower in units of work", strconv.FormatInt(was.Work, 10), ratio)
		case times*factor < 1:
			add(false, "faster in units of work", strconv.FormatInt(was.Work, 10), ratio)
		}
	}
	return found
}
