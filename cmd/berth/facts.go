package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"berth/results/figures"
)

// fact is a number that a model says: its name in JSON, what it is called in a table.
type fact struct {
	key, label string
	value      any
}

// The kinds of numbers that are shown in their own way; in JSON they are plain numbers.
type (
	seconds float64
	part    float64 // of 1
	rate    float64 // per second
	gauge   float64 // of 1, and drawn
)

// facts are what a model says of one thing: an object in JSON, a row of a table.
type facts []fact

// MarshalJSON writes an object with the facts in their order.
func (f facts) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for k, one := range f {
		if k > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(one.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(orNull(one.value))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s:%s", key, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// numeric is the number that a fact's value is, if it is one of the kinds above.
func numeric(value any) (v float64, ok bool) {
	switch n := value.(type) {
	case float64:
		return n, true
	case seconds:
		return float64(n), true
	case part:
		return float64(n), true
	case rate:
		return float64(n), true
	case gauge:
		return float64(n), true
	}
	return 0, false
}

// orNull makes null of a number that JSON cannot write.
func orNull(value any) any {
	v, ok := numeric(value)
	switch {
	case !ok:
		return value
	case math.IsInf(v, 0) || math.IsNaN(v):
		return nil
	}
	return v
}

// text is a fact's value for people.
func (f fact) text() string {
	switch v := f.value.(type) {
	case seconds:
		return showSeconds(float64(v))
	case part:
		return showPart(float64(v))
	case rate:
		if math.IsInf(float64(v), 0) {
			return significant(float64(v))
		}
		return significant(float64(v)) + "/s"
	case gauge:
		return fmt.Sprintf("%s %6s", bar(float64(v)), showPart(float64(v)))
	case float64:
		return significant(v)
	}
	return fmt.Sprint(f.value)
}

// significant writes four digits of a number, and all before the point.
func significant(v float64) string {
	size := math.Abs(v)
	switch {
	case math.IsInf(v, 0):
		return "no limit"
	case v == 0:
		return "0"
	case size >= 1e12 || size < 1e-4:
		return strconv.FormatFloat(v, 'e', 2, 64)
	case size >= 1000:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	digits := 3 - int(math.Floor(math.Log10(size)))
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', digits, 64), "0"), ".")
}

// showPart writes a share with the four digits of a model's other numbers: promises are near to 1, and
// what fails is near to 0.
func showPart(v float64) string {
	if v > 0 && v < 1e-4 {
		return strconv.FormatFloat(v, 'e', 2, 64)
	}
	return strconv.FormatFloat(100*v, 'g', 4, 64) + "%"
}

// showSeconds writes a time with three or four digits.
func showSeconds(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "never"
	case v >= 2*86400:
		return significant(v/86400) + "d"
	case v >= 2*3600:
		return significant(v/3600) + "h"
	case v >= 120:
		return significant(v/60) + "min"
	case v >= 1 || v == 0:
		return significant(v) + "s"
	case v >= 1e-3:
		return significant(v*1e3) + "ms"
	case v >= 1e-6:
		return significant(v*1e6) + "µs"
	}
	return time.Duration(math.Round(v * 1e9)).String()
}

// modelled is what a model says: facts, rows of them that compare, and a picture.
type modelled struct {
	facts   facts
	rows    []facts
	picture func() figures.Figure
}

// MarshalJSON writes the facts, and the rows as a list in the field rows.
func (m *modelled) MarshalJSON() ([]byte, error) {
	all := m.facts
	if m.rows != nil {
		all = append(append(facts{}, all...), fact{key: "rows", value: m.rows})
	}
	return all.MarshalJSON()
}

// put shows what a model says.
func (o *output) put(m *modelled) error {
	if !o.table() {
		return o.writeJSON(m)
	}
	return o.write(m.text())
}

// text is what a model says, for people.
func (m *modelled) text() []byte {
	var b bytes.Buffer
	if len(m.facts) > 0 {
		t := newTable(&b, left, right)
		for _, f := range m.facts {
			t.row(f.label, f.text())
		}
		t.render()
	}
	if len(m.rows) > 0 {
		if len(m.facts) > 0 {
			b.WriteByte('\n')
		}
		var header []string
		var sides []side
		for _, f := range m.rows[0] {
			header = append(header, f.label)
			if _, word := f.value.(string); word {
				sides = append(sides, left)
			} else {
				sides = append(sides, right)
			}
		}
		t := newTable(&b, sides...)
		t.row(header...)
		for _, row := range m.rows {
			var cells []string
			for _, f := range row {
				cells = append(cells, f.text())
			}
			t.row(cells...)
		}
		t.render()
	}
	return b.Bytes()
}
