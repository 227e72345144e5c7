"""Constant scalars as exact rationals: an exponent must be known exactly, not as a number of an arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NAMED, NUMBER, SIZE, SYMBOL
from matcalc.core.property import INTEGER

if TYPE_CHECKING:
    from matcalc.verify.evaluate import Point

_LARGEST = 4096
"""Powers with more bits than this are left to the arithmetic."""


def exact_value(e: Expr, point: Point) -> Fraction | None:
    """The rational that a scalar is at a point: a number, a size, an integer symbol that does not move, or made of these."""
    if e.op is NUMBER:
        return e["value"]  # type: ignore[no-any-return]
    if not e.is_scalar:
        return None
    found: dict[Expr, Fraction | None] = {}
    for x in postorder(e):
        parts = [found[a] for a in x.args]
        found[x] = _exact(x, [part for part in parts if part is not None], point) if None not in parts else None
    return found[e]


def _exact(e: Expr, parts: list[Fraction], point: Point) -> Fraction | None:
    if e.op is NUMBER:
        return e["value"]  # type: ignore[no-any-return]
    if e.op is SIZE:
        return Fraction(point.number(e["size"]))
    if e.op is SYMBOL and e.is_scalar and INTEGER in e["properties"] and e not in point.wrt:
        return Fraction(point.N.integer(point.still.values[e].entries[0])) if e in point.still.values else None
    if e.op is NAMED and e not in point.wrt:
        return parts[0]
    combine = _EXACTLY.get(e.op.name)
    return combine(parts) if combine is not None and e.args else None


def _exact_product(parts: list[Fraction]) -> Fraction | None:
    result = Fraction(1)
    for x in parts:
        result *= x
    return result


def _exact_quotient(parts: list[Fraction]) -> Fraction | None:
    return parts[0] / parts[1] if parts[1] else None


def _exact_power(parts: list[Fraction]) -> Fraction | None:
    base, exponent = parts
    if exponent.denominator != 1 or not base:
        return None
    bits = max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(exponent.numerator)
    return base**exponent.numerator if bits <= _LARGEST else None


_EXACTLY: dict[str, Callable[[list[Fraction]], Fraction | None]] = {
    "add": lambda parts: sum(parts, Fraction(0)),
    "scale": _exact_product,
    "quotient": _exact_quotient,
    "power": _exact_power,
}
