package report

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"berth/internal/browser"
	"berth/results"
)

var darkWide = browser.Window{Width: 1400, Height: 900, Dark: true}

// TestLooks keeps pictures (go test -artifacts) for people, and holds what can be
// measured: nothing is wider than the window, text stands out from its ground.
func TestLooks(t *testing.T) {
	b := browser.Start(t)
	file := write(t, results.NewStudy(usual.records()))
	for _, w := range []struct {
		name   string
		window browser.Window
	}{
		{"wide", browser.Wide},
		{"wide-dark", darkWide},
		{"narrow", browser.Narrow},
		{"narrow-dark", browser.Window{Width: 420, Height: 800, Dark: true}},
	} {
		p := b.OpenFile(t, file, "", w.window)
		p.Wait(ready)
		showTable(p)
		p.Eval(`scrollTo(0, 0)`, nil)
		p.Picture(w.name, true)
		checkWidth(t, p, w.name)
		for _, link := range []string{"run", "instance", "method"} {
			p.Eval(`location.hash = document.querySelector("#runs-table a[href^='#`+link+`=']").getAttribute("href")`, nil)
			p.Wait(`document.getElementById("detail").open && document.querySelector("#detail canvas")`)
			p.Picture(w.name+"-"+link, false)
			checkWidth(t, p, w.name+" "+link)
			p.Eval(`document.getElementById("detail").close()`, nil)
		}
		checkContrast(t, p, w.name)
		p.CheckQuiet()
		p.Close()
	}
}

func checkWidth(t *testing.T, p *browser.Page, name string) {
	t.Helper()
	if browser.Get[bool](p, `document.documentElement.scrollWidth > innerWidth || document.getElementById("detail-body").scrollWidth > document.getElementById("detail-body").clientWidth`) {
		t.Errorf("%s: the page is wider than the window", name)
	}
}

// checkContrast holds the contrast that WCAG 2 asks of text, 4.5.
func checkContrast(t *testing.T, p *browser.Page, name string) {
	t.Helper()
	weak := browser.Get[[]string](p, `(() => {
		const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
		const light = (variable) => {
			pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(variable);
			pen.fillRect(0, 0, 1, 1);
			const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
			return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
		};
		const pairs = ["ink paper", "ink surface", "muted paper", "muted surface", "accent paper", "accent surface", "accent-ink accent", "wrong paper", "wrong wrong-ground", "ink wrong-ground", "good good-ground", "ink good-ground", "paper wrong"];
		return pairs.filter((pair) => {
			const [a, b] = pair.split(" ").map((name) => light("--" + name));
			return Math.max(a, b) / Math.min(a, b) < 4.5;
		});
	})()`)
	if len(weak) > 0 {
		t.Errorf("%s: too little contrast: %q", name, weak)
	}
}

func TestLooksOfExtremes(t *testing.T) {
	b := browser.Start(t)
	many := usual
	many.instances, many.methods = 12, nil
	for k := range 30 {
		many.methods = append(many.methods, "method-with-a-rather-long-name-"+strings.Repeat("x", k%7)+string(rune('a'+k%26))+string(rune('a'+k/26)))
	}
	long := sweep{instances: 60, groups: 2, seeds: 1, methods: []string{"lp", "sat"}, limit: 60, steps: 5}
	for name, s := range map[string]sweep{
		"one-run":      {instances: 1, groups: 1, seeds: 1, methods: []string{"lp"}, limit: 60, steps: 5},
		"one-method":   {instances: 10, groups: 1, seeds: 2, methods: []string{"lp"}, limit: 60, steps: 5},
		"one-instance": {instances: 1, groups: 1, seeds: 3, methods: usual.methods, limit: 60, steps: 5},
		"thirty":       many,
		"long":         long,
		"nothing":      {instances: 5, groups: 1, seeds: 1, methods: usual.methods, limit: 0.00001},
		"none":         {},
		"hostile":      {instances: 3, groups: 2, seeds: 1, methods: []string{"<script>alert(1)</script>", "</script><img src=x onerror=alert(2)>", "{a|b} \"q\" & 'x'"}, limit: 60, steps: 5, wrong: 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, b, results.NewStudy(s.records()), browser.Wide)
			p.Eval(`window.alert = (text) => { window.alarmed = text; }`, nil)
			if len(s.methods) > 0 {
				showTable(p)
				p.Eval(`scrollTo(0, 0)`, nil)
				checkWidth(t, p, name)
			}
			p.Picture(name, true)
			if browser.Get[bool](p, `window.alarmed !== undefined || document.querySelector("main img") !== null`) {
				t.Error("a name was read as HTML")
			}
			p.CheckQuiet()
		})
	}
}

// It prints light and at the width of paper, and is dark again after that.
func TestPrints(t *testing.T) {
	b := browser.Start(t)
	p := open(t, b, results.NewStudy(usual.records()), darkWide)
	p.Eval(`addEventListener("beforeprint", () => { window.printed = [berth.theme.dark, document.getElementById("pareto").clientWidth]; })`, nil)
	if size := len(p.Print("print")); size < 50_000 {
		t.Errorf("printed %d bytes", size)
	}
	var printed []any
	p.Eval(`printed`, &printed)
	if len(printed) != 2 || printed[0] != false || printed[1] != 680.0 {
		t.Errorf("printed dark and of width %v", printed)
	}
	if !browser.Get[bool](p, `berth.theme.dark && document.getElementById("pareto").clientWidth > 1000`) {
		t.Error("the page has not come back from printing")
	}
	p.CheckQuiet()
}

func TestDarkAndLightDifferAndFollowTheButton(t *testing.T) {
	b := browser.Start(t)
	p := open(t, b, results.NewStudy(usual.records()), browser.Wide)
	const line = `berth.figures.profile.chart.getModel().getSeriesByIndex(0).get("lineStyle.color")`
	light := browser.Get[string](p, line)
	p.Click("#theme-toggle")
	if dark := browser.Get[string](p, line); dark == light {
		t.Error("the figures are drawn as before")
	}
	p.Click("#theme-toggle")
	if again := browser.Get[string](p, line); again != light {
		t.Error("the figures do not come back")
	}
	p.CheckQuiet()
}

func TestKeyboard(t *testing.T) {
	b := browser.Start(t)
	p := open(t, b, results.NewStudy(usual.records()), browser.Wide)
	p.Eval(`document.querySelector("[data-method='2']").focus()`, nil)
	p.Key(" ")
	p.Wait(`state.hidden.has(2) && document.activeElement.dataset.method === "2"`)
	p.Key(kb.Enter)
	p.Wait(`!state.hidden.has(2)`)
	p.Eval(`document.querySelector("#methods-table tbody a").focus()`, nil)
	p.Key(kb.Enter)
	p.Wait(`document.getElementById("detail").open`)
	p.Key(kb.Escape)
	p.Wait(`!document.getElementById("detail").open && location.hash === ""`)
	if !browser.Get[bool](p, `document.activeElement.closest("#methods-table") !== null`) {
		t.Error("the focus does not come back from the dialog")
	}
	p.CheckQuiet()
}
