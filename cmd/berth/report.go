package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/results"
	"berth/results/figures"
	html "berth/results/report"
	"berth/results/tables"
)

func (a *app) reportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "report RUNS…",
		Short: "Show what the records of sweeps say",
		Long: `report shows records, those of folders that sweep writes or files of records, together:
what was run, which claims are wrong, which published values were beaten, the table of
methods with confidence intervals, and the instances one by one. As HTML it is one file
that opens anywhere, with figures, and leads from every point to its run.

csv, svg and pdf are several files, and --output names their folder: runs.csv, methods.csv
and instances.csv, or one file for each figure. csv on standard output is all runs. LaTeX
needs the packages adjustbox, booktabs, longtable and xcolor. Without --format, the ending
of the output's name decides (.html, .txt, .tex, .md, .csv for all runs).`,
		Example: `  berth sweep --instances 'gap-*.yaml' --methods auto,lp --seeds 5 --time 60s --out runs
  berth report runs
  berth report runs --output report.html
  berth report here there --format svg --output figures
  berth report runs --format csv > runs.csv
  berth report runs --output tables.tex`,
	}
	out := a.outputFlag(c.Flags())
	flag(c.Flags(), &out.format, "format", "", "form", strings.Join(reportFormats, ", ")+" (default: by the output's name; on a terminal table, else html)", oneOf(reportFormats...))
	c.RunE = a.verb(func(args []string) error {
		if len(args) == 0 {
			return errors.New("name the folders or files of records to report on, as in `berth report RUNS`")
		}
		format, err := out.reportFormat()
		if err != nil {
			return err
		}
		s, err := a.study(args)
		if err != nil {
			return err
		}
		return a.writeReport(out, format, s)
	})
	return c
}

var reportFormats = append([]string{"html", "table", "csv", "latex", "markdown"}, figures.Formats...)

// reportEndings are the forms that endings of the output's name stand for.
var reportEndings = map[string]string{
	"": "html", ".html": "html", ".htm": "html", ".txt": "table", ".tex": "latex", ".md": "markdown", ".csv": "csv",
}

// reportFormat is the format of a report, and whether its output can be written is
// found out before the work begins.
func (o *output) reportFormat() (string, error) {
	format, ending := o.format, strings.ToLower(filepath.Ext(o.name))
	if format == "" {
		switch {
		case o.table():
			format = "table"
		case ending == ".svg" || ending == ".pdf":
			return "", fmt.Errorf("--output %s is one file, and figures are several; name a folder, with --format %s", o.name, ending[1:])
		default:
			known := false
			if format, known = reportEndings[ending]; !known {
				return "", fmt.Errorf("--output %s: its ending says no form; name one with --format: %s", o.name, strings.Join(reportFormats, ", "))
			}
		}
	}
	if !o.several(format) {
		return format, o.check()
	}
	if o.name == "-" {
		return "", fmt.Errorf("--format %s is several files; name a folder for them with --output", format)
	}
	return format, o.checkFolder()
}

// several reports whether the output is a folder of files.
func (o *output) several(format string) bool {
	return slices.Contains(figures.Formats, format) || format == "csv" && o.name != "-" && strings.ToLower(filepath.Ext(o.name)) != ".csv"
}

// checkFolder finds out whether files can be put into the output's folder, which is
// made where it is missing.
func (o *output) checkFolder() error {
	made, err := o.makeFolder()
	if made {
		os.Remove(o.name)
	}
	return err
}

func (o *output) makeFolder() (made bool, err error) {
	info, err := os.Stat(o.name)
	switch {
	case err == nil && !info.IsDir():
		return false, fmt.Errorf("--output %s is a file; name a folder", o.name)
	case errors.Is(err, fs.ErrNotExist) && o.name != "":
		err = os.Mkdir(o.name, 0o777)
		made = err == nil
	}
	if err != nil {
		return false, fmt.Errorf("--output %s cannot be used: %w; name a folder, at least in one that exists and may be written to", o.name, plain(err))
	}
	return made, nil
}

// records reads the records of sweeps, and says which torn lines it left out.
func (a *app) records(paths []string) ([]results.Record, error) {
	records, notes, err := results.LoadAll(paths...)
	for _, note := range notes {
		fmt.Fprintf(a.err, "berth: %s\n", note)
	}
	return records, err
}

// study reads records and holds them against each other.
func (a *app) study(paths []string) (*results.Study, error) {
	records, err := a.records(paths)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("there are no records in %s yet; `berth sweep` makes them", list(paths))
	}
	return results.NewStudy(records), nil
}

func (a *app) writeReport(out *output, format string, s *results.Study) error {
	if out.several(format) {
		return out.writeFiles(reportFiles(s, format))
	}
	var b bytes.Buffer
	var err error
	switch format {
	case "csv":
		err = tables.CSV(&b, tables.Runs(s))
	case "html":
		err = html.Write(&b, s)
	default:
		err = a.writeTables(&b, out, format, tables.Study(s)...)
	}
	if err != nil {
		return broken(err)
	}
	return out.write(b.Bytes())
}

// writeTables writes tables one after the other: as text, latex or markdown.
func (a *app) writeTables(w io.Writer, out *output, format string, all ...tables.Table) error {
	for k, t := range all {
		var err error
		switch format {
		case "latex":
			err = tables.LaTeX(w, t)
		case "markdown":
			err = tables.Markdown(w, t)
		default:
			if k > 0 {
				fmt.Fprintln(w)
			}
			width := 0
			terminal := out.name == "-" && a.outTerminal
			if terminal {
				width = terminalWidth()
			}
			err = tables.Text(w, t, width, terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// file is one of several that a verb writes.
type file struct {
	name  string
	write func(io.Writer) error
}

// reportFiles are the files of a report in a format that takes several.
func reportFiles(s *results.Study, format string) []file {
	var files []file
	if format == "csv" {
		for _, t := range []tables.Table{tables.Runs(s), tables.Methods(s), tables.Instances(s)} {
			files = append(files, file{t.Name + ".csv", func(w io.Writer) error { return tables.CSV(w, t) }})
		}
		return files
	}
	for _, f := range figures.All(s) {
		files = append(files, file{f.Name + "." + format, func(w io.Writer) error { return f.Draw(w, format) }})
	}
	return files
}

// writeFiles puts files into the output's folder, each of them whole or not at all.
func (o *output) writeFiles(files []file) error {
	if _, err := o.makeFolder(); err != nil {
		return err
	}
	for _, f := range files {
		var b bytes.Buffer
		if err := f.write(&b); err != nil {
			return broken(err)
		}
		if err := replace(filepath.Join(o.name, f.name), b.Bytes()); err != nil {
			return o.refused(err)
		}
	}
	return nil
}
