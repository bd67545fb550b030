package encode_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"berth/encode"
)

// raised adds up the unary functions of a WCSP file under an assignment.
func raised(t *testing.T, file string, values []bool) int64 {
	t.Helper()
	sum := int64(0)
	lines := strings.Split(file, "\n")
	for k, line := range lines {
		var v, value int
		var cost int64
		if n, _ := fmt.Sscanf(line, "1 %d 0 1", &v); n != 1 || !strings.HasSuffix(line, " 0 1") {
			continue
		}
		if _, err := fmt.Sscanf(lines[k+1], "%d %d", &value, &cost); err != nil {
			t.Fatal(err)
		}
		if values[v] == (value == 1) {
			sum += cost
		}
	}
	return sum
}

// The objective of a file, scaled back, is what the judge says the placement costs.
func TestScale(t *testing.T) {
	problems, costs, best := small(t, 40)
	negative := false
	for k, p := range problems {
		if best[k] == nil {
			continue
		}
		g := encode.Build(p)
		values := g.Values(best[k])
		plain, s := int64(0), g.Scale()
		for v := range g.Vars {
			negative = negative || g.Vars[v].Cost < 0
			if values[v] {
				plain += g.Vars[v].Cost / s.Unit
			}
		}
		if cost := s.Zero + s.Unit*plain; cost != costs[k] {
			t.Errorf("%s: the objective %d is worth %d, the placement costs %d", p.Name, plain, cost, costs[k])
		}
		var file bytes.Buffer
		if err := encode.WriteWCSP(&file, g); err != nil {
			t.Fatal(err)
		}
		r := g.RaisedScale()
		sum := raised(t, file.String(), values)
		if cost := r.Zero + r.Unit*sum; cost != costs[k] {
			t.Errorf("%s: the raised objective %d is worth %d, the placement costs %d", p.Name, sum, cost, costs[k])
		}
	}
	if !negative {
		t.Error("no instance has a variable of negative cost: nothing was raised")
	}
}
