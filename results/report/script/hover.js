// What is under the pointer: a small note beside it, and where a click leads. The
// figures find it themselves from the places of their points, so that 200,000 of
// them cost nothing while nobody points.

// pointable makes a figure answer the pointer. find(x, y, chart) returns an item or
// null; describe(item) the contents of the note; open(item) is a click.
function pointable(figure, { find, describe, open }) {
  const { chart } = figure;
  const holder = chart.getDom();
  const note = berth.element("div", { class: "note", hidden: true });
  holder.append(note);
  const zr = chart.getZr();
  let waiting = false;
  zr.on("mousemove", ({ offsetX, offsetY }) => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const item = find(offsetX, offsetY, chart);
      note.hidden = item == null;
      zr.setCursorStyle(item == null ? "default" : "pointer");
      if (item != null) place(note, describe(item), offsetX, offsetY, holder);
    });
  });
  zr.on("globalout", () => (note.hidden = true));
  zr.on("click", ({ offsetX, offsetY }) => {
    const item = find(offsetX, offsetY, chart);
    if (item != null) open(item);
  });
}

function place(note, contents, x, y, holder) {
  note.replaceChildren(...contents);
  const width = note.offsetWidth;
  const height = note.offsetHeight;
  note.style.left = Math.max(0, Math.min(x + 14, holder.clientWidth - width)) + "px";
  note.style.top = (y + 18 + height > holder.clientHeight ? Math.max(0, y - height - 12) : y + 18) + "px";
}

// nearest finds the point that is closest to a pixel, within reach. Points are
// {x, y, item}: arrays of places on the axes, and what each is.
function nearest(points, px, py, chart, reach = 14) {
  if (!points.x.length) return null;
  const origin = chart.convertToPixel({ gridIndex: 0 }, [0, 0]);
  const one = chart.convertToPixel({ gridIndex: 0 }, [1, 1]);
  if (!origin || !one) return null;
  const [dx, dy] = [one[0] - origin[0], one[1] - origin[1]];
  let best = null;
  let closest = reach * reach;
  for (let k = 0; k < points.x.length; k++) {
    const across = origin[0] + dx * points.x[k] - px;
    const up = origin[1] + dy * points.y[k] - py;
    const distance = across * across + up * up;
    if (distance < closest) {
      closest = distance;
      best = k;
    }
  }
  return best === null ? null : points.item[best];
}

// runNote describes a run beside the pointer.
function runNote(run, ...more) {
  const outcome = outcomeOf(run);
  const line = (...parts) => berth.element("div", {}, ...parts);
  const gap = state.runs.gap[run];
  return [
    line(berth.swatch(methodOf(run)), " ", berth.element("strong", {}, state.study.methods[methodOf(run)])),
    line(entryOf(run).name, ", seed ", word(state.runs.seed, run)),
    line(badge(outcome), ` ${berth.seconds(usedBy(run))}`, gap == null ? "" : `, gap ${berth.percent(gap)}`),
    ...more.map((text) => line(text)),
  ];
}
