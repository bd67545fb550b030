package lagrange

import "golang.org/x/sys/cpu"

var wide = cpu.X86.HasAVX2

// minAddWide is minAdd, all three of one length.
//
//go:noescape
func minAddWide(out, a, b []int32, value int32)

// leastSumWide is leastSum, both of one length above 0.
//
//go:noescape
func leastSumWide(a, b []int32) int32
