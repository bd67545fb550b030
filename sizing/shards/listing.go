package shards

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

// Item is a line of a listing: a path without a slash at either end, and whether it is a
// directory. The path is valid until the next one.
type Item struct {
	Path      []byte
	Directory bool
}

// Formats are the names of the listings that Read knows.
func Formats() []string { return []string{"find", "fsimage", "s3"} }

// Read reads a listing of paths and yields its items. from is one of Formats, or empty for
// what it looks like:
//
//   - find: `find ROOT -printf '%y %P\n'`, or with \0 instead of \n where names may have
//     line breaks. What is no directory counts as a file.
//   - fsimage: `hdfs oiv -p Delimited`, with its header line, tabs or commas between.
//   - s3: an inventory as CSV, whose second column is the key, URL-encoded. Delete markers
//     and versions that are not the latest are left out.
//
// Each may be compressed by gzip. It streams; an error names the line.
func Read(in io.Reader, from string, yield func(Item) error) error {
	buffered := bufio.NewReaderSize(in, 1<<18)
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return fmt.Errorf("the listing is no gzip file that can be read: %w", err)
		}
		buffered = bufio.NewReaderSize(unzipped, 1<<18)
	}
	start, err := buffered.Peek(1 << 16)
	if len(start) == 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("the listing cannot be read: %w", err)
		}
		return errors.New("the listing is empty; want one made by find, hdfs oiv or an S3 inventory")
	}
	if from == "" {
		if from = looksLike(start); from == "" {
			line, _, _ := bytes.Cut(start, []byte("\n"))
			return fmt.Errorf("line 1: found %.60q; want a listing by find ROOT -printf '%%y %%P\\n', hdfs oiv -p Delimited, or an S3 inventory as CSV", line)
		}
	}
	switch from {
	case "find":
		end := byte('\n')
		if bytes.IndexByte(start, 0) >= 0 {
			end = 0
		}
		return readFind(buffered, end, yield)
	case "fsimage":
		return readImage(buffered, yield)
	case "s3":
		return readInventory(buffered, yield)
	}
	return fmt.Errorf("found the format %q; want one of %s", from, strings.Join(Formats(), ", "))
}

func looksLike(start []byte) string {
	switch {
	case bytes.HasPrefix(start, []byte("Path\t")) || bytes.HasPrefix(start, []byte("Path,")):
		return "fsimage"
	case start[0] == '"':
		return "s3"
	case len(start) > 1 && start[1] == ' ' && bytes.IndexByte([]byte(findKinds), start[0]) >= 0:
		return "find"
	}
	return ""
}

// findKinds are what find's %y may say.
const findKinds = "fdlpsbcDUN"

// longestLine is how long a line of a listing may be.
const longestLine = 1 << 20

// eachLine goes through lines, or whatever ends with end.
func eachLine(in io.Reader, end byte, do func(line []byte) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), longestLine)
	if end != '\n' {
		lines.Split(func(data []byte, last bool) (int, []byte, error) {
			if k := bytes.IndexByte(data, end); k >= 0 {
				return k + 1, data[:k], nil
			}
			if last && len(data) > 0 {
				return len(data), data, nil
			}
			return 0, nil, nil
		})
	}
	number := 0
	for lines.Scan() {
		number++
		if err := do(lines.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("line %d: %w; want lines of at most %d bytes", number+1, err, longestLine)
	case err != nil:
		return fmt.Errorf("the listing cannot be read beyond line %d: %w; is it whole?", number, err)
	}
	return nil
}

func readFind(in io.Reader, end byte, yield func(Item) error) error {
	return eachLine(in, end, func(line []byte) error {
		if len(line) < 2 || line[1] != ' ' || strings.IndexByte(findKinds, line[0]) < 0 {
			return fmt.Errorf("found %.60q; want a letter for the kind, a blank and a path, as find -printf '%%y %%P\\n' writes them; where names have line breaks, %%y %%P\\0", line)
		}
		return yieldPath(line[2:], line[0] == 'd', yield)
	})
}

// yieldPath takes off the slashes and a leading ./ and leaves out the root.
func yieldPath(path []byte, directory bool, yield func(Item) error) error {
	if len(path) > 1 && path[0] == '.' && path[1] == '/' {
		path = path[2:]
	}
	path = bytes.Trim(path, "/")
	if len(path) == 0 || len(path) == 1 && path[0] == '.' {
		return nil
	}
	return yield(Item{path, directory})
}

// readImage reads what hdfs oiv -p Delimited writes. Paths may have the delimiter in them,
// so that columns are counted from the right.
func readImage(in io.Reader, yield func(Item) error) error {
	var delimiter []byte
	columns, permission := 0, 0
	return eachLine(in, '\n', func(line []byte) error {
		line = bytes.TrimSuffix(line, []byte("\r"))
		if columns == 0 {
			delimiter = []byte("\t")
			if bytes.HasPrefix(line, []byte("Path,")) {
				delimiter = []byte(",")
			}
			names := strings.Split(string(line), string(delimiter))
			columns, permission = len(names), slices.Index(names, "Permission")
			if names[0] != "Path" || permission < 0 {
				return fmt.Errorf("found %.60q; want the header of hdfs oiv -p Delimited, with the columns Path and Permission", line)
			}
			return nil
		}
		path, mode := line, []byte(nil)
		for column := columns - 1; column > 0; column-- {
			k := bytes.LastIndex(path, delimiter)
			if k < 0 {
				return fmt.Errorf("found %.60q; want %d columns", line, columns)
			}
			if column == permission {
				mode = path[k+len(delimiter):]
			}
			path = path[:k]
		}
		if len(mode) == 0 || len(path) == 0 || path[0] != '/' {
			return fmt.Errorf("found %.60q; want a path from the root and a permission such as drwxr-xr-x", line)
		}
		return yieldPath(path, mode[0] == 'd', yield)
	})
}

// readInventory reads an S3 inventory.
func readInventory(in io.Reader, yield func(Item) error) error {
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	rows.FieldsPerRecord = 0
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the listing is no CSV: %w", err)
		}
		line, _ := rows.FieldPos(0)
		switch {
		case len(row) < 2 || row[1] == "":
			return fmt.Errorf("line %d: found %.60q; want a bucket and a key", line, row)
		case outdated(row):
			continue
		}
		key, err := url.QueryUnescape(row[1])
		if err != nil {
			return fmt.Errorf("line %d: found the key %.60q; want it URL-encoded: %w", line, row[1], err)
		}
		if err := yieldPath([]byte(key), strings.HasSuffix(key, "/"), yield); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// outdated says whether a row of an inventory with versions is no latest version or a
// delete marker: its columns are bucket, key, version, whether it is the latest and whether
// it is a marker. Without versions the third column is a size.
func outdated(row []string) bool {
	return len(row) > 4 && (row[2] == "" || strings.Trim(row[2], "0123456789") != "") && (row[3] == "false" || row[4] == "true")
}
