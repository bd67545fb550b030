package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// A limit of memory is one of the whole process: what Go has, what C libraries have,
// and the program itself. Three things hold it:
//
//   - the garbage collector works the more, the nearer the process comes to it;
//   - methods ask for room (Board.Reserve) before they build what is large, do with
//     less where they can (Board.Spare, Board.Short), and withdraw where they cannot;
//   - a watch looks at what the process has, some hundred times a second and whenever
//     work is reported, and ends the run a little before the limit. What was found stays.
//
// How much the process has is chance: where memory runs short, a run with a limit of
// memory need not repeat.

// ErrMemory is the cause of a context that ended because memory ran short.
var ErrMemory = errors.New("the limit of memory is near")

const (
	watchEvery   = 4 * time.Millisecond
	marginPart   = 32       // the run ends when one part in so many of the limit is left …
	marginLeast  = 15 << 20 // … and these bytes
	collectAfter = 200 * time.Millisecond
	mebibyte     = 1 << 20
)

// memory is the limit of a run and what is known about it. A nil one has no limit.
type memory struct {
	limit, margin int64
	base          int64 // what the process had when the run began
	short         atomic.Bool
	collecting    atomic.Bool
	end           context.CancelCauseFunc

	mu       sync.Mutex
	reserved int64
}

// WithMemory returns a context that ends, with the cause ErrMemory, when the process comes near
// to using the given number of bytes, and a function that says how many more it may use. Until
// the context ends or is cancelled, the garbage collector keeps to that limit, too. With 0 bytes
// there is no limit.
func WithMemory(parent context.Context, bytes int64) (ctx context.Context, spare func() int64, cancel context.CancelFunc) {
	ctx, m, cancel := withMemory(parent, bytes)
	return ctx, m.spare, cancel
}

func withMemory(parent context.Context, bytes int64) (context.Context, *memory, context.CancelFunc) {
	if bytes <= 0 {
		ctx, cancel := context.WithCancel(parent)
		return ctx, nil, cancel
	}
	ctx, end := context.WithCancelCause(parent)
	debug.FreeOSMemory()
	m := &memory{limit: bytes, margin: bytes/marginPart + marginLeast, base: processMemory(), end: end}
	before := debug.SetMemoryLimit(-1)
	m.tell(m.base)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		m.watch(ctx)
	}()
	return ctx, m, sync.OnceFunc(func() {
		end(context.Canceled)
		<-watched
		debug.SetMemoryLimit(before)
	})
}

// watch looks at the process until the context ends, and ends it near the limit. The
// collector is set to work beside it: the looking must not wait for that, as what
// grows goes on meanwhile.
func (m *memory) watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	told := m.base
	var collected time.Time
	for {
		used := processMemory()
		if used > m.enough()+m.margin/2 && time.Since(collected) > collectAfter && m.collecting.CompareAndSwap(false, true) {
			collected = time.Now()
			go func() {
				debug.FreeOSMemory()
				m.collecting.Store(false)
			}()
		}
		m.look(used)
		if used > told+mebibyte || used < told-mebibyte {
			m.tell(used)
			told = used
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look takes in how much the process has. It returns false where that is the end,
// which comes later while the collector is about to find room.
func (m *memory) look(used int64) bool {
	m.short.Store(used > m.enough())
	last := m.limit - m.margin
	if m.collecting.Load() {
		last += m.margin / 2
	}
	if used <= last {
		return true
	}
	m.end(ErrMemory)
	return false
}

// enough is how many bytes may be used with nothing being done about it.
func (m *memory) enough() int64 { return m.limit - 2*m.margin }

// tell says to the garbage collector what the rest of the process leaves.
func (m *memory) tell(used int64) {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	others := max(used-int64(s.Sys-s.HeapReleased), 0)
	debug.SetMemoryLimit(max(m.enough()-others, mebibyte))
}

// spare is how many bytes more may be used; without a limit, very many.
func (m *memory) spare() int64 {
	if m == nil {
		return 1 << 62
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.left()
}

// left is spare for who holds the lock.
func (m *memory) left() int64 {
	used := max(processMemory(), m.base+m.reserved)
	return max(m.enough()-used, 0)
}

// Spare returns how many bytes the limit of memory leaves for what is not reserved
// yet; without one, very many.
func (b *Board) Spare() int64 { return b.run.memory.spare() }

// Reserve asks for room before so many bytes are allocated, and keeps it for the
// rest of the run. Where the limit of memory does not leave it, the error wraps
// ErrTooLarge.
func (b *Board) Reserve(what string, bytes int64) error {
	m := b.run.memory
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	spare := m.left()
	if bytes > spare {
		debug.FreeOSMemory()
		spare = m.left()
	}
	if bytes > spare {
		return fmt.Errorf("%s would take about %d MiB, and the limit of memory leaves %d MiB: %w",
			what, bytes/mebibyte+1, spare/mebibyte, ErrTooLarge)
	}
	m.reserved += bytes
	return nil
}

// Short says whether memory is so scarce that what grows should stop growing.
func (b *Board) Short() bool {
	return b.run.memory != nil && b.run.memory.short.Load()
}

// statm is where Linux says what memory the process has, in pages.
var statm = sync.OnceValue(func() *os.File {
	file, _ := os.Open("/proc/self/statm")
	return file
})

// processMemory is how many bytes of memory the process has. Where the system does
// not tell, it is what Go has.
func processMemory() int64 {
	var line [100]byte
	if n, _ := statm().ReadAt(line[:], 0); n > 0 {
		_, rest, _ := bytes.Cut(line[:n], []byte(" "))
		resident, _, _ := bytes.Cut(rest, []byte(" "))
		if pages, err := strconv.ParseInt(string(resident), 10, 64); err == nil {
			return pages * int64(os.Getpagesize())
		}
	}
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.Sys - s.HeapReleased)
}
