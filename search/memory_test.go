package search_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"berth/model"
	"berth/search"
)

const mebibyte = 1 << 20

// memoryNow is what the process has.
func memoryNow(t *testing.T) int64 {
	t.Helper()
	debug.FreeOSMemory()
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skipf("this system does not tell what memory a process has: %v", err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		var kilobytes int64
		if rest, is := strings.CutPrefix(line, "VmRSS:"); is {
			for _, digit := range strings.TrimSpace(rest) {
				if digit < '0' || digit > '9' {
					break
				}
				kilobytes = 10*kilobytes + int64(digit-'0')
			}
			return kilobytes << 10
		}
	}
	t.Skip("this system does not tell what memory a process has")
	return 0
}

// What grows without asking is ended before the limit, keeps what it found, and the
// garbage collector goes by the old limit again.
func TestMemoryEndsRun(t *testing.T) {
	p := small(t)
	three := units(t, p, "3")
	before := debug.SetMemoryLimit(-1)
	limit := memoryNow(t) + 200*mebibyte
	var held [][]byte
	grows := method("grows", func(b *search.Board) error {
		b.Offer(model.Placement{0, 1}, three)
		for b.Work(1) && len(held) < 1000 {
			page := make([]byte, mebibyte)
			for k := 0; k < len(page); k += 1024 {
				page[k] = 1
			}
			held = append(held, page)
		}
		return nil
	})
	r, err := search.Run(context.Background(), p, grows, search.Limits{Memory: limit}, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Memory || r.Cost != three {
		t.Errorf("ended by memory: %v, at cost %d, want %d", r.Memory, r.Cost, three)
	}
	if used := memoryNow(t); used > limit || len(held) < 50 {
		t.Errorf("held %d MiB of the 200 that there were, and used %d MiB of %d", len(held), used/mebibyte, limit/mebibyte)
	}
	runtime.KeepAlive(held)
	if after := debug.SetMemoryLimit(-1); after != before {
		t.Errorf("the garbage collector is left with the limit %d; it was %d", after, before)
	}
}

func TestReserve(t *testing.T) {
	p := small(t)
	limit := memoryNow(t) + 400*mebibyte
	asks := method("asks", func(b *search.Board) error {
		if spare := b.Spare(); spare < 100*mebibyte || spare > 400*mebibyte {
			t.Errorf("%d MiB are spare", spare/mebibyte)
		}
		if err := b.Reserve("a table", 60*mebibyte); err != nil {
			t.Errorf("60 MiB: %v", err)
		}
		err := b.Reserve("a large table", 390*mebibyte)
		if !errors.Is(err, search.ErrTooLarge) || !strings.Contains(err.Error(), "a large table would take about 391 MiB") {
			t.Errorf("390 MiB more: %v", err)
		}
		if b.Short() {
			t.Error("memory is short though nothing was allocated")
		}
		return nil
	})
	if _, err := search.Run(context.Background(), p, asks, search.Limits{Memory: limit}, 1, 1, nil); err != nil {
		t.Fatal(err)
	}
	free := method("free", func(b *search.Board) error {
		if err := b.Reserve("everything", 1<<60); err != nil || b.Short() {
			t.Errorf("without a limit: %v, short %v", err, b.Short())
		}
		return nil
	})
	if _, err := search.Run(context.Background(), p, free, search.Limits{}, 1, 1, nil); err != nil {
		t.Fatal(err)
	}
}
