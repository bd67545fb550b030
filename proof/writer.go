package proof

import (
	"bufio"
	"io"
	"strconv"

	"berth/encode"
	"berth/model/integer"
)

// Head is what a proof says of itself.
type Head struct {
	Digest string  // of the instance
	Given  string  // what is asked beside it, as a line; "": nothing
	Bound  *string // that is proven, in the document's numbers; nil: nothing is feasible
	Below  *string // the limit of what is of interest; nil: everything is
}

// Multiplier is a row with what it is multiplied by.
type Multiplier struct {
	Row Name
	By  int64
}

// Name is a row of the program by its index or, below 0, the complement of a cut's.
type Name int32

// String is the name as it is written.
func (n Name) String() string {
	if n < 0 {
		return "c" + strconv.Itoa(int(^n)+1)
	}
	return "r" + strconv.Itoa(int(n)+1)
}

// Writer writes a proof, step by step as the package says. The first error stays until
// End of the proof.
type Writer struct {
	out    *bufio.Writer
	number []byte
}

// NewWriter begins a proof.
func NewWriter(w io.Writer, head Head) *Writer {
	t := &Writer{out: bufio.NewWriterSize(w, 1<<16)}
	t.words(first, "\ninstance ", head.Digest)
	if head.Given != "" {
		t.words("\n", given, head.Given)
	}
	t.words("\nbound ", orNone(head.Bound), "\nbelow ", orNone(head.Below), "\n")
	return t
}

const (
	first = "berth proof 1"
	given = "given "
	none  = "none"
)

func orNone(number *string) string {
	if number == nil {
		return none
	}
	return *number
}

// Cut adds a row Σ terms ≤ right that follows from others.
func (t *Writer) Cut(terms []encode.Term, right int64, from ...Multiplier) {
	t.words("cut ")
	t.int(right)
	for _, term := range terms {
		t.words(" x")
		t.int(int64(term.Var) + 1)
		t.words(":")
		t.int(term.Coef)
	}
	t.words(" from")
	t.multipliers(from)
	t.words("\n")
}

// Price bounds what is left by multipliers over a common denominator, 0 for a contradiction,
// and by the cheapest points of rows that are kept. It writes multipliers in lowest terms.
func (t *Writer) Price(denominator int64, rows []Multiplier, within ...Name) {
	common := denominator
	for _, m := range rows {
		common = integer.GCD(common, m.By)
	}
	common = max(common, 1)
	lowest := make([]Multiplier, len(rows))
	for k, m := range rows {
		lowest[k] = Multiplier{m.Row, m.By / common}
	}
	t.words("price ")
	t.int(denominator / common)
	t.multipliers(lowest)
	if len(within) > 0 {
		t.words(" within")
		for _, name := range within {
			t.words(" ", name.String())
		}
	}
	t.words("\n")
}

// Learn adds that one of these variables has the value that is named; each follows, where
// none of them has, from the rows and what was learned before.
func (t *Writer) Learn(variables []int32, values []int8) {
	t.words("learn")
	for k, v := range variables {
		t.words(" x")
		t.int(int64(v) + 1)
		t.words("=")
		t.int(int64(values[k]))
	}
	t.words("\n")
}

// Branch begins the part in which a variable has a value.
func (t *Writer) Branch(variable int32, value int8) {
	t.words("branch x")
	t.int(int64(variable) + 1)
	t.words("=")
	t.int(int64(value))
	t.words("\n")
}

// Else ends that part and begins the one in which it has the other.
func (t *Writer) Else() { t.words("else\n") }

// Join ends both parts.
func (t *Writer) Join() { t.words("end\n") }

// End ends the proof.
func (t *Writer) End() error {
	t.words("qed\n")
	return t.out.Flush()
}

func (t *Writer) words(list ...string) {
	for _, s := range list {
		t.out.WriteString(s)
	}
}

func (t *Writer) int(n int64) {
	t.number = strconv.AppendInt(t.number[:0], n, 10)
	t.out.Write(t.number)
}

func (t *Writer) multipliers(list []Multiplier) {
	for _, m := range list {
		t.words(" ", m.Row.String(), ":")
		t.int(m.By)
	}
}
