package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Given is what is asked of a placement beside its instance, such as that a task
// runs where somebody wants it: a question about the instance, not a part of it. It
// does not count in the instance's digest. A solution repeats it, since what it
// claims holds under it only.
type Given struct {
	Fix      []TaskNodes // all replicas of the task run on these nodes only
	Forbid   []TaskNodes // none of its replicas runs on these nodes
	Without  []string    // nothing runs on these nodes
	MaxMoves *int        // at most so many replicas leave where they run today; nil: any number
}

// IsZero says whether nothing is given.
func (g *Given) IsZero() bool {
	return len(g.Fix)+len(g.Forbid)+len(g.Without) == 0 && g.MaxMoves == nil
}

// String writes it on one line, as a solution has it, tasks and nodes in order; "" where nothing
// is given.
func (g *Given) String() string {
	if g.IsZero() {
		return ""
	}
	var text strings.Builder
	e, ordered := newEmitter(&text, false), g.normal()
	e.asked(&ordered)
	_ = e.end() // a builder takes everything
	return strings.TrimSuffix(text.String(), "\n")
}

// normal returns the same with tasks and nodes in order and none named twice.
func (g *Given) normal() Given {
	return Given{
		Fix: normalNodes(g.Fix, intersection), Forbid: normalNodes(g.Forbid, union),
		Without: slices.Compact(slices.Sorted(slices.Values(g.Without))), MaxMoves: g.MaxMoves,
	}
}

// equal says whether two that are normal ask the same.
func (g *Given) equal(h *Given) bool {
	limited := g.MaxMoves != nil && h.MaxMoves != nil
	return equalNodes(g.Fix, h.Fix) && equalNodes(g.Forbid, h.Forbid) && slices.Equal(g.Without, h.Without) &&
		(limited && *g.MaxMoves == *h.MaxMoves || g.MaxMoves == nil && h.MaxMoves == nil)
}

// normalNodes joins what is said of one task several times.
func normalNodes(said []TaskNodes, join func(a, b []string) []string) []TaskNodes {
	var all []TaskNodes
	for _, s := range said {
		nodes := slices.Compact(slices.Sorted(slices.Values(s.Nodes)))
		if k := slices.IndexFunc(all, func(a TaskNodes) bool { return a.Task == s.Task }); k >= 0 {
			all[k].Nodes = join(all[k].Nodes, nodes)
		} else {
			all = append(all, TaskNodes{s.Task, nodes})
		}
	}
	slices.SortFunc(all, func(a, b TaskNodes) int {
		if a.Task < b.Task {
			return -1
		}
		return 1
	})
	return all
}

func intersection(a, b []string) []string {
	return slices.DeleteFunc(a, func(name string) bool { return !slices.Contains(b, name) })
}

func union(a, b []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

func equalNodes(a, b []TaskNodes) bool {
	return slices.EqualFunc(a, b, func(x, y TaskNodes) bool { return x.Task == y.Task && slices.Equal(x.Nodes, y.Nodes) })
}

// GivenError says what is wrong with what is given, not with the instance beside it.
type GivenError struct{ cause error }

func (e *GivenError) Error() string { return e.cause.Error() }
func (e *GivenError) Unwrap() error { return e.cause }

// given makes a step of the compiler out of one that looks at what is given.
func (c *compiler) given(ask func() error) func() error {
	return func() error {
		if err := ask(); err != nil {
			return &GivenError{err}
		}
		return nil
	}
}

// ask restricts the domains of tasks to what is given, and counts how many replicas
// have to stay.
func (c *compiler) ask() error {
	c.p.Given = c.in.Given.normal()
	for _, s := range c.p.Given.Fix {
		if err := c.restrict("fix", s, true); err != nil {
			return err
		}
	}
	for _, s := range c.p.Given.Forbid {
		if err := c.restrict("forbid", s, false); err != nil {
			return err
		}
	}
	if err := c.leaveOut(); err != nil {
		return err
	}
	return c.limitMoves()
}

// leaveOut takes nodes from the domains of all tasks.
func (c *compiler) leaveOut() error {
	if len(c.p.Given.Without) == 0 {
		return nil
	}
	named, err := c.nodesNamed("without", c.p.Given.Without)
	if err != nil {
		return err
	}
	words := make([]uint64, (len(named)+63)/64)
	for j := range named {
		if !named[j] {
			words[j>>6] |= 1 << (uint(j) & 63)
		}
	}
	rest := c.addDomain(words)
	for i := range c.allowed {
		c.allowed[i] = c.intersect(c.allowed[i], rest)
	}
	return nil
}

// nodesNamed marks the nodes that a part of what is given names.
func (c *compiler) nodesNamed(what string, names []string) ([]bool, error) {
	named := make([]bool, len(c.in.Nodes))
	for _, name := range names {
		j, known := c.node[name]
		if !known {
			return nil, fmt.Errorf("%s: %w", what, NotKnown("node", name, c.p.NodeNames))
		}
		named[j] = true
	}
	return named, nil
}

// limitMoves turns the limit on those that leave into how many have to stay. One
// that all who run today may use up is none.
func (c *compiler) limitMoves() error {
	most := c.p.Given.MaxMoves
	if most == nil {
		return nil
	}
	if *most < 0 {
		return fmt.Errorf("maxMoves: found %d; want 0 or more", *most)
	}
	running := 0
	for i := range c.in.Tasks {
		running += len(c.in.Tasks[i].Current)
	}
	if running == 0 {
		return errors.New("maxMoves: moves are limited, but no task says where it runs today; add `current` to the tasks, or leave the limit out")
	}
	c.p.MustStay = int64(max(running-*most, 0))
	return nil
}

// restrict keeps the nodes that are named in a task's domain, or takes them out.
func (c *compiler) restrict(what string, s TaskNodes, keep bool) error {
	i := slices.Index(c.p.original.names, s.Task)
	if i < 0 {
		return fmt.Errorf("%s: %w", what, NotKnown("task", s.Task, c.p.original.names))
	}
	named, err := c.nodesNamed(what, s.Nodes)
	if err != nil {
		return err
	}
	domain := &c.p.Domains[c.allowed[i]]
	words := make([]uint64, (len(named)+63)/64)
	left := 0
	for j := range named {
		if named[j] == keep && domain.Has(int32(j)) {
			words[j>>6] |= 1 << (uint(j) & 63)
			left++
		}
	}
	if left == 0 && domain.Size > 0 {
		return fmt.Errorf("%s: it leaves task %s no node, beside what its `on` and the rest of what is given allow", what, s.Task)
	}
	c.allowed[i] = c.addDomain(words)
	return nil
}
