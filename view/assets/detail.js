// All about one node or one task.

// trafficAt is what the traffic of a task costs that ends at its replicas on a node.
view.trafficAt = (task, node) => {
  const d = view.picture;
  let sum = 0;
  for (const pair of d.pairsOf.of(task)) {
    for (const f of d.flowsOf.of(pair)) {
      const end = d.traffic.a[pair] === task ? d.flows.from[f] : d.flows.to[f];
      if (end === node) sum += d.flows.cost[f];
    }
  }
  return sum;
};

// dearestFlows lists the flows between nodes of what is selected, the dearest first.
view.dearestFlows = ({ node, task }, most) => {
  const d = view.picture;
  const sums = new Map();
  const add = (f) => {
    const from = Math.min(d.flows.from[f], d.flows.to[f]), to = Math.max(d.flows.from[f], d.flows.to[f]);
    const key = from * d.nodes.name.length + to;
    const sum = sums.get(key) ?? { from, to, cost: 0, volume: 0 };
    sum.cost += d.flows.cost[f];
    sum.volume += d.flows.volume[f];
    sums.set(key, sum);
  };
  if (task != null) for (const pair of d.pairsOf.of(task)) for (const f of d.flowsOf.of(pair)) add(f);
  if (node != null) for (let f = 0; f < d.flows.from.length; f++) if (d.flows.from[f] === node || d.flows.to[f] === node) add(f);
  return [...sums.values()].filter(({ from, to, cost }) => from !== to && cost > 0).sort((a, b) => b.cost - a.cost).slice(0, most);
};

// rows is a plain table; cells are text or elements, those of columns named in
// amounts stand at the right.
view.rows = (header, body, amounts = []) => {
  const e = berth.element;
  const cell = (tag) => (content, k) => e(tag, { class: amounts.includes(k) ? "amount" : null }, content);
  return e("div", { class: "scroll" }, e("table", { class: "plain" },
    e("thead", {}, e("tr", {}, header.map(cell("th")))),
    e("tbody", {}, body.map((row) => e("tr", {}, row.map(cell("td")))))));
};

// some shows the first of many rows, and the rest when it is asked for.
function some(rows, most, table) {
  const holder = berth.element("div", {}, table(rows.slice(0, most)));
  if (rows.length > most) {
    const button = berth.element("button", { type: "button", class: "quiet" }, `${view.cost(rows.length - most)} more`);
    button.addEventListener("click", () => holder.replaceChildren(table(rows)));
    holder.append(button);
  }
  return holder;
}

// bars shows how much of a node is taken, with one piece of it set apart.
function bars(node, takes) {
  const d = view.picture;
  const e = berth.element;
  return e("div", { class: "terms" }, d.resources.map((resource, k) => {
    const capacity = d.nodes.capacity[k][node], load = d.load[k][node];
    const whole = Math.max(capacity, load, 1e-300);
    const own = takes ? takes[k] : 0;
    return e("div", { class: "term" },
      e("span", { class: "name" }, resource.name),
      e("span", { class: "track" }, e("span", { class: "own", style: `width:${(100 * own) / whole}%` }), e("span", { style: `width:${(100 * (load - own)) / whole}%` })),
      e("span", { class: load > capacity ? "amount wrong" : "amount" }, `${view.amount(k, load, capacity)} of ${view.amount(k, capacity)}`));
  }));
}

view.detailOfNode = (node) => {
  const d = view.picture;
  const e = berth.element;
  const parts = [e("h3", {}, "Node ", e("span", { class: "name" }, d.nodes.name[node]))];
  const labels = Object.entries(d.nodes.labels[node]).map(([key, value]) => {
    const text = `${key}=${value}`;
    return e("a", { class: "chip", href: `#find=${encodeURIComponent(text)}` }, text);
  });
  if (labels.length) parts.push(e("p", {}, labels));
  if (d.nodes.open[node] > 0) parts.push(e("p", {}, `Being in use costs ${view.cost(d.nodes.open[node])}.`));
  parts.push(bars(node));

  const stack = view.stack(node).sort((a, b) => b.size - a.size);
  if (stack.length === 0) parts.push(e("p", { class: "muted" }, "Nothing is on it."));
  else {
    parts.push(e("h4", {}, view.plural(d.hosted[node], "replica") + " on it"), some(stack, 25, (rows) => view.rows(
      ["task", ...d.resources.map((r) => r.name), "costs", ""],
      rows.map((piece) => [
        e("span", {}, view.link("task", piece.task), piece.replicas.length > 1 ? ` ×${piece.replicas.length}` : ""),
        ...piece.takes.map((amount, k) => view.amount(k, amount)),
        piece.cost > 0 ? view.cost(piece.cost) : "", piece.kind > 1 ? view.kinds[piece.kind].name : "",
      ]), [...d.resources.map((_, k) => k + 1), d.resources.length + 1])));
  }
  const flows = view.dearestFlows({ node }, 10);
  if (d.trafficOn[node] > 0) {
    parts.push(e("h4", {}, `Its traffic costs ${view.cost(d.trafficOn[node])}`), view.rows(["most with", "volume", "cost"],
      flows.map((f) => [view.link("node", f.from === node ? f.to : f.from), berth.number(f.volume), view.cost(f.cost)]), [1, 2]));
  }
  return parts;
};

view.detailOfTask = (task) => {
  const d = view.picture;
  const e = berth.element;
  const first = d.tasks.first[task], last = d.tasks.first[task + 1];
  const parts = [e("h3", {}, "Task ", e("span", { class: "name" }, d.tasks.name[task]))];
  const takes = d.demands[d.replicas.demand[first]];
  const facts = [d.resources.map((r, k) => (takes[k] > 0 ? `${r.name} ${view.amount(k, takes[k])}` : null)).filter(Boolean).join(", ")];
  if (last - first > 1) facts.push(`${last - first} replicas` + (d.tasks.apart[task] ? `, apart by ${d.tasks.apart[task]}` : ""));
  parts.push(e("p", { class: "muted" }, facts.filter(Boolean).join("; ")));
  for (const [list, words] of [[d.tasks.home[task], "At home on "], [d.tasks.today[task], "Runs today on "]]) {
    const places = [...new Set(view.places(list))];
    if (places.length) parts.push(e("p", {}, words, places.slice(0, 6).flatMap((j, k) => [k ? ", " : "", view.link("node", j)]), places.length > 6 ? ` and ${places.length - 6} more` : ""));
  }
  parts.push(whereItIs(task, first, last), roomAtHome(task, takes));
  const reads = [];
  d.reads.task.forEach((t, k) => { if (t === task) reads.push([view.link("node", d.reads.node[k]), view.cost(d.reads.cost[k])]); });
  if (reads.length) parts.push(e("h4", {}, "Reads that find no replica"), view.rows(["from", "cost"], reads, [1]));
  parts.push(...partners(task), ...rulesAbout(task));
  return parts;
};

// whereItIs lists the replicas of a task with what each costs.
function whereItIs(task, first, last) {
  const d = view.picture;
  const e = berth.element;
  const rows = [];
  const counted = new Set();
  for (let r = first; r < last; r++) {
    const node = d.replicas.node[r];
    const traffic = node < 0 || counted.has(node) ? 0 : view.trafficAt(task, node);
    counted.add(node);
    const costs = [["fetch", d.replicas.fetch[r]], ["move", d.replicas.move[r]], ["left out", d.replicas.unplaced[r]], ["traffic", traffic]]
      .filter(([, cost]) => cost > 0).map(([name, cost]) => `${name} ${view.cost(cost)}`);
    const why = d.why.get(r);
    rows.push([
      node < 0 ? "left out" : view.link("node", node),
      e("span", {}, costs.join(", ") || "nothing", why ? e("div", { class: "muted" }, why) : null),
    ]);
  }
  return some(rows, 20, (shown) => view.rows(["where", "costs"], shown));
}

// roomAtHome says whether the nodes that the task would rather be on have room for
// it. Rules are not looked at here.
function roomAtHome(task, takes) {
  const d = view.picture;
  const here = new Set(d.replicas.node.slice(d.tasks.first[task], d.tasks.first[task + 1]));
  const wanted = [...new Set([...view.places(d.tasks.home[task]), ...view.places(d.tasks.today[task])])].filter((j) => !here.has(j)).slice(0, 4);
  if (wanted.length === 0) return null;
  const rows = wanted.map((j) => {
    const full = d.resources.map((r, k) => {
      const free = d.nodes.capacity[k][j] - d.load[k][j];
      return takes[k] > free ? `${r.name} ${view.amount(k, Math.max(free, 0))} free, it takes ${view.amount(k, takes[k])}` : null;
    }).filter(Boolean);
    return [view.link("node", j), full.length ? "too full: " + full.join("; ") : "has room for it"];
  });
  return berth.element("div", {}, berth.element("h4", {}, "Room where it would rather be"), view.rows(["node", ""], rows));
}

function partners(task) {
  const d = view.picture;
  const e = berth.element;
  const pairs = [...d.pairsOf.of(task)].sort((a, b) => d.traffic.cost[b] - d.traffic.cost[a]);
  if (pairs.length === 0) return [];
  const sum = pairs.reduce((s, pair) => s + d.traffic.cost[pair], 0);
  const between = (pair) => [...d.flowsOf.of(pair)].slice(0, 4).map((f) => {
    const from = d.nodes.name[d.flows.from[f]], to = d.nodes.name[d.flows.to[f]];
    const part = d.flows.volume[f] / d.traffic.volume[pair];
    return (from === to ? `within ${from}` : `${from}–${to}`) + (part < 0.995 ? ` ${berth.percent(part)}` : "");
  }).join(", ");
  return [e("h4", {}, `Its traffic costs ${view.cost(sum)}`), some(pairs, 15, (shown) => view.rows(["with", "volume", "cost", "between"],
    shown.map((pair) => [
      view.link("task", d.traffic.a[pair] === task ? d.traffic.b[pair] : d.traffic.a[pair]),
      berth.number(d.traffic.volume[pair]), view.cost(d.traffic.cost[pair]), e("span", { class: "muted" }, between(pair)),
    ]), [1, 2]))];
}

function rulesAbout(task) {
  const d = view.picture;
  const rules = view.rulesOf(task);
  if (rules.length === 0) return [];
  return [berth.element("h4", {}, "Its rules"), some(rules, 12, (shown) => view.rows(["rule", "of", ""], shown.map((k) => {
    const rule = d.rules[k];
    const state = rule.weight == null ? "must hold" : rule.cost > 0 ? `broken, costs ${view.cost(rule.cost)}` : `wish, kept`;
    return [view.asks(rule), view.taskList(rule.tasks), state];
  })))];
}

// taskList names tasks with their links, a few of many.
view.taskList = (tasks) => berth.element("span", {},
  tasks.slice(0, 8).flatMap((t, k) => [k ? ", " : "", view.link("task", t)]), tasks.length > 8 ? ` and ${tasks.length - 8} more` : "");

// showDetail fills the panel beside the map.
view.showDetail = ({ node, task }) => {
  const panel = document.getElementById("detail");
  panel.classList.toggle("empty", node == null && task == null);
  if (node != null) panel.replaceChildren(...view.detailOfNode(node).filter(Boolean));
  else if (task != null) panel.replaceChildren(...view.detailOfTask(task).filter(Boolean));
  else panel.replaceChildren(berth.element("p", { class: "muted" }, "Click a node, or a piece of a bar, and all about it stands here."));
  panel.scrollTop = 0;
};
