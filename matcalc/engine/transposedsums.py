"""Sums of transposes: AᵀCᵀ + Bᵀ as (C A + B)ᵀ, where fewer marks are printed then."""

from __future__ import annotations

from matcalc.core.canonical import transposes
from matcalc.core.expression import Expr, postorder
from matcalc.core.size import ONE
from matcalc.core.terms import build
from matcalc.engine.signs import outside_names


def is_lighter_turned(e: Expr) -> bool:
    """Whether the transpose of the canonical sum e has no transpose left, and e has more than the one that is put around it.

    That of an inverse is none: X⁻ᵀ is as short as X⁻¹, so that X⁻ᵀ + Bᵀ stays.
    """
    if len(e.shape) != 2 or ONE in e.shape or transposes(e) < 2:
        return False
    return not _marks(build("transpose", e)) and _marks(e) > 1


def _marks(e: Expr) -> int:
    """How many transposes are printed as marks of their own; capped, found once per node."""
    for x in postorder(e, below=lambda y: () if "marks" in y.memo else outside_names(y)):
        if "marks" not in x.memo:
            pair = {x.op.name, x.args[0].op.name} if len(x.args) == 1 else set()
            own = (x.op.name == "transpose") - (pair == {"transpose", "inv"})
            x.memo["marks"] = min(own + sum(a.memo["marks"] for a in outside_names(x)), 1 << 30)
    return int(e.memo["marks"])
