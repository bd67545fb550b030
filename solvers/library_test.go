package solvers_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"berth/instances"
	"berth/model"
	"berth/search"
	"berth/solvers"
)

// Every engine that proves, but sat, which is slow on the larger ones, finds the
// published optimum of every shipped instance again.
func TestLibrary(t *testing.T) {
	for _, entry := range instances.Library() {
		in, err := instances.Read(entry.Data, entry.Name, instances.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range solvers.All() {
			if !m.Proves || m.Name == "sat" || m.Lacks(p) != 0 {
				continue
			}
			t.Run(entry.Name+"/"+m.Name, func(t *testing.T) {
				r, err := search.Run(context.Background(), p, m, search.Limits{Deadline: time.Now().Add(2 * time.Minute)}, 1, 2, nil)
				switch {
				case errors.Is(err, search.ErrTooLarge):
					t.Skip(err)
				case err != nil:
					t.Fatal(err)
				case string(r.Status) != entry.Status:
					t.Errorf("ends %s, is known to be %s", r.Status, entry.Status)
				case r.Placement != nil && p.Format(r.Cost) != entry.Value:
					t.Errorf("costs %s, is known to cost %s", p.Format(r.Cost), entry.Value)
				}
			})
		}
	}
}
