"""Abstract functions: functions of which only the name is known, and what kind of values they have.

    f: elementwise function     f(X) entry by entry, f′(X), f″(X), …
    L: scalar function          L(X) a number, its gradient ∇L(X) in the shape of X, its Hessian ∇²L(x)
    F: function -> m            F(x) a column of m entries, its Jacobian J_F(x)

An application is a node like any other.  Its attributes are the name of the function and, for entries, the order of the derivative;
which derivative of a scalar- or vector-valued function it is, the operation says.  In the language a derivative is written with
primes, `f'(x)`, `L'(w)`, `L''(w)`, `F'(x)`: at the argument, in the shape in which derivatives are kept.  The second derivative of
a function of a matrix is written along a direction, `L''(W, E)`.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Function:
    """An unknown function by its name; `size` is how many entries the values of a vector-valued one have."""

    name: str
    kind: str
    size: Size | None = None

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

    def __call__(self, *arguments: Expr, order: int = 0) -> Expr:
        """The function, or its derivative of an order, at an expression."""
        found = self.derivatives(order, len(arguments))
        operation, given = found[0 if arguments[0].is_scalar else -1]
        return plain(operation, *arguments, **given)


def function_of(e: Expr) -> Function | None:
    """The abstract function that a node applies, or a derivative of it."""
    kind = APPLICATIONS.get(e.op.name)
    return Function(e["function"], kind, e["m"] if kind == "vector" else None) if kind is not None else None


def order_of(e: Expr) -> int:
    """Of an application, which derivative of its function it is."""
    if "order" in e.op.parameters:
        return int(e["order"])
    return 2 if e.op.name == ALONG else KINDS[APPLICATIONS[e.op.name]].index(e.op.name)


def is_gradient(e: Expr) -> bool:
    """Whether this is ∇_wL, the gradient of an abstract function at what has a name."""
    return e.op.name == KINDS["scalar"][1] and not (e.args[0].args and e.args[0].op is not NAMED)


def functions(*roots: Expr) -> dict[str, Function]:
    """The abstract functions below, by name, in order of appearance."""
    found: dict[str, Function] = {}
    for e in postorder(*roots):
        function = function_of(e)
        if function is not None:
            found.setdefault(function.name, function)
    return found
