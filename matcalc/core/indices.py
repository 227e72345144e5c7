"""Indices: bound and free ones, sums over them, slices of arrays, and their adjoint, what is zero but for one slice.

Inside, everything has two dimensions.  An array of order three or more is a leaf with as many sizes; only `slice`, `place`, sums
and multiples of such arrays may have that shape, and no array is ever a factor of a product.

    X[i, :]                    slice(X, i) along axis 0: a column; of a matrix the normal form is Xᵀ e_i, of an array an atom
    e_i                        unit_at(i), a standard basis vector: e_iᵀ e_j is Kronecker's delta
    place(B, i)                the array that is zero but for the slice i, which is B: the adjoint of the slice
    stack(i, B) = Σᵢ place(B, i)

A bound index is known by its level, a number, and by its size; an index that stays free in a result by its name.  On the way
inwards levels fall, so that an expression with free indices can go into a sum below it: nothing is captured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count

from matcalc.core.expression import Expr, node, plain, postorder, rebuilt, transform
from matcalc.core.leaves import INDEX, INDEX_SUM, NUMBER, ONES, index, index_sum, number, ones, unit
from matcalc.core.operation import Kind, Operation, declare
from matcalc.core.property import NONNEG, POSITIVE
from matcalc.core.size import ONE, SCALAR, Shape, Size

NO_INDEX: frozenset[Expr] = frozenset()
FAR = 1 << 22
"""Levels from here on are for indices while others find theirs."""


def array_axes(shape: Shape) -> tuple[Size, ...]:
    """The sizes of an array as a person counts its axes: none for a scalar, one for a column."""
    if len(shape) > 2:
        return shape
    return (() if shape[0] is ONE else shape[:1]) if shape[1] is ONE else shape


def is_square(e: Expr) -> bool:
    """Whether this is n×n, and no array of order three or more."""
    return len(e.shape) == 2 and e.shape[0] is e.shape[1]


def shape_with(sizes: Iterable[Size]) -> Shape:
    """The shape with these axes."""
    found = tuple(sizes)
    return (*found, *SCALAR)[:2] if len(found) < 2 else found


def _slice_shape(array: Expr, *positions: Expr, axes: tuple[int, ...]) -> Shape:
    sizes = array.shape if len(array.shape) > 2 or array.shape[1] is not ONE else array.shape[:1]
    return shape_with(size for k, size in enumerate(sizes) if k not in axes)


def _place_shape(body: Expr, *positions: Expr, axes: tuple[int, ...], within: Shape) -> Shape:
    return within


def _place_form(body: Expr, *positions: Expr, axes: tuple[int, ...], within: Shape) -> Expr | None:
    """One position at a time, the first axis outside."""
    if len(positions) == 1:
        return None
    left = [k for k in range(len(within)) if k != axes[0]]
    inside = place(body, positions[1:], tuple(map(left.index, axes[1:])), shape_with(within[k] for k in left))
    return place(inside, positions[:1], axes[:1], within)


def _placed(array: Expr, *more: Expr, axes: tuple[int, ...]) -> Expr:
    """The adjoint of a slice: G where the slice was, and zero elsewhere."""
    *positions, G = more
    return place(G, positions, axes, array.shape)


def _taken(body: Expr, *more: Expr, axes: tuple[int, ...], within: Shape) -> Expr:
    *positions, G = more
    return sliced(G, positions, axes)


def _slice_form(array: Expr, *positions: Expr, axes: tuple[int, ...]) -> Expr | None:
    """Slices of matrices by basis vectors; of arrays, through what they are made of; None for an array that is an atom."""
    if len(array.shape) == 2:
        return _by_units(array, positions, axes)
    name = array.op.name
    if name == "scale":
        return plain(array.op, *array.args[:-1], sliced(array.args[-1], positions, axes))
    if name == "add":
        terms = [sliced(t, positions, axes) for t in array.args]
        return plain(array.op, *terms)
    if array.op is SLICE:
        return _slice_of_slice(array, positions, axes)
    if array.op is ONES:
        return ones(_slice_shape(array, *positions, axes=axes))
    if array.op.is_of_entries or name == "hadamard":
        parts = [a if a.is_scalar else sliced(a, positions, axes) for a in array.args]
        return plain(array.op, *parts, **dict(array.attrs))
    if name == "index_sum":
        own = counter(array)
        if any(own in free(p) for p in positions):
            array = put_apart(array, {i for p in positions for i in free(p)})
        return node(array.op, (body := sliced(array.args[0], positions, axes),), array.attrs, body.shape)
    return _slice_of_place(array, positions, axes) if name == "place" else None


def _by_units(array: Expr, positions: Iterable[Expr], axes: tuple[int, ...]) -> Expr:
    """e_iᵀ x, Xᵀ e_i, X e_j, e_iᵀ X e_j."""
    units = [unit_at(p, array.shape[k]) for p, k in zip(positions, axes, strict=True)]
    if axes == (1,):
        return array @ units[0]
    if len(axes) == 1:
        return units[0].T @ array if array.shape[1] is ONE else array.T @ units[0]
    return units[0].T @ array @ units[1]


def _slice_of_slice(array: Expr, positions: tuple[Expr, ...], axes: tuple[int, ...]) -> Expr:
    """T[i][j] is T[i, j]."""
    left = [k for k in range(len(array.args[0].shape)) if k not in array["axes"]]
    at = {**dict(zip(array["axes"], array.args[1:], strict=True)), **dict(zip((left[k] for k in axes), positions, strict=True))}
    return sliced(array.args[0], [at[k] for k in sorted(at)], tuple(sorted(at)))


def _slice_of_place(array: Expr, positions: tuple[Expr, ...], axes: tuple[int, ...]) -> Expr:
    """A delta for each axis that both fix; the slice of the body along the others, at its place among what is left."""
    body, *where = array.args
    placed = dict(zip(array["axes"], where, strict=True))
    wanted = dict(zip(axes, positions, strict=True))
    rest = [k for k in range(len(array.shape)) if k not in placed]
    inner = [k for k in rest if k in wanted]
    found = sliced(body, [wanted[k] for k in inner], tuple(map(rest.index, inner))) if inner else body
    for k in placed:
        if k in wanted:
            found = (unit_at(placed[k], array.shape[k]).T @ unit_at(wanted[k], array.shape[k])) * found
    left = [k for k in range(len(array.shape)) if k not in wanted]
    outer = [k for k in left if k in placed]
    within = shape_with(array.shape[k] for k in left)
    return place(found, [placed[k] for k in outer], tuple(map(left.index, outer)), within) if outer else found


SLICE = declare(Operation(
    name="slice", kind=Kind.OPERATION, doc="The part of an array at given positions along some axes.", hidden=True, place=__file__,
    linear_in={0: _placed}, shape_of=_slice_shape, form=_slice_form, cost=1,
    gives={NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)},
))  # fmt: skip
PLACE = declare(Operation(
    name="place", kind=Kind.OPERATION, doc="The array that is zero but for one slice.", hidden=True, place=__file__,
    linear_in={0: _taken}, shape_of=_place_shape, form=_place_form, cost=2, gives={NONNEG: (NONNEG,)},
))  # fmt: skip
UNIT_AT = declare(Operation(
    name="unit_at", kind=Kind.LEAF, doc="The standard basis vector e_i at an index.", hidden=True, place=__file__, cost=1,
    gives={NONNEG: ()},
))  # fmt: skip


def sliced(array: Expr, positions: Iterable[Expr], axes: tuple[int, ...]) -> Expr:
    """The slice of an array, plain."""
    return plain(SLICE, array, *positions, axes=axes)


def place(body: Expr, positions: Iterable[Expr], axes: tuple[int, ...], within: Shape) -> Expr:
    """What is zero but for one slice: an array, or, by basis vectors, a matrix or a column."""
    found = tuple(positions)
    if len(within) > 2:
        return plain(PLACE, body, *found, axes=axes, within=within)
    units = [unit_at(p, within[k]) for p, k in zip(found, axes, strict=True)]
    if within[1] is ONE:
        return body * units[0]
    if len(axes) == 2:
        return body * (units[0] @ units[1].T)
    return units[0] @ body.T if axes == (0,) else body @ units[0].T


def unit_at(position: Expr, size: Size) -> Expr:
    """The standard basis vector at a position, counted from 0."""
    if position.op is NUMBER:
        return unit(int(position["value"]), size)
    return node(UNIT_AT, (position,), (), (size, ONE))


def counter(e: Expr) -> Expr:
    """The index that a sum binds."""
    return index(e["level"], e["size"])


def letter_of(e: Expr) -> str:
    """The letter that a sum was given, if any."""
    return str(e.memo.get("letter", ""))


def free(e: Expr) -> frozenset[Expr]:
    """The indices that stand free in an expression; names are looked into."""
    known = e.memo.get("free")
    if known is None:
        for x in postorder(e, below=lambda y: () if "free" in y.memo else y.args):
            if "free" not in x.memo:
                x.memo["free"] = _free(x)
        known = e.memo["free"]
    return known  # type: ignore[no-any-return]


def _free(e: Expr) -> frozenset[Expr]:
    if e.op is INDEX:
        return frozenset((e,))
    found = NO_INDEX
    for a in e.args:
        below = a.memo["free"]
        if below:
            found = found | below if found else below
    return found - {counter(e)} if e.op is INDEX_SUM and found else found


def bound(indices: Iterable[Expr]) -> list[Expr]:
    """Those that a sum binds, the outermost last: the levels are numbers."""
    return sorted((i for i in indices if isinstance(i["level"], int)), key=lambda i: (i["level"], i.key))


def closed(e: Expr, over: Iterable[Expr] | None = None) -> Expr:
    """The plain sum of an expression over its free bound indices (or over those given)."""
    for i in bound(free(e) if over is None else over):
        e = index_sum(e, i["size"], i["level"], i.memo.get("letter", ""))
    return e


def put_apart(e: Expr, coming: set[Expr]) -> Expr:
    """A sum with its own index at a level that none of those that come in has."""
    i = counter(e)
    fresh = index(1 + max([deepest(e), *(j["level"] for j in bound(coming | free(e)))]), i["size"])
    return index_sum(_put(e.args[0], {i: fresh}, {fresh}), fresh["size"], fresh["level"], e.memo.get("letter", ""))


def put(e: Expr, new: Mapping[Expr, Expr]) -> Expr:
    """The expression with indices replaced where they stand free; sums inside that bind an index of what comes in get another."""
    coming = {i for by in new.values() for i in free(by)}
    return _put(e, dict(new), coming)


def _put(e: Expr, new: dict[Expr, Expr], coming: set[Expr]) -> Expr:
    done: dict[Expr, Expr] = dict(new)

    def below(x: Expr) -> tuple[Expr, ...]:
        return x.args if any(i in free(x) for i in new) and not (x.op is INDEX_SUM and counter(x) in new) else ()

    for x in postorder(e, below=below, seen=set(done)):
        inside = [i for i in new if i in free(x)]
        if not inside:
            done[x] = x
        elif x.op is INDEX_SUM and counter(x) in new:
            done[x] = _put(x, {i: by for i, by in new.items() if i is not counter(x)}, coming)
        elif x.op is INDEX_SUM and counter(x) in coming:
            apart = put_apart(x, coming)
            done[x] = _with_letter(rebuilt(apart, (_put(apart.args[0], new, coming),)), x)
        else:
            done[x] = _with_letter(rebuilt(x, tuple(done[a] for a in x.args)), x)
    return done[e]


def _with_letter(e: Expr, like: Expr) -> Expr:
    if e.op is INDEX_SUM and "letter" in like.memo:
        e.memo.setdefault("letter", like.memo["letter"])
    return e


def deepest(e: Expr) -> int:
    """The highest level that a sum in an expression has; −1 where there is none."""
    return max((x["level"] for x in postorder(e) if x.op is INDEX_SUM), default=-1)


def summed_over(body: Expr, i: Expr, letter: str = "") -> Expr:
    """The plain sum of a body in which an index stands free, at the level that its place wants: the lowest that is free."""
    others = {j["level"] for j in bound(free(body) - {i})}
    level = deepest(body) + 1
    while level in others:
        level += 1
    own = index(level, i["size"])
    return index_sum(put(body, {i: own}) if own is not i else body, own["size"], own["level"], letter)


def levelled(e: Expr) -> Expr:
    """The expression with every sum at the level that its place wants, so that expressions equal but for levels are one node."""

    levels = count(FAR)

    def apart(x: Expr, args: tuple[Expr, ...]) -> Expr:
        if x.op is not INDEX_SUM:
            return rebuilt(x, args)
        far = index(next(levels), x["size"])
        return index_sum(put(args[0], {counter(x): far}), x["size"], far["level"], letter_of(x))

    def change(x: Expr, args: tuple[Expr, ...]) -> Expr:
        return rebuilt(x, args) if x.op is not INDEX_SUM else summed_over(args[0], counter(x), letter_of(x))

    return transform(transform(e, apart), change)


def shifted(i: Expr, by: int) -> Expr:
    """An index and a number more."""
    return i + number(by) if by else i
