// Search, links, and the start.

// search finds tasks and nodes by name, and nodes by label: key=value or a part of
// either. Everything that is typed must occur; case does not matter.
view.search = (text) => {
  const d = view.picture;
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return null;
  const tasks = new Set(), nodes = new Set(), hosts = new Set(), labels = new Map();
  d.tasks.name.forEach((name, i) => { if (name.toLowerCase().includes(wanted)) tasks.add(i); });
  d.nodes.name.forEach((name, j) => {
    if (name.toLowerCase().includes(wanted)) nodes.add(j);
    for (const [key, value] of Object.entries(d.nodes.labels[j])) {
      const label = `${key}=${value}`;
      const low = label.toLowerCase();
      if (wanted.includes("=") ? low === wanted || (low.includes(wanted) && !exact(wanted)) : low.includes(wanted)) {
        nodes.add(j);
        labels.set(label, (labels.get(label) ?? 0) + 1);
      }
    }
  });
  for (const i of tasks) for (let r = d.tasks.first[i]; r < d.tasks.first[i + 1]; r++) if (d.replicas.node[r] >= 0) hosts.add(d.replicas.node[r]);
  return { tasks, nodes, hosts, labels };
};

// exact says whether a node carries exactly this label, so that rack=r1 is not r10.
function exact(label) {
  const d = view.picture;
  d.allLabels ??= new Set(d.nodes.labels.flatMap((all) => Object.entries(all).map(([key, value]) => `${key}=${value}`.toLowerCase())));
  return d.allLabels.has(label);
}

view.finder = (map, tables) => {
  const d = view.picture;
  const field = document.getElementById("find"), list = document.getElementById("matches"), said = document.getElementById("found");
  let waiting;
  const run = () => {
    const result = view.search(field.value);
    map.find(result);
    tables.find(result);
    suggest(result);
  };
  // suggest lists what was found first: exact names, then those that begin so.
  function suggest(result) {
    list.hidden = result === null || result.tasks.size + result.nodes.size === 0;
    said.textContent = result === null ? "" : result.tasks.size + result.nodes.size === 0 ? "nothing is called so" : `${view.plural(result.tasks.size, "task")}, ${view.plural(result.nodes.size, "node")}`;
    if (list.hidden) return list.replaceChildren();
    const wanted = field.value.trim().toLowerCase();
    const rank = (name) => (name.toLowerCase() === wanted ? 0 : name.toLowerCase().startsWith(wanted) ? 1 : 2);
    const items = [
      ...[...result.nodes].map((j) => ["node", j, d.nodes.name[j]]), ...[...result.tasks].map((i) => ["task", i, d.tasks.name[i]]),
    ].sort((a, b) => rank(a[2]) - rank(b[2]) || a[2].length - b[2].length).slice(0, 12);
    list.replaceChildren(...[...result.labels].slice(0, 3).map(([label, n]) =>
      berth.element("li", {}, berth.element("a", { href: `#find=${encodeURIComponent(label)}` }, label), berth.element("span", { class: "muted" }, ` label of ${view.plural(n, "node")}`))),
    ...items.map(([what, k]) => berth.element("li", {}, view.link(what, k), berth.element("span", { class: "muted" }, " " + what))));
  }
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(run, 120); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; run(); }
    if (event.key === "Enter") { clearTimeout(waiting); run(); list.querySelector("a")?.click(); }
    if (event.key === "ArrowDown") { event.preventDefault(); list.querySelector("a")?.focus(); }
  });
  list.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") { event.preventDefault(); links[Math.min(at + 1, links.length - 1)].focus(); }
    if (event.key === "ArrowUp") { event.preventDefault(); (at > 0 ? links[at - 1] : field).focus(); }
    if (event.key === "Escape") { list.hidden = true; field.focus(); }
  });
  list.addEventListener("click", () => (list.hidden = true));
  document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".finder")) list.hidden = true; });
  field.addEventListener("focus", () => { if (list.childElementCount) list.hidden = false; });
  return { set(text) { field.value = text; run(); list.hidden = true; } };
};

// follow shows what the address names: #node=…, #task=… or #find=….
view.follow = (map, finder) => {
  const d = view.picture;
  const [, what, coded] = /^#(\w*)=?(.*)$/.exec(location.hash) ?? [null, "", ""];
  let name;
  try {
    name = decodeURIComponent(coded);
  } catch {
    name = coded;
  }
  const selected = {};
  if (what === "find") finder.set(name);
  if (what === "node") selected.node = d.nodeAt.get(name);
  if (what === "task") selected.task = d.taskAt.get(name);
  map.select(selected);
  view.showDetail(selected);
  view.selected = selected;
  if (selected.node != null) map.goTo(selected.node);
  const hosts = selected.task != null ? map.hostsOf(selected.task) : [];
  if (hosts.length) map.goTo(hosts[0]);
  if (selected.node == null && selected.task == null) return;
  const panel = document.getElementById("detail");
  const frame = panel.getBoundingClientRect();
  if (frame.top < 0 || frame.top > innerHeight * 0.8) document.getElementById(innerWidth < 900 ? "detail" : "nodes").scrollIntoView({ block: "start" });
};

(async () => {
  const d = view.prepare(await berth.data("picture"));
  view.trajectory(d.trajectory, d.seconds);
  if (document.getElementById("map")) {
    document.getElementById("group").replaceChildren(...d.groupings.map((g) => berth.element("option", {}, g.key === "node" ? "nothing" : g.key)));
    const grouped = d.groupings.findIndex((g) => g.key !== "node" && g.names.length * 2 <= d.nodes.name.length);
    document.getElementById("group").selectedIndex = Math.max(grouped, 0);
    view.showDetail({});
    const map = (view.onMap = view.map());
    view.onTraffic = view.traffic();
    const tables = (view.onTables = view.tables());
    const finder = view.finder(map, tables);
    addEventListener("hashchange", () => view.follow(map, finder));
    view.follow(map, finder);
  }
  view.ready = performance.now();
})().catch(berth.trouble);
window.view = view;
