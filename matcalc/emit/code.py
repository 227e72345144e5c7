"""One computation of an array program, and what may be seen in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

MOST_TERMS = 6

Data: TypeAlias = Any


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """One computation: an operation of the target, its operands, what else it needs (a name, a number), and its rank."""

    op: str
    args: tuple[Code, ...]
    rank: int
    data: Data = None


class Formed(str):
    """A template of a value, with the source of a function that it calls."""

    helper = ""

    @classmethod
    def of(cls, template: str, helper: str) -> Formed:
        """The template with its helper."""
        found = cls(template)
        found.helper = helper
        return found


def helper_of(code: Code) -> str:
    """The source of a function that a computation calls, where the library has none."""
    return str(code.data.notation.helper if code.op == "call" else code.data.helper if isinstance(code.data, Formed) else "")


def is_scaled(a: Code) -> bool:
    """Whether this is a scalar times an array."""
    return a.op == "multiply" and a.args[0].rank == 0 < a.args[1].rank


def thin_terms(m: Code) -> list[tuple[Code, Code | None, bool]] | None:
    """The terms of a sum of identities, outer products and diagonal matrices, each with a scalar and its sign; else None."""
    terms: list[tuple[Code, Code | None, bool]] = []
    rest: Code | None = m
    while rest is not None and len(terms) < MOST_TERMS:
        last, negative = rest, False
        if rest.op in ("add", "subtract"):
            last, negative = rest.args[1], rest.op == "subtract"
        scalar = None
        if last.op == "multiply" and last.args[0].rank == 0:
            scalar, last = last.args
        if last.op not in ("eye", "outer", "diag"):
            return None
        terms.append((last, scalar, negative))
        rest = rest.args[0] if rest.op in ("add", "subtract") else None
    return terms[::-1] if rest is None and len(terms) > 1 else None


def repeated(make: Callable[..., Code], a: Code, beside: Code) -> Code:
    """x 1ᵀ or 1 yᵀ beside a matrix: the vector, repeated by broadcasting."""
    if a.op != "outer" or beside.rank < 2 or beside.op in ("outer", "eye", "diag", "ones", "zeros", "as_column", "as_row"):
        return a
    x, y = a.args
    return make("as_column", x, rank=2) if y.op == "ones" else make("as_row", y, rank=2) if x.op == "ones" else a
