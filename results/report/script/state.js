// What the page knows, what of it is shown, and how to read the columns of runs.
const state = {
  study: null, // methods, groups, outcomes, instances
  runs: null, // columns
  statistics: null, // of the chosen group
  duels: null,
  group: -1, // all
  hidden: new Set(), // methods
};

const word = (column, run) => column.words[column.at[run]];
const methodOf = (run) => state.runs.method[run];
const entryOf = (run) => state.study.instances[state.runs.instance[run]];
const outcomeOf = (run) => state.study.outcomes[state.runs.outcome[run]];
const groupName = (k) => state.study.groups[k] || "no group";
const solved = (outcome) => outcome === "optimal" || outcome === "feasible";
const proven = (outcome) => outcome === "optimal" || outcome === "infeasible";

// Programs do not start faster than in a millisecond: less is counted as that.
const fastest = 0.001;
const usedBy = (run) => Math.max(state.runs.wall[run], fastest);
const costOf = (run) => state.runs.numbers[state.runs.cost[run]];
const likeCost = (column, run) => (column[run] < 0 ? costOf(run) : state.runs.numbers[column[run]]);
const objectiveOf = (run) => likeCost(state.runs.objective, run);
const boundOf = (run) => likeCost(state.runs.bound, run);
const timeToProof = (run) => (proven(outcomeOf(run)) ? usedBy(run) : state.runs.limit[run]);

// commandOf puts the file and the seed back into a command.
function commandOf(run) {
  const text = word(state.runs.command, run);
  if (text.startsWith("\x03")) return text.slice(1);
  return text.replaceAll("\x01", () => entryOf(run).file).replaceAll("\x02", () => word(state.runs.seed, run));
}

const inGroup = (run) => state.group < 0 || entryOf(run).group === state.group;
const showsMethod = (k) => !state.hidden.has(k);
const shownMethods = () => state.study.methods.map((_, k) => k).filter(showsMethod);

// runsOf lists the runs of the chosen group that keep wants, in the order of the columns.
function runsOf(keep) {
  const found = [];
  for (let run = 0; run < state.runs.id.length; run++) if (inGroup(run) && keep(run)) found.push(run);
  return found;
}

// Addresses within the page.
const runLink = (run) => "#run=" + encodeURIComponent(state.runs.id[run]);
const methodLink = (k) => "#method=" + encodeURIComponent(state.study.methods[k]);
function instanceLink(k) {
  const { name, group } = state.study.instances[k];
  const twins = state.study.instances.filter((other) => other.name === name).length > 1;
  return "#instance=" + encodeURIComponent(name) + (twins ? "&group=" + encodeURIComponent(state.study.groups[group]) : "");
}

// go follows an address within the page, also the one that is shown already.
function go(address) {
  if (location.hash === address) follow();
  else location.hash = address;
}

const link = (address, ...text) => berth.element("a", { href: address }, ...text);
const badge = (outcome) => berth.element("span", { class: "outcome " + outcome }, outcome);
const plural = (n, noun) => `${berth.number(n)} ${noun}${n === 1 ? "" : "s"}`;
