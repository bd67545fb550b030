//go:build cgo

// Package stdout knows whether the program was started with standard output closed. The runtime of
// Go opens /dev/null in its place before anything of Go runs, and an answer would be lost without
// a word; what the linker has run before that still sees it.
package stdout

/*
#include <fcntl.h>

static int closed;

__attribute__((constructor)) static void look(void) { closed = fcntl(1, F_GETFD) == -1; }

static int wasClosed(void) { return closed; }
*/
import "C"

// Closed says whether nothing can be written to standard output.
func Closed() bool { return C.wasClosed() != 0 }
