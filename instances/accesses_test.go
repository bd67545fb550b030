package instances_test

import (
	"compress/gzip"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"berth/instances"
	"berth/model"
)

// zipped is a text compressed by gzip.
func zipped(text string) string {
	var b strings.Builder
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // a builder takes everything
	_ = z.Close()
	return b.String()
}

func TestReadAccesses(t *testing.T) {
	eight := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct{ name, log, want, fails string }{
		{"JSON", "{\"time\": \"2026-11-26T08:00:00Z\", \"rack\": \"r1\", \"chunk\": \"c1\", \"bytes\": 9, \"user\": 3}\n\n{\"rack\":\"r2\",\"chunk\":\"c1\"}", "08:00:00 r1 c1; - r2 c1", ""},
		{"CSV", "time,chunk,rack\n1795680000.5,c1,r1\n,\"c,2\",r2\n", "08:00:00 r1 c1; - r2 c,2", ""},
		{"blanks before JSON", "\n \r\n {\"RACK\":\"r1\",\"chunk\":\"c1\",\"time\":null}\n{\"rack\":\"r2\"}", "- r1 c1", "log:4: rack or chunk is missing"},
		{"blanks before CSV", "\n\nrack,chunk\nr1,c1\nr1\n", "- r1 c1", "log:5: wrong number of fields"},
		{"blanks alone", "\n \n", "", "log: the log is empty"},
		{"rack twice", "{\"rack\":\"r1\",\"rack\":\"r2\",\"chunk\":\"c1\"}\n", "", "log:1: this is no JSON object with rack and chunk as text: "},
		{"gzip", zipped("rack,chunk\nr1,c1\n"), "- r1 c1", ""},
		{"gzip cut off", zipped("rack,chunk\nr1,c1\n")[:30], "- r1 c1", "log: unexpected EOF"},
		{"no gzip", "\x1f\x8bplain", "", "log: this is no gzip file that can be read"},
		{"nothing", "", "", "log: the log is empty"},
		{"no columns", "a,b\n1,2\n", "", "log:1: the first line names no columns rack and chunk"},
		{"column twice", "rack,chunk,rack\n", "", "log:1: the column rack is there twice"},
		{"ragged", "rack,chunk\nr1\n", "", "log:2: wrong number of fields; want as many"},
		{"a byte order mark", "\uFEFFtime,rack,chunk\n1795680000,r1,c1\n", "08:00:00 r1 c1", ""},
		{"no rack", "{\"rack\":\"r1\",\"chunk\":\"c1\"}\n{\"chunk\":\"c1\"}\n", "- r1 c1", "log:2: rack or chunk is missing"},
		{"number", "{\"rack\":1,\"chunk\":\"c1\"}\n", "", "log:1: this is no JSON object with rack and chunk as text"},
		{"time", "rack,chunk,time\nr1,c1,yesterday\n", "", `log:2: time is "yesterday"; want`},
		{"other columns", "rack,chunk,bytes\nr1,c1,5\nr1,c1,-\n", "- r1 c1; - r1 c1", ""},
		{"refused", "rack,chunk\nr1,c9\n", "", "log:2: no c9 here"},
	} {
		var got []string
		err := instances.ReadAccesses(strings.NewReader(c.log), "log", func(a instances.Access) error {
			if a.Chunk == "c9" {
				return errors.New("no c9 here")
			}
			at := "-"
			if !a.Time.IsZero() {
				if a.Time.Sub(eight).Abs() > time.Second {
					t.Errorf("%s: time is %v", c.name, a.Time)
				}
				at = "08:00:00"
			}
			got = append(got, at+" "+a.Rack+" "+a.Chunk)
			return nil
		})
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: read %q, want %q", c.name, s, c.want)
		}
		if (err == nil) != (c.fails == "") || err != nil && !strings.HasPrefix(err.Error(), c.fails) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.fails)
		}
	}
}

// A sample of a known demand is estimated within its stated error, nearly always.
func TestDemandError(t *testing.T) {
	in := &model.Instance{Nodes: []model.Node{{Name: "r1"}, {Name: "r2"}}, Tasks: []model.Task{{Name: "c1", Replicas: 1}, {Name: "c2", Replicas: 1}, {Name: "c3", Replicas: 1}}}
	rng := rand.New(rand.NewPCG(1, 1))
	const share, trials = 0.1, 200
	rates := []int{10_000, 1000, 100}
	within := 0
	for range trials {
		d := instances.NewDemand(in)
		for i, n := range rates {
			for range n {
				if rng.Float64() < share {
					if err := d.Add(instances.Access{Rack: in.Nodes[rng.IntN(2)].Name, Chunk: in.Tasks[i].Name}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if err := d.Apply(share); err != nil {
			t.Fatal(err)
		}
		for _, p := range d.Popularity(share) {
			if i := int(p.Chunk[1] - '1'); math.Abs(p.Reads-float64(rates[i])) < 1.96*p.Error {
				within++
			}
		}
	}
	// 95 of 100, and more: the sample is of a number that is fixed.
	if part := float64(within) / (trials * 3); part < 0.93 || part > 0.99 {
		t.Errorf("%.3f of the estimates are within two standard errors", part)
	}
	sum := model.Decimal(0)
	for _, r := range in.Tasks[0].Reads {
		sum += r.Reads
	}
	if got := float64(sum) / float64(model.DecimalOne); math.Abs(got-10_000) > 1500 {
		t.Errorf("c1 is read %g times, want about 10000", got)
	}
}

func TestDemandRefuses(t *testing.T) {
	in := &model.Instance{Nodes: []model.Node{{Name: "r1"}}, Tasks: []model.Task{{Name: "c1", Home: []string{"r1"}}}}
	d := instances.NewDemand(in)
	for _, a := range []instances.Access{{Rack: "r9", Chunk: "c1"}, {Rack: "r1", Chunk: "c9"}} {
		if err := d.Add(a); err == nil || !strings.Contains(err.Error(), "9\"; add it") {
			t.Errorf("%v: %v", a, err)
		}
	}
	if err := d.Add(instances.Access{Rack: "r1", Chunk: "c1"}); err != nil {
		t.Fatal(err)
	}
	if err := d.Apply(1); err == nil || !strings.Contains(err.Error(), "has a home") {
		t.Errorf("%v", err)
	}
}

// TestDemandOfFetchByNode: what is written can be read.
func TestDemandOfFetchByNode(t *testing.T) {
	in, err := model.Read([]byte("format: berth/v1\nkind: placement\nnodes: [{name: r1}, {name: r2}]\ntasks: [{name: c1, fetch: {r1: 3, \"*\": 2}}]\n"), "in.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d := instances.NewDemand(in)
	if err := d.Add(instances.Access{Rack: "r1", Chunk: "c1"}); err != nil {
		t.Fatal(err)
	}
	if err := d.Apply(1); err == nil || !strings.Contains(err.Error(), "tasks[0].fetch: found fetch by node beside reads; want one number") {
		t.Error(err)
	}
}

func FuzzReadAccesses(f *testing.F) {
	f.Add("{\"rack\":\"r1\",\"chunk\":\"c1\",\"time\":1}\n")
	f.Add("time,rack,chunk,bytes\n1,r1,c1,4\n")
	f.Fuzz(func(t *testing.T, log string) {
		err := instances.ReadAccesses(strings.NewReader(log), "log", func(instances.Access) error { return nil })
		if err != nil && !strings.HasPrefix(err.Error(), "log:") {
			t.Errorf("the error does not name the file: %v", err)
		}
	})
}
