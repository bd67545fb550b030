package tables

import "berth/results"

// Study is all of a study's tables that people read, in the order to read them in.
// Those of wrong claims and of published values that were beaten are left out where
// there are none.
func Study(s *results.Study) []Table {
	all := []Table{ran(s)}
	for _, t := range []Table{refuted(s), beats(s)} {
		if len(t.Rows) > 0 {
			all = append(all, t)
		}
	}
	all = append(all, Methods(s))
	all = append(all, byGroup(s)...)
	return append(all, Instances(s))
}
