// How the map is moved with pointer and keys, and what it says under the pointer.

view.mapEvents = (canvas, map) => {
  const pointers = new Map();
  let moved = 0;
  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  };
  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, at(event));
    moved = 0;
    if (event.pointerType === "mouse") canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const here = at(event);
    const last = pointers.get(event.pointerId);
    if (!last) return hover(event, here);
    if (pointers.size === 2) {
      const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, p]) => p);
      const apart = (p) => Math.hypot(p.x - other.x, p.y - other.y);
      map.zoom(apart(here) / Math.max(apart(last), 1), (here.x + other.x) / 2, (here.y + other.y) / 2);
    } else {
      moved += Math.abs(here.x - last.x) + Math.abs(here.y - last.y);
      if (moved > 4) map.pan(here.x - last.x, here.y - last.y);
    }
    pointers.set(event.pointerId, here);
    canvas.classList.toggle("dragging", moved > 4);
    if (moved > 4) view.tip.hide();
  });
  const end = (event) => {
    const pressed = pointers.delete(event.pointerId);
    canvas.classList.remove("dragging");
    if (event.type !== "pointerup" || !pressed || moved > 4) return;
    const hit = map.pick(at(event).x, at(event).y);
    if (hit) location.hash = hit.piece ? view.link("task", hit.piece.task).hash : view.link("node", hit.node).hash;
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => { map.hover(null); view.tip.hide(); });
  canvas.addEventListener("dblclick", (event) => map.zoom(2, at(event).x, at(event).y));
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    map.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0022)), at(event).x, at(event).y);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const keys = {
      "+": () => map.zoom(1.4), "=": () => map.zoom(1.4), "-": () => map.zoom(1 / 1.4), 0: map.showAll,
      ArrowLeft: () => map.pan(60, 0), ArrowRight: () => map.pan(-60, 0), ArrowUp: () => map.pan(0, 60), ArrowDown: () => map.pan(0, -60),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });

  function hover(event, { x, y }) {
    const hit = map.pick(x, y);
    map.hover(hit);
    canvas.style.cursor = hit ? "pointer" : "grab";
    if (hit) view.tip.show(view.tipOf(hit), event.clientX, event.clientY);
    else view.tip.hide();
  }
};

// tipOf says what is under the pointer and what it costs.
view.tipOf = ({ node, resource, piece }) => {
  const d = view.picture;
  const e = berth.element;
  const lines = [];
  if (piece) {
    const n = piece.replicas.length;
    lines.push(e("strong", {}, d.tasks.name[piece.task] + (n > 1 ? ` ×${n}` : "")), ` on ${d.nodes.name[node]}`);
    lines.push(e("div", {}, d.resources.map((r, k) => `${r.name} ${view.amount(k, piece.takes[k])}`).join(", ")));
    const parts = [["fetch", "fetch"], ["move", "move"]]
      .map(([name, column]) => [name, piece.replicas.reduce((sum, r) => sum + d.replicas[column][r], 0)])
      .filter(([, cost]) => cost > 0).map(([name, cost]) => `${name} ${view.cost(cost)}`);
    const traffic = view.trafficAt(piece.task, node);
    if (traffic > 0) parts.push(`traffic ${view.cost(traffic)}`);
    lines.push(e("div", {}, parts.length ? "costs " + parts.join(", ") : "costs nothing here"));
    lines.push(e("div", { class: "muted" }, whereFrom(piece)));
    const why = piece.replicas.map((r) => d.why.get(r)).find(Boolean);
    if (why) lines.push(e("div", { class: "muted" }, why));
    return lines;
  }
  lines.push(e("strong", {}, d.nodes.name[node]), ` ${view.plural(d.hosted[node], "replica")}`);
  d.resources.forEach((r, k) => {
    const free = d.nodes.capacity[k][node] - d.load[k][node];
    lines.push(e("div", { class: k === resource ? "" : "muted" },
      `${r.name} ${view.amount(k, d.load[k][node], d.nodes.capacity[k][node])} of ${view.amount(k, d.nodes.capacity[k][node])}` + (free < 0 ? ", too much" : "")));
  });
  const labels = Object.entries(d.nodes.labels[node]).map(([key, value]) => `${key}=${value}`);
  if (labels.length) lines.push(e("div", { class: "muted" }, labels.join(", ")));
  if (d.paid[node] > 0) lines.push(e("div", {}, `what is on it costs ${view.cost(d.paid[node])} by itself`));
  return lines;
};

function whereFrom(piece) {
  const d = view.picture;
  const some = (list) => {
    const names = [...new Set(view.places(list))].map((j) => d.nodes.name[j]);
    return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  };
  const home = d.tasks.home[piece.task], today = d.tasks.today[piece.task];
  return [home >= 0 ? `at home on ${some(home)}` : "", today >= 0 ? `runs today on ${some(today)}` : ""].filter(Boolean).join("; ") ||
    "has no home";
}

// tip is the box beside the pointer.
view.tip = (() => {
  let box;
  return {
    show(content, x, y) {
      box ??= document.body.appendChild(berth.element("div", { id: "tip" }));
      box.replaceChildren(...content);
      box.hidden = false;
      const { offsetWidth: w, offsetHeight: h } = box;
      box.style.left = Math.max(4, x + 14 + w > innerWidth ? x - w - 10 : x + 14) + "px";
      box.style.top = Math.max(4, y + 16 + h > innerHeight ? y - h - 10 : y + 16) + "px";
    },
    hide() { if (box) box.hidden = true; },
  };
})();
