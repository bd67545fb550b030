// A run, an instance or a method, in a dialog over the page.

const detail = document.getElementById("detail");
let detailAddress; // that the dialog shows

function showDetail(title, ...contents) {
  document.getElementById("detail-title").replaceChildren(...[title].flat());
  document.getElementById("detail-body").replaceChildren(...contents.flat().filter((part) => part != null));
  detailAddress = location.hash;
  if (!detail.open) detail.showModal();
  document.getElementById("detail-title").focus();
  document.getElementById("detail-body").scrollTop = 0;
}

function prepareDetail() {
  document.getElementById("detail-close").addEventListener("click", () => detail.close());
  detail.addEventListener("click", (event) => {
    if (event.target === detail) detail.close(); // beside it
  });
  detail.addEventListener("close", () => {
    if (location.hash === detailAddress) history.replaceState(null, "", location.pathname + location.search);
  });
}

const facts = (...pairs) =>
  berth.element("dl", { class: "facts" }, ...pairs.filter(([, value]) => value !== "" && value != null).flatMap(([name, value]) => [berth.element("dt", {}, name), berth.element("dd", {}, ...[value].flat())]));
const chartBox = (label) => berth.element("div", { class: "chart", role: "img", "aria-label": label });
const heading = (text) => berth.element("h3", {}, text);
const exact = (text) => (text === "" || text == null ? "–" : /^-?\d+$/.test(text) ? berth.number(Number(text)).length < 20 ? groupDigits(text) : text : text.replace("-", "−"));
const groupDigits = (text) => text.replace("-", "−").replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

// --- a run ---

async function showRun(run) {
  const runs = state.runs;
  const outcome = outcomeOf(run);
  const address = location.hash;
  const steps = await stepsOf(run);
  if (location.hash !== address) return; // gone on meanwhile
  const chart = chartBox("Cost and bound over time");
  showDetail(
    [link(methodLink(methodOf(run)), state.study.methods[methodOf(run)]), " on ", link(instanceLink(runs.instance[run]), entryOf(run).name)],
    berth.element("p", {}, badge(outcome), " ", word(runs.note, run)),
    verdicts(run), heading("Trajectory"), chart,
    heading("What it was"), facts(
      ["Options", word(runs.options, run)], ["Seed", word(runs.seed, run)], ["Limits", limitsText(runs.limits.kinds[runs.limits.at[run]])],
      ["Version", word(runs.version, run)], ["Machine", word(runs.machine, run)], ["Begun", runs.started[run] < 0 ? "" : started(runs.started[run]) + " UTC"], ["Run", link(runLink(run), runs.id[run])]),
    heading("What it took"), facts(
      ["Wall time", berth.seconds(runs.wall[run])], ["CPU time", berth.seconds(runs.cpu[run])], ["Memory", runs.peak[run] ? berth.bytes(runs.peak[run]) : ""],
      ["Work", runs.work[run] ? berth.number(runs.work[run]) + " units" : ""], ["Exit", word(runs.exit, run)]),
    commandBox(run));
  drawTrajectory(chart, run, steps);
}

// verdicts puts side by side what the run said, what the judge says and what is known.
function verdicts(run) {
  const entry = entryOf(run);
  const row = (who, status, cost, bound, source) =>
    berth.element("tr", {}, berth.element("th", { scope: "row" }, who), berth.element("td", {}, status), berth.element("td", { class: "amount" }, exact(cost)), berth.element("td", { class: "amount" }, exact(bound)), berth.element("td", {}, source ?? ""));
  const gap = state.runs.gap[run];
  const head = ["", "status", "cost", "bound", ""].map((text, k) => berth.element("th", { scope: "col", class: k === 2 || k === 3 ? "amount" : "" }, text));
  return berth.element("div", { class: "scroll" }, berth.element("table", { class: "plain" },
    berth.element("thead", {}, berth.element("tr", {}, ...head)),
    berth.element("tbody", {},
      row("Claimed", word(state.runs.status, run) || "nothing", objectiveOf(run), boundOf(run)),
      row("Judged", outcomeOf(run), costOf(run), "", gap == null ? "" : `gap ${berth.percent(gap)}`),
      row("Best known", entry.infeasible ? "infeasible" : "", entry.best, entry.bound),
      entry.known ? row("Published", entry.known.status, entry.known.value, entry.known.bound, entry.known.source) : null)));
}

function limitsText(limits) {
  const parts = [];
  if (limits.seconds) parts.push(berth.seconds(limits.seconds));
  if (limits.work) parts.push(berth.number(limits.work) + " units of work");
  if (limits.memory) parts.push(berth.bytes(limits.memory));
  if (limits.gap) parts.push("gap " + limits.gap);
  if (limits.threads) parts.push(plural(limits.threads, "thread"));
  return parts.join(", ") || "none";
}

function commandBox(run) {
  const command = commandOf(run);
  if (!command) return [];
  return [
    berth.element("div", { class: "command-title" }, heading("The command that repeats it"), berth.copyButton(command)),
    berth.element("pre", { class: "command", tabindex: "0" }, command),
  ];
}

// --- an instance ---

async function showInstance(k) {
  const entry = state.study.instances[k];
  const runs = [];
  state.runs.instance.forEach((instance, run) => instance === k && runs.push(run));
  const known = entry.known;
  const address = location.hash;
  const traces = await Promise.all(runs.map(stepsOf));
  if (location.hash !== address) return;
  const chart = chartBox("Gap over time of all runs on this instance");
  const table = berth.element("div");
  showDetail(
    ["Instance ", entry.name],
    facts(
      ["Group", entry.group >= 0 && state.study.groups[entry.group]], ["File", entry.file], ["Size", entry.tasks || entry.nodes ? `${plural(entry.tasks, "task")}, ${plural(entry.nodes, "node")}` : ""],
      ["Best known", entry.infeasible ? "infeasible" : exact(entry.best)], ["Bound", exact(entry.bound)],
      ["Published", known ? [known.status, known.value ? " " + exact(known.value) : "", known.bound ? ", bound " + exact(known.bound) : "", known.source ? ` (${known.source})` : ""].join("") : ""],
      ["Better than published", entry.beats ? entry.beats.slice(0, 10).flatMap((run) => [link(runLink(run), state.study.methods[methodOf(run)]), " "]) : ""],
      ["Digest", entry.digest.slice(0, 16)]),
    heading("Gap over time, all runs"), chart, heading(plural(runs.length, "run")), table);
  drawTraces(chart, runs, traces);
  tableOfRuns(table, runs, runs.length > 10 ? "380px" : undefined, ["instance", "group", "started"]);
}

// --- a method ---

function showMethod(k) {
  const runs = [];
  state.runs.method.forEach((method, run) => method === k && runs.push(run));
  const counts = state.study.outcomes.map((outcome, o) => [outcome, runs.filter((run) => state.runs.outcome[run] === o).length]).filter(([, n]) => n > 0);
  const distinct = (column) => [...new Set(runs.map((run) => word(column, run)))].filter((text) => text).slice(0, 6).join("; ");
  const limits = [...new Set(runs.map((run) => limitsText(state.runs.limits.kinds[state.runs.limits.at[run]])))].slice(0, 6).join("; ");
  const chart = chartBox("Gap against time of all runs of this method");
  const table = berth.element("div");
  showDetail(
    [berth.swatch(k), " ", state.study.methods[k]],
    facts(
      ["Outcomes", berth.element("ul", { class: "outcomes" }, ...counts.map(([outcome, n]) => berth.element("li", {}, badge(outcome), " ", berth.number(n))))],
      ["Options", distinct(state.runs.options)], ["Version", distinct(state.runs.version)], ["Limits", limits]),
    heading("Its runs: gap against time"), chart, heading(plural(runs.length, "run")), table);
  drawCloud(chart, runs);
  tableOfRuns(table, runs, runs.length > 10 ? "380px" : undefined, ["method", "started"]);
}
