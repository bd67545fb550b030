// Tables of runs. A row is a view of the columns, so that 200,000 rows cost little.

class Row {
  constructor(run) {
    this.run = run;
  }
}

const fields = {
  id: (run) => state.runs.id[run],
  instance: (run) => entryOf(run).name,
  group: (run) => groupName(entryOf(run).group),
  method: (run) => state.study.methods[methodOf(run)],
  seed: (run) => Number(word(state.runs.seed, run)),
  outcome: outcomeOf,
  cost: (run) => amount(costOf(run)),
  bound: (run) => amount(boundOf(run)),
  gap: (run) => state.runs.gap[run],
  wall: (run) => state.runs.wall[run],
  cpu: (run) => state.runs.cpu[run],
  peak: (run) => state.runs.peak[run] || null,
  started: (run) => (state.runs.started[run] < 0 ? null : state.runs.started[run]),
};
for (const [name, read] of Object.entries(fields)) {
  // The table writes the value of each cell that it draws back into its row.
  Object.defineProperty(Row.prototype, name, { get() { return read(this.run); }, set() {} });
}
const amount = (text) => (text === "" || text == null ? null : Number(text));

// numberFilter reads "< 5", ">= 0.1", "1..10", "7", "none", with the unit of a column.
function numberFilter(unit) {
  return (wanted, value) => {
    const text = wanted.trim().replaceAll(",", ".");
    if (text === "") return true;
    if (/^(none|–|-)$/.test(text)) return value == null;
    if (value == null) return false;
    const shown = value / unit;
    const range = text.match(/^(-?[\d.eE]+)\s*\.\.\s*(-?[\d.eE]+)$/);
    if (range) return shown >= Number(range[1]) && shown <= Number(range[2]);
    const bound = text.match(/^(<=|>=|<|>|=)?\s*(-?[\d.]+(?:[eE][+-]?\d+)?)$/);
    if (!bound) return true; // half typed
    const limit = Number(bound[2]);
    switch (bound[1]) {
      case "<": return shown < limit;
      case "<=": return shown <= limit;
      case ">": return shown > limit;
      case ">=": return shown >= limit;
    }
    return Math.abs(shown - limit) <= 1e-9 * Math.abs(limit);
  };
}

const missingLast = (a, b, rowA, rowB, column, direction) => {
  if (a == null || b == null) return (a == null ? 1 : 0) * (direction === "asc" ? 1 : -1) - (b == null ? 1 : 0) * (direction === "asc" ? 1 : -1);
  return a - b;
};

const textCell = (cell) => document.createTextNode(cell.getValue());
const linkCell = (address) => (cell) => link(address(cell.getData().run), cell.getValue());

function amountColumn(title, field, format, unit = 1, placeholder = "") {
  return {
    title, field, hozAlign: "right", sorter: missingLast, headerFilter: "input", headerFilterFunc: numberFilter(unit),
    headerFilterPlaceholder: placeholder, formatter: (cell) => document.createTextNode(format(cell.getValue())), minWidth: 82, headerSortStartingDir: "asc",
  };
}

function textColumn(title, field, formatter, more = {}) {
  return { title, field, formatter, sorter: "string", headerFilter: "input", headerFilterFunc: contains, headerFilterPlaceholder: "contains", minWidth: 90, ...more };
}
const contains = (wanted, value) => String(value).toLowerCase().includes(wanted.trim().toLowerCase());

// choiceColumn filters by one of its values. The choices are text, never HTML.
function choiceColumn(title, field, values, formatter, more = {}) {
  const editor = (cell, rendered, success) => {
    const choice = berth.element("select", { "aria-label": "Filter by " + title, style: "width:100%" },
      berth.element("option", { value: "" }, "all"), ...values.map((value) => berth.element("option", { value }, value)));
    choice.value = cell.getValue() ?? "";
    choice.addEventListener("change", () => success(choice.value));
    return choice;
  };
  return { title, field, formatter, sorter: "string", headerFilter: editor, headerFilterFunc: "=", headerFilterEmptyCheck: (value) => !value, minWidth: 106, ...more };
}

const started = (seconds) => (seconds == null ? "–" : new Date(1000 * (state.runs.since + seconds)).toISOString().slice(0, 16).replace("T", " "));

function columnsFor() {
  const { methods, groups, outcomes } = state.study;
  const present = new Set(state.runs.outcome);
  const several = (list) => new Set(list.words).size > 1;
  return [
    textColumn("Run", "id", linkCell(runLink), { minWidth: 94, widthGrow: 0 }),
    textColumn("Instance", "instance", linkCell((run) => instanceLink(state.runs.instance[run])), { minWidth: 130, widthGrow: 2 }),
    ...(groups.length > 1 ? [choiceColumn("Group", "group", groups.map((_, k) => groupName(k)), textCell)] : []),
    choiceColumn("Method", "method", methods, linkCell((run) => methodLink(methodOf(run))), { minWidth: 110, widthGrow: 1.5 }),
    ...(several(state.runs.seed) ? [{ ...amountColumn("Seed", "seed", String), minWidth: 78 }] : []),
    choiceColumn("Outcome", "outcome", outcomes.filter((_, k) => present.has(k)), (cell) => badge(cell.getValue())),
    amountColumn("Gap", "gap", berth.percent, 0.01, "%"),
    amountColumn("Cost", "cost", berth.number),
    { ...amountColumn("Bound", "bound", berth.number), minWidth: 90 },
    amountColumn("Wall", "wall", berth.seconds, 1, "s"),
    amountColumn("CPU", "cpu", berth.seconds, 1, "s"),
    { ...amountColumn("Memory", "peak", berth.bytes, 2 ** 20, "MiB"), minWidth: 98 },
    ...(state.runs.since ? [{ title: "Begun", field: "started", sorter: missingLast, formatter: (cell) => document.createTextNode(started(cell.getValue())), minWidth: 138 }] : []),
  ];
}

// tableOfRuns draws a table of some runs into an element, without the columns of
// which it is known what they would say.
function tableOfRuns(element, runs, height, known = []) {
  const table = new Tabulator(element, {
    data: runs.map((run) => new Row(run)), columns: columnsFor().filter(({ field }) => !known.includes(field)), index: "id", height,
    layout: "fitColumns", rowHeight: 32, renderVerticalBuffer: 320, reactiveData: false, placeholder: "No run passes the filters",
    columnDefaults: { headerTooltip: false, vertAlign: "middle" },
  });
  table.on("rowClick", (event, row) => {
    if (!event.target.closest("a")) go(runLink(row.getData().run));
  });
  return table;
}

let allRuns; // the table of all runs, a promise: it is drawn when it comes near

function prepareRuns() {
  const holder = document.getElementById("runs-table");
  const draw = () => (allRuns ??= new Promise((ready) => {
    const all = state.runs.id.map((_, run) => run);
    const height = all.length > 14 ? "560px" : undefined;
    const table = tableOfRuns(holder, all, height);
    table.on("dataFiltered", (_, rows) => {
      document.getElementById("runs-shown").textContent = rows.length === all.length ? plural(all.length, "run") : `${berth.number(rows.length)} of ${plural(all.length, "run")}`;
    });
    table.on("tableBuilt", () => {
      filterGroup(table);
      ready(table);
    });
  }));
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    draw();
  }, { rootMargin: "300px" }).observe(holder);
  document.getElementById("runs-clear").addEventListener("click", async () => (await draw()).clearHeaderFilter());
  return draw;
}

function filterGroup(table) {
  if (state.study.groups.length > 1) table.setHeaderFilterValue("group", state.group < 0 ? "" : groupName(state.group));
}

// filterRuns shows the table of all runs with one filter.
async function filterRuns(draw, field, value) {
  const table = await draw();
  table.clearHeaderFilter();
  table.setHeaderFilterValue(field, value);
  const title = document.getElementById("runs");
  title.scrollIntoView();
}
