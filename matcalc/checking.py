"""Checking an answer: it is read in the scope of the question, compared with what is right, and, where it differs, diagnosed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeAlias

from matcalc.assessment import IMPLIED, Assessment, headline, shape_words, slip_sentences
from matcalc.core import leaves
from matcalc.core.builders import inner_product
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import SYMBOL, differential_of, unnamed
from matcalc.core.operation import OPERATIONS
from matcalc.core.property import SYMMETRIC
from matcalc.emit.pretty import pretty
from matcalc.engine.answer import gradient_answer, jacobian_answer
from matcalc.engine.cost import cost
from matcalc.errors import MatcalcError, Unsupported
from matcalc.result import Result
from matcalc.scoping import names_of, read_answer, scoped
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.counterexample import Counterexample, counterexample
from matcalc.verify.diagnose import diagnosed
from matcalc.verify.diagnosis import Case, Diagnosis
from matcalc.verify.evaluate import Point
from matcalc.verify.likeness import Witness
from matcalc.verify.points import points_for

Derive: TypeAlias = Mapping[str, Callable[..., Any]]
"""The kind of a derivative → what derives it."""
POINTS = 3
STRUCTURES = {
    "projected": "the gradient in the space of the structure, (G + Gᵀ)/2",
    "distinct": "derivatives with respect to the distinct entries, G + Gᵀ − G ⊙ I",
    "unstructured": "derivatives as if all entries were independent",
}
"""The conventions for a symmetric variable, in words."""


@dataclass(frozen=True)
class Asked:
    """What an answer is to be compared with: f, x, our result (None where we have none, and then `why`), and the convention."""

    f: Expr
    x: Expr
    result: Result | None
    derivative: str = "gradient"
    why: str = ""
    convention: str = "projected"
    unstructured: Callable[[], Expr | None] = lambda: None
    upstream: Expr | None = None
    wants_differential: bool = False


def judged(
    f: Expr, x: Expr, answer: str | Expr, derive: Derive, *, of: str = "", where: str = "", convention: str = "projected",
    upstream: str = "G",
) -> Assessment:  # fmt: skip
    """The verdict on an answer to the question for a derivative of f with respect to x, which `derive` finds."""
    taken = f.is_scalar or upstream in names_of(f, x)
    G = None if taken else leaves.symbol(upstream, *f.shape)
    given = read_answer(answer, f, x, where, G) if isinstance(answer, str) else scoped(answer, f, x)
    derivative = of if of not in ("", "differential") else implied(given, f, x, G)
    options = {"upstream": upstream} if derivative == "pullback" else {}
    if derivative == "gradient" and convention == "unstructured":
        options = {"convention": convention}
    result, why = None, ""
    try:
        result = derive[derivative](f, x, check=False, **options)
    except Unsupported as missing:
        why = missing.message

    def unstructured() -> Expr | None:
        try:
            found: Result = derive["gradient"](f, x, convention="unstructured", check=False)
            return found.value
        except Unsupported:
            return None

    pulled = G if derivative == "pullback" else None
    return assessed(given, Asked(f, x, result, derivative, why, convention, unstructured, pulled, of == "differential"))


def implied(given: Expr, f: Expr, x: Expr, upstream: Expr | None) -> str:
    """Which derivative an answer means to be, by its shape and by what occurs in it."""
    if not f.is_scalar:
        return "pullback" if upstream is not None and upstream in leaves.symbols(given) else "jacobian"
    count = x.shape[0] * x.shape[1]
    return "hessian" if given.shape == (count, count) and given.shape not in (x.shape, x.shape[::-1]) else "gradient"


def assessed(given: Expr, asked: Asked) -> Assessment:
    """The verdict on an answer that was read."""
    if asked.result is None:
        return _without_result(given, asked)
    given, as_differential = _from_differential(given, asked)
    right = _in_convention(asked)
    verdict, oracle = _compared(given, right, asked)
    if verdict.passed is None:
        return Assessment(None, "not checked", f"Not checked: {verdict.why}.", given, asked.result)
    if as_differential and not asked.wants_differential:
        return _told_differential(given, right, verdict, asked)
    if verdict.passed:
        return _correct(given, right, asked, _readings(given, asked))
    asked.result.checked()
    return _not_correct(given, right, oracle, asked)


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


def _from_differential(given: Expr, asked: Asked) -> tuple[Expr, bool]:
    """The derivative in an answer that is a differential, A : dX; else the answer itself."""
    d = next((s for s in leaves.symbols(given) if s["name"] == "d" + asked.x["name"] and s not in leaves.symbols(asked.f)), None)
    if d is None:
        return given, False
    answer = gradient_answer(given, d) if given.is_scalar else jacobian_answer(given, d)
    return answer.value, True


def _told_differential(given: Expr, right: Expr, verdict: Verdict, asked: Asked) -> Assessment:
    left = _left(asked)
    if verdict.passed:
        what = f"the derivative is what stands before d{pretty(asked.x)}"
        message = f"This is the differential, and it is right; {what}. {left} = {pretty(right)}."
        return Assessment(False, "differential", message, given, asked.result, slips=("differential",))
    found = _not_correct(given, right, _compared(given, right, asked)[1], asked)
    note = f"This is a differential; it gives the derivative {pretty(given)}. "
    return replace(found, message=note + found.message)


def _in_convention(asked: Asked) -> Expr:
    """What is right, in the convention that is asked for."""
    assert asked.result is not None
    value = asked.result.value
    return distinct(value) if asked.convention == "distinct" and asked.result.kind == "gradient" and _is_symmetric(asked.x) else value


def _is_symmetric(x: Expr) -> bool:
    return x.op is SYMBOL and not x.is_scalar and SYMMETRIC in x["properties"]


def distinct(G: Expr) -> Expr:
    """The derivatives in the distinct entries of a symmetric variable, from the projected gradient."""
    return 2 * G - OPERATIONS["hadamard"](G, leaves.identity(G.shape[0]))


def _conventions(asked: Asked) -> dict[str, Expr]:
    """What is right in the conventions that are not asked for, by name."""
    result = asked.result
    if result is None or result.kind != "gradient" or asked.x.is_scalar or asked.x.shape[0] is not asked.x.shape[1]:
        return {}
    found = {}
    if _is_symmetric(asked.x):
        found = {"projected": result.value, "distinct": distinct(result.value)}
        if (free := asked.unstructured()) is not None:
            found["unstructured"] = free
    return {name: e for name, e in found.items() if name != asked.convention}


def _readings(given: Expr, asked: Asked) -> tuple[tuple[str, bool], ...]:
    """Where the question can be read in more than one way, whether the answer is right in each."""
    others = _conventions(asked)
    if not others:
        return ()
    every = {asked.convention: _in_convention(asked), **others}
    return tuple((STRUCTURES[name], bool(_compared(given, every[name], asked)[0].passed)) for name in STRUCTURES if name in every)


def _left(asked: Asked) -> str:
    """∂f/∂X, as the derivation calls it."""
    assert asked.result is not None
    f, x = pretty(asked.result.answer.derivation.subject), pretty(asked.x)
    return f"∂{f}/∂{x}" if asked.result.kind != "pullback" else f"∂(G : f)/∂{x}"


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
    conventions = {STRUCTURES[name]: e for name, e in _conventions(asked).items()}
    d = diagnosed(given, Case(f, asked.x, result.kind, right, floats, conventions))
    sentences = [headline(d, given, right, _left(asked)), *slip_sentences(d)]
    return Assessment(
        False, d.kind, "\n".join(sentences), given, result,
        slips=tuple(dict.fromkeys((*IMPLIED.get(d.kind, ()), *(s.name for s in d.slips)))), counterexample=_example(given, right, f),
        readings=_readings(given, asked) if d.kind == "convention" else (), line=_line(d, result), diagnosis=d,
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
    """The line of our derivation that has the place of the first slip, and did not have it before."""
    for slip in d.slips:
        if slip.right is None:
            continue
        for step in result.answer.derivation.steps:
            before, after = (set(postorder(unnamed(e))) for e in (step.before, step.after))
            if (differential_of(slip.right) in before) if slip.in_f else (slip.right in after and slip.right not in before):
                reason = f"     {step.reason}" if step.reason else ""
                return f"{pretty(step.before)} = {pretty(step.after)}{reason}"
    return ""
