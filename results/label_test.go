package results

import (
	"slices"
	"strings"
	"testing"
)

func TestMethodsAreToldApartOnlyWhereNeeded(t *testing.T) {
	run := func(instance, method string, change func(*Record)) Record {
		r := on(instance, method, Unknown, "", "")
		change(&r)
		r.ID = r.Digest()
		return r
	}
	version := func(v string) func(*Record) { return func(r *Record) { r.Version = v } }
	options := func(o ...string) func(*Record) { return func(r *Record) { r.Options = o } }
	limits := func(l Limits) func(*Record) { return func(r *Record) { r.Limits = l } }
	for _, c := range []struct {
		name string
		runs []Record
		want string
	}{
		{
			"nothing differs",
			[]Record{run("i", "lp", version("v1")), run("i", "highs", version("1.14")), run("j", "lp", version("v1"))},
			"highs, lp",
		},
		{
			"versions",
			[]Record{run("i", "lp", version("v1-1a2b")), run("j", "lp", version("v1-3c4d")), run("i", "highs", version("1.14"))},
			"highs, lp (v1-1a2b), lp (v1-3c4d)",
		},
		{
			"versions are cut where they differ",
			[]Record{
				run("i", "lp", version("v0.0.0-20261101120000-002edbf12345")), run("i", "lp", version("v0.0.0-20261102130000-99aabb12345")),
			},
			"lp (v0.0.0-20261101120000), lp (v0.0.0-20261102130000)",
		},
		{"one version begins the other", []Record{run("i", "lp", version("v1")), run("i", "lp", version("v1+dirty")), run("i", "lp", version(""))}, "lp (no version), lp (v1), lp (v1+dirty)"},
		{
			"options",
			[]Record{run("i", "lp", options()), run("i", "lp", options("cuts=off", "seed=fixed")), run("i", "lp", options("cuts=on", "seed=fixed"))},
			"lp, lp cuts=off seed=fixed, lp cuts=on seed=fixed",
		},
		{
			"options that all have",
			[]Record{run("i", "lp", options("cuts=off", "depth=3")), run("i", "lp", options("cuts=off"))},
			"lp, lp depth=3",
		},
		{
			"limits on the same instance",
			[]Record{run("i", "lp", limits(Limits{Seconds: 10})), run("i", "lp", limits(Limits{Seconds: 0.5})), run("j", "highs", limits(Limits{Seconds: 10}))},
			"highs 10s, lp 0.5s, lp 10s",
		},
		{
			"limits of instances",
			[]Record{run("i", "lp", limits(Limits{Seconds: 10})), run("j", "lp", limits(Limits{Seconds: 600}))},
			"lp",
		},
		{
			"limits of methods",
			[]Record{run("i", "lp", limits(Limits{Seconds: 10, Threads: 1})), run("i", "highs", limits(Limits{Seconds: 60, Threads: 1}))},
			"highs 60s, lp 10s",
		},
		{
			"not all methods count work",
			[]Record{run("i", "lp", limits(Limits{Seconds: 60, Work: 2_000_000_000})), run("i", "highs", limits(Limits{Seconds: 60}))},
			"highs, lp",
		},
		{
			"work and none of it",
			[]Record{run("i", "lp", limits(Limits{Work: 2_000_000_000})), run("i", "lp", limits(Limits{}))},
			"lp, lp work 2G",
		},
		{
			"every limit",
			[]Record{
				run("i", "lp", limits(Limits{Seconds: 60, Work: 1500, Memory: 2 << 30, Gap: "1%", Threads: 1})),
				run("i", "lp", limits(Limits{Seconds: 61, Work: 2_000_000, Memory: 1 << 40, Gap: "2%", Threads: 2})),
			},
			"lp 60s work 1500 2Gi gap 1% threads 1, lp 61s work 2M 1Ti gap 2% threads 2",
		},
		{
			"a name that looks like a label",
			[]Record{
				run("i", "lp", limits(Limits{Seconds: 10})), run("i", "lp", limits(Limits{Seconds: 20})), run("j", "lp 10s", limits(Limits{})),
			},
			"lp 10s, lp 10s', lp 20s",
		},
	} {
		s := NewStudy(c.runs)
		if got := strings.Join(s.Methods, ", "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		slices.Reverse(c.runs)
		if again := NewStudy(c.runs); !slices.Equal(s.Methods, again.Methods) {
			t.Errorf("%s: %q, and in another order %q", c.name, s.Methods, again.Methods)
		}
	}
}
