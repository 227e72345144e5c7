"""Checking an answer: it is read in the scope of the question, compared with what is right, and, where it differs, diagnosed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Any, TypeAlias

from matcalc.answers.assessment import IMPLIED, Assessment, headline, shape_words, slip_sentences
from matcalc.answers.result import Result
from matcalc.answers.scoping import names_of, read_answer, scoped
from matcalc.core import leaves
from matcalc.core.builders import inner_product
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import NUMBER, SYMBOL, differential_of, number
from matcalc.core.property import SYMMETRIC
from matcalc.core.size import product
from matcalc.emit.derivative import PLAIN
from matcalc.emit.pretty import pretty
from matcalc.emit.wording import derivative_text
from matcalc.engine.answer import gradient_answer, jacobian_answer
from matcalc.engine.cost import cost
from matcalc.engine.structure import CONVENTIONS, Convention, structure_of
from matcalc.errors import MatcalcError, ShapeMistake, Unsupported
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.counterexample import Counterexample, counterexample
from matcalc.verify.diagnose import diagnosed
from matcalc.verify.diagnosis import Case, Diagnosis
from matcalc.verify.evaluate import Point
from matcalc.verify.likeness import Witness
from matcalc.verify.parting import parting
from matcalc.verify.points import points_for

Derive: TypeAlias = Mapping[str, Callable[..., Any]]
"""The kind of a derivative → what derives it."""
POINTS = 3
SMALL = Fraction(1, 10_000)
"""Numbers below this may be too small to be seen in floating point."""


@dataclass(frozen=True)
class Asked:
    """What an answer is to be compared with: f, x, our result (None where we have none, and then `why`), and the convention."""

    f: Expr
    x: Expr
    result: Result | None
    derivative: str = "gradient"
    why: str = ""
    convention: str = "projected"
    gradient: Callable[..., Result] | None = None
    upstream: Expr | None = None
    wants_differential: bool = False


def judged(
    f: Expr, x: Expr, answer: str | Expr, derive: Derive, *, of: str = "", where: str = "", convention: str = "projected",
    upstream: str = "G",
) -> Assessment:  # fmt: skip
    """The verdict on an answer to the question for a derivative of f with respect to x, which `derive` finds."""
    taken = f.is_scalar or upstream in names_of(f, x)
    G = None if taken else leaves.symbol(upstream, *f.shape)
    try:
        given = read_answer(answer, f, x, where, G) if isinstance(answer, str) else scoped(answer, f, x)
    except ShapeMistake as mistake:
        if f.is_scalar:
            mistake.notes += (f"the gradient is {shape_words(x.shape)}, as {pretty(x)} is",)
        raise
    derivative = of if of not in ("", "differential") else implied(given, f, x, G)
    options = {"upstream": upstream} if derivative == "pullback" else {"convention": convention} if derivative == "gradient" else {}
    result, why = None, ""
    try:
        result = derive[derivative](f, x, check=False, **options)
    except Unsupported as missing:
        why = missing.message
    pulled = G if derivative == "pullback" else None
    found = assessed(given, Asked(f, x, result, derivative, why, convention, derive["gradient"], pulled, of == "differential"))
    if found.correct is False and not of and f.is_scalar and x.is_scalar:
        second = judged(f, x, given, derive, of="hessian")
        if second.correct:
            return replace(second, message=f"Correct as the second derivative; {_left(found.right)} is another.")
    return found


def implied(given: Expr, f: Expr, x: Expr, upstream: Expr | None) -> str:
    """Which derivative an answer means to be, by its shape and by what occurs in it."""
    if not f.is_scalar:
        return "pullback" if upstream is not None and upstream in leaves.symbols(given) else "jacobian"
    count = product(x.shape)
    return "hessian" if given.shape == (count, count) and given.shape not in (x.shape, x.shape[::-1]) else "gradient"


def assessed(given: Expr, asked: Asked) -> Assessment:
    """The verdict on an answer that was read."""
    d = _differential_in(given, asked)
    if d is not None:
        return _assessed_differential(given, d, asked)
    if asked.result is None:
        return _without_result(given, asked)
    right = asked.result.value
    verdict, oracle = _compared(given, right, asked)
    if verdict.passed is None:
        return Assessment(None, "not checked", f"Not checked: {verdict.why}.", given, asked.result)
    if verdict.passed:
        nearly = _but_for_small(given, right, asked)
        return nearly if nearly is not None else _correct(given, right, asked, _readings(given, asked))
    asked.result.checked()
    return _not_correct(given, right, oracle, asked)


def _but_for_small(given: Expr, right: Expr, asked: Asked) -> Assessment | None:
    """The verdict on an answer with an ε: what floating point cannot see is no equality."""
    own = set(postorder(right, asked.f))
    small = [e for e in postorder(given) if e.op is NUMBER and 0 < abs(e["value"]) < SMALL and e not in own]
    if not small or _compared(substitute(given, {e: number(e["value"] / SMALL**2) for e in small}), right, asked)[0].passed:
        return None
    if not _compared(substitute(given, dict.fromkeys(small, number(0))), right, asked)[0].passed:
        return None
    told = " and ".join(pretty(e) for e in small)
    message = f"Right only where {told} is taken to be 0. {_equation(asked.result)}." if asked.result is not None else ""
    return Assessment(False, "constant", message, given, asked.result, slips=("term",))


def _compared(given: Expr, right: Expr, asked: Asked) -> tuple[Verdict, Oracle]:
    """Whether two expressions are equal, and the oracle with the points of the problem."""
    structured = asked.convention != "unstructured"
    chosen = points_for([given, right, asked.f], {asked.x}, exact=2, floating=2, structured=structured)
    if not chosen.points:
        chosen = points_for([right, asked.f], {asked.x}, exact=2, floating=2, structured=structured)
    oracle = Oracle(chosen.points, chosen.why)
    return oracle.holds(given, right), oracle


def _without_result(given: Expr, asked: Asked) -> Assessment:
    """We have no derivative of our own: the answer is tried against the function itself, where it can be."""
    if asked.derivative not in ("gradient", "jacobian", "pullback"):
        return Assessment(None, "not checked", f"Not checked: {asked.why}.", given)
    oracle = Oracle(points_for([asked.f, given], {asked.x}, structured=True).points)
    f = asked.f if asked.upstream is None else inner_product(asked.upstream, asked.f)
    scalar = f.is_scalar
    verdict = oracle.check_gradient(f, asked.x, given) if scalar else oracle.check_jacobian(f, asked.x, given)
    if verdict.passed and not (scalar and _structured(asked.x)):
        return Assessment(True, "correct", "Correct, by evaluation.", given)
    if verdict.passed is False:
        if scalar and given.shape != asked.x.shape:
            message = f"Yours is {shape_words(given.shape)}, and the derivative is {shape_words(asked.x.shape)}."
            return Assessment(False, "incomparable", message, given)
        return Assessment(False, "wrong", f"Not the derivative, by evaluation. What is right is not known here: {asked.why}.", given)
    return Assessment(None, "not checked", f"Not checked: {asked.why or verdict.why}.", given)


def _structured(x: Expr) -> bool:
    return x.op is SYMBOL and not x.is_scalar and any(p.of == "matrix" and p.word != "invertible" for p in x["properties"])


def _differential_in(given: Expr, asked: Asked) -> Expr | None:
    """The symbol dX, where the answer has it."""
    own = leaves.symbols(asked.f)
    return next((s for s in leaves.symbols(given) if s["name"] == "d" + asked.x["name"] and s not in own), None)


def _assessed_differential(given: Expr, d: Expr, asked: Asked) -> Assessment:
    """The verdict on dF where the derivative, or the differential itself, was asked for."""
    dx, df = differential_of(asked.x), differential_of(asked.f)
    if given.shape != asked.f.shape:
        message = f"Yours has {pretty(dx)} in it, and is {shape_words(given.shape)}; the differential is {shape_words(asked.f.shape)}."
        return Assessment(False, "incomparable", message, given, asked.result)
    oracle = Oracle(points_for([asked.f, substitute(given, {d: asked.x})], {asked.x}, structured=True).points)
    verdict = oracle.holds(substitute(given, {d: dx}), df)
    if verdict.passed is None:
        return Assessment(None, "not checked", f"Not checked: {verdict.why}.", given, asked.result)
    told = "" if asked.result is None else f" {_equation(asked.result)}."
    if verdict.passed and asked.wants_differential:
        return Assessment(True, "correct", "Correct.", given, asked.result)
    if verdict.passed:
        message = f"This is the differential, and it is right; the derivative is what multiplies {pretty(dx)}.{told}"
        return Assessment(False, "differential", message, given, asked.result, slips=("differential",))
    return _wrong_differential(given, d, asked, told)


def _wrong_differential(given: Expr, d: Expr, asked: Asked, told: str) -> Assessment:
    """What is wrong with a differential is wrong with the derivative that it gives."""
    try:
        answer = gradient_answer(given, d) if given.is_scalar else jacobian_answer(given, d)
        found = assessed(answer.value, replace(asked, wants_differential=False))
    except Unsupported:
        return _slips_of_differential(given, d, asked, told)
    note = f"This is a differential; it gives the derivative {pretty(answer.value)}. "
    return replace(found, message=note + found.message)


def _slips_of_differential(given: Expr, d: Expr, asked: Asked, told: str) -> Assessment:
    """What was probably done, where the differential that was given has no derivative that we can write."""
    shown, df = substitute(given, {d: differential_of(asked.x)}), differential_of(asked.f)
    chosen = points_for([asked.f, substitute(given, {d: asked.x})], {asked.x}, exact=0, floating=POINTS, structured=True)
    found = diagnosed(shown, Case(asked.f, asked.x, "differential", df, chosen.points))
    message = "\n".join([f"Not the differential.{told}", *slip_sentences(found)])
    kind = found.kind if found.kind in ("sign", "factor", "transposed") else "wrong"
    slips = tuple(dict.fromkeys((*IMPLIED.get(kind, ()), *(s.name for s in found.slips))))
    return Assessment(False, kind, message, given, asked.result, slips=slips, diagnosis=found)


def _conventions(asked: Asked) -> dict[str, Expr]:
    """What is right in each convention for a structured variable, by the words that name it; the one that is asked for first."""
    if asked.derivative != "gradient" or asked.gradient is None or not _structured(asked.x):
        return {}
    found: dict[str, Expr] = {}
    for name in sorted(CONVENTIONS, key=lambda n: n != asked.convention):
        try:
            words = Convention.of(name, asked.x).told(pretty(asked.x))
            found[words] = asked.gradient(asked.f, asked.x, convention=name, check=False).value
        except Unsupported:
            continue
    return found


def _readings(given: Expr, asked: Asked) -> tuple[tuple[str, bool], ...]:
    """Where the question can be read in more than one way, whether the answer is right in each; none where it is right in none."""
    found = tuple((words, bool(_compared(given, e, asked)[0].passed)) for words, e in _conventions(asked).items())
    return found if any(fine for _, fine in found) else ()


def _other_readings(d: Diagnosis, result: Result) -> tuple[tuple[str, bool], ...]:
    """Where the answer is right in another layout, or for another reading of a word in the question."""
    if d.kind == "transposed" and d.factor == 1 and result.kind in ("jacobian", "vec-jacobian"):
        return ("numerator layout: the rows belong to the entries of f", False), ("denominator layout: the columns do", True)
    read = next((s for s in d.slips if s.name == "reading" and s.like.same and s.right is not None and s.given is not None), None)
    if read is None or read.right is None or read.given is None:
        return ()
    return (f"{pretty(read.right)} as it is written", False), (f"{pretty(read.given)} in its place", True)


def _if_symmetric(given: Expr, right: Expr, asked: Asked, points: Sequence[Point]) -> Diagnosis | None:
    """The verdict for a square variable that was not declared symmetric, and may be meant to be."""
    x = asked.x
    if asked.derivative != "gradient" or x.is_scalar or x.op is not SYMBOL or x.shape[0] is not x.shape[1] or structure_of(x) is not None:
        return None
    X = leaves.symbol(x["name"], *x.shape, properties=frozenset({*x["properties"], SYMMETRIC}))
    structure = structure_of(X)
    if structure is None or structure.distinct is None:
        return None
    mine = Witness(substitute(given, {x: X}), [Point(p.N.fresh(), p.sizes, p.seed, (X,), True) for p in points])
    projected = structure.projected(substitute(right, {x: X}), X)
    if (like := mine.likeness(substitute(right, {x: X}))) is not None and like.same:
        return None
    for name, e in (("projected", projected), ("distinct", structure.distinct(projected))):
        if (like := mine.likeness(e)) is not None and like.same:
            return Diagnosis("convention", convention=f"of a symmetric {pretty(x)}, {structure.told(name, pretty(x))}")
    return None


def _left(result: Result | None) -> str:
    """∂f/∂X, as the derivation calls it."""
    if result is None:
        return "the derivative"
    if result.kind == "pullback":
        return f"∂(G : {pretty(result.answer.derivation.subject)})/∂{pretty(result.variable)}"
    return derivative_text(PLAIN, pretty, result.kind, result.answer.derivation, result.variable)


def _equation(result: Result) -> str:
    """∂f/∂X = …, with what names in it stand for."""
    return f"{_left(result)} = {result.pretty()}"


def _correct(given: Expr, right: Expr, asked: Asked, readings: tuple[tuple[str, bool], ...]) -> Assessment:
    assert asked.result is not None
    shorter = pretty(right) if cost(right) + 1 < cost(given) else ""
    message = f"Correct, and shorter as {shorter}." if shorter else "Correct."
    if sum(fine for _, fine in readings) == len(readings):
        readings = ()
    return Assessment(True, "correct", message, given, asked.result, readings=readings, shorter=shorter)


def _not_correct(given: Expr, right: Expr, oracle: Oracle, asked: Asked) -> Assessment:
    result = asked.result
    assert result is not None
    f = asked.f if asked.upstream is None else inner_product(asked.upstream, asked.f)
    floats = _telling(given, right, oracle)
    d = diagnosed(given, Case(f, asked.x, result.kind, right, floats, _conventions(asked)))
    if d.kind in ("wrong", "assumption") and (other := _if_symmetric(given, right, asked, floats)) is not None:
        d = other
    sentences = [headline(d, given, right, _equation(result)), *slip_sentences(d, asked.f, right)]
    return Assessment(
        False, d.kind, "\n".join(sentences), given, result,
        slips=tuple(dict.fromkeys((*IMPLIED.get(d.kind, ()), *(s.name for s in d.slips)))), counterexample=_example(given, right, f),
        readings=_readings(given, asked) if d.kind == "convention" else _other_readings(d, result), line=_line(d, result), diagnosis=d,
    )  # fmt: skip


def _telling(given: Expr, right: Expr, oracle: Oracle) -> list[Point]:
    """Points in floating point, one where the two differ among them: where all depends on a few signs, not every point shows it."""
    floats = [p for p in oracle.points if not p.N.exactly]
    if not floats:
        return []
    further = oracle.further_points(floats[0])
    found = (floats + further)[:POINTS]
    like = Witness(given, found).likeness(right)
    if like is None or not like.same:
        return found
    differing = (p for p in further if (other := Witness(given, [p]).likeness(right)) is None or not other.same)
    return [*islice(differing, 1), *found]


def _example(given: Expr, right: Expr, f: Expr) -> Counterexample | None:
    try:
        return counterexample(given, right, [f])
    except MatcalcError:
        return None


def _line(d: Diagnosis, result: Result) -> str:
    """The line of our derivation where the answer leaves it."""
    for step in parting(d, result.answer.derivation.steps):
        left, right = pretty(step.before), pretty(step.after)
        if left != right:
            return f"{left} = {right}{'     ' + step.reason if step.reason else ''}"
    return ""
