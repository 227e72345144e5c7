"""Fractions: scalars above and below a line, and a matrix beside it, as one plain expression."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from matcalc.core.builders import call, over, times
from matcalc.core.expression import Expr, plain, postorder
from matcalc.core.leaves import NAMED, NUMBER, ONES, SYMBOL, number
from matcalc.core.terms import is_column


def joined(parts: list[Expr]) -> Expr:
    """The parts multiplied, scalars or entry by entry, as one chain."""
    parts = _with_one_root(parts)
    first = times(parts[0], parts[1]) if len(parts) > 1 else parts[0]
    if len(parts) < 3 or any(p.is_scalar != parts[0].is_scalar for p in parts):
        for p in parts[2:]:
            first = times(first, p)
        return first
    return plain(first.op, *first.args, *parts[2:])


def _with_one_root(parts: list[Expr]) -> list[Expr]:
    """√(2 π) for √2 √π: the roots of numbers are one."""
    roots = [p for p in parts if p.op.name == "power" and p.args[1] is number(Fraction(1, 2)) and _is_constant(p.args[0])]
    if len(roots) < 2:
        return parts
    bases = [r.args[0] for r in roots]
    value = prod(b["value"] for b in bases if b.op is NUMBER)
    inside = [*([number(value)] if value != 1 else []), *(b for b in bases if b.op is not NUMBER)]
    one = call("power", joined(inside), roots[0].args[1])
    return [one if p is roots[0] else p for p in parts if p is roots[0] or p not in roots]


def _is_constant(e: Expr) -> bool:
    return not e.args and e.op is not SYMBOL


def fraction(top: list[Expr], bottom: list[Expr], matrix: Expr | None) -> Expr:
    """Scalars above and below a line, and a matrix."""
    if matrix is None:
        above = joined(top) if top else number(1)
        return over(above, joined(bottom)) if bottom else above
    if top and matrix.op.name == "quotient" and matrix.args[0].op is ONES:
        scalars = joined(top)
        return over(over(scalars, joined(bottom)) if bottom else scalars, matrix.args[1])
    if not bottom:
        return times(joined(top), matrix) if top else matrix
    below = joined(bottom)
    if all(t.op is NUMBER for t in top):
        if top and bottom[0].op is NUMBER and len(bottom) == 1:
            return times(number(top[0]["value"] / bottom[0]["value"]), matrix)
        if not top and not is_column(matrix) and below.op is not NUMBER and _has_fraction_inside(matrix):
            return times(over(number(1), below), matrix)
        return over(times(joined(top), matrix) if top else matrix, below)
    return times(over(joined(top), below), matrix)


def _has_fraction_inside(matrix: Expr) -> bool:
    """Whether a sum among the factors has a fraction of its own: then the scalar stands in front, (1/‖v‖) (I − vvᵀ/‖v‖²)."""
    sums = [f for f in (matrix, *matrix.args) if f.op.name == "add"]
    return any(x.op.name == "quotient" for x in postorder(*sums, below=lambda y: () if y.op is NAMED else y.args))
