//go:build !amd64

package lagrange

const wide = false

func minAddWide(out, a, b []int32, value int32) { panic("lagrange: no wide loops here") }

func leastSumWide(a, b []int32) int32 { panic("lagrange: no wide loops here") }
