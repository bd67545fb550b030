// Two methods against each other: a point for each instance and seed that both ran on.

const duel = { left: 0, right: 1, shows: "time" };

// pairRuns finds the runs of both methods of the same instance and seed.
function pairRuns() {
  const key = (run) => state.runs.instance[run] + " " + state.runs.seed.at[run];
  const fit = (method) => runsOf((run) => methodOf(run) === method && outcomeOf(run) !== "unfit");
  const rights = new Map();
  for (const run of fit(duel.right)) {
    if (!rights.has(key(run))) rights.set(key(run), []);
    rights.get(key(run)).push(run);
  }
  const pairs = [];
  for (const left of fit(duel.left)) {
    const right = rights.get(key(left))?.shift();
    if (right !== undefined) pairs.push({ left, right });
  }
  return pairs;
}

const duelValue = { time: timeToProof, used: usedBy, gap: (run) => state.runs.gap[run] };

function layDuel() {
  const pairs = pairRuns();
  const value = duelValue[duel.shows];
  const scale = duel.shows === "gap" ? gapScale(pairs.flatMap(({ left, right }) => [state.runs.gap[left], state.runs.gap[right]])) : null;
  const place = (run) => (scale ? placeGap(scale, value(run), run) : Math.log10(value(run)));
  duel.drawn = { x: pairs.map(({ left }) => place(left)), y: pairs.map(({ right }) => place(right)), item: pairs, scale };
  return pairs;
}

// sideOf says whose the point is: the method that is clearly better, or nobody's.
function sideOf({ left, right }) {
  if (outcomeOf(left) === "wrong" || outcomeOf(right) === "wrong") return "wrong";
  const value = duelValue[duel.shows];
  const [a, b] = [value(left) ?? Infinity, value(right) ?? Infinity];
  if (duel.shows !== "gap" && Math.abs(a - b) <= Math.max(0.005, 0.05 * Math.max(a, b))) return "tie";
  return a === b ? "tie" : a < b ? "left" : "right";
}

function duelAxes(pairs) {
  const names = [duel.left, duel.right].map((k) => shorten(state.study.methods[k], 40));
  if (duel.drawn.scale) {
    const axis = (name, gap) => gapAxis(`gap of ${name}`, duel.drawn.scale, gap);
    return [axis(names[0], 32), axis(names[1], 58)];
  }
  const values = pairs.flatMap(({ left, right }) => [duelValue[duel.shows](left), duelValue[duel.shows](right)]);
  const axis = (name) => logAxis(`${duel.shows === "time" ? "time to proof" : "time used"}, ${name}`, least(values), most(values), berth.seconds);
  return [axis(names[0]), { ...axis(names[1]), nameGap: 58 }];
}

function duelOption() {
  const pairs = layDuel();
  if (!pairs.length) return emptyOption(duel.left === duel.right ? "Choose two different methods" : "No instance that both methods handle");
  const [xAxis, yAxis] = duelAxes(pairs);
  const looks = {
    left: { color: berth.colour(duel.left), symbol: berth.symbol(duel.left) }, right: { color: berth.colour(duel.right), symbol: berth.symbol(duel.right) },
    tie: { color: berth.theme.muted, symbol: "circle" }, wrong: { color: berth.theme.wrong, symbol: crossOut },
  };
  const sides = pairs.map(sideOf);
  const dots = Object.entries(looks).map(([side, { color, symbol }]) => ({
    type: "scatter", name: "pairs", silent: true, symbol, symbolSize: pairs.length > 5000 ? 4 : 8, large: pairs.length > 20000, largeThreshold: 1,
    itemStyle: { color, opacity: side === "wrong" ? 1 : 0.6 },
    dimensions: ["x", "y"], data: flat(duel.drawn.x.map((x, k) => [x, duel.drawn.y[k]]).filter((_, k) => sides[k] === side)),
  }));
  const ends = [Math.max(xAxis.min, yAxis.min), Math.min(xAxis.max, yAxis.max)];
  const diagonal = {
    type: "line", name: "diagonal", silent: true, symbol: "none", data: ends.map((end) => [end, end]), z: 1,
    lineStyle: { color: berth.theme.muted, width: 1.2 }, markLine: duelBorders(pairs), markArea: duel.drawn.scale ? gapBands(duel.drawn.scale) : undefined,
  };
  return { grid: { ...grid, left: 82, right: 30, top: 24 }, xAxis, yAxis, series: [diagonal, ...dots] };
}

// duelBorders are the limits: on them lie the runs that did not come to a proof.
function duelBorders(pairs) {
  if (duel.shows !== "time") return undefined;
  const limits = (side) => [...new Set(pairs.map((pair) => pair[side]).filter((run) => !proven(outcomeOf(run))).map((run) => state.runs.limit[run]))].slice(0, 4);
  const border = (axis) => (limit) => ({ [axis]: Math.log10(limit) });
  return {
    silent: true, symbol: "none", label: { show: false }, lineStyle: { color: berth.theme.wrong, type: [3, 3], width: 1, opacity: 0.8 },
    data: [...limits("left").map(border("xAxis")), ...limits("right").map(border("yAxis"))],
  };
}

// duelPlace is where the statistics of the chosen pair are, in either order; −1: nowhere.
const duelPlace = () => state.duels.left.findIndex((left, k) => {
  const right = state.duels.right[k];
  return (left === duel.left && right === duel.right) || (left === duel.right && right === duel.left);
});

function duelVerdict() {
  const at = duelPlace();
  if (at >= 0) return (state.group < 0 ? "" : "Over all groups: ") + state.duels.verdict[at];
  if (duel.left === duel.right || state.duels.complete) return "";
  return "The statistics of this pair are not in this page, which has too many pairs and instances for that; berth compare has them.";
}

// duelDiffer lists the instances on which the two differ most.
function duelDiffer() {
  const holder = document.getElementById("duel-differ");
  holder.replaceChildren();
  const at = duelPlace();
  if (at < 0) return;
  const turned = state.duels.left[at] !== duel.left;
  const sides = turned ? [1, 0] : [0, 1];
  const cell = (time, gap) => berth.element("td", { class: "amount" }, berth.seconds(time), berth.element("small", {}, " gap " + berth.percent(gap)));
  const rows = state.duels.differ[at].map((pair) => berth.element("tr", {},
    berth.element("th", { scope: "row" }, link(instanceLink(pair.instance), state.study.instances[pair.instance].name)), ...sides.map((side) => cell(pair.time[side], pair.gap[side]))));
  const names = [duel.left, duel.right].map((k) => berth.element("th", { scope: "col", class: "amount" }, berth.swatch(k), " ", state.study.methods[k]));
  holder.append(berth.element("table", { class: "plain" }, berth.element("caption", {}, "Where they differ most, time to proof and gap"),
    berth.element("thead", {}, berth.element("tr", {}, berth.element("td"), ...names)), berth.element("tbody", {}, ...rows)));
}

function duelText() {
  const [left, right] = [duel.left, duel.right].map((k) => state.study.methods[k]);
  const better = duel.shows === "gap" ? "closer to the best" : "faster";
  const border = duel.shows === "time" ? " On the dotted borders are the runs that came to no proof within their limit." : "";
  document.getElementById("duel-reading").textContent =
    `Above the diagonal ${left} is ${better}, below it ${right}.${border}`;
  document.getElementById("duel-verdict").textContent = duelVerdict();
  duelDiffer();
}

function drawDuel() {
  duel.drawn = { x: [], y: [], item: [] };
  const figure = berth.figure("duel", document.getElementById("duel"), { option: duelOption, points: () => duel.drawn.item.length });
  duelText();
  pointable(figure, {
    find: (x, y, chart) => nearest(duel.drawn, x, y, chart),
    describe: ({ left, right }) => [...runNote(left), berth.element("hr"), ...runNote(right)],
    open: ({ left, right }) => go(runLink(outcomeOf(left) === "wrong" || outcomeOf(right) !== "wrong" ? left : right)),
  });
}

function switchDuel(shows) {
  duel.shows = shows;
  for (const name of ["time", "used", "gap"]) document.getElementById("duel-" + name).setAttribute("aria-pressed", String(name === shows));
  drawDuel();
}

// prepareDuel offers all methods and begins with the two that win most.
function prepareDuel() {
  const ranked = [...state.statistics.summaries].sort((a, b) => b.wins - a.wins || a.method - b.method);
  [duel.left, duel.right] = [ranked[0]?.method ?? 0, ranked[1]?.method ?? 0];
  for (const side of ["left", "right"]) {
    const choice = document.getElementById("duel-" + side);
    choice.append(...state.study.methods.map((name, k) => berth.element("option", { value: k, selected: k === duel[side] }, name)));
    choice.addEventListener("change", () => {
      duel[side] = Number(choice.value);
      drawDuel();
    });
  }
  for (const shows of ["time", "used", "gap"]) document.getElementById("duel-" + shows).addEventListener("click", () => switchDuel(shows));
  if (!state.statistics.summaries.some((row) => row.proven > 0)) duel.shows = "gap";
  for (const name of ["time", "used", "gap"]) document.getElementById("duel-" + name).setAttribute("aria-pressed", String(name === duel.shows));
}
