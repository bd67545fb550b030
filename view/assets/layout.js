// Where the boxes of the map stand.

// layout places the boxes in a world of its own units: groups one beside the other,
// in rows, as wide as fits the shape of the canvas best. head is the height of the
// line that names a group.
view.layout = (grouping, order, shape, head) => {
  const d = view.picture;
  const resources = Math.max(d.resources.length, 1);
  const box = { width: 104, name: 13, bar: 11, gap: 2, pad: 4 };
  box.height = box.name + resources * (box.bar + box.gap) + box.pad;
  const step = { x: box.width + 4, y: box.height + 4 };
  const grouped = grouping.key !== "node";
  const margin = grouped ? 6 : 0;

  const groups = grouped ? grouping.names.map((name) => ({ name, nodes: [] })) : [{ name: "", nodes: [] }];
  for (const j of order) groups[grouped ? grouping.of[j] : 0].nodes.push(j);
  const filled = groups.filter((group) => group.nodes.length > 0);
  for (const group of filled) {
    const n = group.nodes.length;
    group.columns = grouped ? Math.max(1, Math.min(n, Math.round(Math.sqrt((n * 1.3 * step.y) / step.x)))) : columnsFor(n);
    group.w = group.columns * step.x + 2 * margin;
    group.h = Math.ceil(n / group.columns) * step.y + head + margin;
  }
  // columnsFor makes the boxes as large as they can be; beyond a readable size it
  // rather takes less height.
  function columnsFor(n) {
    let best = 1, largest = 0;
    for (let columns = 1; columns <= n; columns++) {
      const scale = Math.min(shape.width / (columns * step.x), shape.height / (Math.ceil(n / columns) * step.y), 2.2);
      if (scale >= largest) [best, largest] = [columns, scale];
    }
    return best;
  }
  const pack = (width) => {
    let x = 0, y = 0, rowHeight = 0, right = 0;
    for (const group of filled) {
      if (x > 0 && x + group.w > width) {
        x = 0;
        y += rowHeight + 6;
        rowHeight = 0;
      }
      group.x = x;
      group.y = y;
      x += group.w + 6;
      right = Math.max(right, group.x + group.w);
      rowHeight = Math.max(rowHeight, group.h);
    }
    return { width: right, height: y + rowHeight };
  };
  const widest = Math.max(...filled.map((group) => group.w), 1);
  const total = filled.reduce((sum, group) => sum + group.w + 6, 0);
  let best = null;
  for (let t = 0; t <= 60; t++) {
    const width = widest + ((total - widest) * t * t) / 3600;
    const size = pack(width);
    const scale = Math.min(shape.width / size.width, shape.height / size.height, 2.2);
    if (!best || scale >= best.scale) best = { width, scale };
  }
  const size = pack(best ? best.width : 1);
  const x = new Float32Array(d.nodes.name.length);
  const y = new Float32Array(d.nodes.name.length);
  for (const group of filled) {
    group.nodes.forEach((j, k) => {
      x[j] = group.x + margin + (k % group.columns) * step.x;
      y[j] = group.y + head + Math.floor(k / group.columns) * step.y;
    });
  }
  return { box, step, head, margin, grouped, groups: filled, x, y, ...size };
};
