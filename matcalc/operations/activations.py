"""Functions of entries that are said by others: logarithms to other bases, activations of neural networks, functions of two entries.

Each is its formula, in which derivatives are taken.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from matcalc.core.expression import Expr
from matcalc.core.leaves import number
from matcalc.core.operation import Domain, Notation, Operation, definition, elementwise
from matcalc.core.property import NONNEG, POSITIVE
from matcalc.operations.functions import abs_, exp, log, tanh
from matcalc.operations.kinks import clip, greater, where
from matcalc.operations.special import Phi, expm1, gammaln, polygamma, sigmoid, softplus
from matcalc.operations.trigonometric import angle_of

_ABOVE_0 = (Domain("{0} > 0", strict="greater than 0"),)


def _entries(code: str, cite: str = "definition", latex: str | None = None, **facts: Any) -> Callable[[Callable[..., Any]], Operation]:
    """A function of entries by its formula."""
    return definition(None, notation=Notation(None, latex, code), cite=cite, **facts)


@_entries("np.log2", latex=r"\log_2", domain=_ABOVE_0)
def log2(X: Expr) -> Expr:
    """Logarithm of every entry to the base 2."""
    return log(X) / log(number(2))


@_entries("np.log10", latex=r"\log_{10}", domain=_ABOVE_0)
def log10(X: Expr) -> Expr:
    """Logarithm of every entry to the base 10."""
    return log(X) / log(number(10))


@_entries("np.exp2", gives={POSITIVE: ()})
def exp2(X: Expr) -> Expr:
    """Power of 2 of every entry, 2ˣ."""
    return exp(log(number(2)) * X)


@_entries("np.square", gives={NONNEG: ()})
def square(X: Expr) -> Expr:
    """Square of every entry."""
    return X**2


@_entries("np.reciprocal")
def reciprocal(X: Expr) -> Expr:
    """Reciprocal of every entry."""
    return X**-1


@_entries("sp.special.logit", domain=(Domain("{0} > 0", strict="between 0 and 1", subject=lambda X: X * (1 - X)),))
def logit(X: Expr) -> Expr:
    """Log odds log(x/(1 − x)) of every entry, the inverse of sigmoid."""
    return log(X) - log(1 - X)


@_entries("-np.logaddexp(0, -{0})", aliases=("log_sigmoid", "log_expit"))
def logsigmoid(X: Expr) -> Expr:
    """Logarithm of the sigmoid of every entry, −softplus(−x)."""
    return -softplus(-X)


@_entries("{0} * sp.special.expit({0})", "Elfwing, Uchibe & Doya 2018", aliases=("swish",))
def silu(X: Expr) -> Expr:
    """Sigmoid linear unit x σ(x) of every entry."""
    return X * sigmoid(X)


@_entries("{0} * sp.special.ndtr({0})", "Hendrycks & Gimpel 2016")
def gelu(X: Expr) -> Expr:
    """Gaussian error linear unit x Φ(x) of every entry."""
    return X * Phi(X)


@_entries("{0} * np.tanh(np.logaddexp(0, {0}))", "Misra 2019")
def mish(X: Expr) -> Expr:
    """Mish x tanh(softplus(x)) of every entry."""
    return X * tanh(softplus(X))


@_entries("np.where({0} > 0, {0}, np.expm1({0}))", "Clevert, Unterthiner & Hochreiter 2016")
def elu(X: Expr) -> Expr:
    """Exponential linear unit of every entry: x above 0, exp(x) − 1 below."""
    return where(greater(X, 0), X, expm1(X))


@_entries("{0} / (1 + np.abs({0}))", "Bergstra et al. 2009")
def softsign(X: Expr) -> Expr:
    """Softsign x/(1 + |x|) of every entry."""
    return X / (1 + abs_(X))


@_entries("np.clip({0}, -1, 1)")
def hardtanh(X: Expr) -> Expr:
    """Every entry cut off at −1 and 1."""
    return clip(X, number(-1), number(1))


@_entries("np.where({0} > 0, {0}, {1} * {0})", "Maas, Hannun & Ng 2013")
def leaky_relu(X: Expr, a: Expr) -> Expr:
    """Leaky ReLU of every entry: x above 0 and a x below."""
    return where(greater(X, 0), X, a * X)


@_entries("np.logaddexp({0}, {1})")
def logaddexp(X: Expr, Y: Expr) -> Expr:
    """Logarithm of a sum of exponentials log(exp(x) + exp(y)), entry by entry."""
    return log(exp(X) + exp(Y))


@_entries("np.hypot({0}, {1})", gives={NONNEG: ()})
def hypot(X: Expr, Y: Expr) -> Expr:
    """Length √(x² + y²) of the vector (x, y), entry by entry."""
    return (X**2 + Y**2) ** Fraction(1, 2)


@_entries("sp.special.xlogy({0}, {1})", domain=(Domain("{0} > 0", strict="greater than 0", subject=lambda X, Y: Y),))
def xlogy(X: Expr, Y: Expr) -> Expr:
    """Product x log y, entry by entry."""
    return X * log(Y)


@_entries("sp.special.entr", domain=_ABOVE_0)
def entr(X: Expr) -> Expr:
    """Entropy −x log x of every entry."""
    return -(X * log(X))


@_entries("sp.special.polygamma(1, {0})", "NIST DLMF 5.15", r"\psi^{(1)}")
def trigamma(X: Expr) -> Expr:
    """Trigamma function of every entry, the derivative of digamma."""
    return polygamma(number(1), X)


@_entries("sp.special.betaln({0}, {1})", "NIST DLMF 5.12.1", r"\log\mathrm{B}", domain=(Domain("{0} > 0"), Domain("{1} > 0")))
def betaln(X: Expr, Y: Expr) -> Expr:
    """Logarithm of the beta function, entry by entry."""
    return gammaln(X) + gammaln(Y) - gammaln(X + Y)


def _half_tangent(N: Any, y: Any, x: Any) -> Any:
    """tan(φ/2) of the angle φ of a point; of the two ways to say it, in floating point, the one in which nothing cancels."""
    length = N.sqrt(x * x + y * y)
    return N.divide(y, length + x) if N.exactly or N.sign(x) >= 0 else N.divide(length - x, y)


@elementwise(
    notation=Notation(None, r"\operatorname{atan2}", "np.arctan2"), aliases=("atan2",), cite="NIST DLMF 4.23.12",
    value=lambda N, y, x: 2 * angle_of(N, _half_tangent(N, y, x)),
    domain=(Domain("{0} ≠ 0", latex=r"{0} \neq 0", subject=lambda Y, X: X**2 + Y**2),),
)  # fmt: skip
def arctan2(Y: Expr, X: Expr) -> tuple[Expr, Expr]:
    """Angle of the point (x, y), entry by entry."""
    square_ = X**2 + Y**2
    return X / square_, -Y / square_
