"""The factor of Cholesky of a positive definite matrix, and the word for its derivative."""

from matcalc.core.expression import Expr
from matcalc.core.leaves import ones
from matcalc.core.operation import OPERATIONS, Domain, Notation, operation, word
from matcalc.core.property import INVERTIBLE, LOWER, PD, POSITIVE_DIAGONAL
from matcalc.operations.inverses import inv
from matcalc.operations.shapes import diag

_DEFINITE = Domain(PD.statement, latex=PD.latex, settled=(PD,))

_LOWER_HALF = """def lower_half(M):
    return np.tril(M) - np.diag(np.diag(M)) / 2"""


@word(
    "nn->nn", linear_in={0: lambda M, G: OPERATIONS["lower_half"](G)}, value=lambda N, M: N.function("lower_half", M), gives={LOWER: ()}, stacked=lambda place, M: diag(OPERATIONS["vec"](OPERATIONS["lower_half"](ones(M.shape)))),
    notation=Notation(None, None, "lower_half", _LOWER_HALF), cite="Murray 2016",
)  # fmt: skip
def lower_half(M: Expr) -> None:
    """Lower triangle of a square matrix with half of its diagonal."""


@operation(
    "nn->nn", transposition="invariant", value=lambda N, X: N.function("chol", X), notation=Notation(numpy="np.linalg.cholesky"),
    domain=(_DEFINITE,),
    gives={LOWER: (), INVERTIBLE: (), POSITIVE_DIAGONAL: ()}, aliases=("cholesky",), cite="Murray 2016",
)  # fmt: skip
def chol(X: Expr, dX: Expr) -> Expr:
    """Lower triangular factor L with positive diagonal of a positive definite matrix X = L Lᵀ."""
    L = chol(X)
    return L @ lower_half(inv(L) @ ((dX + dX.T) / 2) @ inv(L).T)
