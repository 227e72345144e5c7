"""The largest and the smallest entry, and the product of all."""

from matcalc.core.builders import inner_product
from matcalc.core.expression import Expr
from matcalc.core.leaves import zeros
from matcalc.core.operation import Domain, Notation, definition, operation
from matcalc.core.property import NONNEG, POSITIVE

_SAME = {NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}
_INDICATOR = """def argmax_indicator(x):
    found = np.zeros(np.shape(x))
    found.flat[np.argmax(x)] = 1.0
    return found"""
_ONE_LARGEST = Domain("{0} has one largest entry", "kink", "of equal ones the first is chosen", r"{0}\text{ has one largest entry}")


@operation(
    "mn->mn", entrywise=True, notation=Notation("e_argmax", r"e_{\arg\max}", "argmax_indicator", helper=_INDICATOR),
    value=lambda N, X: N.function("argmax_indicator", X), gives={NONNEG: ()}, domain=(_ONE_LARGEST,), cite="definition",
)  # fmt: skip
def argmax_indicator(X: Expr, dX: Expr) -> Expr:
    """Indicator of the largest entry: 1 there and 0 elsewhere."""
    return zeros(X.shape)


@operation(
    "mn->", entrywise=True, notation=Notation(None, r"\max", "np.max"), value=lambda N, X: N.function("max", X), gives=_SAME,
    transposition="invariant", domain=(_ONE_LARGEST,), aliases=("amax",), cite="Danskin's theorem",
)  # fmt: skip
def max_(X: Expr, dX: Expr) -> Expr:
    """Largest entry."""
    return inner_product(argmax_indicator(X), dX)


@definition("mn->", entrywise=True, notation=Notation(None, r"\min", "np.min"), gives=_SAME, aliases=("amin",), cite="Danskin's theorem")
def min_(X: Expr) -> Expr:
    """Smallest entry, −max(−X)."""
    return -max_(-X)


@operation(
    "mn->", entrywise=True, notation=Notation(numpy="np.prod"), value=lambda N, X: N.function("prod", X), gives=_SAME,
    transposition="invariant", domain=(Domain("{0} ≠ 0", "form", latex=r"{0} \neq 0"),), cite="definition",
)  # fmt: skip
def prod(X: Expr, dX: Expr) -> Expr:
    """Product of all entries."""
    return prod(X) * inner_product(X**-1, dX)
