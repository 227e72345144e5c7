"""Whether a value rests on rounding: the sign of what is 0 but for its last digits, the larger of two that are equal but for them.

Such a value says nothing, in floating point.  It is found by moving the symbols by less than any kink is away from them: what
comes of a true number moves as little, what comes of rounding errors alone becomes another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import INDEX, SYMBOL
from matcalc.core.operation import Kind
from matcalc.verify.matrix import Matrix, Number
from matcalc.verify.meaning import all_below
from matcalc.verify.numbers import Unlucky

if TYPE_CHECKING:
    from matcalc.verify.evaluate import Frame, Point

_NEAR = 1e-9
"""Numbers nearer to each other, or to 0, are looked at more closely."""
_NUDGES = (3e-13, -7e-13, 1.1e-12, -1.7e-12)
_JUMP = 0.1
"""Of a number: a nudge moves a true one by far less."""


def rests_on_rounding(e: Expr, found: Matrix, frame: Frame) -> bool:
    """Whether a node, one that asks what is positive, would have another value or derivative with other rounding errors."""
    if any(a not in frame.values for a in e.args):
        return False
    entrywise = e.op.kind is Kind.ELEMENTWISE
    near = _near_zeros(e, frame) if entrywise else []
    if not (near or (not entrywise and _has_near_entries(e, frame))):
        return False
    return any(_jumps(e, found, near, frame, by) for by in _NUDGES)


def _size(x: Number) -> float:
    """A number without its derivative; of a complex one the modulus."""
    return math.hypot(_size(x.re), _size(x.im)) if hasattr(x, "re") else complex(x).real


def _compared(e: Expr, frame: Frame) -> list[float]:
    """What an elementwise function compares with 0: its arguments, and their differences."""
    operands = [list(map(_size, frame.values[a].entries)) for a in e.args]
    count = max(map(len, operands))
    spread = [x if len(x) == count else x * count for x in operands]
    return [a - b for k, x in enumerate(spread) for y in ([0.0] * count, *spread[:k]) for a, b in zip(x, y, strict=True)]


def _near_zeros(e: Expr, frame: Frame) -> list[int]:
    """The places among these of what is nearly but not quite 0."""
    return [k for k, x in enumerate(_compared(e, frame)) if 0 < abs(x) < _NEAR]


def _has_near_entries(e: Expr, frame: Frame) -> bool:
    """Whether two entries of an argument are nearly but not quite the same."""
    entries = (sorted(map(_size, frame.values[a].entries)) for a in e.args)
    return any(0 < b - a < _NEAR * max(1.0, abs(a), abs(b)) for line in entries for a, b in pairwise(line))


def _jumps(e: Expr, found: Matrix, near: Sequence[int], frame: Frame, by: float) -> bool:
    """Whether it is another where each symbol is a little larger or smaller: what is compared with 0 at these places, or the value."""
    point = frame.point
    other = nudged(point, by)
    there = other.still if frame is point.still else other.moved
    try:
        there.evaluate(e)
    except Unlucky:
        return True
    if near:
        before, after = _compared(e, frame), _compared(e, there)
        return any(abs(after[k] - before[k]) > _JUMP * abs(before[k]) for k in near)
    N, again = point.N, there.values[e].entries
    size = max(map(N.magnitude, (*found.entries, *again)), default=0.0)
    return any(N.magnitude(x - y) > _JUMP * size for x, y in zip(found.entries, again, strict=True))


def magnitude_below(point: Point, roots: tuple[Expr, ...]) -> float:
    """The largest number on the way to the roots, values and derivatives."""
    largest = 0.0
    for e in postorder(*roots, below=all_below):
        for frame in (point.still, point.moved):
            if e in frame.values:
                # What is left of X beside X[:2] may be empty here.
                largest = max([largest, *map(point.N.magnitude, frame.values[e].entries)])
    return largest


def differs_by_rounding(sides: Callable[[Point], tuple[Matrix, Matrix]], left: Matrix, right: Matrix, point: Point) -> bool:
    """Whether what two sides differ by is rounding, which conditions of matrices may make large: a true difference stays when nudged."""

    def difference(a: Matrix, b: Matrix) -> list[float]:
        return [complex(x - y).real for x, y in zip(point.N.apart(a).entries, point.N.apart(b).entries, strict=True)]

    here = difference(left, right)
    for by in _NUDGES:
        try:
            there = difference(*sides(nudged(point, by)))
        except (Unlucky, ValueError):
            return False
        if max(abs(x - y) for x, y in zip(here, there, strict=True)) > _JUMP * max(map(abs, here)):
            return True
    return False


def nudged(point: Point, by: float) -> Point:
    """A point a little beside."""
    other = point.about(point.wrt)
    other.is_nudged = True
    leaves = {e: X for e, X in point.still.values.items() if e.op in (SYMBOL, INDEX)}
    other.still.recall({e: X if e.op is INDEX else _stretched(X, by) for e, X in leaves.items()})
    return other


def _stretched(X: Matrix, by: float) -> Matrix:
    """D X D for a diagonal D near I: what is symmetric, definite, triangular or positive remains so; integers remain themselves."""
    scales = [1 + by * (1 + 3 * k % 5) for k in range(max(X.rows, X.columns))]
    factors = (scales[k // X.columns] * scales[k % X.columns] for k in range(len(X.entries)))
    return Matrix(X.rows, X.columns, [x if _size(x).is_integer() else f * x for f, x in zip(factors, X.entries, strict=True)])
