package model

import (
	"slices"
	"testing"
)

// TestLocate: in both syntaxes a value has its own place, and one that is missing that of the last
// before it that is there.
func TestLocate(t *testing.T) {
	paths := [][]any{
		{"tasks", 1, "demand", "cpu"},
		{"nodes", 0},
		{"tasks", 1, "replicas"},
		{"tasks", 9, "name"},
		{"tasks", "name"},
		{"rules", 0},
		{"nodes", 0, "name", "x"},
	}
	for _, c := range []struct {
		text string
		want []Place
	}{
		{
			"format: berth/v1\nkind: placement\nnodes:\n  - {name: ä, capacity: {cpu: 4}}\ntasks:\n  - {name: a}\n  - {name: ö, demand: {cpu: 1}}\n",
			[]Place{{"tasks[1].demand.cpu", 7, 29}, {"nodes[0]", 4, 5}, {"tasks[1].replicas", 7, 5}, {"tasks[9].name", 6, 3}, {"tasks.name", 6, 3}, {"rules[0]", 1, 1}, {"nodes[0].name.x", 4, 12}},
		},
		{
			"{\"format\": \"berth/v1\", \"kind\": \"placement\",\n \"nodes\": [{\"name\": \"ä\", \"capacity\": {\"cpu\": 4}}],\n \"tasks\": [{\"name\": \"a\"}, {\"name\": \"ö\", \"demand\": {\"cpu\": 1}}]}",
			[]Place{{"tasks[1].demand.cpu", 3, 59}, {"nodes[0]", 2, 12}, {"tasks[1].replicas", 3, 27}, {"tasks[9].name", 3, 11}, {"tasks.name", 3, 11}, {"rules[0]", 1, 1}, {"nodes[0].name.x", 2, 21}},
		},
	} {
		if got := Locate([]byte(c.text), paths); !slices.Equal(got, c.want) {
			t.Errorf("in %s\ngot  %v\nwant %v", c.text, got, c.want)
		}
	}
}
