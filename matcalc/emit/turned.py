"""How transposes and conjugates are laid out: Aᵀ, A⁻ᵀ, z̄, Zᴴ."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from matcalc.core.expression import Expr
from matcalc.core.leaves import DIFFERENTIAL
from matcalc.emit.text import Text

if TYPE_CHECKING:
    from matcalc.emit.layout import Layout


def turned(layout: Layout, argument: Expr) -> Text:
    """Aᵀ, A⁻ᵀ, and Zᴴ for the transpose of a conjugate."""
    if argument.op.name == "conj":
        return layout.adjoint(layout.of(argument.args[0]))
    if argument.op.name == "inv" and not argument.args[0].op.notation.superscript:
        return layout.inverse(layout.of(argument.args[0]), "T")
    return layout.transposed(layout.of(argument))


def conjugate(layout: Layout, e: Expr) -> Text:
    """z̄, and dz̄ for the conjugate of dz."""
    (argument,) = e.args
    if argument.op is DIFFERENTIAL:
        return layout.differential(layout.conjugated(layout.of(argument.args[0])))
    return layout.conjugated(layout.of(argument))


TURNED: dict[str, Callable[[Layout, Expr], Text]] = {"transpose": lambda layout, e: turned(layout, e.args[0]), "conj": conjugate}
"""Name of an operation → its layout."""
