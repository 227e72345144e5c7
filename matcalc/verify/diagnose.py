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

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import chain, islice

from matcalc.core.expression import Expr, depends
from matcalc.core.leaves import ones, symbols, unnamed
from matcalc.core.property import DIAGONAL, SYMMETRIC
from matcalc.errors import MatcalcError
from matcalc.verify.alterations import Alteration, alterations
from matcalc.verify.diagnosis import Case, Diagnosis, Slip
from matcalc.verify.evaluate import Point
from matcalc.verify.lapses import carried, lapses
from matcalc.verify.likeness import CLOSE, Likeness, Witness, entries, fraction, ratio, value_at
from matcalc.verify.matrix import Matrix
from matcalc.verify.numbers import NotInField, Unlucky
from matcalc.verify.presumptions import presumptions, sizes_of_one
from matcalc.verify.termwise import coefficients, levels, terms, unmatched
from matcalc.verify.upto import up_to
from matcalc.verify.wholes import all_of_one_kind, all_untransposed, applied_to_derivatives, insertions, parts, readings, summaries

MOST_SLIPS = 3
NAMED_COEFFICIENTS = {Fraction(0): "term", Fraction(-1): "sign"}
MOST_ENTRIES, FEWEST = 40_000, 8
"""How many entries are compared in all, in looking for slips in an answer, and how many slips are tried however large it is."""


def diagnosed(given: Expr, case: Case) -> Diagnosis:
    """The diagnosis of an answer that is not the right one."""
    witness = Witness(given, case.points)
    found = up_to(witness, case) or Diagnosis(_otherwise(given, case))
    if any(s.name in ("zero", "digits") for s in found.slips):
        return found
    if found.kind in ("wrong", "incomparable"):
        _look_for_slips(found, witness, case)
        _presume(found, given, case)
    elif found.kind == "constant" or (found.kind == "factor" and not isinstance(found.factor, Fraction)):
        _look_for_slips(found, witness, case)
    elif found.kind == "transposed":
        found.presumption = next(presumptions(given, case.right, case.points, (SYMMETRIC,)), None)
    return found


def _otherwise(given: Expr, case: Case) -> str:
    return "wrong" if given.shape == case.right.shape else "incomparable"


def _look_for_slips(found: Diagnosis, witness: Witness, case: Case) -> None:
    """Enter the slips that make the answer, the likeliest first."""
    if not witness.points:
        return
    right = unnamed(case.right)
    sums = levels(right)
    if found.kind in ("wrong", "constant"):
        for pieces in sums:
            if not found.terms:
                _compare_terms(found, witness, pieces)
    by_terms, found.slips = found.slips, []
    if found.kind in ("wrong", "constant"):
        found.slips += _lapses(witness, case)
    more: Iterator[Alteration] = chain(summaries(right), insertions(right, symbols(case.f, right)))
    for e in (right, *(unnamed(e) for e in case.forms)):
        found.slips += _like(witness, chain(alterations(e), all_untransposed(e), all_of_one_kind(e), more)) if not _exact(found) else []
        more = iter(())
    if not found.slips and case.kind == "gradient":
        found.slips += _like(witness, applied_to_derivatives(case.f, case.x))
    # One slip explains more than two terms that differ.
    found.slips = by_terms + found.slips if len(by_terms) < 2 else found.slips + by_terms
    for pieces in sums:
        found.slips += _one_altered(witness, pieces) if not found.slips else []
    if not found.slips:
        found.slips += _like(witness, chain(parts(right), *(parts(t) for pieces in sums for t in pieces)))
    if not found.slips and found.kind == "wrong" and sums:
        _compare_pairs(found, witness, sums[-1], case)
    if not found.slips:
        found.slips += _uniform(witness, case)
    found.slips = _best(found.slips)


def _exact(found: Diagnosis) -> bool:
    """Whether slips were found that make the answer as it stands, other than terms that differ and what differentiation may do."""
    return any(s.like.same and s.right is not None and not s.in_f and s.given is not None for s in found.slips)


def _one_altered(witness: Witness, pieces: Sequence[Expr]) -> list[Slip]:
    """One term alone, and a slip in it."""
    for t in pieces:
        slips = _like(witness, alterations(t))
        if slips:
            return [*slips[:1], Slip("part", None, t, slips[0].like)]
    return []


def _best(slips: list[Slip]) -> list[Slip]:
    """Each slip once, exact ones before those that leave a factor."""
    exact = [s for s in slips if s.like.same]
    kept: dict[str, Slip] = {}
    for s in exact or slips:
        kept.setdefault(s.name, s)
    return list(kept.values())[:MOST_SLIPS]


def _like(witness: Witness, tried: Iterator[Alteration]) -> list[Slip]:
    found = []
    size = max((len(v.entries) for v in witness.values), default=1)
    for a in islice(tried, max(FEWEST, MOST_ENTRIES // size)):
        like = witness.likeness(a.whole)
        if like is not None:
            found.append(Slip(a.slip, a.right, a.given, like))
            if like.same and len(found) >= MOST_SLIPS:
                break
    return found


def _compare_terms(found: Diagnosis, witness: Witness, pieces: list[Expr]) -> None:
    """With what coefficients our terms make the answer."""
    made = coefficients(witness, pieces)
    if made is None:
        return
    found.terms = made
    for t in made:
        if t.coefficient != 1:
            name = NAMED_COEFFICIENTS.get(t.coefficient, "factor")
            found.slips.append(Slip(name, t.term, coefficient=t.coefficient if name == "factor" else None))


def _compare_pairs(found: Diagnosis, witness: Witness, pieces: list[Expr], case: Case) -> None:
    """Where one term alone differs: the slip that makes the one of the other."""
    mine, theirs = unmatched(witness, terms(unnamed(witness.answer)), pieces)
    if len(mine) + len(theirs) >= 2 * len(pieces):
        return
    found.differing = (mine, list(theirs))
    for t in mine:
        own = Witness(t, witness.points)
        found.slips += _undifferentiated(own, t, case)
        for right in theirs:
            slips = _between(own, t, right)
            if slips:
                found.slips += slips[:1]
                theirs.remove(right)
                break
    if found.slips:
        found.slips += [Slip("term", right) for right in theirs]


def _uniform(witness: Witness, case: Case) -> list[Slip]:
    """A term with one number in every entry where the derivative has none: what should have been a matrix was summed."""
    if witness.answer.is_scalar or any(_is_uniform(v) for v in (value_at(case.right, p) for p in witness.points) if v is not None):
        return []
    for t in terms(witness.answer):
        values = [value_at(t, p) for p in witness.points]
        if values and not t.is_scalar and all(v is not None and _is_uniform(v) for v in values):
            return [Slip("inner", None, t)]
    return []


def _is_uniform(v: Matrix) -> bool:
    first = v.entries[0].real
    return len(v.entries) > 1 and first != 0 and all(abs(x.real - first) <= CLOSE * abs(first) for x in v.entries)


def _between(own: Witness, t: Expr, right: Expr) -> list[Slip]:
    """What makes one term of the other."""
    like = own.likeness(right)
    if like is None:
        return _like(own, alterations(right))
    return [Slip("transpose" if like.transposed else "sign" if like.factor == -1 else "factor", right, t)]


def _lapses(witness: Witness, case: Case) -> list[Slip]:
    """Slips of differentiation that give the answer's action on dx, as it stands or transposed; readings of f that do."""
    found: list[Slip] = []
    for transposed in (False, True):
        actions = [_action(v.transposed() if transposed else v, case, p) for v, p in zip(witness.values, witness.points, strict=True)]
        acting = [a for a in actions if a is not None]
        if len(acting) < len(actions) or found:
            continue
        for lapse in lapses(case.f, case.x):
            like = _made_like(acting, partial(carried, case.f, lapse), witness.points, transposed)
            if like is not None:
                found.append(Slip(lapse.slip, lapse.node, lapse.node.args[lapse.argument], like, in_f=True))
                if like.factor == 1:
                    break
        for other in readings(case.f):
            like = _made_like(acting, partial(_tangent, other.whole), witness.points, transposed)
            if like is not None:
                found.append(Slip("reading", other.right, other.given, like, in_f=True))
    return found


def _undifferentiated(own: Witness, t: Expr, case: Case) -> list[Slip]:
    """Where a term of the answer is one of the function itself, in every entry if need be."""
    for u in terms(unnamed(case.f)):
        for v in (u, u * ones(t.shape)) if u.is_scalar else (u,):
            if depends([u], {case.x}) and own.likeness(v) is not None:
                return [Slip("not differentiated", t, u)]
    return []


def _tangent(e: Expr, point: Point) -> Matrix:
    return point.tangent(e)


def _action(value: Matrix, case: Case, point: Point) -> list[float] | None:
    """What the answer says that df is."""
    d = point.tangent(case.x)
    if case.kind == "differential":
        return [x.real for x in value.stacked()]
    if case.kind in ("gradient", "pullback"):
        if (value.rows, value.columns) != (d.rows, d.columns):
            return None
        return [sum(a.real * b.real for a, b in zip(value.entries, d.entries, strict=True))]
    if case.kind in ("jacobian", "vec-jacobian") and value.columns == len(d.entries):
        return entries(point.N.product(value, Matrix(value.columns, 1, d.stacked())))
    return None


def _made_like(
    actions: Sequence[list[float]], made: Callable[[Point], Matrix], points: Sequence[Point], transposed: bool
) -> Likeness | None:  # fmt: skip
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
    exact = any(s.like.same for s in found.slips)
    if given.shape == case.right.shape:
        first = next((p for p in presumptions(given, case.right, case.points) if case.upstream not in p.symbols), None)
        if first is not None and first.property is DIAGONAL and len(first.symbols) > 1:
            if not exact and all(s.name != "scalar calculus" for s in found.slips):
                found.slips = _best([*found.slips, Slip("scalar calculus")])  # diagonal matrices commute
        elif first is not None:
            found.kind, found.presumption = "assumption", first
            return
    one = sizes_of_one(given, case.right, case.points)
    if one is not None:
        found.presumption = one
        if all(s.name == "part" for s in found.slips):
            found.slips = [Slip("scalar calculus"), *found.slips]
            if given.shape == case.right.shape:
                found.kind = "assumption"
