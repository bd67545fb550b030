package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-runewidth"

	"berth/model"
	"berth/search"
)

// live is the line on a terminal that shows how a search is doing. A nil live
// shows nothing.
type live struct {
	out     io.Writer
	width   func() int
	problem *model.Problem
	started time.Time

	mu    sync.Mutex
	last  search.Event
	finds string // who found the incumbent
	stop  chan struct{}
	done  sync.WaitGroup
}

// refresh is how often the line is drawn.
const refresh = 100 * time.Millisecond

// watch starts to draw.
func watch(out io.Writer, width func() int, p *model.Problem, started time.Time) *live {
	l := &live{
		out: out, width: width, problem: p, started: started,
		last: search.Event{Cost: search.NoCost, Bound: search.NoBound}, stop: make(chan struct{}),
	}
	l.done.Add(1)
	go func() {
		defer l.done.Done()
		tick := time.NewTicker(refresh)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				fmt.Fprintf(l.out, "\r%s\x1b[K", l.line(time.Since(l.started)))
			case <-l.stop:
				fmt.Fprint(l.out, "\r\x1b[K")
				return
			}
		}
	}()
	return l
}

// end stops drawing and clears the line.
func (l *live) end() {
	if l != nil {
		close(l.stop)
		l.done.Wait()
	}
}

// show takes note of an event.
func (l *live) show(e search.Event) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.Cost < l.last.Cost {
		l.finds = e.By
	}
	l.last = e
}

// line is the text, cut to the width of the terminal.
func (l *live) line(elapsed time.Duration) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	parts := []string{fmt.Sprintf("%.1fs", elapsed.Seconds())}
	if l.last.Cost == search.NoCost {
		parts = append(parts, "no "+sought(l.problem)+" yet")
	} else {
		parts = append(parts, "cost "+l.problem.Format(l.last.Cost)+" by "+l.finds)
	}
	if l.last.Bound != search.NoBound {
		parts = append(parts, "bound "+l.problem.Format(l.last.Bound))
		if l.last.Cost != search.NoCost {
			parts = append(parts, "gap "+percent(l.problem.Gap(l.last.Cost, l.last.Bound)))
		}
	}
	return runewidth.Truncate(strings.Join(parts, "  "), max(l.width()-1, 10), "…")
}
