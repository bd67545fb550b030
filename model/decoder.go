package model

import (
	"bytes"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// decoder reads values from a source. It is used without looking at errors: after
// the first fault every value reads as empty and every loop ends.
type decoder struct {
	source
	fault  *fault
	path   []step // to the value being read
	header header // what of it was read

	network bool   // whether the document has one
	dataAt  []step // the first task that needs it

	inPlacements, inWorkflows sighting // fields that the other kind has not

	interned map[string]string
	alone    map[string][]string  // lists of one name
	shared   map[string]Resources // equal ones are kept once
	amounts  []Amount             // scratch
	key      []byte               // scratch
}

func newDecoder(src source) *decoder {
	return &decoder{
		source: src, interned: map[string]string{}, alone: map[string][]string{}, shared: map[string]Resources{},
	}
}

// peek is that of the source until something is wrong.
func (d *decoder) peek() kind {
	if d.fault != nil {
		return endOf
	}
	return d.source.peek()
}

// ok reports whether all is well so far.
func (d *decoder) ok() bool {
	if d.fault == nil {
		if d.fault = d.failure(); d.fault != nil {
			d.fault.at = slices.Clone(d.path)
		}
	}
	return d.fault == nil
}

// fail records what is wrong with the value that was read or entered last.
func (d *decoder) fail(found, want string) {
	if d.ok() {
		line, column := d.position()
		d.fault = &fault{at: slices.Clone(d.path), line: line, column: column, found: found, want: want}
	}
}

// failHere records what is wrong with the value that path leads to, all of which
// has been read.
func (d *decoder) failHere(found, want string) {
	if d.ok() {
		d.fault = &fault{at: slices.Clone(d.path), found: found, want: want}
	}
}

// failKeyHere is failHere where the key that path ends with is wrong.
func (d *decoder) failKeyHere(found, want string) {
	if d.ok() {
		d.failHere(found, want)
		d.fault.onKey = true
	}
}

// refuse reads the next value, which is of the wrong kind.
func (d *decoder) refuse(want string) {
	if got := d.peek(); d.ok() {
		touched := string(touch(d.source))
		switch got {
		case textKind:
			d.fail("the text "+Quote(touched), want)
		case numberKind, boolKind:
			d.fail(touched, want)
		default:
			d.fail(got.String(), want)
		}
	}
}

// field is a member that a map of the schema may have.
type field[T any] struct {
	name string
	read func(*decoder, *T)
}

// object reads a map whose keys are those of the schema.
func object[T any](d *decoder, what string, fields []field[T], into *T) {
	if d.peek() != mapKind {
		d.refuse("a map: " + what)
		return
	}
	d.enter()
	for d.peek() != endOf {
		key := d.source.key()
		k := slices.IndexFunc(fields, func(f field[T]) bool { return f.name == string(key) })
		if k < 0 {
			unknownField(d, string(key), what, fields)
			return
		}
		d.path = append(d.path, step{name: fields[k].name})
		fields[k].read(d, into)
		d.path = d.path[:len(d.path)-1]
	}
	d.leave()
	d.ok()
}

func unknownField[T any](d *decoder, key, what string, fields []field[T]) {
	names := make([]string, len(fields))
	for k, f := range fields {
		names[k] = f.name
	}
	want := OrNearest("a field of "+what, key, slices.Values(names))
	d.fail("the field "+Quote(key), want)
}

// list reads a list of maps or other values.
func list[T any](d *decoder, what string, read func(*decoder, *T)) []T {
	if d.peek() != listKind {
		d.refuse("a list of " + what)
		return nil
	}
	d.enter()
	values := []T{}
	for d.peek() != endOf {
		d.path = append(d.path, step{index: len(values)})
		if len(values) == cap(values) { // twice as much, also where append would take less
			values = slices.Grow(values, len(values)+1)
		}
		values = append(values, *new(T))
		read(d, &values[len(values)-1])
		d.path = d.path[:len(d.path)-1]
	}
	d.leave()
	d.ok()
	return values
}

// members goes through a map whose keys are the user's names.
func (d *decoder) members(what string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if d.peek() != mapKind {
			d.refuse("a map " + what)
			return
		}
		d.enter()
		for d.peek() != endOf {
			name := d.intern(d.source.key())
			if name == "" {
				d.fail("an empty key", "a name")
			}
			if !d.ok() {
				return
			}
			d.path = append(d.path, step{name: name})
			yield(name)
			d.path = d.path[:len(d.path)-1]
		}
		d.leave()
		d.ok()
	}
}

// intern keeps one copy of a name that is likely to come again.
func (d *decoder) intern(text []byte) string {
	name, known := d.interned[string(text)]
	if !known {
		name = string(text)
		d.interned[name] = name
	}
	return name
}

// words reads a text for which the user chose the words.
func (d *decoder) words(want string) []byte {
	switch d.peek() {
	case textKind:
		return d.text()
	case numberKind, boolKind:
		text := string(d.text())
		d.fail(text, want+": put it in quotes, "+Quote(text))
	default:
		d.refuse(want)
	}
	return nil
}

// reference reads the name of something that the document names elsewhere too.
func (d *decoder) reference() string { return d.name("a name") }

func (d *decoder) name(want string) string {
	name := d.intern(d.words(want))
	if name == "" && d.ok() {
		d.fail(`""`, want)
	}
	return name
}

// references reads a name, or a list of names.
func (d *decoder) references() []string {
	if d.peek() == listKind {
		return d.nameList("names")
	}
	name := d.name("a name or a list of names")
	names := d.alone[name]
	if names == nil {
		names = []string{name}
		d.alone[name] = names
	}
	return names
}

func (d *decoder) nameList(of string) []string {
	return list(d, of, func(d *decoder, name *string) { *name = d.reference() })
}

// number returns the text of a number. YAML has numbers that JSON has not; those
// that could be misread are refused.
func (d *decoder) number(want string) []byte {
	if d.peek() != numberKind {
		d.refuse(want)
		return nil
	}
	text := d.text()
	if digits := bytes.TrimLeft(text, "+-"); len(digits) > 1 && digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9' {
		d.fail(string(text), "a number without leading zeros")
	}
	return text
}

func (d *decoder) decimal() Decimal {
	text := d.number("a number")
	if !d.ok() {
		return 0
	}
	value, err := parseDecimal(string(text))
	if err != nil {
		d.fail(shortNumber(text), wantDecimal(err))
	}
	return value
}

func (d *decoder) optionalDecimal() *Decimal {
	value := d.decimal()
	return &value
}

// count reads a whole number from low to high.
func (d *decoder) count(low, high int) int {
	want := "a whole number from " + strconv.Itoa(low) + " to " + strconv.Itoa(high)
	text := d.number(want)
	if !d.ok() {
		return 0
	}
	value, err := parseQuantity(string(text))
	if err != nil || value.Nanos != 0 || value.Units < int64(low) || value.Units > int64(high) {
		d.fail(shortNumber(text), want)
	}
	return int(value.Units)
}

// quantity reads a number or a text with a suffix.
func (d *decoder) quantity() Quantity {
	var text []byte
	quoted := d.peek() == textKind
	if quoted {
		text = d.text()
	} else {
		text = d.number(wantQuantity(errNotNumber))
	}
	if !d.ok() {
		return Quantity{}
	}
	value, err := parseQuantity(string(text))
	switch {
	case err != nil && quoted:
		d.fail(Quote(string(text)), wantQuantity(err))
	case err != nil:
		d.fail(shortNumber(text), wantQuantity(err))
	}
	return value
}

// shortNumber is the text of a number for a message.
func shortNumber(text []byte) string {
	if len(text) > maxNumberLength {
		return "a number of " + strconv.Itoa(len(text)) + " characters"
	}
	return string(text)
}

// resources reads amounts by resource. Equal ones share their memory.
func (d *decoder) resources() Resources {
	d.amounts = d.amounts[:0]
	for resource := range d.members("of quantities by resource") {
		d.amounts = append(d.amounts, Amount{resource, d.quantity()})
	}
	if !d.ok() {
		return nil
	}
	slices.SortFunc(d.amounts, func(a, b Amount) int { return strings.Compare(a.Resource, b.Resource) })
	d.key = d.key[:0]
	for _, a := range d.amounts {
		d.key = append(d.key, a.Resource...)
		d.key = a.Quantity.append(append(d.key, 0))
		d.key = append(d.key, 0)
	}
	found, known := d.shared[string(d.key)]
	if !known {
		found = slices.Clone(Resources(d.amounts))
		if len(d.shared) < maxShared {
			d.shared[string(d.key)] = found
		}
	}
	return found
}

// maxShared bounds the table of shared Resources: where nothing repeats it would
// only cost.
const maxShared = 1 << 16
