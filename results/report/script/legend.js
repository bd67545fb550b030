// The choice of group and of methods, which holds for all figures.

function drawLegend(changed) {
  const legend = document.getElementById("legend");
  const focused = document.activeElement?.dataset?.method;
  const toggle = (k) => {
    if (!state.hidden.delete(k)) state.hidden.add(k);
    changed();
  };
  const chips = state.study.methods.map((name, k) =>
    berth.element("button", {
      type: "button", class: "chip", "data-method": k, "aria-pressed": String(showsMethod(k)), title: name, click: () => toggle(k),
    }, berth.swatch(k), berth.element("span", {}, shorten(name, 32))));
  const setAll = (hide) => () => {
    state.hidden = new Set(hide ? state.study.methods.keys() : []);
    changed();
  };
  const ends = state.study.methods.length > 2
    ? [berth.element("button", { type: "button", class: "quiet", click: setAll(false) }, "All"), berth.element("button", { type: "button", class: "quiet", click: setAll(true) }, "None")]
    : [];
  legend.replaceChildren(...chips, ...ends);
  if (focused !== undefined) legend.querySelector(`[data-method="${focused}"]`)?.focus();
}

function drawGroupChoice(changed) {
  const { groups } = state.study;
  if (groups.length < 2) return;
  const choice = document.getElementById("group");
  choice.append(berth.element("option", { value: -1 }, "all groups"), ...groups.map((_, k) => berth.element("option", { value: k }, groupName(k))));
  choice.addEventListener("change", async () => {
    state.group = Number(choice.value);
    state.statistics = await berth.data(state.group < 0 ? "statistics" : "statistics-" + state.group);
    changed();
  });
  document.getElementById("group-choice").hidden = false;
}
