// The tables, and how the solution was found.

view.tables = () => {
  const d = view.picture;
  const by = (id) => document.getElementById(id);
  const tables = {};
  let keep = null; // which rows a search found
  const leave = (table) => {
    if (keep) table.setFilter(keep);
    else if (table.getFilters().length) table.clearFilter();
  };
  const dash = (cell) => (cell.getValue() > 0 ? view.cost(cell.getValue()) : "");
  const amount = (title, field) => ({ title, field, hozAlign: "right", headerHozAlign: "right", sorter: "number", formatter: dash, headerSortStartingDir: "desc", width: 110 });
  const linked = (what, title, field) => ({ title, field, minWidth: 90, widthGrow: 1, headerFilter: "input", formatter: (cell) => {
    const k = cell.getData()[field + "Index"];
    return k == null || k < 0 ? document.createTextNode(cell.getValue()) : view.link(what, k);
  } });
  const text = (title, field, grow = 2) => ({ title, field, minWidth: 120, widthGrow: grow, headerFilter: "input", formatter: (cell) => document.createTextNode(cell.getValue() ?? "") });
  const make = (id, data, columns, sort) => {
    tables[id] = new Tabulator("#" + id, {
      data, columns, initialSort: sort, layout: "fitColumns", height: data.length > 12 ? 420 : false, placeholder: "nothing",
      columnDefaults: { titleFormatter: (cell) => document.createTextNode(cell.getValue()), headerSortTristate: false, tooltip: false },
    });
    tables[id].on("tableBuilt", () => leave(tables[id]));
  };
  const nodeName = (j) => (j < 0 ? "left out" : d.nodes.name[j]);
  const listed = (list) => { const names = [...new Set(view.places(list))].map(nodeName); return names.length > 3 ? `${names.slice(0, 3).join(", ")} +${names.length - 3}` : names.join(", "); };

  // Away from home.
  const away = [];
  for (let r = 0; r < d.own.length; r++) {
    if (!d.replicas.state[r]) continue;
    const i = d.taskOf[r];
    const several = d.tasks.first[i + 1] - d.tasks.first[i] > 1;
    away.push({
      task: d.tasks.name[i], taskIndex: i, which: several ? r - d.tasks.first[i] + 1 : null, node: nodeName(d.replicas.node[r]), nodeIndex: d.replicas.node[r],
      home: listed(d.tasks.home[i] >= 0 ? d.tasks.home[i] : d.tasks.today[i]),
      fetch: d.replicas.fetch[r], move: d.replicas.move[r], unplaced: d.replicas.unplaced[r], cost: d.own[r], why: d.why.get(r) ?? "",
    });
  }
  if (away.length) {
    by("away-section").hidden = false;
    const sum = away.reduce((s, row) => s + row.cost, 0);
    by("away-sum").textContent = `${view.plural(away.length, "replica")} pay ${view.cost(sum)} because they are where another node would be cheaper, not where they run today, or left out.` +
      (away.length > d.kept.length && d.kept.length ? ` What keeps them was asked of the judge for the ${d.kept.length} dearest.` : "");
    const used = (field) => away.some((row) => row[field] > 0);
    make("away", away, [
      linked("task", "task", "task"),
      ...(used("which") ? [{ title: "replica", field: "which", sorter: "number", width: 90, hozAlign: "right", headerHozAlign: "right" }] : []),
      linked("node", "is on", "node"), { ...text("home", "home", 1.5), minWidth: 150 },
      ...["fetch", "move", "unplaced"].filter(used).map((field) => amount(field === "unplaced" ? "left out" : field, field)),
      amount("cost", "cost"), ...(d.kept.length ? [text("what keeps it", "why", 3)] : []),
    ], [{ column: "cost", dir: "desc" }]);
  }

  // Reads.
  if (d.reads.task.length) {
    by("reads-section").hidden = false;
    make("reads", d.reads.task.map((i, k) => ({ task: d.tasks.name[i], taskIndex: i, node: d.nodes.name[d.reads.node[k]], nodeIndex: d.reads.node[k], cost: d.reads.cost[k] })),
      [linked("task", "task", "task"), linked("node", "read on", "node"), amount("cost", "cost")], [{ column: "cost", dir: "desc" }]);
  }

  // Wishes.
  const wishes = d.rules.filter((rule) => rule.cost > 0);
  if (wishes.length) {
    by("wishes-section").hidden = false;
    make("wishes", wishes.map((rule) => ({ wish: view.asks(rule), of: rule.tasks.map((t) => d.tasks.name[t]).join(", "), rule, broken: rule.broken, cost: rule.cost })), [
      text("wish", "wish", 1), { ...text("of", "of", 3), formatter: (cell) => view.taskList(cell.getData().rule.tasks) },
      { ...amount("broken", "broken"), formatter: (cell) => (cell.getValue() === 1 ? "once" : `${cell.getValue()} times`) }, amount("cost", "cost"),
    ], [{ column: "cost", dir: "desc" }]);
  }

  // Nodes.
  const shared = d.groupings.filter((g) => g.key !== "node").map((g) => g.key);
  const nodes = d.nodes.name.map((name, j) => {
    const row = { node: name, nodeIndex: j, hosted: d.hosted[j], paid: d.paid[j], traffic: d.trafficOn[j] };
    d.resources.forEach((_, k) => (row["r" + k] = d.nodes.capacity[k][j] > 0 ? d.load[k][j] / d.nodes.capacity[k][j] : 0));
    shared.forEach((key, k) => (row["l" + k] = d.nodes.labels[j][key] ?? ""));
    return row;
  });
  make("node-table", nodes, [
    linked("node", "node", "node"), ...shared.map((key, k) => text(key, "l" + k, 1)), { ...amount("replicas", "hosted"), width: 100 },
    ...d.resources.map((resource, k) => ({
      title: resource.name, field: "r" + k, sorter: "number", minWidth: 130, widthGrow: 1.5, headerSortStartingDir: "desc",
      formatter: (cell) => {
        const j = cell.getData().nodeIndex, part = cell.getValue();
        return berth.element("div", { class: "fill" }, berth.element("span", { class: part > 1 ? "over" : null, style: `width:${Math.min(100, 100 * part)}%` }),
          berth.element("b", {}, `${view.amount(k, d.load[k][j], d.nodes.capacity[k][j])} of ${view.amount(k, d.nodes.capacity[k][j])}`));
      },
    })),
    ...(d.paid.some((x) => x > 0) ? [amount("by itself", "paid")] : []), ...(d.trafficOn.some((x) => x > 0) ? [amount("traffic", "traffic")] : []),
  ]);
  view.onPrint((width) => {
    for (const table of Object.values(tables)) {
      table.element.style.width = width;
      if (table.initialized) table.redraw(true);
    }
  });
  // A search leaves the rows of what it found.
  return {
    tables,
    find(found) {
      keep = found === null ? null : (row) => found.tasks.has(row.taskIndex) || found.nodes.has(row.nodeIndex) || (row.rule?.tasks.some((t) => found.tasks.has(t)) ?? false) ||
        (row.taskIndex == null && row.nodeIndex != null && found.hosts.has(row.nodeIndex));
      Object.values(tables).filter((table) => table.initialized).forEach(leave);
    },
  };
};

view.trajectory = (steps, end) => {
  if (steps.seconds.length === 0) return;
  document.getElementById("trajectory-section").hidden = false;
  const log = document.getElementById("log-time");
  const last = Math.max(...steps.seconds, 0);
  const positive = steps.seconds.filter((s) => s > 0);
  log.checked = positive.length > 2 && last > 50 * Math.min(...positive);
  const line = (column, name, k) => ({
    name, type: "line", step: "end", showSymbol: steps.seconds.length <= 200, symbol: berth.symbol(k), symbolSize: 7, itemStyle: { color: berth.colour(k) },
    lineStyle: { color: berth.colour(k), type: berth.dash(k), width: 2 },
    data: lasting(steps.seconds.map((s, t) => [log.checked ? Math.max(s, 0.001) : s, steps[column][t], t]).filter(([, y]) => y != null)),
  });
  // What was known last was known until the end.
  const lasting = (known) => {
    const last = known.at(-1);
    return last && end > last[0] ? [...known, { value: [end, last[1], last[2]], symbol: "none" }] : known;
  };
  const figure = berth.figure("trajectory", document.getElementById("trajectory-figure"), {
    option: () => ({
      grid: { left: 10, right: 24, top: 40, bottom: 30, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: "item", formatter: (p) => `${berth.seconds(steps.seconds[p.data[2]])}: ${p.seriesName} ${view.cost(p.data[1])}${steps.by[p.data[2]] ? `<br>by ${berth.escape(steps.by[p.data[2]])}` : ""}` },
      xAxis: { type: log.checked ? "log" : "value", name: "seconds", nameLocation: "middle", nameGap: 26, min: log.checked ? 0.001 : 0, axisLabel: { formatter: (x) => berth.number(x) } },
      yAxis: { type: "value", scale: true, axisLabel: { formatter: (x) => berth.number(x) } },
      series: [line("objective", "cost", 1), line("bound", "bound", 0)],
    }),
    points: () => steps.objective.filter((y) => y != null).length + steps.bound.filter((y) => y != null).length,
  });
  log.addEventListener("change", figure.redraw);
};
