// Instances × methods: a cell's colour is the mean gap or time, a mark its outcome.

const heat = { shows: "gap", order: "name", cells: [], rows: [], methods: [] };

// Cividis (Nuñez, Anderton and Renslow, PLOS ONE 2018), which all eyes see alike.
const cividis = [[0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [165, 156, 116], [195, 179, 105], [225, 204, 85], [254, 232, 56]];

function heatColour(share) {
  const at = Math.min(1, Math.max(0, share)) * (cividis.length - 1);
  const k = Math.min(cividis.length - 2, Math.floor(at));
  return cividis[k].map((low, c) => Math.round(low + (at - k) * (cividis[k + 1][c] - low)));
}
const css = (colour) => `rgb(${colour.join(",")})`;
const inkOn = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b > 130 ? "#111" : "#fff");

function layHeat() {
  const all = state.statistics.heat;
  heat.methods = shownMethods();
  const column = new Map(heat.methods.map((method, k) => [method, k]));
  const rows = new Map();
  heat.cells = [];
  for (let k = 0; k < (all.instance?.length ?? 0); k++) {
    if (!column.has(all.method[k])) continue;
    const cell = { instance: all.instance[k], column: column.get(all.method[k]), method: all.method[k], runs: all.runs[k], outcome: state.study.outcomes[all.outcome[k]], proven: all.proven[k], gap: all.gap[k], time: all.time[k] };
    heat.cells.push(cell);
    if (!rows.has(cell.instance)) rows.set(cell.instance, []);
    rows.get(cell.instance).push(cell);
  }
  heat.rows = [...rows.keys()].sort((a, b) => a - b);
  if (heat.order === "hard") {
    const hardness = (instance) => rows.get(instance).reduce((sum, cell) => sum + (cell[heat.shows] ?? 0), 0) / rows.get(instance).length;
    const hard = new Map(heat.rows.map((instance) => [instance, hardness(instance)]));
    heat.rows.sort((a, b) => hard.get(b) - hard.get(a) || a - b);
  }
  const row = new Map(heat.rows.map((instance, k) => [instance, k]));
  heat.at = new Map();
  for (const cell of heat.cells) {
    cell.row = row.get(cell.instance);
    heat.at.set(cell.row * heat.methods.length + cell.column, cell);
  }
  heat.scale = heatScale();
}

// heatScale turns a cell's value into a share of the colour scale; both are logarithmic.
function heatScale() {
  const values = heat.cells.map((cell) => cell[heat.shows]).filter((v) => v != null);
  if (heat.shows === "gap") {
    const scale = gapScale(values);
    return { of: (v) => (scale.of(Math.min(1, v)) - scale.zero) / (0 - scale.zero), ends: ["0", berth.percent(10 ** scale.lowest), "100 %"] };
  }
  const [low, high] = values.length ? [least(values), Math.max(most(values), least(values) * 2)] : [1, 10];
  return { of: (v) => Math.log(v / low) / Math.log(high / low), ends: [berth.seconds(low), berth.seconds(Math.sqrt(low * high)), berth.seconds(high)] };
}

// Marks say what became of the runs, in cells that are large enough.
function markOf(cell) {
  if (cell.outcome === "wrong") return "✕";
  if (cell.outcome === "unfit" && cell.gap == null) return "∅";
  if (cell.proven === 1) return "✓";
  if (cell.proven > 0) return "◐";
  return solved(cell.outcome) ? "" : "–";
}

function cellColours(cell) {
  if (cell.outcome === "wrong") return [berth.theme.wrong, berth.theme.paper];
  if (cell[heat.shows] == null) return [berth.theme.surface, berth.theme.muted];
  const colour = heatColour(heat.scale.of(cell[heat.shows]));
  return [css(colour), inkOn(colour)];
}

// renderCells draws the cells that are in sight into one picture: a matrix may have
// tens of thousands, too many for objects of their own.
function renderCells(params, api) {
  const { x: left, y: top, width, height } = params.coordSys;
  const sharp = window.devicePixelRatio || 1;
  const picture = document.createElement("canvas");
  picture.width = Math.ceil(width * sharp);
  picture.height = Math.ceil(height * sharp);
  const pen = picture.getContext("2d");
  pen.scale(sharp, sharp);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const [w, h] = api.size([1, 1]);
  const [x0, y0] = api.coord([0, 0]);
  const [cellWidth, cellHeight] = [w > 12 ? w - 2 : w, h > 8 ? h - 1.5 : h + 0.3];
  pen.font = `600 ${Math.min(14, h * 0.8)}px ${berth.theme.font}`;
  // Wrong ones come last and are never too thin to be seen.
  const wrongLast = [...heat.cells].sort((a, b) => (a.outcome === "wrong") - (b.outcome === "wrong"));
  for (const cell of wrongLast) {
    const tall = cell.outcome === "wrong" ? Math.max(cellHeight, 3) : cellHeight;
    const [x, y] = [x0 + cell.column * w - left, y0 + cell.row * h - top];
    if (y < -h || y > height + h) continue;
    const [fill, ink] = cellColours(cell);
    pen.fillStyle = fill;
    pen.fillRect(x - cellWidth / 2, y - tall / 2, cellWidth, tall);
    if (h < 11 || w < 11) continue;
    pen.fillStyle = ink;
    pen.fillText(markOf(cell), x, y);
  }
  return { type: "image", style: { image: picture, x: left, y: top, width, height } };
}

const mostRows = 40; // that are shown with marks at once
const rowHeight = 17;

function heatOption(width) {
  if (!heat.cells.length) return emptyOption("No runs");
  const names = width < 560 ? 14 : 26;
  const longest = Math.max(...heat.methods.map((k) => shorten(state.study.methods[k], 22).length));
  const turned = width < (longest * 7 + 8) * heat.methods.length + 200;
  const category = { type: "category", axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  const scrolls = heat.rows.length > mostRows;
  return {
    grid: { left: names * 7 + 14, right: scrolls ? 46 : 12, top: turned ? Math.min(150, longest * 5.6 + 16) : 30, bottom: 8 },
    xAxis: { ...category, position: "top", data: heat.methods.map((k) => shorten(state.study.methods[k], 22)), axisLabel: { rotate: turned ? 50 : 0, interval: 0, color: berth.theme.ink, hideOverlap: false } },
    yAxis: { ...category, inverse: true, data: heat.rows.map((k) => shorten(state.study.instances[k].name, names)), axisLabel: { color: berth.theme.ink, fontSize: 11.5 } },
    dataZoom: scrolls ? [
      { type: "slider", yAxisIndex: 0, right: 8, width: 18, showDetail: false, brushSelect: false, filterMode: "none", handleSize: "80%", borderColor: berth.theme.line, fillerColor: berth.theme.dark ? "rgba(255,255,255,0.12)" : "rgba(0,0,0,0.1)" },
      { type: "inside", yAxisIndex: 0, zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, moveOnMouseMove: false, filterMode: "none" },
    ] : [],
    series: [{ type: "custom", name: "cells", silent: true, clip: true, renderItem: renderCells, data: [[0, 0]], encode: { x: 0, y: 1 } }],
  };
}

function heatHeight() {
  const longest = Math.max(0, ...heat.methods.map((k) => Math.min(22, state.study.methods[k].length)));
  return Math.min(heat.rows.length, mostRows) * (heat.rows.length > 12 ? rowHeight : 26) + Math.min(150, longest * 5.6 + 16) + 24;
}

function drawHeat() {
  const holder = document.getElementById("heat");
  layHeat();
  holder.style.height = heatHeight() + "px";
  const figure = berth.figure("heat", holder, { option: heatOption, points: () => heat.cells.length, runs: () => heat.cells.reduce((sum, cell) => sum + cell.runs, 0) });
  drawHeatScale();
  pointable(figure, { find: cellAt, describe: cellNote, open: (cell) => go(instanceLink(cell.instance)) });
}

function cellAt(x, y, chart) {
  if (!heat.cells.length || !chart.containPixel({ gridIndex: 0 }, [x, y])) return null;
  const [column, row] = chart.convertFromPixel({ gridIndex: 0 }, [x, y]);
  return heat.at.get(row * heat.methods.length + column);
}

function cellNote(cell) {
  const line = (...parts) => berth.element("div", {}, ...parts);
  return [
    line(berth.swatch(cell.method), " ", berth.element("strong", {}, state.study.methods[cell.method])),
    line(state.study.instances[cell.instance].name),
    line(badge(cell.outcome), cell.runs > 1 ? ` at the worst of ${plural(cell.runs, "run")}` : ""),
    ...(cell.gap == null ? [] : [line(`gap ${berth.percent(cell.gap)}, ${berth.seconds(cell.time)} to the proof, ${berth.percent(cell.proven)} proven`)]),
  ];
}

function drawHeatScale() {
  const ramp = cividis.map((_, k) => css(cividis[k])).join(",");
  const key = (mark, text) => berth.element("span", { class: "key" }, berth.element("b", {}, mark), " " + text);
  const bar = berth.element("span", { class: "ramp" });
  bar.style.background = `linear-gradient(to right, ${ramp})`;
  const wrong = berth.element("span", { class: "key" }, berth.element("b", { class: "wrong" }, "✕"), " wrong");
  const ends = heat.scale.ends;
  document.getElementById("heat-scale").replaceChildren(
    berth.element("span", { class: "key" }, ends[0], " ", bar, " ", ends[2]), key("✓", "all proven"), key("◐", "some proven"), key("–", "no answer from some"), key("∅", "unfit"), wrong);
}

function switchHeat(shows) {
  heat.shows = shows;
  for (const name of ["gap", "time"]) document.getElementById("heat-" + name).setAttribute("aria-pressed", String(name === shows));
  drawHeat();
}

function prepareHeat() {
  document.getElementById("heat-gap").addEventListener("click", () => switchHeat("gap"));
  document.getElementById("heat-time").addEventListener("click", () => switchHeat("time"));
  document.getElementById("heat-order").addEventListener("change", (event) => {
    heat.order = event.target.value;
    drawHeat();
  });
}
