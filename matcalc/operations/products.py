"""Products: of matrices, by scalars, entry by entry, inner and outer; quotients."""

from matcalc.core.builders import inner_product
from matcalc.core.expression import Expr
from matcalc.core.operation import OPERATIONS, Domain, Notation, definition, multilinear


@multilinear("lm,mn->ln", variadic=True, hidden=True, cost=0, cite="Matrix Cookbook (37)")
def matmul(A: Expr, B: Expr, G: Expr) -> tuple[Expr, Expr]:
    """Matrix product."""
    return G @ B.T, A.T @ G


@multilinear(",mn->mn", variadic=True, hidden=True, entrywise=True, cost=0, cite="Magnus & Neudecker 2019, §8.2")
def scale(c: Expr, X: Expr, G: Expr) -> tuple[Expr, Expr]:
    """A matrix times a scalar."""
    return inner_product(G, X), c * G


def _weights(position: int, *factors: Expr) -> Expr:
    """diag(vec W) for the product W of the other factors."""
    others = [f for k, f in enumerate(factors) if k != position]
    return OPERATIONS["diag"](OPERATIONS["vec"](hadamard(*others) if len(others) > 1 else others[0]))


@multilinear(
    "mn,mn->mn", variadic=True, entrywise=True, cost=1, notation=Notation(numpy="{0} * {1}"), stacked=_weights,
    cite="Matrix Cookbook (38)",
)  # fmt: skip
def hadamard(A: Expr, B: Expr, G: Expr) -> tuple[Expr, Expr]:
    """Elementwise (Hadamard) product."""
    return G * B, G * A


@multilinear("mn,mn->", entrywise=True, notation=Notation(numpy="np.sum({0} * {1})"), cite="Magnus & Neudecker 2019, §1.10")
def inner(A: Expr, B: Expr, G: Expr) -> tuple[Expr, Expr]:
    """Inner product of matrices, A : B = tr(AᵀB)."""
    return G * B, G * A


@multilinear("m,n->mn", notation=Notation("{0} {1}ᵀ", r"{0} {1}^{\top}", "np.outer({0}, {1})"), cite="Matrix Cookbook (70)")
def outer(x: Expr, y: Expr, G: Expr) -> tuple[Expr, Expr]:
    """Outer product x yᵀ of two vectors."""
    return G @ y, G.T @ x


@definition(None, hidden=True, domain=(Domain("{1} ≠ 0", latex=r"{1} \neq 0"),), cost=1, cite="definition")
def quotient(X: Expr, Y: Expr) -> Expr:
    """Quotient by a scalar, or entry by entry."""
    return X * Y**-1
