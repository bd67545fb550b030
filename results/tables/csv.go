package tables

import (
	"encoding/csv"
	"io"
)

// CSV writes a table for programs, as RFC 4180 describes it: every column, values
// as exact as they are known, an empty field where there is none. Title and notes
// are left out.
func CSV(w io.Writer, t Table) error {
	out := csv.NewWriter(w)
	var head []string
	for _, c := range t.Columns {
		head = append(head, c.Fields...)
	}
	if err := out.Write(head); err != nil {
		return err
	}
	fields := make([]string, 0, len(head))
	for _, row := range t.Rows {
		fields = fields[:0]
		for _, c := range row {
			fields = append(fields, c.Values...)
		}
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
