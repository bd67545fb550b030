package instances

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"berth/model"
)

// Access is a line of an access log: who read what, and when if that is known.
type Access struct {
	Time  time.Time // zero where the log has none
	Rack  string
	Chunk string
}

// ReadAccesses calls f for every line of an access log, which holds JSON objects, one a
// line, or CSV whose first line names the columns: rack and chunk, and where it is there
// time (RFC 3339, or seconds since 1970). Other fields are passed over. It may be compressed
// by gzip. It streams. A line that does not say who read what ends it with an error that names
// the line; errors of f come back as errors of their line.
func ReadAccesses(r io.Reader, file string, f func(Access) error) error {
	in := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("%s: this is no gzip file that can be read: %w", file, err)
		}
		in = bufio.NewReaderSize(unzipped, 1<<16)
	}
	if mark, _ := in.Peek(len(model.ByteOrderMark)); string(mark) == model.ByteOrderMark {
		_, _ = in.Discard(len(model.ByteOrderMark)) // they were peeked at
	}
	blanks := 0 // lines
	for {
		first, err := in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return fmt.Errorf("%s: the log is empty; want JSON lines, or CSV with the columns rack and chunk", file)
		case err != nil:
			return fmt.Errorf("%s: %w", file, err)
		case first == '\n':
			blanks++
			fallthrough
		case blank(first):
			continue
		}
		_ = in.UnreadByte() // it was read
		if first == '{' {
			return readJSONLines(in, file, blanks, f)
		}
		return readCSV(in, file, blanks, f)
	}
}

// maxLine is the longest line of JSON that is taken.
const maxLine = 1 << 20

func readJSONLines(r io.Reader, file string, number int, f func(Access) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 1<<16), maxLine)
	for lines.Scan() {
		number++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var line struct {
			Time  jsontext.Value
			Rack  *string
			Chunk *string
		}
		if err := json.Unmarshal(lines.Bytes(), &line, json.MatchCaseInsensitiveNames(true)); err != nil {
			return atLine(file, number, fmt.Errorf("this is no JSON object with rack and chunk as text: %w", err))
		}
		if line.Rack == nil || line.Chunk == nil {
			return atLine(file, number, errors.New("rack or chunk is missing; want {\"rack\": …, \"chunk\": …}"))
		}
		a := Access{Rack: *line.Rack, Chunk: *line.Chunk}
		err := a.setTime(strings.Trim(string(line.Time), `"`))
		if err == nil {
			err = f(a)
		}
		if err != nil {
			return atLine(file, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return atLine(file, number+1, err)
	}
	return nil
}

func readCSV(r io.Reader, file string, blanks int, f func(Access) error) error {
	rows := csv.NewReader(r)
	rows.ReuseRecord = true
	head, err := rows.Read()
	if err != nil {
		return csvError(file, blanks, err)
	}
	column := map[string]int{"time": -1, "rack": -1, "chunk": -1}
	for k, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		if at, known := column[name]; known && at >= 0 {
			return atLine(file, blanks+1, fmt.Errorf("the column %s is there twice", name))
		} else if known {
			column[name] = k
		}
	}
	if column["rack"] < 0 || column["chunk"] < 0 {
		return atLine(file, blanks+1, errors.New("the first line names no columns rack and chunk; want a line such as time,rack,chunk"))
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvError(file, blanks, err)
		}
		number, _ := rows.FieldPos(0)
		a := Access{Rack: strings.Clone(row[column["rack"]]), Chunk: strings.Clone(row[column["chunk"]])}
		if k := column["time"]; k >= 0 {
			err = a.setTime(row[k])
		}
		if err == nil {
			err = f(a)
		}
		if err != nil {
			return atLine(file, blanks+number, err)
		}
	}
}

// csvError says in which line reading failed.
func csvError(file string, blanks int, err error) error {
	if wrong := (*csv.ParseError)(nil); errors.As(err, &wrong) {
		return atLine(file, blanks+wrong.Line, fmt.Errorf("%w; want as many fields as the first line names, those with a comma or a quote in quotes", wrong.Err))
	}
	return fmt.Errorf("%s: %w", file, err)
}

func atLine(file string, line int, err error) error { return fmt.Errorf("%s:%d: %w", file, line, err) }

// setTime reads a time; nothing is none.
func (a *Access) setTime(text string) error {
	if text == "" || text == "null" {
		return nil
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(seconds) < 1e11 {
		whole := math.Floor(seconds)
		a.Time = time.Unix(int64(whole), int64((seconds-whole)*1e9)).UTC()
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("time is %q; want 2026-11-26T08:00:00Z or seconds since 1970", text)
	}
	a.Time = at
	return nil
}

// Demand counts the accesses of a log by chunk and rack.
type Demand struct {
	in          *model.Instance
	node, task  map[string]int
	counts      []map[int]int64 // by task: reads by node
	Reads       int64
	First, Last time.Time
}

// NewDemand counts for an instance: its nodes are the racks, its tasks the chunks.
func NewDemand(in *model.Instance) *Demand {
	d := &Demand{in: in, node: map[string]int{}, task: map[string]int{}, counts: make([]map[int]int64, len(in.Tasks))}
	for j := range in.Nodes {
		d.node[in.Nodes[j].Name] = j
	}
	for i := range in.Tasks {
		d.task[in.Tasks[i].Name] = i
	}
	return d
}

// Add counts an access. It fails where the instance has no such rack or chunk.
func (d *Demand) Add(a Access) error {
	j, known := d.node[a.Rack]
	if !known {
		return fmt.Errorf("the instance has no node %q; add it, or leave the line out", a.Rack)
	}
	i, known := d.task[a.Chunk]
	if !known {
		return fmt.Errorf("the instance has no task %q; add it, or leave the line out", a.Chunk)
	}
	if d.counts[i] == nil {
		d.counts[i] = map[int]int64{}
	}
	d.counts[i][j]++
	d.Reads++
	if !a.Time.IsZero() {
		if d.First.IsZero() || a.Time.Before(d.First) {
			d.First = a.Time
		}
		if a.Time.After(d.Last) {
			d.Last = a.Time
		}
	}
	return nil
}

// Apply writes what was counted into the instance: reads of every task, in place of
// those that it had, each count divided by the share of all accesses that the log is
// a sample of (1: all of them). It fails where that is no instance any more.
func (d *Demand) Apply(share float64) error {
	for i := range d.in.Tasks {
		task := &d.in.Tasks[i]
		if d.counts[i] != nil && (len(task.Home) > 0 || task.Data != nil) {
			return fmt.Errorf("task %s has a home, and a chunk with reads has none; take home and data out of it", task.Name)
		}
		task.Reads = nil
		for j := range d.in.Nodes {
			if n := d.counts[i][j]; n > 0 {
				reads := math.Round(float64(n) / share * float64(model.DecimalOne))
				if reads > math.MaxInt64/4 {
					return fmt.Errorf("task %s is read %d times in a sample of %g: too often to write down", task.Name, n, share)
				}
				task.Reads = append(task.Reads, model.NodeReads{Node: d.in.Nodes[j].Name, Reads: model.Decimal(reads)})
			}
		}
	}
	if err := d.in.Check(); err != nil {
		return fmt.Errorf("with the reads that were counted, %w", err)
	}
	return nil
}

// Popular is how often a chunk is read, with the standard error of that number as an
// estimate of its rate: reads are taken as a Poisson process, of which the log shows a
// part.
type Popular struct {
	Chunk string
	Reads float64
	Error float64
}

// Popularity lists the chunks that are read, the most read first.
func (d *Demand) Popularity(share float64) []Popular {
	var list []Popular
	for i, counts := range d.counts {
		var n int64
		for _, c := range counts {
			n += c
		}
		if n > 0 {
			list = append(list, Popular{d.in.Tasks[i].Name, float64(n) / share, math.Sqrt(float64(n)) / share})
		}
	}
	slices.SortStableFunc(list, func(a, b Popular) int { return cmp.Compare(b.Reads, a.Reads) })
	return list
}
