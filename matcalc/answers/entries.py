"""Answers in index notation: an entry or a slice for every index, as the array that they make.

    ∂f/∂x:      2*sum(k, A[k,i]*r[k])            Σᵢ (…) eᵢ, a column
    ∂f/∂X:      B[j,i]                           Σᵢⱼ Bⱼᵢ eᵢeⱼᵀ; the indices in the order of the alphabet, as rows and columns
    ∂f/∂Φ:      2*Phi[:,i,:]@G                   the slices i, stacked
    ∂f/∂Φ[:,a,:]:  2*Phi[:,i,:]@G                for i read a

Which letters were taken does not matter.  Where an index may belong to more than one axis, all ways are given, the natural one first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from matcalc.core.expression import Expr
from matcalc.core.indices import array_axes, free, levelled, place, put, shape_with, summed_over
from matcalc.core.size import Size
from matcalc.emit.pretty import pretty
from matcalc.engine.matrixform import matrix_form
from matcalc.errors import MatcalcError


@dataclass(frozen=True)
class Closed:
    """An answer without indices of its own; which entry it then is, `X[j,i]`, and whether its indices stand in their natural order."""

    value: Expr
    at: str = ""
    natural: bool = True


def own_indices(given: Expr, others: frozenset[Expr]) -> list[Expr]:
    """The indices that an answer has and the question has not, in the order of the alphabet."""
    return sorted((i for i in free(given) - others if isinstance(i["level"], str)), key=lambda i: str(i["level"]))


def sizes_of(e: Expr, others: frozenset[Expr]) -> list[Size]:
    """The sizes of all axes that a person counts, own indices among them, in no order."""
    return sorted([*array_axes(e.shape), *(i["size"] for i in own_indices(e, others))], key=repr)


def summed(given: Expr, others: frozenset[Expr]) -> Expr:
    """The answer summed over the indices that are its own."""
    for i in own_indices(given, others):
        given = summed_over(given, i, str(i["level"]))
    return given


def closed(given: Expr, right: Expr, part: Expr, others: frozenset[Expr]) -> list[Closed]:
    """What an answer may stand for that has indices of its own: for those of the slice asked for, or for axes of the right answer.

    An index with the name of another one of the question, which runs along another axis, is in its place by mistake.
    """
    own = own_indices(given, others)
    if not own:
        return [Closed(given)]
    unused = [i for i in part.args[1:] if i in free(part) - free(given)]
    axes = array_axes(right.shape)
    taken = {i["level"] for i in others}
    slots: tuple[Expr | int, ...] = (*unused, *range(len(axes)))
    found: list[Closed] = []
    for chosen in permutations(range(len(slots)), len(own)):
        pairs = [(i, slots[k]) for i, k in zip(own, chosen, strict=True)]
        if any((axes[c] if isinstance(c, int) else c["size"]) is not i["size"] for i, c in pairs):
            continue
        renamed = put(given, {i: c for i, c in pairs if isinstance(c, Expr)})
        placed = {c: i for i, c in pairs if isinstance(c, int)}
        made = _stacked(renamed, placed, axes)
        if made is not None:
            natural = (len(right.shape) > 2 or list(chosen) == sorted(chosen)) and not any(i["level"] in taken for i in own)
            found.append(Closed(made, _entry(part, {c: i for i, c in pairs if isinstance(c, Expr)}, placed), natural))
    return found or [Closed(given)]


def _entry(part: Expr, renamed: dict[Expr, Expr], placed: dict[int, Expr]) -> str:
    """The part of the variable that the answer belongs to."""
    if renamed:
        return pretty(put(part, renamed))
    return f"[{','.join(str(placed[k]['level']) for k in sorted(placed))}]"


def _stacked(e: Expr, placed: dict[int, Expr], axes: Sequence[Size]) -> Expr | None:
    """What the entries or slices make; its open axes may be of other sizes than those of the right answer."""
    if not placed:
        return e
    rest = iter(array_axes(e.shape))
    sizes = [axes[k] if k in placed else next(rest, None) for k in range(len(axes))]
    if any(s is None for s in sizes) or next(rest, None) is not None:
        return None
    where = tuple(sorted(placed))
    try:
        whole = place(e, [placed[k] for k in where], where, shape_with(s for s in sizes if s is not None))
        for k in reversed(where):
            whole = summed_over(whole, placed[k], str(placed[k]["level"]))
        return levelled(matrix_form(whole))
    except MatcalcError:
        return None
