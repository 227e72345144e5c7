"""Second Fréchet derivatives of matrix functions, and their matrices: words for Hessians.

L²(X; E, D) is the derivative of L(X, E) at X along D: the sum of all the ways to put E and D among the factors X.  It is the upper
right block of the same function at a block matrix (Mathias 1996; Higham & Relton 2014), which is what the code does.
"""

from matcalc.core.expression import Expr
from matcalc.core.operation import OPERATIONS, Notation, word, worded
from matcalc.core.property import PD, SYMMETRIC

_CITE = "Higham & Relton 2014"
_CUT = (worded("{0} has no eigenvalue on the negative real axis", settled=(PD,)),)
_SYMMETRIC = {SYMMETRIC: (SYMMETRIC,)}
_MANY = """def {0}_frechet2(X, {1}E, D):
    n, O = len(X), np.zeros((len(X), len(X)))
    A, B = np.block([[X, E], [O, X]]), np.block([[D, O], [O, D]])
    return {2}(np.block([[A, B], [np.zeros(A.shape), A]]){3})[:n, 3 * n:]"""
_MATRIX = """def {0}_kronecker2(X, {1}E):
    n, O = len(X), np.zeros((len(X), len(X)))
    A, Z = np.block([[X, E], [O, X]]), np.zeros((2 * n, 2 * n))
    along = (np.kron(np.eye(2), D) for D in np.eye(n * n).reshape(n * n, n, n).transpose(0, 2, 1))
    return np.stack([{2}(np.block([[A, B], [Z, A]]){3})[:n, 3 * n:].ravel(order='F') for B in along], 1)"""
_EXPM, _LOGM = ("expm", "", "sp.linalg.expm", ""), ("logm", "", "sp.linalg.logm", "")
_MATPOW = ("matpow", "k, ", "np.linalg.matrix_power", ", k")


@word(
    "nn,nn,nn->nn",
    linear_in={
        1: lambda X, E, D, G: OPERATIONS["expm_frechet2"](X.T, G, D.T), 2: lambda X, E, D, G: OPERATIONS["expm_frechet2"](X.T, E.T, G),
    },
    stacked=lambda place, X, E, D: OPERATIONS["expm_kronecker2"](X, D if place == 1 else E), transposition="equivariant", gives=_SYMMETRIC,
    value=lambda N, X, E, D: N.function("expm_frechet2", X, E, D), cite=_CITE,
    notation=Notation("L²_exp", r"L^{(2)}_{\exp}", "expm_frechet2", _MANY.format(*_EXPM)),
)  # fmt: skip
def expm_frechet2(X: Expr, E: Expr, D: Expr) -> None:
    """Second Fréchet derivative of the exponential of a matrix X in the directions E and D."""


@word(
    "nn,nn->(nn)(nn)", value=lambda N, X, E: N.function("expm_kronecker2", X, E), cite=_CITE,
    notation=Notation("K²_exp", r"K^{(2)}_{\exp}", "expm_kronecker2", _MATRIX.format(*_EXPM)),
)  # fmt: skip
def expm_kronecker2(X: Expr, E: Expr) -> None:
    """Matrix of that second derivative: vec(expm_frechet2(X, E, D)) is its product with vec(D)."""


@word(
    "nn,nn,nn->nn",
    linear_in={
        1: lambda X, E, D, G: OPERATIONS["logm_frechet2"](X.T, G, D.T), 2: lambda X, E, D, G: OPERATIONS["logm_frechet2"](X.T, E.T, G),
    },
    stacked=lambda place, X, E, D: OPERATIONS["logm_kronecker2"](X, D if place == 1 else E), transposition="equivariant", gives=_SYMMETRIC,
    value=lambda N, X, E, D: N.function("logm_frechet2", X, E, D), domain=_CUT, cite=_CITE,
    notation=Notation("L²_log", r"L^{(2)}_{\log}", "logm_frechet2", _MANY.format(*_LOGM)),
)  # fmt: skip
def logm_frechet2(X: Expr, E: Expr, D: Expr) -> None:
    """Second Fréchet derivative of the logarithm of a matrix X in the directions E and D."""


@word(
    "nn,nn->(nn)(nn)", value=lambda N, X, E: N.function("logm_kronecker2", X, E), domain=_CUT, cite=_CITE,
    notation=Notation("K²_log", r"K^{(2)}_{\log}", "logm_kronecker2", _MATRIX.format(*_LOGM)),
)  # fmt: skip
def logm_kronecker2(X: Expr, E: Expr) -> None:
    """Matrix of that second derivative: vec(logm_frechet2(X, E, D)) is its product with vec(D)."""


@word(
    "nn,,nn,nn->nn",
    linear_in={
        2: lambda X, k, E, D, G: OPERATIONS["matpow_frechet2"](X.T, k, G, D.T),
        3: lambda X, k, E, D, G: OPERATIONS["matpow_frechet2"](X.T, k, E.T, G),
    },
    stacked=lambda place, X, k, E, D: OPERATIONS["matpow_kronecker2"](X, k, D if place == 2 else E), transposition="equivariant", gives=_SYMMETRIC,
    exact=(1,), value=lambda N, X, k, E, D: N.function("matpow_frechet2", X, k, E, D), cite=_CITE,
    notation=Notation("L²_pow", r"L^{(2)}_{\mathrm{pow}}", "matpow_frechet2", _MANY.format(*_MATPOW)),
)  # fmt: skip
def matpow_frechet2(X: Expr, k: Expr, E: Expr, D: Expr) -> None:
    """Second derivative of the power Xᵏ in the directions E and D."""


@word(
    "nn,,nn->(nn)(nn)", exact=(1,), value=lambda N, X, k, E: N.function("matpow_kronecker2", X, k, E), cite=_CITE,
    notation=Notation("K²_pow", r"K^{(2)}_{\mathrm{pow}}", "matpow_kronecker2", _MATRIX.format(*_MATPOW)),
)  # fmt: skip
def matpow_kronecker2(X: Expr, k: Expr, E: Expr) -> None:
    """Matrix of that second derivative: vec(matpow_frechet2(X, k, E, D)) is its product with vec(D)."""
