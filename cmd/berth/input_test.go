package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// TestReadingEnds: an interrupt and the limit of time end a verb that is still reading, here
// from a pipe into which nobody writes.
func TestReadingEnds(t *testing.T) {
	for _, verb := range []string{"solve -", "solve --frontier moves -", "explain -", "explain - answer --task web", "why - answer web", "plan - answer"} {
		for _, c := range []struct{ limit, want string }{
			{"", "berth: interrupted before standard input was read\n"},
			{" --time 1ms", "berth: the time was up before standard input was read; give it more --time\n"},
		} {
			t.Run(verb+c.limit, func(t *testing.T) {
				t.Parallel() // each waits for its grace
				ctx, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				if c.limit == "" {
					interrupt()
				}
				nothing, writer := io.Pipe()
				defer writer.Close()
				var out, errs bytes.Buffer
				a := &app{started: time.Now(), in: nothing, out: &out, err: &errs}
				status := a.run(ctx, strings.Fields(verb+c.limit))
				if status != statusNothing || errs.String() != c.want || out.Len() > 0 {
					t.Errorf("status %d, %q, %q; want %q", status, errs.String(), out.String(), c.want)
				}
			})
		}
	}
}

// endless is a stream such as /dev/zero.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestReadingIsBounded(t *testing.T) {
	if _, err := readUpTo(1000, endless{}, 0); !errors.Is(err, errEndless) {
		t.Errorf("an endless stream: %v", err)
	}
	for _, expected := range []int64{0, 999, 1000, 1 << 40} {
		data, err := readUpTo(1000, io.LimitReader(endless{}, 1000), expected)
		if err != nil || len(data) != 1000 {
			t.Errorf("as much as may be read, %d expected: %d bytes, %v", expected, len(data), err)
		}
	}
}

// TestNobodyHasIt: a resource that tasks demand and no node names is not limited, and whoever
// solves the instance is told, for it may be misspelt.
func TestNobodyHasIt(t *testing.T) {
	text := "format: berth/v1\nkind: placement\nnodes: [{name: n, capacity: {cpu: 4}}]\ntasks: [{name: a, demand: {cpu: 1, disk: 0, gpus: 1}}]\n"
	const note = "no node has a capacity of gpus, so that "
	if status, _, errs := call(t, text, "solve", "-"); status != statusSolved || !strings.Contains(errs, note) {
		t.Errorf("status %d: %q", status, errs)
	}
	if status, _, errs := call(t, strings.Replace(text, "cpu: 4", "gpus: 0, cpu: 4", 1), "solve", "-"); status != statusInfeasible || strings.Contains(errs, note) {
		t.Errorf("where a node has none: status %d: %q", status, errs)
	}
}
