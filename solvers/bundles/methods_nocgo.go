//go:build !cgo

package bundles

import "berth/search"

// Methods returns no method: CLP is reached through cgo, without which this
// program was built.
func Methods() []*search.Method { return nil }
