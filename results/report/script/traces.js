// Trajectories: of one run, of all runs on an instance; and the cloud of a method.

let starts; // where in the columns of steps each run begins

// stepsOf returns the trajectory of a run: {seconds, cost, bound, by}.
async function stepsOf(run) {
  const steps = await berth.data("steps");
  if (!starts) {
    starts = [0];
    for (const count of steps.count) starts.push(starts.at(-1) + count);
  }
  const cut = (column) => column.slice(starts[run], starts[run + 1]);
  return { seconds: cut(steps.seconds), cost: cut(steps.cost), bound: cut(steps.bound), by: cut(steps.by.at).map((k) => steps.by.words[k]) };
}

const earliest = 1e-5; // seconds: where a step at 0 is drawn

// stairs are the places of a value that changes at moments and lasts to the end.
function stairs(seconds, values, end) {
  const line = [];
  values.forEach((value, k) => {
    if (value != null) line.push([Math.log10(Math.max(seconds[k], earliest)), value, k]);
  });
  if (line.length) line.push([Math.log10(Math.max(end, seconds.at(-1), earliest)), line.at(-1)[1], line.at(-1)[2]]);
  return line;
}

function trajectoryOption(run, steps) {
  const best = amount(entryOf(run).best);
  const costs = stairs(steps.seconds, steps.cost, usedBy(run));
  const bounds = stairs(steps.seconds, steps.bound, usedBy(run));
  if (!costs.length && !bounds.length) return emptyOption("It left no trajectory");
  const line = (name, data, colour, type) => ({ type: "line", name, silent: true, step: "end", data, symbol: "circle", symbolSize: 6, showSymbol: data.length < 200, lineStyle: { color: colour, width: 2, type }, itemStyle: { color: colour } });
  const values = costs.map(([, cost]) => cost).concat(best ?? []);
  const [low, high] = [least(values), most(values)];
  const reach = Math.max(high - low, Math.abs(high) * 0.02, 1e-9);
  const lowest = Math.max(least(bounds.map(([, bound]) => bound).concat(low)), values.length ? low - 3 * reach : -Infinity);
  const times = [...costs, ...bounds].map(([x]) => 10 ** x);
  return {
    grid: { ...grid, left: 90, top: 40 },
    legend: { top: 4, left: 80, data: ["cost", "bound", ...(best == null ? [] : [{ name: "best known", itemStyle: { opacity: 0 } }])], itemWidth: 30, itemHeight: 9, selectedMode: false },
    xAxis: logAxis("time since the run began", least(times), most(times), berth.seconds),
    yAxis: { type: "value", scale: true, min: values.length ? lowest - 0.05 * reach : undefined, max: values.length ? high + 0.05 * reach : undefined, ...axisName("cost", 74), axisLabel: { formatter: (v) => berth.number(Number(v.toPrecision(6))), showMinLabel: false, showMaxLabel: false }, axisTick: { show: true } },
    series: [
      line("cost", costs, berth.colour(methodOf(run)), "solid"), line("bound", bounds, berth.theme.muted, [6, 3]),
      { type: "line", name: "best known", silent: true, data: [], symbol: "none", lineStyle: { color: berth.theme.muted, type: [2, 3], width: 1.5 }, markLine: best == null ? undefined : { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: berth.theme.muted, type: [2, 3], width: 1.5 }, data: [{ yAxis: best }] } },
    ],
  };
}

function drawTrajectory(element, run, steps) {
  const points = () => steps.cost.filter((v) => v != null).length + steps.bound.filter((v) => v != null).length;
  const figure = berth.figure("trajectory", element, { option: () => trajectoryOption(run, steps), points, runs: () => 1 });
  const places = { x: [], y: [], item: [] };
  for (const values of [steps.cost, steps.bound]) {
    values.forEach((value, k) => {
      if (value == null) return;
      places.x.push(Math.log10(Math.max(steps.seconds[k], earliest)));
      places.y.push(value);
      places.item.push(k);
    });
  }
  const line = (...parts) => berth.element("div", {}, ...parts);
  pointable(figure, {
    find: (x, y, chart) => nearest(places, x, y, chart, 20),
    describe: (k) => [line(`after ${berth.seconds(steps.seconds[k])}`, steps.by[k] ? ` by ${steps.by[k]}` : ""), steps.cost[k] == null ? "" : line(`cost ${berth.number(steps.cost[k])}`), steps.bound[k] == null ? "" : line(`bound ${berth.number(steps.bound[k])}`)],
    open: () => {},
  });
}

// drawTraces draws the gap over time of all runs on an instance.
function drawTraces(element, runs, traces) {
  const best = amount(entryOf(runs[0]).best);
  const gapOf = (cost) => (cost == null ? null : Math.max(0, (cost - best) / Math.max(Math.abs(best), 1)));
  const drawn = { x: [], y: [], item: [] };
  let moments = 0;
  const option = () => {
    const gaps = traces.map((trace) => trace.cost.map(gapOf));
    const placed = gaps.flat().filter((gap) => gap != null);
    moments = placed.length;
    drawn.x = []; drawn.y = []; drawn.item = [];
    if (best == null || !placed.length) return emptyOption("No trajectory with a placement");
    const scale = gapScale(placed);
    const times = [];
    const series = runs.map((run, k) => {
      const line = stairs(traces[k].seconds, gaps[k], usedBy(run)).map(([x, gap]) => [x, scale.of(gap)]);
      for (const [x, y] of line) {
        times.push(10 ** x);
        drawn.x.push(x);
        drawn.y.push(y);
        drawn.item.push(run);
      }
      return { type: "line", silent: true, step: "end", data: line, symbol: berth.symbol(methodOf(run)), symbolSize: 6, showSymbol: runs.length < 60, ...seriesColour(methodOf(run)), ...(outcomeOf(run) === "wrong" ? { lineStyle: { color: berth.theme.wrong } } : {}) };
    });
    return { grid: { ...grid, left: 76 }, xAxis: logAxis("time since the run began", least(times), most(times), berth.seconds), yAxis: gapAxis("gap to the best known", scale, 58, scale.highest), series };
  };
  const figure = berth.figure("subject", element, { option, points: () => moments, runs: () => runs.length });
  pointable(figure, { find: (x, y, chart) => nearest(drawn, x, y, chart), describe: (run) => runNote(run), open: (run) => go(runLink(run)) });
}

// drawCloud draws gap against time of all runs of a method.
function drawCloud(element, runs) {
  const fit = runs.filter((run) => outcomeOf(run) !== "unfit");
  const drawn = { x: [], y: [], item: fit };
  const option = () => {
    if (!fit.length) return emptyOption("The method handles none of these instances");
    const scale = gapScale(fit.map((run) => state.runs.gap[run]));
    drawn.x = fit.map((run) => Math.log10(usedBy(run)));
    drawn.y = fit.map((run) => placeGap(scale, state.runs.gap[run], run));
    const wrong = fit.map((run) => outcomeOf(run) === "wrong");
    const dots = (isWrong, look) => ({ type: "scatter", silent: true, ...look, large: fit.length > 20000, largeThreshold: 1, dimensions: ["x", "y"], data: flat(drawn.x.map((x, k) => [x, drawn.y[k]]).filter((_, k) => wrong[k] === isWrong)) });
    return {
      grid: { ...grid, left: 76 }, xAxis: logAxis("time used", least(fit.map(usedBy)), most(fit.map(usedBy)), berth.seconds), yAxis: gapAxis("gap to the best known", scale, 58),
      series: [
        { ...dots(false, { symbol: berth.symbol(methodOf(fit[0])), symbolSize: fit.length > 5000 ? 3 : 7, itemStyle: { color: berth.colour(methodOf(fit[0])), opacity: 0.5 } }), markArea: gapBands(scale) },
        dots(true, { symbol: crossOut, symbolSize: 9, itemStyle: { color: berth.theme.wrong } }),
      ],
    };
  };
  const figure = berth.figure("subject", element, { option, points: () => fit.length });
  pointable(figure, { find: (x, y, chart) => nearest(drawn, x, y, chart), describe: (run) => runNote(run), open: (run) => go(runLink(run)) });
}
