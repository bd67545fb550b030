package jail

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestOrder holds that an order comes out of the arguments as it went in.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[^\x00]*`)
		o := &order{
			wall:    time.Duration(rapid.Int64Min(0).Draw(t, "wall")),
			grace:   time.Duration(rapid.Int64Min(0).Draw(t, "grace")),
			memory:  rapid.Int64Min(0).Draw(t, "memory"),
			output:  rapid.Int64Min(0).Draw(t, "output"),
			cores:   rapid.SliceOf(rapid.IntRange(0, 4096)).Draw(t, "cores"),
			group:   text.Draw(t, "group"),
			program: text.Draw(t, "program"),
			command: rapid.SliceOfN(text, 1, 5).Draw(t, "command"),
		}
		if len(o.cores) == 0 {
			o.cores = nil
		}
		got, err := parseOrder(o.args())
		if err != nil || !reflect.DeepEqual(got, o) {
			t.Fatalf("%+v became %+v, %v", o, got, err)
		}
	})
}

func TestBadOrder(t *testing.T) {
	good := []string{"1s", "1s", "0", "0", "0", "", "", "program", "name"}
	if _, err := parseOrder(good); err != nil {
		t.Error(err)
	}
	bad := [][]string{{}, good[:8]}
	for k := range 6 {
		args := slices.Clone(good)
		args[k] = "x"
		bad = append(bad, args)
	}
	for _, args := range bad {
		if o, err := parseOrder(args); err == nil {
			t.Errorf("%q became %+v", args, o)
		}
	}
}
