package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-runewidth"

	"berth/model"
	"berth/results"
)

// progressBar shows how far a sweep is: a bar on a terminal, elsewhere a line now
// and then.
type progressBar struct {
	out   io.Writer
	width func() int // nil: no terminal
	mu    sync.Mutex
	last  results.Progress
	shown time.Time
	stop  chan struct{}
	done  sync.WaitGroup
}

// lineEvery is how often a line goes to what is no terminal.
const lineEvery = 30 * time.Second

func (a *app) bar() *progressBar {
	b := &progressBar{out: a.err, stop: make(chan struct{}), shown: time.Now()}
	if a.errTerminal {
		b.width = terminalWidth
		b.done.Go(b.draw)
	}
	return b
}

// draw draws the bar until the end.
func (b *progressBar) draw() {
	tick := time.NewTicker(refresh)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			b.mu.Lock()
			if b.last.Runs > 0 {
				fmt.Fprintf(b.out, "\r%s\x1b[K", runewidth.Truncate(progressText(&b.last, time.Now()), max(b.width()-1, 10), "…"))
			}
			b.mu.Unlock()
		case <-b.stop:
			fmt.Fprint(b.out, "\r\x1b[K")
			return
		}
	}
}

// note says something on a line of its own.
func (b *progressBar) note(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.width != nil {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
	fmt.Fprintf(b.out, "berth: %s\n", text)
}

// show takes note of the progress.
func (b *progressBar) show(p results.Progress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last = p
	if b.width == nil && time.Since(b.shown) >= lineEvery {
		b.shown = time.Now()
		fmt.Fprintf(b.out, "berth: %s\n", progressText(&p, time.Now()))
	}
}

// end takes the bar away and says how many runs are recorded.
func (b *progressBar) end() (done, runs int) {
	close(b.stop)
	b.done.Wait()
	return b.last.Done, b.last.Runs
}

// progressText is a line: a bar, counts, what is left, failures.
func progressText(p *results.Progress, now time.Time) string {
	text := fmt.Sprintf("%s %d of %s", bar(share(int64(p.Done), int64(p.Runs))), p.Done, model.Plural(p.Runs, "run"))
	if p.Done < p.Runs && p.Left > 0 {
		left := time.Duration(p.Left*float64(time.Second)) - now.Sub(p.At)
		text += ", about " + roughly(max(left, time.Second)) + " left"
	}
	if p.Failed > 0 {
		text += fmt.Sprintf(", %d failed", p.Failed)
	}
	if p.Wrong > 0 {
		text += fmt.Sprintf(", %d WRONG", p.Wrong)
	}
	if len(p.Running) > 0 {
		text += "  " + strings.Join(p.Running, " · ")
	}
	return text
}

// roughly says a time with its two largest units.
func roughly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days %d h", int(d.Hours())/24, int(d.Hours())%24)
}
