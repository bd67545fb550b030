// Gap over time: median and quartiles of each method.

function drawBands() {
  let shown;
  let scale;
  const option = () => {
    shown = state.statistics.bands.filter((band) => showsMethod(band.method) && band.runs > 0);
    if (!shown.some((band) => band.median.some((gap) => gap < 1))) return emptyOption("No placement to show over time");
    scale = gapScale(shown.flatMap((band) => [...band.lower, ...band.median, ...band.upper]));
    const seconds = shown.flatMap((band) => [band.seconds[0], band.seconds.at(-1)]);
    return {
      grid: { ...grid, left: 76 },
      xAxis: logAxis("time since the run began", least(seconds), most(seconds), berth.seconds),
      yAxis: gapAxis("gap to the best known", scale, 58, scale.highest),
      series: shown.flatMap((band) => bandSeries(band, scale, shown.length > 5)),
    };
  };
  const figure = berth.figure("bands", document.getElementById("bands"), {
    option, points: () => shown.reduce((sum, band) => sum + band.seconds.length, 0), runs: () => shown.reduce((sum, band) => sum + band.runs, 0),
  });
  pointable(figure, {
    find: (x, y, chart) => nearest(bandPoints(shown, scale), x, y, chart, 18),
    describe: ({ band, k }) => bandNote(band, k),
    open: ({ band }) => go(methodLink(band.method)),
  });
}

function bandSeries(band, scale, many) {
  const x = band.seconds.map(Math.log10);
  const at = (gaps) => gaps.map((gap, k) => [x[k], scale.of(gap)]);
  const colour = berth.colour(band.method);
  const opacity = many ? 0.08 : 0.15;
  const area = [...at(band.lower), ...at(band.upper).reverse()];
  const median = at(band.median);
  const every = Math.max(1, Math.floor(median.length / markers));
  return [
    {
      type: "custom", silent: true, data: [0], z: 1, clip: true,
      renderItem: (_, api) => ({ type: "polygon", shape: { points: area.map((place) => api.coord(place)) }, style: { fill: colour, opacity } }),
    },
    { type: "line", name: "median", silent: true, step: false, data: median, symbol: "none", ...seriesColour(band.method) },
    { type: "scatter", name: "markers", silent: true, symbol: berth.symbol(band.method), symbolSize: 9, data: median.filter((_, k) => k % every === band.method % every), itemStyle: { color: colour, borderColor: berth.theme.paper, borderWidth: 1 } },
  ];
}

function bandPoints(bands, scale) {
  const points = { x: [], y: [], item: [] };
  for (const band of bands) {
    band.seconds.forEach((seconds, k) => {
      points.x.push(Math.log10(seconds));
      points.y.push(scale.of(band.median[k]));
      points.item.push({ band, k });
    });
  }
  return points;
}

function bandNote(band, k) {
  const line = (...parts) => berth.element("div", {}, ...parts);
  return [
    line(berth.swatch(band.method), " ", berth.element("strong", {}, state.study.methods[band.method])),
    line(`after ${berth.seconds(band.seconds[k])}`),
    line(`median gap ${berth.percent(band.median[k])}, quartiles ${berth.percent(band.lower[k])} and ${berth.percent(band.upper[k])}`),
    line(plural(band.runs, "run")),
  ];
}
