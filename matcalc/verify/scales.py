"""What random points of ordinary size do not show: answers that differ at small and large numbers, in large sizes, in terms too small.

max(x − 1000, 0) is 0 where x is drawn, tanh(10⁶ x) is the sign of x there, and x + exp(−50) is x to sixteen digits.  Where an
equality was not shown modulo a prime, it is tried at values many times smaller and larger; where sizes are used as numbers, in sizes
that no one would think of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import SIZE, SYMBOL, is_zero_leaf
from matcalc.core.property import INTEGER, NONNEG, ORTHOGONAL, PD, POSITIVE, PROBABILITY, PSD
from matcalc.errors import MatcalcError
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.evaluate import Point
from matcalc.verify.matrix import Matrix, multiplied
from matcalc.verify.meaning import all_below
from matcalc.verify.numbers import NotInField, Unlucky

SCALES = (1e-7, -1e-3, 1e-3, 50.0, -50.0, 1e3, -1e3, 1e6, -1e6)
TOLERANCE, ROUNDING = 1e-3, 1e-9
"""How far apart values may be at such points, relative to them, and relative to the largest number on the way."""
INVISIBLE = 1e-9
LARGE = (7, 13)
_FIXED = frozenset({INTEGER, ORTHOGONAL, PROBABILITY})
_SIGNED = frozenset({POSITIVE, NONNEG, PD, PSD})


def differ(a: Expr, b: Expr, f: Expr, x: Expr, template: Point) -> bool:
    """Whether two expressions differ at small or large values, of all symbols or of x alone, or in large sizes where they count.

    Only where f has a value: as its derivative with respect to x, 1/x and 1/|x| are one for log x.
    """
    symbols = [e for e in postorder(a, b, f, x, below=all_below) if e.op is SYMBOL]
    points = chain(_scaled(symbols, template), _scaled([x] if len(symbols) > 1 else [], template), _sized((a, b), template))
    return any(_apart(a, b, p) and _value(f, p) is not None for p in points)


def _scaled(symbols: Sequence[Expr], template: Point) -> Iterator[Point]:
    """Points with values many times smaller or larger; properties hold there too."""
    for scale in SCALES if symbols else ():
        point = Point(ComplexStep(), template.sizes, template.seed + 500, kinds=template.kinds, positions=template.positions)
        values = {}
        for s in symbols:
            properties = frozenset(s["properties"])
            if _FIXED.isdisjoint(properties):
                values[s] = multiplied(scale if _SIGNED.isdisjoint(properties) else abs(scale), point.value(s))
        placed = point.placed(point.positions)
        placed.still.recall(values)
        yield placed


def _sized(roots: Sequence[Expr], template: Point) -> Iterator[Point]:
    """Points of larger sizes, where sizes are numbers in one of the two."""
    if any(e.op is SIZE for e in postorder(*roots, below=all_below)):
        for k, n in enumerate(LARGE):
            sizes = {name: n + i for i, name in enumerate(sorted(template.sizes))}
            yield Point(ComplexStep(), sizes, template.seed + 600 + k, kinds=template.kinds, positions=template.positions)


def _apart(a: Expr, b: Expr, point: Point) -> bool:
    left, right = _value(a, point), _value(b, point)
    if left is None or right is None:
        return False
    gap = max((abs(x.real - y.real) for x, y in zip(left.entries, right.entries, strict=True)), default=0.0)
    largest = max((abs(x.real) for x in (*left.entries, *right.entries)), default=0.0)
    return gap > TOLERANCE * max(largest, ROUNDING / TOLERANCE * _magnitude(point, (a, b)))


def _magnitude(point: Point, roots: Sequence[Expr]) -> float:
    """The largest number on the way."""
    values = (point.still.values.get(e) for e in postorder(*roots, below=all_below))
    return max((abs(x) for v in values if v is not None for x in v.entries), default=0.0)


def _value(e: Expr, point: Point) -> Matrix | None:
    try:
        return point.value(e)
    except (Unlucky, NotInField, MatcalcError, OverflowError):
        return None


def invisible_terms(e: Expr, template: Point, known: Sequence[Expr]) -> list[Expr]:
    """Terms of sums inside that are no larger than rounding at any point, and in none of the expressions that are known."""
    own = set(postorder(*known))
    points = [template, *_scaled([s for s in postorder(e, below=all_below) if s.op is SYMBOL], template)]
    return [
        t
        for total in postorder(e)
        if total.op.name == "add" and total not in own
        for t in total.args
        if t not in own and not is_zero_leaf(t) and _is_invisible(t, total, points)
    ]


def _is_invisible(t: Expr, total: Expr, points: Sequence[Point]) -> bool:
    pairs = [(v, w) for p in points if (w := _value(total, p)) is not None and (v := _value(t, p)) is not None]
    constant = not any(s.op is SYMBOL for s in postorder(t))
    if not pairs or not (constant or any(any(v.entries) for v, _ in pairs)):
        return False
    return all(max(abs(x.real) for x in v.entries) <= INVISIBLE * max(abs(x.real) for x in w.entries) for v, w in pairs)
