"""Eigenvalues and singular values, the norms made of them, and the words for their vectors.

The derivative of a function of singular values is U f′(Σ) Vᵀ, and of eigenvalues V⁻ᵀ f′(Λ) Vᵀ; so the words are U, V, and their
products that read by themselves: `polar(X)` is U Vᵀ, `top_dyad(X)` the first column of U times that of V.
"""

from matcalc.core.builders import inner_product
from matcalc.core.expression import Expr
from matcalc.core.leaves import identity, ones
from matcalc.core.operation import Domain, Notation, definition, operation, worded
from matcalc.core.property import INVERTIBLE, NONNEG, ORTHOGONAL, PD, POSITIVE, PSD, SKEW, SYMMETRIC
from matcalc.operations.axes import column_sums, row_sums
from matcalc.operations.extremes import max_
from matcalc.operations.functions import abs_
from matcalc.operations.inverses import inv, pinv
from matcalc.operations.powers import sqrtm, sylvester
from matcalc.operations.shapes import diag, diagonal

_SYMMETRIC = Domain(SYMMETRIC.statement, latex=SYMMETRIC.latex, settled=(SYMMETRIC,))
_FULL_RANK = worded(
    "{0} has full rank", "kink", "U Vᵀ of any thin singular value decomposition is one subgradient", settled=(PD, INVERTIBLE)
)

# ---- singular values ----

def _is_wide(X: Expr) -> bool:
    rows, columns = X.shape[0].number(), X.shape[1].number()
    return rows is not None and columns is not None and rows < columns


_POLAR = """def polar(X):
    U, _, Vt = np.linalg.svd(X, full_matrices=False)
    return U @ Vt"""


@operation(
    "mn->mn", transposition="equivariant", parity="odd", value=lambda N, X: N.function("polar", X), gives={SYMMETRIC: (SYMMETRIC,)},
    notation=Notation(None, None, "polar", _POLAR), domain=(_FULL_RANK,), cite="Higham 2008, §8",
)  # fmt: skip
def polar(X: Expr, dX: Expr) -> Expr:
    """Polar factor U Vᵀ of X = U Σ Vᵀ, its thin singular value decomposition; X (XᵀX)^(−1/2)."""
    if _is_wide(X):
        return _tall_polar_along(X.T, dX.T).T
    return _tall_polar_along(X, dX) if _is_wide(X.T) or X.shape[0] is X.shape[1] else _polar_along(X, dX)


def _tall_polar_along(X: Expr, dX: Expr) -> Expr:
    """Q W + (I − Q Qᵀ) dX H⁻¹ for X = Q H, where H W + W H = QᵀdX − dXᵀQ; X of full column rank."""
    Q, H = polar(X), sqrtm(X.T @ X)
    turned = Q @ sylvester(H, H, Q.T @ dX - dX.T @ Q)
    return turned if X.shape[0] is X.shape[1] else turned + (identity(X.shape[0]) - Q @ Q.T) @ dX @ inv(H)


def _polar_along(X: Expr, dX: Expr) -> Expr:
    """The same, and what a wide X adds: of full rank one of I − Q Qᵀ and I − QᵀQ is 0."""
    Q, left, right = polar(X), identity(X.shape[0]), identity(X.shape[1])
    H = sqrtm(X.T @ X + right - Q.T @ Q)
    turned = Q @ sylvester(H, H, Q.T @ dX - dX.T @ Q) @ Q.T @ Q
    return turned + (left - Q @ Q.T) @ dX @ pinv(X) @ Q + Q @ pinv(X) @ dX @ (right - Q.T @ Q)


@operation(
    "mn->", word="norm", options={"ord": "nuc"}, positional=True, transposition="invariant", parity="even", gives={NONNEG: ()},
    notation=Notation("‖{0}‖∗", r"\lVert {0} \rVert_{*}", "np.linalg.norm({0}, 'nuc')"), defining=lambda X: inner_product(X, polar(X)),
    domain=(_FULL_RANK,), cite="Lewis 1996",
)  # fmt: skip
def nuclear_norm(X: Expr, dX: Expr) -> Expr:
    """Nuclear norm of a matrix, the sum of its singular values."""
    return inner_product(polar(X), dX)


_ONE_LARGEST = worded("the largest singular value of {0} is simple", "kink", "the vectors of any of them give one subgradient")
_TOP_DYAD = """def top_dyad(X):
    U, _, Vt = np.linalg.svd(X, full_matrices=False)
    return np.outer(U[:, 0], Vt[0])"""


@operation(
    "mn->mn", transposition="equivariant", parity="odd", value=lambda N, X: N.function("top_dyad", X), gives={SYMMETRIC: (SYMMETRIC,)},
    notation=Notation("u₁({0}) v₁({0})ᵀ", r"u_1\left({0}\right) v_1\left({0}\right)^{\top}", "top_dyad", _TOP_DYAD, binds="product"),
    domain=(_ONE_LARGEST,), cost=4, cite="Lewis 1996",
)  # fmt: skip
def top_dyad(X: Expr, dX: Expr) -> Expr:
    """Product u vᵀ of the singular vectors that belong to the largest singular value."""
    D, s = top_dyad(X), spectral_norm(X)
    left, right = reduced_resolvent(X @ X.T), reduced_resolvent(X.T @ X)
    return left @ (s * dX @ D.T + X @ dX.T) @ D + D @ (s * D.T @ dX + dX.T @ X) @ right


@operation(
    "mn->", word="norm", options={"ord": 2}, positional=True, transposition="invariant", parity="even", gives={NONNEG: ()},
    notation=Notation("‖{0}‖₂", r"\lVert {0} \rVert_{2}", "np.linalg.norm({0}, 2)"), value=lambda N, X: N.function("spectral norm", X),
    domain=(_ONE_LARGEST,), cite="Giles 2008, §2.3",
)  # fmt: skip
def spectral_norm(X: Expr, dX: Expr) -> Expr:
    """Spectral norm of a matrix, its largest singular value."""
    return inner_product(top_dyad(X), dX)


_VALUES = worded("the singular values of {0} are simple and not 0")
_TALL = Domain("svdvals wants a matrix at least as tall as wide; transpose this one", "never", when=_is_wide)


_SVD_LEFT = """def svd_left(X):
    U, _, Vt = np.linalg.svd(X, full_matrices=False)
    return U * np.sign(np.take_along_axis(Vt, np.abs(Vt).argmax(1)[:, None], 1)).T"""
_SVD_RIGHT = """def svd_right(X):
    V = np.linalg.svd(X, full_matrices=False)[2].T
    return V * np.sign(np.take_along_axis(V, np.abs(V).argmax(0)[None, :], 0))"""


@operation(
    "mn->mn", value=lambda N, X: N.function("svd_left", X), notation=Notation("U", "U", "svd_left", _SVD_LEFT), domain=(_VALUES,),
    cite="Golub & Van Loan 2013, §2.4",
)  # fmt: skip
def svd_left(X: Expr, dX: Expr) -> Expr:
    """Singular vectors on the left of a tall matrix, as columns: U of X = U Σ Vᵀ."""
    U, V, s = svd_left(X), svd_right(X), svdvals(X)
    M = U.T @ dX @ V
    return U @ (gaps(s**2) * (M @ diag(s) + diag(s) @ M.T)) + (identity(X.shape[0]) - U @ U.T) @ dX @ V @ diag(s**-1)


@operation(
    "mn->nn", value=lambda N, X: N.function("svd_right", X), notation=Notation("V", "V", "svd_right", _SVD_RIGHT), domain=(_VALUES,),
    cite="Golub & Van Loan 2013, §2.4",
)  # fmt: skip
def svd_right(X: Expr, dX: Expr) -> Expr:
    """Singular vectors on the right of a tall matrix, as columns: V of X = U Σ Vᵀ, the largest entry of each positive."""
    U, V, s = svd_left(X), svd_right(X), svdvals(X)
    M = U.T @ dX @ V
    return V @ (gaps(s**2) * (diag(s) @ M + M.T @ diag(s)))


@operation(
    "mn->n", value=lambda N, X: N.function("svdvals", X), gives={NONNEG: ()}, domain=(_TALL, _VALUES), parity="even",
    notation=Notation("σ", r"\sigma", "np.linalg.svd({0}, compute_uv=False)"), cite="Lewis 1996; Townsend 2016",
)  # fmt: skip
def svdvals(X: Expr, dX: Expr) -> Expr:
    """Singular values of a matrix at least as tall as wide, from the largest."""
    return diagonal(svd_left(X).T @ dX @ svd_right(X))


# ---- induced norms ----


@definition(
    "mn->", word="norm", options={"ord": 1}, positional=True, gives={NONNEG: ()}, cite="Matrix Cookbook (523)",
    notation=Notation("‖{0}‖₁", r"\lVert {0} \rVert_{1}", "np.linalg.norm({0}, 1)"),
)  # fmt: skip
def column_sum_norm(X: Expr) -> Expr:
    """Largest sum of the absolute values of a column."""
    return max_(column_sums(abs_(X)))


@definition(
    "mn->", word="norm", options={"ord": "inf"}, positional=True, gives={NONNEG: ()}, cite="Matrix Cookbook (526)",
    notation=Notation("‖{0}‖∞", r"\lVert {0} \rVert_{\infty}", "np.linalg.norm({0}, np.inf)"),
)  # fmt: skip
def row_sum_norm(X: Expr) -> Expr:
    """Largest sum of the absolute values of a row."""
    return max_(row_sums(abs_(X)))


# ---- eigenvalues ----

_GAPS = """def gaps(x):
    D = x[None, :] - x[:, None]
    return np.divide(1, D, out=np.zeros(D.shape), where=~np.eye(len(x), dtype=bool))"""


@operation(
    "n->nn", value=lambda N, x: N.function("gaps", x), gives={SKEW: ()}, domain=(worded("the entries of {0} are distinct"),),
    notation=Notation(None, None, "gaps", _GAPS), cite="Magnus 1985; Giles 2008, §2.3",
)  # fmt: skip
def gaps(x: Expr, dx: Expr) -> Expr:
    """Reciprocal differences of the entries of a vector, 1/(x_j − x_i) in row i and column j, and 0 on the diagonal."""
    one = ones(x.shape)
    return gaps(x) ** 2 * (dx @ one.T - one @ dx.T)


_REAL = worded("the eigenvalues of {0} are real and simple")
_EIGVALS = """def eigvals(X):
    return np.sort(np.real_if_close(np.linalg.eigvals(X), tol=1e9))"""
_EIGVECS = """def eigvecs(X):
    values, V = (np.real_if_close(part, tol=1e9) for part in np.linalg.eig(X))
    V = V[:, np.argsort(values)]
    largest = np.take_along_axis(V, np.abs(V).argmax(0)[None, :], 0)
    return V * (np.abs(largest) / largest)"""


@operation(
    "nn->nn", value=lambda N, X: N.function("eigvecs", X), notation=Notation("V", "V", "eigvecs", _EIGVECS), domain=(_REAL,), letters="v",
    gives={INVERTIBLE: (), ORTHOGONAL: (SYMMETRIC,)}, cite="Magnus & Neudecker 2019, §8.9",
)  # fmt: skip
def eigvecs(X: Expr, dX: Expr) -> Expr:
    """Eigenvectors of length 1, as columns, in the order of the eigenvalues, the largest entry of each positive."""
    V = eigvecs(X)
    W = V @ (gaps(eigvals(X)) * (inv(V) @ dX @ V))
    return W - V @ diag(diagonal(V.T @ W))


@operation(
    "nn->n", transposition="invariant", value=lambda N, X: N.function("eigvals", X), gives={POSITIVE: (PD,), NONNEG: (PSD,)}, domain=(_REAL,),
    notation=Notation("λ", r"\lambda", "eigvals", _EIGVALS), aliases=("eigvalsh",), cite="Magnus & Neudecker 2019, §8.9",
)  # fmt: skip
def eigvals(X: Expr, dX: Expr) -> Expr:
    """Eigenvalues of a square matrix, from the smallest."""
    V = eigvecs(X)
    return diagonal(inv(V) @ dX @ V)


_ONE_BOTTOM = worded("the smallest eigenvalue of {0} is simple", "kink", "any of its unit eigenvectors gives one supergradient")
_ONE_TOP = worded("the largest eigenvalue of {0} is simple", "kink", "any of its unit eigenvectors gives one subgradient")

_TOP_EIGVEC = """def top_eigvec(X):
    v = np.linalg.eigh(X)[1][:, -1]
    return v * np.sign(v[np.abs(v).argmax()])"""


@operation(
    "nn->n", transposition="invariant", value=lambda N, X: N.function("top_eigvec", X), domain=(_SYMMETRIC, _ONE_TOP),
    cite="Overton & Womersley 1995",
    notation=Notation("vₘₐₓ", r"v_{\max}", "top_eigvec", _TOP_EIGVEC), letters="v",
)  # fmt: skip
def top_eigvec(X: Expr, dX: Expr) -> Expr:
    """Unit eigenvector of the largest eigenvalue of a symmetric matrix, its largest entry positive."""
    return reduced_resolvent(X) @ ((dX + dX.T) / 2) @ top_eigvec(X)


_RESOLVENT = """def reduced_resolvent(X):
    w, V = np.linalg.eigh(X)
    return V[:, :-1] / (w[-1] - w[:-1]) @ V[:, :-1].T"""


@operation(
    "nn->nn", value=lambda N, X: N.function("reduced_resolvent", X), gives={SYMMETRIC: (), PSD: ()}, domain=(_SYMMETRIC, _ONE_TOP), cost=5,
    notation=Notation(
        "(λₘₐₓ({0}) I − {0^})⁺", r"\left(\lambda_{\max}\left({0}\right) I - {0^}\right)^{+}", "reduced_resolvent", _RESOLVENT, binds="power"
    ), transposition="invariant", cite="Magnus & Neudecker 2019, §8.9; Kato 1995, §I.5",
)  # fmt: skip
def reduced_resolvent(X: Expr, dX: Expr) -> Expr:
    """Pseudoinverse of λ I − X for the largest eigenvalue λ of a symmetric matrix, (λ I − X + v vᵀ)⁻¹ − v vᵀ."""
    return _resolvent_along(top_eigvec(X), reduced_resolvent(X), (dX + dX.T) / 2)


def _resolvent_along(v: Expr, R: Expr, E: Expr) -> Expr:
    return R @ E @ R - (v.T @ E @ v) * R @ R - R @ R @ E @ v @ v.T - v @ v.T @ E @ R @ R


@operation(
    "nn->", transposition="invariant", value=lambda N, X: N.function("eigmax", X), gives={POSITIVE: (PD,), NONNEG: (PSD,)},
    notation=Notation("λₘₐₓ", r"\lambda_{\max}", "np.linalg.eigvalsh({0})[-1]"), domain=(_SYMMETRIC, _ONE_TOP),
    aliases=("lambda_max",), cite="Matrix Cookbook (67); Overton & Womersley 1995",
)  # fmt: skip
def eigmax(X: Expr, dX: Expr) -> Expr:
    """Largest eigenvalue of a symmetric matrix."""
    v = top_eigvec(X)
    return v.T @ dX @ v


# ---- the smallest eigenvalue: that of −X with the other sign, in words of its own ----

_BOTTOM_EIGVEC = """def bottom_eigvec(X):
    v = np.linalg.eigh(X)[1][:, 0]
    return v * np.sign(v[np.abs(v).argmax()])"""


@operation(
    "nn->n", transposition="invariant", defining=lambda X: top_eigvec(-X), domain=(_SYMMETRIC, _ONE_BOTTOM), cite="Overton & Womersley 1995",
    notation=Notation("vₘᵢₙ", r"v_{\min}", "bottom_eigvec", _BOTTOM_EIGVEC), letters="v",
)  # fmt: skip
def bottom_eigvec(X: Expr, dX: Expr) -> Expr:
    """Unit eigenvector of the smallest eigenvalue of a symmetric matrix, its largest entry positive."""
    return -bottom_resolvent(X) @ ((dX + dX.T) / 2) @ bottom_eigvec(X)


_BOTTOM_RESOLVENT = """def bottom_resolvent(X):
    w, V = np.linalg.eigh(X)
    return V[:, 1:] / (w[1:] - w[0]) @ V[:, 1:].T"""


@operation(
    "nn->nn", defining=lambda X: reduced_resolvent(-X), gives={SYMMETRIC: (), PSD: ()}, domain=(_SYMMETRIC, _ONE_BOTTOM), cost=5,
    notation=Notation(
        "({0^} − λₘᵢₙ({0}) I)⁺", r"\left({0^} - \lambda_{\min}\left({0}\right) I\right)^{+}", "bottom_resolvent", _BOTTOM_RESOLVENT,
        binds="power",
    ), transposition="invariant", cite="Magnus & Neudecker 2019, §8.9; Kato 1995, §I.5",
)  # fmt: skip
def bottom_resolvent(X: Expr, dX: Expr) -> Expr:
    """Pseudoinverse of X − λ I for the smallest eigenvalue λ of a symmetric matrix, (X − λ I + v vᵀ)⁻¹ − v vᵀ."""
    return -_resolvent_along(bottom_eigvec(X), bottom_resolvent(X), (dX + dX.T) / 2)


@operation(
    "nn->", transposition="invariant", defining=lambda X: -eigmax(-X), gives={POSITIVE: (PD,), NONNEG: (PSD,)},
    notation=Notation("λₘᵢₙ", r"\lambda_{\min}", "np.linalg.eigvalsh({0})[0]"), domain=(_SYMMETRIC, _ONE_BOTTOM),
    aliases=("lambda_min",), cite="Overton & Womersley 1995",
)  # fmt: skip
def eigmin(X: Expr, dX: Expr) -> Expr:
    """Smallest eigenvalue of a symmetric matrix, −eigmax(−X)."""
    v = bottom_eigvec(X)
    return v.T @ dX @ v
