"""Abstract functions on paper and in programs: f′(x), ∇_wL, J_F(x); and the arguments f, df, ddf of an emitted function."""

from __future__ import annotations

from collections.abc import Iterable

from matcalc.core.abstract import APPLICATIONS, function_of, order_of
from matcalc.core.expression import Expr
from matcalc.core.leaves import NAMED, SYMBOL
from matcalc.emit.code import Code
from matcalc.emit.names import is_name, python_name
from matcalc.emit.target import Target
from matcalc.emit.text import Text

_TOLD = {
    "elementwise": ("a function of every entry", "the derivative of {0}", "the second derivative of {0}", "derivative {1} of {0}"),
    "scalar": ("a function", "the gradient of {0}", "the Hessian of {0}", "derivative {1} of {0}"),
    "vector": ("a function", "the Jacobian of {0}"),
}
"""What a function is that is an argument."""


def applied(target: Target, name: Text, arguments: list[Text], e: Expr, apart: bool) -> Text:
    """An abstract function, or a derivative of it, with its argument.

    The gradient is L′(t) of a number, ∇_wL of what has a name, unless it has to be told `apart` from another one, ∇L(v) + Aᵀ∇L(A v).
    """
    function, order = function_of(e), order_of(e)
    assert function is not None
    if order == 0:
        return target.function(str(name), arguments)
    if function.kind == "elementwise" or (function.kind == "scalar" and e.args[0].is_scalar):
        return target.function(str(target.primed(name, order)), arguments)
    if function.kind == "vector":
        return target.function(str(target.indexed("J", name)), arguments)
    if order == 1 and not apart and _is_name(e.args[0]):
        return target.gradient(name, arguments[0])
    return target.function(str(target.nabla(name, order)), arguments)


def told_apart(order: Iterable[Expr]) -> set[str]:
    """The functions whose gradient is taken at what has no name."""
    return {e["function"] for e in order if _is_gradient(e) and not _is_name(e.args[0])}


def _is_gradient(e: Expr) -> bool:
    return APPLICATIONS.get(e.op.name) == "scalar" and order_of(e) == 1


def _is_name(e: Expr) -> bool:
    return e.op is SYMBOL or (e.op is NAMED and is_name(e["label"]))


def what(e: Expr) -> tuple[str, int, str]:
    """What an array program needs to know of an application: the function, which derivative of it, and its kind."""
    return e["function"], order_of(e), APPLICATIONS[e.op.name]


def argument(code: Code, reserved: frozenset[str]) -> tuple[str, str, str]:
    """Of an application: by what its function is known, the name that it wants, and what the docstring says of it."""
    name, order, kind = code.data
    wanted = "d" * order + name if order < 3 else f"d{order}{name}"
    return key(code), python_name(wanted, reserved), _TOLD[kind][min(order, 3)].format(name, order)


def key(code: Code) -> str:
    """By what the function of an application is known among the arguments."""
    return f"function {code.data[0]} {code.data[1]}"
