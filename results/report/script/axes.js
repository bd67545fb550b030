// Axes that all figures share. Logarithms are taken here, not by the chart library:
// zero and "no placement" get places of their own on a logarithmic axis, and the
// place of a point is linear in its pixels.

const axisName = (name, gap) => ({ name, nameLocation: "middle", nameGap: gap });

// ticks are the places of round numbers between two logarithms.
function ticks(low, high) {
  const decades = high - low;
  const steps = decades < 0.7 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8] : decades < 1.2 ? [1, 2, 3, 5, 7] : decades < 3 ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / 8));
  const places = [];
  for (let decade = Math.floor(low); decade <= high; decade++) {
    if (decade % every !== 0) continue;
    for (const step of steps) {
      const place = decade + Math.log10(step);
      if (place >= low - 1e-9 && place <= high + 1e-9) places.push(place);
    }
  }
  return places;
}

// logAxis is an axis for log10 of values between low and high.
function logAxis(name, low, high, format) {
  const room = Math.max(0, 0.3 - Math.log10(high / low)) / 2; // an axis is never of one point
  const min = Math.log10(low) - room;
  const max = Math.log10(high) + room;
  const pad = (max - min) * 0.02;
  const places = ticks(min, max);
  return {
    type: "value", min: min - pad, max: max + pad, ...axisName(name, 32),
    axisLabel: { customValues: places, formatter: (v) => format(Number((10 ** v).toPrecision(3))) },
    axisTick: { customValues: places, show: true }, splitLine: { show: true },
  };
}

// gapScale places gaps: their logarithm between a line for 0 at the bottom and one
// for no placement at the top. wobble spreads the points of a line.
function gapScale(gaps) {
  let least = 0.1;
  let most = 1;
  for (const gap of gaps) {
    if (gap > 0 && gap < least) least = gap;
    if (gap > most) most = gap;
  }
  const lowest = Math.max(-5, Math.floor(Math.log10(least) + 1e-9));
  const highest = Math.min(4, Math.ceil(Math.log10(most) - 1e-9));
  const zero = lowest - 1;
  const none = highest + 1;
  const of = (gap) => (gap == null ? none : gap <= 0 ? zero : Math.min(highest, Math.max(lowest, Math.log10(gap))));
  return { zero, none, lowest, highest, of };
}

// spread moves a point of the line by up to a third of a decade, always by the same.
const spread = (run) => ((Math.imul(run + 1, 2654435761) >>> 0) / 2 ** 32 - 0.5) * 0.66;
const placeGap = (scale, gap, run) => {
  const place = scale.of(gap);
  return place === scale.zero || place === scale.none ? place + spread(run) : place;
};

function gapAxis(name, scale, nameGap, top = scale.none) {
  const places = [];
  for (let place = scale.zero; place <= top; place++) places.push(place);
  const label = (v) => (v === scale.zero ? "0" : v === scale.none ? "none" : berth.percent(10 ** v));
  return {
    type: "value", min: scale.zero - 0.5, max: top + 0.5, ...axisName(name, nameGap),
    axisLabel: { customValues: places, formatter: (v) => label(Math.round(v)) },
    axisTick: { customValues: places, show: true }, splitLine: { show: true },
  };
}

// The bands of 0 and of no placement, shaded.
function gapBands(scale, direction = "yAxis") {
  const area = (from, to) => [{ [direction]: from }, { [direction]: to }];
  return {
    silent: true, itemStyle: { color: berth.theme.ink, opacity: 0.045 },
    data: [area(scale.zero - 0.5, scale.zero + 0.5), area(scale.none - 0.5, scale.none + 0.5)],
  };
}

const shareAxis = (name) => ({
  type: "value", min: 0, max: 1, ...axisName(name, 50),
  axisLabel: { formatter: (v) => berth.percent(v) }, axisTick: { show: true }, axisLine: { show: true },
});

const grid = { left: 66, right: 18, top: 14, bottom: 50, containLabel: false };

// emptyOption says why a figure shows nothing.
const emptyOption = (text) => ({
  title: { text, left: "center", top: "middle", textStyle: { color: berth.theme.muted, fontWeight: "normal", fontSize: 15, width: 420, overflow: "break" } },
});

const seriesColour = (k) => ({ lineStyle: { color: berth.colour(k), type: berth.dash(k), width: 2 }, itemStyle: { color: berth.colour(k) } });

// flat packs places for the chart library, which copies arrays of arrays one by one.
function flat(places) {
  const packed = new Float64Array(2 * places.length);
  places.forEach(([x, y], k) => {
    packed[2 * k] = x;
    packed[2 * k + 1] = y;
  });
  return packed;
}

// shorten leaves out the middle: names often begin alike.
function shorten(text, length) {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return text.slice(0, head) + "…" + text.slice(head + 1 - length);
}
const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
