"""Up to what an answer is right: a factor, the sign, the transpose, the order of the entries, a constant term, a convention."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations, product
from math import prod

from matcalc.core.expression import Expr, depends, postorder
from matcalc.core.leaves import NUMBER, number, unnamed
from matcalc.errors import MatcalcError
from matcalc.verify.diagnosis import Case, Diagnosis, Slip
from matcalc.verify.evaluate import Point
from matcalc.verify.likeness import CLOSE, Witness, entries, fraction, ratio, value_at
from matcalc.verify.matrix import Matrix
from matcalc.verify.numbers import NotInField, Unlucky
from matcalc.verify.termwise import terms, unmatched


def up_to(witness: Witness, case: Case) -> Diagnosis | None:
    """What the answer is right up to."""
    if witness.values and not any(any(v.entries) for v in witness.values):
        return Diagnosis("wrong", slips=[Slip("zero")])
    like = witness.likeness(case.right)
    if like is not None and like.same:
        return Diagnosis("wrong", slips=[Slip("digits")])
    if like is not None:
        kind = "transposed" if like.transposed else "sign" if like.factor == -1 else "factor"
        return Diagnosis(kind, factor=like.factor, transposed=like.transposed)
    for name, other in case.conventions.items():
        match = witness.likeness(other)
        if match is not None and not match.transposed:
            slips = [] if match.same else [Slip("sign" if match.factor == -1 else "factor")]
            return Diagnosis("convention", convention=name, factor=match.factor, slips=slips)
    return _axes(witness, case) or _vec(witness, case) or _scalar_factor(witness, case) or _constant(witness, case)


def _vec(witness: Witness, case: Case) -> Diagnosis | None:
    """The entries in a column, columns or rows stacked; or the other way round."""
    if case.kind in ("vec-jacobian", "hessian") and (found := _row_order(witness, case)) is not None:
        return found
    if witness.answer.shape == case.right.shape or not witness.points:
        return None
    orders = {True, False}
    for mine, point in zip(witness.values, witness.points, strict=True):
        right = value_at(case.right, point)
        if right is None or len(right.entries) != len(mine.entries):
            return None
        for by_rows in list(orders):
            one, other = (mine.entries, right.entries) if by_rows else (mine.stacked(), right.stacked())
            if any(abs(a.real - b.real) > CLOSE * max(1.0, abs(b.real)) for a, b in zip(one, other, strict=True)):
                orders.discard(by_rows)
    return Diagnosis("vec", slips=[Slip("row order")] if orders == {True} else []) if orders else None


def _axes(witness: Witness, case: Case) -> Diagnosis | None:
    """The axes of a tensor in another order."""
    order = len(case.right.shape)
    if order < 3 or len(witness.answer.shape) != order or not witness.points:
        return None
    for axes in permutations(range(order)):
        if witness.answer.shape == tuple(case.right.shape[a] for a in axes):
            factors = {_permuted_factor(mine, case.right, axes, p) for mine, p in zip(witness.values, witness.points, strict=True)}
            if len(factors) == 1 and (c := factors.pop()) is not None:
                return Diagnosis("transposed", factor=c, transposed=True, slips=[Slip("axes")])
    return None


def _permuted_factor(mine: Matrix, right: Expr, axes: Sequence[int], point: Point) -> Fraction | None:
    """The number of which the answer is that multiple of the right one with its axes in this order."""
    value, sizes = value_at(right, point), [point.number(s) for s in right.shape]
    if value is None or len(value.entries) != len(mine.entries):
        return None
    steps = [prod(sizes[a + 1 :]) for a in axes]
    places = product(*(range(sizes[a]) for a in axes))
    turned = [value.entries[sum(k * step for k, step in zip(place, steps, strict=True))].real for place in places]
    c = ratio(entries(mine), turned)
    return None if c is None else fraction(c)


def _row_order(witness: Witness, case: Case) -> Diagnosis | None:
    """A Jacobian of vec with the rows of F and X stacked, not the columns."""
    for point, mine in zip(witness.points, witness.values, strict=True):
        right = value_at(case.right, point)
        across, down = _row_by_row(*point.shape(case.x)), _row_by_row(*point.shape(case.f if case.kind == "vec-jacobian" else case.x))
        if right is None or (mine.rows, mine.columns) != (right.rows, right.columns) or len(across) * len(down) != len(mine.entries):
            return None
        turned = [right.entries[i * right.columns + j].real for i in down for j in across]
        scale = max(map(abs, turned), default=0.0)
        if any(abs(a.real - b) > CLOSE * scale for a, b in zip(mine.entries, turned, strict=True)):
            return None
    return Diagnosis("vec", slips=[Slip("row order")]) if witness.points else None


def _row_by_row(rows: int, columns: int) -> list[int]:
    """Where the entries of a matrix, row by row, stand in its vec."""
    return [i + j * rows for i in range(rows) for j in range(columns)]


def _scalar_factor(witness: Witness, case: Case) -> Diagnosis | None:
    """A factor that is a scalar of the problem: K, det X, ‖x‖, or one over it."""
    values = [value_at(case.right, p) for p in witness.points]
    if any(v is None for v in values):
        return None
    ratios = witness.ratios([v for v in values if v is not None])
    if ratios is None or all(abs(r - 1) <= CLOSE for r in ratios):
        return None
    if all(abs(r - ratios[0]) <= CLOSE * abs(r) for r in ratios):
        return Diagnosis("factor", factor=number(Fraction(f"{ratios[0]:.10g}"), decimal=True))
    for s in postorder(unnamed(case.right), unnamed(witness.answer), unnamed(case.f)):
        if s.is_scalar and s.op is not NUMBER:
            for exponent in (1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2)):
                if (c := _multiple(ratios, s, exponent, witness.points)) is not None:
                    return Diagnosis("factor", factor=_written(c, s, exponent))
    return None if case.right.is_scalar else Diagnosis("factor")  # any number is a multiple of any other


def _multiple(ratios: Sequence[float], s: Expr, exponent: int | Fraction, points: Sequence[Point]) -> Fraction | None:
    found: list[float] = []
    for r, point in zip(ratios, points, strict=True):
        value = value_at(s, point)
        x = value.entries[0].real if value is not None else 0.0
        if not x or (x < 0 and isinstance(exponent, Fraction)):
            return None
        try:
            found.append(r / x ** float(exponent))
        except OverflowError:
            return None
    c = fraction(found[0])
    return c if c is not None and all(abs(x - found[0]) <= CLOSE * abs(x) for x in found) else None


def _written(c: Fraction, s: Expr, exponent: int | Fraction) -> Expr:
    """c s^exponent."""
    power = s if exponent == 1 else 1 / s if exponent == -1 else s**exponent
    return power if c == 1 else c * power


def _constant(witness: Witness, case: Case) -> Diagnosis | None:
    """A term that does not depend on the variable is missing, or is too many."""
    if not depends([case.right], {case.x}) or witness.answer.shape != case.right.shape or not depends([witness.answer], {case.x}):
        return None
    for point in witness.points:
        other = Point(point.N.fresh(), point.sizes, point.seed, kinds=point.kinds)
        try:
            other.still.recall({case.x: Point(point.N.fresh(), point.sizes, point.seed + 31, kinds=point.kinds).value(case.x)})
        except (Unlucky, NotInField, MatcalcError):
            return None
        gaps = [_gap(witness.answer, case.right, p) for p in (point, other)]
        if gaps[0] is None or gaps[1] is None:
            return None
        scale = max(map(abs, (*gaps[0], *gaps[1])))
        if any(abs(a - b) > CLOSE * max(scale, 1.0) for a, b in zip(gaps[0], gaps[1], strict=True)):
            return None
    return Diagnosis("constant", difference=_named_difference(witness, case))


def _gap(given: Expr, right: Expr, point: Point) -> list[float] | None:
    mine, theirs = value_at(given, point), value_at(right, point)
    if mine is None or theirs is None:
        return None
    return [a.real - b.real for a, b in zip(mine.entries, theirs.entries, strict=True)]


def _named_difference(witness: Witness, case: Case) -> Expr | None:
    """The one term by which the two differ."""
    mine, theirs = unmatched(witness, terms(witness.answer), terms(case.right))
    if len(mine) + len(theirs) != 1:
        return None
    return mine[0] if mine else -theirs[0]
