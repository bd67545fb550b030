package proof

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"berth/encode"
	"berth/model"
)

// lines are the lines of a proof, taken apart word by word.
type lines struct {
	in    *bufio.Reader
	name  string
	nth   int
	words []string // of the line, those that were not taken yet
}

// wrong says in which line an error is.
func (l *lines) wrong(err error) error {
	return fmt.Errorf("%s:%d: the proof does not hold: %w", l.name, l.nth, err)
}

// next goes to the next line and returns its first word.
func (l *lines) next() (string, error) {
	if err := l.rest(); err != nil {
		return "", err
	}
	line, err := l.in.ReadString('\n')
	switch {
	case errors.Is(err, io.EOF):
		return "", errors.New("the proof is cut off here; its last line is qed")
	case err != nil:
		return "", err
	}
	l.nth++
	l.words = strings.Fields(line)
	word, _ := l.word("a step")
	return word, nil
}

// rest fails where words of a line are left.
func (l *lines) rest() error {
	if len(l.words) > 0 {
		return fmt.Errorf("%q is too much here", l.words[0])
	}
	return nil
}

// over fails where anything follows.
func (l *lines) over() error {
	if err := l.rest(); err != nil {
		return err
	}
	if _, err := l.in.ReadByte(); !errors.Is(err, io.EOF) {
		l.nth++
		return errors.New("there is more after qed")
	}
	return nil
}

func (l *lines) word(want string) (string, error) {
	if len(l.words) == 0 {
		return "", fmt.Errorf("the line ends where %s is wanted", want)
	}
	word := l.words[0]
	l.words = l.words[1:]
	return word, nil
}

func (l *lines) int(want string) (int64, error) {
	word, err := l.word(want)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil || n == math.MinInt64 {
		return 0, fmt.Errorf("found %q, want %s", word, want)
	}
	return n, nil
}

// named takes a word such as x17:-3 apart.
func named(word, separator string) (letter string, index int32, value int64, err error) {
	left, right, _ := strings.Cut(word, separator)
	if len(left) > 1 {
		n, wrong := strconv.ParseInt(left[1:], 10, 32)
		value, err = strconv.ParseInt(right, 10, 64)
		if wrong == nil && err == nil && n > 0 && value != math.MinInt64 {
			return left[:1], int32(n - 1), value, nil
		}
	}
	return "", 0, 0, fmt.Errorf("found %q, want a name such as x17, then %q and a whole number", word, separator)
}

// literal reads x17=1.
func (l *lines) literal(variables int) (variable int32, value int8, err error) {
	word, err := l.word("x17=1")
	if err != nil {
		return 0, 0, err
	}
	letter, index, n, err := named(word, "=")
	if err == nil && (letter != "x" || int(index) >= variables || n < 0 || n > 1) {
		err = fmt.Errorf("found %q, want one of x1 to x%d at 0 or 1", word, variables)
	}
	return index, int8(n), err
}

// clause reads the literals to the end of the line.
func (l *lines) clause(variables int) ([]literal, error) {
	list := make([]literal, 0, len(l.words))
	for len(l.words) > 0 {
		variable, value, err := l.literal(variables)
		if err != nil {
			return nil, err
		}
		list = append(list, literal(2*variable)+literal(value))
	}
	return list, nil
}

// cut reads what follows the word.
func (l *lines) cut(variables int) (terms []encode.Term, right int64, from []Multiplier, err error) {
	if right, err = l.int("a right side"); err != nil {
		return nil, 0, nil, err
	}
	seen := map[int32]bool{}
	for {
		word, err := l.word("a term or from")
		if err != nil {
			return nil, 0, nil, err
		}
		if word == "from" {
			break
		}
		letter, index, n, err := named(word, ":")
		if err == nil && (letter != "x" || int(index) >= variables || seen[index]) {
			err = fmt.Errorf("found %q, want one of x1 to x%d, each once", word, variables)
		}
		if err != nil {
			return nil, 0, nil, err
		}
		seen[index] = true
		terms = append(terms, encode.Term{Var: index, Coef: n})
	}
	from, err = l.rows()
	return terms, right, from, err
}

// price reads what follows the word.
func (l *lines) price() (denominator int64, rows []Multiplier, within []Name, err error) {
	if denominator, err = l.int("a denominator"); err != nil {
		return 0, nil, nil, err
	}
	kept := slices.Index(l.words, "within")
	if kept < 0 {
		rows, err = l.rows()
		return denominator, rows, nil, err
	}
	names := l.words[kept+1:]
	l.words = l.words[:kept]
	if rows, err = l.rows(); err != nil {
		return 0, nil, nil, err
	}
	for _, word := range names {
		row, err := multiplied(word + ":0")
		if err != nil {
			return 0, nil, nil, wantsRow(word)
		}
		within = append(within, row.Row)
	}
	return denominator, rows, within, nil
}

// rows reads the rows to the end of the line.
func (l *lines) rows() ([]Multiplier, error) {
	list := make([]Multiplier, 0, len(l.words))
	for len(l.words) > 0 {
		word, _ := l.word("a row")
		m, err := multiplied(word)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// multiplied takes a word such as r17:-3 apart.
func multiplied(word string) (Multiplier, error) {
	letter, index, n, err := named(word, ":")
	switch {
	case err != nil:
		return Multiplier{}, err
	case letter == "r":
		return Multiplier{Name(index), n}, nil
	case letter == "c":
		return Multiplier{^Name(index), n}, nil
	}
	return Multiplier{}, wantsRow(word)
}

func wantsRow(word string) error {
	return fmt.Errorf("found %q, want a row r1, r2, … or a cut c1, c2, …", word)
}

// header is the head of a proof in units of the problem.
type header struct{ bound, below *int64 }

// head reads the head and holds it against the problem.
func (l *lines) head(p *model.Problem) (*header, error) {
	line, err := l.in.ReadString('\n')
	l.nth++
	if err != nil || strings.TrimSpace(line) != first {
		return nil, fmt.Errorf("%s:1: this is no proof; its first line would be %q", l.name, first)
	}
	digest, err := l.field("instance", "the digest of an instance")
	if err != nil {
		return nil, l.wrong(err)
	}
	if digest != p.Digest {
		return nil, fmt.Errorf("%s:%d: the proof is about instance %s, and this one is %s", l.name, l.nth, digest, p.Digest)
	}
	if err := l.given(p.Given.String()); err != nil {
		return nil, err
	}
	h := &header{}
	for _, f := range []struct {
		name string
		to   **int64
	}{{"bound", &h.bound}, {"below", &h.below}} {
		word, err := l.field(f.name, "a cost or none")
		if err == nil {
			*f.to, err = units(p, word)
		}
		if err != nil {
			return nil, l.wrong(err)
		}
	}
	if h.below != nil && (h.bound == nil || *h.bound > *h.below) {
		return nil, l.wrong(errors.New("what costs less than the bound is left out"))
	}
	return h, nil
}

// given reads what the proof was made under, where it says so, and holds it against what is asked.
func (l *lines) given(asked string) error {
	const flags = "beside the instance (--fix, --forbid, --without, --max-moves)"
	found := ""
	if begin, _ := l.in.Peek(len(given)); string(begin) == given {
		line, err := l.in.ReadString('\n')
		l.nth++
		if err != nil {
			return l.wrong(errors.New("it is cut off here"))
		}
		found = strings.TrimSpace(line[len(given):])
	}
	switch {
	case found == asked:
		return nil
	case found == "":
		return fmt.Errorf("%s: the proof was made with nothing asked %s, and here something is", l.name, flags)
	}
	return fmt.Errorf("%s:%d: this was asked %s when the proof was made, and here something else is, or nothing", l.name, l.nth, flags)
}

// field reads a line of two words.
func (l *lines) field(name, want string) (string, error) {
	found, err := l.next()
	if err != nil {
		return "", err
	}
	if found != name {
		return "", fmt.Errorf("found %q, want %s", found, name)
	}
	return l.word(want)
}

// units reads a cost, nil for none. It is rounded up, as every cost is a whole number of units.
func units(p *model.Problem, word string) (*int64, error) {
	if word == none {
		return nil, nil
	}
	value, ok := new(big.Rat).SetString(word)
	if !ok || strings.Trim(word, "-.0123456789") != "" {
		return nil, fmt.Errorf("found %q, want a cost or none", word)
	}
	n, _ := p.Units(value)
	if !n.IsInt64() || n.Int64() < -limit || n.Int64() > limit {
		return nil, errLarge
	}
	at := n.Int64()
	return &at, nil
}

// mostTicks is how many terms a program with a variable for every tick may have; beyond
// that, times are in binary digits.
const mostTicks = 2_000_000

// Schedules returns the program that a proof about a workflow is about: that of schedules
// that end before the bound, in units, or, with nil, of any. It has no solution if the
// proof holds; nil where it is too large, or the room for it is too small.
func Schedules(p *model.Problem, bound *int64, room encode.Allowance) *encode.Program {
	last := int64(-1) // as late as the best can be
	if bound != nil {
		last = max(*bound-1, 0)
	}
	room.Terms = min(room.Terms, MostTerms)
	return encode.BuildBinary(p, last, mostTicks, room)
}

// Program returns the program that a proof about a problem is about, by the proof's head. An
// error names the line at fault.
func Program(r io.Reader, name string, p *model.Problem) (*encode.Program, error) {
	in := &lines{in: bufio.NewReader(r), name: name}
	head, err := in.head(p)
	if err != nil {
		return nil, err
	}
	g, err := program(p, head)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return g, nil
}

// program makes the program that a proof is about.
func program(p *model.Problem, h *header) (*encode.Program, error) {
	if p.Workflow != nil {
		if h.below != nil {
			return nil, errors.New("of a workflow a proof has no limit below which it looks")
		}
		g := Schedules(p, h.bound, encode.Allowance{Terms: MostTerms})
		if g == nil {
			return nil, errors.New("its program is too large for the checker")
		}
		return g, nil
	}
	if err := Fits(p); err != nil {
		return nil, err
	}
	return encode.Build(p), nil
}

// Fits fails where the program of a placement has more terms than the checker takes, as far as
// that can be told without making it.
func Fits(p *model.Problem) error {
	if _, terms := encode.Estimate(p); terms > MostTerms {
		return fmt.Errorf("its program would have about %d terms, and the checker takes %d", terms, MostTerms)
	}
	return nil
}
