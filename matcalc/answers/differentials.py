"""The verdict on a differential: dF in terms of dX, given for the derivative or asked for itself."""

from __future__ import annotations

from dataclasses import replace

from matcalc.answers.asked import Asked, equation
from matcalc.answers.assessment import Assessment, headline, shape_words
from matcalc.answers.forward import differential
from matcalc.answers.slips import IMPLIED, parting_line, slip_sentences
from matcalc.core import leaves
from matcalc.core.expression import Expr, substitute
from matcalc.core.leaves import differential_of
from matcalc.emit.pretty import pretty
from matcalc.engine.answer import Answer
from matcalc.engine.cost import cost
from matcalc.errors import Unsupported
from matcalc.verify.compare import Oracle
from matcalc.verify.counterexample import counterexample
from matcalc.verify.diagnose import diagnosed
from matcalc.verify.diagnosis import Case
from matcalc.verify.evaluate import Point
from matcalc.verify.points import points_for

POINTS = 3


def differential_in(given: Expr, asked: Asked) -> Expr | None:
    """The symbol dX, where the answer has it."""
    own = leaves.symbols(asked.f)
    return next((s for s in leaves.symbols(given) if s["name"] == "d" + asked.x["name"] and s not in own), None)


def assessed_differential(given: Expr, d: Expr, asked: Asked) -> Assessment:
    """The verdict on dF where the derivative, or the differential itself, was asked for; `d` stands for dX in it."""
    dx, df = differential_of(asked.x), differential_of(asked.f)
    answer = _right(asked)
    right = None if answer is None else answer.value
    shown = "" if answer is None else f"{pretty(differential_of(answer.derivation.subject))} = {pretty(answer.value)}"
    if given.shape != asked.f.shape and answer is None:
        message = f"Yours has {pretty(dx)} in it, and is {shape_words(given.shape)}; the differential is {shape_words(asked.f.shape)}."
        return Assessment(False, "incomparable", message, given, asked.result)
    if given.shape != asked.f.shape:
        return _not_correct(given, d, asked, answer, shown)
    oracle = Oracle(points_for([asked.f, substitute(given, {d: asked.x})], {asked.x}, structured=True).points)
    verdict = oracle.holds(substitute(given, {d: dx}), df)
    if verdict.passed is None:
        return Assessment(None, "not checked", f"Not checked: {verdict.why}.", given, asked.result)
    if verdict.passed and asked.wants_differential:
        shorter = pretty(right) if right is not None and cost(right) + 1 < cost(given) else ""
        message = f"Correct, and shorter as {shorter}." if shorter else "Correct."
        return Assessment(True, "correct", message, given, asked.result, shorter=shorter, differential=right)
    if verdict.passed:
        told = "" if asked.result is None else f" {equation(asked.result)}."
        message = f"This is the differential, and it is right; the derivative is what multiplies {pretty(dx)}.{told}"
        return Assessment(False, "differential", message, given, asked.result, slips=("differential",))
    return _not_correct(given, d, asked, answer, shown)


def _right(asked: Asked) -> Answer | None:
    """The differential with the derivation of it, where we have one."""
    try:
        return differential(asked.f, [asked.x]).answer
    except Unsupported:
        return None


def _not_correct(given: Expr, d: Expr, asked: Asked, answer: Answer | None, shown: str) -> Assessment:
    """What is wrong with a differential, in which dX is one more symbol for all that compares."""
    dx = differential_of(asked.x)
    if answer is None:
        return Assessment(False, "wrong", "Not the differential, by evaluation.", given, asked.result)
    right = substitute(answer.value, {dx: d})
    chosen = points_for([asked.f, given, right], {asked.x}, exact=0, floating=POINTS, structured=True)
    found = diagnosed(given, Case(asked.f, asked.x, "differential", right, [_along(p, asked.x, d) for p in chosen.points]))
    atoms = {d: dx}
    found.slips = [replace(s, right=_put(s.right, atoms), given=_put(s.given, atoms)) for s in found.slips]
    sentences = [headline(found, given, right, shown, "differential"), *slip_sentences(found, asked.f)]
    slips = tuple(dict.fromkeys((*IMPLIED.get(found.kind, ()), *(s.name for s in found.slips))))
    return Assessment(
        False, found.kind, "\n".join(sentences), given, asked.result, slips=slips, diagnosis=found, differential=answer.value,
        line=parting_line(found, answer, answer.derivation.steps[-1:]), counterexample=counterexample(given, right, [asked.f]),
    )  # fmt: skip


def _along(point: Point, x: Expr, d: Expr) -> Point:
    """The point where dX is the direction in which x moves."""
    point = point.placed(point.positions)
    point.still.recall({d: point.tangent(x)})
    return point


def _put(e: Expr | None, atoms: dict[Expr, Expr]) -> Expr | None:
    return None if e is None else substitute(e, atoms)
