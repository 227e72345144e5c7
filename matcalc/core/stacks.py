"""How sums over indices are written: their letters, whether their ranges must be said, and which of them are stacks."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TypeVar

from matcalc.core.expression import Expr, plain, postorder
from matcalc.core.indices import PLACE, SLICE, UNIT_AT, counter, free, letter_of, place, unit_at
from matcalc.core.leaves import INDEX, INDEX_SUM, index_sum

T = TypeVar("T")
LETTERS = "ijklpqrstuvw"


def letters(order: Iterable[Expr], taken: Iterable[str], elsewhere: Container[Expr] = ()) -> dict[Expr, str]:
    """A letter for each index: its name where it is free; where it is bound the one that it was given, if nothing else has it.

    One letter for a level: two sums on one level never stand in each other.  Definitions are written `elsewhere`: what they bind
    may have the letters of what stands around their names.
    """
    found: dict[Expr, str] = {}
    names = set(taken)
    wanted: dict[int, str] = {}
    indices: dict[Expr, None] = {}
    nodes = list(order)
    for e in nodes:
        if e.op is INDEX_SUM:
            indices.setdefault(counter(e))
            wanted[e["level"]] = wanted.get(e["level"]) or letter_of(e)
        elif e.op is INDEX:
            indices.setdefault(e)
    if not indices:
        return found
    for i in indices:
        if isinstance(i["level"], str):
            found[i] = i["level"]
            names.add(i["level"])
    by_level: dict[int, str] = {}
    beside = _levels_beside(nodes, elsewhere)
    others = [f"i{k}" for k in range(len(indices) + len(names))]
    for i in sorted((i for i in indices if i not in found), key=lambda i: -i["level"]):
        level = i["level"]
        if level not in by_level:
            first = wanted.get(level, letter_of(i)) or "i"
            used = names | {by_level[other] for other in beside.get(level, by_level) if other in by_level}
            by_level[level] = next(c for c in (first, *LETTERS, *others) if c not in used)
        found[i] = by_level[level]
    return found


def _levels_beside(nodes: list[Expr], elsewhere: Container[Expr]) -> dict[int, set[int]]:
    """The levels that are written in one piece with each level, where definitions are pieces of their own; empty if there are none."""
    pieces: dict[Expr, frozenset[int]] = {}
    together: set[frozenset[int]] = set()
    if not any(e in elsewhere for e in nodes):
        return {}
    for e in nodes:
        if e in elsewhere:
            together.add(pieces[e.args[0]])
            own = [i["level"] for i in free(e)]
        else:
            own = [e["level"]] if e.op in (INDEX, INDEX_SUM) else []
        inside = frozenset().union(*(pieces[a] for a in e.args)) if e not in elsewhere else frozenset[int]()
        pieces[e] = inside.union(level for level in own if isinstance(level, int))
    together.add(pieces[nodes[-1]])
    beside: dict[int, set[int]] = {}
    for piece in together:
        for level in piece:
            beside.setdefault(level, set()).update(piece)
    return beside


def stacked(e: Expr) -> tuple[Expr, int] | None:
    """What a sum stacks, and along which axis: Σᵢ place(B, i), or by basis vectors Σᵢ s e_i, Σᵢ e_i cᵀ, Σᵢ c e_iᵀ; else None."""
    if e.op is not INDEX_SUM:
        return None
    i, body = counter(e), e.args[0]
    if body.op is PLACE:
        single = len(body.args) == 2 and body.args[1] is i and body.shape[body["axes"][0]] is i["size"]
        return (body.args[0], body["axes"][0]) if single else None
    if body.op.name == "scale" and body.args[-1].op.name == "matmul":
        inside = _without_unit(body.args[-1], i)
        return None if inside is None else (plain(body.op, *body.args[:-1], inside[0]), inside[1])
    if body.op.name == "scale" and body.args[-1] is unit_at(i, i["size"]):
        rest = body.args[:-1]
        return (rest[0] if len(rest) == 1 else plain(body.op, *rest)), 0
    return _without_unit(body, i)


def _without_unit(body: Expr, i: Expr) -> tuple[Expr, int] | None:
    """c of e_i cᵀ and of c e_iᵀ, with the axis."""
    if body.op.name != "matmul" or len(body.args) < 2:
        return None
    first, last = body.args[0], body.args[-1]
    if first is unit_at(i, i["size"]) and len(body.args) == 2 and last.op.name == "transpose":
        return last.args[0], 0
    if last.op.name == "transpose" and last.args[0] is unit_at(i, i["size"]):
        rest = body.args[:-1]
        return (rest[0] if len(rest) == 1 else plain(body.op, *rest)), 1
    return None


def places(array: Expr, at: Mapping[int, T]) -> list[T | None]:
    """What is written axis by axis for a part of an array, None for a whole axis; of an order above two, whole axes at the end go unsaid.

    X[i, :], Phi[:, i, :], T[i, j, :], but T[i]: a matrix of a family of them is what a paper calls T_i.
    """
    count = 1 if len(array.shape) == 2 and array.is_column else len(array.shape)
    last = max(at) + 1
    return [at.get(k) for k in range(last if count - last > 1 else count)]


def restacked(body: Expr, like: Expr, axis: int) -> Expr:
    """The plain stack of a body over the index that another sum binds, along an axis."""
    return index_sum(place(body, (counter(like),), (axis,), like.shape), like["size"], like["level"], letter_of(like))


def says_range(body: Expr, i: Expr) -> bool:
    """Whether an index stands at an axis somewhere in a body, so that its range need not be said."""
    size = i["size"]
    return any(
        any(p is i and x.args[0].shape[k] is size for p, k in zip(x.args[1:], x["axes"], strict=True))
        if x.op is SLICE
        else x.op is UNIT_AT and x.args[0] is i and x.shape[0] is size
        for x in postorder(body)
    )
