// Package service reads documents of kind service: servers, what they promise, and the
// load on them (docs/sizing.md).
package service

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"berth/harness/document"
	"berth/sizing"
)

// Service is what a document says.
type Service struct {
	Name     string
	Resource string // that a placement calls what a server carries
	Promise  sizing.Promise
	Load     float64 // requests a second; NaN where it is not said
	Servers  []Server
}

// Server is one of them, called by the name of its node.
type Server struct {
	Name    string
	Station sizing.Station // fitted, where there is a sample
	Sample  *sizing.Sample // nil where the rate is stated
	Pinned  float64        // the share of the load that it gets at least

	file string // of the sample
}

// Measure reads the samples that the document names, from its folder, and fits them.
func (s *Service) Measure(folder string) error {
	for k := range s.Servers {
		v := &s.Servers[k]
		if v.Sample == nil {
			continue
		}
		name := v.file
		if !filepath.IsAbs(name) {
			name = filepath.Join(folder, name)
		}
		responses, err := ReadSample(name)
		if err == nil {
			v.Sample.Responses = responses
			v.Station, err = v.Sample.Fit()
		}
		if err != nil {
			return fmt.Errorf("servers[%d].sample: %w", k, err)
		}
	}
	return nil
}

// Size is what each server carries.
type Size struct {
	Name     string
	Station  sizing.Station
	Carries  float64 // requests a second while the promise is kept
	Margin   float64 // of a sample: half of its 95 % interval; else 0
	Response float64 // mean response time at that load
}

// Size finds what each server carries.
func (s *Service) Size() ([]Size, error) {
	sizes := make([]Size, len(s.Servers))
	for k, v := range s.Servers {
		z := Size{Name: v.Name, Station: v.Station}
		var err error
		if v.Sample != nil {
			z.Carries, z.Margin, err = v.Sample.Capacity(s.Promise)
		} else {
			z.Carries, err = v.Station.Capacity(s.Promise)
		}
		if err == nil {
			z.Response, err = v.Station.Mean(z.Carries)
		}
		if err != nil {
			return nil, fmt.Errorf("server %s: %w", v.Name, err)
		}
		sizes[k] = z
	}
	return sizes, nil
}

// Read decodes a document; the samples that it names are not read. file is for messages.
func Read(data []byte, file string) (*Service, error) {
	s := &Service{Resource: "requests", Load: math.NaN(), Promise: sizing.Promise{Share: 0.95}}
	names := map[string]bool{}
	servers := func(v document.Value) {
		v.List("servers", func(v document.Value) {
			server := Server{Station: sizing.Station{Workers: 1, Variation: 1}}
			server.read(v)
			switch {
			case server.Name == "":
				v.Fail("a server without a name", "name: that of its node")
			case names[server.Name]:
				v.Fail("a second server called "+strconv.Quote(server.Name), "each name once")
			case server.Station.Rate == 0 && server.Sample == nil:
				v.Fail("a server without a rate", "rate: what a worker serves in a second, or sample: {file: …, load: …}")
			case server.Station.Rate != 0 && server.Sample != nil:
				v.Fail("both rate and sample", "one of them")
			}
			if server.Sample != nil {
				server.Sample.Workers = server.Station.Workers
			} else {
				check(v, server.Station.Check())
			}
			names[server.Name] = true
			s.Servers = append(s.Servers, server)
		})
	}
	err := document.Read(data, file, "service", func(top document.Value) {
		top.Map("a service", document.Fields{
			"name":     func(v document.Value) { s.Name = v.Text("a name") },
			"resource": func(v document.Value) { s.Resource = v.Text("the name of a resource") },
			"load":     func(v document.Value) { s.Load = numberIn(v, "requests a second, such as 4000") },
			"servers":  servers,
			"promise": func(v document.Value) {
				v.Map("a promise", document.Fields{
					"within": func(v document.Value) { s.Promise.Within = timeIn(v) },
					"share":  func(v document.Value) { s.Promise.Share = shareIn(v) },
				})
				check(v, s.Promise.Check())
			},
		})
		switch {
		case len(s.Servers) == 0:
			top.Fail("no servers", "servers: a list of {name: …, rate: …}")
		case s.Promise.Within == 0:
			top.Fail("no promise", "promise: {within: 50ms, share: 95%}")
		case s.Resource == "":
			top.Fail("an empty resource", "a name, such as requests")
		}
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) read(v document.Value) {
	v.Map("a server", document.Fields{
		"name":      func(v document.Value) { s.Name = v.Text("the name of a node") },
		"rate":      func(v document.Value) { s.Station.Rate = numberIn(v, "requests a second that a worker serves") },
		"variation": func(v document.Value) { s.Station.Variation = numberIn(v, "variance over squared mean, such as 1") },
		"pinned":    func(v document.Value) { s.Pinned = shareIn(v) },
		"workers": func(v document.Value) {
			text := v.Text("a number of workers")
			n, err := strconv.Atoi(text)
			if err != nil {
				v.Fail(strconv.Quote(text), fmt.Sprintf("a whole number from 1 to %d", sizing.MostWorkers))
			}
			s.Station.Workers = n
		},
		"sample": func(v document.Value) {
			s.Sample = &sizing.Sample{}
			v.Map("a sample", document.Fields{
				"file": func(v document.Value) { s.file = v.Text("a file of response times") },
				"load": func(v document.Value) { s.Sample.Load = numberIn(v, "requests a second while it was measured") },
			})
			if s.file == "" {
				v.Fail("a sample without a file", "file: a file of response times, one a line")
			}
		},
	})
}

// check turns what a model refuses into an error with its place.
func check(v document.Value, err error) {
	if r := (*sizing.Refused)(nil); errors.As(err, &r) {
		v.Fail(r.Number+" "+r.Found, r.Want)
	}
}

func numberIn(v document.Value, want string) float64 {
	text := v.Text(want)
	n, err := sizing.Number(text)
	if err != nil {
		v.Fail(strconv.Quote(text), want)
	}
	return n
}

func timeIn(v document.Value) float64 {
	text := v.Text("a time such as 50ms")
	n, err := sizing.Seconds(text)
	if err != nil {
		v.Fail(strconv.Quote(text), "a time such as 50ms, 1.5s, or a number of seconds")
	}
	return n
}

func shareIn(v document.Value) float64 {
	text := v.Text("a share such as 95% or 0.95")
	n, err := sizing.Share(text)
	if err != nil {
		v.Fail(strconv.Quote(text), "a share such as 95% or 0.95")
	}
	return n
}

// ReadSample reads a file of response times.
func ReadSample(name string) ([]float64, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%w; name a file of response times, one a line", err)
	}
	defer file.Close()
	responses, err := sizing.ReadSample(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return responses, nil
}
