"""Comparisons by the difference of what is compared, where that is shorter: c r > (c − 1) r is r > 0."""

from __future__ import annotations

from functools import lru_cache

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, NAMED
from matcalc.core.operation import Operation
from matcalc.core.rule import RULES, Rule, rewritten_at_head
from matcalc.engine.cost import cost
from matcalc.engine.expand import shortest
from matcalc.engine.simplify import has

MOVES = (
    "larger by the sign of the difference", "not smaller by the sign of the difference", "one number where it holds and another elsewhere",
)  # fmt: skip
LARGEST = 200
"""What costs more than this to read is not looked at."""


@lru_cache(maxsize=1)
def _sides() -> list[tuple[Expr, Expr, Rule]]:
    return [(canonical(left), right, RULES[name]) for name in MOVES for left, right in RULES[name].sides()]


@lru_cache(maxsize=1)
def _comparisons() -> frozenset[Operation]:
    """The operations that compare."""
    heads = [pattern.args[0] if pattern.op.name == "transpose" else pattern for pattern, _, rule in _sides() if rule.name != MOVES[-1]]
    return frozenset(head.op for head in heads)


def compared(e: Expr) -> tuple[Expr, list[Rule]]:
    """The canonical e after the moves that make it shorter, and the rules used."""
    sides, order = _sides(), list(postorder(e, below=lambda y: () if y.op in (NAMED, DIFFERENTIAL) else y.args))
    if not any(x.op in _comparisons() for x in order):
        return e, []
    used: list[Rule] = []
    new: dict[Expr, Expr] = {}
    for x in order:
        y = x if not x.args or x.op in (NAMED, DIFFERENTIAL) else canonical(rebuilt(x, tuple(new[a] for a in x.args)))
        for pattern, template, rule in sides:
            if y.op is not pattern.op or cost(y) > LARGEST:
                continue
            found = rewritten_at_head(pattern, template, y, has)
            if found is not None and cost(shorter := _with_shortest_parts(found)) < cost(y):
                used.append(rule)
                y = shorter
        new[x] = y
    return new[e], used


def _with_shortest_parts(e: Expr) -> Expr:
    return canonical(rebuilt(e, tuple(map(shortest, e.args)))) if e.args else e
