//go:build !tripwire

package search

import "berth/model"

// Tripwire says whether the program was built with the tag tripwire, under which
// tests may Hang a known optimum into the runs. Engines compare what they cut,
// fix and prune with it where `if search.Tripwire` says so.
const Tripwire = false

// Known returns the placement that was hung in for this problem, and its cost; for a
// workflow the cost alone, see KnownSchedule.
func (b *Board) Known() (model.Placement, int64) { return nil, NoCost }

// KnownSchedule returns the schedule that was hung in for this workflow.
func (b *Board) KnownSchedule() model.Schedule { return nil }
