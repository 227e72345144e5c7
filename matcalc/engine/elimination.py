"""The order in which sums over indices are taken, and those that no order makes matrix algebra.

A product under sums has a graph: the indices are its vertices, and two are joined where a factor holds both.  Summing over an index joins
all that it is joined to; a matrix holds two indices, and so matrix algebra can sum over an index that is joined to two others at most.
Taking those first finds an order whenever there is one; where none is left, the graph has treewidth above two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.indices import bound, counter, free, letter_of, summed_over
from matcalc.core.leaves import INDEX_SUM
from matcalc.core.stacks import stacked

LARGEST = 2
"""So many axes a matrix has."""


def ordered(e: Expr) -> Expr:
    """The plain expression with the sums of each product in an order in which matrix algebra can take them, as far as there is one."""
    new: dict[Expr, Expr] = {}
    inside = {x.args[0] for x in postorder(e) if _is_sum(x) and _is_sum(x.args[0])}
    for x in postorder(e):
        y = rebuilt(x, tuple(new[a] for a in x.args))
        new[x] = _ordered(y) if _is_sum(y) and x not in inside else y
    return new[e]


def stuck(e: Expr) -> list[list[str]]:
    """For each product under sums that no order makes matrix algebra, the letters of the indices that are left."""
    found = []
    inside = {x.args[0] for x in postorder(e) if _is_sum(x) and _is_sum(x.args[0])}
    for x in postorder(e):
        if _is_sum(x) and x not in inside:
            sums, body = _opened(x)
            if all(len(_indices(f)) <= LARGEST for f in _factors(body)):
                left = _elimination([counter(s) for s in sums], body)[1]
                letters = [letter_of(s) for s in sums if counter(s) in left]
                found += [letters] if left else []
    return found


def _is_sum(e: Expr) -> bool:
    return e.op is INDEX_SUM and stacked(e) is None


def _opened(e: Expr) -> tuple[list[Expr], Expr]:
    """The sums that stand in each other, the outermost first, and what they sum."""
    sums = []
    while _is_sum(e):
        sums.append(e)
        e = e.args[0]
    return sums, e


def _factors(body: Expr) -> Sequence[Expr]:
    return body.args if body.op.name == "scale" and body.is_scalar else (body,)


def _indices(e: Expr) -> list[Expr]:
    return bound(free(e))


def _ordered(e: Expr) -> Expr:
    """The sums over a product, those that can go first inside."""
    sums, body = _opened(e)
    if len(sums) == 1 or len(_factors(body)) < LARGEST:
        return e
    first, left = _elimination([counter(s) for s in sums][::-1], body)
    order = [*first, *left]
    if order == [counter(s) for s in reversed(sums)]:
        return e
    letters = {counter(s): letter_of(s) for s in sums}
    for i in order:
        body = summed_over(body, i, letters[i])
    return body


def _elimination(indices: Sequence[Expr], body: Expr) -> tuple[list[Expr], list[Expr]]:
    """The indices that can be summed over one after the other, and those that are left; the given order decides between equals."""
    around: dict[Expr, set[Expr]] = {}
    for f in _factors(body):
        _join(around, _indices(f))
    _join(around, [i for i in around if i not in indices])
    first: list[Expr] = []
    left = [i for i in indices if i in around]
    while True:
        i = next((i for i in left if len(around[i]) <= LARGEST), None)
        if i is None:
            return [*first, *(j for j in indices if j not in first and j not in left)], left
        left.remove(i)
        first.append(i)
        near = around.pop(i)
        for j in near:
            around[j].discard(i)
        _join(around, near)


def _join(around: dict[Expr, set[Expr]], indices: Iterable[Expr]) -> None:
    """All of these joined to each other."""
    listed = list(indices)
    for i in listed:
        around.setdefault(i, set()).update(j for j in listed if j is not i)
