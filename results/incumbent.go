package results

import (
	"math"

	"berth/results/stats"
)

// incumbents returns the moments in seconds at which a run had a better placement
// than before, and what measure says of each: of its cost and of the best known. The
// steps of a trajectory are what the method said of itself, so none counts for more
// than the placement at the end, which the judge has seen; that one was there when
// the run ended at the latest. A run without one never had any.
func (r *Run) incumbents(measure func(cost, best decimal) float64) (at, values []float64) {
	final, ok := parseDecimal(r.Cost)
	if !ok || !r.Outcome.Solved() {
		return nil, nil
	}
	add := func(seconds float64, cost decimal) {
		at = append(at, seconds)
		values = append(values, measure(cost, r.Entry.best))
	}
	now := 0.0
	var had decimal
	for k := range r.Trajectory {
		cost, ok := parseDecimal(r.Trajectory[k].Cost)
		if !ok {
			continue
		}
		if compare(cost, final) < 0 {
			cost = final
		}
		now = max(now, r.Trajectory[k].Seconds)
		if len(at) == 0 || compare(cost, had) < 0 {
			add(now, cost)
			had = cost
		}
	}
	if len(at) == 0 || compare(final, had) != 0 {
		add(max(now, r.Used()), final)
	}
	return at, values
}

// primal is the primal integral over the run's limit as a share of that. A proof that
// there is no placement counts from its moment as the best placement would.
func (r *Run) primal() float64 {
	at, gaps := []float64{r.Used()}, []float64{0}
	if r.Outcome != Infeasible {
		at, gaps = r.incumbents(func(cost, best decimal) float64 { return stats.PrimalGap(cost.float(), best.float()) })
	}
	return stats.PrimalIntegral(at, gaps, r.Limit) / r.Limit
}

// capped is the gap of a run for means: 1 without a placement, and never more.
func (r *Run) capped() float64 { return min(r.Gap, 1) }

func cappedGap(cost, best decimal) float64 { return math.Min(gapTo(cost, best), 1) }
