"""Abstract functions on paper and in programs: f′(x), ∇_wL, J_F(x), ∂₁f(x, y); and the arguments f, df, ddf, d1f of an emitted function."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matcalc.core.abstract import APPLICATIONS, arguments_of, direction_of, function_of, order_of
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
_PARTIAL = {"elementwise": "the derivative of {0} in", "scalar": "the gradient of {0} in", "vector": "the Jacobian of {0} in"}
_NAMES = ("first", "second", "third")


def applied(target: Target, name: Text, arguments: list[Text], e: Expr, apart: bool) -> Text:
    """An abstract function, or a derivative of it, with its argument.

    The gradient is L′(t) of a number, ∇_wL of what has a name, unless it has to be told `apart` from another one, ∇L(v) + Aᵀ∇L(A v).
    Of several arguments it is ∇_yL or ∇₁L(A x, t); all other derivatives are told by the places, ∂₁₂f(x, y), ∇₁₂²L(x, y).
    """
    function, order = function_of(e), order_of(e)
    assert function is not None
    if order == 0:
        return target.function(str(name), arguments)
    if "at" in e.op.parameters:
        return _partial(target, name, arguments, e, apart)
    if function.kind == "elementwise" or (function.kind == "scalar" and e.args[0].is_scalar):
        return target.function(str(target.primed(name, order)), arguments)
    if function.kind == "vector":
        return target.function(str(target.indexed("J", name)), arguments)
    if order == 1 and not apart and _is_name(e.args[0]):
        return target.gradient(name, arguments[0])
    return target.function(str(target.nabla(name, order)), arguments)


def _partial(target: Target, name: Text, arguments: list[Text], e: Expr, apart: bool) -> Text:
    """A derivative of a function of several arguments."""
    at = e["at"]
    if direction_of(e) is not None:
        arguments = [*arguments[1:], arguments[0]]
    elif APPLICATIONS[e.op.name] == "scalar" and len(at) == 1 and not apart:
        return target.gradient(name, arguments[at[0]])
    places = [k + 1 for k in at]
    is_whole = APPLICATIONS[e.op.name] == "scalar" and not all(e.args[k].is_scalar for k in at)
    return target.function(str(target.nabla(name, len(at), places) if is_whole else target.partial(name, places)), arguments)


def told_apart(order: Iterable[Expr]) -> set[str]:
    """The functions whose gradient is taken at what has no name, or at one place here and at another there."""
    found: set[str] = set()
    taken: dict[str, tuple[Expr, ...]] = {}
    for e in order:
        if APPLICATIONS.get(e.op.name) != "scalar" or not order_of(e):
            continue
        arguments = arguments_of(e)
        several = len(arguments) > 1
        at = [arguments[k] for k in e["at"]] if several else arguments
        differs = several and taken.setdefault(e["function"], arguments) != arguments
        if (order_of(e) == 1 and not all(map(_is_name, at))) or differs or any(arguments.count(x) > 1 for x in at):
            found.add(e["function"])
    return found


def _is_name(e: Expr) -> bool:
    return e.op is SYMBOL or (e.op is NAMED and is_name(e["label"]))


@dataclass(frozen=True)
class Wanted:
    """What an array program needs to know of an application: the function, its kind, which derivative it is, in which arguments."""

    function: str
    kind: str
    order: int
    at: tuple[int, ...] | None = None
    is_along: bool = False


def what(e: Expr) -> Wanted:
    """What an array program needs to know of an application."""
    at = e["at"] if "at" in e.op.parameters else None
    return Wanted(e["function"], APPLICATIONS[e.op.name], order_of(e), at, direction_of(e) is not None)


def argument(code: Code, reserved: frozenset[str]) -> tuple[str, str, str]:
    """Of an application: by what its function is known, the name that it wants, and what the docstring says of it."""
    w: Wanted = code.data
    if w.at:
        wanted = "d" + ("" if max(w.at) < 9 else "_").join(str(k + 1) for k in w.at) + w.function
        return key(code), python_name(wanted, reserved), _told(w)
    wanted = "d" * w.order + w.function if w.order < 3 else f"d{w.order}{w.function}"
    return key(code), python_name(wanted, reserved), _TOLD[w.kind][min(w.order, 3)].format(w.function, w.order)


def _told(w: Wanted) -> str:
    """What a derivative in some of several arguments is."""
    at = w.at or ()
    places = [f"its {_NAMES[k]} argument" if k < len(_NAMES) else f"its argument {k + 1}" for k in dict.fromkeys(at)]
    times = "" if len(at) == 1 or len(places) > 1 else " twice" if len(at) == 2 else f" {len(at)} times"
    told = _PARTIAL[w.kind].format(w.function) if w.order == 1 else f"the derivative of {w.function} in"
    return f"{told} {' and '.join(places)}{times}" + ", along what comes last" * w.is_along


def key(code: Code) -> str:
    """By what the function of an application is known among the arguments."""
    w: Wanted = code.data
    return f"function {w.function} {w.order} {w.at or ''} {w.is_along}"
