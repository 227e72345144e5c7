"""Applications of functions of which only the name is known, and their derivatives: `core.abstract` says what they are.

A second derivative of a function of all entries of a matrix has no matrix form; it stands applied to a direction.
"""

from matcalc.core.builders import inner_product
from matcalc.core.expression import Expr
from matcalc.core.operation import OPERATIONS, elementwise, operation, word
from matcalc.core.property import SYMMETRIC
from matcalc.core.size import Size

_CITE = "definition"


@elementwise(hidden=True, word="an unknown function", value=lambda N, x, *, function, order: N.abstract(function, order, x), cite=_CITE)
def apply(X: Expr, *, function: str, order: int) -> Expr:
    """Unknown real function of every entry, or its derivative of some order."""
    return apply(X, function=function, order=order + 1)


@operation("mn->", hidden=True, word="an unknown function", value=lambda N, X, *, function: N.function("unknown value", X, function), cite=_CITE)
def value_at(X: Expr, dX: Expr, *, function: str) -> Expr:
    """Value of an unknown function that makes one number of all entries."""
    return inner_product(gradient_at(X, function=function), dX)


@operation("mn->mn", hidden=True, word="the gradient of an unknown function", value=lambda N, X, *, function: N.function("unknown gradient", X, function), cost=0, cite=_CITE)
def gradient_at(X: Expr, dX: Expr, *, function: str) -> Expr:
    """Gradient of such a function, in the shape of its argument."""
    if X.is_scalar:
        return derivative_at(X, function=function, order=2) * dX
    if X.is_column:
        return hessian_at(X, function=function) @ dX
    return OPERATIONS["hessian_along"](X, dX, function=function)


@operation(
    ".->", hidden=True, word="a derivative of an unknown function",
    value=lambda N, X, *, function, order: N.function("unknown derivative", X, function, order), cite=_CITE,
)  # fmt: skip
def derivative_at(X: Expr, dX: Expr, *, function: str, order: int) -> Expr:
    """Derivative of some order, from the second on, of such a function of a number."""
    return derivative_at(X, function=function, order=order + 1) * dX


@word(
    "mn->(nm)(nm)", hidden=True, word="the Hessian of an unknown function", gives={SYMMETRIC: ()},
    value=lambda N, X, *, function: N.function("unknown Hessian", X, function), cite=_CITE,
)  # fmt: skip
def hessian_at(X: Expr, *, function: str) -> None:
    """Hessian of such a function, which is symmetric; of a matrix that of its columns, one below the other."""


@word(
    "mn,mn->mn", hidden=True, word="the second derivative of an unknown function",
    linear_in={1: lambda X, E, G, *, function: OPERATIONS["hessian_along"](X, G, function=function)},
    stacked=lambda place, X, E, function: hessian_at(X, function=function),
    value=lambda N, X, E, *, function: N.function("unknown second derivative", X, E, function), cite=_CITE,
)  # fmt: skip
def hessian_along(X: Expr, E: Expr, *, function: str) -> None:
    """Derivative of the gradient of such a function of a matrix along a direction."""


@operation("n->m", hidden=True, word="an unknown function", value=lambda N, X, *, function, m: N.function("unknown vector", X, function, m), cite=_CITE)
def map_at(X: Expr, dX: Expr, *, function: str, m: Size) -> Expr:
    """Value of an unknown function that makes a vector of a vector."""
    return jacobian_at(X, function=function, m=m) @ dX


@word(
    "n->mn", hidden=True, word="the Jacobian of an unknown function",
    value=lambda N, X, *, function, m: N.function("unknown Jacobian", X, function, m), cite=_CITE,
)  # fmt: skip
def jacobian_at(X: Expr, *, function: str, m: Size) -> None:
    """Jacobian of such a function: a row for each entry of its value."""
