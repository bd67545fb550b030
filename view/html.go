package view

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"berth/model"
	"berth/page"
)

//go:embed assets
var assets embed.FS

// scripts are the parts of the page's script, in the order in which they run.
var scripts = []string{"data.js", "layout.js", "map.js", "hover.js", "detail.js", "traffic.js", "tables.js", "main.js"}

var body = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("body.html").Funcs(template.FuncMap{"grouped": grouped}).ParseFS(assets, "assets/body.html"))
})

// grouped parts the digits of a number by threes.
func grouped(number any) string {
	whole, rest, fraction := strings.Cut(fmt.Sprint(number), ".")
	if strings.Trim(whole, "-0123456789") != "" {
		return fmt.Sprint(number) // 1e30
	}
	for at := len(whole) - 3; at > 0 && whole[at-1] != '-'; at -= 3 {
		whole = whole[:at] + "\u202f" + whole[at:]
	}
	if fraction {
		whole += "." + rest
	}
	return whole
}

// asset returns an embedded file.
func asset(name string) string {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic("view: " + err.Error()) // embedded: it is there
	}
	return string(text)
}

// WriteHTML writes the picture as one page that opens anywhere: a map of the nodes,
// tables and charts, with search. It fails where w does.
func (v *Picture) WriteHTML(w io.Writer) error {
	var text strings.Builder
	if err := body().Execute(&text, v.headline()); err != nil {
		return fmt.Errorf("view: %w", err)
	}
	var script strings.Builder
	for _, name := range scripts {
		script.WriteString(asset(name))
	}
	title := v.Solution.Instance
	if title == "" {
		title = "A solution"
	}
	return page.Write(w, page.Document{
		Title: title, Style: asset("view.css"), Body: template.HTML(text.String()), Script: script.String(),
		Libraries: []page.Library{page.ECharts, page.Tabulator},
		Data:      []page.Data{{Name: "picture", Value: v.payload()}},
	})
}

// headline is what the page says in words.
type headline struct {
	*model.Solution
	Failed    []string
	Gap       string // with its unit
	Seconds   string
	Finder    string // who found the placement, where the solver is a portfolio
	Terms     []term
	Drawn     bool // there is a placement
	Violated  bool // and it breaks rules, or costs something else
	Cost      string
	Counts    string
	Optimal   bool
	Undecided bool
}

// term is a part of the cost.
type term struct {
	Name, Cost string
	Percent    float64
}

func (v *Picture) headline() headline {
	s := v.Solution
	h := headline{
		Solution: s, Failed: v.Failed, Seconds: fmt.Sprintf("%.2f s", s.Seconds), Drawn: v.Bill != nil,
		Optimal: s.Status == model.Optimal, Undecided: s.Status == model.Unknown,
		Counts: fmt.Sprintf("%s on %s", counted(len(v.Instance.Tasks), "task"), counted(len(v.Instance.Nodes), "node")),
	}
	if s.Gap != nil {
		h.Gap = fmt.Sprintf("%.3g %%", 100**s.Gap)
	}
	for _, step := range s.Trajectory {
		if s.Objective != "" && step.Objective == s.Objective && step.By != s.Solver {
			h.Finder = step.By
			break
		}
	}
	if v.Bill == nil {
		return h
	}
	h.Cost, h.Violated = v.Problem.Format(v.Bill.Cost), len(v.Failed) > 0
	t := v.Bill.Terms
	for _, part := range []struct {
		name string
		cost int64
	}{{"fetch", t.Fetch}, {"traffic", t.Traffic}, {"move", t.Move}, {"open", t.Open}, {"unplaced", t.Unplaced}, {"wishes", t.Wishes}} {
		if part.cost > 0 {
			h.Terms = append(h.Terms, term{part.name, v.Problem.Format(part.cost), 100 * float64(part.cost) / float64(v.Bill.Cost)})
		}
	}
	return h
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%s %ss", grouped(n), thing)
}
