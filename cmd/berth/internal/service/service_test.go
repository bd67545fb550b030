package service

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const head = "format: berth/v1\nkind: service\n"

const good = head + `
name: search
promise: {within: 50ms, share: 99%}
load: 1200
resource: queries
servers:
  - {name: n1, rate: 500, pinned: 10%}
  - {name: n2, rate: 200, workers: 4, variation: 0.5}
`

func TestRead(t *testing.T) {
	s, err := Read([]byte(good), "search.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "search" || s.Resource != "queries" || s.Load != 1200 || s.Promise.Within != 0.05 || s.Promise.Share != 0.99 || len(s.Servers) != 2 {
		t.Errorf("read %+v", s)
	}
	if n1, n2 := s.Servers[0], s.Servers[1]; n1.Pinned != 0.1 || n1.Station.Workers != 1 || n1.Station.Variation != 1 || n2.Station.Limit() != 800 || n2.Station.Variation != 0.5 {
		t.Errorf("read %+v", s.Servers)
	}
	least, err := Read([]byte(head+"promise: {within: 1}\nservers: [{name: a, rate: 5}]\n"), "least.yaml")
	if err != nil || !math.IsNaN(least.Load) || least.Promise.Share != 0.95 || least.Resource != "requests" {
		t.Errorf("read %+v, %v", least, err)
	}
}

func TestSampleIsMeasured(t *testing.T) {
	folder := t.TempDir()
	lines := strings.Repeat("10ms\n30ms\n20ms\n", 101)
	if err := os.WriteFile(filepath.Join(folder, "n4.txt"), []byte(lines), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Read([]byte(head+"promise: {within: 200ms}\nservers: [{name: n4, sample: {file: n4.txt}}]\n"), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Measure(folder); err != nil {
		t.Fatal(err)
	}
	if rate := s.Servers[0].Station.Rate; math.Abs(rate-50) > 1e-9 {
		t.Errorf("rate %g, want 50", rate)
	}
	sizes, err := s.Size()
	if err != nil || !(sizes[0].Carries > 30 && sizes[0].Carries < 50) || !(sizes[0].Margin > 0) {
		t.Errorf("%+v, %v", sizes, err)
	}
	if err := s.Measure(t.TempDir()); err == nil || !strings.Contains(err.Error(), "servers[0].sample") || !strings.Contains(err.Error(), "response times") {
		t.Errorf("without the file: %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing":         {"", []string{"s.yaml", "empty"}},
		"another kind":    {"format: berth/v1\nkind: placement\n", []string{"s.yaml:2:7: kind", "service"}},
		"a field":         {good + "speed: 3\n", []string{"speed", "a field of a service: load, name"}},
		"a server field":  {strings.Replace(good, "workers: 4", "wrokers: 4", 1), []string{"servers[1]", "wrokers", "variation, workers"}},
		"no servers":      {head + "promise: {within: 1s}\n", []string{"no servers", "rate: …"}},
		"no promise":      {head + "servers: [{name: a, rate: 5}]\n", []string{"no promise", "within: 50ms"}},
		"no rate":         {head + "promise: {within: 1s}\nservers: [{name: a}]\n", []string{"servers[0]", "without a rate", "sample:"}},
		"no name":         {head + "promise: {within: 1s}\nservers: [{rate: 5}]\n", []string{"servers[0]", "without a name"}},
		"twice":           {strings.Replace(good, "name: n2", "name: n1", 1), []string{"servers[1]", "a second server called \"n1\""}},
		"negative rate":   {strings.Replace(good, "rate: 500", "rate: -500", 1), []string{"servers[0].rate", `"-500"`, "requests a second"}},
		"NaN":             {strings.Replace(good, "rate: 500", "rate: .nan", 1), []string{"servers[0].rate", ".nan"}},
		"no workers":      {strings.Replace(good, "workers: 4", "workers: 0", 1), []string{"servers[1]", "workers 0", "from 1"}},
		"half a worker":   {strings.Replace(good, "workers: 4", "workers: 1.5", 1), []string{"servers[1].workers", "whole number"}},
		"share":           {strings.Replace(good, "99%", "199%", 1), []string{"promise.share", "95% or 0.95"}},
		"every response":  {strings.Replace(good, "99%", "100%", 1), []string{"promise", "below 1"}},
		"time":            {strings.Replace(good, "50ms", "soon", 1), []string{"promise.within", `"soon"`, "50ms"}},
		"no time":         {strings.Replace(good, "50ms", "0s", 1), []string{"promise", "within 0", "above 0"}},
		"both":            {strings.Replace(good, "rate: 500", "rate: 500, sample: {file: x}", 1), []string{"servers[0]", "both rate and sample"}},
		"sample, no file": {strings.Replace(good, "rate: 500", "sample: {load: 3}", 1), []string{"servers[0].sample", "without a file"}},
		"a list":          {head + "- a\n", []string{"s.yaml"}},
	} {
		_, err := Read([]byte(c.text), "s.yaml")
		if err == nil {
			t.Errorf("%s: read without an error", name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v; want %q", name, err, want)
			}
		}
	}
}

func TestSizeRefuses(t *testing.T) {
	s, err := Read([]byte(strings.Replace(good, "within: 50ms", "within: 5ms", 1)), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Size(); err == nil || !strings.Contains(err.Error(), "server n1: within") || !strings.Contains(err.Error(), "a rate of 921.034") {
		t.Errorf("%v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(head + "promise: {within: 1s}\nservers: [{name: a, sample: {file: x, load: 2}}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Read(data, "s.yaml")
		if err != nil {
			return
		}
		for _, v := range s.Servers {
			if v.Sample == nil && v.Station.Check() != nil {
				t.Errorf("a station that cannot be was read: %+v", v)
			}
		}
	})
}
