"""Einstein's convention: an index that stands twice in a term is summed over, and Σ is not written.

    Σᵢ Φ_{cai} sign(Σⱼ Φⱼₐᵢ Φ_{jab} − δ_{ib})   is   Φ_{cai} sign(Φ_{jai} Φ_{jab} − δ_{ib})

A sum whose index stands otherwise, once as in Σᵢ aᵢ, below a line, or in a square, keeps its sign.  Indices of sums that are factors of
one product get letters of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, count

from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.indices import SLICE, counter, free, letter_of, put
from matcalc.core.leaves import INDEX, INDEX_SUM, index
from matcalc.core.operation import Kind
from matcalc.core.stacks import LETTERS

PRODUCTS = ("scale", "hadamard", "matmul")


def without_signs(e: Expr, used: Iterable[str]) -> tuple[Expr, list[Expr]]:
    """The scalar e without the signs of sums that the convention says, and the indices that are summed so."""
    taken = set(used) | {str(i["level"]) for x in postorder(e) if x.op is INDEX for i in (x,) if isinstance(x["level"], str)}
    new: dict[Expr, Expr] = {}
    dummies: dict[Expr, tuple[Expr, ...]] = {}
    for x in postorder(e):
        args, mine = _apart([new[a] for a in x.args], [dummies[a] for a in x.args], taken, x.op.name != "add")
        y = rebuilt(x, args)
        if x.op is INDEX_SUM and _times(y.args[0], counter(y)) == 2:
            name = next(c for c in _letters(letter_of(x)) if c not in taken and all(c != d["level"] for d in mine))
            own = index(name, x["size"])
            y, mine = put(y.args[0], {counter(y): own}), (*mine, own)
        elif x.op is INDEX_SUM and "letter" in x.memo:
            y.memo.setdefault("letter", x.memo["letter"])
        new[x], dummies[x] = y, mine
    summed = [i for i in postorder(new[e]) if i in dummies[e]]
    names = (c for c in _letters("") if c not in taken)
    again = {i: index(next(names), i["size"]) for i in summed}
    return put(new[e], again), list(again.values())


def _letters(first: str) -> Iterable[str]:
    return chain([first] if first else [], LETTERS, (f"i{k}" for k in count(1)))


def _apart(args: list[Expr], mine: list[tuple[Expr, ...]], taken: set[str], is_product: bool) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """The arguments with letters of their own where they stand in one product; in a sum the letters may be the same."""
    found: list[Expr] = []
    letters: dict[Expr, None] = {}
    for a, own in zip(args, mine, strict=True):
        before = {str(i["level"]) for i in letters}
        names = before | {str(i["level"]) for i in own}
        for i in own:
            if is_product and str(i["level"]) in before:
                other = next(c for c in _letters("") if c not in taken and c not in names)
                names.add(other)
                fresh = index(other, i["size"])
                a, i = put(a, {i: fresh}), fresh
            letters.setdefault(i)
        found.append(a)
    return tuple(found), tuple(letters)


def _times(e: Expr, i: Expr) -> int | None:
    """How often an index stands in each term of e; None where terms differ, or it stands where a product may not have it."""
    counts: dict[Expr, int | None] = {}
    for x in postorder(e, below=lambda y: y.args if i in free(y) else ()):
        counts[x] = _times_in(x, i, counts)
    return counts[e]


def _times_in(x: Expr, i: Expr, counts: dict[Expr, int | None]) -> int | None:
    if i not in free(x):
        return 0
    if x is i:
        return 1
    below = [counts[a] for a in x.args]
    known = [c for c in below if c is not None]
    if len(known) < len(below):
        return None
    if x.op is SLICE or x.op.name in ("unit_at", "transpose", "index_sum", *PRODUCTS):
        return sum(known)
    if x.op.name == "add":
        return known[0] if len(set(known)) == 1 else None
    if x.op.name == "quotient":
        return known[0] if not known[1] else None
    if x.op.kind is Kind.ELEMENTWISE and x.op.name not in ("power", "powers"):
        return _largest(x.args, i)
    return None


def _largest(args: tuple[Expr, ...], i: Expr) -> int | None:
    """In the argument of a function: as often as in the term that has it most."""
    terms = [t for a in args for t in (a.args if a.op.name == "add" else (a,))]
    found = [_times(t, i) for t in terms]
    return None if None in found else max(c for c in found if c is not None)
