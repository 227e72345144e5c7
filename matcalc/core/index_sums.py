"""Index sums, slices and deltas in normal form.

Scalars that do not hold the index come out of a sum, a sum over what does not hold it is a multiple, and Kronecker's delta
e_iᵀ e_a puts a for i: Σᵢ δᵢₐ gᵢ = gₐ.  A slice of a matrix is a product with basis vectors, Xᵀ e_i, so that all that is known of
products is known of it; a slice of an array of order three or more is an atom.  A slice of what is zero but for a slice is a delta.
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.core.expression import Expr, node, plain
from matcalc.core.indices import PLACE, SLICE, UNIT_AT, counter, free, letter_of, put, put_apart, shape_with
from matcalc.core.leaves import INDEX_SUM, UNIT, index_sum, is_zero_leaf, number, size_number, zeros
from matcalc.core.notes import note
from matcalc.core.size import SCALAR
from matcalc.core.terms import Term, build, coefficient, join, split
from matcalc.core.windows import WINDOWS

DELTA = "Σᵢ δᵢₐ gᵢ = gₐ"


def summed(body: Expr, i: Expr, letter: str = "") -> Expr:
    """The canonical sum of a canonical body over an index."""
    if is_zero_leaf(body):
        return zeros(body.shape)
    if i not in free(body):
        return build("scale", size_number(i["size"]), body)
    if body.op.name == "add":
        apart = [t for t in body.args if i not in free(t) or _delta(t, i) is not None]
        placed = [t for t in body.args if t not in apart and is_placed(t, i)]
        if len(placed) + len(apart) < len(body.args):
            apart += [build("add", *placed)] if len(placed) > 1 else placed
        if apart:
            kept = [t for t in body.args if t not in apart and t not in placed]
            rest = [summed(build("add", *kept), i, letter)] if kept else []
            return build("add", *rest, *(summed(t, i, letter) for t in apart))
    found = _delta(body, i)
    if found is not None:
        note(DELTA)
        others, by = found
        return _normal(put(others, {i: by}))
    if body.op is PLACE and body.args[1:] == (i,) and (whole := _whole(body.args[0], i, body["axes"])) is not None:
        return whole
    if body.op is PLACE and not any(i in free(p) for p in body.args[1:]):
        part = summed(body.args[0], i, letter)  # the sum goes inside of what the index does not move
        return node(PLACE, (part, *body.args[1:]), body.attrs, body.shape) if not is_zero_leaf(part) else zeros(body.shape)
    term = split(body)
    out = {base: p for base, p in term.powers.items() if i not in free(base) and (isinstance(p, Fraction) or i not in free(p))}
    if not out and term.coefficient == 1:
        return index_sum(body, i["size"], i["level"], letter)
    kept_powers = {base: p for base, p in term.powers.items() if base not in out}
    inside = join(Term(Fraction(1), kept_powers, term.chain), body.shape)
    return build("scale", join(Term(term.coefficient, out), SCALAR), index_sum(inside, i["size"], i["level"], letter))


def _whole(part: Expr, i: Expr, axes: tuple[int, ...]) -> Expr | None:
    """The array that all its slices make, each in its place; of what goes entry by entry the same of arrays."""
    if part.op.name in ("add", "hadamard") or part.op.is_of_entries:
        arrays = [a if a.is_scalar and i not in free(a) else _whole(a, i, axes) for a in part.args]
        kept = [a for a in arrays if a is not None]
        if len(kept) < len(arrays) or all(a.is_scalar for a in kept):
            return None
        return build(part.op.name, *kept) if not part.attrs else _normal(plain(part.op, *kept, **dict(part.attrs)))
    c, unit = coefficient(part)
    if unit.op is not SLICE or unit.args[1:] != (i,) or unit["axes"] != axes or i in free(unit.args[0]):
        return None
    return build("scale", number(c), unit.args[0]) if c != 1 else unit.args[0]


def is_placed(t: Expr, i: Expr) -> bool:
    """Whether a term is one slice of what its sum over the index stacks: s e_i, e_i cᵀ, c e_iᵀ, place(B, i)."""
    chain = split(t).chain
    if not chain:
        return False
    first, last = chain[0], chain[-1]
    ends = (first, last.args[0] if last.op.name == "transpose" else first)
    return any(x.op is UNIT_AT and x.args[0] is i for x in ends) or (first.op is PLACE and i in first.args[1:])


def _normal(e: Expr) -> Expr:
    from matcalc.core.canonical import canonical

    return canonical(e)


def _delta(t: Expr, i: Expr) -> tuple[Expr, Expr] | None:
    """A term with a factor δᵢₐ, as the rest of it and a."""
    term = split(t)
    for base, p in term.powers.items():
        other = _other(base, i)
        if other is not None and isinstance(p, Fraction) and p > 0 and p.denominator == 1:
            rest = Term(term.coefficient, {b: q for b, q in term.powers.items() if b is not base}, term.chain)
            return join(rest, t.shape), other
    return None


def _other(base: Expr, i: Expr) -> Expr | None:
    """The a of a delta δᵢₐ."""
    if base.op.name != "matmul" or len(base.args) != 2 or base.args[0].op.name != "transpose":
        return None
    pair = [_position_of(base.args[0].args[0]), _position_of(base.args[1])]
    if i not in pair or None in pair:
        return None
    other = pair[1] if pair[0] is i else pair[0]
    return None if other is None or i in free(other) else other


def _position_of(e: Expr) -> Expr | None:
    if e.op is UNIT_AT:
        return e.args[0]
    return number(e["position"]) if e.op is UNIT else None


def _merged(chain: list[Expr], start: int) -> tuple[int, Expr] | None:
    """A slice of an array times a basis vector is a slice along one axis more: T[i, :, :] e_j = T[i, :, j]."""
    if start + 1 == len(chain):
        return None
    left, right = chain[start], chain[start + 1]
    for matrix, vector, before in ((left, right, False), (right, left, True)):
        turned = matrix.op.name == "transpose"
        array = matrix.args[0] if turned else matrix
        if before and vector.op.name == "transpose":
            vector = vector.args[0]
        elif before:
            continue
        position = _position_of(vector)
        if matrix.op is INDEX_SUM and position is not None:
            return 2, _slice_of_sum(matrix, left if before else right, position, before)
        if array.op is not SLICE or position is None:
            continue
        open_axes = [k for k in range(len(array.args[0].shape)) if k not in array["axes"]]
        if len(open_axes) == 2:
            axis = open_axes[int(turned == before)]
        elif before != turned:
            axis = open_axes[0]
        else:
            continue
        found = _more(array, axis, position)
        return 2, build("transpose", found) if before and not found.is_scalar else found
    return None


def _slice_of_sum(sum_: Expr, unit: Expr, position: Expr, before: bool) -> Expr:
    """A row or a column of a sum of matrices is the sum of theirs; of a stack that leaves one."""
    if counter(sum_) in free(position):
        sum_ = put_apart(sum_, set(free(position)))
    body = sum_.args[0]
    return summed(build("matmul", unit, body) if before else build("matmul", body, unit), counter(sum_), letter_of(sum_))


def _more(array: Expr, axis: int, position: Expr) -> Expr:
    """The slice of an array along one axis more."""
    pairs = sorted([*zip(array["axes"], array.args[1:], strict=True), (axis, position)], key=lambda pair: pair[0])
    axes = tuple(k for k, _ in pairs)
    sizes = [size for k, size in enumerate(array.args[0].shape) if k not in axes]
    return node(SLICE, (array.args[0], *(p for _, p in pairs)), (("axes", axes),), shape_with(sizes))


for _head in ("slice", "index_sum", "transpose", "unit", "unit_at"):
    WINDOWS.setdefault(_head, []).append((frozenset(), _merged))
