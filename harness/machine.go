package harness

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"berth/results"
)

// machine describes where runs are made, as far as the system says.
func machine(cores int) results.Machine {
	m := results.Machine{Cores: cores}
	m.Host, _ = os.Hostname()
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
				m.CPU = strings.TrimSpace(value)
				break
			}
		}
	}
	var system unix.Utsname
	if unix.Uname(&system) == nil {
		m.System = unix.ByteSliceToString(system.Sysname[:]) + " " + unix.ByteSliceToString(system.Release[:])
	}
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		m.Memory = int64(info.Totalram) * int64(info.Unit)
	}
	return m
}

// usableCores lists the processors that this process may use.
func usableCores() []int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return []int{0}
	}
	var cores []int
	for k := 0; len(cores) < set.Count(); k++ {
		if set.IsSet(k) {
			cores = append(cores, k)
		}
	}
	return cores
}
