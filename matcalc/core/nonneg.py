"""What the builders may know of signs: whether every entry of an expression is ≥ 0.

(b²)^(1/2) = |b| and (ab)^(1/2) need it; nothing else of properties is glue.
"""

from __future__ import annotations

from matcalc.core.expression import Expr
from matcalc.core.leaves import NAMED, NUMBER, is_declared_positive
from matcalc.core.property import NONNEG, POSITIVE


def nonneg(e: Expr) -> bool:
    """Whether every entry is known to be ≥ 0, from declarations and from the operations' own facts."""
    known = e.memo.get("nonneg")
    if known is None:
        stack = [e]
        while stack:
            top = stack[-1]
            waiting = [a for a in top.args if "nonneg" not in a.memo]
            if waiting:
                stack.extend(waiting)
                continue
            top.memo["nonneg"] = _nonneg_by_arguments(stack.pop())
        known = e.memo["nonneg"]
    return bool(known)


def _nonneg_by_arguments(e: Expr) -> bool:
    below = [bool(a.memo["nonneg"]) for a in e.args]
    if e.op is NUMBER:
        return bool(e["value"] >= 0)
    if not e.args:
        return is_declared_positive(e) or (e.op.name == "symbol" and NONNEG in e["properties"])
    if e.op.name == "power":
        p = e.args[1]
        return below[0] or (p.op is NUMBER and p["value"].denominator == 1 and p["value"] % 2 == 0)
    for wanted in (NONNEG, POSITIVE):
        needs = e.op.gives.get(wanted)
        if needs is not None and (not needs or (all(below) and set(needs) <= {NONNEG, POSITIVE})):
            return True
    return all(below) and (
        e.op is NAMED or e.op.name in ("add", "scale", "matmul", "hadamard", "quotient", "inner", "outer", "diag", "diagonal")
    )
