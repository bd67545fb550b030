// Package report writes a study as one HTML page: what was run on what, who wins
// where and by how much, figures, and every run with its trajectory and the command
// that repeats it.
//
//   - report.go: the page; overview.go, overview.html: what stands in it as text.
//   - statistics.go: tables and curves, for all runs and for each group.
//   - runs.go: the runs as columns; command.go, trajectory.go: two columns that need
//     care to stay small.
//   - script: what draws it, a file a figure; style.css.
//
// The statistics are those of package results. The script computes none: it picks
// runs, sorts and draws.
package report

import (
	"embed"
	"fmt"
	"io"
	"strings"

	"berth/model"
	"berth/page"
	"berth/results"
)

var (
	//go:embed style.css
	style string
	//go:embed script
	scripts embed.FS
)

// Write writes the page. The same study gives the same bytes. Its cost is that of the
// study's statistics, once for all runs and once for each group.
func Write(w io.Writer, study *results.Study) error {
	title := fmt.Sprintf("%s of %s on %s", model.Plural(len(study.Runs), "run"), model.Plural(len(study.Methods), "method"), model.Plural(len(study.Instances), "instance"))
	short := shortIDs(study)
	columns, number := columnsOf(study, short)
	columns.addCurves(study, number)
	steps, thinned := stepsOf(study)
	body, err := overview(study, short, thinned)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	script, err := script()
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	data := []page.Data{
		{Name: "study", Value: describe(study, number)},
		{Name: "runs", Value: columns},
		{Name: "steps", Value: steps},
		{Name: "duels", Value: duelsOf(study, number)},
		{Name: "statistics", Value: statisticsOf(study, number)},
	}
	if len(study.Groups) > 1 {
		for k, group := range study.Groups {
			part := study.Select(func(r *results.Run) bool { return r.Entry.Group == group })
			data = append(data, page.Data{Name: fmt.Sprintf("statistics-%d", k), Value: statisticsOf(part, number)})
		}
	}
	return page.Write(w, page.Document{
		Title: title, Style: style, Body: body, Script: script,
		Libraries: []page.Library{page.ECharts, page.Tabulator}, Data: data,
	})
}

// parts are the files of the script, in the order in which they build on each other.
var parts = []string{"state", "axes", "hover", "legend", "methods", "pareto", "curves", "bands", "heat", "duel", "runs", "traces", "detail", "main"}

func script() (string, error) {
	var all strings.Builder
	all.WriteString("\"use strict\";\n")
	for _, part := range parts {
		text, err := scripts.ReadFile("script/" + part + ".js")
		if err != nil {
			return "", err
		}
		all.Write(text)
	}
	return all.String(), nil
}
