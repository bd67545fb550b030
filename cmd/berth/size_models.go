package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"berth/model"
	"berth/results/figures"
	"berth/sizing"
)

// needs refuses a call without flags that have no default.
func needs(c *cobra.Command, names ...string) error {
	for _, name := range names {
		if !c.Flags().Changed(name) {
			example, _, _ := strings.Cut(c.Example, "\n")
			return fmt.Errorf("--%s is missing, as in `%s`", name, strings.TrimSpace(example))
		}
	}
	return nil
}

// model makes a verb that has flags alone: required ones without a default, and what to
// do with them.
func (a *app) model(c *cobra.Command, required []string, do func(set *pflag.FlagSet) (*modelled, error)) *cobra.Command {
	c.Args = words()
	out := a.modelFlags(c.Flags())
	c.RunE = a.verb(func([]string) error {
		if err := errors.Join(out.check(), needs(c, required...)); err != nil {
			return err
		}
		m, err := do(c.Flags())
		if err != nil {
			return err
		}
		return out.put(m)
	})
	return c
}

func (a *app) sizeReplicasCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "replicas",
		Short: "Say how many read replicas with one writing leader do most",
		Long: `replicas says how many requests a group of replicas can do in a second: all writes go
through one leader, which passes them on to the others, and any replica answers reads.
It is the least of three: what the leader's time allows, what each follower's does, and
what the time of all does. More replicas help reads and slow the leader down.`,
		Example: `  berth size replicas --reads 90% --read 1ms --write 2ms --forward 0.2ms --apply 1ms`,
	}
	set := c.Flags()
	var l sizing.Leader
	var most int
	flag(set, &l.Reads, "reads", "", "share", "of the requests that are reads", sizing.Share)
	flag(set, &l.Read, "read", "", "time", "that a read takes", sizing.Seconds)
	flag(set, &l.Write, "write", "", "time", "that a write takes the leader", sizing.Seconds)
	flag(set, &l.Forward, "forward", "0s", "time", "that passing a write on takes the leader, for each follower", sizing.Seconds)
	flag(set, &l.Apply, "apply", "0s", "time", "that a write takes a follower", sizing.Seconds)
	flag(set, &most, "most", "100", "number", "of replicas, at most", count(1, sizing.MostReplicas))
	return a.model(c, []string{"reads", "read", "write"}, func(*pflag.FlagSet) (*modelled, error) {
		best, err := l.Best(most)
		if err != nil {
			return nil, err
		}
		m := &modelled{facts: facts{{"replicas", "best number of replicas", best.Replicas}, {"throughput", "throughput then", rate(best.Throughput)}}}
		m.picture = func() figures.Figure { return replicasPicture(l, best, most) }
		shown := map[int]bool{}
		for _, n := range []int{1, 2, 3, 5, best.Replicas / 2, best.Replicas - 1, best.Replicas, best.Replicas + 1, 2 * best.Replicas} {
			shown[n] = true
		}
		for n := 1; n <= min(2*best.Replicas, most); n++ {
			if !shown[n] {
				continue
			}
			t, err := l.With(n)
			if err != nil {
				return nil, err
			}
			m.rows = append(m.rows, facts{
				{"replicas", "replicas", n},
				{"throughput", "throughput", rate(t.Throughput)},
				{"byLeader", "by the leader", rate(t.ByLeader)},
				{"byFollowers", "by a follower", rate(t.ByFollowers)},
				{"byEverything", "by all", rate(t.ByEverything)},
			})
		}
		return m, nil
	})
}

func (a *app) sizeBucketsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "buckets",
		Short: "Divide a server among clients by token buckets that never overrun it",
		Long: `buckets gives each of N clients a token bucket with the Nth part of the server's rate
and the largest burst with which all together never have more waiting than the server's
buffer holds. With --load it also says what share of a client's requests is refused
when they come at random at that rate.`,
		Example: `  berth size buckets --rate 1000 --clients 20 --buffer 400 --load 40`,
	}
	set := c.Flags()
	var b sizing.Buckets
	var load float64
	flag(set, &b.Rate, "rate", "", "number", "requests a second that the server serves", sizing.Number)
	flag(set, &b.Clients, "clients", "", "number", "of clients", count(1, sizing.MostClients))
	flag(set, &b.Buffer, "buffer", "", "number", "of requests that can wait in the server", sizing.Number)
	flag(set, &load, "load", "", "number", "requests a second of one client", sizing.Number)
	return a.model(c, []string{"rate", "clients", "buffer"}, func(set *pflag.FlagSet) (*modelled, error) {
		each, err := b.Each()
		if err != nil {
			return nil, err
		}
		m := &modelled{facts: facts{
			{"rate", "tokens for each client", rate(each.Rate)},
			{"burst", "tokens at the most", each.Burst},
			{"longestWait", "longest wait in the server", seconds(b.LongestWait(each))},
		}}
		m.picture = func() figures.Figure { return bucketPicture(each, load) }
		if set.Changed("load") {
			refused, err := each.Refused(load)
			if err != nil {
				return nil, err
			}
			m.facts = append(m.facts, fact{"load", "a client that sends", rate(load)}, fact{"refused", "is refused", part(refused)})
		}
		return m, nil
	})
}

func (a *app) sizeRepairCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "repair",
		Short: "Say how often reads are stale and what read-repair has to do",
		Long: `repair looks at a value on several replicas: a write misses each with a probability and
counts when --acks replicas have it; a read asks --fanout replicas, answers with the
newest value and brings those that were stale up to date.`,
		Example: `  berth size repair --replicas 3 --fanout 2 --acks 1 --missed 10% --reads 50 --writes 5`,
	}
	set := c.Flags()
	var r sizing.Repair
	flag(set, &r.Replicas, "replicas", "3", "number", "of replicas", count(1, 1000))
	flag(set, &r.Fanout, "fanout", "", "number", "of replicas that a read asks", count(1, 1000))
	flag(set, &r.Acks, "acks", "0", "number", "of replicas that a write needs to count", count(0, 1000))
	flag(set, &r.Missed, "missed", "", "share", "of the writes that a replica misses", sizing.Share)
	flag(set, &r.Reads, "reads", "", "number", "of the value, a second", sizing.Number)
	flag(set, &r.Writes, "writes", "", "number", "of the value, a second", sizing.Number)
	return a.model(c, []string{"fanout", "missed", "reads", "writes"}, func(*pflag.FlagSet) (*modelled, error) {
		steady, err := r.Steady()
		if err != nil {
			return nil, err
		}
		return &modelled{picture: func() figures.Figure { return repairPicture(r) }, facts: facts{
			{"stale", "reads that are stale", part(steady.Stale)},
			{"staleReplicas", "replicas that are stale when a read comes", part(steady.StaleReplicas)},
			{"repairsPerRead", "repairs for each read", steady.PerRead},
			{"repairs", "repairs", rate(steady.Rate)},
		}}, nil
	})
}

func (a *app) sizeHeartbeatCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "heartbeat",
		Short: "Choose the timeout after which a silent node is suspected",
		Long: `heartbeat weighs false alarms against the time until a crash is noticed. Heartbeats
come every period, each late by a random time whose mean is the jitter, so that gaps
between them have Laplace's law. --between asks for the least timeout with one false
alarm in so much time, --timeout for what a given one does.`,
		Example: `  berth size heartbeat --period 1s --jitter 50ms --between 168h
  berth size heartbeat --period 1s --jitter 50ms --delay 10ms --timeout 1.5s`,
	}
	set := c.Flags()
	var h sizing.Heartbeat
	var between, timeout float64
	flag(set, &h.Period, "period", "", "time", "between heartbeats", sizing.Seconds)
	flag(set, &h.Jitter, "jitter", "", "time", "that a heartbeat is late, in the mean", sizing.Seconds)
	flag(set, &h.Delay, "delay", "0s", "time", "that every heartbeat takes at least", sizing.Seconds)
	flag(set, &between, "between", "", "time", "between two false alarms, at least", sizing.Seconds)
	flag(set, &timeout, "timeout", "", "time", "to look at", sizing.Seconds)
	return a.model(c, []string{"period", "jitter"}, func(set *pflag.FlagSet) (*modelled, error) {
		var d sizing.Detection
		var err error
		switch {
		case set.Changed("between") == set.Changed("timeout"):
			return nil, errors.New("give one of --between and --timeout, as in `berth size heartbeat --period 1s --jitter 50ms --between 168h`")
		case set.Changed("between"):
			d, err = h.For(between)
		default:
			d, err = h.With(timeout)
		}
		if err != nil {
			return nil, err
		}
		return &modelled{picture: func() figures.Figure { return heartbeatPicture(h, d) }, facts: facts{
			{"timeout", "timeout", seconds(d.Timeout)},
			{"falseAlarmsPerHeartbeat", "false alarms for each heartbeat", part(d.PerBeat)},
			{"timeBetweenFalseAlarms", "time between false alarms", seconds(d.Between)},
			{"falseAlarmLasts", "a false alarm lasts", seconds(d.Mistaken)},
			{"detectionTakes", "a crash is noticed after", seconds(d.Detects)},
		}}, nil
	})
}

func (a *app) sizeLockCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "lock",
		Short: "Say how long requests wait for a lock, and how many locks would do",
		Long: `lock says how long requests wait for a lock that each holds for a random time, at a
load and around it, and how steeply the wait grows there. With --wait it also says how
many locks the load must be divided among for a mean wait of that.`,
		Example: `  berth size lock --hold 5ms --load 150 --wait 5ms`,
	}
	set := c.Flags()
	var l sizing.Lock
	var load, wait float64
	flag(set, &l.Hold, "hold", "", "time", "that the lock is held, in the mean", sizing.Seconds)
	flag(set, &load, "load", "", "number", "requests for the lock, a second", sizing.Number)
	flag(set, &wait, "wait", "", "time", "that a request may wait, in the mean", sizing.Seconds)
	return a.model(c, []string{"hold", "load"}, func(set *pflag.FlagSet) (*modelled, error) {
		m := &modelled{}
		if set.Changed("wait") {
			locks, err := l.Locks(load, wait)
			if err != nil {
				return nil, err
			}
			each, err := l.Capacity(wait)
			if err != nil {
				return nil, err
			}
			m.facts = facts{{"locks", "locks that keep the mean wait", locks}, {"each", "load that one lock carries so", rate(each)}}
		}
		if _, err := l.At(load); err != nil && m.facts == nil {
			return nil, err
		}
		m.picture = func() figures.Figure { return lockPicture(l, load) }
		loads := []float64{load}
		if l.Hold > 0 {
			for _, busy := range []float64{0.5, 0.8, 0.9, 0.95, 0.99} {
				loads = append(loads, busy/l.Hold)
			}
		}
		for _, at := range loads {
			w, err := l.At(at)
			if err != nil {
				continue // the load itself, where several locks are asked for
			}
			m.rows = append(m.rows, facts{
				{"load", "load", rate(w.Load)},
				{"busy", "busy", gauge(w.Busy)},
				{"wait", "mean wait", seconds(w.Wait)},
				{"waitOf1In100", "1 of 100 waits", seconds(w.Longest)},
				{"steep", "% more wait for 1 % more load", w.Steep},
			})
		}
		return m, nil
	})
}

func (a *app) sizeBatchCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "batch",
		Short: "Choose how many requests go into one call",
		Long: `batch weighs what a call costs by itself against the time until it is full: a batch of
k requests takes --overhead and k times --item. It shows the size with the least mean
latency and some around it, or the one that --size names.`,
		Example: `  berth size batch --overhead 2ms --item 100us --load 1500`,
	}
	set := c.Flags()
	var b sizing.Batch
	var load float64
	var size int
	flag(set, &b.Overhead, "overhead", "", "time", "that a batch takes by itself", sizing.Seconds)
	flag(set, &b.Item, "item", "", "time", "that a request in it takes", sizing.Seconds)
	flag(set, &load, "load", "", "number", "requests a second", sizing.Number)
	flag(set, &size, "size", "", "number", "of requests in a batch", count(1, sizing.MostBatch))
	return a.model(c, []string{"overhead", "item", "load"}, func(set *pflag.FlagSet) (*modelled, error) {
		chosen, sizes := size, []int{size}
		m := &modelled{}
		if !set.Changed("size") {
			best, err := b.Best(load)
			if err != nil {
				return nil, err
			}
			m.facts = facts{{"size", "best size", best.Size}, {"latency", "mean latency then", seconds(best.Latency)}}
			chosen = best.Size
			sizes = slices.Compact([]int{chosen - 1, chosen, chosen + 1, 2 * chosen, 4 * chosen})
		}
		m.picture = func() figures.Figure { return batchPicture(b, load, chosen) }
		for _, n := range sizes {
			t, err := b.Of(n, load)
			if err != nil {
				if set.Changed("size") {
					return nil, err
				}
				continue // too small to carry the load, or larger than any
			}
			m.rows = append(m.rows, facts{
				{"size", "size", t.Size},
				{"latency", "mean latency", seconds(t.Latency)},
				{"fill", "to fill", seconds(t.Fill)},
				{"queue", "in the queue", seconds(t.Queue)},
				{"serve", "served", seconds(t.Serve)},
				{"busy", "busy", gauge(t.Busy)},
				{"throughput", "carries at most", rate(t.Most)},
			})
		}
		return m, nil
	})
}

func (a *app) sizeCommitCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "commit",
		Short: "Say how available replicas are, together and apart, and when two-phase commit blocks",
		Long: `commit says how often a group of replicas does not go on: by consensus while a majority
is down, by two-phase commit while any is. It compares layouts, so that the apart rule of
a placement can be chosen by it: all in one place (a rack), spread over some, each in
a place of its own. With --window it says how often two-phase commit is blocked because
its coordinator fails in the time between the votes and the decision.`,
		Example: `  berth size commit --replicas 5 --node-between 720h --node-repair 1h --place-between 8760h --place-repair 4h --places 3
  berth size commit --node-between 720h --node-repair 1h --window 5ms`,
	}
	set := c.Flags()
	g := sizing.Group{}
	var replicas, places int
	var window float64
	flag(set, &replicas, "replicas", "3", "number", "of replicas", count(1, 1000))
	flag(set, &places, "places", "3", "number", "of places that replicas are spread over in one layout", count(1, 1000))
	flag(set, &g.Node.Between, "node-between", "", "time", "that a node is up, in the mean", sizing.Seconds)
	flag(set, &g.Node.Repair, "node-repair", "", "time", "that a node is down then", sizing.Seconds)
	flag(set, &g.Place.Between, "place-between", "1s", "time", "that a place is up, in the mean", sizing.Seconds)
	flag(set, &g.Place.Repair, "place-repair", "0s", "time", "that a place is down then (default: it never is)", sizing.Seconds)
	flag(set, &window, "window", "", "time", "between the votes and the decision", sizing.Seconds)
	return a.model(c, []string{"node-between", "node-repair"}, func(set *pflag.FlagSet) (*modelled, error) {
		m := &modelled{}
		if set.Changed("window") {
			probability, blocked, err := g.Blocked(window)
			if err != nil {
				return nil, err
			}
			m.facts = facts{{"blocked", "transactions that are blocked", part(probability)}, {"blockedFor", "time blocked, in the mean over all", seconds(blocked)}}
		}
		for _, layout := range []struct {
			name   string
			places int
		}{{"one place", 1}, {model.Plural(places, "place"), places}, {"apart", replicas}} {
			g.Layout = sizing.Spread(replicas, layout.places)
			v, err := g.Available()
			if err != nil {
				return nil, err
			}
			m.rows = append(m.rows, facts{
				{"layout", "layout", layout.name},
				{"replicas", "replicas", v.Replicas},
				{"consensusDown", "consensus down", part(v.ConsensusDown)},
				{"consensusDownPerYear", "in a year", seconds(v.ConsensusDown * 365.25 * 86400)},
				{"twoPhaseDown", "two-phase commit down", part(v.CommitDown)},
				{"twoPhaseDownPerYear", "in a year", seconds(v.CommitDown * 365.25 * 86400)},
			})
		}
		m.picture = func() figures.Figure {
			return barsOf("commit", "layouts", figures.Axis{Label: "down, % of the time", Log: true}, m.rows, "consensusDown", "twoPhaseDown")
		}
		return m, nil
	})
}
