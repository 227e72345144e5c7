"""How slices, sums over an index and stacks are laid out, and names that speak of an index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from matcalc.core.expression import Expr
from matcalc.core.indices import UNIT_AT, counter, free
from matcalc.core.leaves import DIFFERENTIAL, UNIT
from matcalc.core.stacks import places, stacked
from matcalc.emit.text import Level, Text

if TYPE_CHECKING:
    from matcalc.emit.layout import Layout


def index_sum(layout: Layout, e: Expr) -> Text:
    """Σᵢ of the body, or the stack of what is in its place."""
    letter, found = layout.name(layout.letters[counter(e)]), stacked(e)
    if found is not None:
        body, axis = found
        return layout.stack(layout.of(body), places(e, {axis: letter}))
    return layout.summation(letter, e["size"], layout.fit(layout.of(e.args[0]), Level.INNER))


def index_product(layout: Layout, e: Expr) -> Text:
    """Πᵢ of the body, for the product of what is stacked by one index; else a function."""
    found = stacked(e.args[0])
    if found is None or not found[0].is_scalar:
        return layout.function(layout.template(e), [layout.of(e.args[0])])
    i = counter(e.args[0])
    return layout.summation(layout.name(layout.letters[i]), i["size"], layout.fit(layout.of(found[0]), Level.INNER), product=True)


def part(layout: Layout, e: Expr) -> Text:
    """X[i,:], xᵢ; of the differential of a variable dX[i,:]."""
    array = layout.of(e.args[0])
    if e.args[0].op is DIFFERENTIAL and not e.args[0].args[0].args:
        array = replace(array, level=Level.ATOM)
    at = dict(zip(e["axes"], map(layout.of, e.args[1:]), strict=True))
    return layout.sliced(array, places(e.args[0], at))


def delta(layout: Layout, e: Expr) -> Text | None:
    """δᵢⱼ for e_iᵀe_j; None for another product."""
    if len(e.args) != 2 or not e.is_scalar or e.args[0].op.name != "transpose":
        return None
    units = (e.args[0].args[0], e.args[1])
    if not all(u.op in (UNIT, UNIT_AT) for u in units):
        return None
    places = [layout.digits(Fraction(u["position"]), False) if u.op is UNIT else layout.of(u.args[0]) for u in units]
    return layout.sliced(layout.written_name("delta"), places)


def labelled(layout: Layout, e: Expr) -> Text:
    """The name of a definition, with the indices that it speaks of below."""
    name = layout.name(e["label"])
    below = sorted(layout.letters[i] for i in free(e))
    return layout.sliced(name, list(map(layout.name, below))) if below else name


INDEXED: dict[str, Callable[[Layout, Expr], Text]] = {"index_sum": index_sum, "prod": index_product, "slice": part}
"""Name of an operation → its layout."""
