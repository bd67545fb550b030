// The table of methods.

const methodColumns = [
  { key: "instances", title: "Instances", format: berth.number },
  { key: "runs", title: "Runs", format: berth.number },
  { key: "solved", title: "Solved", format: berth.number, best: Math.max },
  { key: "proven", title: "Proven", format: berth.number, best: Math.max },
  { key: "wrong", title: "Wrong", format: berth.number },
  { key: "failed", title: "No answer", format: berth.number },
  { key: "unfit", title: "Unfit", format: berth.number },
  { key: "wins", title: "Wins", format: berth.number, best: Math.max },
  { key: "time", title: "Time to proof", format: berth.seconds, best: Math.min },
  { key: "par10", title: "PAR10", format: berth.seconds, best: Math.min },
  { key: "used", title: "Time used", format: berth.seconds, best: Math.min },
  { key: "gap", title: "Gap", format: berth.percent, best: Math.min },
  { key: "primal", title: "Primal integral", format: berth.percent, best: Math.min },
];
const methodSort = { key: "time", descending: false };

const valueOf = (row, key) => (Array.isArray(row[key]) ? row[key][0] : row[key]);

function sortedSummaries() {
  const { key, descending } = methodSort;
  const compare = (a, b) => {
    if (key === "method") return a.method - b.method;
    const [x, y] = [valueOf(a, key), valueOf(b, key)];
    if (x == null || y == null) return (x == null) - (y == null);
    return (descending ? y - x : x - y) || a.method - b.method;
  };
  const rows = [...state.statistics.summaries].sort(compare);
  return key === "method" && descending ? rows.reverse() : rows;
}

// range writes an interval, the unit once where both ends have it.
function range([, low, high], format) {
  const [from, to] = [format(low), format(high)];
  const unit = to.slice(to.indexOf("\u00a0"));
  return (from.endsWith(unit) ? from.slice(0, -unit.length) : from) + " … " + to;
}

function drawMethods() {
  const table = document.getElementById("methods-table");
  const header = [{ key: "method", title: "Method" }, ...methodColumns].map(({ key, title }) => {
    const sorted = methodSort.key === key ? (methodSort.descending ? "descending" : "ascending") : "none";
    const sort = () => {
      methodSort.descending = methodSort.key === key ? !methodSort.descending : ["solved", "proven", "wins"].includes(key);
      methodSort.key = key;
      drawMethods();
      table.querySelector(`[data-key="${key}"] button`).focus();
    };
    return berth.element("th", { scope: "col", "data-key": key, "aria-sort": sorted }, berth.element("button", { type: "button", click: sort }, title));
  });
  const best = bestOfColumns();
  const rows = sortedSummaries().map((row) => berth.element("tr", {}, methodCell(row), ...methodColumns.map((column) => amountCell(row, column, best))));
  table.replaceChildren(berth.element("thead", {}, berth.element("tr", {}, ...header)), berth.element("tbody", {}, ...rows));
}

// bestOfColumns is the best value of each column, where more than one method has one.
function bestOfColumns() {
  const best = {};
  for (const { key, best: choose } of methodColumns) {
    const values = state.statistics.summaries.filter((row) => row.runs > row.unfit).map((row) => valueOf(row, key)).filter((v) => v != null);
    if (choose && values.length > 1 && new Set(values).size > 1) best[key] = choose(...values);
  }
  return best;
}

const methodCell = (row) => berth.element("th", { scope: "row" }, berth.element("span", { class: "name" }, berth.swatch(row.method), berth.element("a", { href: methodLink(row.method), title: state.study.methods[row.method] }, shorten(state.study.methods[row.method], 30))));

function amountCell(row, { key, format }, best) {
  const value = valueOf(row, key);
  const classes = [value != null && best[key] === value ? "best" : "", key === "wrong" && value > 0 ? "wrong" : ""].join(" ").trim();
  const text = row.runs === row.unfit && !["instances", "runs", "unfit"].includes(key) ? "–" : format(value);
  const cell = berth.element("td", classes ? { class: classes } : {}, text);
  if (Array.isArray(row[key]) && row[key][1] != null) {
    cell.append(berth.element("small", {}, range(row[key], format)));
  }
  return cell;
}
