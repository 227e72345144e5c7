"""Powers, exponentials, logarithms and square roots of matrices, and the words for their derivatives.

Where X and E commute by their form, the Fréchet derivative of f at X in the direction E is f′(X) E; that is how the closed forms
of trace functions, tr f(X) → f′(X)ᵀ, come about.
"""

from matcalc.core.canonical import canonical
from matcalc.core.commuting import commute
from matcalc.core.expression import Expr
from matcalc.core.leaves import identity, number, value_of
from matcalc.core.notes import note
from matcalc.core.operation import OPERATIONS, Domain, Notation, definition, operation, worded
from matcalc.core.property import DIAGONAL, INVERTIBLE, LOWER, ORTHOGONAL, PD, PSD, SKEW, SYMMETRIC, UPPER
from matcalc.operations.inverses import inv
from matcalc.operations.kronecker import kron

LARGEST_EXPANDED = 8
"""The largest exponent for which a power of a matrix is a product."""
_KEPT = {p: (p,) for p in (SYMMETRIC, DIAGONAL, UPPER, LOWER)}
_CUT = (worded("{0} has no eigenvalue on the negative real axis", settled=(PD,)),)


def commuting(X: Expr, E: Expr) -> bool:
    """Whether the direction commutes with the matrix; then there is a closed form, and the reason is remembered."""
    found = commute(X, E)
    if found:
        note("L(X, E) = f′(X) E where X E = E X")
    return found


def along(E: Expr, f: Expr) -> Expr:
    """E f′(X), which is f′(X) E where they commute: the one of the two whose transpose is the other form of the transposes."""
    return f @ E if canonical(f).op.name == "transpose" else E @ f


def _exponent(k: Expr) -> int | None:
    """A small numeric exponent."""
    value = value_of(k)
    return int(value) if value is not None and value.denominator == 1 and abs(value) <= LARGEST_EXPANDED else None


def _product(X: Expr, count: int) -> Expr:
    result = identity(X.shape[0])
    for _ in range(count):
        result = result @ X
    return result


def _power(X: Expr, k: Expr) -> Expr | None:
    """X X … X for a small numeric k."""
    count = _exponent(k)
    if count is None:
        return None
    return _product(X if count > 0 else inv(X), abs(count))


def _power_along(X: Expr, k: Expr, E: Expr) -> Expr | None:
    """k Xᵏ⁻¹E where E commutes with X; the sum written out for a small numeric k."""
    if commuting(X, E):
        return k * along(E, matpow(X, k - 1))
    count = _exponent(k)
    if count is None:
        return None
    if count < 0:
        Y = inv(X)
        return _power_along(Y, number(-count), -(Y @ E @ Y))
    total = number(0) * E
    for i in range(count):
        total = total + _product(X, i) @ E @ _product(X, count - 1 - i)
    return total


def _is_negative(X: Expr, k: Expr) -> bool:
    value = value_of(k)
    return value is not None and value < 0


def _is_fraction(X: Expr, k: Expr) -> bool:
    value = value_of(k)
    return value is not None and value.denominator != 1


_MATPOW_FRECHET = """def matpow_frechet(X, k, E):
    n = len(X)
    return np.linalg.matrix_power(np.block([[X, E], [np.zeros((n, n)), X]]), k)[:n, n:]"""


@operation(
    "nn,,nn->nn", linear_in={2: lambda X, k, E, G: OPERATIONS["matpow_frechet"](X.T, k, G)}, transposition="equivariant", over_complex="holomorphic", exact=(1,), cost=12,
    opaque=(1,),
    value=lambda N, X, k, E: N.function("matpow_frechet", X, k, E), stacked=lambda place, X, k, E: OPERATIONS["matpow_kronecker"](X, k), form=_power_along, gives={SYMMETRIC: (SYMMETRIC,)},
    notation=Notation(
        "Σ_(i<{1}) {0^}ⁱ {2^} {0^}^({1~−1}−i)", r"\sum_{i=0}^{{1~-1}} {0^}^{i} {2^} {0^}^{{1~-1}-i}",
        "matpow_frechet", _MATPOW_FRECHET, binds="sum",
    ), cite="Matrix Cookbook (90), (91)",
)  # fmt: skip
def matpow_frechet(X: Expr, k: Expr, E: Expr, dX: Expr, dk: Expr, dE: Expr) -> Expr:
    """Derivative of the power Xᵏ in the direction E, the sum of XⁱE Xᵏ⁻¹⁻ⁱ for i from 0 to k − 1."""
    return OPERATIONS["matpow_frechet2"](X, k, E, dX) + matpow_frechet(X, k, dE)


@operation(
    "nn,->nn", transposition="equivariant", over_complex="holomorphic", exact=(1,), opaque=(1,), form=_power, primary=True, cost=1,
    value=lambda N, X, k: N.function("matpow", X, k), notation=Notation(None, None, "np.linalg.matrix_power", superscript="{1}"),
    domain=(
        Domain("the exponent of a power of a matrix is an integer; its root is sqrtm", "never", when=_is_fraction),
        Domain("det {0} ≠ 0", latex=r"\det {0} \neq 0", when=_is_negative),
    ),
    gives={p: (p,) for p in (SYMMETRIC, PD, DIAGONAL, ORTHOGONAL, UPPER, LOWER)}, aliases=("matrix_power", "mpow"), cite="Matrix Cookbook (90)",
)  # fmt: skip
def matpow(X: Expr, k: Expr, dX: Expr, dk: Expr) -> Expr:
    """Power of a square matrix, the exponent an integer."""
    return matpow_frechet(X, k, dX)


@operation(
    "nn,nn->nn", linear_in={1: lambda X, E, G: OPERATIONS["expm_frechet"](X.T, G)}, transposition="equivariant", over_complex="holomorphic", cost=4,
    gives={SYMMETRIC: (SYMMETRIC,)},
    form=lambda X, E: along(E, OPERATIONS["expm"](X)) if commuting(X, E) else None, value=lambda N, X, E: N.function("expm_frechet", X, E), stacked=lambda place, X, E: OPERATIONS["expm_kronecker"](X),
    notation=Notation("L_exp", r"L_{\exp}", "sp.linalg.expm_frechet({0}, {1}, compute_expm=False)"),
    cite="Mathias 1996; Higham 2008, §10.2",
)  # fmt: skip
def expm_frechet(X: Expr, E: Expr, dX: Expr, dE: Expr) -> Expr:
    """Fréchet derivative of the exponential of a matrix X in the direction E."""
    return OPERATIONS["expm_frechet2"](X, E, dX) + expm_frechet(X, dE)


@operation(
    "nn->nn", transposition="equivariant", over_complex="holomorphic", primary=True, notation=Notation("expm", "e^{{0}}", "sp.linalg.expm", binds="power"),
    value=lambda N, X: N.function("expm", X),
    gives=_KEPT | {PD: (SYMMETRIC,), PSD: (SYMMETRIC,), ORTHOGONAL: (SKEW,), INVERTIBLE: ()},
    cite="Matrix Cookbook (128); Higham 2008, §10",
)  # fmt: skip
def expm(X: Expr, dX: Expr) -> Expr:
    """Exponential of a square matrix."""
    return expm_frechet(X, dX)


_LOGM_FRECHET = """def logm_frechet(X, E):
    n = len(X)
    return sp.linalg.logm(np.block([[X, E], [np.zeros((n, n)), X]]))[:n, n:]"""


@operation(
    "nn,nn->nn", linear_in={1: lambda X, E, G: OPERATIONS["logm_frechet"](X.T, G)}, transposition="equivariant", over_complex="branch", cost=4,
    gives={SYMMETRIC: (SYMMETRIC,)},
    form=lambda X, E: along(E, inv(X)) if commuting(X, E) else None, value=lambda N, X, E: N.function("logm_frechet", X, E), stacked=lambda place, X, E: OPERATIONS["logm_kronecker"](X), domain=_CUT,
    notation=Notation("L_log", r"L_{\log}", "logm_frechet", _LOGM_FRECHET), cite="Mathias 1996; Higham 2008, §11.8",
)  # fmt: skip
def logm_frechet(X: Expr, E: Expr, dX: Expr, dE: Expr) -> Expr:
    """Fréchet derivative of the logarithm of a matrix X in the direction E."""
    return OPERATIONS["logm_frechet2"](X, E, dX) + logm_frechet(X, dE)


@operation(
    "nn->nn", transposition="equivariant", over_complex="branch", primary=True, notation=Notation("logm", r"\operatorname{logm}", "sp.linalg.logm"), domain=_CUT,
    value=lambda N, X: N.function("logm", X), gives=_KEPT, implicit=lambda X: (expm(OPERATIONS["logm"](X)), X), cite="Higham 2008, §11",
)  # fmt: skip
def logm(X: Expr, dX: Expr) -> Expr:
    """Principal logarithm of a square matrix."""
    return logm_frechet(X, dX)


def _sylvester_along(A: Expr, B: Expr, Q: Expr) -> Expr | None:
    """(A + B)⁻¹Q where all three commute."""
    return inv(A + B) @ Q if commute(A, B) and commuting(A, Q) and commute(B, Q) else None


@operation(
    "mm,nn,mn->mn", over_complex="holomorphic", linear_in={2: lambda A, B, Q, G: OPERATIONS["sylvester"](A.T, B.T, G)},
    value=lambda N, A, B, Q: N.function("sylvester", A, B, Q), keeps_symmetry=lambda A, B, Q: A is B,
    stacked=lambda position, A, B, Q: inv(kron(identity(B.shape[0]), A) + kron(B.T, identity(A.shape[0]))),
    form=lambda A, B, Q: _sylvester_along(A, B, Q) if A.shape == B.shape else None, notation=Notation(numpy="sp.linalg.solve_sylvester"),
    domain=(worded("{0} and −{1} have no eigenvalue in common"),),
    implicit=lambda A, B, Q: (A @ OPERATIONS["sylvester"](A, B, Q) + OPERATIONS["sylvester"](A, B, Q) @ B, Q), aliases=("solve_sylvester",), cite="Higham 2008, §B.14",
)  # fmt: skip
def sylvester(A: Expr, B: Expr, Q: Expr, dA: Expr, dB: Expr, dQ: Expr) -> Expr:
    """Solution P of the equation A P + P B = Q."""
    P = sylvester(A, B, Q)
    return sylvester(A, B, dQ - dA @ P - P @ dB)


@operation(
    "nn->nn", transposition="equivariant", over_complex="branch", primary=True, domain=_CUT, value=lambda N, X: N.function("sqrtm", X),
    notation=Notation(None, None, "sp.linalg.sqrtm", superscript="1/2"), gives=_KEPT | {PD: (PD,)},
    implicit=lambda X: (OPERATIONS["sqrtm"](X) @ OPERATIONS["sqrtm"](X), X), cite="Higham 2008, §6",
)  # fmt: skip
def sqrtm(X: Expr, dX: Expr) -> Expr:
    """Principal square root of a square matrix."""
    return sylvester(sqrtm(X), sqrtm(X), dX)


@definition(
    "nn,nn->nn", notation=Notation(numpy="sp.linalg.solve_continuous_lyapunov"), aliases=("solve_lyapunov", "solve_continuous_lyapunov"),
    domain=(worded("no two eigenvalues of {0} are opposite"),), cite="Higham 2008, §B.14",
)  # fmt: skip
def lyapunov(A: Expr, Q: Expr) -> Expr:
    """Solution X of Lyapunov's equation A X + X Aᵀ = Q."""
    return sylvester(A, A.T, Q)
