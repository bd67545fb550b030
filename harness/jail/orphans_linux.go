package jail

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

var adoption sync.Mutex

// killOrphans kills and reaps what has come to this process since a supervisor died.
// An orphan is known by its session: the program of a run begins one of its own, no
// process can get back from there, and what this process starts stays in its own.
func killOrphans() error {
	adoption.Lock()
	defer adoption.Unlock()
	giveUp := time.Now().Add(untilGivenUp)
	// A list of children may lack some while others end, so that one look is not enough.
	for empty := 0; empty < 2; {
		orphans, err := orphans()
		if err != nil {
			return err
		}
		if len(orphans) == 0 {
			empty++
			continue
		}
		empty = 0
		if time.Now().After(giveUp) {
			return fmt.Errorf("processes %d of a run whose supervisor died do not end when they are killed", orphans)
		}
		killAll(orphans)
		for _, pid := range orphans {
			_, _ = syscall.Wait4(pid, nil, syscall.WNOHANG|syscall.WALL, nil)
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

func orphans() ([]int, error) {
	own, err := unix.Getsid(0)
	if err != nil {
		return nil, err
	}
	var found []int
	for _, pid := range firstChildren(os.Getpid()) {
		if session, err := unix.Getsid(pid); err == nil && session != own {
			found = append(found, pid)
		}
	}
	return found, nil
}
