"""Slips of the pen: what may have been written in place of a right answer, by one mistake at one place.

    transpose       one too few or too many            order        factors the other way round
    elementwise     X ⊙ Y for X Y, 1/X for X⁻¹         inner        xᵀy for x yᵀ, or the reverse
    factor          one lost                           sign, term   in a sum inside
    power           another one                        function     lost, or its derivative lost
    sum             a sum, trace or diagonal of it     part         only a part of it

A slip is found by altering an expression that is right and comparing, never by looking at how the mistake is spelt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from matcalc.core.builders import call, negative, over, times, to_power
from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import UNIT_AT, is_square
from matcalc.core.indices import put as put_index
from matcalc.core.leaves import INDEX, NUMBER, number, ones
from matcalc.core.operation import Kind
from matcalc.engine.differentiate import derivatives
from matcalc.errors import MatcalcError
from matcalc.verify.factors import of_entrywise, of_kronecker, of_product
from matcalc.verify.replacement import Found, chain_of, flipped, nothing, put, users, with_argument, without

FUNCTIONS = (Kind.ELEMENTWISE, Kind.OPERATION, Kind.DEFINITION)
MOST = 400
"""How many alterations of one expression are tried."""


@dataclass(frozen=True)
class Alteration:
    """`given` in place of `right` makes `whole` of the answer."""

    slip: str
    right: Expr
    given: Expr
    whole: Expr


def alterations(root: Expr) -> Iterator[Alteration]:
    """The expression with one slip at one place, wherever the shapes allow it."""
    seen = {root}
    count = 0
    above = users(root)
    for place in postorder(root):
        for slip, make in _slips_at(place, above[place]):
            try:
                given = make()
                whole = put(root, place, given, above)
            except (MatcalcError, ValueError, IndexError):
                continue
            if whole not in seen:
                seen.add(whole)
                yield Alteration(slip, place, given, whole)
                count += 1
                if count == MOST:
                    return


def _slips_at(e: Expr, users_: list[Expr]) -> Iterator[Found]:
    """What may have been written in place of one node."""
    if any(len(a.shape) != 2 for a in (e, *e.args)):
        return  # slices, stacks and sums of tensors are read as they stand
    yield from INVITED.get(e.op.name, nothing)(e)
    for k, a in enumerate(e.args if e.op.name != "transpose" else ()):
        if not a.is_scalar:
            yield _turning(a), partial(_turned_at, e, k)
    if e.op.kind not in (Kind.MULTILINEAR, Kind.LINEAR, Kind.BINDER):
        for k in range(len(e.args)):
            yield "sign", partial(_negated, e, k)
    if sum(u.op.kind in FUNCTIONS for u in users_) > 1 and e.op is not NUMBER:
        yield "sign", lambda: negative(e)  # in all of them, as where f and f′ are taken of the same
    if e.op is NUMBER:
        inside = all(u.op.name == "power" for u in users_)
        yield from (("power" if inside else slip, partial(number, other)) for slip, other in _other_numbers(e["value"]))
    if not e.is_scalar:
        yield _turning(e), lambda: flipped(e)
    if e.op.kind in FUNCTIONS and len(e.args) == 1 and e.args[0].shape == e.shape:
        yield "function", lambda: e.args[0]
        yield "inner derivative", lambda: ones(e.shape)
    if e.op.kind is Kind.ELEMENTWISE and len(e.args) == 1 and (slope := derivatives(e)[0]) is not None:
        yield "differentiated twice", lambda: slope
    if not e.is_scalar and is_square(e) and e.op.name != "identity":
        yield "trace", lambda: call("tr", e)


def _turning(e: Expr) -> str:
    """What it is called to turn an expression."""
    within = e.args[0] if e.op.name == "transpose" else e
    return "inverse" if within.op.name == "inv" else "transpose"


def _turned_at(e: Expr, k: int) -> Expr:
    return with_argument(e, k, flipped(e.args[k]))


def _negated(e: Expr, k: int) -> Expr:
    return with_argument(e, k, negative(e.args[k]))


def _of_scaled(e: Expr) -> Iterator[Found]:
    for k in range(len(e.args)):
        yield "sign" if e.args[k] is number(-1) else "factor", partial(without, e, k)
        yield from _of_number(e, k)
        yield from _of_delta(e, k)
    M = e.args[-1]
    for c in e.args[:-1]:
        if c.op.name == "matmul" and c.is_scalar and len(c.args) == 2 and M.is_column:
            yield "inner", partial(chain_of, (M, *c.args))


def _of_delta(e: Expr, k: int) -> Iterator[Found]:
    """δᵢₐ lost, the one index put for the other."""
    ends = [x.args[0] if x.op.name == "transpose" else x for x in e.args[k].args] if e.args[k].op.name == "matmul" else []
    if len(ends) == 2 and all(x.op is UNIT_AT and x.args[0].op is INDEX for x in ends):
        i, a = (x.args[0] for x in ends)
        for old, new in ((i, a), (a, i)):
            yield "factor", partial(lambda old, new: put_index(without(e, k), {old: new}), old, new)


def _of_number(e: Expr, k: int) -> Iterator[Found]:
    """Another number: twice it, half of it, one more, one less."""
    a = e.args[k]
    if a.op is NUMBER:
        for slip, other in _other_numbers(a["value"]):
            yield slip, partial(with_argument, e, k, number(other))


def _other_numbers(c: Fraction) -> Iterator[tuple[str, Fraction]]:
    yield from (("factor", other) for other in (2 * c, c / 2, c + 1, c - 1) if other)
    yield "sign", -c


def _of_sum(e: Expr) -> Iterator[Found]:
    for k in range(len(e.args)):
        yield from _of_number(e, k)
        yield "sign", partial(_negated, e, k)
        yield "term", partial(without, e, k)


def _of_power(e: Expr) -> Iterator[Found]:
    base, exponent = e.args
    yield "power", lambda: base
    for step in (1, -1):
        yield "power", partial(to_power, base, exponent["value"] + step if exponent.op is NUMBER else exponent + step)
    yield "power", lambda: to_power(base, negative(exponent))
    if is_square(base) and not base.is_scalar and exponent == number(2):
        yield "elementwise", lambda: call("matmul", base, base)
    if is_square(base) and not base.is_scalar and exponent == number(-1):
        yield "elementwise", lambda: call("inv", base)


def _of_quotient(e: Expr) -> Iterator[Found]:
    yield "factor", lambda: e.args[0]
    yield "power", lambda: times(e.args[1], e.args[0])
    yield "power", lambda: over(e.args[0], to_power(e.args[1], 2))


def _of_inverse(e: Expr) -> Iterator[Found]:
    yield "elementwise", lambda: to_power(e.args[0], -1)
    yield "function", lambda: e.args[0]


def _of_trace(e: Expr) -> Iterator[Found]:
    yield "trace", lambda: call("sum", e.args[0])
    yield "trace", lambda: e.args[0]


def _of_norm(e: Expr) -> Iterator[Found]:
    yield "power", lambda: to_power(e, 2)


def _of_diagonal(e: Expr) -> Iterator[Found]:
    yield "diagonal", lambda: e.args[0]


def _of_sums(e: Expr) -> Iterator[Found]:
    yield "sum", lambda: e.args[0]
    yield "sum", lambda: flipped(e.args[0])


INVITED: dict[str, Callable[[Expr], Iterator[Found]]] = {
    "matmul": of_product,
    "hadamard": of_entrywise,
    "scale": _of_scaled,
    "add": _of_sum,
    "power": _of_power,
    "quotient": _of_quotient,
    "inv": _of_inverse,
    "tr": _of_trace,
    "sum": _of_trace,
    "norm": _of_norm,
    "diag": _of_diagonal,
    "diagonal": _of_diagonal,
    "row_sums": _of_sums,
    "column_sums": _of_sums,
    "kron": of_kronecker,
}  # fmt: skip
"""Slips that the operations of the glue and a few others invite."""
