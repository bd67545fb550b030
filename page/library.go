package page

import (
	"embed"
	"regexp"
	"strings"
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

	terms  []string // files with its text
	script func() string
	style  func() string // nil: it has none
}

// ECharts draws charts: the global `echarts`.
var ECharts = Library{
	Name:    "Apache ECharts 6.1.0",
	Licence: "Apache-2.0",
	terms:   []string{"echarts/NOTICE", "echarts/LICENSE", "echarts/LICENSE-d3"},
	script:  sync.OnceValue(func() string { return code("echarts/echarts.min.js") }),
}

// Tabulator makes tables that sort, filter and draw only the rows in sight: the
// global `Tabulator`.
var Tabulator = Library{
	Name:    "Tabulator 6.5.3",
	Licence: "MIT",
	terms:   []string{"tabulator/LICENSE"},
	script:  sync.OnceValue(func() string { return code("tabulator/tabulator.min.js") }),
	style:   func() string { return code("tabulator/tabulator_simple.min.css") + tabulatorTheme },
}

// Terms is the text of its licence, which the page repeats.
func (l Library) Terms() string {
	var texts []string
	for _, name := range l.terms {
		texts = append(texts, file(name))
	}
	return strings.Join(texts, "\n\n")
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
var sourceMap = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^(//|/\*)# sourceMappingURL=.*$`) })

// code returns a released script or style sheet without the address of its source
// map: a page requests nothing.
func code(name string) string { return sourceMap().ReplaceAllLiteralString(file(name), "") }
