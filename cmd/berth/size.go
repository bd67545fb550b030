package main

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/cmd/berth/internal/service"
	"berth/model"
	"berth/results/figures"
)

func (a *app) sizeCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "size SERVICE",
		Short: "Say what servers carry under a promise about response times, and size what is around them",
		Long: `size reads a description of a service (docs/sizing.md) and says what load each of its
servers carries while it keeps the promise: fewer requests than it can serve, for
those that wait come late.

    format: berth/v1
    kind: service
    name: search
    promise: {within: 50ms, share: 95%}
    load: 1200                              # requests a second, for route
    servers:
      - {name: n1, rate: 500}               # a worker serves 500 requests a second
      - {name: n2, rate: 200, workers: 4}
      - {name: n3, rate: 400, variation: 0.2}            # times that vary little
      - {name: n4, sample: {file: n4.txt, load: 120}}    # measured response times

With --into it writes an instance in which each node has what its server carries as a
capacity, of the resource requests unless the service names another one: tasks that
demand requests are then placed by it. Nodes without a server carry nothing.

The verbs below it answer smaller questions from flags alone.`,
		Example: `  berth size search.yaml --svg carries.svg
  berth size search.yaml --into cluster.yaml --output sized.yaml
  berth size route search.yaml
  berth size server --rate 500 --workers 4 --within 50ms`,
		Args: files("SERVICE"),
	}
	set := c.Flags()
	var into string
	set.StringVar(&into, "into", "", "write this instance (a `file`) with the capacities in it")
	out := a.modelFlags(set)
	c.RunE = a.verb(func(args []string) error {
		switch {
		case args[0] == "-" && into == "-":
			return errOnce
		case into != "" && out.format != "":
			return errors.New("--into writes an instance and --format a table or JSON; leave out one of them")
		}
		if err := out.check(); err != nil {
			return err
		}
		s, sizes, err := a.sized(args[0])
		if err != nil {
			return err
		}
		if into == "" {
			m, err := showSizes(s, sizes)
			if err != nil {
				return err
			}
			return out.put(m)
		}
		in, err := a.instance(into, &source{})
		if err != nil {
			return err
		}
		if err := patch(in, sizes, s.Resource); err != nil {
			return fmt.Errorf("%s: %w", shownName(into), err)
		}
		if err := out.picture.draw(func() figures.Figure { return sizesPicture(s.Promise, sizes) }); err != nil {
			return err
		}
		return out.writeInstance(in, "")
	})
	c.AddCommand(
		a.sizeServerCommand(), a.sizeRouteCommand(), a.sizeRingCommand(), a.sizeReplicasCommand(), a.sizeBucketsCommand(), a.sizeRepairCommand(),
		a.sizeHeartbeatCommand(), a.sizeLockCommand(), a.sizeBatchCommand(), a.sizeCommitCommand(),
	)
	return c
}

// sized reads a service and finds what each of its servers carries.
func (a *app) sized(name string) (*service.Service, []service.Size, error) {
	s, err := a.service(name)
	if err != nil {
		return nil, nil, err
	}
	sizes, err := s.Size()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", shownName(name), err)
	}
	return s, sizes, nil
}

// service reads a document of kind service with its samples.
func (a *app) service(name string) (*service.Service, error) {
	data, err := a.document(name)
	if err != nil {
		return nil, err
	}
	s, err := service.Read(data, shownName(name))
	if err != nil {
		return nil, err
	}
	if err := s.Measure(filepath.Dir(name)); err != nil {
		return nil, fmt.Errorf("%s: %w", shownName(name), err)
	}
	return s, nil
}

// carriedAmount is what a server carries as a placement has it, rounded down to a
// thousandth.
func carriedAmount(z *service.Size) (model.Quantity, error) {
	const most = 1 << 52
	thousandths := math.Floor(z.Carries * 1000)
	if thousandths > most {
		return model.Quantity{}, fmt.Errorf("server %s carries %.6g requests a second; want at most %.6g: count in a larger unit", z.Name, z.Carries, most/1000.0)
	}
	whole := int64(thousandths)
	return model.Quantity{Units: whole / 1000, Nanos: int32(whole%1000) * 1_000_000}, nil
}

func showSizes(s *service.Service, sizes []service.Size) (*modelled, error) {
	m := &modelled{picture: func() figures.Figure { return sizesPicture(s.Promise, sizes) }}
	total := 0.0
	measured := slices.ContainsFunc(sizes, func(z service.Size) bool { return z.Margin > 0 })
	for k := range sizes {
		z := &sizes[k]
		amount, err := carriedAmount(z)
		if err != nil {
			return nil, err
		}
		total += z.Carries
		row := facts{
			{"name", "server", z.Name},
			{"limit", "serves at most", rate(z.Station.Limit())},
			{"carries", "carries", rate(z.Carries)},
			{"part", "of it", gauge(z.Carries / z.Station.Limit())},
			{"response", "mean response", seconds(z.Response)},
			{"capacity", "as " + s.Resource, amount.String()},
		}
		if measured {
			row = slices.Insert(row, 3, fact{"margin", "±", rate(z.Margin)})
		}
		m.rows = append(m.rows, row)
	}
	m.facts = facts{
		{"name", "service", s.Name},
		{"within", "promise: within", seconds(s.Promise.Within)},
		{"share", "promise: share", part(s.Promise.Share)},
		{"resource", "resource", s.Resource},
		{"carries", "all together carry", rate(total)},
	}
	return m, nil
}

// patch gives each node that has a server what it carries, and takes the resource off the others.
func patch(in *model.Instance, sizes []service.Size, resource string) error {
	for k := range in.Nodes {
		n := &in.Nodes[k]
		n.Capacity = slices.DeleteFunc(slices.Clone(n.Capacity), func(a model.Amount) bool { return a.Resource == resource })
	}
	var missing []string
	for k := range sizes {
		z := &sizes[k]
		node := slices.IndexFunc(in.Nodes, func(n model.Node) bool { return n.Name == z.Name })
		if node < 0 {
			missing = append(missing, z.Name)
			continue
		}
		amount, err := carriedAmount(z)
		if err != nil {
			return err
		}
		capacity := append(in.Nodes[node].Capacity, model.Amount{Resource: resource, Quantity: amount})
		slices.SortFunc(capacity, func(a, b model.Amount) int { return strings.Compare(a.Resource, b.Resource) })
		in.Nodes[node].Capacity = capacity
	}
	if len(missing) > 0 {
		return fmt.Errorf("there is no node called %s; call each server by the name of its node", list5(missing))
	}
	return nil
}

// list5 words an enumeration and cuts it after five.
func list5(words []string) string {
	if len(words) > 5 {
		words = append(slices.Clone(words[:5]), fmt.Sprintf("%d more", len(words)-5))
	}
	return list(words)
}
