"""Trigonometric and hyperbolic functions of every entry."""

import math
from fractions import Fraction
from typing import Any

from matcalc.core.expression import Expr
from matcalc.core.operation import Domain, Notation, elementwise
from matcalc.core.property import POSITIVE


@elementwise(notation=Notation(None, r"\sin", "np.sin"), value=lambda N, x: N.sin(x), over_complex="holomorphic", parity="odd", cite="NIST DLMF 4.20.1")
def sin(X: Expr) -> Expr:
    """Sine of every entry."""
    return cos(X)


@elementwise(notation=Notation(None, r"\cos", "np.cos"), value=lambda N, x: N.cos(x), over_complex="holomorphic", parity="even", cite="NIST DLMF 4.20.2")
def cos(X: Expr) -> Expr:
    """Cosine of every entry."""
    return -sin(X)


@elementwise(
    notation=Notation(None, r"\tan", "np.tan"), value=lambda N, x: N.divide(N.sin(x), N.cos(x)), over_complex="holomorphic", parity="odd",
    domain=(Domain("{0} ≠ 0", latex=r"{0} \neq 0", subject=lambda X: cos(X)),), cite="NIST DLMF 4.20.3",
)  # fmt: skip
def tan(X: Expr) -> Expr:
    """Tangent of every entry."""
    return cos(X) ** -2


@elementwise(
    notation=Notation(None, r"\arctan", "np.arctan"), aliases=("atan",), parity="odd",
    value=lambda N, x: angle_of(N, x), cite="NIST DLMF 4.24.9",
)  # fmt: skip
def arctan(X: Expr) -> Expr:
    """Inverse tangent of every entry, between −π/2 and π/2."""
    return (1 + X**2) ** -1


def angle_of(N: Any, x: Any) -> Any:
    """The inverse tangent over an arithmetic."""
    return N.real("arctan", x, math.atan, lambda t: N.divide(1, 1 + t * t), "odd")


@elementwise(notation=Notation(None, r"\sinh", "np.sinh"), value=lambda N, x: N.sinh(x), over_complex="holomorphic", parity="odd", cite="NIST DLMF 4.34.1")
def sinh(X: Expr) -> Expr:
    """Hyperbolic sine of every entry."""
    return cosh(X)


@elementwise(
    notation=Notation(None, r"\cosh", "np.cosh"), value=lambda N, x: N.cosh(x), over_complex="holomorphic", parity="even",
    gives={POSITIVE: ()}, cite="NIST DLMF 4.34.2",
)  # fmt: skip
def cosh(X: Expr) -> Expr:
    """Hyperbolic cosine of every entry."""
    return sinh(X)


@elementwise(
    notation=Notation(None, r"\operatorname{arcosh}", "np.arccosh"), aliases=("acosh",), cite="NIST DLMF 4.37.19",
    value=lambda N, x: N.real("arccosh", x, math.acosh, lambda t: N.divide(1, N.sqrt(t * t - 1))),
    domain=(Domain("{0} > 0", strict="greater than 1", subject=lambda X: X - 1),),
)  # fmt: skip
def arccosh(X: Expr) -> Expr:
    """Inverse hyperbolic cosine of every entry."""
    return (X**2 - 1) ** Fraction(-1, 2)
