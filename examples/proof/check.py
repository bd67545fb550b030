#!/usr/bin/env python3
"""Follows a proof of berth without berth.

    berth solve shop.yaml --proof shop.proof --output answer.json
    berth encode shop.yaml --to lp --proof shop.proof --output shop.lp
    python3 check.py shop.lp shop.proof

It reads the program as berth encode writes it and the proof, knows nothing of placements,
and counts in whole numbers and fractions. It is slow, and short enough to be believed.
"""

import re
import sys
from fractions import Fraction


class Program:
    """Costs by variable, and rows (terms, sense, right side) by name."""

    def __init__(self, text):
        scale = re.search(r"^\\ cost = (\S+) · objective \+ (\S+)$", text, re.M)
        self.unit, self.zero = Fraction(scale[1]), Fraction(scale[2])
        self.workflow = text.startswith("\\ workflow ")
        text = re.sub(r"^\\.*$", "", text, flags=re.M)
        objective, rows = re.search(r"obj:(.*)Subject To(.*)Binaries", text, re.S).groups()
        self.cost = terms(objective)
        self.rows = {}
        for name, left, sense, right in re.findall(r"(r\d+):([^<>=]*)(<=|>=|=)\s*(-?\d+)", rows):
            self.rows[name] = (terms(left), sense, int(right))


def terms(text):
    return {x: int(a) for a, x in re.findall(r"([+-]\d+) (x\d+)", text)}


def pairs(words):
    return [(name, int(n)) for name, n in (w.split(":") for w in words)]


class Part:
    """What is fixed, and whether nothing of interest is left."""

    def __init__(self, program, below):
        self.program, self.value, self.cuts, self.closed = program, {}, {}, False
        self.rows = list(program.rows.values())
        if below is not None:  # the limit on the cost is a row
            most = -((-(below - program.zero)) // program.unit) - 1
            self.rows.append((program.cost, "<=", most))

    def copy(self):
        twin = object.__new__(Part)
        twin.__dict__ = dict(self.__dict__, value=dict(self.value), cuts=dict(self.cuts), rows=list(self.rows))
        return twin

    def propagate(self):
        changed = True
        while changed and not self.closed:
            changed = False
            for left, sense, right in self.rows:
                for sign in {"<=": [1], ">=": [-1], "=": [1, -1]}[sense]:
                    free = {x: sign * a for x, a in left.items() if x not in self.value}
                    room = sign * right - sum(sign * a * self.value[x] for x, a in left.items() if x in self.value)
                    room -= sum(min(a, 0) for a in free.values())
                    if room < 0:
                        self.closed = True
                        return
                    for x, a in free.items():
                        if abs(a) > room:
                            self.value[x] = 0 if a > 0 else 1
                            changed = True

    def row(self, name):
        return self.cuts[name] if name in self.cuts else self.program.rows[name]

    def cut(self, right, left, sources):
        weight, capacity = {}, 0
        for name, by in sources:
            terms, sense, side = self.row(name)
            assert sense == "=" or (by >= 0) == (sense == "<="), f"the sign of {name}"
            capacity += by * side
            for x, a in terms.items():
                weight[x] = weight.get(x, 0) + by * a
        before, limit, items = capacity, right, []
        for x in set(weight) | set(left):
            w, a = weight.get(x, 0), left.get(x, 0)
            if x in self.value:
                capacity, limit = capacity - w * self.value[x], limit - a * self.value[x]
                continue
            if w < 0:  # count from x = 1
                capacity, limit, w, a = capacity - w, limit - a, -w, -a
            if a > 0:
                items.append((a, w))
        least = {0: 0}  # weight by value, what is beyond the limit counting as one
        for a, w in items:
            for v, sum_ in list(least.items()):
                v = min(v + a, limit + 1)
                least[v] = min(least.get(v, sum_ + w), sum_ + w)
        times = [Fraction(w, left[x]) if left.get(x) else 0 for x, w in weight.items() if w or x in left]
        the_sum = times and min(times) == max(times) > 0 and right >= before // times[0] and set(left) <= set(weight)
        if capacity >= 0 and not the_sum:
            assert limit >= 0 and least.get(limit + 1, capacity + 1) > capacity, "the cut does not follow"
        self.cuts[f"c{len(self.cuts) + 1}"] = (left, "<=", right)

    def price(self, denominator, rows, within, bound, below):
        reduced = {x: denominator * c for x, c in self.program.cost.items()}
        base = 0
        for name, y in rows:
            left, sense, right = self.row(name)
            assert sense == "=" or (y >= 0) == (sense == ">="), f"the sign of {name}"
            base += y * right
            for x, a in left.items():
                reduced[x] = reduced.get(x, 0) - y * a
        kept = [self.row(name) for name in within]
        of = {x: k for k, (left, _, _) in enumerate(kept) for x in left}
        assert len(of) == sum(len(left) for left, _, _ in kept), "a variable is in two rows that are kept"

        def past(sum_, limit):
            if denominator == 0:
                return sum_ > 0
            cost = -(-sum_ // denominator)  # a whole number of steps
            return limit is not None and self.program.zero + self.program.unit * cost >= limit

        again = True
        while again:  # what is fixed makes kept rows dearer, and that fixes more
            on = {x: max(d, 0) for x, d in reduced.items() if x not in self.value}
            off = {x: max(-reduced[x], 0) for x in on}
            total = base + sum(d * self.value[x] if x in self.value else min(d, 0) * (x not in of) for x, d in reduced.items())
            for left, sense, right in kept:
                assert sense != "=", "an equation cannot be kept"
                sign = 1 if sense == "<=" else -1
                room = sign * (right - sum(a * self.value[x] for x, a in left.items() if x in self.value))
                items = []
                for x, a in left.items():
                    d, a = reduced.get(x, 0), sign * a
                    if x not in self.value:
                        items.append((x, abs(a), d if a > 0 else -d, a < 0))
                        room += max(-a, 0)
                        total += d if a < 0 else 0
                if room < 0:
                    self.closed = True
                    return
                total += knapsack(items, room, on, off)
            self.closed = past(total, bound)
            if self.closed:
                return
            before = len(self.value)
            for x in on:
                if past(total + on[x], below):
                    self.value[x] = 0
                elif past(total + off[x], below):
                    self.value[x] = 1
            for name, _ in rows:
                self.one_of(self.row(name), of, on, off, lambda rise: past(total + rise, below))
            again = bool(kept) and len(self.value) > before
            self.propagate()
            if self.closed:
                return

    def one_of(self, row, of, on, off, dear):
        """Where just one free variable of a row is 1, the others are 0, which adds up if all are in different rows."""
        left, sense, right = row
        free = [x for x in left if x not in self.value]
        groups = [of[x] for x in free if x in of]
        right -= sum(a * self.value[x] for x, a in left.items() if x in self.value)
        if sense == "=" and right == 1 and set(left.values()) == {1} and len(groups) == len(set(groups)):
            leave = sum(off[x] for x in free)
            for x in free:
                if dear(leave - off[x] + on[x]):
                    self.value[x] = 0


def knapsack(items, room, on, off):
    """The least that fits, and what it rises by with a variable on, or off. Turned ones are in when off."""
    inside = [item for item in items if item[2] < 0]

    def table(list_):
        rows = [[0] * (room + 1)]
        for _, w, d, _ in list_:
            last = rows[-1]
            rows.append([min(last[r], last[r - w] + d) if r >= w else last[r] for r in range(room + 1)])
        return rows

    ahead, behind = table(inside), table(inside[::-1])[::-1]
    best = ahead[-1][room]
    for item in items:
        x, w, d, turned = item
        k = inside.index(item) if d < 0 else len(inside)
        rest = behind[k + 1] if d < 0 else [0] * (room + 1)
        without = lambda r: min(map(sum, zip(ahead[k][: r + 1], rest[r::-1])))
        rise_out = without(room) - best
        rise_in = d + without(room - w) - best if w <= room else 10**30
        on[x], off[x] = (rise_out, rise_in) if turned else (rise_in, rise_out)
    return best


def check(program, lines):
    begin = 1 + next(k for k, line in enumerate(lines) if line.startswith("below "))
    heads = dict(line.split(maxsplit=1) for line in lines[1:begin])
    number = lambda word: None if word == "none" else Fraction(word)
    bound, below = number(heads["bound"]), number(heads["below"])
    assert lines[0] == "berth proof 1" and lines[-1] == "qed", "cut off"
    assert below is None or (bound is not None and bound <= below), "too much is left out"
    part, halves = Part(program, below), []
    part.closed = program.workflow and bound is not None and bound <= 0  # no makespan is below 0
    part.propagate()
    for line in lines[begin:-1]:
        word, *rest = line.split()
        if word == "branch":
            x, v = rest[0].split("=")
            v = int(v)
            halves.append((part.copy(), x, v, False))
        elif word in ("else", "end"):
            assert part.closed, "a half is left open"
            part, x, v, turned = halves.pop()
            assert turned == (word == "end"), "else or end out of place"
            if word == "end":
                part.closed = True
                continue
            halves.append((part.copy(), x, v, True))
            v = 1 - v
        if word in ("branch", "else"):
            part.closed = part.closed or part.value.get(x, v) != v
            part.value.setdefault(x, v)
            part.propagate()
        elif part.closed:
            continue
        elif word == "learn":
            literals = [(x, int(v)) for x, v in (w.split("=") for w in rest)]
            trial = part.copy()
            trial.closed = any(trial.value.setdefault(x, 1 - v) == v for x, v in literals)
            trial.propagate()
            assert trial.closed and not halves, "learned from nothing"
            left = {x: 1 if v else -1 for x, v in literals}
            part.rows.append((left, ">=", 1 - sum(1 - v for x, v in literals)))
            part.propagate()
        elif word == "cut":
            at = rest.index("from")
            part.cut(int(rest[0]), dict(pairs(rest[1:at])), pairs(rest[at + 1 :]))
        elif word == "price":
            at = rest.index("within") if "within" in rest else len(rest)
            part.price(int(rest[0]), pairs(rest[1:at]), rest[at + 1 :], bound, below)
        else:
            raise AssertionError(word)
    assert part.closed and not halves, "something is left open"
    return heads["bound"]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        program = Program(file.read())
    with open(sys.argv[2], encoding="utf-8") as file:
        bound = check(program, file.read().splitlines())
    print("nothing is feasible" if bound == "none" else f"nothing costs less than {bound}")
