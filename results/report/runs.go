package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"berth/model"
	"berth/results"
)

// columns are the runs of a study, each property a column, so that 200,000 of them
// pack well: words and numbers as text become indices into a list of those that
// occur, measured values keep four digits.
type columns struct {
	ID        []string `json:"id"` // as many characters as tell them apart
	Instance  []int    `json:"instance"`
	Method    []int    `json:"method"`
	Options   words    `json:"options"`
	Seed      words    `json:"seed"`
	Limits    limits   `json:"limits"`
	Version   words    `json:"version"`
	Outcome   []int    `json:"outcome"` // in the order of results.Outcomes
	Note      words    `json:"note"`
	Status    words    `json:"status"`
	Numbers   []string `json:"numbers"` // what the next three point into
	Cost      []int    `json:"cost"`
	Objective []int    `json:"objective"` // −1 is the cost
	Bound     []int    `json:"bound"`     // −1 is the cost
	Gap       measured `json:"gap"`       // null without a placement
	Limit     measured `json:"limit"`
	Wall      measured `json:"wall"`
	CPU       measured `json:"cpu"`
	Peak      measured `json:"peak"`
	Work      measured `json:"work"`
	Exit      words    `json:"exit"`
	Machine   words    `json:"machine"`
	Since     int64    `json:"since"` // the first start, in seconds since 1970; 0 where no run says when
	Started   []int64  `json:"started"`
	Command   words    `json:"command"`
	Curves    []int    `json:"curves"` // on which it is: onGaps + onCactus
	Ratio     measured `json:"ratio"`  // of its time to the fastest proof, null where it is not in the profile
}

// texts remembers what machines and limits are called, as many runs have the same.
type texts struct {
	machines map[results.Machine]string
	limits   map[results.Limits]string
}

func newTexts() *texts {
	return &texts{map[results.Machine]string{}, map[results.Limits]string{}}
}

func (t *texts) machine(m results.Machine) string {
	return remember(t.machines, m, func(m results.Machine) string { return cmp.Or(m.Text(), "a machine that is not named") })
}

func (t *texts) limit(l results.Limits) string {
	return remember(t.limits, l, func(l results.Limits) string { return cmp.Or(l.Text(), "no limit") })
}

func remember[K comparable](known map[K]string, key K, text func(K) string) string {
	found, ok := known[key]
	if !ok {
		found = text(key)
		known[key] = found
	}
	return found
}

// words is a column of text.
type words struct {
	Words []string `json:"words"`
	At    []int    `json:"at"`
	index map[string]int
}

func (w *words) add(word string) { w.At = append(w.At, w.find(word)) }

// find returns the index of a word.
func (w *words) find(word string) int {
	at, ok := w.index[word]
	if !ok {
		if w.index == nil {
			w.index = map[string]int{}
		}
		at = len(w.Words)
		w.index[word] = at
		w.Words = append(w.Words, word)
	}
	return at
}

// limits is a column of limits.
type limits struct {
	Kinds []results.Limits `json:"kinds"`
	At    []int            `json:"at"`
}

func (l *limits) add(limit results.Limits) {
	at := slices.Index(l.Kinds, limit)
	if at < 0 {
		at = len(l.Kinds)
		l.Kinds = append(l.Kinds, limit)
	}
	l.At = append(l.At, at)
}

// measured is a column of measured values: four digits, null for what is not finite.
type measured []float64

// MarshalJSON writes the values as an array.
func (m measured) MarshalJSON() ([]byte, error) { return rounded(m, 4), nil }

// rounded writes numbers as an array.
func rounded(numbers []float64, digits int) []byte {
	text := append(make([]byte, 0, 8*len(numbers)+2), '[')
	for k, v := range numbers {
		if k > 0 {
			text = append(text, ',')
		}
		text = appendRounded(text, v, digits)
	}
	return append(text, ']')
}

// appendRounded writes a number with at most so many significant digits, null where it is
// not finite.
func appendRounded(text []byte, v float64, digits int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(text, "null"...)
	}
	if whole := int64(v); float64(whole) == v && -9999 <= whole && whole <= 9999 {
		return strconv.AppendInt(text, whole, 10)
	}
	return strconv.AppendFloat(text, v, 'g', digits, 64)
}

// columnsOf turns runs into columns, and numbers them. short are their names.
func columnsOf(study *results.Study, short map[*results.Run]string) (*columns, *numbering) {
	c := &columns{}
	n := &numbering{run: make(map[*results.Run]int, len(study.Runs)), entry: map[*results.Entry]int{}, method: map[string]int{}}
	for k, entry := range study.Instances {
		n.entry[entry] = k
	}
	for k, method := range study.Methods {
		n.method[method] = k
	}
	first, _ := period(study)
	if !first.IsZero() {
		c.Since = first.Unix()
	}
	var numbers words
	named := newTexts()
	for k, r := range study.Runs {
		n.run[r] = k
		c.ID = append(c.ID, short[r])
		c.Instance = append(c.Instance, n.entry[r.Entry])
		c.Method = append(c.Method, n.method[r.Method])
		c.Outcome = append(c.Outcome, r.Outcome.Rank())
		c.Seed.add(strconv.FormatUint(r.Seed, 10))
		c.describe(r, named)
		c.amounts(r, &numbers)
		c.Started = append(c.Started, secondsSince(first, r.Started))
	}
	c.Numbers = numbers.Words
	return c, n
}

// describe adds what a run says in words.
func (c *columns) describe(r *results.Run, t *texts) {
	c.Options.add(strings.Join(r.Options, " "))
	c.Limits.add(r.Limits)
	c.Version.add(r.Version)
	c.Note.add(r.Note)
	c.Status.add(r.Claim.Status)
	c.Exit.add(r.Usage.Exit)
	c.Machine.add(t.machine(r.Machine))
	c.Command.add(withMarks(r))
}

// amounts adds the numbers of a run.
func (c *columns) amounts(r *results.Run, numbers *words) {
	cost := numbers.find(string(r.Cost))
	c.Cost = append(c.Cost, cost)
	likeCost := func(n model.Number) int {
		if at := numbers.find(string(n)); at != cost {
			return at
		}
		return -1
	}
	c.Objective = append(c.Objective, likeCost(r.Claim.Objective))
	c.Bound = append(c.Bound, likeCost(r.Claim.Bound))
	c.Gap = append(c.Gap, r.Gap)
	c.Limit = append(c.Limit, r.Limit)
	c.Wall = append(c.Wall, r.Usage.Wall)
	c.CPU = append(c.CPU, r.Usage.CPU)
	c.Peak = append(c.Peak, float64(r.Usage.Peak))
	c.Work = append(c.Work, float64(r.Usage.Work))
}

// secondsSince is −1 for a run that does not say when it started.
func secondsSince(first, started time.Time) int64 {
	if started.IsZero() {
		return -1
	}
	return started.Unix() - first.Unix()
}

// period returns when the first and the last run started; zero where none says.
func period(study *results.Study) (first, last time.Time) {
	for _, r := range study.Runs {
		if r.Started.IsZero() {
			continue
		}
		if first.IsZero() || r.Started.Before(first) {
			first = r.Started
		}
		if r.Started.After(last) {
			last = r.Started
		}
	}
	return first, last
}

const shortestID = 8

// shortIDs returns the beginnings of the runs' IDs, all as long as it takes to tell
// every two apart.
func shortIDs(study *results.Study) map[*results.Run]string {
	full := make(map[*results.Run]string, len(study.Runs))
	sorted := make([]string, 0, len(study.Runs))
	for _, r := range study.Runs {
		full[r] = cmp.Or(r.ID, r.Digest())
		sorted = append(sorted, full[r])
	}
	slices.Sort(sorted)
	length := shortestID
	for k := 1; k < len(sorted); k++ {
		a, b := sorted[k-1], sorted[k]
		same := 0
		for same < min(len(a), len(b)) && a[same] == b[same] {
			same++
		}
		length = max(length, same+1)
	}
	for r, id := range full {
		full[r] = id[:min(length, len(id))]
	}
	return full
}
