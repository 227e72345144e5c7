"""Term by term: with which coefficients the terms of the right answer make the given one, and which terms differ.

A sum under products is multiplied out first, so that 2 (A + Aᵀ) x has two terms.  The coefficients are found from the values at a
few points, by elimination, and are exact fractions or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from matcalc.core.builders import matrix_product, negative, times
from matcalc.core.expression import Expr, plain, rebuilt
from matcalc.core.leaves import NAMED, NUMBER, number
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.errors import MatcalcError
from matcalc.verify.likeness import CLOSE, Witness, entries, fraction, value_at

MOST_TERMS = 12
DEEPEST = 6


@dataclass(frozen=True)
class Term:
    """A term of the right answer and the coefficient that it has in the given one: 0 where it is missing."""

    term: Expr
    coefficient: Fraction


def terms(e: Expr) -> list[Expr]:
    """The terms of an expression, products over sums multiplied out as deep as that does not make too many."""
    found = levels(e)
    return found[-1] if found else [e]


def levels(e: Expr) -> list[list[Expr]]:
    """The terms of an expression as it stands, and multiplied out deeper and deeper; two or more at every level."""
    found: list[list[Expr]] = []
    for depth in range(DEEPEST):
        try:
            here = _terms(e, depth)
        except _TooMany:
            break
        if len(here) > 1 and (not found or len(here) > len(found[-1])):
            found.append(here)
    return found


class _TooMany(Exception):
    """There are more terms than anyone would compare."""


def _terms(e: Expr, depth: int) -> list[Expr]:
    name = e.op.name
    if name == "add":
        found = [t for a in e.args for t in _terms(a, depth)]
        if len(found) > MOST_TERMS:
            raise _TooMany
        return found
    if not depth:
        return [e]
    if e.op is NAMED:
        inside = _terms(e.args[0], depth - 1)
        return inside if len(inside) > 1 else [e]
    if name in ("matmul", "scale", "hadamard"):
        return _multiplied(e, depth - 1)
    if name == "quotient":
        return [_over(t, e.args[1]) for t in _terms(e.args[0], depth - 1)]
    if e.op.kind is Kind.MULTILINEAR and len(e.args) == 1:
        return [_same(e, t) for t in _terms(e.args[0], depth - 1)]
    return [e]


def _same(e: Expr, argument: Expr) -> Expr:
    if argument.op.name == "scale" and argument.args[0].op is NUMBER:
        return times(argument.args[0], rebuilt(e, (_unscaled(argument),)))
    return rebuilt(e, (argument,))


def _unscaled(e: Expr) -> Expr:
    return e.args[1] if len(e.args) == 2 else plain(e.op, *e.args[1:])


def _over(t: Expr, divisor: Expr) -> Expr:
    return OPERATIONS["quotient"](t, divisor)


def _multiplied(e: Expr, depth: int) -> list[Expr]:
    choices = [_terms(a, depth) for a in e.args]
    count = 1
    for c in choices:
        count *= len(c)
    if count > MOST_TERMS:
        raise _TooMany
    if count == 1:
        return [e]
    return [_joined(e, chosen) for chosen in product(*choices)]


def _joined(e: Expr, factors: Sequence[Expr]) -> Expr:
    """The product of chosen terms, numbers in front: −2 Aᵀb, not 2 Aᵀ(−b)."""
    join = matrix_product if e.op.name == "matmul" else times
    c, kept = Fraction(1), []
    for f in factors:
        while f.op.name == "scale" and f.args[0].op is NUMBER:
            c, f = c * f.args[0]["value"], _unscaled(f)
        if f.op is NUMBER:
            c *= f["value"]
        else:
            kept.append(f)
    whole = kept[0] if kept else number(c)
    for f in kept[1:]:
        whole = join(whole, f)
    return whole if c == 1 or not kept else negative(whole) if c == -1 else times(number(c), whole)


def coefficients(witness: Witness, found: Sequence[Expr]) -> list[Term] | None:
    """The coefficients with which these terms make the answer; None where no simple ones do, or more than one choice does."""
    columns = []
    for t in found:
        values = [value_at(t, p) for p in witness.points]
        if any(v is None or (v.rows, v.columns) != (w.rows, w.columns) for v, w in zip(values, witness.values, strict=True)):
            return None
        columns.append([x for v in values if v is not None for x in entries(v)])
    right = [x for w in witness.values for x in entries(w)]
    solved = solve(columns, right)
    if solved is None:
        return None
    exact = [Fraction(0) if abs(c) < CLOSE else fraction(c) for c in solved]
    if any(c is None for c in exact):
        return None
    return [Term(t, c) for t, c in zip(found, exact, strict=True) if c is not None]


def solve(columns: Sequence[Sequence[float]], right: Sequence[float]) -> list[float] | None:
    """The one combination of the columns that is the right side; None where there is none or more than one.

    >>> solve([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]], [2.0, 3.0, 5.0])
    [2.0, 3.0]
    """
    count = len(columns)
    if count >= len(right):
        return None
    rows = [[column[i] for column in columns] + [right[i]] for i in range(len(right))]
    for k in range(count):
        best = max(range(k, len(rows)), key=lambda i: abs(rows[i][k]))
        scale = max(map(abs, columns[k]), default=0.0)
        if abs(rows[best][k]) <= CLOSE * scale or not scale:
            return None
        rows[k], rows[best] = rows[best], rows[k]
        pivot = rows[k]
        for i, row in enumerate(rows):
            if i != k and row[k]:
                c = row[k] / pivot[k]
                rows[i] = [x - c * y for x, y in zip(row, pivot, strict=True)]
    largest = max(map(abs, right), default=0.0)
    if any(abs(row[-1]) > 1e3 * CLOSE * largest for row in rows[count:]):
        return None
    return [rows[k][-1] / rows[k][k] for k in range(count)]


def unmatched(witness: Witness, given: Sequence[Expr], right: Sequence[Expr]) -> tuple[list[Expr], list[Expr]]:
    """The terms that are in one of two sums alone."""
    left, mine = list(right), []
    for t in given:
        own = Witness(t, witness.points)
        match = next((k for k, r in enumerate(left) if (like := own.likeness(r)) is not None and like.same), None)
        if match is None:
            mine.append(t)
        else:
            del left[match]
    return mine, left


def difference(given: Expr, right: Expr) -> Expr | None:
    """The given answer minus the right one, where their shapes are one."""
    try:
        return given + negative(right) if given.shape == right.shape else None
    except MatcalcError:
        return None
