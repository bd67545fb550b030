// The figures whose lines have a point for each run: performance profile, cactus
// plot, and gaps at the end.

const markers = 6; // symbols on a line, that tell it from others without colour

// curvesWith gives the curves of the chosen group their points: the runs of each
// method that have a value, by value.
function curvesWith(name, value) {
  const points = new Map(state.statistics[name].map(({ method }) => [method, []]));
  for (let run = 0; run < state.runs.id.length; run++) {
    const x = value(run);
    if (x != null && showsMethod(methodOf(run)) && inGroup(run)) points.get(methodOf(run)).push({ run, x });
  }
  return state.statistics[name].map(({ method, runs }) => {
    const sorted = points.get(method).sort((a, b) => a.x - b.x);
    return { method, runs, at: sorted.map(({ run }) => run), x: sorted.map(({ x }) => x) };
  });
}

// curveFigure draws a line for each method. lay() returns where things are: the axis
// along and where lines start and end on it, places(curve) of the points along,
// height(curve, k) of the k-th, and a note(curve, k) on it.
function curveFigure(name, { curves, empty, lay, climbs, up }) {
  let drawn;
  const option = () => {
    const shown = curves().filter((curve) => showsMethod(curve.method));
    drawn = { x: [], y: [], item: [], runs: 0, points: 0 };
    for (const curve of shown) drawn.runs += curve.runs;
    if (!shown.some((curve) => curve.x.length)) return emptyOption(empty);
    const frame = lay(shown);
    const series = shown.filter((curve) => curve.runs > 0).flatMap((curve) => curveSeries(curve, frame, climbs, drawn));
    return { grid: { ...grid, left: 76 }, xAxis: frame.axis, yAxis: up(shown), series };
  };
  const figure = berth.figure(name, document.getElementById(name), { option, points: () => drawn.points, runs: () => drawn.runs });
  pointable(figure, {
    find: (x, y, chart) => nearest(drawn, x, y, chart),
    describe: ({ curve, frame, k }) => runNote(curve.at[k], frame.note(curve, k)),
    open: ({ curve, k }) => go(runLink(curve.at[k])),
  });
}

function curveSeries(curve, frame, climbs, drawn) {
  const places = frame.places(curve);
  const line = places.map((x, k) => [x, frame.height(curve, k)]);
  line.forEach(([x, y], k) => {
    drawn.x.push(x);
    drawn.y.push(y);
    drawn.item.push({ curve, frame, k });
  });
  drawn.points += line.length;
  const spots = climbs ? alongAxis(line, frame, curve.method) : alongLine(line, curve.method);
  const ends = climbs ? [[[frame.start, 0]], [[frame.end, line.length ? line.at(-1)[1] : 0]]] : [[], []];
  return [
    { type: "line", name: "curve", silent: true, step: climbs ? "end" : false, symbol: line.length === 1 && !climbs ? berth.symbol(curve.method) : "none", dimensions: ["x", "y"], data: flat([...ends[0], ...line, ...ends[1]]), ...seriesColour(curve.method) },
    { type: "scatter", name: "markers", silent: true, data: spots, symbol: berth.symbol(curve.method), symbolSize: 9, itemStyle: { color: berth.colour(curve.method), borderColor: berth.theme.paper, borderWidth: 1 } },
  ];
}

// offset moves the symbols of methods apart.
const offset = (method) => 0.2 + 0.6 * ((method * 0.618) % 1);

function alongLine(line, method) {
  const spots = [];
  const step = Math.max(1, line.length / markers);
  for (let at = step * offset(method); at < line.length; at += step) spots.push(line[Math.floor(at)]);
  return spots;
}

// alongAxis puts symbols at equal distances along the axis, on the stairs.
function alongAxis(line, { start, end }, method) {
  const spots = [];
  let k = -1;
  for (let spot = 0; spot < markers; spot++) {
    const x = start + ((spot + offset(method)) / markers) * (end - start);
    while (k + 1 < line.length && line[k + 1][0] <= x) k++;
    spots.push([x, k < 0 ? 0 : line[k][1]]);
  }
  return spots;
}

const shareReached = (curve, k) => (k + 1) / curve.runs;
const shareNote = (curve, k) => `${berth.percent(shareReached(curve, k))} of ${plural(curve.runs, "run")}`;

function drawProfile() {
  curveFigure("profile", {
    curves: () => curvesWith("profile", (run) => state.runs.ratio[run]), empty: "Nothing was proven", climbs: true, up: () => shareAxis("share of the runs"),
    lay(curves) {
      const axis = logAxis("times the fastest proof", 1, most(curves.flatMap((curve) => curve.x.slice(-1))), (v) => berth.number(v));
      return {
        axis, start: axis.min, end: axis.max, places: (curve) => curve.x.map(Math.log10), height: shareReached,
        note: (curve, k) => `${berth.number(curve.x[k])} × the fastest; ${shareNote(curve, k)}`,
      };
    },
  });
}

function drawGaps() {
  curveFigure("gaps", {
    curves: () => curvesWith("gaps", (run) => (state.runs.curves[run] & 1 ? state.runs.gap[run] : null)), empty: "No run left a placement", climbs: true, up: () => shareAxis("share of the runs"),
    lay(curves) {
      const scale = gapScale(curves.flatMap((curve) => [...curve.x.slice(-1), curve.x.find((gap) => gap > 0) ?? 0]));
      const axis = gapAxis("gap to the best known", scale, 32, scale.highest);
      return {
        axis, start: axis.min, end: axis.max, places: (curve) => curve.x.map(scale.of), height: shareReached,
        note: (curve, k) => shareNote(curve, k),
      };
    },
  });
}

function drawCactus() {
  curveFigure("cactus", {
    curves: () => curvesWith("cactus", (run) => (state.runs.curves[run] & 2 ? usedBy(run) : null)), empty: "Nothing was proven", climbs: false,
    up: (curves) => ({ ...logAxis("seconds to the proof", least(curves.flatMap((c) => c.x.slice(0, 1))), most(curves.flatMap((c) => c.x.slice(-1))), berth.seconds), nameGap: 58 }),
    lay: (curves) => ({
      axis: { type: "value", min: 0, max: Math.max(1, most(curves.map((curve) => curve.x.length))), minInterval: 1, ...axisName("runs proven", 32), axisLabel: { formatter: berth.number }, axisTick: { show: true } },
      places: (curve) => curve.x.map((_, k) => k + 1), height: (curve, k) => Math.log10(curve.x[k]),
      note: (curve, k) => `number ${berth.number(k + 1)} of ${plural(curve.x.length, "proof")}`,
    }),
  });
}
