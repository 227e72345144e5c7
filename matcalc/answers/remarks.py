"""What is told beside an answer: how the quantities in it are found, the chain rule where it applies whole, and other forms of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from matcalc.answers.leftsums import reasons
from matcalc.answers.quantity import gradient_quantity
from matcalc.answers.result import Result
from matcalc.core import leaves
from matcalc.core.abstract import APPLICATIONS, function_of
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Reason, Step
from matcalc.core.expression import Expr, depends, postorder
from matcalc.core.indices import is_square
from matcalc.core.property import SYMMETRIC
from matcalc.emit.page import text_lines
from matcalc.emit.pretty import pretty
from matcalc.engine.answer import jacobian_answer
from matcalc.engine.arrange import Arrangement
from matcalc.engine.cost import cost
from matcalc.engine.expand import expanded
from matcalc.engine.infer import known
from matcalc.errors import MatcalcError

if TYPE_CHECKING:
    from matcalc.answers.question import Question

LONGEST = 40
"""A Jacobian that costs more than this to read is not told beside an answer."""
MOST_TERMS = 3
"""Of so many terms it is told as a sum too."""
MOST_OFFERED = 3
"""With respect to so many other variables gradients are tried, unasked."""


def remarks(question: Question, result: Result, steps: str, notation: str) -> Iterator[list[str]]:
    """The blocks of text that follow the derivation."""
    if steps not in ("none", "brief"):
        for q in question.quantities:
            if q.result is not None:
                told = _lines(q.result, result, steps, notation)
                yield [f"{pretty(q.name)} = {pretty(q.name.args[0])}, because", *told]
        yield from _chain_rule(question, result, steps, notation)
    yield reasons(question.f, result.value)
    if not question.quantities and result.kind == "gradient":
        yield [f"also: {form}" for form in other_forms(question, result)]


def _chain_rule(question: Question, result: Result, steps: str, notation: str) -> Iterator[list[str]]:
    """∇ᵥL = (∂w/∂v)ᵀ∇_wL for an unknown function of one defined vector: with the Jacobian, and whether its layout matters."""
    f, x = question.f, question.x
    function = function_of(f)
    if result.kind != "gradient" or function is None or function.kind != "scalar" or not x.is_column or x.is_scalar:
        return
    w = f.args[0]
    if w.op is not leaves.NAMED or not w.is_column or w not in depends([f], {x}):
        return
    try:
        inner = question.about(w, jacobian_answer)
    except MatcalcError:
        return
    whole = inner.value.T @ function(w, order=1)
    if cost(inner.value) > LONGEST or inner.verify().passed is not True or result.oracle.holds(result.value, whole).passed is not True:
        return
    outer, own = (pretty(leaves.gradient_of(result.answer.derivation.subject, v)) for v in (x, w))
    jacobian = f"∂{pretty(w)}/∂{pretty(x)}"
    yield [
        f"{outer} = ({jacobian})ᵀ {own} by the chain rule, with",
        *_lines(_spread(inner), result, steps, notation),
        *_either_layout(jacobian, inner.value),
    ]


def _spread(inner: Result) -> Result:
    """The Jacobian also as a sum of its terms, as it stands where each is found by itself."""
    value = canonical(inner.value)
    terms = expanded(value)
    if terms is value or terms.op.name != "add" or len(terms.args) > MOST_TERMS:
        return inner
    derivation = inner.answer.derivation
    written = Arrangement([inner.f, inner.value], depends([inner.f], {inner.variable}))(terms)
    if inner.oracle.holds(inner.value, written).passed is not True:
        return inner
    step = Step(Act.SIMPLIFY, inner.value, written, (Reason(words="multiplied out"),))
    return replace(inner, answer=replace(inner.answer, derivation=replace(derivation, steps=[*derivation.steps, step])))


def _lines(other: Result, result: Result, steps: str, notation: str) -> list[str]:
    """The lines of another derivation, without the definitions that are told already."""
    told = {let.name for let in result.answer.derivation.lets}
    derivation = other.answer.derivation
    new = replace(derivation, lets=[let for let in derivation.lets if let.name not in told])
    return text_lines(new, other.variable, steps, notation)


def _either_layout(jacobian: str, value: Expr) -> list[str]:
    if is_square(value) and known(value, SYMMETRIC):
        return [f"  {jacobian} is symmetric: its numerator and denominator layouts coincide."]
    return []


def other_forms(question: Question, result: Result) -> Iterator[str]:
    """The answer through its gradients with respect to the other variables, where that is no longer; for unknown functions."""
    f, x = question.f, question.x
    if not any(APPLICATIONS.get(e.op.name) == "scalar" for e in postorder(f)):
        return
    others = [s for s in leaves.symbols(f) if s is not x][:MOST_OFFERED]
    for y in others:
        try:
            q = gradient_quantity(f, y)
            found = question.through(result.answer, q, result.oracle)
        except MatcalcError:
            continue
        if found is not None:
            yield f"{pretty(found.value)}   where {pretty(q.name)} = {pretty(q.name.args[0])}"
