"""Second derivatives by differences of first ones: what checks a Hessian without any gradient.

The derivative along dx is found as everywhere (`evaluate`); its change when y moves on is a central difference of two widths.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from matcalc.core.builders import plus, times
from matcalc.core.expression import Expr, substitute
from matcalc.core.leaves import number, symbol
from matcalc.core.property import DIAGONAL, LOWER, SKEW, SYMMETRIC, UPPER
from matcalc.errors import Unsupported
from matcalc.verify.evaluate import Point
from matcalc.verify.matrix import Matrix
from matcalc.verify.numbers import NotInField, Unlucky

STEP = Fraction(1, 1024)
"""The width of the differences; with two widths the error is of its fourth power."""
TOLERANCE = 1e-5
STRUCTURES = frozenset({SYMMETRIC, SKEW, DIAGONAL, UPPER, LOWER})
"""What y keeps when it moves."""
ROUGH = 1e-2
"""Where two widths disagree by more than this, neither tells the derivative."""
NOISE = 1e-5
"""Changes smaller than this, relative to the function and the derivatives that they are the change of, are rounding."""


def by_differences(f: Expr, x: Expr, y: Expr, H: Expr, points: Iterable[Point]) -> tuple[bool | None, float, str]:
    """Whether vec(dx)ᵀ H vec(dy) is the change of the derivative of f along dx, at one of the points; the error; why not.

    None where no point could tell.
    """
    D = symbol("direction", *y.shape, role="direction", properties=STRUCTURES & frozenset(y["properties"]))
    worst, why = math.inf, "floating point does not apply"
    for point in (p.about([x]) for p in points):
        try:
            change, rounding = _change(f, y, D, point)
            dx, dy = point.tangent(x).stacked(), point.value(D).stacked()
            along = point.N.product(point.value(H), Matrix(len(dy), 1, dy)).entries
        except (Unlucky, NotInField, Unsupported) as problem:
            why = str(problem)
            continue
        found = sum(a.real * b.real for a, b in zip(dx, along, strict=True))
        size = max(abs(found), abs(change), rounding)
        worst = min(worst, abs(found - change) / size if size else 0.0)
        if worst < TOLERANCE:
            return True, worst, ""
    return (None, 0.0, why) if worst == math.inf else (False, worst, "the second differences are others")


def _change(f: Expr, y: Expr, D: Expr, point: Point) -> tuple[float, float]:
    """The derivative along D of the tangent of f; and how large rounding may make it."""
    found, size = [], abs(point.value(f).entries[0].real)  # the length of a unit vector has derivatives that are nothing but rounding
    for width in (STEP, STEP / 2):
        ends = [point.tangent(substitute(f, {y: plus(y, times(number(s * width), D))})).entries[0].real for s in (1, -1)]
        found.append((ends[0] - ends[1]) / float(2 * width))
        size = max(size, *map(abs, ends))
    if abs(found[1] - found[0]) > ROUGH * max(map(abs, found)):
        raise Unlucky("differences are too rough here")
    return (4 * found[1] - found[0]) / 3, size * NOISE
