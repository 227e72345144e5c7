"""What an answer is compared with, and how: equal where it is equal at all points, whatever the free indices are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcalc.answers.result import Result
from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import free
from matcalc.core.leaves import SIZE
from matcalc.emit.derivative import PLAIN
from matcalc.emit.pretty import pretty
from matcalc.emit.wording import derivative_text
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.points import points_for
from matcalc.verify.positions import spread
from matcalc.verify.scales import differ


@dataclass(frozen=True)
class Asked:
    """What an answer is to be compared with: f, x, our result (None where we have none, and then `why`), and the convention.

    `part` is the slice of x that was asked for, if one was.
    """

    f: Expr
    x: Expr
    result: Result | None
    derivative: str = "gradient"
    why: str = ""
    convention: str = "projected"
    gradient: Callable[..., Result] | None = None
    upstream: Expr | None = None
    wants_differential: bool = False
    part: Expr | None = None


def compared(given: Expr, right: Expr, asked: Asked) -> tuple[Verdict, Oracle]:
    """Whether two expressions are equal, and the oracle with the points of the problem."""
    structured = asked.convention != "unstructured"
    chosen = points_for([given, right, asked.f], {asked.x}, exact=2, floating=2, structured=structured)
    if not chosen.points:
        chosen = points_for([right, asked.f], {asked.x}, exact=2, floating=2, structured=structured)
    oracle = Oracle(spread(chosen.points, free(given) | free(right)), chosen.why)
    verdict = oracle.holds(given, right)
    template = next((p for p in oracle.points if not p.N.exactly), None)
    if verdict.passed is not False and template is not None and given is not right and _worth_a_second_look(verdict, given, right, oracle):
        if differ(given, right, asked.f, asked.x, template):
            return Verdict(False, why="the two differ at small or large values"), oracle
    return verdict, oracle


def _worth_a_second_look(verdict: Verdict, given: Expr, right: Expr, oracle: Oracle) -> bool:
    """Whether an equality was not shown exactly, or only for the signs or the sizes that were tried."""
    own = set(postorder(right))
    more = [e for e in postorder(given) if e not in own]
    return not verdict.method.startswith("exact") or any(e.op is SIZE or any(e in p.ordered for p in oracle.points) for e in more)


def left_side(result: Result | None) -> str:
    """∂f/∂X, as the derivation calls it."""
    if result is None:
        return "the derivative"
    if result.kind == "pullback":
        return f"∂(G : {pretty(result.answer.derivation.subject)})/∂{pretty(result.variable)}"
    answer = result.answer
    variable = answer.slice[0] if answer.slice is not None else answer.part or result.variable
    return derivative_text(PLAIN, pretty, result.kind, answer.derivation, variable)


def equation(result: Result) -> str:
    """∂f/∂X = …, with what names in it stand for; of an array, the slice that tells it."""
    value = result.answer.slice
    return f"{left_side(result)} = {result.pretty() if value is None else pretty(value[1])}"
