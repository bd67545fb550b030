package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"berth/model"
	"berth/search"
)

// value is a flag whose text is parsed by a function of ours, so that its errors
// name the remedy.
type value[T any] struct {
	to    *T
	text  string
	kind  string
	parse func(string) (T, error)
}

func (v *value[T]) String() string { return v.text }
func (v *value[T]) Type() string   { return v.kind }

// Set is called with what stands behind the flag.
func (v *value[T]) Set(text string) error {
	parsed, err := v.parse(text)
	if err != nil {
		return err
	}
	*v.to, v.text = parsed, text
	return nil
}

// flag adds a flag; text is its default, "" for the zero value.
func flag[T any](set *pflag.FlagSet, to *T, name, text, kind, usage string, parse func(string) (T, error)) {
	v := &value[T]{to: to, kind: kind, parse: parse}
	if text != "" {
		if err := v.Set(text); err != nil {
			panic(fmt.Sprintf("flag --%s: default %s: %v", name, text, err))
		}
	}
	set.Var(v, name, usage)
}

// oneOf parses a word out of a list.
func oneOf(words ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		for _, w := range words {
			if text == w {
				return w, nil
			}
		}
		return "", fmt.Errorf("want one of %s", strings.Join(words, ", "))
	}
}

func parseTime(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, errors.New("want a time above 0 with its unit, such as 500ms, 60s or 5m")
	}
	return d, nil
}

func parseWork(text string) (int64, error) {
	q, err := model.ParseQuantity(text)
	if err != nil || q.Nanos != 0 || q.Units == 0 {
		return 0, errors.New("want a whole number of units above 0, such as 500000000 or 500M")
	}
	return q.Units, nil
}

func parseBytes(text string) (int64, error) {
	bytes, err := parseWork(text)
	if err != nil {
		return 0, errors.New("want a whole number of bytes above 0, such as 512Mi or 2Gi")
	}
	return bytes, nil
}

// leastMemory is below what the program itself and a small instance take.
const leastMemory = 64 << 20

func parseMemory(text string) (int64, error) {
	bytes, err := parseBytes(text)
	if err == nil && bytes < leastMemory {
		err = errors.New("want at least 64Mi")
	}
	return bytes, err
}

func parseSeed(text string) (uint64, error) {
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, errors.New("want a whole number from 0 to 2⁶⁴−1")
	}
	return seed, nil
}

// count parses a whole number within limits.
func count(least, most int) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return 0, fmt.Errorf("want a whole number from %d to %d", least, most)
		}
		return n, nil
	}
}

// nodeNames splits a list of nodes at its commas. A name that has one stands in double quotes, as in
// CSV; what is no such list is taken as it is.
func nodeNames(text string) []string {
	if rows, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err == nil && len(rows) == 1 {
		return rows[0]
	}
	return strings.Split(text, ",")
}

// placesFlag is a flag that names a task and nodes, and may be given several times.
type placesFlag struct{ to *[]model.TaskNodes }

func (f *placesFlag) String() string { return "" }
func (f *placesFlag) Type() string   { return "task=nodes" }

// Set is called with what stands behind the flag.
func (f *placesFlag) Set(text string) error {
	at := strings.LastIndexByte(text, '=')
	if quoted := strings.Index(text, `="`); quoted > 0 {
		at = quoted
	}
	if at <= 0 || at == len(text)-1 {
		return errors.New("want a task and nodes, such as web=n1 or web=n1,n2")
	}
	*f.to = append(*f.to, model.TaskNodes{Task: text[:at], Nodes: nodeNames(text[at+1:])})
	return nil
}

// nodesFlag is a flag that names nodes, and may be given several times.
type nodesFlag struct{ to *[]string }

func (f *nodesFlag) String() string { return "" }
func (f *nodesFlag) Type() string   { return "nodes" }

// Set is called with what stands behind the flag.
func (f *nodesFlag) Set(text string) error {
	if text == "" {
		return errors.New("want nodes, such as n1 or n1,n2")
	}
	*f.to = append(*f.to, nodeNames(text)...)
	return nil
}

// parseMoves parses how many moves are allowed; none is a number, too.
func parseMoves(text string) (*int, error) {
	most, err := count(0, math.MaxInt32)(text)
	if err != nil {
		return nil, err
	}
	return &most, nil
}

// gap is how far from proven optimal is near enough, as the user says it.
type gap struct {
	absolute model.Decimal // of the cost
	relative float64
}

func parseGap(text string) (gap, error) {
	number, relative := strings.CutSuffix(text, "%")
	d, err := model.ParseDecimal(number)
	if err != nil {
		return gap{}, errors.New("want a share such as 1% or 0.5%, or a cost such as 25")
	}
	if relative {
		return gap{relative: float64(d) / float64(100*model.DecimalOne)}, nil
	}
	return gap{absolute: d}, nil
}

// limit states the gap in the problem's units of cost.
func (g gap) limit(p *model.Problem) search.Gap {
	value := new(big.Rat).SetFrac64(int64(g.absolute), int64(model.DecimalOne))
	units, exact := p.Units(value)
	if !exact {
		units.Sub(units, big.NewInt(1))
	}
	limit := search.Gap{Absolute: math.MaxInt64, Relative: g.relative}
	if units.IsInt64() {
		limit.Absolute = units.Int64()
	}
	return limit
}
