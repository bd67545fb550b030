package main

import (
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"berth/cmd/berth/internal/service"
	"berth/results/figures"
	"berth/sizing"
	"berth/sizing/queue"
)

func (a *app) sizeRouteCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "route SERVICE",
		Short: "Say what rate of requests each server should get",
		Long: `route reads a service with a load and finds the rates at which the mean response time
is least, or, with --aim 95%, the time within which that share of all responses come.
Slow servers may get nothing; a server with pinned: 10% gets at least that share of the
load. Beside the best rates it shows proportional ones (all servers equally full) and
those with equal spare, and what each of the three achieves, with a bound that no rates
are below. With --simulate N it lets N requests arrive under each rule and shows the
mean response time that comes of it with its 99 % interval.`,
		Example: `  berth size route search.yaml --svg routes.svg
  berth size route search.yaml --load 900 --aim 99%
  berth size route search.yaml --simulate 1000000`,
		Args: files("SERVICE"),
	}
	set := c.Flags()
	var load, aim float64
	var requests int
	var seed uint64
	flag(set, &load, "load", "", "number", "requests a second (default: that of the service)", sizing.Number)
	flag(set, &aim, "aim", "", "share", "of the responses that are to come soonest (default: the mean response time)", sizing.Share)
	flag(set, &requests, "simulate", "", "number", "of requests to simulate under each rule", count(1000, 1_000_000_000))
	flag(set, &seed, "seed", "1", "number", "where chance begins", parseSeed)
	out := a.modelFlags(set)
	c.RunE = a.verb(func(args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		s, err := a.service(args[0])
		if err != nil {
			return err
		}
		if set.Changed("load") {
			s.Load = load
		}
		if math.IsNaN(s.Load) {
			return fmt.Errorf("%s has no load; say load: 1200 there, or --load 1200", shownName(args[0]))
		}
		m, err := route(s, aim, set.Changed("aim"), requests, seed)
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[0]), err)
		}
		return out.put(m)
	})
	return c
}

// route compares the best rates with those of two rules.
func route(s *service.Service, aim float64, quantile bool, requests int, seed uint64) (*modelled, error) {
	r := sizing.Routing{Load: s.Load}
	for _, v := range s.Servers {
		r.Stations = append(r.Stations, v.Station)
		r.Pinned = append(r.Pinned, v.Pinned)
	}
	share := s.Promise.Share
	var best sizing.Routes
	var err error
	if quantile {
		share = aim
		best, err = r.BestQuantile(aim)
	} else {
		best, err = r.Best()
	}
	if err != nil {
		return nil, err
	}
	proportional, err := r.Proportional()
	if err != nil {
		return nil, err
	}
	spare, err := r.EqualSpare()
	if err != nil {
		return nil, err
	}
	m := &modelled{facts: facts{{"name", "service", s.Name}, {"load", "load", rate(s.Load)}}}
	rules := []struct {
		key, label string
		rates      []float64
	}{{"best", "best", best.Rates}, {"proportional", "proportional", proportional}, {"equalSpare", "equal spare", spare}}
	for _, rule := range rules {
		mean, err := r.Mean(rule.rates)
		if err != nil {
			return nil, err
		}
		late, err := r.Quantile(rule.rates, share)
		if err != nil {
			return nil, err
		}
		m.facts = append(m.facts, fact{rule.key + "Mean", rule.label + ": mean response", seconds(mean)},
			fact{rule.key + "Quantile", fmt.Sprintf("%s: %s within", rule.label, showPart(share)), seconds(late)})
		if requests > 0 && s.Load > 0 {
			seen, err := queue.Run(queue.Requests{Stations: r.Stations, Rates: rule.rates, Count: requests, Within: late, Seed: seed})
			if err != nil {
				return nil, err
			}
			m.facts = append(m.facts, fact{rule.key + "Simulated", rule.label + ": mean, simulated", seconds(seen.Response.Mean)},
				fact{rule.key + "SimulatedMargin", "±", seconds(seen.Response.Margin)})
		}
	}
	if best.Bound > 0 {
		m.facts = append(m.facts, fact{"bound", "no rates are below", seconds(best.Bound)})
	}
	for k, v := range s.Servers {
		m.rows = append(m.rows, facts{
			{"name", "server", v.Name},
			{"limit", "serves at most", rate(v.Station.Limit())},
			{"rate", "best", rate(best.Rates[k])},
			{"full", "full", gauge(best.Rates[k] / v.Station.Limit())},
			{"proportional", "proportional", rate(proportional[k])},
			{"equalSpare", "equal spare", rate(spare[k])},
		})
	}
	m.picture = func() figures.Figure {
		return barsOf("routes", "servers", figures.Axis{Label: "requests a second"}, m.rows, "rate", "proportional", "equalSpare")
	}
	return m, nil
}

func (a *app) sizeServerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "server",
		Short: "Say what one server carries under a promise, or how it does at a load",
		Long: `server says what load a server carries while a share of its responses comes within a
time: M/M/1, M/M/c with --workers, M/G/1 with --variation (of service times: variance
over squared mean; 0 constant, 1 exponential), or from a file of measured response
times with --sample and the load at which they were measured.`,
		Example: `  berth size server --rate 500 --within 50ms
  berth size server --rate 120 --workers 8 --variation 0.3 --within 80ms --share 99% --load 700
  berth size server --sample n4.txt --measured-at 120 --within 50ms`,
		Args: words(),
	}
	set := c.Flags()
	s := sizing.Station{}
	p := sizing.Promise{}
	var file string
	var measuredAt, load float64
	flag(set, &s.Rate, "rate", "", "number", "requests a second that a worker serves", sizing.Number)
	flag(set, &s.Workers, "workers", "1", "number", "of workers that take from one queue", count(1, sizing.MostWorkers))
	flag(set, &s.Variation, "variation", "1", "number", "of service times: variance over squared mean", sizing.Number)
	flag(set, &p.Within, "within", "", "time", "that is promised, such as 50ms", sizing.Seconds)
	flag(set, &p.Share, "share", "95%", "share", "of the responses that it is promised for", sizing.Share)
	flag(set, &load, "load", "", "number", "requests a second to be looked at", sizing.Number)
	set.StringVar(&file, "sample", "", "`file` of measured response times, one a line, instead of --rate")
	flag(set, &measuredAt, "measured-at", "0", "number", "requests a second while they were measured", sizing.Number)
	out := a.modelFlags(set)
	c.RunE = a.verb(func([]string) error {
		if err := errors.Join(out.check(), needs(c, "within")); err != nil {
			return err
		}
		if set.Changed("rate") == (file != "") {
			return errors.New("give one of --rate and --sample, as in `berth size server --rate 500 --within 50ms`")
		}
		m := &modelled{}
		var carries, margin float64
		var err error
		m.picture = func() figures.Figure {
			return sizesPicture(p, []service.Size{{Name: "response times", Station: s, Carries: carries}})
		}
		if file == "" {
			carries, err = s.Capacity(p)
		} else {
			sample := sizing.Sample{Load: measuredAt, Workers: s.Workers}
			if sample.Responses, err = service.ReadSample(file); err != nil {
				return err
			}
			if s, err = sample.Fit(); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			carries, margin, err = sample.Capacity(p)
			m.facts = facts{{"rate", "a worker serves, fitted", rate(s.Rate)}, {"variation", "variation, fitted", s.Variation}}
		}
		if err != nil {
			return err
		}
		m.facts = append(m.facts, fact{"limit", "serves at most", rate(s.Limit())}, fact{"carries", "carries", rate(carries)})
		if file != "" {
			m.facts = append(m.facts, fact{"margin", "±", rate(margin)})
		}
		m.facts = append(m.facts, fact{"part", "of what it serves at most", part(carries / s.Limit())})
		if !set.Changed("load") {
			return out.put(m)
		}
		mean, err := s.Mean(load)
		if err != nil {
			return err
		}
		waits, late := sure(s.Waits(load)), sure(s.Beyond(load, p.Within))
		m.facts = append(m.facts, fact{"load", "load", rate(load)}, fact{"waits", "wait", part(waits)}, fact{"mean", "mean response", seconds(mean)},
			fact{"late", "late", part(late)}, fact{"quantile", showPart(p.Share) + " within", seconds(sure(s.Quantile(load, p.Share)))})
		return out.put(m)
	})
	return c
}

// sure is the value of a function whose arguments were checked before.
func sure(value float64, err error) float64 {
	must(err)
	return value
}
