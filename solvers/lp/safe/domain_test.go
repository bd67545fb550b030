package safe

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What propagation fixes holds in every feasible assignment, a contradiction means
// that there is none, and undoing brings back the domain as it was.
func TestPropagationLosesNothing(t *testing.T) {
	fixed, refuted := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rows, _, _, _ := small(t)
		n := 0
		for k := range rows {
			rows[k] = Tidy(rows[k])
			for _, j := range rows[k].Vars {
				n = max(n, int(j)+1)
			}
		}
		d := NewDomain(rows, n)
		fresh := NewDomain(rows, n)
		value := slices.Clone(d.Value)
		if n > 0 {
			j := rapid.IntRange(0, n-1).Draw(t, "j")
			value[j] = rapid.Int8Range(0, 1).Draw(t, "v")
			d.Fix(int32(j), value[j])
		}
		ok := d.Propagate()
		each(rows, nil, value, func(x int, _ int64) {
			if !ok {
				t.Fatalf("refuted, but %b is feasible", x)
			}
			for j, v := range d.Value {
				if v != Free && v != int8(x>>j&1) {
					t.Fatalf("variable %d fixed to %d, but %b is feasible", j, v, x)
				}
			}
		})
		if ok {
			fixed += len(d.Trail)
		} else {
			refuted++
		}
		if ok {
			loaded := NewDomain(nil, n)
			for _, j := range d.Trail {
				loaded.Fix(j, d.Value[j])
			}
			if loaded.Load(rows); !loaded.Propagate() || !slices.Equal(d.Value, loaded.Value) || !slices.Equal(d.least, loaded.least) || !slices.Equal(d.most, loaded.most) {
				t.Fatalf("loaded with what is fixed: %+v, not %+v", loaded, d)
			}
		}
		d.Undo(0)
		if !slices.Equal(d.Value, fresh.Value) || !slices.Equal(d.least, fresh.least) || !slices.Equal(d.most, fresh.most) || len(d.dirty) != 0 {
			t.Fatalf("undone to %+v, not %+v", d, fresh)
		}
	})
	if fixed < 5 || refuted < 5 {
		t.Errorf("%d fixed, %d refuted: the test tests little", fixed, refuted)
	}
}
