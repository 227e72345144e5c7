"""Functions that are constant between integers: rounding down, up, and to the nearest."""

import math
from collections.abc import Callable
from typing import Any

from matcalc.core.expression import Expr
from matcalc.core.leaves import zeros
from matcalc.core.operation import Domain, Notation, elementwise
from matcalc.core.property import INTEGER


def _stair(name: str, f: Callable[[float], int], brackets: str, latex: str, steps: str) -> dict[str, Any]:
    """The facts of a function with steps at the numbers that are said."""
    choice = f"{name} is constant near every other point, and its derivative is taken as 0"
    where = f"no entry of {{0}} is {steps}"
    return {
        "value": lambda N, x: N.real(name, x, lambda t: float(f(t)), lambda t: 0 * t), "gives": {INTEGER: ()}, "cite": "definition",
        "domain": (Domain(where, "kink", choice, rf"\text{{{{no entry of }}}}{{0}}\text{{{{ is {steps}}}}}"),),
        "notation": Notation(brackets[0] + "{0}" + brackets[1], latex, f"np.{name}"),
    }  # fmt: skip


@elementwise(**_stair("floor", math.floor, "⌊⌋", r"\lfloor {0} \rfloor", "an integer"))
def floor(X: Expr) -> Expr:
    """Largest integer that is not above an entry."""
    return zeros(X.shape)


@elementwise(**_stair("ceil", math.ceil, "⌈⌉", r"\lceil {0} \rceil", "an integer"))
def ceil(X: Expr) -> Expr:
    """Smallest integer that is not below an entry."""
    return zeros(X.shape)


@elementwise(aliases=("rint", "around"), **_stair("round", round, "⌊⌉", r"\lfloor {0} \rceil", "halfway between two integers"))
def round_(X: Expr) -> Expr:
    """Integer nearest to an entry."""
    return zeros(X.shape)
