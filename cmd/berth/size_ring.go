package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"berth/sizing/ring"
)

func (a *app) sizeRingCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "ring SERVICE",
		Short: "Spread keys over servers by what they carry, and see what moves when one leaves",
		Long: `ring gives each server of a service points on a hash ring in proportion to what it
carries under the promise (not to what it could serve), and says how even the keys lie.
With --without it also says which share of them moves when a server leaves, against the
least that must: with the ring, with bounded loads (each takes a quarter more than its
part at the most), with rendezvous, jump and modulo hashing. Stray keys move between
servers that both stay. Jump and modulo hashing know no weights.`,
		Example: `  berth size ring search.yaml --without n3
  berth size ring search.yaml --keys 1000000`,
		Args: files("SERVICE"),
	}
	set := c.Flags()
	var leaver string
	var keys int
	var seed uint64
	set.StringVar(&leaver, "without", "", "`server` that leaves")
	flag(set, &keys, "keys", "100000", "number", "of keys to spread", count(1000, 100_000_000))
	flag(set, &seed, "seed", "1", "number", "where chance begins", parseSeed)
	out := a.outputFlags(set)
	c.RunE = a.verb(func(args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		s, err := a.service(args[0])
		if err != nil {
			return err
		}
		sizes, err := s.Size()
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[0]), err)
		}
		var all ring.Members
		for _, z := range sizes {
			all.Names, all.Weights = append(all.Names, z.Name), append(all.Weights, z.Carries)
		}
		rest := ring.Members{Names: slices.Clone(all.Names), Weights: slices.Clone(all.Weights)}
		if leaver != "" {
			at := slices.Index(all.Names, leaver)
			switch {
			case at < 0:
				return fmt.Errorf("--without %s: there is no such server; name one of %s", leaver, list5(all.Names))
			case len(all.Names) == 1:
				return fmt.Errorf("--without %s: no server is left; name one of several", leaver)
			}
			rest.Names, rest.Weights = slices.Delete(rest.Names, at, at+1), slices.Delete(rest.Weights, at, at+1)
		}
		moves, err := ring.Compare(seed, all, rest, keys)
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[0]), err)
		}
		points := ring.Points(all.Weights, all.Each())
		m := &modelled{}
		for k, z := range sizes {
			m.facts = append(m.facts, fact{"points." + z.Name, z.Name + ": points", points[k]})
		}
		for _, v := range moves {
			row := facts{{"scheme", "scheme", v.Scheme}, {"fullest", "fullest, to its part", v.Fuller}}
			if leaver != "" {
				row = append(row, fact{"moved", "moves", part(v.Moved)}, fact{"least", "must move", part(v.Least)}, fact{"stray", "strays", part(v.Stray)})
			}
			m.rows = append(m.rows, row)
		}
		return out.put(m)
	})
	return c
}
