package document

import (
	"strings"
	"testing"
)

// thing is a document with a field of each sort.
type thing struct {
	name   string
	sharp  bool
	parts  []string
	prices map[string]string
}

func read(data string) (*thing, error) {
	t := &thing{prices: map[string]string{}}
	fields := Fields{
		"name":  func(v Value) { t.name = v.Text("a name") },
		"sharp": func(v Value) { t.sharp = v.Bool() },
		"parts": func(v Value) {
			v.List("parts", func(v Value) { t.parts = append(t.parts, v.Text("a part")) })
		},
		"prices": func(v Value) {
			v.Each("of prices by part", func(name string, v Value) { t.prices[name] = v.Text("a price") })
		},
	}
	return t, Read([]byte(data), "thing.yaml", "thing", func(top Value) { top.Map("a thing", fields) })
}

const head = "format: berth/v1\nkind: thing\n"

func TestRead(t *testing.T) {
	got, err := read(head + "name: saw\nsharp: true\nparts: [blade, 12, on]\nprices: {blade: 3.50, grip: 1}\n")
	if err != nil {
		t.Fatal(err)
	}
	if got.name != "saw" || !got.sharp || strings.Join(got.parts, " ") != "blade 12 on" || got.prices["blade"] != "3.50" {
		t.Errorf("read as %+v", got)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{"", "thing.yaml: found an empty file; want a document that begins with format: berth/v1"},
		{"format: \xff", "thing.yaml:1:9: found the byte 0xFF, which is not UTF-8; want a JSON or YAML text in UTF-8"},
		{"format: [", "thing.yaml:1:1: found a syntax error in what begins here ("},
		{"- a", "thing.yaml:1:1: found a list; want a map: a document of kind thing"},
		{"name: saw", "thing.yaml:1:1: found no format; want format: berth/v1"},
		{"format: berth/v1", "found no kind; want kind: thing"},
		{"format: berth/v2\nkind: thing", `thing.yaml:1:9: format: found "berth/v2"; want berth/v1`},
		{"format: berth/v1\nkind: place\nnonsense: 1", `thing.yaml:2:7: kind: found "place"; want thing`},
		{head + "nane: saw", `thing.yaml:3:1: found the field "nane"; want a field of a thing: name, parts, prices, sharp`},
		{head + "name: saw\nname: axe", `thing.yaml:4:1: found the key "name" a second time`},
		{head + "name: [saw]", "thing.yaml:3:7: name: found a list; want a name"},
		{head + "name:", "thing.yaml:3:6: name: found nothing; want a name"},
		{head + "name: {}", "name: found a map; want a name"},
		{head + "sharp: very", `thing.yaml:3:8: sharp: found "very"; want true or false`},
		{head + "parts: blade", `parts: found "blade"; want a list of parts`},
		{head + "parts: [blade, [grip]]", "thing.yaml:3:16: parts[1]: found a list; want a part"},
		{head + "prices: {blade: {}}", "prices.blade: found a map; want a price"},
		{head + "prices: [1]", "prices: found a list; want a map: of prices by part"},
		{head + "prices: {blade: 1, blade: 2}", `thing.yaml:3:20: prices: found the key "blade" a second time`},
		{head + "prices: {[a]: 1}", "prices: found a list as a key; want a name"},
		{head + "prices: &p {a: 1}\nparts: *p", "thing.yaml:4:8: parts: found an alias; want a list of parts"},
		{head + "<<: {name: saw}", `found "<<" as a key; want a name`},
		{head + "prices: {blade: 1\nparts: [blade]", "thing.yaml:3:1: found a syntax error in what begins here ("},
		{head + "---\nname: saw", "found a second YAML document"},
	} {
		_, err := read(c.data)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.data, err, c.want)
		}
	}
}

// No text makes the reader fail other than with an error.
func FuzzRead(f *testing.F) {
	f.Add([]byte(head + "name: saw\nparts: [a, b]\nprices: {a: 1}\n"))
	f.Add([]byte(head + "parts: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := read(string(data)); err != nil && !strings.HasPrefix(err.Error(), "thing.yaml") {
			t.Errorf("%q: the error %q does not name the file", data, err)
		}
	})
}
