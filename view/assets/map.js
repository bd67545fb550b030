// The map of the nodes on a canvas: a box for each node, in it a bar for each
// resource, in that a piece for each task. From afar a bar shows only how much of it
// is of which kind, so that a thousand nodes are drawn in a few milliseconds.

view.map = () => {
  const d = view.picture;
  const canvas = document.getElementById("map");
  const pen = canvas.getContext("2d");
  const resources = d.resources.length;
  const costLevels = 6;
  const stacks = new Map();
  const stackOf = (node) => {
    if (!stacks.has(node)) stacks.set(node, view.stack(node));
    return stacks.get(node);
  };
  const dearest = d.own.reduce((most, cost) => Math.max(most, cost), 0);
  const costLevel = (cost) => (cost <= 0 ? 0 : Math.min(costLevels - 1, 1 + Math.floor((Math.log1p(cost) / Math.log1p(dearest)) * (costLevels - 1.001))));

  let layout, camera = { x: 0, y: 0, k: 1 }, fit = 1;
  let colours = [], inks = [], colourOf, sums, classes;
  let found = null; // what a search found: {tasks, nodes}
  let selected = {}; // {node} or {task}
  let hovered = null;
  let named = true; // boxes are large enough for names
  let queued = false;
  const drawn = { frames: 0, pieces: 0, nodes: 0 };

  // --- what is what colour ---

  function readColours() {
    const byCost = document.getElementById("colour").value === "cost";
    const calm = view.mix(berth.theme.muted, berth.theme.paper, 0.35);
    colours = byCost
      ? Array.from({ length: costLevels }, (_, k) => (k === 0 ? calm : view.mix(view.mix(berth.colour(4), berth.theme.paper, 0.55), berth.colour(6), (k - 1) / (costLevels - 2))))
      : view.kinds.map(({ colour }) => (colour == null ? calm : berth.colour(colour)));
    inks = [colours, colours.map((colour) => view.mix(colour, berth.theme.paper, 0.22))]
      .map((shade) => shade.map((colour) => ({ ground: colour, text: onColour(colour) })));
    colourOf = byCost ? (piece) => costLevel(piece.cost / piece.replicas.length) : (piece) => piece.kind;
    legend(byCost);
    addUp();
  }

  function legend(byCost) {
    const holder = document.getElementById("legend");
    const present = new Set();
    for (let r = 0; r < d.own.length; r++) if (d.replicas.node[r] >= 0) present.add(view.kindOf(r));
    const entries = byCost
      ? colours.map((colour, k) => [colour, k === 0 ? "nothing" : k === 1 ? "little" : k === costLevels - 1 ? `up to ${view.cost(dearest)} a replica` : ""])
      : colours.map((colour, k) => [present.has(k) ? colour : null, view.kinds[k].name]).filter(([colour]) => colour);
    const bars = resources > 1 ? [berth.element("span", {}, "bars from the top: " + d.resources.map((r) => r.name).join(", "))] : [];
    holder.replaceChildren(...entries.map(([colour, text]) =>
      berth.element("span", {}, berth.element("i", { style: `background:${colour}` }), text)), ...bars);
  }

  // addUp sums what nodes hold by resource and colour, found things apart: what is
  // drawn from afar.
  function addUp() {
    classes = colours.length * 2;
    sums = new Float64Array(d.nodes.name.length * resources * classes);
    const takesOf = d.demands;
    const byCost = document.getElementById("colour").value === "cost";
    for (let r = 0; r < d.own.length; r++) {
      const node = d.replicas.node[r];
      if (node < 0) continue;
      const colour = byCost ? costLevel(d.own[r]) : view.kindOf(r);
      const c = colour + (isFound(d.taskOf[r], node) ? colours.length : 0);
      const takes = takesOf[d.replicas.demand[r]];
      for (let k = 0; k < resources; k++) sums[(node * resources + k) * classes + c] += takes[k];
    }
  }

  const isFound = (task, node) => found !== null && (found.tasks.has(task) || found.nodes.has(node));

  // --- drawing ---

  function draw() {
    queued = false;
    const ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width || !layout) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.textBaseline = "middle";
    drawn.frames++;
    drawn.pieces = drawn.nodes = 0;
    const { box } = layout;
    const near = box.width * camera.k >= 56;
    named = nameSize() >= 6.5;
    if (layout.grouped) layout.groups.forEach(drawGroup);
    for (const group of layout.groups) {
      if (!onScreen(group.x, group.y, group.w, group.h, width, height)) continue;
      for (const j of group.nodes) {
        if (onScreen(layout.x[j], layout.y[j], box.width, box.height, width, height)) drawNode(j, near);
      }
    }
    pen.globalAlpha = 1;
    outline();
    threads();
  }

  const sx = (x) => x * camera.k + camera.x;
  const sy = (y) => y * camera.k + camera.y;
  const onScreen = (x, y, w, h, width, height) => sx(x + w) >= 0 && sy(y + h) >= 0 && sx(x) <= width && sy(y) <= height;

  function drawGroup(group) {
    const k = camera.k;
    pen.globalAlpha = 1;
    pen.fillStyle = berth.theme.surface;
    pen.fillRect(sx(group.x), sy(group.y), group.w * k, group.h * k);
    const size = Math.min(15, layout.head * k * 0.75);
    if (size < 6) return;
    pen.fillStyle = berth.theme.ink;
    pen.font = `600 ${size}px ${berth.theme.font}`;
    label(group.name, sx(group.x) + layout.margin * k, sy(group.y) + (layout.head * k) / 2, (group.w - 2 * layout.margin) * k);
  }

  // label writes what fits of a name.
  function label(text, x, y, width) {
    let shown = text;
    if (pen.measureText(shown).width > width) {
      const letters = Math.floor(width / pen.measureText("n").width) - 1;
      if (letters < 4) return;
      shown = shown.slice(0, letters) + "…";
    }
    pen.fillText(shown, x, y);
  }

  function drawNode(j, near) {
    const k = camera.k, { box } = layout;
    const x = sx(layout.x[j]), y = sy(layout.y[j]);
    const width = box.width * k;
    drawn.nodes++;
    pen.globalAlpha = found && !found.nodes.has(j) && !found.hosts.has(j) ? 0.4 : 1;
    if (layout.grouped) {
      pen.fillStyle = berth.theme.paper;
      pen.fillRect(x, y, width, box.height * k);
    }
    if (named) {
      pen.fillStyle = berth.theme.ink;
      pen.font = `${nameSize()}px ${berth.theme.font}`;
      label(d.nodes.name[j], x + 3 * k, y + (box.name * k) / 2, width - 6 * k);
    }
    for (let r = 0; r < resources; r++) {
      const bar = barOf(j, r);
      pen.globalAlpha = 1;
      pen.fillStyle = berth.theme.line;
      pen.fillRect(bar.x, bar.y, bar.width, bar.height);
      if (near) drawPieces(j, r, bar);
      else drawSums(j, r, bar);
      if (bar.over) {
        pen.globalAlpha = 1;
        pen.strokeStyle = berth.theme.wrong;
        pen.lineWidth = 2;
        pen.strokeRect(bar.x, bar.y, bar.width, bar.height);
      }
    }
  }

  const nameSize = () => Math.min(14, layout.box.name * camera.k * 0.8);

  // barsOf is where the bars begin in a box and how high each is with its gap. They
  // take the place of a name that is too small to be read.
  function barsOf() {
    const { box } = layout;
    if (named) return { top: box.name, each: box.bar + box.gap };
    return { top: 3, each: (box.height - 8) / resources };
  }

  // barOf is where the bar of a resource is on the screen, and how wide one unit is.
  function barOf(j, r) {
    const k = camera.k, { box } = layout;
    const whole = Math.max(d.nodes.capacity[r][j], d.load[r][j]);
    const width = (box.width - 6) * k;
    const { top, each } = barsOf();
    return {
      x: sx(layout.x[j]) + 3 * k, y: sy(layout.y[j]) + (top + r * each) * k,
      width, height: Math.max((each - box.gap) * k, 0.8), unit: whole > 0 ? width / whole : 0,
      over: d.load[r][j] > d.nodes.capacity[r][j],
    };
  }

  function drawSums(j, r, bar) {
    let x = bar.x;
    const from = (j * resources + r) * classes;
    for (let c = colours.length - 1; c >= 0; c--) {
      for (const matched of [1, 0]) {
        const width = sums[from + c + matched * colours.length] * bar.unit;
        if (width <= 0) continue;
        pen.globalAlpha = found && !matched ? 0.25 : 1;
        pen.fillStyle = colours[c];
        pen.fillRect(x, bar.y, width, bar.height);
        drawn.pieces++;
        x += width;
      }
    }
  }

  // drawPieces draws piece by piece; those too thin to be seen are drawn together.
  function drawPieces(j, r, bar) {
    let x = bar.x, start = bar.x, pending = null, shade = 1;
    const flush = () => {
      if (pending !== null && x > start) {
        pen.globalAlpha = pending.matched || !found ? 1 : 0.25;
        pen.fillStyle = colours[pending.colour];
        pen.fillRect(start, bar.y, x - start, bar.height);
        drawn.pieces++;
      }
      pending = null;
    };
    const size = Math.min(12, bar.height * 0.8);
    const font = `${size}px ${berth.theme.font}`;
    for (const piece of stackOf(j)) {
      const width = piece.takes[r] * bar.unit;
      if (width === 0) continue;
      const colour = colourOf(piece);
      const matched = isFound(piece.task, j);
      if (width < 1.5 && piece.task !== selected.task) {
        if (pending?.colour !== colour || pending.matched !== matched) {
          flush();
          start = x;
          pending = { colour, matched };
        }
        x += width;
        continue;
      }
      flush();
      pen.globalAlpha = matched || !found ? 1 : 0.25;
      shade = 1 - shade;
      const ink = inks[shade][colour];
      pen.fillStyle = ink.ground;
      pen.fillRect(x, bar.y, Math.max(width - (width > 4 ? 0.7 : 0), 0.5), bar.height);
      drawn.pieces++;
      if (piece.task === selected.task) mark(x, bar, width);
      if (width > 26 && size >= 7) {
        pen.fillStyle = ink.text;
        pen.font = font;
        label(d.tasks.name[piece.task], x + 3, bar.y + bar.height / 2, width - 6);
      }
      x += width;
      start = x;
    }
    flush();
  }

  // mark frames a piece of the selected task.
  function mark(x, bar, width) {
    pen.globalAlpha = 1;
    pen.strokeStyle = berth.theme.ink;
    pen.lineWidth = 2;
    pen.strokeRect(x, bar.y - 1, Math.max(width, 2), bar.height + 2);
  }

  // onColour is black or white, whichever reads better on a colour.
  function onColour(colour) {
    const part = (k) => parseInt(colour.slice(1 + 2 * k, 3 + 2 * k), 16) / 255;
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const light = 0.2126 * linear(part(0)) + 0.7152 * linear(part(1)) + 0.0722 * linear(part(2));
    return light > 0.179 ? "#000000" : "#ffffff";
  }

  // outline frames what is under the pointer, selected or found.
  function outline() {
    const frame = (j, colour, width) => {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.strokeRect(sx(layout.x[j]) - 1, sy(layout.y[j]) - 1, layout.box.width * camera.k + 2, layout.box.height * camera.k + 2);
    };
    if (found) for (const j of found.nodes) frame(j, berth.theme.accent, 1.5);
    for (const j of selectedNodes()) frame(j, berth.theme.ink, 2.5);
    if (hovered) frame(hovered.node, berth.theme.muted, 1.5);
  }

  const selectedNodes = () => (selected.node != null ? [selected.node] : selected.task != null ? hostsOf(selected.task) : []);
  const hostsOf = (task) => [...new Set(d.replicas.node.slice(d.tasks.first[task], d.tasks.first[task + 1]).filter((j) => j >= 0))];

  // threads shows with whom the selected task or node exchanges most.
  function threads() {
    const flows = view.dearestFlows(selected, 20);
    const most = flows.reduce((m, f) => Math.max(m, f.cost), 0);
    const centre = (j) => [sx(layout.x[j] + layout.box.width / 2), sy(layout.y[j] + layout.box.height / 2)];
    pen.strokeStyle = berth.theme.ink;
    pen.lineCap = "round";
    for (const { from, to, cost } of flows) {
      const [x, y] = centre(from), [u, v] = centre(to);
      pen.globalAlpha = 0.45;
      pen.lineWidth = 1 + (5 * cost) / most;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.quadraticCurveTo((x + u) / 2 + (v - y) / 6, (y + v) / 2 - (u - x) / 6, u, v);
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  function redraw() {
    if (!queued) {
      queued = true;
      requestAnimationFrame(draw);
    }
  }

  // --- where things are ---

  // pick finds what is at a point of the canvas: a node, perhaps a resource and a piece.
  function pick(px, py) {
    const x = (px - camera.x) / camera.k, y = (py - camera.y) / camera.k;
    const { box, step, head, margin } = layout;
    for (const group of layout.groups) {
      if (x < group.x || x > group.x + group.w || y < group.y || y > group.y + group.h) continue;
      const column = Math.floor((x - group.x - margin) / step.x), row = Math.floor((y - group.y - head) / step.y);
      const node = column >= 0 && column < group.columns && row >= 0 ? group.nodes[row * group.columns + column] : undefined;
      if (node === undefined || x > layout.x[node] + box.width || y > layout.y[node] + box.height) return null;
      const { top, each } = barsOf();
      const resource = Math.floor((y - layout.y[node] - top) / each);
      if (resource < 0 || resource >= resources) return { node };
      const bar = barOf(node, resource);
      let edge = bar.x;
      for (const piece of stackOf(node)) {
        edge += piece.takes[resource] * bar.unit;
        if (px >= bar.x && px < edge) return { node, resource, piece };
      }
      return { node, resource };
    }
    return null;
  }

  // --- moving about ---

  const smallest = () => fit * 0.6;
  function zoom(factor, px = canvas.clientWidth / 2, py = canvas.clientHeight / 2) {
    const k = Math.min(Math.max(camera.k * factor, smallest()), 14);
    camera = { k, x: px - ((px - camera.x) * k) / camera.k, y: py - ((py - camera.y) * k) / camera.k };
    canvas.style.touchAction = k > fit * 1.05 ? "none" : "pan-y";
    redraw();
  }

  function showAll() {
    const width = canvas.clientWidth, height = canvas.clientHeight;
    fit = Math.min((width - 4) / layout.width, (height - 4) / layout.height, 3);
    camera = { k: fit, x: (width - layout.width * fit) / 2, y: 2 };
    canvas.style.touchAction = "pan-y";
    redraw();
  }

  // goTo shows a node, near enough to read.
  function goTo(j) {
    const k = Math.max(camera.k, Math.min(2, canvas.clientWidth / layout.box.width / 2.5));
    const x = canvas.clientWidth / 2 - (layout.x[j] + layout.box.width / 2) * k;
    const y = canvas.clientHeight / 2 - (layout.y[j] + layout.box.height / 2) * k;
    if (camera.k === fit && fit > 0.9) return redraw();
    camera = { k, x, y };
    canvas.style.touchAction = "none";
    redraw();
  }

  function arrange() {
    const order = d.nodes.name.map((_, j) => j);
    const by = document.getElementById("order").value;
    if (by === "full") order.sort((a, b) => d.fullest[b] - d.fullest[a] || a - b);
    if (by === "cost") order.sort((a, b) => d.paid[b] - d.paid[a] || a - b);
    const grouping = d.groupings[document.getElementById("group").selectedIndex] ?? d.groupings[0];
    const width = canvas.clientWidth, most = Math.max(320, Math.min(680, innerHeight * 0.72));
    const place = (head) => (layout = view.layout(grouping, order, { width, height: most }, head));
    const scale = () => Math.min(3, width / layout.width, most / layout.height);
    place(grouping.key === "node" ? 0 : 20);
    if (layout.grouped && layout.head * scale() < 13) place(13 / scale()); // so that it can be read from afar
    canvas.style.height = Math.max(180, Math.min(most, layout.height * Math.min(3, (width - 4) / layout.width) + 4)) + "px";
    showAll();
  }

  view.mapEvents(canvas, { zoom, showAll, pick, pan: (dx, dy) => { camera.x += dx; camera.y += dy; redraw(); }, hover: (h) => { hovered = h; redraw(); } });
  for (const id of ["group", "order"]) document.getElementById(id).addEventListener("change", arrange);
  document.getElementById("colour").addEventListener("change", () => { readColours(); redraw(); });
  document.getElementById("zoom-in").addEventListener("click", () => zoom(1.6));
  document.getElementById("zoom-out").addEventListener("click", () => zoom(1 / 1.6));
  document.getElementById("zoom-fit").addEventListener("click", showAll);
  document.addEventListener("berth-theme", () => { readColours(); draw(); });
  view.onPrint((width) => { canvas.style.width = width; arrange(); draw(); });
  let lastWidth = canvas.clientWidth;
  new ResizeObserver(() => {
    if (canvas.clientWidth !== lastWidth) arrange();
    lastWidth = canvas.clientWidth;
    draw(); // at once: a canvas of another size is empty
  }).observe(canvas);

  readColours();
  arrange();
  return {
    drawn, pick, goTo, hostsOf,
    find(result) { found = result; addUp(); redraw(); },
    select(what) { selected = what; redraw(); },
    centre: (j) => ({ x: sx(layout.x[j] + layout.box.width / 2), y: sy(layout.y[j] + layout.box.height / 2) }),
    camera: () => camera,
  };
};
