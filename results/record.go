package results

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"berth/model"
)

// Record is one run: what was run on what, what it said, what the judge says to
// that, and what it took. It holds all that a report needs.
type Record struct {
	ID       string   `json:"id"` // Record.Digest
	Instance Instance `json:"instance"`
	Method   string   `json:"method"`            // its name in the plan
	Options  []string `json:"options,omitempty"` // name=value, sorted by name
	Seed     uint64   `json:"seed"`
	Limits   Limits   `json:"limits"`
	Version  string   `json:"version"` // of the program that was run

	Outcome Outcome      `json:"outcome"`
	Note    string       `json:"note,omitempty"` // why, in a line, where the outcome has a reason
	Claim   Claim        `json:"claim"`
	Cost    model.Number `json:"cost,omitempty"` // of its placement, by the judge; empty without a feasible one
	Known   *Known       `json:"known,omitempty"`

	Usage      Usage     `json:"usage"`
	Trajectory []Step    `json:"trajectory,omitempty"` // in the order of time
	Machine    Machine   `json:"machine"`
	Started    time.Time `json:"started"`
	Command    string    `json:"command"` // repeats the run, in a shell
}

// Instance is a problem that was run on.
type Instance struct {
	Name   string `json:"name"`            // unique within a plan
	Group  string `json:"group,omitempty"` // the part of the plan that it belongs to
	File   string `json:"file"`            // as the plan names it
	Digest string `json:"digest"`          // of its meaning
	Nodes  int    `json:"nodes"`
	Tasks  int    `json:"tasks"` // replicas counted each
}

// Limits end a run; 0 is none.
type Limits struct {
	Seconds float64 `json:"seconds,omitzero"` // of wall time
	Work    int64   `json:"work,omitzero"`    // deterministic units, for methods that count them
	Memory  int64   `json:"memory,omitzero"`  // bytes
	Gap     string  `json:"gap,omitempty"`    // "1%", or a cost: near enough
	Threads int     `json:"threads"`
}

// Claim is what a method says about its own answer. Nothing of it is believed.
type Claim struct {
	Status    string       `json:"status,omitempty"` // optimal, feasible, infeasible, unknown
	Objective model.Number `json:"objective,omitempty"`
	Bound     model.Number `json:"bound,omitempty"` // no placement costs less
}

// Known is what is published about an instance, as a cost.
type Known struct {
	Value  model.Number `json:"value,omitempty"` // empty for an infeasible one
	Status string       `json:"status"`          // optimal, best-known, infeasible
	Bound  model.Number `json:"bound,omitempty"` // a published lower bound, where one is known
	Source string       `json:"source,omitempty"`
}

// Usage is what a run took, all its processes counted.
type Usage struct {
	Wall float64 `json:"wall"`          // seconds
	CPU  float64 `json:"cpu"`           // seconds, of user and system
	Peak int64   `json:"peak"`          // bytes of memory in use at a time
	Work int64   `json:"work,omitzero"` // deterministic units, where the method counts them
	Exit string  `json:"exit"`          // "0", "3", "signal: killed"
}

// Step is a moment of a run: what it had then.
type Step struct {
	Seconds float64      `json:"s"` // since the run began
	Cost    model.Number `json:"c,omitempty"`
	Bound   model.Number `json:"b,omitempty"`
	By      string       `json:"by,omitempty"` // the method within a portfolio whose gain it is
}

// Machine is where a run was made.
type Machine struct {
	Host   string `json:"host"`
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory"` // bytes
	System string `json:"system"` // operating system and its release
}

// Digest identifies a run by what it is: the meaning of its instance, the method
// with its options, the seed, the limits and the version of the program. Where it
// ran, when, and what came of it do not matter.
func (r *Record) Digest() string {
	text := strings.Join([]string{
		r.Instance.Digest, r.Method, strings.Join(r.Options, "\x1f"), fmt.Sprint(r.Seed),
		fmt.Sprintf("%g %d %d %s %d", r.Limits.Seconds, r.Limits.Work, r.Limits.Memory, r.Limits.Gap, r.Limits.Threads),
		r.Version,
	}, "\x1e")
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
