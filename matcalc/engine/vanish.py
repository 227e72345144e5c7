"""Products that vanish: a residual is orthogonal to what it was projected on, Pᵀr = 0 for r = y − P (PᵀP)⁻¹Pᵀy.

Least squares inside a loss (variable projection) have short gradients for this reason alone.  A product of a residual and a few of
the factors beside it is multiplied out, names and all; where everything cancels, the terms that hold it are zero.
"""

from __future__ import annotations

from collections.abc import Container

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NAMED, is_zero_leaf, unnamed
from matcalc.core.terms import build, split
from matcalc.engine.cost import cost
from matcalc.engine.expand import DEEPEST, terms
from matcalc.engine.factor import factored
from matcalc.engine.naming import written_sizes

WIDEST = 5
"""The most factors beside a residual that are looked at."""
MOST_LOOKED_AT = 60
LONGEST = 150
"""A product of more nodes than this, written out, is not looked at."""
INVERSES = {"inv", "pinv"}


def without_vanishing(e: Expr, typed: Container[Expr] = ()) -> tuple[Expr, list[Expr]]:
    """The canonical e without the terms that vanish, and the products that do so; e itself where that is no shorter."""
    if not _has_inverse(e):
        return e, []
    for kept in (typed, ()):
        found: dict[Expr, bool] = {}
        listed = terms(e, kept, DEEPEST)
        left = [t for t in listed if not _vanishes(t, found)]
        if len(left) < len(listed):
            new = factored(build("add", *left))
            if cost(new) < cost(e):
                return new, [w for w, zero in found.items() if zero]
    return e, []


def _vanishes(t: Expr, found: dict[Expr, bool]) -> bool:
    """Whether a term has a product with a residual that is zero; `found` remembers products."""
    part = split(t)
    chains = [part.chain, *(list(b.args) for b in part.powers if b.op.name == "matmul")]
    for chain in chains:
        for at, f in enumerate(chain):
            inside = f.args[0] if f.op.name == "transpose" else f
            if inside.op is NAMED and inside.args[0].op.name != "add" and _vanishes(canonical(inside.args[0]), found):
                return True
            if _is_residual(f):
                windows = [chain[start : at + 1] for start in range(at - 1, max(at - WIDEST, 0) - 1, -1)]
                windows += [chain[at:end] for end in range(at + 2, min(at + WIDEST + 1, len(chain)) + 1)]
                if any(_is_zero(build("matmul", *w), found) for w in windows):
                    return True
    return False


def _is_residual(f: Expr) -> bool:
    """Whether this is a difference, by a name or as it stands, with an inverse in it."""
    inside = f.args[0] if f.op.name == "transpose" else f
    definition = canonical(inside.args[0]) if inside.op is NAMED else inside
    return definition.op.name == "add" and _has_inverse(definition)


def _has_inverse(e: Expr) -> bool:
    return any(x.op.name in INVERSES for x in postorder(e))


def _is_zero(window: Expr, found: dict[Expr, bool]) -> bool:
    if window not in found:
        if len(found) >= MOST_LOOKED_AT:
            return False
        whole = unnamed(window)
        listed = terms(canonical(whole), (), DEEPEST) if written_sizes(whole)[whole] <= LONGEST else []
        found[window] = bool(listed) and is_zero_leaf(build("add", *listed) if len(listed) > 1 else listed[0])
    return found[window]
