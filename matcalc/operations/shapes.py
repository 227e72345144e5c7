"""Operations that move entries: transpose, diagonal matrices and diagonals.

The transpose is declared by its index equation like any other map of one argument; `linear` is for several arguments together.
"""

from matcalc.core.expression import Expr
from matcalc.core.leaves import identity
from matcalc.core.operation import OPERATIONS, Notation, multilinear
from matcalc.core.property import (
    DIAGONAL,
    INVERTIBLE,
    LOWER,
    NONNEG,
    ORTHOGONAL,
    PD,
    POSITIVE,
    POSITIVE_DIAGONAL,
    PSD,
    SKEW,
    SYMMETRIC,
    UPPER,
)
from matcalc.core.size import Size

_SAME = {p: (p,) for p in (SYMMETRIC, PD, PSD, DIAGONAL, SKEW, ORTHOGONAL, INVERTIBLE, POSITIVE, NONNEG)}


def _places(n: Size) -> Expr:
    """I ∗ I, which takes v to vec(diag(v))."""
    return OPERATIONS["khatri_rao"](identity(n), identity(n))


@multilinear(
    "mn->nm", hidden=True, cost=1, stacked=lambda position, X: OPERATIONS["commutation"](m=X.shape[0], n=X.shape[1]),
    gives=_SAME | {UPPER: (LOWER,), LOWER: (UPPER,)}, cite="Matrix Cookbook (44)",
)  # fmt: skip
def transpose(X: Expr, G: Expr) -> Expr:
    """Transpose."""
    return G.T


@multilinear(
    "n->nn", notation=Notation(numpy="np.diag({0})"), gives={DIAGONAL: (), PSD: (NONNEG,), PD: (POSITIVE,)},
    stacked=lambda position, v: _places(v.shape[0]), cite="Magnus & Neudecker 2019, §1.7",
)  # fmt: skip
def diag(v: Expr, G: Expr) -> Expr:
    """Diagonal matrix with the entries of a vector."""
    return diagonal(G)


@multilinear(
    "nn->n", word="diag", notation=Notation("diag", r"\operatorname{diag}", "np.diag({0})"), gives={POSITIVE: (POSITIVE_DIAGONAL,)},
    stacked=lambda position, M: _places(M.shape[0]).T, cite="Magnus & Neudecker 2019, §1.7",
)  # fmt: skip
def diagonal(M: Expr, G: Expr) -> Expr:
    """Diagonal of a square matrix, as a vector."""
    return diag(G)
