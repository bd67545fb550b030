package results

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"berth/model"
)

// Published is a row of a table of known values.
type Published struct {
	Value  model.Number // empty where the status is infeasible
	Status string       // optimal, best-known, infeasible
	Source string
	Sense  string       // min or max: which way Value and Bound are meant
	Bound  model.Number // proven to be no better than this; empty where none is published
}

// KnownTable is a table of known values by instance.
type KnownTable struct {
	rows   []knownRow
	byName map[string][]int // by the last part of the name, with and without its extension
}

type knownRow struct {
	Published
	name string
	line int
	// processors is how many the value is for, where the file of an instance does not say
	// how many there are; 0: the table names no number.
	processors int
	other      string // what tells rows of one name apart: processors, and the columns that have no meaning here
}

// ReadKnown reads a table of lines, their fields parted by tabs. The first line names
// the columns: name, value, status and source, and perhaps sense, lower_bound and
// processors; others are passed over. Empty lines, and such that begin with #, are too. Errors
// name file, line and remedy; file is only named.
func ReadKnown(data []byte, file string) (*KnownTable, error) {
	t := &KnownTable{byName: map[string][]int{}}
	var columns []string
	for k, line := range bytes.Split(data, []byte("\n")) {
		text := strings.TrimSuffix(strings.TrimPrefix(string(line), "\ufeff"), "\r")
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		fields := strings.Split(text, "\t")
		for f := range fields {
			fields[f] = strings.TrimSpace(fields[f])
		}
		var err error
		if columns == nil {
			columns, err = readHeader(fields)
		} else {
			err = t.read(columns, fields, k+1)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, k+1, err)
		}
	}
	if columns == nil {
		return nil, fmt.Errorf("%s:1: the table is empty; begin it with the line %q, parted by tabs", file, strings.Join(wanted, " "))
	}
	return t, nil
}

var wanted = []string{"name", "value", "status", "source"}

func readHeader(fields []string) ([]string, error) {
	for k, field := range fields {
		if slices.Contains(fields[:k], field) && field != "" {
			return nil, fmt.Errorf("two columns are named %q; take one out", field)
		}
	}
	for _, name := range wanted {
		if !slices.Contains(fields, name) {
			return nil, fmt.Errorf("the first line is %q and has no column %q; it names the columns, parted by tabs: %s",
				strings.Join(fields, " "), name, strings.Join(wanted, " "))
		}
	}
	return fields, nil
}

// read takes in a row.
func (t *KnownTable) read(columns, fields []string, line int) error {
	if len(fields) != len(columns) {
		return fmt.Errorf("%d fields, and the first line names %d columns; part them by tabs, and leave none out", len(fields), len(columns))
	}
	row := knownRow{line: line, Published: Published{Sense: "min"}}
	for k, field := range fields {
		switch columns[k] {
		case "name":
			row.name = field
		case "value":
			row.Value = model.Number(field)
		case "status":
			row.Status = field
		case "source":
			row.Source = field
		case "sense":
			if field != "" {
				row.Sense = field
			}
		case "lower_bound":
			row.Bound = model.Number(field)
		case "processors":
			n, err := strconv.Atoi(field)
			if err != nil || n < 1 {
				return fmt.Errorf("processors %q; write a whole number above 0", field)
			}
			row.processors = n
			row.other += field + "\t"
		default:
			row.other += field + "\t"
		}
	}
	if err := row.check(); err != nil {
		return err
	}
	base := path.Base(row.name)
	for _, earlier := range t.byName[base] {
		e := &t.rows[earlier]
		if e.name == row.name && e.other == row.other && e.Published != row.Published {
			return fmt.Errorf("%q is in line %d with other values; leave one of the two", row.name, e.line)
		}
	}
	t.rows = append(t.rows, row)
	t.byName[base] = append(t.byName[base], len(t.rows)-1)
	if stem := withoutExtension(base); stem != base {
		t.byName[stem] = append(t.byName[stem], len(t.rows)-1)
	}
	return nil
}

func (row *knownRow) check() error {
	if row.name == "" {
		return errors.New("the name is empty; name the instance")
	}
	if row.Sense != "min" && row.Sense != "max" {
		return fmt.Errorf("sense %q; write min or max", row.Sense)
	}
	switch row.Status {
	case string(Optimal), "best-known":
		if row.Value.Rat() == nil {
			return fmt.Errorf("value %q is no number; write a decimal such as 412.5", string(row.Value))
		}
	case string(Infeasible):
		if row.Value != "" && row.Value != "-" {
			return fmt.Errorf("value %q of an infeasible instance; leave it empty", string(row.Value))
		}
		row.Value = ""
	default:
		return fmt.Errorf("status %q; write optimal, best-known or infeasible", row.Status)
	}
	if row.Bound == "-" {
		row.Bound = ""
	}
	if row.Bound != "" && row.Bound.Rat() == nil {
		return fmt.Errorf("lower_bound %q is no number; write a decimal such as 412.5, or leave it empty", string(row.Bound))
	}
	if row.Value != "" && row.Bound != "" {
		above := row.Value.Rat().Cmp(row.Bound.Rat())
		if above < 0 && row.Sense == "min" || above > 0 && row.Sense == "max" {
			return fmt.Errorf("value %s is better than lower_bound %s, which nothing can be (sense %s); correct one of the two", row.Value, row.Bound, row.Sense)
		}
	}
	return nil
}

// Lookup returns what is known of an instance, on so many processors where that is not
// 0. Its name may have an extension or not, and folders or not, as far as the table leaves
// no doubt: where rows with different values fit equally well, nothing is returned.
func (t *KnownTable) Lookup(name string, processors int) (Published, bool) {
	base := path.Base(name)
	candidates := slices.Concat(t.byName[base], t.byName[withoutExtension(base)])
	for _, fits := range []func(row string) bool{
		func(row string) bool { return row == name },
		func(row string) bool { return sameFile(row, name) },
		func(row string) bool { return sameFile(withoutExtension(row), withoutExtension(name)) },
	} {
		var found *Published
		for _, k := range candidates {
			row := &t.rows[k]
			if !fits(row.name) || processors != 0 && row.processors != 0 && row.processors != processors {
				continue
			}
			if found != nil && *found != row.Published {
				return Published{}, false
			}
			found = &row.Published
		}
		if found != nil {
			return *found, true
		}
	}
	return Published{}, false
}

// sameFile says whether one of two paths is the end of the other.
func sameFile(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || strings.HasSuffix(b, "/"+a)
}

// withoutExtension takes off what looks like the extension of a file, up to five
// letters: gap1.txt is gap1, but tasks-1.2 stays what it is.
func withoutExtension(name string) string {
	extension := strings.TrimPrefix(path.Ext(name), ".")
	if extension == "" || len(extension) > 5 || len(extension)+1 == len(path.Base(name)) ||
		strings.ContainsFunc(extension, func(c rune) bool { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') }) {
		return name
	}
	return strings.TrimSuffix(name, "."+extension)
}
