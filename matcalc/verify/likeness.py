"""How alike an answer and another expression are: the same, a multiple, the transpose, a multiple of the transpose.

Found at a few points in floating point, where every symbol has a generic value: what agrees there to eight digits at every entry is
taken to be the same.  This is for finding out what was probably done; what is right is decided by the oracle alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from matcalc.core.expression import Expr
from matcalc.errors import MatcalcError
from matcalc.verify.evaluate import Point
from matcalc.verify.matrix import Matrix
from matcalc.verify.numbers import NotInField, Unlucky

CLOSE = 1e-8
LARGEST_DENOMINATOR = 48


@dataclass(frozen=True)
class Likeness:
    """answer = factor · the other, which may have been transposed first."""

    factor: Fraction
    transposed: bool = False

    @property
    def same(self) -> bool:
        """Whether the two are the same."""
        return self.factor == 1 and not self.transposed


def entries(X: Matrix) -> list[float]:
    """The real parts of the entries."""
    return [x.real for x in X.entries]


def ratio(given: Sequence[float], other: Sequence[float]) -> float | None:
    """The number c with given = c · other, entry by entry; None where there is none, or one of them is 0."""
    at = max(range(len(other)), key=lambda i: abs(other[i]), default=0)
    if len(given) != len(other) or not other or not other[at] or not given[at]:
        return None
    c = given[at] / other[at]
    scale = max(map(abs, given))
    return c if all(abs(x - c * y) <= CLOSE * scale for x, y in zip(given, other, strict=True)) else None


def fraction(x: float) -> Fraction | None:
    """The simple fraction that a number is."""
    found = Fraction(x).limit_denominator(LARGEST_DENOMINATOR)
    return found if found and abs(x - float(found)) <= CLOSE * abs(x) else None


class Witness:
    """An answer as it looks at the points."""

    def __init__(self, answer: Expr, points: Sequence[Point]) -> None:
        self.answer = answer
        found = [(p, v) for p, v in ((p, value_at(answer, p)) for p in points) if v is not None]
        self.points, self.values = [p for p, _ in found], [v for _, v in found]

    def ratios(self, others: Sequence[Matrix]) -> list[float] | None:
        """The number at each point of which the answer is that multiple of the other there."""
        found = []
        for mine, other in zip(self.values, others, strict=True):
            if (mine.rows, mine.columns) != (other.rows, other.columns):
                return None
            c = ratio(entries(mine), entries(other))
            if c is None:
                return None
            found.append(c)
        return found or None

    def likeness(self, other: Expr) -> Likeness | None:
        """How the answer is like another expression; None where it is not, or where the other has no value."""
        first = self._first(other)
        if first is None:
            return None
        found, transposed = first
        for mine, point in zip(self.values, self.points, strict=True):
            value = value_at(other, point)
            if value is None:
                return None
            if not any(mine.entries) and not any(value.entries):
                continue  # as where a δ is 0
            c = ratio(entries(mine), entries(value.transposed() if transposed else value))
            if c is None or abs(c - float(found)) > CLOSE * abs(c):
                return None
        return Likeness(found, transposed)

    def _first(self, other: Expr) -> tuple[Fraction, bool] | None:
        """What the first point says at which the answer is not 0."""
        at = next((k for k, mine in enumerate(self.values) if any(mine.entries)), None)
        if at is None:
            return None
        value = value_at(other, self.points[at])
        if value is None:
            return None
        mine = self.values[at]
        if (value.rows, value.columns) == (mine.rows, mine.columns):
            c = ratio(entries(mine), entries(value))
            if c is not None:
                return None if (found := fraction(c)) is None else (found, False)
        if (value.columns, value.rows) == (mine.rows, mine.columns) and len(mine.entries) > 1:
            c = ratio(entries(mine), entries(value.transposed()))
            if c is not None and (found := fraction(c)) is not None:
                return found, True
        return None


def value_at(e: Expr, point: Point) -> Matrix | None:
    """The value of an expression at a point, if it has one."""
    try:
        return point.value(e)
    except (Unlucky, NotInField, MatcalcError):
        return None
