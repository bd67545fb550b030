package results

import "berth/model"

// Study is a set of records held against each other and against what is published.
// It does not depend on the order of the records.
type Study struct {
	Methods   []string // by name
	Groups    []string // by name
	Instances []*Entry // by group and name
	Runs      []*Run   // by instance, method, options, seed, limits, version
}

// Entry is an instance of a study, with the best that is known of it.
type Entry struct {
	Instance
	Best  model.Number // the least cost of any judged placement or published; empty if there is none
	Bound model.Number // the greatest bound that is proven here or published, none refuted
	Known *Known       // what is published
	Beats []*Run       // runs that are better than what is published
}

// Run is a record as the study sees it.
type Run struct {
	*Record
	Entry   *Entry
	Outcome Outcome // as recorded, or Wrong where another run or a published value refutes the claim
	Note    string  // of the record, or what refutes it
	Gap     float64 // (cost − the instance's best) / max(|best|, 1); +Inf without a placement
}
