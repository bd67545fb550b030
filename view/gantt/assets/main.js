// Selection, search, the table, and the start.

gantt.say = (t) => {
  const d = gantt.data;
  const slack = d.tasks.slack?.[t];
  const words = [
    `${d.tasks.name[t]} on ${d.nodes[d.tasks.node[t]]}, ${berth.number(d.tasks.start[t])} to ${berth.number(d.tasks.finish[t])}`,
    d.before[t].length ? "waits for " + d.before[t].map((k) => `${d.tasks.name[d.edges.from[k]]} (${d.edges.data[k]}, there at ${berth.number(d.edges.arrives[k])})`).join(", ") : "waits for no task",
    slack == null ? null : slack > 0 ? `may end ${berth.number(slack)} later` : "may not end later",
  ];
  document.getElementById("said").textContent = words.filter(Boolean).join("; ");
};

gantt.select = (t) => {
  gantt.selected = t;
  for (const part of [gantt.onChart, gantt.onGraph]) part.draw();
  if (t == null) document.getElementById("said").textContent = "\u00a0";
  else gantt.say(t);
};

gantt.table = () => {
  const d = gantt.data;
  const text = (cell) => document.createTextNode(cell.getValue());
  const time = (cell) => berth.number(cell.getValue());
  const rows = d.tasks.name.map((name, t) => ({
    id: t, name, node: d.nodes[d.tasks.node[t]], start: d.tasks.start[t], finish: d.tasks.finish[t], slack: d.tasks.slack?.[t] ?? null, waits: d.before[t].length,
  }));
  const table = new Tabulator("#task-table", {
    data: rows, layout: "fitColumns", height: rows.length > 15 ? 420 : undefined, initialSort: [{ column: "start", dir: "asc" }],
    columns: [
      { title: "task", field: "name", minWidth: 120, formatter: text }, { title: "node", field: "node", formatter: text },
      { title: "start", field: "start", formatter: time, hozAlign: "right", sorter: "number" }, { title: "finish", field: "finish", formatter: time, hozAlign: "right", sorter: "number" },
      { title: "slack", field: "slack", formatter: time, hozAlign: "right", sorter: "number" }, { title: "waits for", field: "waits", hozAlign: "right", sorter: "number" },
    ],
  });
  table.on("rowClick", (_, row) => gantt.select(row.getData().id));
  return table;
};

(async () => {
  const d = gantt.prepare(await berth.data("chart"));
  gantt.selected = null;
  const box = document.getElementById("gantt");
  if (box) {
    gantt.onChart = gantt.chart(box);
    gantt.onGraph = gantt.graph(document.getElementById("graph"));
    gantt.onNetwork = gantt.network(document.getElementById("network"));
    gantt.onTable = gantt.table();
    document.getElementById("find").addEventListener("input", (event) => {
      const wanted = event.target.value.trim().toLowerCase();
      const names = d.tasks.name.map((name) => name.toLowerCase());
      const exact = names.indexOf(wanted);
      const found = wanted === "" ? -1 : exact >= 0 ? exact : names.findIndex((name) => name.includes(wanted));
      gantt.select(found < 0 ? null : found);
    });
    const follow = () => {
      const name = /^#task=(.*)$/.exec(location.hash)?.[1];
      const t = name == null ? -1 : d.tasks.name.indexOf(decodeURIComponent(name));
      if (t >= 0) gantt.select(t);
    };
    addEventListener("hashchange", follow);
    follow();
  }
  gantt.ready = performance.now();
})().catch(berth.trouble);
window.gantt = gantt;
