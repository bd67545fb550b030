package view_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/heuristics"
	"berth/instances"
	"berth/internal/browser"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
	"berth/view"
)

func TestMain(m *testing.M) { browser.Main(m) }

// open writes the page of a picture and opens it.
func open(t *testing.T, b *browser.Browser, v *view.Picture, fragment string, w browser.Window) *browser.Page {
	t.Helper()
	file := filepath.Join(t.TempDir(), "view.html")
	write(t, v, file)
	p := b.OpenFile(t, file, fragment, w)
	p.Wait(`window.view && view.ready || !document.getElementById("trouble").hidden`)
	var trouble string
	if p.Eval(`document.getElementById("trouble").textContent`, &trouble); trouble != "" {
		t.Fatal(trouble)
	}
	return p
}

func write(t *testing.T, v *view.Picture, file string) {
	t.Helper()
	var page bytes.Buffer
	if err := v.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, page.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// shop is the optimum of the shipped instance of that name.
var shop = map[string]string{
	"gateway": "a2 b2", "web": "a2 b2", "cart": "a2", "sessions": "a2", "checkout": "a1", "payment": "a1", "catalogue": "b2",
	"search": "b1", "index": "b1", "recommend": "c1", "orders": "a1", "orders-copy": "c2", "users": "a2", "mail": "b2", "reports": "c2",
}

func shopPicture(t *testing.T) *view.Picture {
	t.Helper()
	in, p := library(t, "shop")
	s := solution(p, in, on(t, in, p, shop))
	s.Trajectory = []model.Step{{Seconds: 0.1, Objective: "300", Bound: "100", By: "regret"}, {Seconds: 0.4, Objective: s.Objective, Bound: "150", By: "lp"}}
	s.Seconds = 2
	v, err := view.New(in, p, s)
	if err != nil || len(v.Failed) > 0 {
		t.Fatalf("%v, %q", err, v.Failed)
	}
	return v
}

func TestPage(t *testing.T) {
	b := browser.Start(t)
	v := shopPicture(t)
	for _, w := range []browser.Window{browser.Wide, browser.Narrow, {Width: 1400, Height: 900, Dark: true}} {
		t.Run(fmt.Sprintf("%dx%d dark %t", w.Width, w.Height, w.Dark), func(t *testing.T) {
			p := open(t, b, v, "", w)
			p.Wait("view.onMap.drawn.nodes === 6 && view.onMap.drawn.pieces >= 17")
			for _, fact := range []struct {
				what, expression string
				want             any
			}{
				{"the page is no wider than the window", "document.documentElement.scrollWidth <= innerWidth", true},
				{"places in the chord", "berth.figures.traffic.chart.getOption().series[0].data.length", 6.0},
				{"pairs of nodes in it", "berth.figures.traffic.points", 7.0},
				{"what they cost", "view.onTraffic.exchange(40).cells.reduce((s, c) => s + c.value, 0)", 184.0},
				{"steps of the trajectory", "berth.figures.trajectory.points", 4.0},
				{"rows of nodes", "view.onTables.tables['node-table'].getRows().length", 6.0},
				{"nobody is away", "document.getElementById('away-section').hidden", true},
				{"a wish is broken", "view.onTables.tables.wishes.getRows().length", 1.0},
			} {
				var got any
				p.Eval(fact.expression, &got)
				if got != fact.want {
					t.Errorf("%s: %v, want %v", fact.what, got, fact.want)
				}
			}
			p.Click("#theme-toggle")
			p.Click("#as-matrix")
			p.Wait("berth.figures.traffic.chart.getOption().series[0].type === 'heatmap'")
			p.Click("#by-volume")
			var inside float64
			p.Eval("view.onTraffic.exchange(60).cells.filter(c => c.a === c.b).reduce((s, c) => s + c.value, 0)", &inside)
			if inside != 95.5 { // 30, and halves of 16, 20 and 9 within a2 or b2; 18, 5, 6 … with 7 and 8 elsewhere
				t.Errorf("%g of the volume stays on one node", inside)
			}
			p.CheckQuiet()
			p.Picture("shop", true)
		})
	}
}

// TestClicksAndLinks: what is clicked on the map is shown beside it and stands in the
// address; every link leads to what it names.
func TestClicksAndLinks(t *testing.T) {
	b := browser.Start(t)
	p := open(t, b, shopPicture(t), "", browser.Wide)
	p.Eval(`document.getElementById("map").scrollIntoView({block: "center"})`, nil)
	p.Wait("view.onMap.drawn.frames > 0")
	var at struct{ X, Y, Scale float64 }
	// The name of c1, above its bars.
	p.Eval(`(() => { const f = document.getElementById("map").getBoundingClientRect(), c = view.onMap.centre(4), k = view.onMap.camera().k;
		return {X: f.left + c.x, Y: f.top + c.y - 18 * k, Scale: k}; })()`, &at)
	p.ClickAt(at.X, at.Y)
	p.Wait(`location.hash === "#node=c1" && document.querySelector("#detail h3")?.textContent === "Node c1"`)
	at.X, at.Y = at.X-20*at.Scale, at.Y+15*at.Scale
	p.ClickAt(at.X, at.Y) // its first bar, which begins with recommend
	p.Wait(`location.hash === "#task=recommend" && document.querySelector("#detail h3")?.textContent === "Task recommend"`)
	var tip string
	p.Eval(`(() => { const f = document.getElementById("map").getBoundingClientRect();
		document.getElementById("map").dispatchEvent(new PointerEvent("pointermove", {clientX: `+fmt.Sprint(at.X)+`, clientY: `+fmt.Sprint(at.Y)+`, pointerId: 9}));
		return document.getElementById("tip").innerText; })()`, &tip)
	for _, want := range []string{"recommend on c1", "cpu 2", "memory 8Gi", "traffic 24", "at home on c1"} {
		if !strings.Contains(tip, want) {
			t.Errorf("the pointer is told %q, not %q", tip, want)
		}
	}
	p.Click("#as-matrix")
	p.Eval(`(() => { const e = document.getElementById("traffic-figure"); e.scrollIntoView({block: "center"});
		const f = e.getBoundingClientRect(), [x, y] = berth.figures.traffic.chart.convertToPixel({seriesIndex: 0}, ["1", "3"]);
		return {X: f.left + x, Y: f.top + y}; })()`, &at)
	p.ClickAt(at.X, at.Y) // the row of b2
	p.Wait(`location.hash === "#node=b2"`)
	var links []string
	p.Eval(`(() => { const seen = new Set(); const todo = ["#task=recommend"];
		while (todo.length) {
			const hash = todo.pop();
			if (seen.has(hash)) continue;
			seen.add(hash);
			history.replaceState(null, "", hash);
			dispatchEvent(new HashChangeEvent("hashchange"));
			const [what, name] = hash.slice(1).split("=").map(decodeURIComponent);
			if (what !== "find" && document.querySelector("#detail h3").textContent.toLowerCase() !== what + " " + name) return ["lost at " + hash];
			document.querySelectorAll("#nodes a, section a").forEach((a) => todo.push(a.hash));
		}
		return [...seen]; })()`, &links)
	if len(links) < 6+15+3 { // nodes, tasks, racks
		t.Errorf("only %d links: %q", len(links), links)
	}
	p.CheckQuiet()
}

func TestSearchAndTables(t *testing.T) {
	b := browser.Start(t)
	in, problem := library(t, "edge")
	v, err := view.New(in, problem, solution(problem, in, on(t, in, problem, edge)))
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, b, v, "#find=plates", browser.Wide)
	found := func(want string) {
		t.Helper()
		p.Wait(`document.getElementById("found").textContent === "` + want + `"`)
	}
	found("1 task, 0 nodes")
	rows := func(want float64) {
		t.Helper()
		p.Wait(fmt.Sprintf(`view.onTables.tables.away.getRows("active").length === %g`, want))
	}
	rows(1)
	p.Eval(`(() => { const f = document.getElementById("find"); f.value = ""; f.dispatchEvent(new Event("input")); })()`, nil)
	rows(3)
	p.Type("#find", "centre")
	found("0 tasks, 1 node")
	rows(1) // patrol is on it
	p.Type("#find", "\r")
	p.Wait(`location.hash === "#node=centre"`)
	p.Eval(`(() => { const f = document.getElementById("find"); f.value = "nowhere"; f.dispatchEvent(new Event("input")); })()`, nil)
	found("nothing is called so")
	p.Eval(`(() => { const f = document.getElementById("find"); f.value = ""; f.dispatchEvent(new Event("input")); })()`, nil)
	rows(3)
	var costs []float64
	p.Eval(`(() => { const t = view.onTables.tables.away; t.setSort("cost", "asc"); return t.getRows("active").map(r => r.getData().cost); })()`, &costs)
	if fmt.Sprint(costs) != "[5.3 8 28]" {
		t.Errorf("sorted: %v", costs)
	}
	p.Eval(`view.onTables.tables.away.setHeaderFilterValue("task", "p")`, nil)
	rows(2) // patrol and plates
	p.Eval(`view.onTables.tables.away.setHeaderFilterValue("task", "pl")`, nil)
	rows(1)
	p.CheckQuiet()
}

// TestPageAddsUp: what the page's script holds is what the judge counts.
func TestPageAddsUp(t *testing.T) {
	b := browser.Start(t)
	for seed := range uint64(12) {
		in := instances.Mixed(seed, 14, 5)
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		var at []int32
		for i := range in.Tasks {
			for k := range in.Tasks[i].Replicas {
				at = append(at, int32((i*7+k*3+int(seed))%6)-1)
			}
		}
		v, err := view.New(in, p, solution(p, in, at))
		if err != nil {
			t.Fatal(err)
		}
		page := open(t, b, v, "", browser.Wide)
		var got []float64
		page.Eval(`(() => { const d = view.picture, sum = (list) => [...list].reduce((s, x) => s + x, 0);
			return [sum(d.replicas.fetch) + sum(d.reads.cost), sum(d.flows.cost), sum(d.traffic.cost), sum(d.replicas.move), sum(d.nodes.open),
				sum(d.replicas.unplaced), sum(d.rules.map(r => r.cost)), ...d.load.map(sum)]; })()`, &got)
		terms := v.Bill.Terms
		want := []float64{}
		for _, cost := range []int64{terms.Fetch, terms.Traffic, terms.Traffic, terms.Move, terms.Open, terms.Unplaced, terms.Wishes} {
			want = append(want, p.Value(cost))
		}
		for r := range p.Resources {
			sum := 0.0
			for j := range in.Nodes {
				taken, _ := v.Load(j)
				sum += float64(taken[r])
			}
			want = append(want, sum)
		}
		for k := range want {
			if diff := got[k] - want[k]; diff > 1e-9*want[k] || -diff > 1e-9*want[k] {
				t.Errorf("seed %d: the page holds %v, the judge says %v", seed, got, want)
				break
			}
		}
		page.CheckQuiet()
	}
}

// hostile are names that HTML, scripts or a terminal would obey.
var hostile = []string{
	`<script>window.hacked=1</script>`, `</script><img src=x onerror=window.hacked=1>`, `"><b onmouseover="hacked=1">`, `__proto__`, `constructor`,
	`a & b &lt;`, `';hacked=1;'`, `${hacked=1}`, `%3Cscript%3E`, `<!--`, strings.Repeat("long-", 60), "naïve ☃ 名前",
}

func TestHostileNames(t *testing.T) {
	in := &model.Instance{Name: hostile[1], Weights: model.Weights{Fetch: 1e6, Traffic: 1e6, Move: 1e6, Open: 1e6}}
	cpu := func(n int64) model.Resources {
		return model.Resources{{Resource: hostile[0], Quantity: model.Quantity{Units: n}}}
	}
	price := model.Decimal(3e6)
	for k, name := range hostile {
		in.Nodes = append(in.Nodes, model.Node{Name: name, Capacity: cpu(4), Labels: []model.Label{{Key: hostile[2], Value: hostile[k/2*2]}}})
		in.Tasks = append(in.Tasks, model.Task{
			Name: name + "!", Demand: cpu(2), Replicas: 1, Home: []string{hostile[0]}, Fetch: &model.Fetch{Rest: price},
		})
		if k > 0 {
			in.Traffic = append(in.Traffic, model.Traffic{Between: [2]string{hostile[k-1] + "!", name + "!"}, Volume: price})
		}
	}
	in.Rules = []model.Rule{{Kind: model.Affinity, Tasks: []string{hostile[0] + "!", hostile[1] + "!"}, Weight: &price}}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	at := make([]int32, len(in.Tasks))
	for i := range at {
		at[i] = int32(i)
	}
	s := solution(p, in, at)
	s.Solver = hostile[0]
	s.Objective = "1"
	s.Trajectory = []model.Step{{Seconds: 1, Objective: "1", By: hostile[1]}}
	v, err := view.New(in, p, s)
	if err != nil || len(v.Failed) == 0 {
		t.Fatalf("%v, %q", err, v.Failed)
	}
	page := open(t, browser.Start(t), v, "", browser.Wide)
	for _, what := range []string{"node", "task"} {
		var shown []string
		page.Eval(`(async () => { const shown = []; const n = view.picture.`+what+`s.name.length;
			for (let k = 0; k < n; k++) {
				location.hash = view.link("`+what+`", k).hash;
				await new Promise((done) => setTimeout(done, 20));
				shown.push(document.querySelector("#detail h3 .name").textContent);
			}
			return shown; })()`, &shown)
		for k, name := range shown {
			want := hostile[k]
			if what == "task" {
				want += "!"
			}
			if name != want {
				t.Errorf("%s %q is shown as %q", what, want, name)
			}
		}
	}
	for k := range hostile {
		page.Eval(fmt.Sprintf(`view.tip.show(view.tipOf({node: %d, resource: 0, piece: view.stack(%d)[0]}), 9, 9), view.tip.show(view.tipOf({node: %d}), 9, 9)`, k, k, k), nil)
	}
	for _, button := range []string{"#as-matrix", "#as-chord"} {
		page.Click(button)
		page.Eval(`berth.figures.traffic.chart.dispatchAction({type: "showTip", seriesIndex: 0, dataIndex: 1})`, nil)
	}
	page.Eval(`berth.figures.trajectory.chart.dispatchAction({type: "showTip", seriesIndex: 0, dataIndex: 0})`, nil)
	page.Eval(`view.onTables.find(view.search("<"))`, nil)
	var hacked bool
	page.Eval("window.hacked !== undefined", &hacked)
	if hacked {
		t.Error("a name was run as a script")
	}
	var claims int
	page.Eval(`document.querySelectorAll("#failed li").length`, &claims)
	if claims != len(v.Failed) {
		t.Errorf("%d claims that fail are shown, there are %d", claims, len(v.Failed))
	}
	page.CheckQuiet()
}

func TestNoPlacement(t *testing.T) {
	in, p := library(t, "overfull")
	v, err := view.New(in, p, &model.Solution{Instance: p.Name, InstanceDigest: p.Digest, Status: model.Infeasible, Solver: "auto"})
	if err != nil || v.Bill != nil {
		t.Fatalf("%v, %+v", err, v.Bill)
	}
	page := open(t, browser.Start(t), v, "", browser.Wide)
	var said string
	page.Eval(`document.querySelector(".verdict").innerText`, &said)
	if said != "No placement exists" {
		t.Errorf("it says %q", said)
	}
	page.CheckQuiet()
}

// TestLargePage: a thousand nodes with 50,000 tasks and 100,000 pairs.
func TestLargePage(t *testing.T) {
	if testing.Short() {
		t.Skip("makes and solves a large instance")
	}
	in := families.Instance(t, "containers", 7, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks, spec.Racks, spec.Zones, spec.Replicas = 1000, 50_000, 50, 5, 2
		spec.Traffic, spec.Hubs, spec.Homes, spec.Fetch, spec.Current, spec.Wishes = 100_000, 0, 2, 40, 30, 200
	})
	p := compiled.Instance(t, in)
	result, err := search.Run(t.Context(), p, heuristics.PenaltyFirst, search.Limits{}, 1, 1, nil)
	if err != nil || result.Placement == nil {
		t.Fatalf("%v", err)
	}
	s, err := p.Document(result.Status, result.Placement, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := view.New(in, p, s)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "large.html")
	write(t, v, file)
	info, err := os.Stat(file)
	if err != nil || info.Size() > 20<<20 {
		t.Errorf("the page has %d bytes, %v", info.Size(), err)
	}
	page := browser.Start(t).OpenFile(t, file, "#task=task307", browser.Wide)
	page.Wait("window.view && view.ready && view.onMap.drawn.frames > 0")
	page.Wait(`document.querySelector("#detail h3")?.textContent === "Task task307"`)
	page.Click("#zoom-fit")
	page.Wait("view.onMap.drawn.nodes === 1000 && view.onMap.drawn.pieces > 2000")
	var names []string
	page.Eval("view.onTraffic.exchange(40).names", &names)
	if fmt.Sprint(names) != "[z1 z2 z3 z4 z5]" {
		t.Errorf("traffic is drawn between %v", names)
	}
	var whole, inside float64
	sum := `view.onTraffic.exchange(40).cells.reduce((s, c) => s + c.value, 0)`
	page.Eval(sum, &whole)
	page.Eval("view.onTraffic.open(0), "+sum, &inside)
	if want := p.Value(v.Bill.Terms.Traffic); whole < want*(1-1e-9) || whole > want*(1+1e-9) || inside < want*(1-1e-9) || inside > want*(1+1e-9) {
		t.Errorf("all traffic is %g, seen from inside %g, judged %g", whole, inside, want)
	}
	page.Eval("view.onTraffic.exchange(40).names", &names)
	if len(names) != 4+10 { // zones, and racks of the one that was opened
		t.Errorf("inside z1, traffic is drawn between %v", names)
	}
	page.CheckQuiet()
}
