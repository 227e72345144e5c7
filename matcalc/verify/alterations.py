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
from typing import TypeAlias

from matcalc.core.builders import call, is_row, matrix_product, negative, over, times, to_power, turned
from matcalc.core.expression import Expr, plain, postorder, rebuilt
from matcalc.core.indices import UNIT_AT, is_square
from matcalc.core.indices import put as put_index
from matcalc.core.leaves import INDEX, NUMBER, number, ones
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.terms import is_ones
from matcalc.engine.differentiate import derivatives
from matcalc.errors import MatcalcError, ShapeMistake

Factors: TypeAlias = tuple[Expr, ...]
Found: TypeAlias = tuple[str, Callable[[], Expr]]
"""The name of a slip, and what it makes of a node (which may fit nowhere, and then raises)."""
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


def users(root: Expr) -> dict[Expr, list[Expr]]:
    """For every node those that use it."""
    found: dict[Expr, list[Expr]] = {root: []}
    for e in postorder(root):
        for a in e.args:
            found.setdefault(a, []).append(e)
    return found


def put(root: Expr, place: Expr, new: Expr, above: dict[Expr, list[Expr]]) -> Expr:
    """The root with one node replaced: only what stands above it is built anew."""
    touched, waiting = {place}, [place]
    while waiting:
        for e in above[waiting.pop()]:
            if e not in touched:
                touched.add(e)
                waiting.append(e)
    built = {place: new}
    for e in postorder(root, below=lambda x: x.args if x in touched and x is not place else ()):
        if e in touched and e is not place:
            built[e] = again(e, tuple(built.get(a, a) for a in e.args))
    return built[root]


def again(e: Expr, args: Factors) -> Expr:
    """The node over other arguments; a product one of whose factors has become a scalar, as the language reads it."""
    if e.op.name == "matmul" and any(a.is_scalar for a in args):
        return _product(args)
    tensors = len(e.shape) != 2 or any(len(a.shape) != 2 for a in e.args)
    if (tensors or e.op.kind in (Kind.LEAF, Kind.BINDER)) and [a.shape for a in args] != [a.shape for a in e.args]:
        raise ShapeMistake("this node has the shape of what stands in it")
    return rebuilt(e, args)


def _product(factors: tuple[Expr, ...]) -> Expr:
    whole = factors[0]
    for f in factors[1:]:
        whole = matrix_product(whole, f)
    return whole


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
    if e.op is NUMBER:
        inside = all(u.op.name == "power" for u in users_)
        yield from (("power" if inside else slip, partial(number, other)) for slip, other in _other_numbers(e["value"]))
    if not e.is_scalar:
        yield _turning(e), lambda: _flipped(e)
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


def nothing(e: Expr) -> Iterator[Found]:
    """No slips."""
    yield from ()


def _flipped(e: Expr) -> Expr:
    return e.args[0] if e.op.name == "transpose" else plain(OPERATIONS["transpose"], e)


def _with(e: Expr, k: int, new: Expr) -> Expr:
    return again(e, (*e.args[:k], new, *e.args[k + 1 :]))


def _turned_at(e: Expr, k: int) -> Expr:
    return _with(e, k, _flipped(e.args[k]))


def _negated(e: Expr, k: int) -> Expr:
    return _with(e, k, negative(e.args[k]))


def _without(e: Expr, k: int) -> Expr:
    rest = e.args[:k] + e.args[k + 1 :]
    return rest[0] if len(rest) == 1 else again(e, rest)


def _of_product(e: Expr) -> Iterator[Found]:
    n = len(e.args)
    for k in range(n):
        yield "sum" if is_ones(e.args[k]) else "factor", partial(_without, e, k)
    for k in range(n - 1):
        a, b = e.args[k], e.args[k + 1]
        before, after = e.args[:k], e.args[k + 2 :]
        if a.is_column and is_row(b):
            yield "inner", partial(_inside_out, before, b, a, after)
        if is_row(a) and b.is_column:
            yield "inner", partial(_joined, before, (b, a), after)
            yield "inner", partial(_joined, before, (turned(a), b.T), after)
        yield "order", partial(_joined, before, (b, a), after)
        yield "elementwise", partial(_merged, before, a, b, after)
        if n > 2:
            yield "factor", partial(_joined, before, (), after)
    if n > 2:
        yield "order", lambda: _product(e.args[::-1])
        yield "order", lambda: _product((e.args[-1], *e.args[:-1]))
        yield "order", lambda: _product((*e.args[1:], e.args[0]))


def _joined(before: Factors, new: Factors, after: Factors) -> Expr:
    return _product((*before, *new, *after))


def _inside_out(before: Factors, row: Expr, column: Expr, after: Factors) -> Expr:
    """xᵀy in front of what is left of A x yᵀB."""
    c, rest = call("matmul", row, column), (*before, *after)
    return times(c, _product(rest)) if rest else c


def _merged(before: Factors, a: Expr, b: Expr, after: Factors) -> Expr:
    """A ⊙ B for A B where the shapes are one, else with one of them turned."""
    return _product((*before, call("hadamard", a, b if a.shape == b.shape else _flipped(b)), *after))


def _of_entrywise(e: Expr) -> Iterator[Found]:
    for k in range(len(e.args)):
        yield "factor", partial(_without, e, k)
    if len(e.args) == 2:
        a, b = e.args
        yield "elementwise", lambda: matrix_product(a, b)
        yield "elementwise", lambda: matrix_product(b, a)
        yield "elementwise", lambda: matrix_product(a.T, b)
        yield "elementwise", lambda: matrix_product(a, b.T)


def _of_scaled(e: Expr) -> Iterator[Found]:
    for k in range(len(e.args)):
        yield "sign" if e.args[k] is number(-1) else "factor", partial(_without, e, k)
        yield from _of_number(e, k)
        yield from _of_delta(e, k)
    M = e.args[-1]
    for c in e.args[:-1]:
        if c.op.name == "matmul" and c.is_scalar and len(c.args) == 2 and M.is_column:
            yield "inner", partial(_product, (M, *c.args))


def _of_delta(e: Expr, k: int) -> Iterator[Found]:
    """δᵢₐ lost, the one index put for the other."""
    ends = [x.args[0] if x.op.name == "transpose" else x for x in e.args[k].args] if e.args[k].op.name == "matmul" else []
    if len(ends) == 2 and all(x.op is UNIT_AT and x.args[0].op is INDEX for x in ends):
        i, a = (x.args[0] for x in ends)
        for old, new in ((i, a), (a, i)):
            yield "factor", partial(lambda old, new: put_index(_without(e, k), {old: new}), old, new)


def _of_number(e: Expr, k: int) -> Iterator[Found]:
    """Another number: twice it, half of it, one more, one less."""
    a = e.args[k]
    if a.op is NUMBER:
        for slip, other in _other_numbers(a["value"]):
            yield slip, partial(_with, e, k, number(other))


def _other_numbers(c: Fraction) -> Iterator[tuple[str, Fraction]]:
    yield from (("factor" if other else "term", other) for other in (2 * c, c / 2, c + 1, c - 1))
    yield "sign", -c


def _of_sum(e: Expr) -> Iterator[Found]:
    for k in range(len(e.args)):
        yield from _of_number(e, k)
        yield "sign", partial(_negated, e, k)
        yield "term", partial(_without, e, k)


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


def _of_norm(e: Expr) -> Iterator[Found]:
    yield "power", lambda: to_power(e, 2)


def _of_diagonal(e: Expr) -> Iterator[Found]:
    yield "diagonal", lambda: e.args[0]


def _of_sums(e: Expr) -> Iterator[Found]:
    yield "sum", lambda: e.args[0]
    yield "sum", lambda: _flipped(e.args[0])


def _of_kronecker(e: Expr) -> Iterator[Found]:
    yield "order", lambda: _with(_with(e, 0, e.args[1]), 1, e.args[0])


INVITED: dict[str, Callable[[Expr], Iterator[Found]]] = {
    "matmul": _of_product,
    "hadamard": _of_entrywise,
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
    "kron": _of_kronecker,
}  # fmt: skip
"""Slips that the operations of the glue and a few others invite."""
