package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"berth/model"
	"berth/results"
)

// Watcher is told how a sweep goes on. Either may be nil. They are called by one
// goroutine at a time.
type Watcher struct {
	Note     func(text string)        // something that people should know
	Progress func(p results.Progress) // a run has begun or ended
}

// sweep is a plan being carried out.
type sweep struct {
	plan    *Plan
	store   *results.Store
	watcher Watcher
	cache   cache
	machine results.Machine
	scratch string // folder of what runs read and write, inside the plan's

	mu       sync.Mutex
	progress results.Progress
	running  map[*run]bool
	spent    map[string]*spent // by method
	left     map[string]int    // runs still to be made, by method
	jobs     int
	written  time.Time
}

// spent is what the runs of a method took so far.
type spent struct {
	runs    int
	seconds float64
}

// Run makes the runs of a plan that its folder has no record of, and returns all
// records of the plan, old and new. What is recorded stays, however the sweep ends;
// the same call goes on where it was. Cancelled, it drops the runs under way and
// returns the context's error.
func Run(ctx context.Context, p *Plan, w Watcher) ([]results.Record, error) {
	s := &sweep{
		plan: p, watcher: w, running: map[*run]bool{}, spent: map[string]*spent{}, left: map[string]int{},
	}
	runs, err := s.prepare(ctx) // a plan that cannot be carried out leaves no folder
	if err != nil {
		return nil, err
	}
	if s.store, err = results.Open(p.Out); err != nil {
		return nil, err
	}
	defer s.store.Close()
	if s.store.Mended != "" {
		s.note("%s", s.store.Mended)
	}
	// A sweep that was killed left its scratch folder behind, and this one has the lock.
	s.scratch = filepath.Join(p.Out, "scratch")
	_ = os.RemoveAll(s.scratch)
	if err := os.MkdirAll(s.scratch, 0o777); err != nil {
		return nil, fmt.Errorf("there is no folder for temporary files: %w", err)
	}
	defer os.RemoveAll(s.scratch)
	if err := s.make(ctx, s.missing(runs)); err != nil {
		return nil, err
	}
	return s.recorded(runs)
}

// prepare finds instances and methods and lists the runs.
func (s *sweep) prepare(ctx context.Context) ([]*run, error) {
	methods, missing, err := s.plan.methods(ctx)
	if err != nil {
		return nil, err
	}
	problems, skipped, err := s.plan.problems(filepath.Join(s.plan.Out, "instances"))
	if err != nil {
		return nil, err
	}
	s.list("left out, as they look like no instance of a known format", skipped)
	s.list("run only once, as they mean the same", repeated(problems))
	for _, text := range missing {
		s.note("%s", text)
	}
	runs := s.plan.matrix(problems, methods)
	if len(runs) == 0 {
		return nil, errors.New("the plan has no runs: exclude leaves nothing over")
	}
	return runs, nil
}

// list says what becomes of some instances.
func (s *sweep) list(what string, names []string) {
	const most = 5
	shown := names
	if len(shown) > most {
		shown = append(shown[:most:most], "…")
	}
	if len(shown) > 0 {
		s.note("%s (%d): %s", what, len(names), strings.Join(shown, ", "))
	}
}

// repeated lists the instances that mean the same as one before.
func repeated(problems []*problem) (names []string) {
	first := map[string]string{}
	for _, p := range problems {
		if name, twice := first[p.Digest]; twice {
			names = append(names, p.Name+" as "+name)
		} else {
			first[p.Digest] = p.Name
		}
	}
	return names
}

// missing returns the runs that are not recorded, and counts the others.
func (s *sweep) missing(runs []*run) []*run {
	s.progress = results.Progress{Runs: len(runs), Started: time.Now()}
	records := map[string]*results.Record{}
	for k := range s.store.Records() {
		r := &s.store.Records()[k]
		records[r.ID] = r
	}
	var missing []*run
	for _, r := range runs {
		if old := records[r.record.ID]; old != nil {
			s.count(old)
		} else {
			missing = append(missing, r)
			s.left[r.method.name]++
		}
	}
	return missing
}

// recorded reads the records of the runs back from the disk.
func (s *sweep) recorded(runs []*run) ([]results.Record, error) {
	all, err := results.Load(s.plan.Out)
	if err != nil {
		return nil, err
	}
	of := map[string]*results.Record{}
	for k := range all {
		of[all[k].ID] = &all[k]
	}
	records := make([]results.Record, 0, len(runs))
	for _, r := range runs {
		records = append(records, *of[r.record.ID])
	}
	return results.Merge(records), nil
}

// make makes runs, several at a time, each on cores of its own.
func (s *sweep) make(ctx context.Context, runs []*run) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cores, threads := usableCores(), s.plan.threads()
	s.machine = machine(len(cores))
	s.jobs = s.plan.Jobs
	if s.jobs == 0 {
		s.jobs = max(1, len(cores)/threads)
	}
	shared := s.jobs*threads > len(cores)
	if shared {
		s.note("%s at a time with %s share %s: their times depend on each other", model.Plural(s.jobs, "run"), model.Plural(threads, "thread"), model.Plural(len(cores), "core"))
	}
	next := make(chan *run)
	var workers sync.WaitGroup
	for k := range s.jobs {
		own := cores
		if !shared {
			own = cores[k*threads : (k+1)*threads]
		}
		workers.Go(func() {
			for r := range next {
				if err := s.one(ctx, r, own); err != nil {
					cancel(err)
				}
			}
		})
	}
	s.show()
	for _, r := range runs {
		select {
		case next <- r:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
	}
	close(next)
	workers.Wait()
	s.written = time.Time{}
	s.show()
	return context.Cause(ctx)
}

// one makes a run and records it.
func (s *sweep) one(ctx context.Context, r *run, cores []int) error {
	s.mu.Lock()
	s.running[r] = true
	s.show()
	s.mu.Unlock()
	record, verdict, err := s.execute(ctx, r, cores)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, r)
	if err != nil {
		return err
	}
	if err := s.announce(record, verdict); err != nil {
		return err
	}
	err = s.store.Add(record)
	if err == nil || errors.Is(err, results.ErrFull) {
		s.left[r.method.name]--
		s.count(record)
		s.show()
	}
	return err
}

// count adds a record to the progress.
func (s *sweep) count(r *results.Record) {
	s.progress.Done++
	switch r.Outcome {
	case results.Timeout, results.Memory, results.Crash, results.Rubbish:
		s.progress.Failed++
	case results.Wrong:
		s.progress.Wrong++
	}
	if s.spent[r.Method] == nil {
		s.spent[r.Method] = &spent{}
	}
	s.spent[r.Method].runs++
	s.spent[r.Method].seconds += r.Usage.Wall
}

// progressEvery is how often the progress is written for others to look at.
const progressEvery = time.Second

// show tells the watcher, and now and then the folder, how far the sweep is. That
// the folder cannot be written to will be said when a record cannot.
func (s *sweep) show() {
	s.progress.At = time.Now()
	s.progress.Left = s.estimate()
	s.progress.Running = s.progress.Running[:0:0]
	for r := range s.running {
		s.progress.Running = append(s.progress.Running, r.String())
	}
	if s.watcher.Progress != nil {
		s.watcher.Progress(s.progress)
	}
	if time.Since(s.written) >= progressEvery {
		s.written = time.Now()
		_ = s.progress.Write(s.plan.Out)
	}
}

// estimate says how many seconds are left: what runs of the same method took so far
// or, for a method that has not run yet, what all did.
func (s *sweep) estimate() float64 {
	all := spent{}
	for _, m := range s.spent {
		all.runs += m.runs
		all.seconds += m.seconds
	}
	seconds := 0.0
	for name, left := range s.left {
		one := s.spent[name]
		if one == nil {
			one = &all
		}
		if one.runs > 0 {
			seconds += float64(left) * one.seconds / float64(one.runs)
		}
	}
	return seconds / float64(max(s.jobs, 1))
}

func (s *sweep) note(format string, args ...any) {
	if s.watcher.Note != nil {
		s.watcher.Note(fmt.Sprintf(format, args...))
	}
}
