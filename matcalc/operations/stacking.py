"""Matrices of linear maps with columns stacked, L with vec f(X) = L vec X, where products of what there is do not say them.

They are words for Jacobians: duplication and elimination for symmetric matrices, the matrices of toeplitz, and those of the
derivatives of matrix functions.
"""

from matcalc.core.expression import Expr
from matcalc.core.operation import Notation, word, worded
from matcalc.core.property import NONNEG, PD
from matcalc.core.size import Size

_DUPLICATION = """def duplication(n):
    i, j = np.triu_indices(n)
    D, k = np.zeros((n * n, len(i))), np.arange(len(i))
    D[i * n + j, k] = D[j * n + i, k] = 1
    return D"""
_ELIMINATION = """def elimination(n):
    i, j = np.triu_indices(n)
    return np.eye(n * n)[i * n + j]"""
_LEFT = """def toeplitz_left(m, n):
    return np.stack([np.eye(m, n, -k).ravel(order='F') for k in range(m)], 1)"""
_RIGHT = """def toeplitz_right(m, n):
    return np.stack([np.eye(m, n, k).ravel(order='F') * (k > 0) for k in range(n)], 1)"""
_EXPM = """def expm_kronecker(X):
    basis = np.eye(X.size).reshape(X.size, *X.shape).transpose(0, 2, 1)
    return np.stack([sp.linalg.expm_frechet(X, E, compute_expm=False).ravel(order='F') for E in basis], 1)"""
_LOGM = """def logm_kronecker(X):
    n, O = len(X), np.zeros(X.shape)
    basis = np.eye(X.size).reshape(X.size, n, n).transpose(0, 2, 1)
    return np.stack([sp.linalg.logm(np.block([[X, E], [O, X]]))[:n, n:].ravel(order='F') for E in basis], 1)"""
_MATPOW = """def matpow_kronecker(X, k):
    n, O = len(X), np.zeros(X.shape)
    basis = np.eye(X.size).reshape(X.size, n, n).transpose(0, 2, 1)
    return np.stack([np.linalg.matrix_power(np.block([[X, E], [O, X]]), k)[:n, n:].ravel(order='F') for E in basis], 1)"""
_SYMMETRIC = "Magnus & Neudecker 2019, §3.8"


@word(
    "->(nn)(½n)", word="D", aliases=("duplication",), value=lambda N, n: N.function("duplication", n), cost=2, gives={NONNEG: ()},
    notation=Notation("D", "D", "duplication({0})", _DUPLICATION), cite=_SYMMETRIC,
)  # fmt: skip
def duplication(*, n: Size) -> None:
    """Duplication matrix: D(n) vech(X) = vec(X) for a symmetric X."""


@word(
    "->(½n)(nn)", value=lambda N, n: N.function("elimination", n), cost=2, gives={NONNEG: ()},
    notation=Notation("L", "L", "elimination({0})", _ELIMINATION), cite=_SYMMETRIC,
)  # fmt: skip
def elimination(*, n: Size) -> None:
    """Elimination matrix: elimination(n) vec(X) = vech(X)."""


@word(
    "->(mn)m", value=lambda N, m, n: N.function("toeplitz_left", m, n), cost=2, gives={NONNEG: ()},
    notation=Notation(None, r"\operatorname{toeplitz\_left}", "toeplitz_left({0}, {1})", _LEFT), cite="definition",
)  # fmt: skip
def toeplitz_left(*, m: Size, n: Size) -> None:
    """Matrix that takes a first column c of m entries to vec(toeplitz(c, zeros(n)))."""


@word(
    "->(mn)n", value=lambda N, m, n: N.function("toeplitz_right", m, n), cost=2, gives={NONNEG: ()},
    notation=Notation(None, r"\operatorname{toeplitz\_right}", "toeplitz_right({0}, {1})", _RIGHT), cite="definition",
)  # fmt: skip
def toeplitz_right(*, m: Size, n: Size) -> None:
    """Matrix that takes a first row r of n entries to vec(toeplitz(zeros(m), r))."""


@word(
    "nn->(nn)(nn)", value=lambda N, X: N.function("expm_kronecker", X), notation=Notation("K_exp", r"K_{\exp}", "expm_kronecker", _EXPM),
    cite="Higham 2008, §10.2",
)  # fmt: skip
def expm_kronecker(X: Expr) -> None:
    """Matrix of the Fréchet derivative of the exponential: vec(expm_frechet(X, E)) is its product with vec(E)."""


@word(
    "nn->(nn)(nn)", value=lambda N, X: N.function("logm_kronecker", X), notation=Notation("K_log", r"K_{\log}", "logm_kronecker", _LOGM),
    domain=(worded("{0} has no eigenvalue on the negative real axis", settled=(PD,)),), cite="Higham 2008, §11.8",
)  # fmt: skip
def logm_kronecker(X: Expr) -> None:
    """Matrix of the Fréchet derivative of the logarithm: vec(logm_frechet(X, E)) is its product with vec(E)."""


@word(
    "nn,->(nn)(nn)", exact=(1,), value=lambda N, X, k: N.function("matpow_kronecker", X, k), cost=12, cite="Matrix Cookbook (90), (91)",
    notation=Notation(
        "Σ_(i<{1}) ({0^}ᵀ)^({1~−1}−i) ⊗ {0^}ⁱ", r"\sum_{i=0}^{{1~-1}} \left({0^}^{\top}\right)^{{1~-1}-i} \otimes {0^}^{i}",
        "matpow_kronecker", _MATPOW, binds="sum",
    ),
)  # fmt: skip
def matpow_kronecker(X: Expr, k: Expr) -> None:
    """Matrix of the derivative of a power: vec(matpow_frechet(X, k, E)) is its product with vec(E)."""
