package report

import (
	"strings"
	"testing"

	"berth/internal/browser"
	"berth/results"
)

const ready = `document.documentElement.dataset.ready === ""`

func TestGallery(t *testing.T) {
	b := browser.Start(t)
	file := write(t, results.NewStudy(usual.records()), Options{})
	for _, w := range []struct {
		name   string
		window browser.Window
	}{
		{"wide", browser.Wide},
		{"wide-dark", browser.Window{Width: 1400, Height: 900, Dark: true}},
		{"narrow", browser.Narrow},
		{"narrow-dark", browser.Window{Width: 420, Height: 800, Dark: true}},
	} {
		p := b.OpenFile(t, file, "", w.window)
		p.Wait(ready)
		p.Eval(`document.getElementById("runs").scrollIntoView()`, nil)
		p.Wait(`document.querySelectorAll("#runs-table .tabulator-row").length > 5`)
		p.Picture(w.name, true)
		for _, link := range []string{"run", "instance", "method"} {
			p.Eval(`location.hash = [...document.querySelectorAll("#runs-table a[href^='#`+link+`=']")][0].getAttribute("href")`, nil)
			p.Wait(`document.getElementById("detail").open && berth.figures.` + map[string]string{"run": "trajectory", "instance": "subject", "method": "subject"}[link] + `?.points > 0`)
			p.Picture(w.name+"-"+link, false)
			p.Eval(`document.getElementById("detail").close()`, nil)
		}
		if w.name == "wide-dark" {
			p.Print("print")
		}
		p.CheckQuiet()
	}
}

func TestGalleryOfExtremes(t *testing.T) {
	b := browser.Start(t)
	many := usual
	many.methods = nil
	for k := range 30 {
		many.methods = append(many.methods, "method-with-a-rather-long-name-"+strings.Repeat("x", k%7)+string(rune('a'+k%26))+string(rune('a'+k/26)))
	}
	for name, s := range map[string]sweep{
		"one-run":      {instances: 1, groups: 1, seeds: 1, methods: []string{"lp"}, limit: 60, steps: 5},
		"one-method":   {instances: 10, groups: 1, seeds: 2, methods: []string{"lp"}, limit: 60, steps: 5},
		"one-instance": {instances: 1, groups: 1, seeds: 3, methods: usual.methods, limit: 60, steps: 5},
		"thirty":       many,
		"nothing":      {instances: 5, groups: 1, seeds: 1, methods: usual.methods, limit: 0.00001},
		"none":         {},
		"hostile":      {instances: 3, groups: 2, seeds: 1, methods: []string{"<script>alert(1)</script>", "</script>", "{a|b} \"q\" & 'x'"}, limit: 60, steps: 5, wrong: 1},
	} {
		p := b.OpenFile(t, write(t, results.NewStudy(s.records()), Options{}), "", browser.Wide)
		p.Wait(ready)
		if len(s.methods) > 0 {
			p.Eval(`document.getElementById("runs").scrollIntoView()`, nil)
			p.Wait(`document.querySelectorAll("#runs-table .tabulator-row").length > 0`)
		}
		p.Picture(name, true)
		p.CheckQuiet()
	}
}
