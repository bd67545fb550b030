"""The statistics of a study, computed once more: by numpy, scipy and fractions, from
the records and the words of the documentation. Reads records and moments as JSON,
writes what it finds as JSON."""
import json, sys
from collections import defaultdict
from fractions import Fraction
import numpy as np
import scipy.stats as st

MISSING = 1e300  # JSON has no infinity


def number(text):
    return Fraction(text) if text else None


def study(records, moments):
    versions = defaultdict(set)
    for r in records:
        versions[r["method"]].add(r["version"])
    instances = defaultdict(list)
    for r in records:
        r["label"] = r["method"] + (f" ({r['version']})" if len(versions[r["method"]]) > 1 else "")
        instances[r["instance"]["name"]].append(r)

    entries = {}
    for name, runs in instances.items():
        judged = [number(r["cost"]) for r in runs if r.get("cost")]
        known = next((r["known"] for r in runs if r.get("known")), None)
        values = judged + ([number(known["value"])] if known and known.get("value") else [])
        best = min(values) if values else None
        for r in runs:
            cost, bound = number(r.get("cost")), number(r["claim"].get("bound"))
            if best is not None and (
                r["outcome"] == "infeasible"
                or r["outcome"] == "optimal" and cost > best
                or bound is not None and bound > best
            ):
                r["outcome"] = "wrong"
        bounds = [number(r["cost"]) for r in runs if r["outcome"] == "optimal"]
        bounds += [number(r["claim"]["bound"]) for r in runs if r["claim"].get("bound") and r["outcome"] in ("feasible", "unknown", "timeout", "memory")]
        if known:
            published = [number(known.get("bound"))] if known.get("bound") else []
            published += [number(known["value"])] if known["status"] == "optimal" else []
            if published and (not judged or max(published) <= min(judged)):
                bounds.append(max(published))
        infeasible = best is None and (known is not None and known["status"] == "infeasible" or any(r["outcome"] == "infeasible" for r in runs))
        entries[name] = {"best": best, "bound": max(bounds) if bounds else None, "infeasible": infeasible}

        longest = max(max(r["usage"]["wall"] for r in runs), 0.001)
        for r in runs:
            r["proven"] = r["outcome"] in ("optimal", "infeasible")
            r["solved"] = r["outcome"] in ("optimal", "feasible")
            r["limit"] = r["limits"].get("seconds") or longest
            r["used"] = max(r["usage"]["wall"], 0.001)
            r["time"] = r["used"] if r["proven"] else r["limit"]
            r["gap"] = MISSING
            if r["outcome"] == "infeasible":
                r["gap"] = 0.0
            elif r["solved"]:
                r["gap"] = float((number(r["cost"]) - best) / max(abs(best), 1))
            # The cost of the incumbent as a list of (moment, cost), from what the method
            # says as far as it is not better than the judge's.
            steps = []
            if r["solved"]:
                final = number(r["cost"])
                for step in r.get("trajectory") or []:
                    steps.append((step["s"], max(number(step["c"]), final)))
                steps.append((r["used"], final))
            r["steps"] = steps

    def incumbent(r, moment):
        costs = [c for s, c in r["steps"] if s <= moment]
        return min(costs) if costs else None

    def gap_at(r, moment):
        cost, best = incumbent(r, moment), entries[r["instance"]["name"]]["best"]
        return 1.0 if cost is None else min(1.0, float((cost - best) / max(abs(best), 1)))

    def primal_gap(cost, best):
        if cost is None or cost * best < 0:
            return 1.0
        return 0.0 if cost == best else float(abs(cost - best) / max(abs(cost), abs(best)))

    def primal(r):
        end, best = r["limit"], entries[r["instance"]["name"]]["best"]
        if r["outcome"] == "infeasible":
            return min(r["used"], end) / end
        ends = sorted({0.0, end} | {min(s, end) for s, _ in r["steps"]})
        return sum((b - a) * primal_gap(incumbent(r, a), best) for a, b in zip(ends, ends[1:])) / end

    def shifted(times):
        return float(st.gmean(np.array(times) + 1) - 1)

    labels = sorted({r["label"] for r in records})
    cells = {}
    for name, runs in instances.items():
        for label in labels:
            fit = [r for r in runs if r["label"] == label and r["outcome"] != "unfit"]
            if fit:
                cells[label, name] = {
                    "time": shifted([r["time"] for r in fit]),
                    "used": shifted([r["used"] for r in fit]),
                    "par10": float(np.mean([r["time"] if r["proven"] else 10 * r["limit"] for r in fit])),
                    "gap": float(np.mean([min(1, r["gap"]) for r in fit])),
                    "primal": float(np.mean([primal(r) for r in fit])),
                    "proven": float(np.mean([r["proven"] for r in fit])),
                }

    out = {"entries": {}, "summaries": {}, "profile": {}, "gaps": {}, "cactus": {}, "bands": {}, "cells": {}, "duels": []}
    for name, e in entries.items():
        out["entries"][name] = [str(e["best"]), str(e["bound"]), e["infeasible"]]
    out["outcomes"] = {r["id"]: r["outcome"] for r in records}
    for (label, name), c in cells.items():
        out["cells"][label + "\n" + name] = c
    for label in labels:
        own = [c for (l, _), c in cells.items() if l == label]
        feasible = [c for (l, name), c in cells.items() if l == label and not entries[name]["infeasible"]]
        mean = lambda key, of: float(np.mean([c[key] for c in of])) if of else MISSING
        out["summaries"][label] = {
            "time": shifted([c["time"] for c in own]) if own else MISSING,
            "used": shifted([c["used"] for c in own]) if own else MISSING,
            "par10": mean("par10", own), "gap": mean("gap", feasible), "primal": mean("primal", feasible),
        }
        runs = [r for r in records if r["label"] == label]
        out["cactus"][label] = sorted(r["time"] for r in runs if r["proven"])
        placed = [r for r in runs if not entries[r["instance"]["name"]]["infeasible"]]
        out["gaps"][label] = [sorted(r["gap"] for r in placed if r["solved"]), len(placed)]
        ratios = []
        for r in runs:
            if r["proven"]:
                rivals = [q["time"] for q in instances[r["instance"]["name"]] if q["seed"] == r["seed"] and q["proven"]]
                ratios.append(r["time"] / min(rivals))
        out["profile"][label] = [sorted(ratios), len(runs)]
        traces = [r for r in placed if r["outcome"] != "unfit"]
        if traces:
            out["bands"][label] = [list(np.quantile([gap_at(r, m) for r in traces], [0.25, 0.5, 0.75])) for m in moments]

    def signs(d):  # of all ways to give these ranks signs
        d = d[d != 0]
        ranks = [int(r) for r in 2 * st.rankdata(abs(d))]
        ways = {0: 1}
        for r in ranks:
            more = dict(ways)
            for s, w in ways.items():
                more[s + r] = more.get(s + r, 0) + w
            ways = more
        up = sum(r for r, x in zip(ranks, d) if x > 0)
        least = min(up, sum(ranks) - up)
        return min(1.0, 2 * sum(w for s, w in ways.items() if s <= least) / 2 ** len(d))

    def test(differences):
        d = np.array(differences)
        if len(d) == 0 or not d.any():
            return 1.0
        if np.count_nonzero(d) > 50:
            return float(st.wilcoxon(d, method="approx", correction=True).pvalue)
        if d.all() and len(set(abs(d))) == len(d):
            return float(st.wilcoxon(d, method="exact").pvalue)
        return signs(d)

    for a in labels:
        for b in labels:
            common = [n for n in sorted(instances) if (a, n) in cells and (b, n) in cells]
            if a >= b or not common:
                continue
            value = lambda label, key, names: np.array([cells[label, n][key] for n in names])
            feasible = [n for n in common if not entries[n]["infeasible"]]
            gaps = value(a, "gap", feasible) - value(b, "gap", feasible)
            out["duels"].append({
                "a": a, "b": b, "pairs": len(common),
                "ratio": shifted(value(a, "time", common)) / shifted(value(b, "time", common)),
                "usedratio": shifted(value(a, "used", common)) / shifted(value(b, "used", common)),
                "gap": float(np.mean(gaps)) if len(gaps) else MISSING,
                "ptime": test(np.log1p(value(a, "time", common)) - np.log1p(value(b, "time", common))),
                "pused": test(np.log1p(value(a, "used", common)) - np.log1p(value(b, "used", common))),
                "pgap": test(gaps),
            })
    return out


json.dump([study(c["records"], c["moments"]) for c in json.load(sys.stdin)], sys.stdout)
