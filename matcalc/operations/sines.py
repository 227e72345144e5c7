"""Sine and cosine of a matrix, and the words for their derivatives.

Their Fréchet derivatives stand in the upper right block of the function of X, E above 0, X (Mathias 1996); where E commutes with X
by its form they are cos(X) E and −sin(X) E.
"""

from collections.abc import Callable

from matcalc.core.expression import Expr
from matcalc.core.operation import OPERATIONS, Notation, operation, word
from matcalc.core.property import DIAGONAL, LOWER, SYMMETRIC, UPPER
from matcalc.operations.powers import along, commuting

_KEPT = {p: (p,) for p in (SYMMETRIC, DIAGONAL, UPPER, LOWER)}
_ALONG = """def {0}_frechet(X, E):
    n = len(X)
    return sp.linalg.{0}(np.block([[X, E], [np.zeros((n, n)), X]]))[:n, n:]"""
_MATRIX = """def {0}_kronecker(X):
    n, O = len(X), np.zeros(X.shape)
    basis = np.eye(X.size).reshape(X.size, n, n).transpose(0, 2, 1)
    return np.stack([sp.linalg.{0}(np.block([[X, E], [O, X]]))[:n, n:].ravel(order='F') for E in basis], 1)"""


def _along(name: str, sign: str, derivative: Callable[[Expr, Expr], Expr]) -> dict[str, object]:
    """The facts of the Fréchet derivative of one of the two."""
    return {
        "linear_in": {1: lambda X, E, G: OPERATIONS[f"{name}_frechet"](X.T, G)},
        "stacked": lambda place, X, E: OPERATIONS[f"{name}_kronecker"](X),
        "form": lambda X, E: derivative(X, E) if commuting(X, E) else None,
        "value": lambda N, X, E: N.function(f"{name}_frechet", X, E),
        "notation": Notation(f"L_{sign}", rf"L_{{\{sign}}}", f"{name}_frechet", _ALONG.format(name)),
    }


@word(
    "nn,nn->nn", **_along("sinm", "sin", lambda X, E: along(E, OPERATIONS["cosm"](X))), transposition="equivariant", over_complex="holomorphic",
    gives={SYMMETRIC: (SYMMETRIC,)}, cost=5, cite="Mathias 1996; Higham 2008, §12",
)  # fmt: skip
def sinm_frechet(X: Expr, E: Expr) -> None:
    """Fréchet derivative of the sine of a matrix X in the direction E."""


@word(
    "nn,nn->nn", **_along("cosm", "cos", lambda X, E: -along(E, OPERATIONS["sinm"](X))), transposition="equivariant", over_complex="holomorphic",
    gives={SYMMETRIC: (SYMMETRIC,)}, cost=5, cite="Mathias 1996; Higham 2008, §12",
)  # fmt: skip
def cosm_frechet(X: Expr, E: Expr) -> None:
    """Fréchet derivative of the cosine of a matrix X in the direction E."""


@word(
    "nn->(nn)(nn)", value=lambda N, X: N.function("sinm_kronecker", X), cite="Higham 2008, §12",
    notation=Notation("K_sin", r"K_{\sin}", "sinm_kronecker", _MATRIX.format("sinm")),
)  # fmt: skip
def sinm_kronecker(X: Expr) -> None:
    """Matrix of the Fréchet derivative of the sine: vec(sinm_frechet(X, E)) is its product with vec(E)."""


@word(
    "nn->(nn)(nn)", value=lambda N, X: N.function("cosm_kronecker", X), cite="Higham 2008, §12",
    notation=Notation("K_cos", r"K_{\cos}", "cosm_kronecker", _MATRIX.format("cosm")),
)  # fmt: skip
def cosm_kronecker(X: Expr) -> None:
    """Matrix of the Fréchet derivative of the cosine: vec(cosm_frechet(X, E)) is its product with vec(E)."""


@operation(
    "nn->nn", transposition="equivariant", over_complex="holomorphic", primary=True, parity="odd", value=lambda N, X: N.function("sinm", X),
    notation=Notation("sinm", r"\operatorname{sinm}", "sp.linalg.sinm"), gives=_KEPT, cite="Higham 2008, §12",
)  # fmt: skip
def sinm(X: Expr, dX: Expr) -> Expr:
    """Sine of a square matrix."""
    return sinm_frechet(X, dX)


@operation(
    "nn->nn", transposition="equivariant", over_complex="holomorphic", primary=True, parity="even", value=lambda N, X: N.function("cosm", X),
    notation=Notation("cosm", r"\operatorname{cosm}", "sp.linalg.cosm"), gives=_KEPT, cite="Higham 2008, §12",
)  # fmt: skip
def cosm(X: Expr, dX: Expr) -> Expr:
    """Cosine of a square matrix."""
    return cosm_frechet(X, dX)
