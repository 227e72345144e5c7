"""Checking an answer: it is read in the scope of the question, compared with what is right, and, where it differs, diagnosed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from math import log10
from typing import Any, TypeAlias

from matcalc.answers.ambiguity import conventions, if_symmetric, is_structured, other_readings, readings
from matcalc.answers.asked import Asked, compared, equation, left_side
from matcalc.answers.assessment import Assessment, headline, shape_words
from matcalc.answers.differentials import assessed_differential, differential_in
from matcalc.answers.entries import closed, own_indices, sizes_of, summed
from matcalc.answers.question import Question
from matcalc.answers.result import Result
from matcalc.answers.scoping import names_of, read_answer, scoped
from matcalc.answers.slips import IMPLIED, parting_line, slip_sentences
from matcalc.core import leaves
from matcalc.core.builders import call, inner_product
from matcalc.core.derivation import Act
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.indices import array_axes, free
from matcalc.core.leaves import NUMBER, number, ones, unnamed, zeros
from matcalc.core.size import ONE, Shape, product
from matcalc.emit.pretty import pretty
from matcalc.engine.cost import cost
from matcalc.engine.hermitian import seen_real
from matcalc.engine.indexform import index_form
from matcalc.errors import MatcalcError, ShapeMistake, Unsupported
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.counterexample import Counterexample, counterexample
from matcalc.verify.diagnose import diagnosed
from matcalc.verify.diagnosis import Case
from matcalc.verify.evaluate import Point
from matcalc.verify.likeness import Witness, value_at
from matcalc.verify.points import points_for
from matcalc.verify.positions import spread
from matcalc.verify.scales import invisible_terms

Derive: TypeAlias = Mapping[str, Callable[..., Any]]
"""The kind of a derivative → what derives it."""
POINTS, MOST_POINTS = 3, 12
"""At how many points slips are looked for; at most, where indices stand at several positions.

An order of points by `_nothing` keeps those first at which both sides say something.
"""
ROUNDED = 1e-12
"""How far an answer with decimals may be off before that is told."""
SMALL = Fraction(1, 10_000)
"""Numbers below this may be too small to be seen in floating point."""


def judged(
    f: Expr, x: Expr, answer: str | Expr, derive: Derive, *, of: str = "", where: str = "", convention: str = "projected",
    layout: str = "numerator", upstream: str = "G", part: Expr | None = None,
) -> Assessment:  # fmt: skip
    """The verdict on an answer to the question for a derivative of f with respect to x (or a part of it), which `derive` finds."""
    if part is not None and (not f.is_scalar or of not in ("", "gradient")):
        raise Unsupported("a slice can be the variable of a gradient only; take the whole variable")
    taken = f.is_scalar or upstream in names_of(f, x)
    G = None if taken else leaves.symbol(upstream, *f.shape)
    try:
        given = read_answer(answer, f, x, where, G, part, _expected(f, x, part)) if isinstance(answer, str) else scoped(answer, f, x)
    except ShapeMistake as mistake:
        if f.is_scalar:
            mistake.notes += (f"the gradient is {shape_words((part or x).shape)}, as {pretty(part or x)} is",)
        raise
    derivative = of if of not in ("", "differential") else "gradient" if part is not None else implied(given, f, x, G)
    chosen = {"pullback": {"upstream": upstream}, "gradient": {"convention": convention}, "hessian": {}}
    options = chosen.get(derivative, {"layout": layout})
    result, why = None, ""
    try:
        result = derive[derivative](f, x, check=False, **options) if part is None else _with_part(f, x, part)
    except Unsupported as missing:
        why = missing.message
    pulled = G if derivative == "pullback" else None
    asked = Asked(f, x, result, derivative, why, convention, derive["gradient"], pulled, of == "differential", part)
    found = _of_entries(given, asked)
    if found.correct is False and not of and derivative == "hessian" and not found.slips:
        first = judged(f, x, given, derive, of="gradient", convention=convention)
        return first if first.slips else found
    if found.correct is False and not of and f.is_scalar and x.is_scalar:
        second = judged(f, x, given, derive, of="hessian")
        if second.correct:
            return replace(second, message=f"Correct as the second derivative; {left_side(found.right)} is another.")
    return found


def _expected(f: Expr, x: Expr, part: Expr | None) -> Shape:
    """The shape of an answer that is a matrix and does not say how large it is: of a scalar with respect to a column, a Hessian."""
    count = product(x.shape)
    if not f.is_scalar:
        return product(f.shape), count
    whole = (x if part is None else part).shape
    return whole if len(whole) > 2 or whole[1] is not ONE else (count, count)


def _with_part(f: Expr, x: Expr, part: Expr) -> Result:
    """The gradient with respect to a slice of the variable."""
    question = Question(f, x)
    question.part = part
    return question.gradient()


def implied(given: Expr, f: Expr, x: Expr, upstream: Expr | None) -> str:
    """Which derivative an answer means to be, by its shape, its indices, and what occurs in it."""
    if not f.is_scalar:
        return "pullback" if upstream is not None and upstream in leaves.symbols(given) else "jacobian"
    if own_indices(given, free(f)) and sizes_of(given, free(f)) == sorted(array_axes(x.shape) * 2, key=repr):
        return "hessian"
    count = product(x.shape)
    return "hessian" if given.shape == (count, count) and given.shape not in (x.shape, x.shape[::-1]) else "gradient"


def _of_entries(given: Expr, asked: Asked) -> Assessment:
    """The verdict on an answer that may be in index notation: for the right one of the ways in which its indices can be axes."""
    result, part = asked.result, asked.part
    if result is None or not own_indices(given, free(asked.f)):
        return assessed(given, asked)
    others = free(result.value) | free(asked.f) | (free(part) if part is not None else frozenset())
    ways = closed(given, result.value, asked.x if part is None else part, others)
    fine = [bool(compared(way.value, result.value, asked)[0].passed) for way in ways]
    best = next((k for k, right in enumerate(fine) if right), 0)
    if left := own_indices(ways[best].value, others):
        return _kept_index(given, left, others, asked)
    found = replace(assessed(ways[best].value, asked), answer=given)
    if found.correct and not ways[best].natural:
        return _in_other_order(found, ways[best].at, [way.at for way in ways], fine)
    return replace(found, message=f"Correct. {equation(result)}.") if found.shorter else found


def _in_other_order(found: Assessment, at: str, others: Sequence[str], fine: Sequence[bool]) -> Assessment:
    """The verdict on the entry of the transpose."""
    result = found.right
    assert result is not None
    left = left_side(result)
    readings = tuple((f"{left} at {other}", right) for other, right in zip(others, fine, strict=True)) if len(others) > 1 else ()
    message = f"Right with the indices in the other order, for {at}. {result.index()}."
    return replace(found, correct=False, kind="transposed", message=message, readings=readings, slips=("transpose",))


def _kept_index(given: Expr, left: Sequence[Expr], others: frozenset[Expr], asked: Asked) -> Assessment:
    """The verdict on an answer with an index that the derivative does not have."""
    assert asked.result is not None
    names = " and ".join(str(i["level"]) for i in left)
    is_right = equation(asked.result)
    whole = summed(given, others)
    if compared(whole, asked.result.value, asked)[0].passed:
        message = f"An index is kept that should have been summed over: summed over {names} it is right. {is_right}."
        return Assessment(False, "wrong", message, given, asked.result, slips=("sum",))
    message = f"Yours has {'an index' if len(left) == 1 else 'indices'} that the derivative does not have: {names}. {is_right}."
    return Assessment(False, "incomparable", message, given, asked.result)


def assessed(given: Expr, asked: Asked) -> Assessment:
    """The verdict on an answer that was read."""
    d = differential_in(given, asked)
    if d is not None:
        return assessed_differential(given, d, asked)
    if asked.result is None:
        return _without_result(given, asked)
    right = asked.result.value
    verdict, oracle = compared(given, right, asked)
    if verdict.passed is None:
        return Assessment(None, "not checked", f"Not checked: {verdict.why}.", given, asked.result)
    if verdict.passed:
        nearly = _but_for_small(given, right, oracle, asked)
        return nearly if nearly is not None else _correct(given, right, verdict, asked)
    asked.result.checked()
    return _not_correct(given, right, oracle, asked)


def _but_for_small(given: Expr, right: Expr, oracle: Oracle, asked: Asked) -> Assessment | None:
    """The verdict on an answer with an ε: what floating point cannot see is no equality."""
    own = set(postorder(right, asked.f))
    numbers = [e for e in postorder(given) if e.op is NUMBER and 0 < abs(e["value"]) < SMALL and e not in own]
    template = next((p for p in oracle.points if not p.N.exactly), None)
    terms = invisible_terms(given, template, [right, asked.f]) if template is not None else []
    small = terms or numbers
    larger = {e: number(e["value"] / SMALL**2) if e.op is NUMBER else ones(e.shape) for e in small}
    if not small or compared(substitute(given, larger), right, asked)[0].passed:
        return None
    if not compared(substitute(given, {e: zeros(e.shape) for e in small}), right, asked)[0].passed:
        return None
    told = " and ".join(pretty(e) for e in small)
    message = f"Right only where {told} is taken to be 0. {equation(asked.result)}." if asked.result is not None else ""
    return Assessment(False, "constant", message, given, asked.result, slips=("term",))


def _without_result(given: Expr, asked: Asked) -> Assessment:
    """We have no derivative of our own: the answer is tried against the function itself, where it can be."""
    if asked.derivative not in ("gradient", "jacobian", "pullback"):
        return Assessment(None, "not checked", f"Not checked: {asked.why}.", given)
    oracle = Oracle(points_for([asked.f, given], {asked.x}, structured=True).points)
    f = asked.f if asked.upstream is None else inner_product(asked.upstream, asked.f)
    scalar = f.is_scalar
    verdict = oracle.check_gradient(f, asked.x, given) if scalar else oracle.check_jacobian(f, asked.x, given)
    if verdict.passed and not (scalar and is_structured(asked.x)):
        return Assessment(True, "correct", "Correct, by evaluation.", given)
    if verdict.passed is False:
        if scalar and given.shape != asked.x.shape:
            message = f"Yours is {shape_words(given.shape)}, and the derivative is {shape_words(asked.x.shape)}."
            return Assessment(False, "incomparable", message, given)
        return Assessment(False, "wrong", f"Not the derivative, by evaluation. What is right is not known here: {asked.why}.", given)
    return Assessment(None, "not checked", f"Not checked: {asked.why or verdict.why}.", given)


def _correct(given: Expr, right: Expr, verdict: Verdict, asked: Asked) -> Assessment:
    assert asked.result is not None
    found = readings(given, asked)
    told_otherwise = asked.result.answer.slice is not None or free(right)  # by slices, or in index notation as the answer may be
    shorter = asked.result.pretty() if not told_otherwise and cost(right) + 1 < cost(given) else ""
    message = f"Correct, and shorter as {shorter}." if shorter else "Correct."
    if verdict.max_error > ROUNDED and any(e.op is NUMBER and e["decimal"] for e in postorder(given)):
        message = f"Correct to {int(-log10(verdict.max_error))} digits: a number in it is rounded. {equation(asked.result)}."
    if sum(fine for _, fine in found) == len(found):
        found = ()
    return Assessment(True, "correct", message, given, asked.result, readings=found, shorter=shorter)


def _not_correct(given: Expr, right: Expr, oracle: Oracle, asked: Asked) -> Assessment:
    result = asked.result
    assert result is not None
    if not seen_real(given):
        return _complex(given, asked, result)
    f = asked.f if asked.upstream is None else inner_product(asked.upstream, asked.f)
    floats = _telling(given, right, oracle)
    written = index_form(right, ()) if right.is_scalar and free(right) else right
    d = diagnosed(given, Case(f, asked.x, result.kind, written, floats, conventions(asked), _before(result), asked.upstream))
    if d.kind in ("wrong", "assumption") and (other := if_symmetric(given, right, asked, floats)) is not None:
        d = other
    if d.kind == "incomparable" and given.is_scalar and free(given):
        d.kind = "wrong"  # an index is missing, not another kind of thing given
    is_right = result.index() if given.is_scalar and free(given) else equation(result)
    sentences = [headline(d, given, right, is_right), *slip_sentences(d, asked.f, right)]
    return Assessment(
        False, d.kind, "\n".join(sentences), given, result,
        slips=tuple(dict.fromkeys((*IMPLIED.get(d.kind, ()), *(s.name for s in d.slips)))), counterexample=_example(given, right, f),
        readings=readings(given, asked) or other_readings(d, result) if d.kind == "convention" else other_readings(d, result),
        line=parting_line(d, result.answer), diagnosis=d,
    )  # fmt: skip


def _complex(given: Expr, asked: Asked, right: Result) -> Assessment:
    """The verdict on a complex answer, which is wrong; its real part may be right, as it is of A : dZ."""
    if compared(call("real", given), right.value, asked)[0].passed:
        message = f"Yours is complex, and the derivative is its real part. {equation(right)}."
    else:
        message = f"Yours is complex, and the derivative of a real function in a real variable is real. {equation(right)}."
    return Assessment(False, "wrong", message, given, right)


def _telling(given: Expr, right: Expr, oracle: Oracle) -> list[Point]:
    """Points in floating point, one where the two differ among them: where all depends on a few signs, not every point shows it."""
    floats = [p for p in oracle.points if not p.N.exactly]
    if not floats:
        return []
    further = oracle.further_points(floats[0])
    if indices := free(given) | free(right):
        found = spread(floats[:1] + further[: POINTS - 1], indices)
        if all(_alike(p, given, right) for p in found):
            found += islice((p for p in spread(further, indices) if not _alike(p, given, right)), 1)
        return sorted(found, key=lambda p: (_alike(p, given, right), _nothing(p, given, right)))[:MOST_POINTS]
    found = (floats + further)[:POINTS]
    if all(_is_zero(p, given) for p in found):
        found = [*islice((p for p in further if not _is_zero(p, given)), 1), *found]
    if not all(_alike(p, given, right) for p in found):
        return found
    sizes = [p.sizes for p in oracle.points if p.N.exactly]  # det(−X) is det X where n is even
    others = [Point(floats[0].N.fresh(), s, floats[0].seed + 2000, floats[0].wrt, floats[0].structured, floats[0].kinds) for s in sizes]
    return [*islice((p for p in (*further, *others) if not _alike(p, given, right)), 1), *found]


def _is_zero(point: Point, e: Expr) -> bool:
    value = value_at(e, point)
    return value is None or not any(value.entries)


def _alike(point: Point, given: Expr, right: Expr) -> bool:
    """Whether the two are the same at a point."""
    like = Witness(given, [point]).likeness(right)
    return _nothing(point, given, right) == 2 if like is None else like.same


def _before(result: Result) -> list[Expr]:
    """The derivative as it was read off, before it was simplified."""
    steps = [s for s in result.answer.derivation if s.act is Act.IDENTIFY]
    found = [unnamed(r.left) for s in steps[-1:] for r in s.reasons if r.left is not None]
    return [e for e in found if e.shape == result.value.shape and e is not unnamed(result.value)]


def _nothing(point: Point, given: Expr, right: Expr) -> int:
    """How many of the two are 0 at a point: there it says little."""
    return _is_zero(point, given) + _is_zero(point, right)


def _example(given: Expr, right: Expr, f: Expr) -> Counterexample | None:
    try:
        return counterexample(given, right, [f])
    except MatcalcError:
        return None
