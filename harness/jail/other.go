//go:build !linux

package jail

import (
	"context"
	"fmt"
	"runtime"
)

// Run needs Linux.
func Run(context.Context, Call) (*Report, error) {
	return nil, fmt.Errorf("runs under limits need Linux, for its subreapers and /proc; this is %s", runtime.GOOS)
}

// Supervise needs Linux, and has nothing to do elsewhere.
func Supervise() (status int, called bool) { return 0, false }
