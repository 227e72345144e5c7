"""Which matrices of ones are written as products, 1 1ᵀ.

Beside other matrices that are meant entry by entry, `1 − H∘²`, a 1 is enough.  Beside an identity it would be taken for a number:
I − 1/n is I − 1 1ᵀ/n.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from matcalc.core.expression import Expr
from matcalc.core.leaves import IDENTITY, ONES
from matcalc.core.size import ONE
from matcalc.emit.text import Level, Text

if TYPE_CHECKING:
    from matcalc.emit.layout import Layout


def beside_identities(order: Iterable[Expr]) -> frozenset[Expr]:
    """The matrices of ones that stand, with scalars or without, in a sum with a multiple of the identity."""
    found: set[Expr] = set()
    for e in order:
        if e.op.name == "add":
            parts = [_without_scalars(t) for t in e.args]
            if any(p.op is IDENTITY for p in parts):
                found.update(p for p in parts if p.op is ONES and ONE not in p.shape)
    return frozenset(found)


def all_ones(layout: Layout, e: Expr) -> Text:
    """1, a row 1ᵀ, and the product of both where that is needed."""
    if e not in layout.products:
        return layout.ones(row=e.shape[0] is ONE)
    return layout.joined([layout.ones(row=False), layout.ones(row=True)], [False], Level.CHAIN)


def _without_scalars(e: Expr) -> Expr:
    """What is scaled or divided by scalars."""
    while e.op.name == "scale" or (e.op.name == "quotient" and e.args[1].is_scalar):
        e = e.args[-1] if e.op.name == "scale" else e.args[0]
    return e
