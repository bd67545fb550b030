package model

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seeds are documents to start from: the good ones of the project, and all the bad
// ones of the tables here.
func seeds(f *testing.F, table string) {
	f.Helper()
	for _, row := range badDocuments(f, table) {
		f.Add([]byte(row.text))
	}
	files, err := filepath.Glob("testdata/good*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// What is read is written, in both syntaxes, and read again to the same meaning.
func FuzzRead(f *testing.F) {
	seeds(f, "testdata/bad.txt")
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := Read(data, "fuzz")
		if err != nil {
			checkComplete(t, err)
			return
		}
		if err := in.Check(); err != nil {
			t.Fatalf("read, but refused in memory: %v", err)
		}
		for _, format := range []string{"json", "yaml"} {
			text := written(t, in, format)
			back, err := Read(text, format)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if back.Digest() != in.Digest() {
				t.Fatalf("another meaning after %s:\n%s", format, text)
			}
		}
	})
}

// checkComplete holds that a message tells all that it should.
func checkComplete(t *testing.T, err error) {
	t.Helper()
	e, ok := err.(*DocumentError)
	if !ok || e.Found == "" || e.Want == "" || e.Line < 0 || e.Line > 0 && e.Column < 1 {
		t.Fatalf("a poor message: %#v", err)
	}
	if text := err.Error(); len(text) > 3000 || strings.ContainsAny(text, "\x00\n") {
		t.Fatalf("an unreadable message: %q", text)
	}
}

func FuzzReadSolution(f *testing.F) {
	seeds(f, "testdata/bad-solutions.txt")
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadSolution(data, "fuzz")
		if err != nil {
			checkComplete(t, err)
			return
		}
		var first, second bytes.Buffer
		if err := s.Write(&first); err != nil {
			t.Fatal(err)
		}
		back, err := ReadSolution(first.Bytes(), "back")
		if err != nil {
			t.Fatalf("%v\n%s", err, first.Bytes())
		}
		if err := back.Write(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("%v\n%s\nthen\n%s", err, first.Bytes(), second.Bytes())
		}
	})
}

func FuzzParseQuantity(f *testing.F) {
	for _, text := range []string{"0", "1500m", "2Gi", "1e-9", "12E6", "9223372036854775807.999999999", "-1", "0.5n", "1e99"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseQuantity(text)
		if err != nil {
			return
		}
		if !q.possible() {
			t.Fatalf("ParseQuantity(%q) = %#v", text, q)
		}
		if back, err := ParseQuantity(q.String()); err != nil || back != q {
			t.Fatalf("ParseQuantity(%q) = %#v, written %q, read %#v, %v", text, q, q.String(), back, err)
		}
	})
}

func FuzzParseDecimal(f *testing.F) {
	for _, text := range []string{"0", "40", "2.5", "1e3", "9223372036853.999999", "-1", "0.0000001", "1e99", ".5", "5."} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDecimal(text)
		if err != nil {
			return
		}
		if d < 0 {
			t.Fatalf("ParseDecimal(%q) = %d", text, d)
		}
		checkDecimal(t, text, d)
		checkDecimal(t, d.String(), d)
	})
}
