"""Words with unit vectors at their ends, as the entries that they pick."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.core.expression import Expr, plain
from matcalc.core.leaves import UNIT
from matcalc.core.terms import build, op
from matcalc.engine.signs import holds_differential


def entry_of(word: list[Expr], write: Callable[[Expr], Expr]) -> Expr | None:
    """e_iᵀx as the entry x_i, e_iᵀX e_j as X_ij; None for a word that is neither."""
    first = build("transpose", word[0])
    if first.op is not UNIT or len(word) > 3 or holds_differential(word[1]):
        return None
    if len(word) == 2:
        return plain(op("entry_of_vector"), write(word[1]), i=first["position"])
    if word[2].op is not UNIT or word[1].op.name == "transpose":
        return None
    return plain(op("entry"), write(word[1]), i=first["position"], j=word[2]["position"])
