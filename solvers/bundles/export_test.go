//go:build cgo

package bundles

// ListAtMost sets how many bundles are listed, until restore is called.
func ListAtMost(n int64) (restore func()) {
	before := mostBundles
	mostBundles = n
	return func() { mostBundles = before }
}
