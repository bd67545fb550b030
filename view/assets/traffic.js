// Traffic between places: as a chord diagram and as a matrix, by node, rack or any
// label. Where there are many places the smallest are drawn as one, so that all
// traffic is there.

view.traffic = () => {
  const d = view.picture;
  if (d.traffic.a.length === 0) return null;
  const by = (id) => document.getElementById(id);
  by("traffic").hidden = false;
  const state = { matrix: false, volume: false, grouping: 0, inside: null };
  const mostChords = 40, mostCells = 60;

  // Where the nodes are too many: the finest grouping that is not.
  const few = d.groupings.map((g, k) => [g.names.length, k]).filter(([n]) => n <= mostChords);
  state.grouping = few.length ? few.sort(([a], [b]) => b - a)[0][1] : 0;
  const select = by("places");
  select.replaceChildren(...d.groupings.map((g, k) => berth.element("option", { value: k, selected: k === state.grouping }, `${g.key} (${view.cost(g.names.length)})`)));

  const total = (list) => list.reduce((sum, x) => sum + x, 0);
  const cost = total(d.traffic.cost), volume = total(d.traffic.volume);
  const inside = d.flows.from.reduce((sum, from, f) => (from === d.flows.to[f] ? sum + d.flows.volume[f] : sum), 0);
  by("traffic-sum").textContent = `${view.plural(d.traffic.a.length, "pair")} of tasks exchange ${berth.number(volume)} and pay ${view.cost(cost)}; ` +
    `${volume > 0 ? berth.percent(inside / volume) : "0 %"} of the volume stays on one node.`;

  // places says to which place each node belongs: those of the grouping, or, inside
  // one of them, its parts beside the other places.
  function places() {
    const g = d.groupings[state.grouping];
    if (state.inside == null) return { of: g.of, names: g.names, node: (p) => (g.key === "node" ? p : null) };
    const members = d.nodes.name.map((_, j) => j).filter((j) => g.of[j] === state.inside);
    const finer = finerWithin(members);
    const names = [], nodeOf = [], of = new Int32Array(d.nodes.name.length), known = new Map();
    d.nodes.name.forEach((name, j) => {
      const within = g.of[j] === state.inside;
      const key = within ? `in ${finer ? finer.of[j] : j}` : `out ${g.of[j]}`;
      if (!known.has(key)) {
        known.set(key, names.length);
        names.push(within ? (finer ? finer.names[finer.of[j]] : name) : g.names[g.of[j]]);
        nodeOf.push(within && !finer ? j : null);
      }
      of[j] = known.get(key);
    });
    return { of, names, node: (p) => nodeOf[p] };
  }

  // finerWithin is a grouping that splits many nodes into some places; null where
  // the nodes themselves are few enough.
  function finerWithin(members) {
    if (members.length <= mostChords) return null;
    const parts = (g) => new Set(members.map((j) => g.of[j])).size;
    return d.groupings.filter((g) => g.key !== "node" && parts(g) > 1 && parts(g) <= mostChords).sort((a, b) => parts(b) - parts(a))[0] ?? null;
  }

  // exchange adds up what flows between places, and puts the smallest together.
  function exchange(most) {
    const p = places();
    const n = p.names.length;
    const sums = new Map(), weight = new Float64Array(n);
    for (let f = 0; f < d.flows.from.length; f++) {
      const a = p.of[d.flows.from[f]], b = p.of[d.flows.to[f]];
      const value = state.volume ? d.flows.volume[f] : d.flows.cost[f];
      const key = Math.min(a, b) * n + Math.max(a, b);
      sums.set(key, (sums.get(key) ?? 0) + value);
      weight[a] += value;
      if (b !== a) weight[b] += value;
    }
    let shown = p.names.map((_, k) => k).filter((k) => weight[k] > 0);
    let rest = [];
    if (shown.length > most) {
      const ranked = [...shown].sort((a, b) => weight[b] - weight[a]);
      rest = ranked.slice(most - 1);
      const kept = new Set(ranked.slice(0, most - 1));
      shown = shown.filter((k) => kept.has(k));
    }
    const at = new Int32Array(n).fill(shown.length);
    shown.forEach((k, row) => (at[k] = row));
    const names = shown.map((k) => p.names[k]);
    if (rest.length) names.push(`${rest.length} others`);
    const merged = new Map();
    for (const [key, value] of sums) {
      if (value <= 0) continue;
      const a = at[Math.floor(key / n)], b = at[key % n];
      const at2 = Math.min(a, b) * names.length + Math.max(a, b);
      merged.set(at2, (merged.get(at2) ?? 0) + value);
    }
    const cells = [...merged].map(([key, value]) => ({ a: Math.floor(key / names.length), b: key % names.length, value }));
    return { names, cells, place: shown, node: p.node };
  }

  // written is a name as ECharts may measure it: its cache of widths takes names such
  // as __proto__ and constructor for what every object has.
  const written = (name) => (name in {} ? name + "\u200b" : name);

  let drawn = { names: [], cells: [] };
  const what = () => (state.volume ? "volume" : "cost");
  const write = (x) => (state.volume ? berth.number(x) : view.cost(x));
  const tip = (a, b, value) => `${a === b ? `within <b>${berth.escape(drawn.names[a])}</b>` : `<b>${berth.escape(drawn.names[a])}</b> and <b>${berth.escape(drawn.names[b])}</b>`}<br>${what()} ${write(value)}`;

  function chord(width) {
    drawn = exchange(mostChords);
    const narrow = width < 560;
    const longest = Math.max(...drawn.names.map((name) => name.length), 0);
    return {
      tooltip: {
        formatter: (p) => {
          if (p.dataType === "edge") return tip(Number(p.data.source), Number(p.data.target), p.data.value);
          const k = Number(p.data.id);
          const sum = drawn.cells.reduce((s, c) => (c.a === k || c.b === k ? s + c.value : s), 0);
          const own = drawn.cells.find((c) => c.a === k && c.b === k)?.value ?? 0;
          return `<b>${berth.escape(drawn.names[k])}</b><br>${what()} ${write(sum)}${own ? `, of it within ${write(own)}` : ""}`;
        },
      },
      series: [{
        type: "chord", radius: narrow || longest > 9 ? ["60%", "64%"] : ["76%", "80%"], center: ["50%", "50%"], startAngle: 90, padAngle: drawn.names.length > 20 ? 0.6 : 2, minAngle: 0.6,
        data: drawn.names.map((name, k) => ({ id: String(k), name: String(k), itemStyle: { color: berth.colour(k) } })),
        edges: drawn.cells.filter((c) => c.a !== c.b).map((c) => ({ source: String(c.a), target: String(c.b), value: c.value })),
        label: { show: true, position: "outside", distance: 6, color: berth.theme.ink, fontSize: drawn.names.length > 24 ? 10.5 : 12.5, width: narrow ? 70 : 140, overflow: "truncate", formatter: (p) => written(drawn.names[Number(p.data.id)]) },
        lineStyle: { color: "source", opacity: 0.4 }, emphasis: { focus: "adjacency", lineStyle: { opacity: 0.75 } },
        itemStyle: { borderColor: berth.theme.paper, borderWidth: 0.5 },
      }],
    };
  }

  function matrix(width) {
    drawn = exchange(mostCells);
    const names = drawn.names.map((_, k) => String(k));
    // What the smallest places exchange in all would make all else look like nothing.
    const most = drawn.cells.reduce((m, c) => (c.b < drawn.place.length ? Math.max(m, c.value) : m), 0);
    const short = (k) => { const name = drawn.names[Number(k)]; const most = width < 560 ? 8 : 16; return name.length > most ? name.slice(0, most - 1) + "…" : written(name); };
    const data = drawn.cells.flatMap((c) => (c.a === c.b ? [[c.a, c.b, c.value]] : [[c.a, c.b, c.value], [c.b, c.a, c.value]]));
    const low = view.mix(berth.theme.paper, berth.colour(0), 0.12), high = berth.theme.dark ? view.mix(berth.colour(5), "#ffffff", 0.1) : view.mix(berth.colour(0), "#000000", 0.45);
    const axis = { type: "category", data: names, splitArea: { show: false }, splitLine: { show: false }, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { formatter: short, interval: names.length > 30 ? "auto" : 0 } };
    return {
      grid: { left: 8, right: 12, top: 8, bottom: 84, containLabel: true },
      tooltip: { formatter: (p) => tip(p.data[0], p.data[1], p.data[2]) },
      xAxis: { ...axis, axisLabel: { ...axis.axisLabel, rotate: names.length > 8 ? 90 : 0 } },
      yAxis: { ...axis, inverse: true },
      visualMap: { min: 0, max: most || 1, calculable: true, orient: "horizontal", left: "center", bottom: 4, itemHeight: Math.min(220, width * 0.5), textStyle: { color: berth.theme.muted }, formatter: (x) => berth.number(x), inRange: { color: [low, view.mix(low, high, 0.5), high] } },
      series: [{ type: "heatmap", data, label: { show: names.length <= 14 && width > 560, formatter: (p) => write(p.data[2]) }, itemStyle: { borderColor: berth.theme.paper, borderWidth: names.length > 40 ? 0.5 : 1.5 } }],
    };
  }

  const figure = berth.figure("traffic", by("traffic-figure"), {
    option: (width) => (state.matrix ? matrix(width) : chord(width)),
    points: () => drawn.cells.length,
  });
  figure.chart.on("click", (p) => {
    if (p.dataType === "edge") return;
    const k = state.matrix ? (Array.isArray(p.data) ? p.data[1] : null) : Number(p.data.id);
    if (k != null && k < drawn.place.length) open(k);
  });

  // open goes into a place, or to the node that it is.
  function open(k) {
    const node = drawn.node(drawn.place[k]);
    if (node != null) {
      location.hash = view.link("node", node).hash;
      return;
    }
    if (state.inside != null) return;
    state.inside = drawn.place[k];
    by("up").hidden = false;
    by("up").textContent = `Back from ${drawn.names[k]} to all`;
    figure.redraw();
  }

  function all() {
    state.inside = null;
    by("up").hidden = true;
    figure.redraw();
  }
  by("up").addEventListener("click", all);
  select.addEventListener("change", () => { state.grouping = Number(select.value); all(); });
  const toggle = (on, off, set) => {
    const press = (pressed) => {
      by(on).setAttribute("aria-pressed", pressed);
      by(off).setAttribute("aria-pressed", !pressed);
      set(!pressed);
      figure.redraw();
    };
    by(on).addEventListener("click", () => press(true));
    by(off).addEventListener("click", () => press(false));
  };
  toggle("as-chord", "as-matrix", (on) => (state.matrix = on));
  toggle("by-cost", "by-volume", (on) => (state.volume = on));
  return { exchange, state, open, all };
};
