"""Random expressions against derivatives found in another way: `python tests/campaign.py --count 2000 --seed 0`.

Each expression is differentiated (a scalar by `grad`, a column sometimes by `jacobian`, anything else by `pullback`), from text
or from Python objects.  The emitted NumPy function is run at two points of distinct sizes and compared, entry by entry, with
differences of the expression's own NumPy value, which nothing of matcalc computes.  Counted are: right, wrong, refused (an
honest error), crashed (an exception that is none of ours, a failed check of ours, or more than the time), undecided (the
differences themselves are too rough).  A wrong answer or a crash is made smaller before it is told.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import signal
import statistics
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import random_expressions as made
from random_expressions import SHAPE_OF, SIZES, Maker, Tree, sized

import matcalc as mc
from matcalc.core.leaves import size_number
from matcalc.core.operation import OPERATIONS, Kind

SECONDS = 15
"""More than this of the processor for one expression is a crash."""
TOLERANCE = 1e-6
EXTENTS = {"small": ((3, 3, 4), 5, 24), "large": ((6, 7, 8), 9, 90)}
"""Of expressions: how deep they are made, and the fewest and most nodes."""
DIRECTIONS = 2
"""At each point."""
ZERO = "it is 0"
PROPERTIES = {2: ("symmetric", "pd", "diagonal", "skew"), 1: ("positive",), 0: ("positive",)}


@dataclass(frozen=True)
class Problem:
    """What to differentiate, with respect to what, and how to ask."""

    tree: Tree
    variable: str
    verb: str
    properties: dict[str, str]
    data: tuple[dict[str, Any], ...]
    by_text: bool = True

    def told(self) -> dict[str, Any]:
        """As a line of a file of cases."""
        names = sorted({*self.tree.names, self.variable})
        return {
            "verb": self.verb, "expr": self.tree.text(), "wrt": self.variable, "by_text": self.by_text,
            "where": made.where(names, self.properties),
        }  # fmt: skip

    def ask(self) -> Any:
        """The result."""
        told = self.told()
        if self.by_text:
            return getattr(mc, self.verb)(told["expr"], self.variable, where=told["where"])
        symbols = {name: symbol(name, self.properties.get(name, "")) for name in {*self.tree.names, self.variable}}
        return getattr(mc, self.verb)(self.tree.objects(symbols, size_numbers()), symbols[self.variable])


def symbol(name: str, properties: str) -> Any:
    shape = SHAPE_OF[name]
    make = (mc.scalar, mc.vector, mc.matrix)[len(shape)]
    return make(name, *map(sized, shape), properties=properties)


def size_numbers() -> dict[str, Any]:
    return {s: size_number(s) for s in "mnp"}


@dataclass
class Outcome:
    """What became of a problem."""

    kind: str
    why: str = ""
    seconds: float = 0.0
    unchecked: bool = False


class OutOfTimeError(Exception):
    """The time for one expression is over."""


def attempt(problem: Problem, compare: Any = None) -> Outcome:
    """Ask, print, run, compare: with differences, unless something else is given."""
    start = time.process_time()
    try:
        result, written = in_time(problem)
    except OutOfTimeError:
        return Outcome("crashed", f"more than {SECONDS} s", SECONDS)
    except mc.MatcalcError as error:
        kind = "crashed" if error.code == "bug" else "refused"
        return Outcome(kind, f"{error.code}: {error.message}", time.process_time() - start)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
        return Outcome("crashed", what[:300], time.process_time() - start)
    seconds = time.process_time() - start
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            kind, why = (compare or compared)(problem, result)
    except Exception as error:
        return Outcome("crashed", f"the emitted function: {type(error).__name__}: {error}"[:300], seconds)
    return Outcome(kind, why or "", seconds, "not checked" in written)


def in_time(problem: Problem) -> tuple[Any, str]:
    """The result and everything that can be printed of it, within the time."""

    def stop(*_: object) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        result = problem.ask()
        written = str(result)
        assert result.pretty() and result.latex() and result.text()
        return result, written
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def compared(problem: Problem, result: Any) -> tuple[str, str]:
    """right, wrong or undecided, and why: along random directions, and entry by entry where those do not agree."""
    if not all(has_simple_values(problem.tree, i) for i in range(len(SIZES))):
        return "undecided", "values that are not simple at the points"
    if not all(has_clear_signs(problem.tree, i) for i in range(len(SIZES))):
        return "undecided", "signs that rounding decides"
    return along_directions(problem, result) or entry_by_entry(problem, result)


SPECTRAL = {"eigvals", "eigvecs", "eigmax", "eigmin", "top_eigvec", "bottom_eigvec", "spectral_norm", "top_dyad", "svdvals", "svd_left", "svd_right", "polar", "nuclear_norm"}
APART = 1e-3
CLEAR = 1e-9


def has_simple_values(tree: Any, point: int) -> bool:
    """Whether eigenvalues and singular values are simple, and singular values not 0, where they are taken: else there is no derivative."""
    for t in tree.walk():
        if t.form is None or t.form.op not in SPECTRAL:
            continue
        X = np.asarray(t.args[0].values[point], dtype=float)
        values = np.sort(np.append(np.linalg.svd(X)[1], 0) if "eig" not in t.form.op else np.real(np.linalg.eigvals(X)))
        if len(values) > 1 and np.min(np.diff(values)) < APART * np.max(np.abs(values)):
            return False
    return True


BENT = {o.name: o.kind is Kind.ELEMENTWISE for o in OPERATIONS.values() if any(d.kind == "kink" for d in o.domain)}
"""Operations with kinks, and whether they go entry by entry."""


def has_clear_signs(tree: Any, point: int) -> bool:
    """Whether what is compared, with 0 or with each other, is equal or differs by more than rounding: x x⁻¹ is no 1 where 1 > x x⁻¹ is asked."""
    return not any(np.any((apart > 0) & (apart < CLEAR)) for apart in compared_numbers(tree, point))


def compared_numbers(tree: Any, point: int) -> Iterator[Any]:
    """How far apart is what the operations with kinks compare: their arguments with 0 and each other, or entries with each other."""
    for t in tree.walk():
        if t.form is None or t.form.op not in BENT:
            continue
        values = [np.asarray(a.values[point], dtype=float) for a in t.args]
        if BENT[t.form.op]:
            yield from (np.abs(a - b) for k, a in enumerate(values) for b in (0.0, *values[:k]))
        else:
            yield from (np.diff(np.sort(np.ravel(a))) for a in values)


def along_directions(problem: Problem, result: Any) -> tuple[str, str] | None:
    """right, where the derivative along random directions is what the differences say; None where that shows nothing.

    A wrong answer is right along a random direction with probability 0, and there are a few of them instead of one an entry.
    """
    largest = 0.0
    word = problem.properties.get(problem.variable, "")
    for i, sizes in enumerate(SIZES):
        data, chance = problem.data[i], np.random.default_rng(i)
        value = problem.tree.values[i]
        G = chance.uniform(-1, 1, value.shape)
        found = np.asarray(called(result, {**data, "G": G}, sizes), dtype=float)
        X = np.asarray(data[problem.variable], dtype=float)
        expected = (*value.shape, *X.shape) if problem.verb == "jacobian" else X.shape
        if found.shape != expected or not np.all(np.isfinite(found)):
            return None
        if problem.verb != "jacobian" and np.max(np.abs(found - in_space(found, word))) > 1e-12 * (1 + np.max(np.abs(found))):
            return None
        for _ in range(DIRECTIONS):
            D = np.round(in_space(chance.uniform(-1, 1, X.shape), word), 3)
            wanted, rough = slope(problem, i, D)
            rate = np.tensordot(found, D, D.ndim)
            if problem.verb == "pullback":
                wanted, rough = (np.sum(G * a) for a in (wanted, rough))
            scale = float(np.linalg.norm(wanted) + np.linalg.norm(rate))
            # A part of a sum whose whole is small is as good as the differences are.
            if not np.linalg.norm(rate - wanted) <= 0.1 * TOLERANCE * scale + 1e-10 or np.max(np.abs(rough)) > 1e-4 * scale + 1e-10:
                return None
            largest = max(largest, scale)
    return "right", "" if largest > 1e-9 else ZERO


def slope(problem: Problem, i: int, D: Any) -> tuple[Any, Any]:
    """dF along D at a point by differences of fourth order, and how much it changes when the step is halved."""
    tree, X = problem.tree, np.asarray(problem.data[i][problem.variable], dtype=float)
    run = tree.about(problem.variable, i)
    slopes = []
    for h in (2e-3, 1e-3):
        a, b, c, d = (np.asarray(run(X + k * h * D), dtype=float) for k in (-2, -1, 1, 2))
        slopes.append((a - 8 * b + 8 * c - d) / (12 * h))
    return slopes[1], np.abs(slopes[1] - slopes[0])


def entry_by_entry(problem: Problem, result: Any) -> tuple[str, str]:
    """right, wrong or undecided, by each entry of the derivative."""
    undecided, largest = 0, 0.0
    for i, sizes in enumerate(SIZES):
        data = problem.data[i]
        wanted, rough = differences(problem.tree, problem.variable, data, sizes)
        if problem.verb == "pullback":
            G = np.random.default_rng(i).uniform(-1, 1, problem.tree.values[i].shape)
            wanted, rough = (np.tensordot(G, a, G.ndim) for a in (wanted, rough))
        else:
            G = None
        found = np.asarray(called(result, {**data, "G": G}, sizes), dtype=float)
        word = problem.properties.get(problem.variable, "")
        if problem.verb != "jacobian":
            wanted = in_space(wanted, word)
        if found.shape != wanted.shape:
            return "wrong", f"shape {found.shape}, not {wanted.shape}"
        scale = np.linalg.norm(wanted) + np.linalg.norm(found)
        floor = 1e-9 * max(1.0, max(float(np.max(np.abs(t.values[i]))) for t in problem.tree.walk()))
        doubt = 20 * float(np.max(np.abs(rough)))
        error = float(np.linalg.norm(found - wanted))
        largest = max(largest, scale)
        if not np.isfinite(error) or doubt > 1e-3 * scale + floor:
            undecided += 1
        elif error > TOLERANCE * scale + doubt + floor and any(np.any(c == 0) for c in compared_numbers(problem.tree, i)):
            undecided += 1  # at a kink
        elif error > TOLERANCE * scale + doubt + floor:
            return "wrong", f"differs by {error:.3g} of {scale / 2:.3g} at sizes {sizes}"
    if undecided == len(SIZES):
        return "undecided", "the differences are too rough"
    return "right", "" if largest else ZERO


def called(result: Any, data: dict[str, Any], sizes: dict[str, int]) -> Any:
    """The emitted function at a point."""
    function = result.function("numpy")
    given = {}
    for name in inspect.signature(function).parameters:
        value = data[name] if name in data else sizes[name]
        given[name] = float(value) if np.ndim(value) == 0 and name in data else value
    return function(**given)


def differences(tree: Tree, variable: str, data: dict[str, Any], sizes: dict[str, int]) -> tuple[Any, Any]:
    """∂F[i…]/∂X[j…] by differences of fourth order, and how much they change when the step is halved."""
    X = np.asarray(data[variable], dtype=float)
    run = tree.about(variable, SIZES.index(sizes))
    still = np.asarray(run(X), dtype=float)
    columns, doubts = [], []
    for at in np.ndindex(X.shape):
        slopes, bends = [], []
        for h in (2e-3, 1e-3):
            values = []
            for k in (-2, -1, 1, 2):
                moved = X.copy()
                moved[at] += k * h
                values.append(np.asarray(run(moved), dtype=float))
            slopes.append((values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h))
            bends.append(np.abs(values[1] - 2 * still + values[2]) / h)
        columns.append(slopes[1])
        # Before and behind a kink the slopes differ by as much, however short the step.
        kink = np.where(bends[1] > 0.7 * bends[0], np.maximum(bends[1] - 1e-9, 0), 0)
        doubts.append(np.abs(slopes[1] - slopes[0]) + kink)
    shape = (*X.shape, *columns[0].shape)
    last = tuple(range(X.ndim, len(shape))) + tuple(range(X.ndim))
    return tuple(np.stack(c).reshape(shape).transpose(last) if X.ndim else c[0] for c in (columns, doubts))


def in_space(g: Any, word: str) -> Any:
    """The part of a gradient that lies in the space of the variable's structure."""
    match word:
        case "symmetric" | "pd":
            return (g + g.T) / 2
        case "skew":
            return (g - g.T) / 2
        case "diagonal":
            return np.diag(np.diag(g))
    return g


# ---- problems -----------------------------------------------------------------------------------------------------------------


def problems(count: int, seed: int, only: frozenset[str] = frozenset(), size: str = "large") -> Iterator[Problem]:
    """Typed random problems; each operation of the language at least once in twenty."""
    depths, least, most = EXTENTS[size]
    totals: dict[str, int] = {}
    for k in range(count):
        maker = Maker(seed * 1_000_003 + k, made=totals, only=only)
        chance = maker.random
        properties: dict[str, str] = {}
        for name in chance.sample(sorted(made.NAMES), 4) if chance.random() < 0.3 else ():
            shape = SHAPE_OF[name]
            if len(shape) < 2 or shape[0] == shape[1]:
                maker.declare(name, chance.choice(PROPERTIES[len(shape)]))
                properties[name] = maker.properties[name]
        shape = chance.choice([(), (), (), (), ("m",), ("n",), ("m", "n"), ("p", "n"), ("m", "m")])
        tree = maker.expression(shape, chance.choice(depths), least, most)
        names = tree.names
        chance.shuffle(names)
        variable = next((name for name in names if moves(tree, name, maker)), names[0])
        if chance.random() < 0.03:
            variable = chance.choice(sorted(made.NAMES))
        if not shape:
            verb = "grad"
        else:
            columns = len(shape) == 1 and len(SHAPE_OF[variable]) < 2
            verb = "jacobian" if columns and chance.random() < 0.6 else "pullback"
        by_text = chance.random() < 0.8 or any(t.form.by_text for t in tree.walk() if t.form)
        yield Problem(tree, variable, verb, properties, maker.data, by_text)


def moves(tree: Tree, name: str, maker: Maker) -> bool:
    """Whether the expression changes when the variable does: its derivative is not 0 at the first point."""
    data = maker.data[0]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = tree.value({**data, name: data[name] + 1e-5}, SIZES[0])
    return bool(np.max(np.abs(value - tree.values[0])) > 1e-12)


# ---- smaller ------------------------------------------------------------------------------------------------------------------


def smaller(problem: Problem, outcome: Outcome) -> Problem:
    """A problem with the same outcome, made small by putting parts or variables in place of wholes."""
    tries = 0
    again = True
    while again and tries < 400:
        again = False
        for tree in sorted(reductions(problem.tree, problem.data), key=lambda t: t.size):
            if tree.size >= problem.tree.size or not tree.names:
                continue
            tries += 1
            if problem.variable not in tree.names and problem.variable in problem.tree.names:
                continue
            verb = problem.verb if tree.shape == problem.tree.shape else "grad" if not tree.shape else "pullback"
            candidate = Problem(tree, problem.variable, verb, problem.properties, problem.data, problem.by_text)
            if alike(attempt(candidate), outcome):
                problem, again = candidate, True
                break
            if tries >= 400:
                break
    return problem


def alike(a: Outcome, b: Outcome) -> bool:
    """Whether two outcomes have one cause, as far as their words tell."""
    return a.kind == b.kind and (a.kind == "wrong" or a.why.split("(")[0][:60] == b.why.split("(")[0][:60])


def reductions(tree: Tree, data: tuple[dict[str, Any], ...]) -> Iterator[Tree]:
    """Trees with one part less."""
    yield from tree.args
    for k, a in enumerate(tree.args):
        same = [t for t in a.walk() if t is not a and t.shape == a.shape]
        leaves = [leaf(a, name, data) for name in made.VARIABLES.get(a.shape, "")] if a.form is not None else []
        for other in [*same, *leaves, *reductions(a, data)]:
            if other.shape != a.shape:
                continue
            new = made.applied(tree.form, *tree.args[:k], other, *tree.args[k + 1 :]) if tree.form is not None else None
            if new is not None:
                yield new


def leaf(like: Tree, name: str, data: tuple[dict[str, Any], ...]) -> Tree:
    return Tree(like.shape, tuple(np.asarray(d[name]) for d in data), leaf=name)


# ---- the campaign -------------------------------------------------------------------------------------------------------------


@dataclass
class Report:
    """The figures."""

    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    verbs: Counter[str] = field(default_factory=Counter)
    nodes: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    unchecked: int = 0
    zero: int = 0
    found: list[dict[str, Any]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.outcomes.total()

    @property
    def answered(self) -> float:
        """The part that got an answer."""
        return (self.outcomes["right"] + self.outcomes["undecided"]) / max(1, self.count)

    def enter(self, problem: Problem, outcome: Outcome) -> None:
        self.outcomes[outcome.kind] += 1
        self.verbs[problem.verb] += 1
        self.operations.update({t.form.op for t in problem.tree.walk() if t.form is not None})
        self.nodes.append(problem.tree.size)
        self.seconds.append(outcome.seconds)
        self.unchecked += outcome.unchecked
        self.zero += outcome.why == ZERO
        if outcome.kind == "refused":
            self.refusals[outcome.why] += 1

    def __str__(self) -> str:
        ranked = sorted(self.seconds)
        lines = [
            f"{self.count} expressions: {', '.join(f'{v} {k}' for k, v in sorted(self.outcomes.items()))}; {self.answered:.1%} answered",
            f"asked: {dict(self.verbs)}; answered without a check: {self.unchecked}; derivative 0 at the points: {self.zero}",
            f"nodes: median {statistics.median(self.nodes):.0f}, largest {max(self.nodes)}",
            f"time: median {1e3 * statistics.median(ranked):.0f} ms, "
            f"99 of 100 within {1e3 * ranked[int(0.99 * (len(ranked) - 1))]:.0f} ms, longest {ranked[-1]:.2f} s, all {sum(ranked):.0f} s",
            "expressions with each operation: " + ", ".join(f"{k} {v}" for k, v in sorted(self.operations.items(), key=lambda kv: kv[1])),
            *(f"refused {v}: {k}" for k, v in self.refusals.most_common()),
            *(f"{v} times: {k}" for k, v in Counter(f"{f['outcome']}: {f['why'][:90]}" for f in self.found).most_common()),
        ]
        return "\n".join(lines)


def run(count: int, seed: int, *, only: frozenset[str] = frozenset(), size: str = "large", shrink: bool = True, tell: Any = None) -> Report:
    """The campaign."""
    report = Report()
    for k, problem in enumerate(problems(count, seed, only, size)):
        outcome = attempt(problem)
        report.enter(problem, outcome)
        if outcome.kind in ("wrong", "crashed"):
            small = smaller(problem, outcome) if shrink else problem
            why = attempt(small).why if small is not problem else outcome.why
            source = {"seed": seed, "number": k, "first": problem.tree.text()}
            report.found.append({"outcome": outcome.kind, "why": why, **small.told(), **source})
            if tell is not None:
                tell(report.found[-1])
    return report


def main() -> int:
    if "OPENBLAS_NUM_THREADS" not in os.environ:  # threads for 5×5 matrices cost a hundred times what they save
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="operations, with commas between; all where it is left out")
    parser.add_argument("--size", choices=list(EXTENTS), default="large", help="of the expressions")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--out", help="a file for what was found, one JSON object a line")
    options = parser.parse_args()

    def tell(found: dict[str, Any]) -> None:
        line = json.dumps(found, ensure_ascii=False)
        print(line, flush=True)
        if options.out:
            with open(options.out, "a", encoding="utf-8") as out:
                out.write(line + "\n")

    only = frozenset(filter(None, options.only.split(",")))
    report = run(options.count, options.seed, only=only, size=options.size, shrink=not options.no_shrink, tell=tell)
    print(report)
    return 1 if report.outcomes["wrong"] or report.outcomes["crashed"] or report.answered < 0.98 else 0


if __name__ == "__main__":
    sys.exit(main())
