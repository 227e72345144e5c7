"""Properties that a matrix or its entries can have, which ones follow from which, and facts: a property with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matcalc.core.expression import Expr


@dataclass(frozen=True)
class Property:
    """A property by its word in declarations; `of` says whether it speaks of the matrix or of every entry."""

    word: str
    of: str
    statement: str

    @property
    def latex(self) -> str:
        """The statement in LaTeX, a template like `statement`."""
        signs = {"ᵀ": r"^{{\top}}", "−": "-", "≥": r"\geq ", "≠": r"\neq "}
        words = "".join(signs.get(c, c) for c in self.statement)
        return words if " is " not in words else "{0}" + rf"\text{{{{{words[3:]}}}}}"

    def __repr__(self) -> str:
        return self.word


SYMMETRIC = Property("symmetric", "matrix", "{0}ᵀ = {0}")
PD = Property("pd", "matrix", "{0} is positive definite")
PSD = Property("psd", "matrix", "{0} is positive semidefinite")
DIAGONAL = Property("diagonal", "matrix", "{0} is diagonal")
SKEW = Property("skew", "matrix", "{0}ᵀ = −{0}")
ORTHOGONAL = Property("orthogonal", "matrix", "{0}ᵀ{0} = I")
UPPER = Property("upper", "matrix", "{0} is upper triangular")
LOWER = Property("lower", "matrix", "{0} is lower triangular")
INVERTIBLE = Property("invertible", "matrix", "{0} is invertible")
HERMITIAN = Property("hermitian", "matrix", "{0}ᴴ = {0}")
POSITIVE_DIAGONAL = Property("positive diagonal", "matrix", "diag({0}) > 0")
"""Not for declarations: what a definite matrix has, and a factor of Cholesky."""
POSITIVE = Property("positive", "entry", "{0} > 0")
NONNEG = Property("nonneg", "entry", "{0} ≥ 0")
PROBABILITY = Property("probability", "entry", "0 < {0} < 1")
INTEGER = Property("integer", "entry", "{0} is an integer")

PROPERTIES = {
    p.word: p
    for p in (
        SYMMETRIC, PD, PSD, DIAGONAL, SKEW, ORTHOGONAL, UPPER, LOWER, INVERTIBLE, POSITIVE, NONNEG, PROBABILITY, INTEGER,
    )
}  # fmt: skip

IMPLIES: dict[Property, tuple[Property, ...]] = {
    PD: (PSD, SYMMETRIC, INVERTIBLE),
    PSD: (SYMMETRIC,),
    DIAGONAL: (SYMMETRIC, UPPER, LOWER),
    ORTHOGONAL: (INVERTIBLE,),
    POSITIVE: (NONNEG,),
    PROBABILITY: (POSITIVE, NONNEG),
}
TOGETHER: tuple[tuple[frozenset[Property], Property], ...] = (
    *((frozenset({p, UPPER}), DIAGONAL) for p in (LOWER, SYMMETRIC, ORTHOGONAL)),
    *((frozenset({p, LOWER}), DIAGONAL) for p in (SYMMETRIC, ORTHOGONAL)),
)
"""What follows from two properties and from neither alone."""
ZERO_ALONE = tuple(frozenset({SKEW, p}) for p in (SYMMETRIC, UPPER, LOWER))
"""Pairs of properties that only the matrix 0 has."""
SQUARE = frozenset({SYMMETRIC, PD, PSD, DIAGONAL, SKEW, UPPER, LOWER, INVERTIBLE})


def closure(properties: frozenset[Property]) -> frozenset[Property]:
    """The properties and all that follow from them.

    >>> sorted(p.word for p in closure(frozenset({DIAGONAL})))
    ['diagonal', 'lower', 'symmetric', 'upper']
    >>> DIAGONAL in closure(frozenset({SYMMETRIC, UPPER}))
    True
    """
    found = set(properties)
    waiting = list(properties)
    while waiting:
        p = waiting.pop()
        for follows in (*IMPLIES.get(p, ()), *(joint for pair, joint in TOGETHER if p in pair and pair <= found)):
            if follows not in found:
                found.add(follows)
                waiting.append(follows)
    return frozenset(found)


def strongest(properties: Iterable[Property]) -> list[Property]:
    """The properties without those that follow from others among them; of a matrix that is not square, more would not hold.

    >>> strongest(closure(frozenset({ORTHOGONAL})))
    [orthogonal]
    """
    listed = tuple(properties)
    return [p for p in listed if not any(p in IMPLIES.get(q, ()) for q in listed)]


@dataclass(frozen=True)
class Fact:
    """That `subject` has `property`, and why: by declaration, by the operation that made it, from other facts."""

    subject: Expr
    property: Property
    reason: str
    because: tuple[Fact, ...] = ()
