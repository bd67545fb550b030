// The rows of the nodes. `gantt` is what the parts of this page share.
"use strict";
const gantt = {};

gantt.svg = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

// prepare adds to the data what is looked up again and again.
gantt.prepare = (d) => {
  const n = d.tasks.name.length;
  d.before = Array.from({ length: n }, () => []);
  d.after = Array.from({ length: n }, () => []);
  d.edges.from = d.edges.from ?? [];
  d.edges.from.forEach((from, k) => { d.after[from].push(k); d.before[d.edges.to[k]].push(k); });
  d.onPath = new Set(d.tasks.path ?? []);
  d.edgeOnPath = new Set(d.edges.path ?? []);
  gantt.data = d;
  return d;
};

const mostMessages = 600; // that are shown without being asked for

gantt.chart = (box) => {
  const d = gantt.data, svg = gantt.svg;
  const rowHeight = 30, rowGap = 10, left = 110, top = 8, right = 16;
  let begin = 0, end = d.makespan || 1;
  const rowTop = (j) => top + j * (rowHeight + rowGap);
  const height = rowTop(d.nodes.length) + 34;
  let across = () => 0;
  const drawn = { tasks: 0, messages: 0 };

  // ticks picks round times, about so many.
  function ticks(count) {
    const raw = (end - begin) / count;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
    const list = [];
    for (let at = Math.ceil(begin / step) * step; at <= end * (1 + 1e-12); at += step) list.push(Number(at.toPrecision(12)));
    return list;
  }

  function message(k, kind) {
    const a = d.edges.from[k], b = d.edges.to[k];
    const from = d.tasks.node[a], to = d.tasks.node[b];
    const y1 = rowTop(from) + (from < to ? rowHeight : from > to ? 0 : rowHeight / 2);
    const y2 = rowTop(to) + (from < to ? 0 : from > to ? rowHeight : rowHeight / 2);
    return svg("line", {
      class: "message" + kind, x1: across(d.tasks.finish[a]), y1, x2: across(d.edges.arrives[k]), y2,
      "marker-end": "url(#head)",
    });
  }

  function draw() {
    const width = Math.max(box.clientWidth, 320);
    across = (time) => left + ((time - begin) / (end - begin)) * (width - left - right);
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, height });
    root.append(svg("defs", {},
      svg("marker", { id: "head", markerWidth: 7, markerHeight: 7, refX: 6, refY: 3.5, orient: "auto" }, svg("path", { d: "M0,0L7,3.5L0,7Z", fill: berth.theme.muted })),
      svg("clipPath", { id: "inside" }, svg("rect", { x: left, y: 0, width: width - left - right + 8, height }))));
    for (const at of ticks(Math.max(3, width / 110))) {
      root.append(svg("line", { class: "tick", x1: across(at), x2: across(at), y1: top, y2: height - 24 }));
      root.append(svg("text", { x: across(at), y: height - 8, "text-anchor": "middle" }, berth.number(at)));
    }
    const plot = svg("g", { "clip-path": "url(#inside)" });
    d.nodes.forEach((name, j) => {
      root.append(svg("text", { x: left - 8, y: rowTop(j) + rowHeight / 2 + 4, "text-anchor": "end" }, name.length > 15 ? name.slice(0, 14) + "…" : name));
      plot.append(svg("rect", { class: "lane", x: left, y: rowTop(j), width: width - left - right, height: rowHeight }));
    });
    const selected = gantt.selected;
    const near = selected == null ? null : new Set([selected, ...d.before[selected].map((k) => d.edges.from[k]), ...d.after[selected].map((k) => d.edges.to[k])]);
    drawn.tasks = drawn.messages = 0;
    d.tasks.name.forEach((name, t) => {
      const from = across(d.tasks.start[t]), to = across(d.tasks.finish[t]);
      if (d.tasks.finish[t] < begin || d.tasks.start[t] > end) return;
      const y = rowTop(d.tasks.node[t]);
      plot.append(svg("rect", {
        class: "task" + (d.onPath.has(t) ? " path" : "") + (near === null ? "" : t === selected ? " lit" : near.has(t) ? "" : " dim"),
        x: from, y, width: Math.max(to - from, 1.5), height: rowHeight, fill: berth.colour(d.tasks.node[t]), "data-task": t,
      }));
      drawn.tasks++;
      const room = Math.floor((Math.min(to, width) - Math.max(from, left) - 6) / 7);
      if (room >= 2) plot.append(svg("text", { class: "label", x: (Math.max(from, left) + Math.min(to, width)) / 2, y: y + rowHeight / 2 + 4, "text-anchor": "middle" }, name.length > room ? name.slice(0, room - 1) + "…" : name));
    });
    const all = document.getElementById("all-messages").checked || (selected == null && d.edges.from.length <= mostMessages);
    d.edges.from.forEach((a, k) => {
      const b = d.edges.to[k];
      const lit = selected != null && (a === selected || b === selected);
      const path = d.edgeOnPath.has(k);
      if (!lit && !path && !all || d.tasks.node[a] === d.tasks.node[b] && !lit) return;
      plot.append(message(k, (path ? " path" : "") + (lit ? " lit" : "")));
      drawn.messages++;
    });
    if (d.event != null) plot.append(svg("line", { class: "event", x1: across(d.event), x2: across(d.event), y1: top, y2: height - 24 }));
    root.append(plot);
    box.replaceChildren(root);
  }

  // zoom keeps the time under a place where it is.
  function zoom(factor, at = (begin + end) / 2) {
    const total = d.makespan || 1;
    const span = Math.min(Math.max((end - begin) * factor, total / 1e6), total);
    begin = at - ((at - begin) / (end - begin)) * span;
    begin = Math.min(Math.max(begin, 0), total - span);
    end = begin + span;
    draw();
  }
  const timeAt = (x) => begin + ((x - box.getBoundingClientRect().left - left) / (Math.max(box.clientWidth, 320) - left - right)) * (end - begin);
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(event.clientX));
  }, { passive: false });
  box.addEventListener("keydown", (event) => {
    const shift = { ArrowLeft: -0.2, ArrowRight: 0.2 }[event.key];
    if (event.key === "+") zoom(0.7);
    else if (event.key === "-") zoom(1.4);
    else if (event.key === "0") zoom(1e9);
    else if (shift) pan(shift * (end - begin));
    else if (event.key === "Escape") gantt.select(null);
    else return;
    event.preventDefault();
  });
  function pan(by) {
    const span = end - begin;
    begin = Math.min(Math.max(begin + by, 0), (d.makespan || 1) - span);
    end = begin + span;
    draw();
  }
  let held = null, moved = false;
  box.addEventListener("pointerdown", (event) => { held = event.clientX; moved = false; });
  addEventListener("pointermove", (event) => {
    if (held === null || Math.abs(event.clientX - held) < 3) return;
    moved = true;
    box.classList.add("dragging");
    pan(((held - event.clientX) / (box.clientWidth - left - right)) * (end - begin));
    held = event.clientX;
  });
  addEventListener("pointerup", () => { held = null; box.classList.remove("dragging"); });
  box.addEventListener("click", (event) => { if (!moved) gantt.select(event.target.dataset?.task == null ? null : Number(event.target.dataset.task)); });
  box.addEventListener("pointerover", (event) => { if (event.target.dataset?.task != null) gantt.say(Number(event.target.dataset.task)); });
  document.getElementById("zoom-in").addEventListener("click", () => zoom(0.7));
  document.getElementById("zoom-out").addEventListener("click", () => zoom(1.4));
  document.getElementById("zoom-fit").addEventListener("click", () => zoom(1e9));
  document.getElementById("all-messages").addEventListener("change", draw);
  new ResizeObserver(draw).observe(box);
  document.addEventListener("berth-theme", draw);
  draw();
  return { draw, drawn, window: () => [begin, end] };
};
