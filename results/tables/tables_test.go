package tables

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"berth/internal/golden"
)

var writers = []struct {
	ending string
	write  func(io.Writer, Table) error
}{
	{"txt", func(w io.Writer, t Table) error { return Text(w, t, 100, false) }},
	{"csv", CSV},
	{"tex", LaTeX},
	{"md", Markdown},
}

// everything is every table of a study.
func everything(runs []run) []Table {
	s := study(runs...)
	tables := append(Study(s), Runs(s))
	if len(s.Methods) > 1 {
		if d, err := s.Duel(s.Methods[0], s.Methods[1]); err == nil {
			tables = append(tables, Verdict(d), Pairs(d, 10))
		}
	}
	return tables
}

// TestGolden writes every table of every study in every format.
func TestGolden(t *testing.T) {
	for name, runs := range studies {
		for _, w := range writers {
			var b bytes.Buffer
			for k, table := range everything(runs) {
				if table.Name == "runs" && w.ending != "csv" {
					continue
				}
				if k > 0 && (w.ending == "txt" || w.ending == "csv") {
					b.WriteString("\n")
				}
				if err := w.write(&b, table); err != nil {
					t.Fatal(err)
				}
			}
			golden.Compare(t, strings.ReplaceAll(name, " ", "-")+"."+w.ending, b.String())
		}
	}
}

// TestCellsFitTheirColumns holds that every table is one.
func TestCellsFitTheirColumns(t *testing.T) {
	for name, runs := range studies {
		for _, table := range everything(runs) {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s, %s: %d cells in %d columns", name, table.Name, len(row), len(table.Columns))
				}
				for k, cell := range row {
					if len(cell.Values) != len(table.Columns[k].Fields) {
						t.Errorf("%s, %s, %s: %d values in %d fields", name, table.Name, table.Columns[k].Head, len(cell.Values), len(table.Columns[k].Fields))
					}
					if strings.ContainsAny(cell.Text, "\n\t\x1b") {
						t.Errorf("%s, %s: the text %q moves the cursor", name, table.Name, cell.Text)
					}
				}
			}
		}
	}
}

func TestCSVIsReadBack(t *testing.T) {
	for name, runs := range studies {
		for _, table := range everything(runs) {
			var b bytes.Buffer
			if err := CSV(&b, table); err != nil {
				t.Fatal(err)
			}
			lines, err := csv.NewReader(&b).ReadAll()
			if err != nil || len(lines) != len(table.Rows)+1 {
				t.Fatalf("%s, %s: %d lines for %d rows, %v", name, table.Name, len(lines), len(table.Rows), err)
			}
			for k, row := range table.Rows {
				var want []string
				for _, cell := range row {
					want = append(want, cell.Values...)
				}
				if strings.Join(lines[k+1], "\x00") != strings.ReplaceAll(strings.Join(want, "\x00"), "\r\n", "\n") {
					t.Errorf("%s, %s: read back %q, want %q", name, table.Name, lines[k+1], want)
				}
			}
		}
	}
}

// TestTextFits holds that no line is wider than asked where columns allow it.
func TestTextFits(t *testing.T) {
	for _, width := range []int{1, 80, 132} {
		for name, runs := range studies {
			for _, table := range everything(runs) {
				var b bytes.Buffer
				if err := Text(&b, Table{Columns: table.Columns, Rows: table.Rows}, width, false); err != nil {
					t.Fatal(err)
				}
				least := 0
				for _, k := range table.shown() {
					least = max(least, table.width(k))
				}
				if shown := table.shown(); len(shown) > 0 {
					least += table.width(shown[0])
				}
				for line := range strings.Lines(b.String()) {
					if w := Width(strings.TrimRight(line, "\n")); w > max(width, least) {
						t.Errorf("%s, %s: %d characters for %d: %s", name, table.Name, w, width, line)
					}
				}
			}
		}
	}
}

func TestOnlyWrongIsRed(t *testing.T) {
	for name, runs := range studies {
		for _, table := range everything(runs) {
			wrong := false
			for _, row := range table.Rows {
				for _, cell := range row {
					wrong = wrong || cell.Wrong && cell.Text != ""
				}
			}
			var colour, plain bytes.Buffer
			if err := errors.Join(Text(&colour, table, 0, true), Text(&plain, table, 0, false)); err != nil {
				t.Fatal(err)
			}
			if red := strings.Contains(colour.String(), "\x1b[31m"); red != wrong {
				t.Errorf("%s, %s: red %t, wrong %t", name, table.Name, red, wrong)
			}
			if strings.NewReplacer("\x1b[31m", "", "\x1b[0m", "").Replace(colour.String()) != plain.String() {
				t.Errorf("%s, %s: colours move something:\n%s", name, table.Name, colour.String())
			}
		}
	}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want string
	}{
		{0, "0"},
		{1e-9, "<0.001"},
		{0.00099999, "<0.001"},
		{0.001, "0.00100"},
		{0.01234, "0.0123"},
		{0.09996, "0.100"},
		{0.9999, "1.00"},
		{1, "1.00"},
		{9.994, "9.99"},
		{9.996, "10.0"},
		{99.94, "99.9"},
		{99.96, "100"},
		{1234.5, "1234"},
		{999999, "1.00e6"},
		{1.5e300, "1.50e300"},
		{-1, "−1.00"},
		{-1e-9, ">−0.001"},
		{inf, "∞"},
		{-inf, "−∞"},
		{nan, "–"},
	} {
		if got := number(c.x); got != c.want {
			t.Errorf("%g is %s, want %s", c.x, got, c.want)
		}
	}
}

// TestLaTeXCompiles needs pdflatex.
func TestLaTeXCompiles(t *testing.T) {
	pdflatex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("there is no pdflatex; install texlive-latex-extra to run this")
	}
	var b bytes.Buffer
	b.WriteString("\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{adjustbox,booktabs,longtable,xcolor}\n\\begin{document}\n")
	many := Table{Name: "many", Title: "Many", Columns: []Column{{Head: "[n]", Number: true}}, Notes: []string{"a note"}}
	for k := range 100 {
		many.Rows = append(many.Rows, []Cell{count(k)})
	}
	all := []Table{many}
	for _, runs := range studies {
		all = append(all, everything(runs)...)
	}
	for _, table := range all {
		if table.Name == "runs" {
			continue
		}
		table.Name += "-" + strconv.Itoa(b.Len()) // labels must differ
		if err := LaTeX(&b, table); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\\clearpage\n")
	}
	b.WriteString("\\end{document}\n")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "all.tex"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(pdflatex, "-interaction=nonstopmode", "-halt-on-error", "all.tex")
	run.Dir = folder
	if out, err := run.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

var inf, nan = math.Inf(1), math.NaN()
