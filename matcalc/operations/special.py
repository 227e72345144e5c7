"""Functions of every entry that statistics and machine learning live on: sigmoids, error functions, gamma functions."""

import math
from fractions import Fraction
from typing import Any

from matcalc.core.expression import Expr
from matcalc.core.leaves import pi
from matcalc.core.operation import OPERATIONS, Domain, Notation, elementwise
from matcalc.core.property import NONNEG, POSITIVE, PROBABILITY
from matcalc.operations.functions import exp


@elementwise(
    notation=Notation(None, r"\sigma", "sp.special.expit"), value=lambda N, x: N.divide(1, 1 + N.exp(-x)), over_complex="holomorphic",
    gives={PROBABILITY: (), POSITIVE: ()}, reflection=lambda X: 1 - OPERATIONS["sigmoid"](X), letters="sigma p s q", aliases=("expit", "logistic"), cite="definition",
)  # fmt: skip
def sigmoid(X: Expr) -> Expr:
    """Logistic sigmoid 1/(1 + exp(−x)) of every entry."""
    return sigmoid(X) * (1 - sigmoid(X))


@elementwise(
    notation=Notation(None, None, "np.logaddexp(0, {0})"), gives={POSITIVE: (), NONNEG: ()}, cite="definition; Dugas et al. 2001",
    value=lambda N, x: N.real("softplus", x, _softplus_at, lambda t: N.divide(1, 1 + N.exp(-t))),
)  # fmt: skip
def softplus(X: Expr) -> Expr:
    """Softplus log(1 + exp(x)) of every entry."""
    return sigmoid(X)


def _softplus_at(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


@elementwise(
    notation=Notation(None, r"\log\left(1 + {0}\right)", "np.log1p"),
    value=lambda N, x: N.real("log1p", x, math.log1p, lambda t: N.divide(1, 1 + t)),
    domain=(Domain("{0} > 0", strict="greater than −1", subject=lambda X: 1 + X),), gives={NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}, cite="definition",
)  # fmt: skip
def log1p(X: Expr) -> Expr:
    """Logarithm log(1 + x) of every entry."""
    return (1 + X) ** -1


@elementwise(
    notation=Notation(None, r"\exp\left({0}\right) - 1", "np.expm1", binds="sum"), value=lambda N, x: N.exp(x) - 1, over_complex="holomorphic",
    gives={NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}, cite="definition",
)  # fmt: skip
def expm1(X: Expr) -> Expr:
    """Exponential less one, exp(x) − 1, of every entry."""
    return exp(X)


@elementwise(
    notation=Notation(None, r"\operatorname{erf}", "sp.special.erf"), parity="odd", gives={NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}, cite="NIST DLMF 7.2.1",
    value=lambda N, x: N.real("erf", x, math.erf, lambda t: N.divide(2 * N.exp(-t * t), N.sqrt(N.pi)), "odd"),
)  # fmt: skip
def erf(X: Expr) -> Expr:
    """Error function of every entry."""
    return 2 * pi() ** Fraction(-1, 2) * exp(-(X**2))


@elementwise(
    notation=Notation("Φ", r"\Phi", "sp.special.ndtr"), aliases=("normcdf", "ndtr"), reflection=lambda X: 1 - OPERATIONS["Phi"](X), gives={PROBABILITY: (), POSITIVE: ()}, cite="definition",
    value=lambda N, x: N.real("Phi", x, lambda t: math.erfc(-t / math.sqrt(2)) / 2, lambda t: _density(N, t)),
)  # fmt: skip
def Phi(X: Expr) -> Expr:  # noqa: N802 - the field's own letter
    """Standard normal distribution function of every entry."""
    return normpdf(X)


def _density(N: Any, x: Any) -> Any:
    """φ(x) over an arithmetic."""
    return N.divide(N.exp(-N.divide(x * x, 2)), N.sqrt(2 * N.pi))


@elementwise(
    notation=Notation("φ", r"\varphi", "np.exp(-({0}**2) / 2) / np.sqrt(2 * np.pi)"), value=lambda N, x: _density(N, x),
    parity="even", gives={POSITIVE: ()}, cite="definition",
)  # fmt: skip
def normpdf(X: Expr) -> Expr:
    """Standard normal density φ(x) = exp(−x²/2)/√(2π) of every entry."""
    return -(X * normpdf(X))


@elementwise(
    notation=Notation(None, r"\log\Gamma", "sp.special.gammaln"), aliases=("loggamma", "lgamma"),
    domain=(Domain("{0} > 0"),), cite="NIST DLMF 5.2.1",
    value=lambda N, x: N.real("gammaln", x, math.lgamma, lambda t: _polygamma(N, 0, t)),
)  # fmt: skip
def gammaln(X: Expr) -> Expr:
    """Logarithm of the gamma function of every entry, log |Γ(x)|."""
    return digamma(X)


@elementwise(
    notation=Notation(None, r"\psi", "sp.special.digamma"), domain=(Domain("{0} > 0"),), cite="NIST DLMF 5.2.2",
    value=lambda N, x: _polygamma(N, 0, x),
)  # fmt: skip
def digamma(X: Expr) -> Expr:
    """Digamma function ψ of every entry, the derivative of gammaln."""
    return polygamma(1, X)


@elementwise(
    notation=Notation(None, r"\psi^{({0})}\left({1}\right)", "sp.special.polygamma"), exact=(0,), cite="NIST DLMF 5.15",
    domain=(Domain("{0} > 0", subject=lambda n, X: X),), value=lambda N, n, x: _polygamma(N, n, x),
)  # fmt: skip
def polygamma(n: Expr, X: Expr) -> tuple[None, Expr]:
    """Derivative of order n of the digamma function of every entry: polygamma(1, x) is trigamma."""
    return None, polygamma(n + 1, X)


def _polygamma(N: Any, n: Any, x: Any) -> Any:
    """ψ⁽ⁿ⁾ over an arithmetic."""
    if not isinstance(n, int | Fraction) or n < 0 or n != int(n):
        raise ArithmeticError("the order of polygamma is an integer from 0")
    return N.real(f"polygamma{n}", x, lambda t: polygamma_at(int(n), t), lambda t: _polygamma(N, n + 1, t))


_BERNOULLI = [Fraction(*b) for b in ((1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510))]
"""B₂, B₄, …, B₁₆."""


def polygamma_at(n: int, x: float) -> float:
    """ψ⁽ⁿ⁾(x) in floating point: up to 20 and more by the recurrence, there by the asymptotic series (NIST DLMF 5.15.8).

    >>> abs(polygamma_at(0, 1.0) + 0.5772156649015329) < 1e-14, abs(polygamma_at(1, 1.0) - math.pi**2 / 6) < 1e-13
    (True, True)
    """
    sign, scale, total = (-1) ** (n + 1), math.factorial(n), 0.0
    while x < 20 + n:
        if x == math.floor(x) and x <= 0:
            raise ValueError("a pole")
        total += scale * x ** -(n + 1)
        x += 1
    total += scale / (2 * x ** (n + 1))
    for k, b in enumerate(_BERNOULLI, 1):
        total += float(b) * math.factorial(2 * k + n - 1) / math.factorial(2 * k) / x ** (2 * k + n)
    return sign * total + math.log(x) if n == 0 else float(sign * (total + math.factorial(n - 1) / x**n))
