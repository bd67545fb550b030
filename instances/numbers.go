package instances

import (
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"berth/model"
)

// maxWhole is the largest whole number that a model.Decimal holds.
const maxWhole = math.MaxInt64 / int64(model.DecimalOne)

// numbers is a file that holds whole numbers and blanks only. It takes memory in
// proportion to the file, whatever the numbers claim.
type numbers struct {
	file   string
	data   []byte
	values []int64
}

// scan reads all numbers of a file.
func scan(data []byte, file string) (*numbers, error) {
	n := &numbers{file: file, data: data}
	count := 0
	for range words(data) {
		count++
	}
	n.values = make([]int64, 0, count)
	for _, word := range words(data) {
		value, ok := whole(word)
		if !ok {
			return nil, n.refuse(len(n.values), model.Quote(string(word)), fmt.Sprintf("a whole number from 0 to %d", maxWhole))
		}
		n.values = append(n.values, value)
	}
	return n, nil
}

// words yields what stands between blanks, with where it begins.
func words(data []byte) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		for from := 0; from < len(data); {
			if blank(data[from]) {
				from++
				continue
			}
			to := from + 1
			for to < len(data) && !blank(data[to]) {
				to++
			}
			if !yield(from, data[from:to]) {
				return
			}
			from = to
		}
	}
}

// looksLike is Looks of a format of numbers and blanks: what fits says what is wrong
// with a file of it.
func looksLike(fits func(n *numbers) error) func(data []byte, file string) bool {
	return func(data []byte, file string) bool {
		if !onlyDigits(data) {
			return false
		}
		n, err := scan(data, file)
		return err == nil && fits(n) == nil
	}
}

// numbersFormat is a format of numbers and blanks with one problem a file: sizes are its
// numbers of tasks and nodes, once it is known to hold as many numbers as these ask for.
func numbersFormat(name, short string, sizes func(n *numbers) (tasks, nodes int, err error), read func(n *numbers, tasks, nodes int) (*model.Instance, error)) Format {
	return Format{
		Name: name, Short: short,
		Looks: looksLike(func(n *numbers) error { _, _, err := sizes(n); return err }),
		Read: func(data []byte, file string, opts Options) (*model.Instance, error) {
			if err := opts.plain(name, file); err != nil {
				return nil, err
			}
			n, err := scan(data, file)
			if err != nil {
				return nil, err
			}
			tasks, nodes, err := sizes(n)
			if err != nil {
				return nil, err
			}
			return read(n, tasks, nodes)
		},
	}
}

func blank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'
}

// whole converts decimal digits to a number of at most maxWhole.
func whole(word []byte) (int64, bool) {
	var value int64
	for _, c := range word {
		if c < '0' || c > '9' {
			return 0, false
		}
		if value = value*10 + int64(c-'0'); value > maxWhole {
			return 0, false
		}
	}
	return value, true
}

// onlyDigits reports whether the first bytes are digits and blanks with at least
// one digit: a cheap test that rules most other files out.
func onlyDigits(data []byte) bool {
	seen := false
	for _, c := range data[:min(len(data), 4096)] {
		if c >= '0' && c <= '9' {
			seen = true
		} else if !blank(c) {
			return false
		}
	}
	return seen
}

// refuse is an error at value k, or at the end of the file where there is none.
func (n *numbers) refuse(k int, found, want string) error {
	line, column := n.place(k)
	return &model.DocumentError{File: n.file, Line: line, Column: column, Found: found, Want: want}
}

// place finds where value k stands, or the end of the file where there is none.
func (n *numbers) place(k int) (line, column int) {
	at := len(n.data)
	for offset := range words(n.data) {
		if k == 0 {
			at = offset
			break
		}
		k--
	}
	return model.LineColumn(n.data, at)
}

// baseName is what a foreign instance is called: its file without folder and
// extension.
func baseName(file string) string {
	base := filepath.Base(file)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// named returns prefix1 … prefixN.
func named(prefix string, count int) []string {
	list := make([]string, count)
	for k := range list {
		list[k] = fmt.Sprintf("%s%d", prefix, k+1)
	}
	return list
}

// pricesOn is a fetch penalty by node: the most common price for the rest, the
// others by name.
func pricesOn(nodes []string, prices []int64) *model.Fetch {
	rest := mostCommon(prices)
	fetch := &model.Fetch{Rest: model.Decimal(rest) * model.DecimalOne, On: make([]model.NodePrice, 0, len(nodes))}
	for k, price := range prices {
		if price != rest {
			fetch.On = append(fetch.On, model.NodePrice{Node: nodes[k], Price: model.Decimal(price) * model.DecimalOne})
		}
	}
	sortPrices(fetch.On)
	return fetch
}

// sortPrices puts prices into the order that an Instance keeps them in.
func sortPrices(on []model.NodePrice) {
	slices.SortFunc(on, func(a, b model.NodePrice) int { return strings.Compare(a.Node, b.Node) })
}

// sortDemands does so with demands.
func sortDemands(on []model.NodeDemand) {
	slices.SortFunc(on, func(a, b model.NodeDemand) int { return strings.Compare(a.Node, b.Node) })
}

// mostCommon returns the value that occurs most often, the first among equals.
func mostCommon(values []int64) int64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	best, most := values[0], 0
	for _, v := range values {
		from, _ := slices.BinarySearch(sorted, v)
		to, _ := slices.BinarySearch(sorted, v+1)
		if to-from > most {
			best, most = v, to-from
		}
	}
	return best
}

// amount is so much of one resource.
func amount(resource string, units int64) model.Resources {
	return model.Resources{{Resource: resource, Quantity: model.Quantity{Units: units}}}
}

// sizes returns the numbers of tasks and nodes that a file begins with, once it is known to hold
// as many numbers as these ask for: rest says how many, and what they are.
func (n *numbers) sizes(nodes string, rest func(t, k int64) (int64, string)) (int, int, error) {
	have := int64(len(n.values))
	if have < 2 {
		return 0, 0, n.refuse(len(n.values), model.Plural(int(have), "number"), "the numbers of tasks and "+nodes+", and then the rest")
	}
	t, k := n.values[0], n.values[1]
	found := fmt.Sprintf("%d tasks and %d %s", t, k, nodes)
	if t < 1 || k < 1 {
		return 0, 0, n.refuse(0, found, "at least one of each")
	}
	const most = 1 << 30 // the products of more overflow
	if asked, words := rest(t, k); t > most || k > most || 2+asked != have {
		return 0, 0, n.refuse(0, found+" and then "+model.Plural(int(have-2), "number"), words)
	}
	return int(t), int(k), nil
}
