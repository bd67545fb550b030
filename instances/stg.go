package instances

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"berth/model"
)

// The Standard Task Graph Set (T. Tobita and H. Kasahara, A standard task graph set
// for fair evaluation of multiprocessor scheduling algorithms, Journal of Scheduling
// 5(5), 2002): tasks on processors that are all alike, results arrive at once. Whole
// numbers and blanks; # begins a comment.
//
//	n                                     tasks, but for two of no length
//	n+2 rows: id, time, k, k ids          a task and those that it waits for
//
// The first row is the source and the last the sink; where these take no time, wait for
// nothing, and are waited for by nothing, as it should be, they are left out. How many processors there are, the file does not say.
var stgFormat = Format{
	Name:  "stg",
	Short: "task graphs without communication, as in the Standard Task Graph Set; takes --processors",
	Looks: func(data []byte, file string) bool {
		if filepath.Ext(file) == ".stg" {
			return true
		}
		clean := withoutComments(data)
		if !onlyDigits(clean) {
			return false
		}
		n, err := scan(clean, file)
		if err != nil {
			return false
		}
		_, err = n.stgRows()
		return err == nil
	},
	Read: readSTG,
}

// stgRow is a task of a file: where its id stands among the numbers.
type stgRow struct{ id, time, at int }

// needs are the ids of the tasks that one waits for.
func (n *numbers) needs(row stgRow) []int64 { return n.values[row.at : row.at+int(n.values[row.at-1])] }

func readSTG(data []byte, file string, opts Options) (*model.Instance, error) {
	processors := opts.Processors
	opts.Processors = 0
	if err := opts.plain("stg", file); err != nil {
		return nil, err
	}
	n, err := scan(withoutComments(data), file)
	if err != nil {
		return nil, err
	}
	rows, err := n.stgRows()
	if err != nil {
		return nil, err
	}
	if processors == 0 {
		return nil, fmt.Errorf("%s: %w", file, errProcessors)
	}
	g := newGraph(file)
	g.in.Name = fmt.Sprintf("%s@%d", g.in.Name, processors)
	g.alike(processors, model.Line{})
	waited := map[int64]bool{}
	for _, row := range rows {
		for _, from := range n.needs(row) {
			waited[from] = true
		}
	}
	last := len(rows) - 1
	left := map[int64]bool{}
	for k, row := range rows {
		id, time := n.values[row.id], n.values[row.time]
		if time == 0 && (k == 0 && len(n.needs(row)) == 0 || k == last && !waited[id]) {
			left[id] = true
			continue
		}
		g.work("t"+strconv.FormatInt(id, 10), model.Decimal(time)*model.DecimalOne, row.id)
	}
	for _, row := range rows {
		id := n.values[row.id]
		for k, from := range n.needs(row) {
			_, known := g.task["t"+strconv.FormatInt(from, 10)]
			switch {
			case left[from]:
			case !known:
				return nil, n.refuse(row.at+k, fmt.Sprintf("task %d", from), "a task of the file")
			case !left[id]:
				g.depend("t"+strconv.FormatInt(from, 10), "t"+strconv.FormatInt(id, 10), model.Quantity{}, row.at+k)
			}
		}
	}
	return g.done(file, n.place)
}

var errProcessors = errors.New("it does not say how many processors there are; say it with --processors")

// stgRows finds the rows and makes sure that there are so many, and nothing else.
func (n *numbers) stgRows() ([]stgRow, error) {
	if len(n.values) == 0 {
		return nil, n.refuse(0, "no number", "the number of tasks, and then a row for each")
	}
	want := n.values[0]
	var rows []stgRow
	seen := map[int64]bool{}
	for at := 1; at < len(n.values); {
		if int64(len(rows)) == want+2 {
			return nil, n.refuse(at, "a row too many", fmt.Sprintf("%d rows: the first number, and two", want+2))
		}
		if at+3 > len(n.values) || n.values[at+2] > int64(len(n.values)-at-3) {
			return nil, n.refuse(at, "a row that the file ends in", "an id, a time, and a count with so many ids")
		}
		if seen[n.values[at]] {
			return nil, n.refuse(at, fmt.Sprintf("task %d a second time", n.values[at]), "every task once")
		}
		seen[n.values[at]] = true
		rows = append(rows, stgRow{id: at, time: at + 1, at: at + 3})
		at += 3 + int(n.values[at+2])
	}
	if int64(len(rows)) != want+2 {
		return nil, n.refuse(len(n.values), model.Plural(len(rows), "row"), fmt.Sprintf("%d: the first number, and two", want+2))
	}
	return rows, nil
}

// withoutComments blanks what stands behind a #, so that places stay what they are.
func withoutComments(data []byte) []byte {
	if bytes.IndexByte(data, '#') < 0 {
		return data
	}
	clean := bytes.Clone(data)
	comment := false
	for k, c := range clean {
		if c == '#' || c == '\n' {
			comment = c == '#'
		}
		if comment {
			clean[k] = ' '
		}
	}
	return clean
}
