// The picture of a solution. Every file adds a part to `view`; main.js starts them.
//
//   data.js     the picture as columns and indices, and how costs and amounts are written
//   layout.js, map.js, hover.js   the map of the nodes, and what it says under the pointer
//   detail.js   all about one node or one task
//   traffic.js  chord and matrix; tables.js: tables and the trajectory
//   main.js     search, links, and the start
"use strict";
const view = {};

// The kinds of what lies on a node, by why it pays there, in the order in which a
// bar has them from the right.
view.kinds = [
  { name: "has no home", colour: null },
  { name: "at home", colour: 0 },
  { name: "away from home", colour: 4 },
  { name: "moved", colour: 3 },
  { name: "away and moved", colour: 1 },
];

// prepare adds to the picture what follows from it.
view.prepare = (raw) => {
  const d = raw;
  const nodes = d.nodes.name.length;
  for (const key of ["resources", "groupings", "nodeLists", "demands", "rules", "kept"]) d[key] ??= [];
  for (const table of [d.nodes, d.tasks, d.replicas, d.traffic, d.flows, d.reads, d.trajectory]) {
    for (const key of Object.keys(table)) table[key] ??= [];
  }
  const tasks = d.tasks.name.length;
  const replicas = d.replicas.node.length;

  d.taskOf = new Int32Array(replicas);
  for (let i = 0; i < tasks; i++) d.taskOf.fill(i, d.tasks.first[i], d.tasks.first[i + 1]);
  d.own = new Float64Array(replicas);
  for (let r = 0; r < replicas; r++) d.own[r] = d.replicas.fetch[r] + d.replicas.move[r] + d.replicas.unplaced[r];

  d.on = view.bucket(nodes, d.replicas.node);
  d.pairsOf = view.bucket(tasks, d.traffic.a, d.traffic.b);
  d.flowsOf = view.bucket(d.traffic.a.length, d.flows.traffic);
  d.rulesOf = null; // made when it is asked for

  d.load = d.resources.map(() => new Float64Array(nodes));
  d.hosted = new Int32Array(nodes);
  d.paid = new Float64Array(nodes); // by what is on a node, each by itself, and for using it
  for (let r = 0; r < replicas; r++) {
    const node = d.replicas.node[r];
    if (node < 0) continue;
    d.hosted[node]++;
    d.paid[node] += d.own[r];
    const takes = d.demands[d.replicas.demand[r]];
    for (let k = 0; k < d.load.length; k++) d.load[k][node] += takes[k];
  }
  for (let j = 0; j < nodes; j++) d.paid[j] += d.nodes.open[j] ?? 0;
  d.trafficOn = new Float64Array(nodes); // what the traffic costs that ends or stays there
  for (let f = 0; f < d.flows.from.length; f++) {
    d.trafficOn[d.flows.from[f]] += d.flows.cost[f];
    if (d.flows.to[f] !== d.flows.from[f]) d.trafficOn[d.flows.to[f]] += d.flows.cost[f];
  }
  d.fullest = Float64Array.from({ length: nodes }, (_, j) =>
    Math.max(0, ...d.resources.map((_, k) => share(d.load[k][j], d.nodes.capacity[k][j]))));
  d.why = new Map(d.kept.map(({ replica, why }) => [replica, why]));
  d.nodeAt = new Map(d.nodes.name.map((name, j) => [name, j]));
  d.taskAt = new Map(d.tasks.name.map((name, i) => [name, i]));
  view.picture = d;
  return d;
};

// bucket lists the positions of each value below n in columns: those of value v are
// at[first[v]] to at[first[v + 1]].
view.bucket = (n, ...columns) => {
  const first = new Int32Array(n + 1);
  for (const column of columns) for (const v of column) if (v >= 0) first[v + 1]++;
  for (let v = 0; v < n; v++) first[v + 1] += first[v];
  const at = new Int32Array(first[n]);
  const next = first.slice();
  for (let k = 0; k < (columns[0]?.length ?? 0); k++) {
    for (const column of columns) if (column[k] >= 0) at[next[column[k]]++] = k;
  }
  return { of: (v) => at.subarray(first[v], first[v + 1]) };
};

const share = (part, whole) => (whole > 0 ? part / whole : part > 0 ? 2 : 0);

// kindOf says why a replica pays where it is, as an index of view.kinds.
view.kindOf = (replica) => {
  const d = view.picture;
  const state = d.replicas.state[replica];
  if (state & 2) return state & 1 ? 4 : 3;
  if (state & 1) return 2;
  const task = d.taskOf[replica];
  return d.tasks.home[task] < 0 && d.tasks.today[task] < 0 ? 0 : 1;
};

// stack is what lies on a node, task by task, in the order in which it is drawn: by
// kind, then the largest share of any resource first.
view.stack = (node) => {
  const d = view.picture;
  const stack = [];
  for (const r of d.on.of(node)) {
    const task = d.taskOf[r];
    const kind = view.kindOf(r);
    let piece = stack.at(-1);
    if (piece?.task !== task || piece.kind !== kind) {
      piece = { task, kind, replicas: [], takes: d.resources.map(() => 0), cost: 0 };
      stack.push(piece);
    }
    piece.replicas.push(r);
    piece.cost += d.own[r];
    const takes = d.demands[d.replicas.demand[r]];
    for (let k = 0; k < takes.length; k++) piece.takes[k] += takes[k];
  }
  for (const piece of stack) piece.size = Math.max(0, ...piece.takes.map((t, k) => share(t, d.nodes.capacity[k][node])));
  return stack.sort((a, b) => b.kind - a.kind || b.size - a.size || a.task - b.task);
};

// cost writes a cost as exactly as a float holds it.
view.cost = (x) => {
  if (x == null) return "–";
  const text = String(Number(x.toPrecision(12)));
  if (text.includes("e")) return text;
  const [whole, rest] = text.split(".");
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f") + (rest ? "." + rest.slice(0, 6) : "");
};

// amount writes so much of a resource as Kubernetes would, in about four digits, and a part of a
// whole in the unit of that.
view.amount = (resource, amount, whole = amount) => {
  const { worth, binary } = view.picture.resources[resource];
  let x = amount * worth;
  let most = whole * worth;
  const digits = (v) => String(Number(v.toPrecision(4)));
  if (binary) {
    const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let k = 0;
    while (most >= 1024 && k < units.length - 1) {
      most /= 1024;
      x /= 1024;
      k++;
    }
    return digits(x) + units[k];
  }
  if (most > 0 && most < 1) return digits(x * 1000) + "m";
  return view.cost(Number(x.toPrecision(6)));
};

// onPrint is told how wide the paper is when the page is printed, and "" after that.
view.onPrint = (fit) => {
  addEventListener("beforeprint", () => fit("680px"));
  addEventListener("afterprint", () => fit(""));
};

// link leads to a node or a task.
view.link = (what, index) => {
  const name = what === "node" ? view.picture.nodes.name[index] : view.picture.tasks.name[index];
  return berth.element("a", { href: `#${what}=${encodeURIComponent(name)}`, class: "name" }, name);
};

view.plural = (n, thing) => `${view.cost(n)} ${thing}${n === 1 ? "" : "s"}`;

view.places = (list) => (list < 0 ? [] : view.picture.nodeLists[list]);

// rulesOf lists the rules that name a task.
view.rulesOf = (task) => {
  const d = view.picture;
  if (!d.rulesOf) {
    d.rulesOf = new Map();
    d.rules.forEach((rule, k) => rule.tasks.forEach((t) => d.rulesOf.set(t, [...(d.rulesOf.get(t) ?? []), k])));
  }
  return d.rulesOf.get(task) ?? [];
};

const asks = { affinity: "together in one ", antiAffinity: "apart by ", spread: "spread by " };
view.asks = (rule) => asks[rule.kind] + rule.place;

// mix is a colour between two, both as #rrggbb.
view.mix = (a, b, part) => {
  const at = (c, k) => parseInt(c.slice(1 + 2 * k, 3 + 2 * k), 16);
  const mixed = [0, 1, 2].map((k) => Math.round(at(a, k) * (1 - part) + at(b, k) * part));
  return "#" + mixed.map((v) => v.toString(16).padStart(2, "0")).join("");
};
