"""A campaign of random index terms: products of factors of order two at most, summed over some indices, written as matrix algebra.

`python -m tests.index_terms --count 10000` compares the NumPy code of each matrix form with numpy.einsum over the factors, and looks at each
term that keeps a sum or a stack: its graph (indices as vertices, factors as edges, an edge between the free indices) must have treewidth
above two, and the reason must be given.
"""

from __future__ import annotations

import argparse
import inspect
import random
import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcalc.answers.leftsums import reasons
from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import free
from matcalc.core.leaves import INDEX_SUM, symbols
from matcalc.emit.numpy import function, function_source
from matcalc.engine.matrixform import matrix_form
from matcalc.syntax import read, text

SIZES = {"n": 4, "si": 2, "sj": 3, "sk": 5, "sp": 6, "sq": 7, "sr": 3}


@dataclass(frozen=True)
class Term:
    """A term as a text, with its declarations, its factors for einsum, and the edges of its graph."""

    text: str
    where: str
    kept: str
    factors: tuple[tuple[str, str, str], ...]
    """Of each factor the name of its array, its function and its letters."""
    edges: frozenset[frozenset[str]]


FORMS = {"": "{0}[{1}]", "exp": "exp({0}[{1}])", "square": "{0}[{1}]**2", "abs": "abs({0})[{1}]", "T": "{0}.T[{2}]"}
MEANT = {"": lambda a: a, "exp": np.exp, "square": np.square, "abs": np.abs, "T": lambda a: a}


def random_term(seed: int) -> Term:
    """Factors that hold all of one to six indices, none, one or two of them free."""
    draw = random.Random(seed)
    names = "ijkpqr"[: draw.choice((1, 2, 2, 3, 3, 3, 4, 4, 5, 6))]
    kept = draw.sample(names, min(len(names), draw.choice((0, 0, 1, 2))))
    letters = iter("ABCDEFGHLMNOPQRSTUVW")
    size = {c: draw.choice(("n", "n", f"s{c}")) for c in names}
    factors: list[tuple[str, str, str]] = []
    where = []
    for i in names:
        if draw.random() < 0.35:
            name = draw.choice("xyz") + size[i]
            where.append(f"{name}: {size[i]}")
            factors.append((name, draw.choice(("", "", "exp", "square")), i))
        else:
            factors.append((next(letters), draw.choice(("", "", "abs", "T")), i + draw.choice(names)))
    for _ in range(draw.choice((0, 1, 1, 2, 3, 4)) if len(names) > 1 else 0):
        factors.append((next(letters), draw.choice(("", "", "abs", "T")), "".join(draw.choices(names, k=2))))
    where += [f"{name}: ({', '.join(size[c] for c in word)})" for name, _, word in factors if len(word) == 2]
    body = "*".join(FORMS[how].format(name, ",".join(word), ",".join(word[::-1])) for name, how, word in factors)
    for i in draw.sample([c for c in names if c not in kept], len(names) - len(kept)):
        body = f"sum({i}, {body})"
    for i in kept:
        body = f"stack({i}, {body})"
    edges = {frozenset(word) for _, _, word in factors} | {frozenset(kept)}
    declared = "; ".join(dict.fromkeys(where))
    return Term(body, declared, "".join(reversed(kept)), tuple(factors), frozenset(e for e in edges if len(e) == 2))


def treewidth_above_two(edges: frozenset[frozenset[str]]) -> bool:
    """Whether a graph has a minor K₄: vertices of degree two at most are taken away, their neighbours joined, until none is left."""
    around: dict[str, set[str]] = {}
    for a, b in map(tuple, edges):
        around.setdefault(a, set()).add(b)
        around.setdefault(b, set()).add(a)
    while True:
        v = next((v for v, near in around.items() if len(near) <= 2), None)
        if v is None:
            return bool(around)
        near = around.pop(v)
        for a in near:
            around[a] |= near - {a}
            around[a].discard(v)


def agrees(term: Term, form: Expr) -> bool:
    """Whether the code of the form computes what einsum does."""
    draw = np.random.default_rng(1)
    known = {s["name"]: s for s in symbols(read(term.text, where=term.where).expr)}
    data = {name: draw.normal(size=[SIZES[repr(n)] for n in s.shape if repr(n) != "1"]) for name, s in known.items()}
    operands = [MEANT[how](data[name]) for name, how, _ in term.factors]
    equation = ",".join(word for _, _, word in term.factors) + "->" + term.kept
    compute = function(function_source(form, "gradient", symbols(form)), "gradient")
    given: dict[str, Any] = {p: data[p] if p in data else SIZES[p] for p in inspect.signature(compute).parameters}
    wanted = np.einsum(equation, *operands, optimize=True)
    return bool(np.allclose(compute(**given), wanted, rtol=1e-8, atol=1e-8 * np.abs(wanted).max(initial=1.0)))


def outcome(seed: int) -> str:
    """ "converted", "refused" (and rightly), or what is wrong."""
    term = random_term(seed)
    form = matrix_form(read(term.text, where=term.where).expr)
    if not agrees(term, form):
        return f"wrong: {text(form)}"
    if free(form):
        return f"an index is left free: {text(form)}"
    if not any(x.op is INDEX_SUM for x in postorder(form)):
        return "converted"
    if not treewidth_above_two(term.edges):
        return f"refused with treewidth two: {text(form)}"
    return "refused" if "treewidth" in str(reasons(read(term.text, where=term.where).expr, form)) else "refused without a reason"


def main() -> int:
    """Run so many terms; gives the number that went wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    start, tally, wrong = time.perf_counter(), {"converted": 0, "refused": 0}, 0
    for seed in range(options.first, options.first + options.count):
        try:
            found = outcome(seed)
        except Exception as error:  # a campaign tells every failure and goes on
            found = f"{type(error).__name__}: {error}"
        if found in tally:
            tally[found] += 1
        else:
            wrong += 1
            print(f"{seed}: {random_term(seed)}\n   {found}")
    print(f"{options.count} terms in {time.perf_counter() - start:.0f} s: {tally['converted']} converted, {tally['refused']} refused, {wrong} wrong")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(), 1))
