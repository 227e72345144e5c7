"""Sums over all slices of arrays of order three or more, as sums of the whole: Σᵢ sum(f(T[i, :, :])) = sum(f(T))."""

from __future__ import annotations

from matcalc.core.expression import Expr, plain, postorder, rebuilt
from matcalc.core.indices import SLICE, free
from matcalc.core.leaves import NUMBER

ENTRYWISE = ("add", "scale", "hadamard", "quotient", "power")
TOTALS = ("sum", "inner")


def array_total(body: Expr, i: Expr) -> Expr | None:
    """Σᵢ of a sum, an inner product or a squared norm of what goes entry by entry over slices at i; None for other bodies."""
    squared = body.op.name == "power" and body.args[0].op.name == "norm" and body.args[1].op is NUMBER and body.args[1]["value"] == 2
    inside = body.args[0] if squared else body
    if not squared and inside.op.name not in TOTALS:
        return None
    arrays = _wholes(inside.args, i)
    if arrays is None:
        return None
    total = plain(inside.op, *arrays)
    return plain(body.op, total, body.args[1]) if squared else total


def _wholes(parts: tuple[Expr, ...], i: Expr) -> list[Expr] | None:
    """The arrays of which these are the slices at i, all along one axis; None where there are none."""
    found: dict[Expr, Expr] = {}
    axes = set()
    for e in postorder(*parts, below=lambda y: () if y.op is SLICE or i not in free(y) else y.args):
        if e.op is SLICE and e.args[1:] == (i,) and len(e.args[0].shape) > 2 and i not in free(e.args[0]):
            if e.args[0].shape[e["axes"][0]] is not i["size"]:
                return None
            axes.add(e["axes"])
            found[e] = e.args[0]
        elif i not in free(e):
            found[e] = e
        elif (e.op.name in ENTRYWISE or e.op.is_of_entries) and all(a.is_scalar != (i in free(a)) for a in e.args):
            found[e] = rebuilt(e, tuple(found[a] for a in e.args))
        else:
            return None
    return [found[p] for p in parts] if len(axes) == 1 and all(i in free(p) for p in parts) else None
