"""Families: what is said for every value of an index gets a name of its own, an array that is sliced: E[k, :] where E = stack(k, …).

Under the index of a stack and under that of a sum the same expression is two nodes.  Compared at one index that stands for any,
they are one; so the shared exponentials of a mixture's responsibilities are named once, and their sum over k is a product: Eᵀα.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import count, permutations

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt, transform
from matcalc.core.index_sums import is_placed
from matcalc.core.indices import FAR, UNIT_AT, bound, counter, free, letter_of, levelled, place, put, shape_with, sliced, summed_over
from matcalc.core.leaves import INDEX, INDEX_SUM, NAMED, index, index_sum
from matcalc.core.size import ONE
from matcalc.engine.cost import cost
from matcalc.engine.matrixform import matrix_form
from matcalc.engine.slices import unplaced
from matcalc.engine.typed import ANY

PART = 3
"""What R[k] costs to read, a name to look up and an index; E[k, :] costs one more."""
SHORTER = 3
"""So much less A[i, :] costs than Aᵀ e_i."""
STACK = 4
"""What it costs to read that a definition is a stack."""


def for_any(order: Iterable[Expr]) -> dict[Expr, Expr]:
    """What stands in an expression (its nodes, arguments first) → the same for any index; without what holds two indices or more."""
    order = list(order)
    if not any(x.op is INDEX for x in order):
        return dict(zip(order, order, strict=True))
    found: dict[Expr, Expr] = {}
    by_index: dict[Expr, dict[Expr, Expr]] = {}
    for x in order:
        indices = bound(free(x))
        if not indices:
            found[x] = x
        for i in indices:
            new = by_index.setdefault(i, {})
            args = tuple(new.get(a, a) for a in x.args)
            new[x] = any_of(i) if x.op is INDEX else canonical(rebuilt(x, args))
        if len(indices) == 1:
            found[x] = by_index[indices[0]][x]
    return found


def any_of(i: Expr) -> Expr:
    """The index that stands for any of the same size."""
    return index(ANY, i["size"])


def index_of(e: Expr) -> Expr | None:
    """The index for which an expression is one of a family."""
    return next((i for i in free(e) if i["level"] == ANY), None)


def reading(e: Expr) -> int:
    """What it costs to read e, in which a slice Aᵀ e_i is written A[i, :]."""
    if index_of(e) is None:
        return cost(e)
    slices: dict[Expr, int] = {}
    for x in postorder(e, below=lambda y: () if y.op is NAMED else y.args):
        slices[x] = min(1 << 40, (x.op is UNIT_AT) + sum(slices.get(a, 0) for a in x.args))
    return cost(e) - SHORTER * slices[e]


def part_of_family(e: Expr) -> tuple[int, int]:
    """What a slice of the family's name costs to read, and what its definition costs besides what is stacked."""
    return PART + (ONE in e.shape), STACK


def can_be_named(e: Expr) -> bool:
    """Whether the values for all of an index are an array that a person would look at: no basis vector e_i, nothing that is placed at i."""
    i = index_of(e)
    return i is None or (len(e.shape) == 2 and not is_placed(e, i))


def family(e: Expr, letter: str = "") -> Expr:
    """The array of the values of e, those of a column or a row as its rows, in normal form; e itself without an index."""
    i = index_of(e)
    if i is None:
        return e
    column = e.T if e.shape[0] is ONE and not e.is_scalar else e
    sizes = [i["size"], *(size for k, size in enumerate(column.shape) if k == 0 or size is not ONE)] if not e.is_scalar else [i["size"]]
    stack = summed_over(place(column, (i,), (0,), shape_with(sizes)), i, letter)
    return canonical(levelled(matrix_form(stack)))


def member(name: Expr, e: Expr) -> Expr:
    """e through a name for its family: the slice at its index, plain."""
    i = index_of(e)
    if i is None:
        return name
    found = sliced(name, (i,), (0,))
    return found.T if e.shape[0] is ONE and not e.is_scalar else found


def stacked_for_any(e: Expr) -> Expr | None:
    """What a canonical stack holds along its first axis, at any index; None for what is no stack."""
    found = unplaced(e) if e.op is INDEX_SUM else None
    if found is None or found[1] != 0 or free(e):
        return None
    return canonical(put(found[0], {counter(e): any_of(counter(e))}))


def at(e: Expr, like: Expr) -> Expr:
    """What stands for any index, at the index of something."""
    i = index_of(e)
    return e if i is None else canonical(put(e, {i: bound(free(like))[0]}))


def summed(e: Expr) -> Expr:
    """The canonical e with the sums that are products now that families have names: Σₖ αₖ E[k, :] is Eᵀα."""
    return canonical(levelled(matrix_form(levelled(e))))


def letter_for(e: Expr, whole: Expr) -> str:
    """The letter of an index in an expression that e is found in."""
    i = index_of(e)
    if i is None:
        return ""
    letters = [letter_of(x) or letter_of(counter(x)) for x in postorder(whole) if x.op is INDEX_SUM and x["size"] is i["size"]]
    return next(filter(None, reversed(letters)), "")


def at_own_indices(e: Expr, u: Expr, names: Iterable[Expr]) -> tuple[Expr, Expr]:
    """The canonical e, linear in d(u), and u, at the indices at which a name is known: du of u = stack(k, exp(aₖ)) puts daᵢ under Σᵢ."""
    own = next((found for name in names if (found := _renaming(u, name)) is not None), None)
    if own is None:
        return e, u
    levels = count(FAR)

    def change(x: Expr, args: tuple[Expr, ...]) -> Expr:
        if x.op is not INDEX_SUM:
            return rebuilt(x, args)
        i = counter(x)
        k = own.get(i) or (index(next(levels), i["size"]) if i in own.values() else i)
        return index_sum(put(args[0], {i: k}), k["size"], k["level"], letter_of(x))

    return canonical(transform(e, change)), put(u, own)


def opened_elsewhere(e: Expr, names: Container[Expr]) -> Expr:
    """The canonical e without names at indices at which they are not known: what they stand for is written there."""
    strays = {x for x in postorder(e) if x.op is NAMED and x not in names and bound(free(x))}
    if not strays:
        return e
    return canonical(transform(e, lambda x, args: args[0] if x in strays else rebuilt(x, args)))


def _renaming(u: Expr, name: Expr) -> dict[Expr, Expr] | None:
    """What the indices of a name with a definition are to be called, so that it is another one; None where that is none."""
    theirs, own = bound(free(u)), bound(free(name))
    if not theirs or u is name or len(theirs) != len(own) or u["label"] != name["label"]:
        return None
    renamings = (dict(zip(theirs, order, strict=True)) for order in permutations(own))
    return next((new for new in renamings if all(i["size"] is k["size"] for i, k in new.items()) and put(u, new) is name), None)
