"""Calls in the check of readings: arguments that are literal, and derivatives of unknown functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from matcalc.core.abstract import Function
from matcalc.core.expression import Expr
from matcalc.core.words import NOTHING, Argument


@dataclass(frozen=True)
class Keyword:
    """An argument that is given by its name."""

    name: str
    value: Any


def applied(function: Function, order: int, parts: Sequence[Any], operand: Callable[[Any], Expr]) -> Expr:
    """A function, or its derivative in those arguments that `arg` counts; of the arguments the one that `along` counts is a direction."""
    options = {part.name: part.value for part in parts if isinstance(part, Keyword)}
    operands = [operand(part) for part in parts if not isinstance(part, Keyword)]
    if "arg" not in options:
        return function(*operands, order=order)
    counted = options["arg"] if isinstance(options["arg"], tuple) else (options["arg"],)
    direction = operands.pop(int(options["along"]) - 1) if "along" in options else None
    return function(*operands, order=order, at=tuple(int(k) - 1 for k in counted), direction=direction)


def told(part: Any) -> Argument:
    """What of an argument is literal."""
    if isinstance(part, Keyword):
        return Argument(part.name, told(part.value).value)
    return Argument("", part if isinstance(part, (Fraction, str)) else NOTHING)
