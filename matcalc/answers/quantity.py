"""Quantities that a result is to be written through: `r = A@x - b`, `grad(L(w), g)`; read in the company of the question's own names."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from matcalc.core import leaves
from matcalc.core.abstract import function_of, functions, order_of
from matcalc.core.expression import Expr, postorder
from matcalc.engine.nested import carried_out
from matcalc.errors import DomainMistake, NameMistake, Span, SyntaxMistake
from matcalc.syntax import read

if TYPE_CHECKING:
    from matcalc.answers.question import Question
    from matcalc.answers.result import Result

Using: TypeAlias = "str | Iterable[str] | Mapping[str, str] | None"
_NAMED = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Quantity:
    """A name with its definition, as it was asked for; of a gradient also how that is found."""

    text: str
    name: Expr
    result: Result | None = None

    def refused(self, why: str) -> DomainMistake:
        """The error that the result cannot be written with this."""
        return DomainMistake(why, Span(self.text, 0, len(self.text)))


def texts_of(using: Using) -> tuple[str, ...]:
    """What was asked for, one text for each quantity."""
    if using is None:
        return ()
    if isinstance(using, str):
        return (using,)
    return tuple(f"{name} = {body}" for name, body in using.items()) if isinstance(using, Mapping) else tuple(using)


def quantity(text: str, question: Question, earlier: Iterable[Quantity] = ()) -> Quantity:
    """The quantity of a text, which may use the variables, the definitions and the functions of the question."""
    parts = _NAMED.fullmatch(text)
    label, body = (parts[1], parts[2].strip()) if parts else ("", text.strip())
    known = {e["name"]: e for e in leaves.symbols(question.f, question.x)}
    known |= {e["label"]: e for e in postorder(question.f) if e.op is leaves.NAMED}
    known |= {q.name["label"]: q.name for q in earlier}
    sizes = {name for x in postorder(question.f, question.x) for size in x.shape for name in size.names()}
    if label in known or label in functions(question.f) or label in sizes:
        raise NameMistake(f"{label} has a meaning already", Span(text, text.index(label), text.index(label) + len(label)))
    e = read(body, known=known, functions=functions(question.f)).expr
    if e.op is leaves.GRAD and e.args[1] not in known.values():
        name = e.args[1]["name"]
        at = text.rindex(name)
        raise NameMistake(f"there is no variable {name}; the variables are {', '.join(known)}", Span(text, at, at + len(name)))
    if e.op is not leaves.GRAD:
        if not label:
            raise SyntaxMistake("a quantity is NAME = EXPR or grad(EXPR, NAME)", Span(text, 0, len(text)))
        return Quantity(text, leaves.named(label, carried_out(e)))
    return gradient_quantity(e.args[0], e.args[1], text, label, known)


def gradient_quantity(f: Expr, x: Expr, text: str = "", label: str = "", taken: Container[str] = ()) -> Quantity:
    """∂f/∂x under a name: `dL_dg` in texts and programs, ∇_gL on paper; with the derivation of it where x is a variable."""
    from matcalc.answers.question import Question

    f, x = carried_out(f), carried_out(x)
    function = function_of(f)
    base = function.name if function is not None and order_of(f) == 0 else "f"
    at = x["label"] if x.op is leaves.NAMED else x["name"]
    result = Question(f, x).gradient() if x.op is leaves.SYMBOL else None
    value = result.value if result is not None else carried_out(leaves.gradient_of(f, x))
    wanted = label or f"d{base}_d{at}"
    while wanted in taken:
        wanted += "_"
    name = leaves.named(wanted, value)
    if not label:
        name.memo["gradient"] = base, at
    return Quantity(text, name, result)
