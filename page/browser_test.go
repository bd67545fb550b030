package page_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/browser"
	"berth/page"
)

func TestMain(m *testing.M) { browser.Main(m) }

// script draws one chart and one table and tells what it found in the data.
const script = `
(async () => {
  const rows = await berth.data("rows");
  berth.figure("points", document.getElementById("chart"), {
    option: () => ({ xAxis: {}, yAxis: {}, series: [{ type: "scatter", data: rows, symbol: berth.symbol(4), itemStyle: { color: berth.colour(0) } }] }),
    points: () => rows.length,
  });
  new Tabulator("#table", { data: rows.map(([x, y]) => ({ x, y })), columns: [{ title: "x", field: "x" }, { title: "y", field: "y" }] });
  window.finished = true;
})();`

func open(t *testing.T, b *browser.Browser, w browser.Window) *browser.Page {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	err = page.Write(f, page.Document{
		Title: "A page", Body: `<div id="chart" style="height:300px"></div><div id="table"></div>`, Script: script,
		Style:     ".extra { color: red; }",
		Libraries: []page.Library{page.ECharts, page.Tabulator},
		Data:      []page.Data{{Name: "rows", Value: [][2]int{{1, 2}, {3, 4}, {5, 6}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	p := b.OpenFile(t, path, "", w)
	p.Wait("window.finished")
	return p
}

func TestPageInBrowser(t *testing.T) {
	b := browser.Start(t)
	p := open(t, b, browser.Wide)
	var points int
	p.Eval(`berth.figures.points.points`, &points)
	if points != 3 {
		t.Errorf("%d points, want 3", points)
	}
	p.Picture("light", true)
	ground := func() string {
		var colour string
		p.Eval(`getComputedStyle(document.documentElement).backgroundColor`, &colour)
		return colour
	}
	if got := ground(); got != "rgb(255, 255, 255)" {
		t.Errorf("light ground %s", got)
	}
	p.Click("#theme-toggle")
	if got := ground(); got != "rgb(21, 24, 28)" {
		t.Errorf("dark ground %s", got)
	}
	p.Picture("dark", true)
	if printed := p.Print("print"); len(printed) < 1000 {
		t.Errorf("printed %d bytes", len(printed))
	}
	if got := ground(); got != "rgb(21, 24, 28)" {
		t.Errorf("ground %s after printing, want the dark one again", got)
	}
	p.CheckQuiet()
	if n := len(p.Requests()); n < 1 {
		t.Error("not even the page's own request was heard: the listener is deaf")
	}
}

func TestDarkBySystem(t *testing.T) {
	b := browser.Start(t)
	p := open(t, b, browser.Window{Width: 420, Height: 800, Dark: true})
	var label string
	p.Eval(`document.getElementById("theme-toggle").textContent`, &label)
	if label != "Light" {
		t.Errorf("the button says %q, want Light", label)
	}
	p.CheckQuiet()
}

// The policy holds even for the page's own script.
func TestPolicyForbidsRequests(t *testing.T) {
	b := browser.Start(t)
	p := open(t, b, browser.Wide)
	var outcome string
	p.Eval(`fetch("http://127.0.0.1:9/").then(() => "sent", () => "refused")`, &outcome)
	if outcome != "refused" || !strings.Contains(strings.Join(p.Troubles(), " "), "Content Security Policy") {
		t.Errorf("a request was %s; the console says %q", outcome, p.Troubles())
	}
}

func TestNumbersForPeople(t *testing.T) {
	b := browser.Start(t)
	p := open(t, b, browser.Wide)
	for call, want := range map[string]string{
		"number(0)": "0", "number(1234567)": "1\u202f234\u202f567", "number(3.14159)": "3.14", "number(-0.5)": "−0.5",
		"number(0.04999)": "0.05", "number(2e-7)": "2.00e−7", "number(NaN)": "–", "number(Infinity)": "∞", "number(99.99)": "100", "number(120)": "120",
		"seconds(0.00005)": "50 µs", "seconds(0.25)": "250 ms", "seconds(59.96)": "60 s", "seconds(3600)": "60 min", "seconds(0)": "0 s",
		"percent(0.1234)": "12.3 %", "percent(1)": "100 %", "percent(0.00001)": "0.001 %", "percent(0)": "0 %", "percent(0.000001)": "< 0.001 %",
		"bytes(1536)": "1.5 KiB", "bytes(0)": "0 B",
		"escape('<a href=\"x\">&</a>')": "&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;",
	} {
		var got string
		if p.Eval("berth."+call, &got); strings.ReplaceAll(got, "\u00a0", " ") != want {
			t.Errorf("%s: %q, want %q", call, got, want)
		}
	}
}
