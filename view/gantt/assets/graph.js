// The graph of the tasks and the network of the nodes.

const mostInGraph = 800; // tasks; more would be a blur

gantt.graph = (box) => {
  const d = gantt.data, svg = gantt.svg;
  const n = d.tasks.name.length;
  if (n > mostInGraph) {
    document.getElementById("graph-note").textContent = `With ${n} tasks a picture of the graph would show nothing; the chart and the table have all of them.`;
    box.hidden = true;
    return { draw() {}, drawn: { tasks: 0 } };
  }
  // A task stands below all that it waits for; within a layer, in the mean of these.
  const layer = new Array(n).fill(0);
  const order = [...Array(n).keys()].sort((a, b) => d.tasks.start[a] - d.tasks.start[b] || d.tasks.finish[a] - d.tasks.finish[b]);
  for (let changed = true; changed;) {
    changed = false;
    for (const t of order) for (const k of d.before[t]) {
      if (layer[t] <= layer[d.edges.from[k]]) { layer[t] = layer[d.edges.from[k]] + 1; changed = true; }
    }
  }
  const rows = [];
  for (const t of order) (rows[layer[t]] ??= []).push(t);
  const x = new Array(n).fill(0);
  const place = (row) => row.forEach((t, i) => (x[t] = (i + 0.5) / row.length));
  rows.forEach(place);
  const mean = (list, of) => list.reduce((s, k) => s + x[of(k)], 0) / list.length;
  for (let sweep = 0; sweep < 6; sweep++) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      const wanted = new Map(row.map((t) => {
        const list = down ? d.before[t] : d.after[t];
        return [t, list.length ? mean(list, (k) => (down ? d.edges.from[k] : d.edges.to[k])) : x[t]];
      }));
      row.sort((a, b) => wanted.get(a) - wanted.get(b));
      place(row);
    }
  }
  const drawn = { tasks: 0 };
  const widest = Math.max(...rows.map((row) => row.length), 1);
  function draw() {
    const step = rows.length > 30 ? 26 : 44, radius = widest > 24 || rows.length > 30 ? 5 : 9;
    const width = Math.max(box.clientWidth, widest * (radius * 2 + 3), 240), height = rows.length * step + 14;
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, style: width > box.clientWidth ? `width:${width}px` : null });
    const at = (t) => [x[t] * width, layer[t] * step + step / 2];
    d.edges.from.forEach((a, k) => {
      const b = d.edges.to[k], lit = gantt.selected != null && (a === gantt.selected || b === gantt.selected);
      root.append(svg("line", { class: "message" + (d.edgeOnPath.has(k) ? " path" : "") + (lit ? " lit" : ""), x1: at(a)[0], y1: at(a)[1], x2: at(b)[0], y2: at(b)[1] }));
    });
    drawn.tasks = 0;
    for (let t = 0; t < n; t++) {
      root.append(svg("circle", { class: "task" + (d.onPath.has(t) ? " path" : "") + (gantt.selected === t ? " lit" : ""), cx: at(t)[0], cy: at(t)[1], r: radius, fill: berth.colour(d.tasks.node[t]), "data-task": t },
        svg("title", {}, d.tasks.name[t])));
      if (radius > 5 && width / widest > 60) root.append(svg("text", { class: "label", x: at(t)[0] + radius + 3, y: at(t)[1] + 4 }, d.tasks.name[t].length > 12 ? d.tasks.name[t].slice(0, 11) + "…" : d.tasks.name[t]));
      drawn.tasks++;
    }
    box.replaceChildren(root);
  }
  box.addEventListener("click", (event) => gantt.select(event.target.dataset?.task == null ? null : Number(event.target.dataset.task)));
  box.addEventListener("pointerover", (event) => { if (event.target.dataset?.task != null) gantt.say(Number(event.target.dataset.task)); });
  document.addEventListener("berth-theme", draw);
  draw();
  return { draw, drawn };
};

gantt.network = (box) => {
  const d = gantt.data, svg = gantt.svg;
  const n = d.nodes.length;
  const note = document.getElementById("network-note");
  const sent = new Map();
  d.edges.from.forEach((a, k) => {
    const i = d.tasks.node[a], j = d.tasks.node[d.edges.to[k]];
    if (i !== j) sent.set(`${Math.min(i, j)} ${Math.max(i, j)}`, (sent.get(`${Math.min(i, j)} ${Math.max(i, j)}`) ?? 0) + 1);
  });
  const messages = [...sent.values()].reduce((a, b) => a + b, 0);
  note.textContent = `${messages} of ${d.edges.from.length} results change their node: the thicker a blue line, the more. Grey are links` +
    (d.default ? `; all other pairs: ${d.default}.` : ".");
  function draw() {
    const width = Math.max(Math.min(box.clientWidth, 520), 220), size = width;
    const root = svg("svg", { viewBox: `0 0 ${width} ${size}`, height: size });
    const at = (j) => n === 1 ? [width / 2, size / 2] : [width / 2 + (width / 2 - 60) * Math.sin((2 * Math.PI * j) / n), size / 2 - (size / 2 - 40) * Math.cos((2 * Math.PI * j) / n)];
    const line = (a, b, attributes, title) => root.append(svg("line", { x1: at(a)[0], y1: at(a)[1], x2: at(b)[0], y2: at(b)[1], ...attributes }, svg("title", {}, title)));
    for (const l of d.links) line(l.a, l.b, { class: "link" }, `${d.nodes[l.a]} – ${d.nodes[l.b]}: ${l.line}`);
    const most = Math.max(...sent.values(), 1);
    for (const [pair, count] of sent) {
      const [a, b] = pair.split(" ").map(Number);
      line(a, b, { stroke: berth.theme.accent, "stroke-opacity": 0.55, "stroke-width": 1 + (9 * count) / most, "data-pair": pair }, `${d.nodes[a]} – ${d.nodes[b]}: ${count} results`);
    }
    d.nodes.forEach((name, j) => {
      root.append(svg("circle", { cx: at(j)[0], cy: at(j)[1], r: n > 40 ? 5 : 11, fill: berth.colour(j) }, svg("title", {}, name)));
      if (n <= 40) root.append(svg("text", { class: "label", x: at(j)[0], y: at(j)[1] + 25, "text-anchor": "middle" }, name.length > 14 ? name.slice(0, 13) + "…" : name));
    });
    box.replaceChildren(root);
  }
  document.addEventListener("berth-theme", draw);
  draw();
  return { draw, pairs: sent.size };
};
