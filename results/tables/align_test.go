package tables

import "testing"

func TestAlign(t *testing.T) {
	for _, c := range []struct {
		name  string
		sides []Side
		rows  [][]string
		want  string
	}{
		{"nothing", []Side{Left}, nil, ""},
		{"sides", []Side{Left, Right}, [][]string{{"a", "b"}, {"long", "12345"}}, " a         b\n long  12345\n"},
		{"lines in a cell", []Side{Left, Right}, [][]string{{"a\nbcd", "1"}, {"e", "22"}}, " a     1\n bcd\n e    22\n"},
		{"a short row", []Side{Left, Left}, [][]string{{"a"}, {"b", "c"}}, " a\n b  c\n"},
		{"wide letters", []Side{Left, Left}, [][]string{{"名前", "x"}, {"abcd", "y"}}, " 名前  x\n abcd  y\n"},
		{"paint takes no room", []Side{Right}, [][]string{{"\x1b[31mab\x1b[0m"}, {"abc"}}, "  \x1b[31mab\x1b[0m\n abc\n"},
	} {
		if got := Align(c.sides, c.rows); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
