package results

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"sync"
)

// fileName is the file of records in the folder of a sweep.
const fileName = "records.jsonl"

// Load reads the records of a folder that a sweep writes, or of a file of records.
// A last line that is torn, or just being written, is left out. Any other damage is
// an error that names the line.
func Load(path string) ([]Record, error) {
	records, _, err := load(path)
	return records, err
}

// load is Load, and says what was left out; empty: nothing.
func load(path string) (records []Record, leftOut string, err error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, fileName)
	}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "", fmt.Errorf("%s: there is no such file; name the folder of a sweep (its --out) or a file of records", path)
	case err != nil:
		return nil, "", fmt.Errorf("records cannot be read: %w; ask for the permission or name others", err)
	}
	records, whole, err := parse(data, path)
	if lines := bytes.Count(data, []byte("\n")); err == nil && whole < len(data) && len(records) == lines {
		leftOut = fmt.Sprintf("%s:%d: this last line is torn, or just being written; it is left out", path, lines+1)
	}
	return records, leftOut, err
}

// LoadAll reads several folders or files and merges them. The notes say which last lines it
// left out.
func LoadAll(paths ...string) (merged []Record, notes []string, err error) {
	var sets [][]Record
	for _, path := range paths {
		records, leftOut, err := load(path)
		if err != nil {
			return nil, nil, err
		}
		sets = append(sets, records)
		if leftOut != "" {
			notes = append(notes, leftOut)
		}
	}
	return Merge(sets...), notes, nil
}

// parse decodes the lines of a file, on all cores, and says how many bytes the whole
// ones take.
func parse(data []byte, path string) (records []Record, whole int, err error) {
	if !bytes.HasPrefix(data, []byte(lineBegin)[:min(len(data), len(lineBegin))]) {
		return nil, 0, fmt.Errorf("%s:1: this is no record; name the folder of a sweep (its --out) or a file of records; of one that was damaged, take the line out", path)
	}
	whole = bytes.LastIndexByte(data, '\n') + 1
	lines := bytes.SplitAfter(data[:whole], []byte("\n"))
	lines = lines[:len(lines)-1]
	records = make([]Record, len(lines))
	failures := make([]error, len(lines))
	var workers sync.WaitGroup
	share := (len(lines) + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	for from := 0; from < len(lines); from += share {
		workers.Go(func() {
			for k := from; k < min(from+share, len(lines)); k++ {
				r, err := parseLine(lines[k][:len(lines[k])-1])
				if err != nil {
					failures[k] = err
					return
				}
				records[k] = *r
			}
		})
	}
	workers.Wait()
	for k, failure := range failures {
		if failure != nil {
			return nil, 0, fmt.Errorf("%s:%d: %w; take the line out, and the run is made again", path, k+1, failure)
		}
	}
	if rest := data[whole:]; len(rest) > 0 {
		if r, err := parseLine(rest); err == nil { // only its line feed was lost
			records = append(records, *r)
		}
	}
	return records, whole, nil
}

// Merge unites sets of records. The same run made twice is kept once: the one that
// started first. The result does not depend on the order of the sets; it is sorted
// by ID. O(n log n).
func Merge(sets ...[]Record) []Record {
	kept := once(slices.Concat(sets...))
	slices.SortFunc(kept, func(a, b *Record) int { return cmp.Compare(a.ID, b.ID) })
	merged := make([]Record, len(kept))
	for k, r := range kept {
		merged[k] = *r
	}
	return merged
}

// once returns the records without repetitions, of each run that which started first.
func once(records []Record) []*Record {
	kept := make(map[string]int, len(records))
	all := make([]*Record, 0, len(records))
	for k := range records {
		r := &records[k]
		id := r.ID
		if id == "" {
			id = r.Digest()
		}
		if at, seen := kept[id]; !seen {
			kept[id] = len(all)
			all = append(all, r)
		} else if startedBefore(r, all[at]) {
			all[at] = r
		}
	}
	return all
}

// startedBefore orders records of one run; those that started at the same moment by
// what they say.
func startedBefore(a, b *Record) bool {
	if c := a.Started.Compare(b.Started); c != 0 {
		return c < 0
	}
	if reflect.DeepEqual(a, b) { // mostly it is the same record, and writing it out is dear
		return false
	}
	one, err1 := a.line()
	two, err2 := b.line()
	return err1 == nil && err2 == nil && bytes.Compare(one, two) < 0
}

// Lines writes records as a file of records.
func Lines(records []Record) ([]byte, error) {
	var b bytes.Buffer
	for k := range records {
		line, err := records[k].line()
		if err != nil {
			return nil, err
		}
		b.Write(line)
	}
	return b.Bytes(), nil
}
