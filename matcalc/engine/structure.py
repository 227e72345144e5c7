"""Structured variables: what the gradient is where the entries of the variable are not independent, in three conventions.

    projected      the gradient lies in the space in which dX lies, such as the symmetric matrices; this is the default
    distinct       derivatives in the free entries: of a symmetric X both x_ij and x_ji move
    unstructured   derivatives as if all entries were independent

One declaration for each property, or for several at once; the first one that a variable has decides, so the more special come
first.  Matrices that cannot move, such as the diagonal orthogonal ones, have no derivative, and are refused with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcalc.core.builders import call
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Reason
from matcalc.core.expression import Expr
from matcalc.core.indices import is_square
from matcalc.core.leaves import SYMBOL
from matcalc.core.operation import OPERATIONS
from matcalc.core.property import DIAGONAL, LOWER, NONNEG, ORTHOGONAL, PSD, SKEW, SYMMETRIC, UPPER, Property, closure
from matcalc.errors import Unsupported

CONVENTIONS = ("projected", "distinct", "unstructured")


@dataclass(frozen=True)
class Structure:
    """What a property of a matrix X says of dX, and so of its gradient.

    `own` are the equations that dX satisfies; `projected` makes of any A with df = A : dX the one in the space of dX; `distinct`
    makes of that one the derivatives D in the free entries, which pair with dX as `free` of D does (None: no entry is free).
    """

    properties: tuple[Property, ...]
    formula: str
    space: str
    own: Callable[[Expr, Expr], tuple[tuple[Expr, Expr], ...]]
    projected: Callable[[Expr, Expr], Expr]
    distinct: Callable[[Expr], Expr] | None = None
    free: Callable[[Expr], Expr] = lambda D: D
    other: str = ""
    """The formula of the distinct convention, where it differs."""
    is_riemannian: bool = False
    spread: Callable[[Expr], Expr] | None = None
    """Of a matrix like this, the matrix D with vec X = D times its distinct entries, and those (`entries`)."""
    entries: str = ""

    @property
    def word(self) -> str:
        """As a person declares it."""
        return " and ".join(p.word for p in self.properties)

    def told(self, convention: str, x: str) -> str:
        """The line that names the convention."""
        if convention == "unstructured":
            return f"unstructured; the entries of {x} are taken as independent"
        if convention == "distinct":
            return f"distinct, {self.other or self.formula}; derivatives in the free entries of {x}"
        if self.is_riemannian:
            return f"Riemannian gradient, {self.formula.format(x)}; it lies in the tangent space of {self.space.format(x)}"
        return f"projected, {self.formula}; the gradient lies in the space of the {self.space}"


def _diagonal(G: Expr) -> Expr:
    return canonical(call("diag", call("diagonal", G)))


def _tangent(G: Expr, X: Expr) -> Expr:
    """G − X sym(XᵀG), where X is square (G − X GᵀX)/2."""
    if is_square(X):
        return canonical((G - X @ G.T @ X) / 2)
    return canonical(G - X @ (X.T @ G + G.T @ X) / 2)


def _between(X: Expr, d: Expr) -> Expr:
    return call("matmul", X, d, X)


def _involution(G: Expr, X: Expr, sign: int) -> Expr:
    """(M − X M X)/2 of M = (G + Gᵀ)/2, or (M + X M X)/2 of M = (G − Gᵀ)/2: the part of G with X M + M X = 0."""
    twice = G + sign * G.T
    return canonical((twice - sign * X @ twice @ X) / 4)


STRUCTURES = (
    Structure(
        (DIAGONAL,), "diag(diag(G))", "diagonal matrices", lambda d, X: ((d, call("diag", call("diagonal", d))),),
        lambda G, X: _diagonal(G), lambda A: A,
    ),
    Structure(
        (SYMMETRIC, ORTHOGONAL), "(sym(G) − {0} sym(G) {0})/2", "the matrices with {0}ᵀ = {0} and {0}² = I",
        lambda d, X: ((d.T, d), (d, -_between(X, d))), lambda G, X: _involution(G, X, 1), is_riemannian=True,
    ),
    Structure(
        (SKEW, ORTHOGONAL), "(skew(G) + {0} skew(G) {0})/2", "the matrices with {0}ᵀ = −{0} and {0}² = −I",
        lambda d, X: ((d.T, -d), (d, _between(X, d))), lambda G, X: _involution(G, X, -1), is_riemannian=True,
    ),
    Structure(
        (SYMMETRIC,), "(G + Gᵀ)/2", "symmetric matrices", lambda d, X: ((d.T, d),), lambda G, X: canonical((G + G.T) / 2),
        lambda A: canonical(2 * A - _diagonal(A)), lambda D: call("tril", D), "G + Gᵀ − G ⊙ I",
        spread=lambda X: OPERATIONS["duplication"](n=X.shape[0]), entries="vech",
    ),
    Structure(
        (SKEW,), "(G − Gᵀ)/2", "skew matrices", lambda d, X: ((d.T, -d),), lambda G, X: canonical((G - G.T) / 2),
        lambda A: canonical(2 * A), lambda D: call("tril", D), "G − Gᵀ",
    ),
    Structure(
        (UPPER,), "triu(G)", "upper triangular matrices", lambda d, X: ((d, call("triu", d)),),
        lambda G, X: canonical(call("triu", G)), lambda A: A,
    ),
    Structure(
        (LOWER,), "tril(G)", "lower triangular matrices", lambda d, X: ((d, call("tril", d)),),
        lambda G, X: canonical(call("tril", G)), lambda A: A,
    ),
    Structure(
        (ORTHOGONAL,), "G − {0} sym({0}ᵀG)", "the matrices with {0}ᵀ{0} = I", lambda d, X: ((X.T @ d, -(d.T @ X)),), _tangent,
        is_riemannian=True,
    ),
)  # fmt: skip
FIXED: tuple[tuple[frozenset[Property], str], ...] = (
    (frozenset({DIAGONAL, ORTHOGONAL}), "has ±1 on its diagonal and 0 elsewhere"),
    (frozenset({PSD, ORTHOGONAL}), "is I"),
    (frozenset({NONNEG, ORTHOGONAL}), "is a permutation"),
)
"""Properties that leave no room to move, and what a square matrix with them is."""


def structure_of(x: Expr) -> Structure | None:
    """The structure of a variable; raises Unsupported where it has several that do not follow from one, or cannot move."""
    if x.op is not SYMBOL or x.is_scalar:
        return None
    has = frozenset(x["properties"])
    for fixed, what in FIXED:
        if fixed <= has and is_square(x):
            words = " and ".join(sorted(p.word for p in fixed))
            raise Unsupported(
                f"a matrix that is {words} {what}: it cannot move, and there is no derivative with respect to it",
                notes=("convention unstructured takes its entries as independent",),
            )
    found = _any_structure(x)
    if found is not None and not {p for s in STRUCTURES for p in s.properties} & has <= closure(frozenset(found.properties)):
        words = " and ".join(p.word for s in STRUCTURES for p in s.properties[1:] or s.properties if p in has)
        raise Unsupported(f"the gradient with respect to a matrix declared {words} is not known; convention unstructured has an answer")
    return found


@dataclass(frozen=True)
class Convention:
    """A convention for one variable: how the gradient is made, what it pairs with dX as, and the line that names it."""

    name: str
    structure: Structure | None

    @classmethod
    def of(cls, name: str, x: Expr) -> Convention:
        """The convention of this name for x; raises Unsupported where the entries of x are not free."""
        found = cls(name, structure_of(x) if name != "unstructured" else _any_structure(x))
        if name == "distinct" and found.structure is not None and found.structure.distinct is None:
            word = found.structure.word
            raise Unsupported(f"no entry of a matrix that is {word} can be varied alone; the conventions are projected and unstructured")
        return found

    @property
    def structured(self) -> bool:
        """Whether dX keeps the structure of X."""
        return self.name != "unstructured"

    def free(self, D: Expr) -> Expr:
        """What pairs with dX to give df, from the answer."""
        return self.structure.free(D) if self.structure is not None and self.name == "distinct" else D

    def spread(self, x: Expr) -> Expr | None:
        """D with vec x = D vech x where derivatives in the distinct entries of x are asked for; None where they are not."""
        if self.structure is None or self.name != "distinct":
            return None
        if self.structure.spread is None:
            word = self.structure.word
            what = f"Jacobians and Hessians in the distinct entries of a matrix that is {word} are not known"
            raise Unsupported(f"{what}; they are of symmetric ones")
        return self.structure.spread(x)

    @property
    def entries(self) -> str:
        """The word for the distinct entries of a matrix like that, vech."""
        return self.structure.entries if self.structure is not None else ""

    def told(self, x: str, kind: str = "gradient") -> str:
        """The line that names it; "" where the variable has no structure."""
        if self.name == "distinct" and kind != "gradient" and self.structure is not None:
            return f"distinct; derivatives in the distinct entries, {self.entries}({x})"
        return self.structure.told(self.name, x) if self.structure is not None else ""

    def own(self, d: Expr, x: Expr) -> list[Reason]:
        """What dX satisfies."""
        assert self.structure is not None
        return [Reason(left, right) for left, right in self.structure.own(d, x)]


def _any_structure(x: Expr) -> Structure | None:
    return next((s for s in STRUCTURES if x.op is SYMBOL and {*s.properties} <= {*x["properties"]}), None)


PLAIN = Convention("projected", None)
"""That of a variable without a structure."""
