package results

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/model"
)

// Text says in words when a run ends; empty: there is no limit.
func (l Limits) Text() string {
	var parts []string
	if l.Seconds > 0 {
		parts = append(parts, strconv.FormatFloat(l.Seconds, 'g', -1, 64)+" s")
	}
	if l.Work > 0 {
		parts = append(parts, fmt.Sprintf("%d units of work", l.Work))
	}
	if l.Memory > 0 {
		parts = append(parts, bytesText(l.Memory))
	}
	if l.Gap != "" {
		parts = append(parts, "gap "+l.Gap)
	}
	if l.Threads > 0 {
		parts = append(parts, model.Plural(l.Threads, "thread"))
	}
	return strings.Join(parts, ", ")
}

// Text names a machine with what matters to a time; empty: nothing is known.
func (m Machine) Text() string {
	parts := []string{m.Host, m.CPU}
	if m.Cores > 0 {
		parts[1] = strings.TrimSpace(m.CPU + " " + model.Plural(m.Cores, "core"))
	}
	if m.Memory > 0 {
		parts = append(parts, bytesText(m.Memory))
	}
	parts = append(parts, m.System)
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

func bytesText(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= unit.size {
			return threeDigits(float64(n)/float64(unit.size)) + " " + unit.name
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

// Lasting words seconds in the unit that suits them.
func Lasting(seconds float64) string {
	switch {
	case seconds >= 48*3600:
		return threeDigits(seconds/(24*3600)) + " days"
	case seconds >= 2*3600:
		return threeDigits(seconds/3600) + " h"
	case seconds > 120:
		return threeDigits(seconds/60) + " min"
	}
	return threeDigits(seconds) + " s"
}

// threeDigits has at most three significant digits, and none that are 0 at the end.
func threeDigits(x float64) string {
	if x >= 1000 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}
