"""What the builders may know of signs: whether every entry of an expression is ≥ 0, or > 0.

(b²)^(1/2) = |b| and (ab)^(1/2) need it; nothing else of properties is glue.
"""

from __future__ import annotations

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NAMED, NUMBER, ONES, is_declared_positive
from matcalc.core.property import NONNEG, POSITIVE, PROBABILITY
from matcalc.core.reality import is_real


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
            stack.pop()
            top.memo["nonneg"] = is_real(top) and _nonneg_by_arguments(top)
        known = e.memo["nonneg"]
    return bool(known)


def _nonneg_by_arguments(e: Expr) -> bool:
    below = [bool(a.memo["nonneg"]) for a in _values(e)]
    if e.op is NUMBER:
        return bool(e["value"] >= 0)
    if not e.args:
        return is_declared_positive(e) or NONNEG in e.op.gives or (e.op.name == "symbol" and NONNEG in e["properties"])
    if e.op.name == "power":
        p = e.args[1]
        return below[0] or (p.op is NUMBER and (p["value"].denominator % 2 == 0 or p["value"].numerator % 2 == 0))
    if (e.op.name == "add" and is_complement(e)) or (e.op.at_least and any(below)):
        return True
    for wanted in (NONNEG, POSITIVE):
        needs = e.op.gives.get(wanted)
        if needs is not None and (not needs or (all(below) and set(needs) <= {NONNEG, POSITIVE})):
            return True
    return all(below) and (
        e.op is NAMED or e.op.name in ("add", "scale", "matmul", "hadamard", "quotient", "inner", "outer", "diag", "diagonal", "index_sum")
    )


def positive(e: Expr) -> bool:
    """Whether every entry is known to be > 0: by declaration, by the operation, as a sum with a positive term, as a product."""
    for x in postorder(e, below=lambda y: () if "positive" in y.memo else y.args):
        if "positive" not in x.memo:
            x.memo["positive"] = is_real(x) and _positive(x)
    return bool(e.memo["positive"])


def _positive(e: Expr) -> bool:
    below = [bool(a.memo["positive"]) for a in _values(e)]
    if not e.args:
        return is_declared_positive(e)
    if e.op.name == "add":
        return is_complement(e) or (any(below) and all(nonneg(a) for a in e.args))
    if e.op.name == "power":
        return below[0] and is_real(e.args[1])
    if e.op.at_least and any(below):
        return True
    needs = e.op.gives.get(POSITIVE)
    if needs is not None and (not needs or (all(below) and set(needs) <= {NONNEG, POSITIVE})):
        return True
    return all(below) and (
        e.op is NAMED or e.op.name in ("scale", "matmul", "hadamard", "quotient", "inner", "outer", "transpose", "diagonal", "index_sum")
    )


def _values(e: Expr) -> tuple[Expr, ...]:
    """The arguments whose entries count: of a slice the array, not where it is cut."""
    return e.args[:1] if e.op.name in ("slice", "place") else e.args


def is_complement(e: Expr) -> bool:
    """Whether a sum is 1 − p for a p between 0 and 1, such as 1 − sigmoid(x)."""
    if len(e.args) != 2:
        return False
    one, less = sorted(e.args, key=lambda a: a.op.name == "scale")
    if not _is_ones(one) or less.op.name != "scale" or len(less.args) != 2 or less.args[0].op is not NUMBER:
        return False
    return bool(less.args[0]["value"] == -1) and is_probability(less.args[1])


def is_probability(e: Expr) -> bool:
    """Whether every entry is known to be between 0 and 1."""
    while e.op is NAMED:
        e = e.args[0]
    return e.op.gives.get(PROBABILITY) == () or (e.op.name == "symbol" and PROBABILITY in e["properties"])


def _is_ones(e: Expr) -> bool:
    if e.op is NUMBER:
        return bool(e["value"] == 1)
    return e.op is ONES or (e.op.name in ("matmul", "transpose") and not e.is_scalar and all(_is_ones(a) for a in e.args))
