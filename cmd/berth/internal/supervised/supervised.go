// Package supervised makes the process the supervisor of a run, and nothing else, if
// that is what it was started as. It does so while Go initialises packages: most of
// those of the program come later and would take longer than the whole supervisor.
package supervised

import (
	"os"

	"berth/harness/jail"
)

func init() {
	if status, called := jail.Supervise(); called {
		os.Exit(status)
	}
}
