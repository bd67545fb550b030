//go:build cgo

package lp

import "container/heap"

// node is an open part of the search: the solutions with its fixings and those of
// its ancestors. What is stored is the difference from the parent; the basis is
// shared by siblings.
type node struct {
	parent *node
	fixes  []int32 // literals: the branching first, then what was fixed by cost
	bound  int64
	basis  []byte
	depth  int32
	serial int64
	page   *page // of its proof, if one is wanted

	// The branching that made it, for the pseudo-costs.
	variable int32
	up       bool
	distance float64 // that the variable moved
	above    float64 // objective of the parent's relaxation
}

// queue holds the open nodes, the one of least bound first; among equals the
// deepest, then the youngest, so that a dive goes on.
type queue []*node

// Len, Less, Swap, Push and Pop are for package heap.
func (q queue) Len() int { return len(q) }

// Less orders by bound, depth and age.
func (q queue) Less(a, b int) bool {
	switch {
	case q[a].bound != q[b].bound:
		return q[a].bound < q[b].bound
	case q[a].depth != q[b].depth:
		return q[a].depth > q[b].depth
	}
	return q[a].serial > q[b].serial
}

// Swap exchanges two nodes.
func (q queue) Swap(a, b int) { q[a], q[b] = q[b], q[a] }

// Push appends a node.
func (q *queue) Push(n any) { *q = append(*q, n.(*node)) }

// Pop removes the last node.
func (q *queue) Pop() any {
	old := *q
	n := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return n
}

// cut removes the nodes that a new cutoff makes hopeless.
func (q *queue) cut(cutoff int64) {
	kept := (*q)[:0]
	for _, n := range *q {
		if n.bound < cutoff {
			kept = append(kept, n)
		}
	}
	clear((*q)[len(kept):])
	*q = kept
	heap.Init(q)
}

// fixings returns all literals from the root to the node.
func (n *node) fixings(dst []int32) []int32 {
	for ; n != nil; n = n.parent {
		dst = append(dst, n.fixes...)
	}
	return dst
}
