//go:build race

package jail

// raced says that this binary has the race detector, which reserves so much memory
// that it cannot be run under a limit of it.
const raced = true
