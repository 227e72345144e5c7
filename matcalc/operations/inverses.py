"""Inverses."""

from matcalc.core.expression import Expr
from matcalc.core.leaves import identity
from matcalc.core.operation import OPERATIONS, Domain, Notation, operation
from matcalc.core.property import DIAGONAL, INVERTIBLE, LOWER, ORTHOGONAL, PD, SKEW, SYMMETRIC, UPPER


@operation(
    "nn->nn", transposition="equivariant", notation=Notation(None, None, "np.linalg.inv"), value=lambda N, X: N.inverse(X),
    domain=(Domain("det {0} ≠ 0", latex=r"\det {0} \neq 0"),),
    gives={p: (p,) for p in (SYMMETRIC, PD, DIAGONAL, SKEW, ORTHOGONAL, UPPER, LOWER)} | {INVERTIBLE: ()},
    implicit=lambda X: (X @ OPERATIONS["inv"](X), identity(X.shape[0])), cite="Matrix Cookbook (40)",
)  # fmt: skip
def inv(X: Expr, dX: Expr) -> Expr:
    """Inverse of a nonsingular matrix."""
    return -(inv(X) @ dX @ inv(X))
