"""Structured variables: what the gradient is where the entries of the variable are not independent, in three conventions.

    projected      the gradient lies in the space in which dX lies, such as the symmetric matrices; this is the default
    distinct       derivatives in the free entries: of a symmetric X both x_ij and x_ji move
    unstructured   derivatives as if all entries were independent

One declaration for each property; the first one that a variable has decides, so the more special come first.
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
from matcalc.core.property import DIAGONAL, LOWER, ORTHOGONAL, SKEW, SYMMETRIC, UPPER, Property, closure
from matcalc.errors import Unsupported

CONVENTIONS = ("projected", "distinct", "unstructured")


@dataclass(frozen=True)
class Structure:
    """What a property of a matrix X says of dX, and so of its gradient.

    `own` is the equation that dX satisfies; `projected` makes of any A with df = A : dX the one in the space of dX; `distinct`
    makes of that one the derivatives D in the free entries, which pair with dX as `free` of D does (None: no entry is free).
    """

    property: Property
    formula: str
    space: str
    own: Callable[[Expr, Expr], tuple[Expr, Expr]]
    projected: Callable[[Expr, Expr], Expr]
    distinct: Callable[[Expr], Expr] | None = None
    free: Callable[[Expr], Expr] = lambda D: D
    other: str = ""
    """The formula of the distinct convention, where it differs."""
    is_riemannian: bool = False
    spread: Callable[[Expr], Expr] | None = None
    """Of a matrix like this, the matrix D with vec X = D times its distinct entries, and those (`entries`)."""
    entries: str = ""

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


STRUCTURES = (
    Structure(
        DIAGONAL, "diag(diag(G))", "diagonal matrices", lambda d, X: (d, call("diag", call("diagonal", d))),
        lambda G, X: _diagonal(G), lambda A: A,
    ),
    Structure(
        SYMMETRIC, "(G + Gᵀ)/2", "symmetric matrices", lambda d, X: (d.T, d), lambda G, X: canonical((G + G.T) / 2),
        lambda A: canonical(2 * A - _diagonal(A)), lambda D: call("tril", D), "G + Gᵀ − G ⊙ I",
        spread=lambda X: OPERATIONS["duplication"](n=X.shape[0]), entries="vech",
    ),
    Structure(
        SKEW, "(G − Gᵀ)/2", "skew matrices", lambda d, X: (d.T, -d), lambda G, X: canonical((G - G.T) / 2),
        lambda A: canonical(2 * A), lambda D: call("tril", D), "G − Gᵀ",
    ),
    Structure(
        UPPER, "triu(G)", "upper triangular matrices", lambda d, X: (d, call("triu", d)),
        lambda G, X: canonical(call("triu", G)), lambda A: A,
    ),
    Structure(
        LOWER, "tril(G)", "lower triangular matrices", lambda d, X: (d, call("tril", d)),
        lambda G, X: canonical(call("tril", G)), lambda A: A,
    ),
    Structure(
        ORTHOGONAL, "G − {0} sym({0}ᵀG)", "the matrices with {0}ᵀ{0} = I", lambda d, X: (X.T @ d, -(d.T @ X)), _tangent, is_riemannian=True,
    ),
)  # fmt: skip


def structure_of(x: Expr) -> Structure | None:
    """The structure of a variable; raises Unsupported where it has several that do not follow from one."""
    if x.op is not SYMBOL or x.is_scalar:
        return None
    there = [s for s in STRUCTURES if s.property in x["properties"]]
    if there and not {s.property for s in there} <= closure(frozenset({there[0].property})):
        words = " and ".join(s.property.word for s in there)
        raise Unsupported(f"the gradient with respect to a matrix declared {words} is not known; convention unstructured has an answer")
    return there[0] if there else None


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
            word = found.structure.property.word
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
            word = self.structure.property.word
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

    def own(self, d: Expr, x: Expr) -> Reason:
        """What dX satisfies."""
        assert self.structure is not None
        return Reason(*self.structure.own(d, x))


def _any_structure(x: Expr) -> Structure | None:
    there = [s for s in STRUCTURES if x.op is SYMBOL and s.property in x["properties"]]
    return there[0] if there else None


PLAIN = Convention("projected", None)
"""That of a variable without a structure."""
