"""Norms."""

from matcalc.core.builders import inner_product
from matcalc.core.expression import Expr
from matcalc.core.operation import OPERATIONS, Domain, Notation, operation
from matcalc.core.property import NONNEG


@operation(
    "mn->", transposition="invariant", notation=Notation("‖{0}‖", r"\lVert {0} \rVert", "np.linalg.norm"), parity="even", gives={NONNEG: ()},
    defining=lambda X: inner_product(X, X) ** 0.5, domain=(Domain("{0} ≠ 0", latex=r"{0} \neq 0"),),
    implicit=lambda X: (OPERATIONS["norm"](X) ** 2, inner_product(X, X)), cite="Matrix Cookbook (129), (130)",
)  # fmt: skip
def norm(X: Expr, dX: Expr) -> Expr:
    """Euclidean norm of a vector, Frobenius norm of a matrix."""
    return inner_product(X, dX) / norm(X)
