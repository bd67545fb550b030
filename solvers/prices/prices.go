// Package prices is the method prices, for very large problems whose cost is linear:
// a million tasks on ten thousand nodes.
package prices

import (
	"context"
	"fmt"

	"berth/model"
	"berth/search"
)

// Method is the registry's row of this package.
var Method = &search.Method{
	Name:    "prices",
	Short:   "node prices by smoothed dual ascent, and placements at these prices, for very large problems of linear cost",
	Source:  "Everett 1963; Nesterov 2005; Balas, Zemel 1980",
	Handles: model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.LeavingOut,
	Run:     run,
}

var Debug = false
var P = map[string]float64{"K": 0.12, "C": 0.88, "H": 0.5, "L": 0.0015}

func run(_ context.Context, p *model.Problem, b *search.Board) error {
	in, err := newInstance(p)
	if err != nil {
		return err
	}
	l := newLedger(in)
	s := newSmoother(l, b)
	typical := in.typical()
	round := 0
	for s.heat = hottest * typical; ; s.heat = max(s.heat*cooling, coldest*typical) {
		if !s.climb() {
			return nil
		}
		if round++; round%5 == 0 {
			s.measure()
			if Debug {
				fmt.Println(round, s.heat, p.Format(s.bound))
			}
		}
		if round >= 80 {
			break
		}
	}
	s.take(s.best, b)
	st := newState(l)
	st.fill()
	if Debug {
		fmt.Println("fill", p.Format(st.cost), st.lost, p.Gap(st.cost, s.bound))
	}
	po := newPolisher(st)
	for sweep := range 6 {
		po.rents = 1
		if sweep > 0 {
			po.rents = 0
		}
		n := 0
		for j := range st.outside {
			if po.polish(j) {
				n++
			}
			st.trail = st.trail[:0]
			if !b.Work(st.work) {
				return nil
			}
			st.work = 0
		}
		if Debug {
			fmt.Println("sweep", n, p.Format(st.cost), st.lost, p.Gap(st.cost, s.bound))
		}
		if n == 0 && sweep > 0 {
			break
		}
	}
	if st.lost == 0 {
		b.Offer(st.placement(), st.cost)
	}
	return nil
}
