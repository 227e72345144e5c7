"""The entries on and below the diagonal of a square matrix as a vector, and the symmetric matrix that they are those of."""

from matcalc.core.expression import Expr
from matcalc.core.operation import OPERATIONS, Notation, linear
from matcalc.core.property import NONNEG, POSITIVE, SYMMETRIC
from matcalc.core.size import side
from matcalc.operations.selections import tril
from matcalc.operations.shapes import diag, diagonal

_KEEPS = {NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}
_VECH = """def vech(X):
    return X.T[np.triu_indices(len(X))]"""
_UNVECH = """def unvech(x):
    n = round((8 * len(x) + 1) ** 0.5) // 2
    X = np.empty((n, n))
    i, j = np.triu_indices(n)
    X[i, j] = X[j, i] = x
    return X"""


@linear(
    "nn->(½n)", value=lambda N, X: N.function("vech", X), stacked=lambda place, X: OPERATIONS["elimination"](n=X.shape[0]), notation=Notation(None, r"\operatorname{vech}", "vech", helper=_VECH),
    gives=_KEEPS, cite="Magnus & Neudecker 2019, §3.8",
)  # fmt: skip
def vech(X: Expr, G: Expr) -> Expr:
    """The entries of a square matrix on the diagonal and below it, column after column."""
    return tril(OPERATIONS["unvech"](G))


@linear(
    "(½n)->nn", value=lambda N, x: N.function("unvech", x), stacked=lambda place, x: OPERATIONS["duplication"](n=side(x.shape[0])), notation=Notation(None, r"\operatorname{unvech}", "unvech", helper=_UNVECH),
    gives=_KEEPS | {SYMMETRIC: ()}, cite="Magnus & Neudecker 2019, §3.8",
)  # fmt: skip
def unvech(x: Expr, G: Expr) -> Expr:
    """The symmetric matrix X with vech(X) = x."""
    return vech(G + G.T - diag(diagonal(G)))
