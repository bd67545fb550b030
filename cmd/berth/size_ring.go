package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"berth/cmd/berth/internal/service"
	"berth/results/figures"
	"berth/sizing/ring"
)

func (a *app) sizeRingCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "ring SERVICE",
		Short: "Spread keys over servers by what they carry, and see what moves when one leaves or joins",
		Long: `ring gives each server of a service points on a hash ring in proportion to what it
carries under the promise (not to what it could serve), and says how even the keys lie.
With --without it also says which share of them moves when a server leaves, and with
--joining when one joins the others, against the least that must: with the ring, with
bounded loads (each takes a quarter more than its part at the most), with rendezvous,
jump and modulo hashing. Stray keys move between servers that both stay. Jump and modulo
hashing know no weights.`,
		Example: `  berth size ring search.yaml --without n3
  berth size ring search.yaml --joining n3 --svg moves.svg
  berth size ring search.yaml --keys 1000000`,
		Args: files("SERVICE"),
	}
	set := c.Flags()
	var leaver, joiner string
	var keys int
	var seed uint64
	set.StringVar(&leaver, "without", "", "`server` that leaves")
	set.StringVar(&joiner, "joining", "", "`server` that joins the others")
	flag(set, &keys, "keys", "100000", "number", "of keys to spread", count(1000, 100_000_000))
	flag(set, &seed, "seed", "1", "number", "where chance begins", parseSeed)
	out := a.modelFlags(set)
	c.RunE = a.verb(func(args []string) error {
		if leaver != "" && joiner != "" {
			return errors.New("--without and --joining are two changes; ask for one at a time")
		}
		if err := out.check(); err != nil {
			return err
		}
		_, sizes, err := a.sized(args[0])
		if err != nil {
			return err
		}
		before := members(sizes)
		after := before
		switch {
		case leaver != "":
			after, err = others(before, "--without", leaver)
		case joiner != "":
			before, err = others(after, "--joining", joiner)
		}
		if err != nil {
			return err
		}
		moves, err := ring.Compare(seed, before, after, keys)
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[0]), err)
		}
		return out.put(ringModel(before, moves, leaver+joiner != ""))
	})
	return c
}

func members(sizes []service.Size) (all ring.Members) {
	for _, z := range sizes {
		all.Names, all.Weights = append(all.Names, z.Name), append(all.Weights, z.Carries)
	}
	return all
}

// others are the members but one, which a flag names.
func others(all ring.Members, flag, name string) (rest ring.Members, err error) {
	at := slices.Index(all.Names, name)
	switch {
	case at < 0:
		return rest, fmt.Errorf("%s %s: there is no such server; name one of %s", flag, name, list5(all.Names))
	case len(all.Names) == 1:
		return rest, fmt.Errorf("%s %s: no server is left; name one of several", flag, name)
	}
	rest.Names = slices.Delete(slices.Clone(all.Names), at, at+1)
	rest.Weights = slices.Delete(slices.Clone(all.Weights), at, at+1)
	return rest, nil
}

// ringModel says what the schemes do, and what moves where something changes.
func ringModel(m ring.Members, moves []ring.Moves, changes bool) *modelled {
	points := ring.Points(m.Weights, m.Each())
	said := &modelled{}
	for k, name := range m.Names {
		said.facts = append(said.facts, fact{"points." + name, name + ": points", points[k]})
	}
	for _, v := range moves {
		row := facts{{"scheme", "scheme", v.Scheme}, {"fullest", "fullest ÷ its part", v.Fuller}}
		if changes {
			row = append(row, fact{"moved", "moves", part(v.Moved)}, fact{"least", "must move", part(v.Least)}, fact{"stray", "strays", part(v.Stray)})
		}
		said.rows = append(said.rows, row)
	}
	said.picture = func() figures.Figure {
		if changes {
			return barsOf("moves", "schemes", figures.Axis{Label: "of the keys, %"}, said.rows, "moved", "least", "stray")
		}
		return sharesPicture(m, moves)
	}
	return said
}

// sharesPicture shows what share of the keys each member has.
func sharesPicture(m ring.Members, moves []ring.Moves) figures.Figure {
	parts := figures.Line{Name: "its part"}
	for j := range m.Names {
		parts.Y = append(parts.Y, 100*m.Part(j))
	}
	kinds := []figures.Line{parts}
	for _, v := range moves {
		share := figures.Line{Name: v.Scheme}
		for _, s := range v.Shares {
			share.Y = append(share.Y, 100*s)
		}
		kinds = append(kinds, share)
	}
	return figures.Bars("shares", "servers", figures.Axis{Label: "of the keys, %"}, m.Names, kinds)
}
