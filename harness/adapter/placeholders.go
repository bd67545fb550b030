package adapter

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"berth/encode"
	"berth/model"
)

// given are the placeholders that every run fills, as far as it has a value for them.
var given = []string{
	"program",       // the path of the executable
	"instance",      // the file to solve; alone in an argument: with what says how to read it
	"seed",          // as the plan has it
	"smallseed",     // from 1 to 2³¹−1
	"threads",       // how many may be busy
	"time",          // the limit in seconds
	"wholetime",     // the same, rounded up
	"softtime",      // the same less what it takes to write an answer
	"wholesofttime", // rounded down, at least 1
	"work",          // the limit in units of work
	"memory",        // nine tenths of the limit, in bytes
	"megabytes",     // the same in 2²⁰ bytes
	"gap",           // near enough, as the plan has it
	"steps",         // near enough, in units of the encoding's objective; 0.5 proves an optimum
}

var (
	placeholderName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`) })
	placeholder     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{([A-Za-z][A-Za-z0-9_]*)\}`) })
)

// placeholders lists the names in a text.
func placeholders(text string) []string {
	var names []string
	for _, match := range placeholder().FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	return names
}

// values are what placeholders stand for: mostly one text each. What is missing or
// empty has no value.
type values map[string][]string

// set gives a placeholder a value; "" is none.
func (v values) set(name, text string) {
	if text != "" {
		v[name] = []string{text}
	}
}

// fill replaces the placeholders of a text; whole is false where one has no value.
func (v values) fill(text string) (filled string, whole bool) {
	whole = true
	filled = placeholder().ReplaceAllStringFunc(text, func(name string) string {
		found := v[name[1:len(name)-1]]
		whole = whole && len(found) > 0
		return strings.Join(found, " ")
	})
	return filled, whole
}

// arguments fills a command. Arguments that go together are left out where one of
// their placeholders has no value.
func (v values) arguments(command []argument) []string {
	var filled []string
	for _, together := range command {
		var part []string
		whole := true
		for _, text := range together {
			if name := placeholder().FindString(text); name == text && name != "" {
				found := v[name[1:len(name)-1]]
				whole = whole && len(found) > 0
				part = append(part, found...)
				continue
			}
			one, ok := v.fill(text)
			whole = whole && ok
			part = append(part, one)
		}
		if whole {
			filled = append(filled, part...)
		}
	}
	return filled
}

// lines fills a text line by line. Lines with a placeholder without a value are left
// out.
func (v values) lines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if filled, whole := v.fill(line); whole {
			b.WriteString(filled)
		}
	}
	return b.String()
}

// A program is told a limit of time that leaves writingShare of it, at least writingSeconds, to
// write its answer in; but it is told no less than half of it.
const (
	writingShare   = 0.02
	writingSeconds = 0.2
)

// limits sets what the limits of a run are to a program.
func (v values) limits(job *Job) {
	l := job.Limits
	if t := l.Seconds; t > 0 {
		soft := max(t-max(writingSeconds, writingShare*t), t/2)
		v.set("time", decimal(t))
		v.set("wholetime", decimal(math.Ceil(t)))
		v.set("softtime", decimal(soft))
		v.set("wholesofttime", decimal(max(1, math.Floor(soft))))
	}
	if l.Work > 0 {
		v.set("work", strconv.FormatInt(l.Work, 10))
	}
	if l.Memory > 0 {
		v.set("memory", strconv.FormatInt(l.Memory/10*9, 10))
		v.set("megabytes", strconv.FormatInt(max(1, l.Memory/10*9>>20), 10))
	}
	v.set("gap", l.Gap)
	v.set("threads", strconv.Itoa(max(1, l.Threads)))
	v.set("seed", strconv.FormatUint(job.Seed, 10))
	v.set("smallseed", strconv.FormatUint(smallSeed(job.Seed), 10))
}

// smallSeed keeps seeds from 1 to 2³¹−1, the most that many programs take, and brings
// others there; 0 means a random seed to some.
func smallSeed(seed uint64) uint64 {
	const most = math.MaxInt32
	if seed = seed % most; seed == 0 {
		return most
	}
	return seed
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// steps states the gap that is near enough in units of a file's objective: half a
// unit, or the cost that the plan names. A share of the cost cannot be stated, since
// a file counts from a cost of its own.
func steps(p *model.Problem, s encode.Scale, gap string) string {
	const half = "0.5"
	cost, err := model.ParseDecimal(gap)
	if err != nil {
		return half
	}
	units, exact := p.Units(decimalRat(cost))
	if !exact {
		units.Sub(units, one)
	}
	if !units.IsInt64() || units.Int64() < s.Unit {
		return half
	}
	return strconv.FormatInt(units.Int64()/s.Unit, 10)
}
