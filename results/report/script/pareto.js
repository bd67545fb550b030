// Optimality against runtime: each run, and the mean of each method with intervals.

let pareto; // what is drawn: the cloud and the means, with their places

function layPareto() {
  const runs = runsOf((run) => showsMethod(methodOf(run)) && outcomeOf(run) !== "unfit");
  const means = state.statistics.summaries.filter((row) => showsMethod(row.method) && row.used[0] != null && row.gap[0] != null);
  const scale = gapScale(runs.map((run) => state.runs.gap[run]).concat(means.map((row) => row.gap[0])));
  const cloud = new Map();
  const points = { x: [], y: [], item: runs };
  for (const run of runs) {
    const key = outcomeOf(run) === "wrong" ? "wrong" : methodOf(run);
    const [x, y] = [Math.log10(usedBy(run)), placeGap(scale, state.runs.gap[run], run)];
    points.x.push(x);
    points.y.push(y);
    if (!cloud.has(key)) cloud.set(key, []);
    cloud.get(key).push([x, y]);
  }
  const marks = { x: means.map((row) => Math.log10(row.used[0])), y: means.map((row) => scale.of(row.gap[0])), item: means };
  return { runs, means, scale, cloud, points, marks };
}

// front is the staircase under which there is no method.
function front({ means, scale }) {
  const sorted = [...means].sort((a, b) => a.used[0] - b.used[0] || a.gap[0] - b.gap[0]);
  const line = [];
  let least = Infinity;
  for (const row of sorted) {
    if (row.gap[0] >= least) continue;
    const [x, y] = [Math.log10(row.used[0]), scale.of(row.gap[0])];
    if (line.length) line.push([x, line.at(-1)[1]]);
    line.push([x, y]);
    least = row.gap[0];
  }
  return line;
}

function crosses({ means, scale }) {
  const ends = means.filter((row) => row.used[1] != null || row.gap[1] != null).map((row) => {
    const [low, high] = row.used[1] == null ? [row.used[0], row.used[0]] : [row.used[1], row.used[2]];
    const [under, over] = row.gap[1] == null ? [row.gap[0], row.gap[0]] : [row.gap[1], row.gap[2]];
    return [Math.log10(low), Math.log10(high), scale.of(Math.max(0, under)), scale.of(over), Math.log10(row.used[0]), scale.of(row.gap[0]), row.method];
  });
  return {
    type: "custom", silent: true, z: 5, data: ends, encode: { x: [0, 1], y: [2, 3] }, clip: true,
    renderItem(_, api) {
      const [left, y] = api.coord([api.value(0), api.value(5)]);
      const [right] = api.coord([api.value(1), api.value(5)]);
      const [x, bottom] = api.coord([api.value(4), api.value(2)]);
      const [, top] = api.coord([api.value(4), api.value(3)]);
      const style = { stroke: berth.colour(api.value(6)), lineWidth: 2 };
      const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
      return { type: "group", children: [
        line(left, y, right, y), line(left, y - 4, left, y + 4), line(right, y - 4, right, y + 4),
        line(x, bottom, x, top), line(x - 4, bottom, x + 4, bottom), line(x - 4, top, x + 4, top),
      ] };
    },
  };
}

function paretoOption(width) {
  pareto = layPareto();
  if (!pareto.runs.length) return emptyOption(state.runs.id.length ? "No run of the chosen methods" : "No runs");
  const seconds = pareto.runs.map(usedBy);
  const many = pareto.runs.length > 20000;
  const cloud = [...pareto.cloud].map(([key, data]) => ({
    type: "scatter", name: "cloud", silent: true, dimensions: ["x", "y"], data: flat(data), large: many, largeThreshold: 1, z: key === "wrong" ? 4 : 2,
    symbol: key === "wrong" ? crossOut : many ? "circle" : berth.symbol(key), symbolSize: key === "wrong" ? 9 : many ? 3 : pareto.runs.length > 2000 ? 4 : 6,
    itemStyle: { color: key === "wrong" ? berth.theme.wrong : berth.colour(key), opacity: key === "wrong" ? 1 : many ? 0.1 : 0.35 },
  }));
  const labels = width > 560 || pareto.means.length < 6;
  return {
    grid: { ...grid, left: 76 },
    xAxis: logAxis("time used", least(seconds), most(seconds), berth.seconds),
    yAxis: gapAxis("gap to the best known", pareto.scale, 58),
    series: [
      ...cloud,
      { type: "line", name: "front", silent: true, data: front(pareto), symbol: "none", z: 3, lineStyle: { color: berth.theme.muted, type: [6, 4], width: 1.5 }, markArea: gapBands(pareto.scale) },
      crosses(pareto),
      {
        type: "scatter", name: "means", silent: true, z: 6, data: pareto.means.map((row, k) => ({
          value: [pareto.marks.x[k], pareto.marks.y[k]], symbol: berth.symbol(row.method),
          itemStyle: { color: berth.colour(row.method), borderColor: berth.theme.paper, borderWidth: 1.5 },
        })), symbolSize: 15,
        label: { show: labels, formatter: ({ dataIndex }) => shorten(state.study.methods[pareto.means[dataIndex].method], 26), position: [17, -9], color: berth.theme.ink, fontSize: 12.5, textBorderColor: berth.theme.paper, textBorderWidth: 3 },
        labelLayout: { moveOverlap: "shiftY", hideOverlap: true },
      },
    ],
  };
}

const crossOut = "path://M3,0L10,7L17,0L20,3L13,10L20,17L17,20L10,13L3,20L0,17L7,10L0,3Z";

function drawPareto() {
  const figure = berth.figure("pareto", document.getElementById("pareto"), {
    option: paretoOption, points: () => pareto.runs.length,
  });
  pointable(figure, {
    find: (x, y, chart) => nearest(pareto.marks, x, y, chart) ?? nearest(pareto.points, x, y, chart, 10),
    describe: (item) => (typeof item === "number" ? runNote(item) : meanNote(item)),
    open: (item) => go(typeof item === "number" ? runLink(item) : methodLink(item.method)),
  });
}

function meanNote(row) {
  const line = (...parts) => berth.element("div", {}, ...parts);
  const estimate = (interval, format) => format(interval[0]) + (interval[1] == null ? "" : ` (${range(interval, format)})`);
  return [
    line(berth.swatch(row.method), " ", berth.element("strong", {}, state.study.methods[row.method])),
    line(`time used ${estimate(row.used, berth.seconds)}`), line(`gap ${estimate(row.gap, berth.percent)}`),
    line(`${berth.number(row.proven)} of ${plural(row.runs - row.unfit, "run")} proven`),
  ];
}
