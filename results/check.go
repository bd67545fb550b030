package results

import (
	"cmp"
	"fmt"
	"slices"
)

// check holds the claims about one instance against each other, finds the best that
// is known of it and marks the runs that are wrong. The runs are in their order.
func check(runs []*Run) {
	e := runs[0].Entry
	c := checker{entry: e}
	for _, r := range runs {
		if cost, ok := parseDecimal(r.Cost); ok && (c.holder == nil || compare(cost, c.least) < 0) {
			c.least, c.holder = cost, r
		}
	}
	if e.Known != nil {
		c.published, c.hasPublished = parseDecimal(e.Known.Value)
	}
	if c.holder != nil {
		e.best = c.least
	}
	if c.hasPublished && (c.holder == nil || compare(c.published, c.least) < 0) {
		e.best = c.published
	}
	e.Best = e.best.text
	var bound decimal
	raise := func(b decimal) {
		if e.Bound == "" || compare(b, bound) > 0 {
			e.Bound, bound = b.text, b
		}
	}
	published, hasBound := c.publishedBound()
	if hasBound {
		raise(published)
	}
	for _, r := range runs {
		if refutation := c.refute(r); refutation != "" {
			r.Outcome, r.Note = Wrong, refutation
		}
		if b, ok := provenBound(r); ok {
			raise(b)
		}
	}
	e.Infeasible = c.holder == nil && !c.hasPublished &&
		(e.Known != nil && e.Known.Status == string(Infeasible) || slices.ContainsFunc(runs, func(r *Run) bool { return r.Outcome == Infeasible }))
	if e.Known != nil {
		c.beats(runs, published, hasBound)
	}
}

// checker has what is certain, or published, about an instance.
type checker struct {
	entry        *Entry
	least        decimal // of the judged costs
	holder       *Run    // the first run that has it; nil: there is none
	published    decimal
	hasPublished bool
}

// refute returns what is wrong with the claim of a run, empty where nothing is.
func (c *checker) refute(r *Run) string {
	if r.Outcome == Wrong {
		return r.Note
	}
	best := c.entry.best
	if c.entry.Best == "" {
		return ""
	}
	cost, placed := parseDecimal(r.Cost)
	bound, bounded := parseDecimal(r.Claim.Bound)
	switch {
	case r.Outcome == Infeasible:
		return fmt.Sprintf("claims that there is no placement; %s", c.evidence(r))
	case r.Outcome == Optimal && placed && compare(cost, best) > 0:
		return fmt.Sprintf("claims that %s is optimal; %s", r.Cost, c.evidence(r))
	case bounded && compare(bound, best) > 0:
		return fmt.Sprintf("claims that no placement costs less than %s; %s", r.Claim.Bound, c.evidence(r))
	}
	return ""
}

// evidence says who has the best cost.
func (c *checker) evidence(r *Run) string {
	switch {
	case c.holder == nil || compare(c.entry.best, c.least) < 0:
		if c.entry.Known.Source == "" {
			return fmt.Sprintf("%s is published", c.entry.Best)
		}
		return fmt.Sprintf("%s is published (%s)", c.entry.Best, c.entry.Known.Source)
	case c.holder == r:
		return fmt.Sprintf("its own placement costs %s", c.entry.Best)
	}
	return fmt.Sprintf("%s with seed %d has a placement that costs %s", c.holder.Method, c.holder.Seed, c.entry.Best)
}

// provenBound returns the bound that a run proves, its cost where that is optimal.
// What crashed or wrote rubbish proves nothing.
func provenBound(r *Run) (bound decimal, ok bool) {
	switch r.Outcome {
	case Optimal:
		return parseDecimal(r.Cost)
	case Feasible, Unknown, Timeout, Memory:
		return parseDecimal(r.Claim.Bound)
	}
	return decimal{}, false
}

// publishedBound returns the published bound, or the published optimum, where no
// judged cost refutes it.
func (c *checker) publishedBound() (bound decimal, ok bool) {
	known := c.entry.Known
	if known == nil {
		return decimal{}, false
	}
	bound, ok = parseDecimal(known.Bound)
	if known.Status == string(Optimal) && c.hasPublished && (!ok || compare(c.published, bound) > 0) {
		bound, ok = c.published, true
	}
	return bound, ok && (c.holder == nil || compare(bound, c.least) <= 0)
}

// beats lists the runs that are better than what is published: a lower cost, a
// greater bound, a placement where none should be, a proof where none was.
func (c *checker) beats(runs []*Run, publishedBound decimal, hasBound bool) {
	e := c.entry
	for _, r := range runs {
		cost, placed := parseDecimal(r.Cost)
		bound, bounded := provenBound(r)
		switch {
		case placed && c.hasPublished && compare(cost, c.published) < 0,
			placed && e.Known.Status == string(Infeasible),
			bounded && hasBound && compare(bound, publishedBound) > 0,
			r.Outcome == Optimal && e.Known.Status != string(Optimal) && !hasBound:
			e.Beats = append(e.Beats, r)
		}
	}
	slices.SortStableFunc(e.Beats, func(a, b *Run) int {
		costA, placedA := parseDecimal(a.Cost)
		costB, placedB := parseDecimal(b.Cost)
		boundA, boundedA := provenBound(a)
		boundB, boundedB := provenBound(b)
		return cmp.Or(order(costA, costB, placedA, placedB, 1), order(boundA, boundB, boundedA, boundedB, -1))
	})
}

// order compares two numbers either of which may be missing, for sign −1 the greater
// one first; a missing one is last.
func order(a, b decimal, hasA, hasB bool, sign int) int {
	switch {
	case hasA && hasB:
		return sign * compare(a, b)
	case hasA:
		return -1
	case hasB:
		return 1
	}
	return 0
}

// compareKnown orders what is published about the same instance, the strongest
// first: a value, the least, an optimum, the greatest bound.
func compareKnown(a, b *Known) int {
	valueA, hasA := parseDecimal(a.Value)
	valueB, hasB := parseDecimal(b.Value)
	boundA, boundedA := parseDecimal(a.Bound)
	boundB, boundedB := parseDecimal(b.Bound)
	return cmp.Or(order(valueA, valueB, hasA, hasB, 1), -cmp.Compare(a.Status, b.Status), // optimal after best-known in the alphabet
		order(boundA, boundB, boundedA, boundedB, -1), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Bound, b.Bound))
}
