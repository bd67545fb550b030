package results_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/model"
	"berth/results"
)

// drawRecord draws a record with a note of any text.
func drawRecord(t *rapid.T) *results.Record {
	r := &results.Record{
		Instance: results.Instance{Name: rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "name"), Digest: rapid.StringMatching(`sha256:[0-9a-f]{4}`).Draw(t, "digest")},
		Method:   rapid.SampledFrom([]string{"auto", "lp", "sat"}).Draw(t, "method"),
		Seed:     rapid.Uint64().Draw(t, "seed"),
		Limits:   results.Limits{Seconds: float64(rapid.IntRange(1, 600).Draw(t, "seconds")), Threads: 1},
		Outcome:  rapid.SampledFrom(results.Outcomes).Draw(t, "outcome"),
		Note:     rapid.String().Draw(t, "note"),
		Cost:     model.Number(fmt.Sprint(rapid.IntRange(0, 1000).Draw(t, "cost"))),
		Started:  time.Unix(int64(rapid.IntRange(0, 1<<30).Draw(t, "started")), 0).UTC(),
	}
	for k := range rapid.IntRange(0, 3).Draw(t, "steps") {
		r.Trajectory = append(r.Trajectory, results.Step{Seconds: float64(k), Cost: r.Cost})
	}
	r.ID = r.Digest()
	return r
}

func drawRecords(t *rapid.T) []results.Record {
	var records []results.Record
	seen := map[string]bool{}
	for range rapid.IntRange(0, 6).Draw(t, "records") {
		if r := drawRecord(t); !seen[r.ID] {
			seen[r.ID] = true
			records = append(records, *r)
		}
	}
	return records
}

func open(t testing.TB, folder string) *results.Store {
	t.Helper()
	s, err := results.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a power cut leaves is the file up to any byte: every record whose line is
// whole is there, the torn one is gone, and the sweep goes on.
func TestStoreSurvivesACutAnywhere(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "records.jsonl")
	rapid.Check(t, func(rt *rapid.T) {
		records := drawRecords(rt)
		data, err := results.Lines(records)
		if err != nil {
			rt.Fatal(err)
		}
		cut := rapid.IntRange(0, len(data)).Draw(rt, "cut")
		if err := os.WriteFile(path, data[:cut], 0o600); err != nil {
			rt.Fatal(err)
		}
		whole := bytes.Count(data[:cut], []byte("\n"))
		if cut < len(data) && data[cut] == '\n' {
			whole++ // the record is complete but for its line feed
		}
		s := open(t, folder)
		if got := s.Records(); len(got) != whole || whole > 0 && !reflect.DeepEqual(got, records[:whole]) {
			rt.Fatalf("%d records are there, want %d", len(got), whole)
		}
		for k := whole; k < len(records); k++ {
			if err := s.Add(&records[k]); err != nil {
				rt.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			rt.Fatal(err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, data) {
			rt.Fatalf("the mended file differs from an unbroken one (%v)", err)
		}
	})
}

// Any byte that changes within the whole lines is noticed, and the line is named.
func TestDamageIsNamedAndRefused(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "records.jsonl")
	rapid.Check(t, func(rt *rapid.T) {
		records := drawRecords(rt)
		data, err := results.Lines(records)
		if err != nil {
			rt.Fatal(err)
		}
		if len(data) == 0 {
			return
		}
		at := rapid.IntRange(0, len(data)-2).Draw(rt, "at")
		damaged := bytes.Clone(data)
		damaged[at] ^= byte(rapid.IntRange(1, 255).Draw(rt, "flip"))
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			rt.Fatal(err)
		}
		line := bytes.Count(data[:at], []byte("\n")) + 1
		s, err := results.Open(folder)
		if err == nil {
			s.Close()
			rt.Fatalf("byte %d changed and nobody noticed", at)
		}
		if want := fmt.Sprintf("records.jsonl:%d: ", line); !strings.Contains(err.Error(), want) {
			rt.Fatalf("error %q does not name %s", err, want)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, damaged) {
			rt.Fatal("a damaged file was changed")
		}
	})
}

// Records of several machines merge to the same whatever the order, and a set
// merged twice is the set.
func TestMergeIsAUnion(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawRecords(rt), drawRecords(rt)
		for _, r := range a { // the same run on the other machine, at another time
			if rapid.Bool().Draw(rt, "again") {
				r.Started = r.Started.Add(time.Duration(rapid.IntRange(-1, 1).Draw(rt, "later")) * time.Second)
				r.Usage.Wall++
				b = append(b, r)
			}
		}
		once := results.Merge(a, b)
		for name, other := range map[string][]results.Record{
			"turned": results.Merge(b, a), "repeated": results.Merge(b, a, b), "again": results.Merge(once, a),
		} {
			if !reflect.DeepEqual(once, other) && len(once)+len(other) > 0 {
				rt.Fatalf("%s: %v, want %v", name, other, once)
			}
		}
		ids := map[string]bool{}
		for _, r := range append(append([]results.Record{}, a...), b...) {
			ids[r.ID] = true
		}
		if len(once) != len(ids) {
			rt.Fatalf("%d records of %d runs", len(once), len(ids))
		}
	})
}

func TestOneSweepAtATime(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	if !results.Busy(folder) {
		t.Error("the folder of a sweep at work is not busy")
	}
	if _, err := results.Open(folder); err == nil || !strings.Contains(err.Error(), "another sweep is at work") {
		t.Errorf("a second sweep got %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if results.Busy(folder) {
		t.Error("a closed folder is busy")
	}
	if err := open(t, folder).Close(); err != nil {
		t.Error(err)
	}
}

// On a disk that fills up the record at hand is safe and the next ones are, as far as
// the reserve goes; a smaller disk is refused to begin with.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted (as root it can): %v: %s", err, out)
	}
	t.Cleanup(func() {
		if err := exec.Command("umount", disk).Run(); err != nil {
			t.Error(err)
		}
	})
	folder := filepath.Join(disk, "runs")
	s := open(t, folder)
	record := func(k int) *results.Record {
		r := &results.Record{Method: "lp", Seed: uint64(k), Note: strings.Repeat("x", 100_000)}
		r.ID = r.Digest()
		return r
	}
	added, full := 0, false
	for !full {
		err := s.Add(record(added))
		added++
		if full = errors.Is(err, results.ErrFull); err != nil && !full {
			t.Fatal(err)
		}
	}
	for range 3 { // runs that were under way
		if err := s.Add(record(added)); !errors.Is(err, results.ErrFull) {
			t.Fatal(err)
		}
		added++
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	records, err := results.Load(folder)
	if err != nil || len(records) != added {
		t.Fatalf("%d records of %d are there (%v)", len(records), added, err)
	}
	if _, err := results.Open(folder); !errors.Is(err, results.ErrFull) {
		t.Errorf("a sweep that has no reserve began: %v", err)
	}
	if err := os.Truncate(filepath.Join(folder, "records.jsonl"), 0); err != nil {
		t.Fatal(err)
	}
	if err := open(t, folder).Close(); err != nil {
		t.Error(err)
	}
}

func BenchmarkLoad(b *testing.B) {
	folder := b.TempDir()
	var records []results.Record
	for k := range 20_000 {
		r := results.Record{Method: "lp", Seed: uint64(k), Cost: "12", Command: "berth solve shop.yaml"}
		for range 10 {
			r.Trajectory = append(r.Trajectory, results.Step{Seconds: 0.125, Cost: "123", Bound: "100", By: "descent"})
		}
		r.ID = r.Digest()
		records = append(records, r)
	}
	data, err := results.Lines(records)
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(folder, "records.jsonl")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := results.Load(path); err != nil {
			b.Fatal(err)
		}
	}
}
