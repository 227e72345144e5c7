"""What is wrong with an answer: up to what it is right, under what it would be right, and which slip makes it.

    correct                                        equal to the right one
    sign factor transposed vec constant            right up to that
    convention                                     right in another convention for a structured variable
    assumption                                     right only where A is symmetric, n = 1, …
    wrong                                          none of these
    incomparable                                   of another shape

and, whatever the kind, the slips found by making them: in the right answer (alterations), in the differentiation (lapses), and term by
term (termwise).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

from matcalc.core.expression import Expr, depends, postorder
from matcalc.core.leaves import NUMBER, unnamed
from matcalc.core.property import DIAGONAL
from matcalc.errors import MatcalcError
from matcalc.verify.alterations import Alteration, all_untransposed, alterations, parts, readings, summaries
from matcalc.verify.compare import _inner
from matcalc.verify.evaluate import Point
from matcalc.verify.lapses import carried, lapses
from matcalc.verify.likeness import CLOSE, Likeness, Witness, entries, fraction, ratio, value_at
from matcalc.verify.matrix import Matrix
from matcalc.verify.numbers import NotInField, Unlucky
from matcalc.verify.presumptions import Presumption, presumptions, sizes_of_one
from matcalc.verify.termwise import Term, coefficients, terms, unmatched

MOST_SLIPS = 3


@dataclass(frozen=True)
class Slip:
    """What was probably done: `given` stands where `right` should; `place` is the node of f or of the answer, `factor` what is left."""

    name: str
    right: Expr | None = None
    given: Expr | None = None
    like: Likeness = Likeness(Fraction(1))
    in_f: bool = False


@dataclass
class Diagnosis:
    """All that was found out about an answer that is not correct."""

    kind: str
    slips: list[Slip] = field(default_factory=list)
    factor: Fraction | Expr | None = None
    difference: Expr | None = None
    presumption: Presumption | None = None
    convention: str = ""
    transposed: bool = False
    terms: list[Term] = field(default_factory=list)
    differing: tuple[list[Expr], list[Expr]] = field(default_factory=lambda: ([], []))


@dataclass(frozen=True)
class Case:
    """What an answer is compared with: the question, its right answer, and the points (in floating point, x moving)."""

    f: Expr
    x: Expr
    kind: str
    right: Expr
    points: Sequence[Point]
    conventions: Mapping[str, Expr] = field(default_factory=dict)


def diagnosed(given: Expr, case: Case) -> Diagnosis:
    """The diagnosis of an answer that is not the right one."""
    witness = Witness(given, case.points)
    found = _up_to(witness, case) or Diagnosis(_otherwise(given, case))
    if found.kind in ("wrong", "incomparable"):
        _look_for_slips(found, witness, case)
        _presume(found, given, case)
    return found


def _otherwise(given: Expr, case: Case) -> str:
    return "wrong" if given.shape == case.right.shape else "incomparable"


def _up_to(witness: Witness, case: Case) -> Diagnosis | None:
    """What the answer is right up to."""
    like = witness.likeness(case.right)
    if like is not None:
        kind = "transposed" if like.transposed else "sign" if like.factor == -1 else "factor"
        return Diagnosis(kind, factor=like.factor, transposed=like.transposed)
    for name, other in case.conventions.items():
        if (match := witness.likeness(other)) is not None and match.same:
            return Diagnosis("convention", convention=name)
    return _vec(witness, case) or _scalar_factor(witness, case) or _constant(witness, case)


def _vec(witness: Witness, case: Case) -> Diagnosis | None:
    """The entries in a column, columns or rows stacked; or the other way round."""
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


def _scalar_factor(witness: Witness, case: Case) -> Diagnosis | None:
    """A factor that is a scalar of the problem: K, det X, ‖x‖, or one over it."""
    values = [value_at(case.right, p) for p in witness.points]
    if any(v is None for v in values):
        return None
    ratios = witness.ratios([v for v in values if v is not None])
    if ratios is None:
        return None
    for s in postorder(unnamed(case.right), unnamed(witness.answer), unnamed(case.f)):
        if s.is_scalar and s.op is not NUMBER:
            for exponent in (1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2)):
                if (c := _multiple(ratios, s, exponent, witness.points)) is not None:
                    return Diagnosis("factor", factor=_written(c, s, exponent))
    return Diagnosis("factor")


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


def _look_for_slips(found: Diagnosis, witness: Witness, case: Case) -> None:
    """Enter the slips that make the answer, the likeliest first."""
    if not witness.points:
        return
    right = unnamed(case.right)
    pieces = terms(right)
    if found.kind == "wrong":
        _compare_terms(found, witness, pieces)
        found.slips += _lapses(witness, case)
    wholes = chain(alterations(right), all_untransposed(right), summaries(right))
    found.slips += _like(witness, wholes, exact_first=True)
    if not found.slips:
        more = [t for t in pieces if len(pieces) > 1]
        found.slips += _like(witness, chain.from_iterable(alterations(t) for t in more), exact_first=True)
    if not found.slips:
        found.slips += _like(witness, chain(parts(right), *(parts(t) for t in pieces)), exact_first=True)
    if not found.slips and found.kind == "wrong":
        _compare_pairs(found, witness, pieces)
    found.slips = _best(found.slips)


def _best(slips: list[Slip]) -> list[Slip]:
    """Each slip once, exact ones before those that leave a factor."""
    exact = [s for s in slips if s.like.same]
    kept: dict[str, Slip] = {}
    for s in exact or slips:
        kept.setdefault(s.name, s)
    return list(kept.values())[:MOST_SLIPS]


def _like(witness: Witness, tried: Iterator[Alteration], exact_first: bool) -> list[Slip]:
    found = []
    for a in tried:
        like = witness.likeness(a.whole)
        if like is not None:
            found.append(Slip(a.slip, a.right, a.given, like))
            if like.same and len(found) >= MOST_SLIPS:
                break
    return found


def _compare_terms(found: Diagnosis, witness: Witness, pieces: list[Expr]) -> None:
    """With what coefficients our terms make the answer."""
    if len(pieces) < 2:
        return
    made = coefficients(witness, pieces)
    if made is None:
        return
    found.terms = made
    for t in made:
        if t.coefficient != 1:
            name = {0: "term", -1: "sign"}.get(int(t.coefficient) if t.coefficient.denominator == 1 else 7, "factor")
            found.slips.append(Slip(name, t.term, None, Likeness(Fraction(1))))


def _compare_pairs(found: Diagnosis, witness: Witness, pieces: list[Expr]) -> None:
    """Where one term alone differs: the slip that makes the one of the other."""
    mine, theirs = unmatched(witness, terms(unnamed(witness.answer)), pieces)
    if len(mine) + len(theirs) >= 2 * len(pieces):
        return
    found.differing = (mine, theirs)
    for t in mine:
        own = Witness(t, witness.points)
        for right in theirs:
            like = own.likeness(right)
            if like is not None:
                name = "transpose" if like.transposed else "sign" if like.factor == -1 else "factor"
                found.slips.append(Slip(name, right, t, Likeness(Fraction(1))))
            else:
                found.slips += _like(own, alterations(right), True)


def _lapses(witness: Witness, case: Case) -> list[Slip]:
    """Slips of differentiation that give the answer's action on dx, as it stands or transposed; readings of f that do."""
    found: list[Slip] = []
    for transposed in (False, True):
        actions = [_action(v.transposed() if transposed else v, case, p) for v, p in zip(witness.values, witness.points, strict=True)]
        acting = [a for a in actions if a is not None]
        if len(acting) < len(actions) or found:
            continue
        for lapse in lapses(case.f, case.x):
            like = _made_like(acting, lambda p, lapse=lapse: carried(case.f, lapse, p), case.points, transposed)  # type: ignore[misc]
            if like is not None:
                found.append(Slip(lapse.slip, lapse.node, lapse.node.args[lapse.argument], like, in_f=True))
                if like.factor == 1:
                    break
        for other in readings(case.f):
            like = _made_like(acting, lambda p, other=other: p.tangent(other.whole), case.points, transposed)  # type: ignore[misc]
            if like is not None:
                found.append(Slip("reading", other.right, other.given, like, in_f=True))
    return found


def _action(value: Matrix, case: Case, point: Point) -> list[float] | None:
    """What the answer says that df is."""
    d = point.tangent(case.x)
    if case.kind in ("gradient", "pullback"):
        return [_inner(value, d).real] if (value.rows, value.columns) == (d.rows, d.columns) else None
    if case.kind in ("jacobian", "vec-jacobian") and value.columns == len(d.entries):
        return entries(point.N.product(value, Matrix(value.columns, 1, d.stacked())))
    return None


def _made_like(actions: Sequence[list[float]], made: Callable[[Point], Matrix], points: Sequence[Point], transposed: bool) -> Likeness | None:
    """How the answer's action is like another tangent of f: a small multiple of it, the same at all points."""
    found: Fraction | None = None
    for action, point in zip(actions, points, strict=True):
        try:
            other = [x.real for x in made(point).stacked()]
        except (Unlucky, NotInField, MatcalcError, ArithmeticError, ValueError):
            return None
        c = ratio(action, other)
        if c is None or (f := fraction(c)) is None or (found is not None and f != found) or f.denominator > 4 or abs(f) > 4:
            return None
        found = f
    return None if found is None else Likeness(found, transposed)


def _presume(found: Diagnosis, given: Expr, case: Case) -> None:
    """Under what the answer would be right."""
    if given.shape == case.right.shape:
        first = next(presumptions(given, case.right, case.points), None)
        if first is not None and first.property is DIAGONAL and len(first.symbols) > 1:
            found.slips = _best([*found.slips, Slip("scalar calculus")])  # diagonal matrices commute
        elif first is not None:
            found.kind, found.presumption = "assumption", first
            return
    one = sizes_of_one(given, case.right, case.points)
    if one is not None:
        found.presumption = one
        if not found.slips:
            found.slips = [Slip("scalar calculus")]
            if given.shape == case.right.shape:
                found.kind = "assumption"
