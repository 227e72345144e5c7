"""Scalars made of a matrix linearly: the trace and the sum of all entries."""

from matcalc.core.expression import Expr
from matcalc.core.leaves import identity, ones
from matcalc.core.operation import Notation, multilinear
from matcalc.core.property import NONNEG, PD, POSITIVE, PSD


@multilinear("nn->", notation=Notation("tr", r"\operatorname{tr}", "np.trace({0})"), aliases=("trace",), gives={NONNEG: (PSD,), POSITIVE: (PD,)}, cite="Matrix Cookbook (99)")
def tr(X: Expr, G: Expr) -> Expr:
    """Trace."""
    return G * identity(X.shape[0])


@multilinear(
    "mn->", entrywise=True, notation=Notation("sum", r"\operatorname{sum}", "np.sum({0})"), gives={NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)},
    cite="1ᵀX1; Magnus & Neudecker 2019, §1.7",
)  # fmt: skip
def sum_(X: Expr, G: Expr) -> Expr:
    """Sum of all entries, 1 : X."""
    return G * ones(X.shape)
