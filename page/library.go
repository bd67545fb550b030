package page

import (
	"embed"
	"regexp"
	"sync"
)

//go:embed libraries
var released embed.FS

//go:embed tabulator.css
var tabulatorTheme string

// Library is a JavaScript library that a page carries.
type Library struct {
	Name    string // with its version
	Licence string // its name
	Terms   string // its text, which the page repeats

	script func() string
	style  func() string // nil: it has none
}

// ECharts draws charts: the global `echarts`.
var ECharts = Library{
	Name:    "Apache ECharts 6.1.0",
	Licence: "Apache-2.0",
	Terms:   file("echarts/NOTICE") + "\n\n" + file("echarts/LICENSE") + "\n\n" + file("echarts/LICENSE-d3"),
	script:  sync.OnceValue(func() string { return code("echarts/echarts.min.js") }),
}

// Tabulator makes tables that sort, filter and draw only the rows in sight: the
// global `Tabulator`.
var Tabulator = Library{
	Name:    "Tabulator 6.5.3",
	Licence: "MIT",
	Terms:   file("tabulator/LICENSE"),
	script:  sync.OnceValue(func() string { return code("tabulator/tabulator.min.js") }),
	style:   func() string { return code("tabulator/tabulator_simple.min.css") + tabulatorTheme },
}

// file returns a released file.
func file(name string) string {
	text, err := released.ReadFile("libraries/" + name)
	if err != nil {
		panic("page: " + err.Error()) // embedded: it is there
	}
	return string(text)
}

// sourceMap is the line that tells a debugger what to request.
var sourceMap = regexp.MustCompile(`(?m)^(//|/\*)# sourceMappingURL=.*$`)

// code returns a released script or style sheet without the address of its source
// map: a page requests nothing.
func code(name string) string { return sourceMap.ReplaceAllLiteralString(file(name), "") }
