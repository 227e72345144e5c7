"""A : E and sums of such, as a person writes them; of what holds indices, the sums over them."""

from __future__ import annotations

from matcalc.core.builders import call, negative, plus, times, to_power
from matcalc.core.conjugates import is_seen_real
from matcalc.core.expression import Expr, plain
from matcalc.core.indices import NO_INDEX, closed, free, levelled
from matcalc.core.leaves import DIFFERENTIAL, IDENTITY, NUMBER, number
from matcalc.core.operation import OPERATIONS
from matcalc.core.reality import all_real


def pair(a: Expr, e: Expr, over: frozenset[Expr] = NO_INDEX) -> Expr:
    """A : E as a person writes it, summed over the indices that stand free in it, and those given."""
    indices = free(a) | free(e) | over
    if not indices:
        return _pair(a, e)
    front = [c for c in a.args[:-1] if not free(c) & indices] if a.op.name == "scale" else []
    if front:
        rest = [c for c in a.args if c not in front]
        a = plain(a.op, *rest) if len(rest) > 1 else rest[0]
    written = levelled(closed(_pair(a, e), indices))
    return times(plain(OPERATIONS["scale"], *front) if len(front) > 1 else front[0], written) if front else written


def _pair(a: Expr, e: Expr) -> Expr:
    """A product of scalars, tr E for A = I, else the colon; of what may be complex the real part."""
    if not all_real(a, e) and not is_seen_real(whole := _whole_pair(a, e)):
        return call("real", whole)
    return _whole_pair(a, e)


def _whole_pair(a: Expr, e: Expr) -> Expr:
    positive = _without_minus(e)
    if positive is not None and not (a.op is NUMBER and a["value"] == 1):
        return negative(_whole_pair(a, positive))  # 2 R : (−(B + C)) is written −2 R : (B + C)
    if a.is_scalar:
        return e if a.op is NUMBER and a["value"] == 1 else times(a, e)
    front, a = _number_in_front(a)
    paired = call("tr", e) if a.op is IDENTITY else call("inner", a, e)
    return paired if front is None else times(front, paired)


def _without_minus(e: Expr) -> Expr | None:
    """What a minus stands in front of, in a quotient that of its numerator; None without one."""
    if e.op.name == "quotient":
        above = _without_minus(e.args[0])
        return None if above is None else plain(e.op, above, e.args[1])
    sign, rest = _number_in_front(e)
    return rest if sign is number(-1) else None


def _number_in_front(a: Expr) -> tuple[Expr | None, Expr]:
    """A number that scales a, and what it scales: 2 G : dX is written for (2 G) : dX."""
    if a.op.name != "scale" or a.args[0].op is not NUMBER:
        return None, a
    rest = a.args[1:]
    return a.args[0], rest[0] if len(rest) == 1 else plain(a.op, *rest)


def summed_entries(e: Expr) -> Expr:
    """The sum of all entries of an array: ‖T‖² of squares, S : T of a product."""
    if e.op.name == "power" and e.args[1].op is NUMBER and e.args[1]["value"] == 2:
        return to_power(call("norm", e.args[0]), e.args[1])
    return call("inner", *e.args) if e.op.name == "hadamard" and len(e.args) == 2 else call("sum", e)


def is_pair(t: Expr) -> bool:
    """Whether a canonical term is c A : dX, which is a line of its own as it is."""
    unit = t.args[-1] if t.op.name == "scale" else t
    factors = unit.args[0].args if unit.op.name == "tr" and unit.args[0].op.name == "matmul" else ()
    return len(factors) == 2 and any((f.args[0] if f.op.name == "transpose" else f).op is DIFFERENTIAL for f in factors)


def total(terms: list[Expr]) -> Expr:
    """A sum of plain terms."""
    result = terms[0]
    for t in terms[1:]:
        result = plus(result, t)
    return result
