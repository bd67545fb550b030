// What every page of berth shares: the global `berth`.
//
//   berth.data(name)                 a promise of the data of that name
//   berth.figure(name, element, f)   a chart that follows theme, size and print
//   berth.figures[name]              what it drew: {chart, points, runs}
//   berth.colour(k), symbol(k), dash(k)   the marks of the k-th series
//   berth.swatch(k)                  both as a small picture
//   berth.theme                      colours for text, lines and grounds
//   berth.element(tag, attributes, ...children)   text is never read as HTML
//   berth.escape(text)               for tooltips, which are HTML
//   berth.number, seconds, percent, bytes         numbers for people
//   berth.copyButton(text)           a button that copies
"use strict";
const berth = (() => {
  const root = document.documentElement;
  const palette = JSON.parse(document.getElementById("data-palette").textContent);
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const figures = {};
  const unpacked = {};
  const theme = {};

  // --- data ---

  function bytesOf(base64) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
    const binary = atob(base64);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  }

  async function unpack(name) {
    const holder = document.getElementById("data-" + name);
    if (!holder) throw new Error(`this page has no data "${name}"`);
    if (!window.DecompressionStream) throw new Error("this browser is too old: it cannot unpack data; one of 2023 or later can");
    const packed = new Blob([bytesOf(holder.textContent)]).stream();
    holder.textContent = "";
    return new Response(packed.pipeThrough(new DecompressionStream("gzip"))).json();
  }

  const data = (name) => (unpacked[name] ??= unpack(name));

  // --- trouble ---

  function trouble(reason) {
    const box = document.getElementById("trouble");
    box.textContent = "This page could not be drawn in full: " + (reason?.message ?? reason);
    box.hidden = false;
  }
  addEventListener("error", (event) => trouble(event.error ?? event.message));
  addEventListener("unhandledrejection", (event) => trouble(event.reason));

  // --- theme ---

  const chosen = () => root.dataset.theme;
  const dark = () => (chosen() ? chosen() === "dark" : systemDark.matches);

  function readTheme() {
    const style = getComputedStyle(root);
    for (const name of ["ink", "muted", "faint", "line", "paper", "surface", "accent", "wrong", "good"]) {
      theme[name] = style.getPropertyValue("--" + name).trim();
    }
    theme.font = style.getPropertyValue("--font").trim();
    theme.dark = dark();
  }

  function showTheme() {
    readTheme();
    document.getElementById("theme-toggle").textContent = theme.dark ? "Light" : "Dark";
    Object.values(figures).forEach((figure) => figure.redraw());
    document.dispatchEvent(new Event("berth-theme"));
  }

  function setTheme(name) {
    if (name) root.dataset.theme = name;
    else delete root.dataset.theme;
    showTheme();
  }

  document.getElementById("theme-toggle").addEventListener("click", () => setTheme(dark() ? "light" : "dark"));
  systemDark.addEventListener("change", showTheme);

  // --- marks ---

  const shapes = {
    circle: "circle", square: "rect", triangle: "triangle", diamond: "diamond",
    inverted: "path://M0,0L20,0L10,18Z",
    star: "path://M10,0L12.6,7L20,7.3L14.2,11.9L16.2,19L10,15L3.8,19L5.8,11.9L0,7.3L7.4,7Z",
    cross: "path://M7,0L13,0L13,7L20,7L20,13L13,13L13,20L7,20L7,13L0,13L0,7L7,7Z",
  };
  const pick = (list, k) => list[k % list.length];
  const colour = (k) => pick(theme.dark ? palette.dark : palette.light, k);
  const symbol = (k) => shapes[pick(palette.symbols, k)];
  const dash = (k) => pick(palette.dashes, k) ?? "solid";

  // swatch draws the line and the symbol of a series, for legends.
  function swatch(k) {
    const svg = (tag, attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      return made;
    };
    const outlines = { circle: "M0,10A10,10 0 1 0 20,10A10,10 0 1 0 0,10Z", rect: "M1,1H19V19H1Z", triangle: "M10,0L20,18L0,18Z", diamond: "M10,0L20,10L10,20L0,10Z" };
    const outline = outlines[symbol(k)] ?? symbol(k).slice("path://".length);
    const box = svg("svg", { viewBox: "0 0 36 12", width: 36, height: 12, "aria-hidden": "true", class: "swatch" });
    const dashes = palette.dashes[k % palette.dashes.length];
    box.append(svg("line", { x1: 0, y1: 6, x2: 36, y2: 6, stroke: colour(k), "stroke-width": 2, "stroke-dasharray": (dashes ?? []).join(" ") }));
    box.append(svg("path", { d: outline, transform: "translate(13 1) scale(0.5)", fill: colour(k) }));
    return box;
  }

  // --- charts ---

  function chartTheme() {
    const axis = {
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.faint } },
      axisTick: { lineStyle: { color: theme.faint } },
      minorTick: { lineStyle: { color: theme.line } },
      axisLabel: { color: theme.muted, fontSize: 12, hideOverlap: true },
      nameTextStyle: { color: theme.ink, fontSize: 12.5 },
      splitLine: { lineStyle: { color: theme.line } },
      splitArea: { show: false },
    };
    return {
      backgroundColor: "transparent",
      color: theme.dark ? palette.dark : palette.light,
      textStyle: { fontFamily: theme.font, color: theme.ink },
      categoryAxis: axis, valueAxis: axis, logAxis: axis, timeAxis: axis,
      legend: { textStyle: { color: theme.ink, fontSize: 12.5 }, inactiveColor: theme.faint, pageTextStyle: { color: theme.muted } },
      tooltip: {
        backgroundColor: theme.surface, borderColor: theme.faint, borderWidth: 1, padding: [8, 10],
        textStyle: { color: theme.ink, fontSize: 13 }, extraCssText: "max-width:min(34em,90vw);white-space:normal",
      },
    };
  }

  // figure draws f.option() into the element, and again whenever theme or size
  // change. f.points() counts what is drawn, f.runs() the runs that it stands for.
  function figure(name, element, f) {
    figures[name]?.chart.dispose();
    const chart = echarts.init(element, chartTheme());
    const entry = {
      chart, points: 0,
      redraw() {
        chart.setTheme(chartTheme());
        const option = f.option(element.clientWidth);
        element.classList.toggle("empty", !option.series);
        chart.resize();
        chart.setOption({ animation: false, ...option }, { notMerge: true });
        entry.points = f.points();
        entry.runs = f.runs?.() ?? entry.points;
      },
    };
    figures[name] = entry;
    let width = element.clientWidth;
    new ResizeObserver((_, observer) => {
      if (chart.isDisposed()) observer.disconnect();
      if (!element.clientWidth || chart.isDisposed()) return;
      chart.resize();
      if (element.clientWidth !== width) entry.redraw();
      width = element.clientWidth;
    }).observe(element);
    entry.redraw();
    return entry;
  }

  // A page prints light and as wide as paper, whatever it looks like on screen.
  let before;
  function resizeFigures(width) {
    for (const { chart, redraw } of Object.values(figures)) {
      chart.getDom().style.width = width;
      redraw();
      chart.getZr().flush();
    }
  }
  addEventListener("beforeprint", () => {
    before = chosen() ?? "";
    root.dataset.printing = "";
    setTheme("light");
    resizeFigures("680px");
  });
  addEventListener("afterprint", () => {
    delete root.dataset.printing;
    setTheme(before);
    resizeFigures("");
  });

  // --- text ---

  const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  const escape = (text) => String(text).replace(/[&<>"']/g, (c) => escapes[c]);

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") made.addEventListener(name, value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((child) => child != null));
    return made;
  }

  function copyButton(text) {
    const button = element("button", { type: "button", class: "quiet copy" }, "Copy");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select and copy by hand";
      }
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
    return button;
  }

  // --- numbers ---

  const grouped = (text) => {
    const [whole, rest] = text.split(".");
    const spaced = whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
    return rest ? spaced + "." + rest : spaced;
  };
  const missing = (x) => x == null || Number.isNaN(x);

  // number shows about three digits of a measured value, all of a whole number.
  function number(x) {
    if (missing(x)) return "–";
    if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
    const sign = x < 0 ? "−" : "";
    const size = Math.abs(x);
    if (size >= 1e15 || (size > 0 && size < 1e-4)) return sign + size.toExponential(2).replace("e+", "e").replace("e-", "e−");
    if (Number.isInteger(size) || size >= 1000) return sign + grouped(Math.round(size).toString());
    const text = size.toFixed(size >= 100 ? 1 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4);
    return sign + text.replace(/\.?0+$/, "");
  }

  // seconds shows a duration in the unit that suits it.
  function seconds(x) {
    if (missing(x)) return "–";
    if (!Number.isFinite(x)) return "∞";
    if (x === 0) return "0\u00a0s";
    if (x < 0.001) return number(Number((x * 1e6).toPrecision(3))) + "\u00a0µs";
    if (x < 1) return number(Number((x * 1000).toPrecision(3))) + "\u00a0ms";
    if (x < 600) return number(x) + "\u00a0s";
    if (x < 36000) return number(Number((x / 60).toPrecision(3))) + "\u00a0min";
    return number(Number((x / 3600).toPrecision(3))) + "\u00a0h";
  }

  // percent shows a share.
  function percent(x) {
    if (missing(x)) return "–";
    if (!Number.isFinite(x)) return "∞";
    const share = 100 * x;
    const size = Math.abs(share);
    if (size > 0 && size < 0.001) return (share < 0 ? "−" : "") + "<\u00a00.001\u00a0%";
    return number(Number(share.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3))) + "\u00a0%";
  }

  // bytes shows an amount of memory.
  function bytes(x) {
    if (missing(x)) return "–";
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let k = 0;
    while (x >= 1024 && k < units.length - 1) {
      x /= 1024;
      k++;
    }
    return number(Number(x.toPrecision(3))) + "\u00a0" + units[k];
  }

  readTheme();
  document.getElementById("theme-toggle").textContent = theme.dark ? "Light" : "Dark";
  return { data, figure, figures, colour, symbol, dash, swatch, theme, element, escape, copyButton, trouble, number, seconds, percent, bytes };
})();
window.berth = berth;
