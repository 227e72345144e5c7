"""Names in an answer that the question does not have: what may have been meant, subscripts and Kronecker's delta among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from matcalc.core.expression import Expr
from matcalc.core.indices import array_axes
from matcalc.errors import NameMistake, Span
from matcalc.syntax.letters import SUBSCRIBED

MOST_FIXES = 2
_APPLIED = r"\w*\s*(?:\([^=]*\))?\s*"
_DERIVATIVE = re.compile(
    rf"\s*\$*\s*(?:(?:∂|d){_APPLIED}(?:/\s*(?:∂|d)\s*[\w\[\],: ]+)?|\\[dt]?frac\s*\{{[^=]*\}}\s*|(?:∇|\\nabla)\s*{_APPLIED}"
    rf"|grad{_APPLIED}|[A-Za-z]'\s*(?:\([^=]*\))?\s*)=(?!=)"
)
"""∂f/∂x =, ∇f =, df =, \\frac{\\partial f}{\\partial x} =, f'(x) = in front of an answer."""


def right_side(answer: str) -> str:
    """What an answer says that the derivative is, where it is an equation.

    >>> right_side("∂f/∂X = 2*X"), right_side("2*X")
    ('2*X', '2*X')
    """
    left = _DERIVATIVE.match(answer)
    return answer[left.end() :].strip() if left is not None and answer[left.end() :].strip() else answer


def stranger(answer: str, name: str, known: list[str], reads: Callable[[str], bool]) -> NameMistake:
    """What is said of a name that the question does not have; a fix is another name with which the answer can be read."""
    at = re.search(rf"\b{re.escape(name)}\b", answer)
    near = get_close_matches(name, known, 1, 0.5) or [n for n in known if n.lower() == name.lower()] or known
    fixes = tuple(answer[: at.start()] + n + answer[at.end() :] for n in near) if at else ()
    if (delta := as_identity(answer)) != answer:
        fixes = (delta,)
    note = f"where {name} is a quantity of its own, declare it: {name}: scalar"
    if name[:1] == "d" and name[1:] in known:
        fixes, note = (), f"{name[1:]} does not move here, so that {name} is 0: leave its term away"
    fitting = tuple(fix for fix in fixes if reads(fix))
    return NameMistake(
        f"the answer has {name}, which the question does not have; it has {', '.join(known)}",
        Span(answer, *at.span()) if at else None,
        notes=(note,), fixes=fitting if len(fitting) <= MOST_FIXES else (),
    )  # fmt: skip


def as_identity(answer: str) -> str:
    """The answer with Kronecker's delta in words of the language: I[i,j] for delta[i,j], delta(i,j) and δ_ij."""
    text = re.sub(r"(?:\bdelta|δ)_?\{?([a-z])([a-z])\}?(?![\w\[(])", r"I[\1,\2]", answer)
    return re.sub(r"(?:\bdelta|δ)\s*[\[(]\s*(\w+)\s*,\s*(\w+)\s*[\])]", r"I[\1,\2]", text)


def subscripted(answer: str, known: Mapping[str, Expr]) -> str:
    """The answer with subscripts of arrays of the question in brackets: A[j,i] for A_ji, A_{ji} and Aⱼᵢ."""

    def entry(found: re.Match[str]) -> str:
        letters = re.sub(r"[^a-z]", "", found[2])
        array = known.get(found[1])
        fits = array is not None and len(array_axes(array.shape)) == len(letters)
        return f"{found[1]}[{','.join(letters)}]" if fits else found[0]

    return re.sub(r"(?<![A-Za-z0-9_])([A-Za-z])((?:_\{?[a-z]+\}?)+)(?![\w\[(])", entry, answer.translate(SUBSCRIBED))


def subscripts(answer: str, known: Mapping[str, Expr]) -> list[str]:
    """The letters of those subscripts."""
    return sorted({letter for inside in re.findall(r"\[([a-z,]+)\]", subscripted(answer, known)) for letter in inside.split(",") if letter})
