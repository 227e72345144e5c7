"""Slices as a person writes them: a product with a basis vector e_i is a row, a column or an entry of what stands beside it."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.core.builders import turned
from matcalc.core.expression import Expr
from matcalc.core.indices import PLACE, UNIT_AT, counter, place, sliced, summed_over, unit_at
from matcalc.core.leaves import UNIT, index, number
from matcalc.core.size import ONE, SCALAR
from matcalc.core.stacks import restacked
from matcalc.core.terms import Term, build, join, split
from matcalc.engine.typed import Typed

FRESH = 1 << 21
"""The level of an index while its sum is being made."""


def holds_basis(chain: list[Expr]) -> bool:
    """Whether a basis vector at an index is among the factors."""
    return any(_position(f) is not None or _position_below(f) is not None for f in chain)


def with_slices(chain: list[Expr], written: Callable[[Expr], Expr]) -> list[Expr]:
    """The factors of a chain as they are written, basis vectors put together with their neighbours: Xᵀ e_i is X[i, :]."""
    found: list[Expr] = []
    k = 0
    while k < len(chain):
        f, rest = chain[k], chain[k + 1 :]
        left, right = _position_below(f), _position(rest[0]) if rest else None
        if left is not None and rest and rest[0].shape[0] is not ONE and not _is_basis(rest[0]):
            last = _position(rest[1]) if len(rest) > 1 and rest[0].shape[1] is not ONE else None
            array = written(rest[0])
            if last is not None:
                found.append(_part(array, left, last))
            else:
                part = _part(array, left)
                found.append(part if part.is_scalar else part.T)
            k += 2 + (last is not None)
        elif right is not None and f.shape[1] is not ONE and not _is_basis(f):
            array = written(f)
            found.append(_part(turned(array), right) if f.shape[0] is ONE else _part(array, None, right))
            k += 2
        else:
            found.append(written(f))
            k += 1
    return found


def _part(array: Expr, *positions: Expr | None) -> Expr:
    """The slice at positions, through a transpose to what stands below."""
    while array.op.name == "transpose" and not array.is_column:
        array, positions = array.args[0], (*positions, None)[:2][::-1]
    at = [(k, p) for k, p in enumerate(positions) if p is not None]
    return sliced(array, [p for _, p in at], tuple(k for k, _ in at))


def _position(f: Expr) -> Expr | None:
    return f.args[0] if f.op is UNIT_AT else None


def _position_below(f: Expr) -> Expr | None:
    return _position(f.args[0]) if f.op.name == "transpose" else None


def _is_basis(f: Expr) -> bool:
    inside = f.args[0] if f.op.name == "transpose" else f
    return inside.op in (UNIT, UNIT_AT)


def as_stack(e: Expr, body: Expr, signed: Callable[[Expr], tuple[int, Expr]], typed: Typed) -> tuple[int, Expr] | None:
    """A sum that stacks slices, or an array that is zero but for one, as a person writes it, its sign apart; None for other sums.

    What is stacked keeps the sign with which it was `typed`.
    """
    if e.op is PLACE:
        return 1, lone_slice(e, body)
    found = unplaced(e)
    if found is None:
        return None
    stacked, axis = found
    mirror = build("scale", number(-1), stacked)
    turn = mirror in typed and stacked not in typed
    sign, written = signed(mirror if turn else stacked)
    return -sign if turn else sign, restacked(written, e, axis)


def lone_slice(e: Expr, body: Expr) -> Expr:
    """What is zero but for a slice at a given place, as a stack: stack(k, δₖₚ B)."""
    (axis,), position = e["axes"], e.args[1]
    k = index(FRESH, e.shape[axis])
    delta = unit_at(k, k["size"]).T @ unit_at(position, k["size"])
    return summed_over(place(delta * body, (k,), (axis,), e.shape), k)


def unplaced(e: Expr) -> tuple[Expr, int] | None:
    """What a canonical sum stacks, canonical, and along which axis; None where it stacks nothing."""
    i, body = counter(e), e.args[0]
    terms = body.args if body.op.name == "add" else (body,)
    for axis in range(len(e.shape)):
        found = [_unplaced(t, i, axis) for t in terms]
        parts = [t for t in found if t is not None]
        if len(parts) == len(terms):
            return (build("add", *parts) if len(parts) > 1 else parts[0]), axis
    return None


def _unplaced(t: Expr, i: Expr, axis: int) -> Expr | None:
    """s of s e_i, c of e_i cᵀ (axis 0) or of c e_iᵀ (axis 1)."""
    term = split(t)
    if not term.chain or t.shape[axis] is not i["size"]:
        return None
    if len(t.shape) > 2:
        array = term.chain[0]
        inside = array.args[0] if array.op is PLACE and array.args[1:] == (i,) and array["axes"] == (axis,) else None
        return None if inside is None else build("scale", join(Term(term.coefficient, term.powers), SCALAR), inside)
    end = term.chain[-axis]
    if (end.args[0] if axis and end.op.name == "transpose" else end) is not unit_at(i, t.shape[axis]):
        return None
    rest = term.chain[1:] if axis == 0 else term.chain[:-1]
    size = t.shape[1 - axis]
    shape = SCALAR if not rest else (ONE, size) if axis == 0 else (size, ONE)
    if not rest and not t.is_column:
        return None
    found = join(Term(term.coefficient, term.powers, rest), shape)
    return build("transpose", found) if rest and axis == 0 else found
