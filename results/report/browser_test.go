package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"berth/internal/browser"
	"berth/results"
)

func TestMain(m *testing.M) { browser.Main(m) }

const ready = `document.documentElement.dataset.ready === ""`

func open(t *testing.T, b *browser.Browser, study *results.Study, w browser.Window) *browser.Page {
	t.Helper()
	p := b.OpenFile(t, write(t, study), "", w)
	p.Wait(ready)
	return p
}

// showTable brings the table of all runs into sight, which draws it.
func showTable(p *browser.Page) {
	p.Eval(`document.getElementById("runs").scrollIntoView()`, nil)
	p.Wait(`document.querySelectorAll("#runs-table .tabulator-row").length > 0 && document.getElementById("runs-shown").textContent !== ""`)
}

// drawn is what a figure shows: points, and the runs that they stand for.
type drawn struct{ Points, Runs int }

// wanted counts what the figures must show of a study, from its statistics.
func wanted(study *results.Study, left, right string) map[string]drawn {
	w := map[string]drawn{}
	fit := 0
	seeds := map[string]int{}
	for _, r := range study.Runs {
		if r.Outcome == results.Unfit {
			continue
		}
		fit++
		if r.Method == left || r.Method == right {
			seeds[fmt.Sprint(r.Entry.Digest, r.Seed)]++
		}
	}
	w["pareto"] = drawn{fit, fit}
	count := func(name string, curves []results.Curve) {
		var d drawn
		for _, c := range curves {
			d.Points += len(c.Points)
			d.Runs += c.Runs
		}
		w[name] = d
	}
	count("profile", study.Profile())
	count("gaps", study.GapProfile())
	count("cactus", study.Cactus())
	var bands, heat drawn
	for _, band := range study.GapOverTime(manyMoments) {
		bands.Points += len(band.Seconds)
		bands.Runs += band.Runs
	}
	for _, row := range study.Heat().Cells {
		for _, cell := range row {
			if cell != nil {
				heat.Points++
				heat.Runs += len(cell.Runs)
			}
		}
	}
	w["bands"], w["heat"] = bands, heat
	pairs := 0
	for _, n := range seeds {
		if n == 2 {
			pairs++
		}
	}
	w["duel"] = drawn{pairs, pairs}
	return w
}

const figures = `Object.fromEntries(Object.entries(berth.figures).map(([name, f]) => [name, {Points: f.points, Runs: f.runs}]))`

func checkFigures(t *testing.T, p *browser.Page, study *results.Study) {
	t.Helper()
	left := browser.Get[string](p, `state.study.methods[duel.left]`)
	right := browser.Get[string](p, `state.study.methods[duel.right]`)
	got := browser.Get[map[string]drawn](p, figures)
	for name, want := range wanted(study, left, right) {
		if got[name] != want {
			t.Errorf("figure %s shows %+v, want %+v", name, got[name], want)
		}
	}
	// What the chart library holds, not what the script says of it.
	cloud := browser.Get[int](p, `berth.figures.pareto.chart.getModel().getSeries().filter((s) => s.name === "cloud").reduce((n, s) => n + s.getData().count(), 0)`)
	if cloud != got["pareto"].Points {
		t.Errorf("the cloud has %d dots, want %d", cloud, got["pareto"].Points)
	}
	steps := browser.Get[int](p, `berth.figures.cactus.chart.getModel().getSeries().filter((s) => s.name === "curve").reduce((n, s) => n + s.getData().count(), 0)`)
	if steps != got["cactus"].Points {
		t.Errorf("the cactus has %d points, want %d", steps, got["cactus"].Points)
	}
}

// A group that is chosen before the table of runs is in sight holds for it too.
func TestTableOfRunsFollowsTheGroup(t *testing.T) {
	b := browser.Start(t)
	study := results.NewStudy(usual.records())
	p := open(t, b, study, browser.Wide)
	p.Eval(`const choice = document.getElementById("group"); choice.value = 2; choice.dispatchEvent(new Event("change"))`, nil)
	p.Wait(`berth.figures.heat.runs < state.runs.id.length`)
	p.Eval(`document.getElementById("runs").scrollIntoView()`, nil)
	n := 0
	for _, r := range study.Runs {
		if r.Entry.Group == study.Groups[2] {
			n++
		}
	}
	p.Wait(fmt.Sprintf(`document.getElementById("runs-shown").textContent.startsWith("%d of")`, n))
	p.CheckQuiet()
}

func TestFiguresShowEveryRun(t *testing.T) {
	b := browser.Start(t)
	study := results.NewStudy(usual.records())
	p := open(t, b, study, browser.Wide)
	showTable(p)
	checkFigures(t, p, study)
	if got := browser.Get[int](p, `allRuns.then((table) => table.getDataCount("active"))`); got != len(study.Runs) {
		t.Errorf("the table has %d rows, want %d", got, len(study.Runs))
	}

	t.Run("group", func(t *testing.T) {
		group := study.Groups[1]
		p.Eval(`const choice = document.getElementById("group"); choice.value = 1; choice.dispatchEvent(new Event("change"))`, nil)
		part := study.Select(func(r *results.Run) bool { return r.Entry.Group == group })
		p.Wait(fmt.Sprintf(`document.getElementById("runs-shown").textContent.startsWith("%d of")`, len(part.Runs)))
		checkFigures(t, p, part)
		p.Eval(`choice.value = -1; choice.dispatchEvent(new Event("change"))`, nil)
		p.Wait(fmt.Sprintf(`berth.figures.heat.runs === %d && document.getElementById("runs-shown").textContent.length < 12`, len(study.Runs)))
	})
	t.Run("method off", func(t *testing.T) {
		p.Eval(`document.querySelector("[data-method='1']").click()`, nil)
		part := study.Select(func(r *results.Run) bool { return r.Method != study.Methods[1] })
		want := wanted(part, "", "")
		p.Wait(fmt.Sprintf(`berth.figures.heat.runs === %d`, len(part.Runs)))
		got := browser.Get[map[string]drawn](p, figures)
		for _, name := range []string{"pareto", "gaps", "cactus", "bands"} {
			if got[name].Runs != want[name].Runs {
				t.Errorf("figure %s shows %+v, want %+v", name, got[name], want[name])
			}
		}
	})
	p.CheckQuiet()
}

// A click on a point leads to its run.
func TestClickOnAPointShowsItsRun(t *testing.T) {
	b := browser.Start(t)
	study := results.NewStudy(usual.records())
	p := open(t, b, study, browser.Wide)
	p.Eval(`document.getElementById("duel").scrollIntoView({block: "center"})`, nil)
	var at [3]float64
	p.Eval(`(() => {
		const { x, y } = duel.drawn;
		const far = x.map((_, k) => Math.min(...x.map((_, j) => j === k ? 9 : Math.hypot(x[j] - x[k], y[j] - y[k]))));
		const k = far.indexOf(Math.max(...far));
		const [px, py] = berth.figures.duel.chart.convertToPixel({ gridIndex: 0 }, [x[k], y[k]]);
		const box = document.getElementById("duel").getBoundingClientRect();
		return [box.left + px, box.top + py, duel.drawn.item[k].left];
	})()`, &at)
	p.ClickAt(at[0], at[1])
	p.Wait(`document.getElementById("detail").open`)
	id := shortIDs(study)[study.Runs[int(at[2])]]
	if hash := browser.Get[string](p, `location.hash`); hash != "#run="+id {
		t.Errorf("the click leads to %s, want #run=%s", hash, id)
	}
	p.CheckQuiet()
}

const shownDetail = `document.getElementById("detail").open ? document.getElementById("detail-title").textContent : ""`

func TestAddressesLeadToWhatTheyName(t *testing.T) {
	b := browser.Start(t)
	s := sweep{instances: 7, groups: 1, seeds: 2, methods: []string{"a&b=c #%+", "lp", "</script>"}, limit: 60, steps: 5, wrong: 1}
	records := s.records()
	for k := range records { // two instances of the same name in two groups
		if records[k].Instance.Name == "gap01-1" {
			records[k].Instance.Name, records[k].Instance.Group = "gap00-0", "other"
			records[k].ID = records[k].Digest()
		}
	}
	study := results.NewStudy(records)
	file := write(t, study)
	first := study.Runs[0]
	for fragment, want := range map[string]string{
		"#run=" + shortIDs(study)[first]:                 first.Method + " on " + first.Entry.Name,
		"#run=" + first.ID:                               first.Method + " on " + first.Entry.Name,
		"#instance=gap00-0&group=other":                  "Instance gap00-0",
		"#instance=gap00-1":                              "Instance gap00-1",
		"#method=" + strictly("a&b=c #%+"):               " a&b=c #%+",
		"#method=" + strictly("</script>"):               " </script>",
		"#run=00000000000000000000000000000000":          "Not in this report",
		"#instance=" + strictly("<img src=x onerror=1>"): "Not in this report",
	} {
		p := b.OpenFile(t, file, fragment, browser.Wide)
		p.Wait(ready)
		p.Wait(`document.getElementById("detail").open`)
		if got := browser.Get[string](p, shownDetail); got != want {
			t.Errorf("%s shows %q, want %q", fragment, got, want)
		}
		p.CheckQuiet()
	}
}

// strictly escapes all but letters and digits.
func strictly(text string) string {
	var out strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&out, "%%%02X", c)
	}
	return out.String()
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	b := browser.Start(t)
	s := usual
	s.instances, s.seeds = 6, 2
	study := results.NewStudy(s.records())
	p := open(t, b, study, browser.Wide)
	showTable(p)
	var bad []string
	p.Eval(`(async () => {
		const links = new Set(), done = new Set(), bad = [];
		const collect = () => document.querySelectorAll("a[href]").forEach((a) => links.add(a.getAttribute("href")));
		collect();
		for (let run = 0; run < state.runs.id.length; run++) links.add(runLink(run)).add(instanceLink(state.runs.instance[run])).add(methodLink(methodOf(run)));
		for (const address of links) { // more are found on the way
			done.add(address);
			if (!address.startsWith("#")) { bad.push(address); continue; }
			history.replaceState(null, "", address);
			document.getElementById("detail-title").textContent = "";
			await follow();
			const title = document.getElementById("detail-title").textContent;
			const target = document.getElementById(address.slice(1));
			const filtered = /^#outcome=/.test(address) && document.getElementById("runs-shown").textContent.includes(" of ");
			if (!(detail.open && title && !title.startsWith("Not in")) && !target && !filtered) bad.push(address);
			collect();
		}
		detail.close();
		return bad.concat(done.size < state.runs.id.length ? ["only " + done.size + " links"] : []);
	})()`, &bad)
	if len(bad) > 0 {
		t.Errorf("links that lead nowhere: %q", bad)
	}
	p.CheckQuiet()
}

// Every run shows the command that repeats it, its trajectory and what was judged.
func TestARunSaysAllOfItself(t *testing.T) {
	b := browser.Start(t)
	s := usual
	s.instances, s.seeds = 4, 2
	study := results.NewStudy(s.records())
	p := open(t, b, study, browser.Wide)
	short := shortIDs(study)
	for k, r := range study.Runs {
		if k%5 > 0 && r.Outcome != results.Wrong {
			continue
		}
		p.Eval(`location.hash = "#run=`+short[r]+`"`, nil)
		p.Wait(`document.getElementById("detail").open && document.getElementById("detail-body").textContent.includes("` + short[r] + `")`)
		if got := browser.Get[string](p, `document.querySelector("#detail .command").textContent`); got != r.Command {
			t.Errorf("run %d: command %q, want %q", k, got, r.Command)
		}
		points := 0
		for _, step := range r.Trajectory {
			if step.Cost != "" {
				points++
			}
			if step.Bound != "" {
				points++
			}
		}
		if got := browser.Get[int](p, `berth.figures.trajectory.points`); got != points {
			t.Errorf("run %d: %d points of the trajectory, want %d", k, got, points)
		}
		body := strings.NewReplacer("\u202f", "", "\u00a0", " ").Replace(browser.Get[string](p, `document.getElementById("detail-body").textContent`))
		for _, want := range []string{string(r.Outcome), r.Note, string(r.Cost), string(r.Claim.Objective), string(r.Claim.Bound), r.Claim.Status, "bench-", r.Usage.Exit, "60 s, 2 GiB, 1 thread", r.Version} {
			if !strings.Contains(body, want) {
				t.Errorf("run %d does not say %q", k, want)
			}
		}
	}
	p.CheckQuiet()
}

func TestTableOfRunsSortsAndFilters(t *testing.T) {
	b := browser.Start(t)
	study := results.NewStudy(usual.records())
	p := open(t, b, study, browser.Wide)
	showTable(p)
	p.Eval(`allRuns.then((table) => { window.table = table; })`, nil)
	shown := func() []float64 { return browser.Get[[]float64](p, `table.getData("active").map((row) => row.run)`) }
	count := func(keep func(r *results.Run) bool) int {
		n := 0
		for _, r := range study.Runs {
			if keep(r) {
				n++
			}
		}
		return n
	}

	for _, c := range []struct {
		field, value string
		keep         func(r *results.Run) bool
	}{
		{"instance", "AP03", func(r *results.Run) bool { return strings.Contains(r.Entry.Name, "ap03") }},
		{"method", "lp", func(r *results.Run) bool { return r.Method == "lp" }},
		{"outcome", "wrong", func(r *results.Run) bool { return r.Outcome == results.Wrong }},
		{"gap", "> 5", func(r *results.Run) bool { return r.Outcome.Solved() && r.Gap > 0.05 }},
		{"gap", "none", func(r *results.Run) bool { return !r.Outcome.Solved() && r.Outcome != results.Infeasible }},
		{"wall", "1..10", func(r *results.Run) bool { return r.Usage.Wall >= 1 && r.Usage.Wall <= 10 }},
		{"seed", "2", func(r *results.Run) bool { return r.Seed == 2 }},
		{"cost", "<1000", func(r *results.Run) bool { return r.Cost != "" && len(r.Cost) < 4 }},
	} {
		p.Eval(fmt.Sprintf(`table.clearHeaderFilter(); table.setHeaderFilterValue(%q, %q)`, c.field, c.value), nil)
		if got, want := len(shown()), count(c.keep); got != want || want == 0 {
			t.Errorf("%s filtered by %q: %d rows, want %d", c.field, c.value, got, want)
		}
	}
	p.Eval(`table.clearHeaderFilter()`, nil)

	// By hand: a title that is clicked, a filter that is typed.
	p.Click(`#runs-table .tabulator-col[tabulator-field="wall"] .tabulator-col-title`)
	walls := []float64{}
	for _, k := range shown() {
		walls = append(walls, study.Runs[int(k)].Usage.Wall)
	}
	rounded := func(a, b float64) int { // the page keeps four digits
		if a < b*0.999 {
			return -1
		}
		return 0
	}
	if !slices.IsSortedFunc(walls, rounded) || len(walls) != len(study.Runs) {
		t.Error("a click on the title of a column does not sort")
	}
	p.Type(`#runs-table .tabulator-col[tabulator-field="instance"] input`, "gap02-1")
	p.Wait(fmt.Sprintf(`document.getElementById("runs-shown").textContent.startsWith("%d of")`, count(func(r *results.Run) bool { return r.Entry.Name == "gap02-1" })))
	p.Click(`#runs-table .tabulator-row .tabulator-cell[tabulator-field="cost"]`)
	p.Wait(`document.getElementById("detail").open`)
	if title := browser.Get[string](p, shownDetail); !strings.HasSuffix(title, "on gap02-1") {
		t.Errorf("a click on a row shows %q", title)
	}
	p.CheckQuiet()
}

func TestTableOfMethodsSorts(t *testing.T) {
	b := browser.Start(t)
	study := results.NewStudy(usual.records())
	p := open(t, b, study, browser.Wide)
	summaries := study.Summaries()
	for _, c := range []struct {
		key     string
		compare func(a, b results.Summary) int
	}{
		{"wins", func(a, b results.Summary) int { return b.Wins - a.Wins }},
		{"gap", func(a, b results.Summary) int {
			switch {
			case a.Gap.Value < b.Gap.Value:
				return -1
			case a.Gap.Value > b.Gap.Value:
				return 1
			}
			return 0
		}},
	} {
		slices.SortStableFunc(summaries, func(a, b results.Summary) int {
			if d := c.compare(a, b); d != 0 {
				return d
			}
			return strings.Compare(a.Method, b.Method)
		})
		var want []string
		for _, row := range summaries {
			want = append(want, row.Method)
		}
		p.Click(`#methods-table [data-key="` + c.key + `"] button`)
		if got := browser.Get[[]string](p, `[...document.querySelectorAll("#methods-table tbody th")].map((th) => th.textContent.trim())`); !slices.Equal(got, want) {
			t.Errorf("by %s: %q, want %q", c.key, got, want)
		}
	}
	if browser.Get[int](p, `document.querySelectorAll("#methods-table td.wrong").length`) != 2 {
		t.Error("methods with wrong claims are not marked")
	}
	p.CheckQuiet()
}
