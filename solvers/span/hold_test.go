package span

import (
	"testing"

	"berth/internal/compiled"
)

// TestHold: until 30 three tasks have two nodes, which hold two in less than 20. A fourth task, as
// long as they are, hides that from what counts the longest, and all work would fit into 15.
func TestHold(t *testing.T) {
	p := compiled.Document(t, "format: berth/v1\nkind: workflow\nnodes: [{name: a}, {name: b}, {name: c}, {name: d}]\ntasks:\n"+
		"  - {name: r, duration: {a: 10, b: 10, c: 30, d: 30}}\n  - {name: s, duration: {a: 10, b: 10, c: 30, d: 30}}\n"+
		"  - {name: t, duration: {a: 10, b: 10, c: 30, d: 30}}\n  - {name: u, duration: {a: 10, b: 10, c: 12, d: 12}}\n")
	if got := p.Format(bounded(t, p)); got != "20" {
		t.Errorf("the bound is %s, want 20", got)
	}
}
