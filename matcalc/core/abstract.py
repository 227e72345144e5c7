"""Abstract functions: functions of which only the name is known, and what kind of values they have.

    f: elementwise function     f(X) entry by entry, f′(X), f″(X), …
    L: scalar function          L(X) a number, its gradient ∇L(X) in the shape of X, its Hessian ∇²L(x)
    F: function -> m            F(x) a column of m entries, its Jacobian J_F(x)

An application is a node like any other.  Its attributes are the name of the function and, for entries, the order of the derivative;
which derivative of a scalar- or vector-valued function it is, the operation says.  In the language a derivative is written with
primes, `f'(x)`, `L'(w)`, `L''(w)`, `F'(x)`: at the argument, in the shape in which derivatives are kept.  The second derivative of
a function of a matrix is written along a direction, `L''(W, E)`.

A function of several arguments has partial derivatives, which say in which arguments, counted from 1 as on paper:
`L'(y, t, arg=1)`, `L''(y, t, arg=[1, 2])`; along the last of what is in brackets, `L''(W, t, E, arg=[1, 2], along=3)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matcalc.core.expression import Expr, plain, postorder
from matcalc.core.leaves import NAMED
from matcalc.core.operation import OPERATIONS, Operation
from matcalc.core.size import Size

KINDS = {"elementwise": ("apply",), "scalar": ("value_at", "gradient_at", "hessian_at"), "vector": ("map_at", "jacobian_at")}
"""What kinds of function there are, and the operations that are a function and its derivatives; of entries, of every order."""
ALONG, OF_A_NUMBER = "hessian_along", "derivative_at"
"""Of a function with one number as its value: the second derivative along a direction, and all from the second on of a number."""
APPLICATIONS = {name: kind for kind, names in KINDS.items() for name in names} | {ALONG: "scalar", OF_A_NUMBER: "scalar"}
"""Every operation that is an abstract function or a derivative of one, with the kind of function."""
SEVERAL = {"elementwise": "entries_of_several", "scalar": "number_of_several", "vector": "vector_of_several"}
"""Of a function of several arguments, the operation that it is, together with all its derivatives but those along a direction."""
SEVERAL_ALONG = "several_along"
APPLICATIONS |= {name: kind for kind, name in SEVERAL.items()} | {SEVERAL_ALONG: "scalar"}


@dataclass(frozen=True)
class Function:
    """An unknown function by its name; `size` is how many entries the values of a vector-valued one have."""

    name: str
    kind: str
    size: Size | None = None
    count: int | None = field(default=None, compare=False)
    """How many arguments it takes, where an application has told."""

    @property
    def declared(self) -> str:
        """What a declaration says of it."""
        return f"function -> {self.size!r}" if self.kind == "vector" else f"{self.kind} function"

    def derivatives(self, order: int, arguments: int = 1) -> list[tuple[Operation, dict[str, Any]]]:
        """The operations, each with its attributes, that the derivative of this order may be, by the kind of its argument."""
        if self.kind == "elementwise":
            return [(OPERATIONS["apply"], {"function": self.name, "order": order})]
        if arguments == 2 and order == 2 and self.kind == "scalar":
            return [(OPERATIONS[ALONG], {"function": self.name})]
        names = KINDS[self.kind]
        given: dict[str, Any] = {"function": self.name, **({"m": self.size} if self.kind == "vector" else {})}
        found = [(OPERATIONS[names[order]], given)] if order < len(names) else []
        if self.kind == "scalar" and order > 1:
            found.insert(0, (OPERATIONS[OF_A_NUMBER], {**given, "order": order}))
        return found

    def __call__(self, *arguments: Expr, order: int = 0, at: tuple[int, ...] | None = None, direction: Expr | None = None) -> Expr:
        """The function, or its derivative of an order, at an expression; of several arguments, the derivative in those at some places."""
        if at is not None or (len(arguments) > 1 and not order):
            return self._of_several(arguments, at or (), direction)
        found = self.derivatives(order, len(arguments))
        operation, given = found[0 if arguments[0].is_scalar else -1]
        return plain(operation, *arguments, **given)

    def _of_several(self, arguments: tuple[Expr, ...], at: tuple[int, ...], direction: Expr | None) -> Expr:
        given = {"function": self.name, "at": at, **({"m": self.size} if self.kind == "vector" else {})}
        if direction is not None:
            return plain(OPERATIONS[SEVERAL_ALONG], direction, *arguments, **given)
        return plain(OPERATIONS[SEVERAL[self.kind]], *arguments, **given)


def function_of(e: Expr) -> Function | None:
    """The abstract function that a node applies, or a derivative of it."""
    kind = APPLICATIONS.get(e.op.name)
    if kind is None:
        return None
    return Function(e["function"], kind, e["m"] if kind == "vector" else None, len(arguments_of(e)))


def arguments_of(e: Expr) -> tuple[Expr, ...]:
    """At what an application takes its function: its arguments without a direction."""
    return e.args[:1] if e.op.name == ALONG else e.args[1:] if e.op.name == SEVERAL_ALONG else e.args


def direction_of(e: Expr) -> Expr | None:
    """Along what an application is a derivative, if it is one along a direction."""
    return e.args[1] if e.op.name == ALONG else e.args[0] if e.op.name == SEVERAL_ALONG else None


def order_of(e: Expr) -> int:
    """Of an application, which derivative of its function it is."""
    if "order" in e.op.parameters:
        return int(e["order"])
    if "at" in e.op.parameters:
        return len(e["at"])
    return 2 if e.op.name == ALONG else KINDS[APPLICATIONS[e.op.name]].index(e.op.name)


def is_gradient(e: Expr) -> bool:
    """Whether this is ∇_wL, the gradient of an abstract function at what has a name."""
    if APPLICATIONS.get(e.op.name) != "scalar" or order_of(e) != 1:
        return False
    x = e.args[e["at"][0]] if "at" in e.op.parameters else e.args[0]
    return not (x.args and x.op is not NAMED)


def functions(*roots: Expr) -> dict[str, Function]:
    """The abstract functions below, by name, in order of appearance."""
    found: dict[str, Function] = {}
    for e in postorder(*roots):
        function = function_of(e)
        if function is not None:
            found.setdefault(function.name, function)
    return found
