"""Reading cost: how much an expression asks of its reader, written out.

A symbol costs 2, a transpose 1, a number other than 1 and −1 costs 1, and every operation what its declaration says.  A name costs
as much as a symbol, whatever it stands for.
"""

from __future__ import annotations

from collections.abc import Container
from itertools import groupby

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import DIFFERENTIAL, NAMED
from matcalc.core.terms import is_ones

MOST = 1 << 40


def cost(e: Expr) -> int:
    """The reading cost, found once per node; capped, since a shared graph written out can be exponential."""
    known = e.memo.get("cost")
    if known is None:
        for x in postorder(e, below=lambda y: () if "cost" in y.memo or y.op in (NAMED, DIFFERENTIAL) else y.args):
            if "cost" not in x.memo:
                x.memo["cost"] = _cost(x)
        known = e.memo["cost"]
    return int(known)


def cost_with_names(e: Expr, known: Container[Expr] = ()) -> int:
    """The reading cost together with that of the definitions of its names, those `known` not counted."""
    names = [x for x in postorder(e, below=lambda y: () if y in known else y.args) if x.op is NAMED and x not in known]
    return cost(e) + sum(cost(x.args[0]) for x in names)


def _cost(e: Expr) -> int:
    name = e.op.name
    if name == "number":
        return int(e["value"] != -1)  # a minus is no more to read than a plus
    if not e.args or e.op in (NAMED, DIFFERENTIAL) or is_ones(e):
        return 2
    below: int = sum(a.memo["cost"] for a in e.args)
    if name == "add":
        return min(MOST, below + e.op.cost * (len(e.args) - 1))
    if name == "matmul":
        runs = [(a, len(list(same))) for a, same in groupby(e.args)]
        repeated = sum((count - 1) * a.memo["cost"] - 1 for a, count in runs if count > 1)  # written as a power
        below -= repeated
    if name in ("hadamard", "scale", "matmul"):
        brackets = sum(1 for a in e.args if a.op.name == "add")
        return min(MOST, below + e.op.cost * (len(e.args) - 1) + brackets)
    return int(min(MOST, below + e.op.cost))
