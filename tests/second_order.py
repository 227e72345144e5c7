"""Random vector and matrix functions, and second derivatives of scalars: `python tests/second_order.py --count 2000 --of matrix`.

The Jacobian of each function is compared, entry by entry, with differences of its own NumPy value, columns stacked; the Hessian of
each scalar with differences of the emitted gradient, and with its own transpose.  Variables are vectors and matrices, for `--of
vector` vectors mostly.  Counted are right, wrong, refused, crashed and undecided, and how many of the answers are in matrix form,
with no index sum.  What is wrong or crashes is made smaller before it is told.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import campaign
from campaign import Outcome, Problem, alike, attempt, called, differences, has_simple_values, in_space, moves, reductions
from random_expressions import NAMES, SHAPE_OF, SIZES, Maker

from matcalc.core.expression import postorder
from matcalc.core.leaves import INDEX_SUM

TOLERANCE = 1e-6
ROUGH = 2e-4
SHAPES = {"vector": [("m",), ("n",), ("p",)], "matrix": [("m", "n"), ("n", "p"), ("m", "m"), ("n", "n")]}
DEPTHS = {"jacobian": (4, 5, 6), "hessian": (3, 4, 5)}


def problems(count: int, seed: int, of: str) -> Iterator[Problem]:
    """A function for its Jacobian and a scalar for its Hessian, in turn."""
    totals: dict[str, int] = {}
    for k in range(2 * count):
        maker = Maker(seed * 1_000_003 + k, made=totals)
        chance = maker.random
        verb = ("jacobian", "hessian")[k % 2]
        shape = chance.choice(SHAPES[of]) if verb == "jacobian" else ()
        properties: dict[str, str] = {}
        for name in chance.sample(sorted(NAMES), 4) if chance.random() < 0.2 else ():
            own = SHAPE_OF[name]
            if len(own) < 2 or own[0] == own[1]:
                maker.declare(name, chance.choice(campaign.PROPERTIES[len(own)]))
                properties[name] = maker.properties[name]
        tree = maker.expression(shape, chance.choice(DEPTHS[verb]), 4, 60 if verb == "jacobian" else 35)
        names = tree.names
        chance.shuffle(names)
        wanted = 2 if of == "matrix" else 1
        names.sort(key=lambda name: (len(SHAPE_OF[name]) != wanted and bool(SHAPE_OF[name]), not SHAPE_OF[name]))
        variable = next((name for name in names if moves(tree, name, maker)), names[0])
        by_text = chance.random() < 0.8 or any(t.form.by_text for t in tree.walk() if t.form)
        yield Problem(tree, variable, verb, properties, maker.data, by_text)


def compared(problem: Problem, result: Any) -> tuple[str, str]:
    """right, wrong or undecided, and why."""
    undecided = 0
    for i, sizes in enumerate(SIZES):
        data = problem.data[i]
        if not has_simple_values(problem.tree, i):
            undecided += 1
            continue
        found = np.asarray(called(result, data, sizes), dtype=float)
        wanted, rough = expected(problem, data, sizes)
        shape = (wanted.shape[0], wanted.shape[1]) if data_shape(problem, i) else np.shape(problem.tree.values[i])
        if found.size != wanted.size or found.shape not in (shape, tuple(s for s in shape if s != 1)):
            return "wrong", f"shape {found.shape}, not {shape}"
        found = found.reshape(wanted.shape, order="F")
        P = projector(data[problem.variable], problem.properties.get(problem.variable, ""))
        if problem.verb == "hessian" and np.linalg.norm(P @ (found - found.T) @ P) > 1e-7 * (1 + np.linalg.norm(found)):
            return "wrong", "it is not symmetric"
        found, wanted, rough = found @ P, wanted @ P, np.abs(rough)
        if problem.verb == "hessian":
            found, wanted = P @ found, P @ wanted
        scale = np.linalg.norm(wanted) + np.linalg.norm(found)
        floor = 1e-8 * max(1.0, max(float(np.max(np.abs(t.values[i]))) for t in problem.tree.walk()))
        doubt = 20 * float(np.max(rough, initial=0.0)) * max(1.0, float(np.sqrt(wanted.size)))
        error = float(np.linalg.norm(found - wanted))
        if not np.isfinite(error) or doubt > 1e-2 * scale + floor:
            undecided += 1
        elif error > TOLERANCE * scale + doubt + floor:
            return "wrong", f"differs by {error:.3g} of {scale / 2:.3g} at sizes {sizes}"
    return ("undecided", "the differences are too rough") if undecided == len(SIZES) else ("right", "")


def data_shape(problem: Problem, i: int) -> tuple[int, ...]:
    """The shape of the variable."""
    return np.shape(problem.data[i][problem.variable])


def expected(problem: Problem, data: dict[str, Any], sizes: dict[str, int]) -> tuple[Any, Any]:
    """∂vec F/∂(vec X)ᵀ by differences of the value of F, or of the emitted gradient; and how rough they are."""
    X = np.asarray(data[problem.variable], dtype=float)
    if problem.verb == "jacobian":
        found = differences(problem.tree, problem.variable, data, sizes)
        rows = problem.tree.values[SIZES.index(sizes)].size
    else:
        found = differences(Gradient(problem), problem.variable, data, sizes)
        rows = X.size
    axes = found[0].ndim - X.ndim
    order = [*range(axes)][::-1] + [*range(axes, axes + X.ndim)][::-1]
    return tuple(np.transpose(np.asarray(a), order).reshape(rows, X.size) for a in found)


GRADIENTS: dict[int, tuple[Problem, Any]] = {}


def gradient_of(problem: Problem) -> Any:
    """The gradient of the scalar of a problem, asked once."""
    known = GRADIENTS.get(id(problem))
    if known is None:
        GRADIENTS.clear()
        known = GRADIENTS[id(problem)] = (problem, replace(problem, verb="grad").ask())
    return known[1]


@dataclass
class Gradient:
    """The emitted gradient, with the manners of a tree."""

    problem: Problem

    def about(self, name: str, point: int) -> Callable[[Any], Any]:
        """The gradient at a point as a function of one variable."""
        function = gradient_of(self.problem).function("numpy")
        known: dict[str, Any] = {**SIZES[point], **self.problem.data[point]}
        given = {n: float(v) if np.ndim(v) == 0 and n not in SIZES[point] else v for n, v in known.items()}
        wanted = inspect.signature(function).parameters
        return lambda value: function(**{n: v for n, v in {**given, name: value}.items() if n in wanted})


def projector(X: Any, word: str) -> Any:
    """The matrix that takes vec E to that of its part in the space of a structure."""
    X = np.asarray(X, dtype=float)
    columns = []
    for k in range(X.size):
        E = np.zeros(X.size)
        E[k] = 1.0
        columns.append(in_space(E.reshape(X.shape, order="F"), word).ravel(order="F"))
    return np.stack(columns, 1)


def smaller(problem: Problem, outcome: Outcome) -> Problem:
    """A problem with the same outcome and fewer parts."""
    tries, again = 0, True
    while again and tries < 200:
        again = False
        for tree in sorted(reductions(problem.tree, problem.data), key=lambda t: t.size):
            if tree.shape != problem.tree.shape or tree.size >= problem.tree.size or problem.variable not in tree.names:
                continue
            tries += 1
            candidate = replace(problem, tree=tree)
            if alike(attempt(candidate, compared), outcome):
                problem, again = candidate, True
                break
            if tries >= 200:
                break
    return problem


@dataclass
class Report:
    """The figures, for each verb."""

    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: {"jacobian": Counter(), "hessian": Counter()})
    formed: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    found: list[dict[str, Any]] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """How many answers are wrong, or none."""
        return sum(c["wrong"] + c["crashed"] for c in self.outcomes.values())

    def part_in_matrix_form(self, verb: str) -> float:
        return self.formed[verb] / max(1, self.outcomes[verb].total())

    def __str__(self) -> str:
        rows = []
        for verb, counts in self.outcomes.items():
            told = ", ".join(f"{v} {k}" for k, v in sorted(counts.items()))
            rows.append(f"{counts.total()} of {verb}: {told}; {self.part_in_matrix_form(verb):.1%} answered in matrix form")
        ranked = sorted(self.seconds)
        rows.append(f"time: median {1e3 * ranked[len(ranked) // 2]:.0f} ms, longest {ranked[-1]:.2f} s, all {sum(ranked):.0f} s")
        rows += [f"refused {v}: {k}" for k, v in self.refusals.most_common()]
        return "\n".join(rows)


def run(count: int, seed: int, of: str, *, shrink: bool = True, tell: Any = None) -> Report:
    """The campaign: as many Jacobians, and as many Hessians."""
    report = Report()
    for k, problem in enumerate(problems(count, seed, of)):
        values: list[Any] = []

        def judged(problem: Problem, result: Any, values: list[Any] = values) -> tuple[str, str]:
            values.append(result.value)
            return compared(problem, result)

        outcome = attempt(problem, judged)
        report.outcomes[problem.verb][outcome.kind] += 1
        report.seconds.append(outcome.seconds)
        report.formed[problem.verb] += bool(values) and not any(e.op is INDEX_SUM for e in postorder(values[0]))
        if outcome.kind == "refused":
            report.refusals[f"{problem.verb}: {outcome.why}"[:160]] += 1
        if outcome.kind in ("wrong", "crashed"):
            small = smaller(problem, outcome) if shrink else problem
            why = attempt(small, compared).why if small is not problem else outcome.why
            source = {"seed": seed, "number": k, "first": problem.tree.text()}
            report.found.append({"outcome": outcome.kind, "why": why, **small.told(), **source})
            if tell is not None:
                tell(report.found[-1])
    return report


def main() -> int:
    if "OPENBLAS_NUM_THREADS" not in os.environ:
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--of", default="vector", choices=tuple(SHAPES))
    parser.add_argument("--no-shrink", action="store_true")
    options = parser.parse_args()
    report = run(
        options.count, options.seed, options.of, shrink=not options.no_shrink,
        tell=lambda found: print(json.dumps(found, ensure_ascii=False), flush=True),
    )  # fmt: skip
    print(report)
    return 1 if report.bad or report.part_in_matrix_form("jacobian") < 0.95 else 0


if __name__ == "__main__":
    sys.exit(main())
