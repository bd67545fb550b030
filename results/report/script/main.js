// The page comes up: data, table, figures one after the other, then the address.

let drawRunsTable;

const pause = () => new Promise((go) => setTimeout(go));

let drawing = 0; // counts the calls: an older one gives way to a newer one

async function drawFigures() {
  const mine = ++drawing;
  const duels = state.study.methods.length < 2 ? [] : [drawDuel];
  for (const draw of [drawPareto, drawProfile, drawCactus, drawBands, drawGaps, drawHeat, ...duels]) {
    if (mine !== drawing) return;
    draw();
    await pause();
  }
}

function legendChanged() {
  drawLegend(legendChanged);
  drawFigures();
}

async function groupChanged() {
  drawMethods();
  await drawFigures();
  if (allRuns) filterGroup(await allRuns);
}

// follow shows what the address names after #.
async function follow() {
  const wanted = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
  const missing = (what) => showDetail("Not in this report", berth.element("p", {}, `There is no ${what} here; the address names another report.`));
  if (wanted.has("run")) {
    const id = wanted.get("run");
    const run = state.runs.id.findIndex((short) => short !== "" && id.startsWith(short));
    return run < 0 ? missing("run " + id) : showRun(run);
  }
  if (wanted.has("instance")) {
    const [name, group] = [wanted.get("instance"), wanted.get("group")];
    const k = state.study.instances.findIndex((entry) => entry.name === name && (group == null || state.study.groups[entry.group] === group));
    return k < 0 ? missing("instance " + name) : showInstance(k);
  }
  if (wanted.has("method")) {
    const k = state.study.methods.indexOf(wanted.get("method"));
    return k < 0 ? missing("method " + wanted.get("method")) : showMethod(k);
  }
  if (detail.open) detail.close();
  if (wanted.has("outcome")) return filterRuns(drawRunsTable, "outcome", wanted.get("outcome"));
}

async function main() {
  if (!document.getElementById("runs")) return; // nothing to report on
  if (innerWidth < 700) document.getElementById("legend-fold").open = false;
  [state.study, state.statistics, state.duels] = await Promise.all(["study", "statistics", "duels"].map(berth.data));
  if (!state.statistics.summaries.some((row) => row.proven > 0)) methodSort.key = "gap";
  document.getElementById("duel-part").hidden = state.study.methods.length < 2;
  drawGroupChoice(groupChanged);
  drawLegend(legendChanged);
  drawMethods();
  document.addEventListener("berth-theme", () => {
    drawLegend(legendChanged);
    drawMethods();
    if (state.study.methods.length > 1) duelText();
  });
  state.runs = await berth.data("runs");
  prepareHeat();
  prepareDuel();
  prepareDetail();
  drawRunsTable = prepareRuns();
  addEventListener("hashchange", follow);
  await follow();
  await drawFigures();
}

main().then(() => (document.documentElement.dataset.ready = ""));
