package tables

import (
	"strconv"

	"berth/results"
)

// refuted is a table of the runs whose claims do not hold.
func refuted(s *results.Study) Table {
	t := Table{
		Name: "wrong", Title: "Wrong claims",
		Columns: []Column{
			{Head: "instance", Fields: []string{"instance"}},
			{Head: "method", Fields: []string{"method"}},
			{Head: "seed", Number: true, Fields: []string{"seed"}},
			{Head: "claim", Fields: []string{"claimed_status"}},
			{Head: "cost", Number: true, Fields: []string{"claimed_objective"}},
			{Head: "bound", Number: true, Fields: []string{"claimed_bound"}},
			{Head: "what refutes it", Prose: true, Fields: []string{"note"}},
		},
	}
	for _, r := range s.Runs {
		if r.Outcome != results.Wrong {
			continue
		}
		row := []Cell{
			name(r.Entry.Name), name(r.Method), name(strconv.FormatUint(r.Seed, 10)), name(r.Claim.Status),
			exactCost(r.Claim.Objective), exactCost(r.Claim.Bound), name(r.Note),
		}
		for k := range row {
			row[k].Wrong = true
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// beats is a table of the runs that are better than what is published.
func beats(s *results.Study) Table {
	t := Table{
		Name: "beats", Title: "Better than published",
		Columns: []Column{
			{Head: "instance", Fields: []string{"instance"}},
			{Head: "published", Number: true, Fields: []string{"published"}},
			{Head: "as", Fields: []string{"published_status"}},
			{Head: "bound", Number: true, Fields: []string{"published_bound"}},
			{Head: "by", Fields: []string{"source"}},
			{Head: "cost", Number: true, Fields: []string{"cost"}},
			{Head: "proven bound", Number: true, Fields: []string{"proven_bound"}},
			{Head: "method", Fields: []string{"method"}},
			{Head: "seed", Number: true, Fields: []string{"seed"}},
		},
	}
	for _, e := range s.Instances {
		for _, r := range e.Beats {
			known := published(r)
			t.Rows = append(t.Rows, []Cell{
				name(e.Name), exactCost(known.Value), name(known.Status), exactCost(known.Bound), name(known.Source),
				exactCost(r.Cost), exactCost(r.Claim.Bound), name(r.Method), name(strconv.FormatUint(r.Seed, 10)),
			})
		}
	}
	return t
}
