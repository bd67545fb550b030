// Package families makes instances of families for tests.
package families

import (
	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
)

// Instance is one of a family, with its usual settings but for what change sets. It ends the
// test where there is none.
func Instance(t compiled.T, family string, seed uint64, change func(*instances.Spec)) *model.Instance {
	t.Helper()
	spec, err := instances.Defaults(family)
	if err != nil {
		t.Fatal(err)
	}
	change(&spec)
	in, err := instances.Generate(spec, seed)
	if err != nil {
		t.Fatal(err)
	}
	return in
}
