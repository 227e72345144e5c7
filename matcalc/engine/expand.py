"""Expansion: products distributed over their sums, node by node, to see whether something cancels or collects.

Nothing is kept expanded for its own sake: at every node the factored form of what is there and of its expansion are tried, and the
shorter one to read is taken; so Aᵀ(AX − B) stays, and (c1 − y ⊘ p) ⊙ p becomes c p − y.  Sums that the user typed are expanded only
if nothing else helps: they are what the user thinks in.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from fractions import Fraction
from itertools import product
from math import prod

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, NAMED, ONES, number
from matcalc.core.size import ONE
from matcalc.core.terms import as_exponent, build, power_node, split
from matcalc.engine.cost import cost
from matcalc.engine.factor import factored
from matcalc.engine.signs import is_word

MARGIN = 2
"""What an expansion must save besides: (1 − t²) ⊙ y reads better than y − t² ⊙ y, and shows where it comes from."""
MOST_TERMS = 40
DEEPEST = 4
PASSES = 3
LONGER, ANYWAY = 2, 60
"""An expansion that is longer than this many times what is there, and so much more, is not factored: it would not get shorter."""
LONGEST = 1000
"""An answer that costs more than this to read is factored at its head only."""
LARGEST = 400
"""Nodes that cost more than this to read are not expanded."""


def shortest(e: Expr, typed: Container[Expr] = (), whole: bool = False) -> Expr:
    """The canonical e with every sum and product in the shortest form that factoring and expanding find.

    `whole`, and the sums that the user typed are not expanded even where that is shorter.
    """
    if cost(e) > LONGEST:
        return factored(e)
    for _ in range(PASSES):  # a factor that is taken out may leave a sum that no one has seen yet
        before, e = e, _once(e, typed, whole)
        if e is before:
            break
    return e


def _once(e: Expr, typed: Container[Expr], whole: bool) -> Expr:
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if y.op in (NAMED, DIFFERENTIAL) else y.args):
        args = x.args if x.op in (NAMED, DIFFERENTIAL) else tuple(new[a] for a in x.args)
        y = x if args == x.args else canonical(rebuilt(x, args))
        new[x] = y if y in typed else _here(y, typed, whole)
    return new[e]


def _here(e: Expr, typed: Container[Expr], whole: bool) -> Expr:
    """The shortest form of one node, its parts as they are."""
    if e.op.name not in ("add", "scale", "matmul", "hadamard") and not is_word(e):
        return e
    best = factored(e)
    if cost(e) > LARGEST:
        return best
    margin = 0 if _is_summed(best) else MARGIN
    for other in _others(best, typed, whole):
        if cost(other) < cost(best) - margin:
            return _here(other, typed, whole)
    return best


def _is_summed(e: Expr) -> bool:
    """Whether a product has ones at an end: (x 1ᵀ − 1 xᵀ) 1 says less than n x − (1ᵀx) 1."""
    chain = split(e).chain if e.op.name in ("scale", "matmul") else []
    return len(chain) > 1 and any(f.op is ONES and ONE in f.shape for f in (chain[0], chain[-1]))


def _others(e: Expr, typed: Container[Expr], whole: bool) -> Iterator[Expr]:
    """Equal forms: the user's sums kept, everything multiplied out once, all the way down, and over one denominator."""
    seen = {e}
    once = terms(e, typed if whole else ())
    unchanged = once == list(e.args if e.op.name == "add" else (e,))
    if unchanged:
        tried: tuple[list[Expr], ...] = ()
    else:
        tried = (once, terms(e, typed, DEEPEST)) if whole else (terms(e, typed), once, terms(e, (), DEEPEST))
    for listed in tried:
        # Where nothing else is left, all else cancels.
        spread = build("add", *listed) if len(listed) > 1 else listed[0] if listed else e
        if spread not in seen and cost(spread) <= LONGER * cost(e) + ANYWAY:
            seen.add(spread)
            yield factored(spread)
    if not whole:
        yield from _over_one_denominator(e)
    yield from _into_denominators(e)


def _into_denominators(e: Expr) -> Iterator[Expr]:
    """A scalar below the line taken into a sum below the line that is divided by it: 1/(ν (1 + q/ν)) is 1/(ν + q)."""
    part = split(e)
    for base, p in part.powers.items():
        if base.op.name != "add" or not isinstance(p, Fraction) or p >= 0:
            continue
        below = {b for t in base.args for b, q in split(t).powers.items() if isinstance(q, Fraction) and q < 0}
        for b in below:
            q = part.powers.get(b)
            if isinstance(q, Fraction) and q < 0:
                times = build("add", *(build("scale", b, t) for t in base.args))
                yield build("scale", power_node(base, -p), power_node(b, -p), build("power", times, number(p)), e)


def terms(e: Expr, kept: Container[Expr], levels: int = 1) -> list[Expr]:
    """The terms of e multiplied out, so many sums deep; none where they are too many."""
    listed = list(e.args if e.op.name == "add" else (e,))
    for _ in range(levels):
        new = [t for a in listed for t in distributed(a, kept)]
        if len(new) > MOST_TERMS:
            return []
        if new == listed:
            break
        whole = build("add", *new)
        listed = list(whole.args if whole.op.name == "add" else (whole,))
    return listed


def _over_one_denominator(e: Expr) -> Iterator[Expr]:
    """A sum over each of its denominators: 1/d − q/d² with d = 1 + q is (d − q)/d² = 1/d²; entry by entry too."""
    if e.op.name != "add":
        return
    lowest: dict[Expr, Fraction] = {}
    for t in e.args:
        part = split(t)
        inside = part.chain[0] if len(part.chain) == 1 else None
        entries = inside.args if inside is not None and inside.op.name == "hadamard" else (inside,) if inside is not None else ()
        powers = [(h.args[0], as_exponent(h.args[1])) for h in entries if h.op.name == "power"]
        for base, p in (*part.powers.items(), *powers):
            if base.op.name == "add" and isinstance(p, Fraction) and p < 0:
                lowest[base] = min(p, lowest.get(base, p))
    for base, p in lowest.items():
        by = "scale" if base.is_scalar else "hadamard"
        above = build("add", *(build(by, power_node(base, -p), t) for t in e.args))
        for levels in (1, DEEPEST):
            listed = terms(above, (), levels)
            if listed:
                yield build(by, power_node(base, p), factored(build("add", *listed) if len(listed) > 1 else listed[0]))


def expanded(e: Expr) -> Expr:
    """The canonical e with the products of its terms distributed over their sums."""
    return build("add", *(t for a in (e.args if e.op.name == "add" else (e,)) for t in distributed(a, ())))


def distributed(t: Expr, kept: Container[Expr]) -> list[Expr]:
    """The terms of one product with the sums among its own factors multiplied out."""
    term = split(t)
    places: list[tuple[Expr, ...]] = []
    for b, p in term.powers.items():
        count = int(p) if isinstance(p, Fraction) and p in (1, 2) else 0
        if b.op.name == "norm" and p == 2 and b.args[0].op.name == "add" and b.args[0] not in kept:
            places.append(tuple(build("inner", u, v) for u in b.args[0].args for v in b.args[0].args))  # ‖x − y‖² = ‖x‖² − 2 xᵀy + ‖y‖²
            continue
        places += [_addends(b, kept)] * count if count else [(power_node(b, p),)]
    scalars = len(places)
    entrywise = len(term.chain) == 1 and term.chain[0].op.name == "hadamard"
    places += [_addends(f, kept) for f in (term.chain[0].args if entrywise else term.chain)]
    number_of = prod(map(len, places))
    if number_of == 1 or number_of > MOST_TERMS:
        return [t]
    found = []
    for chosen in product(*places):
        parts = [number(Fraction(term.coefficient)), *chosen[:scalars]]
        if term.chain:
            parts.append(build("hadamard" if entrywise else "matmul", *chosen[scalars:]))
        found.append(build("scale", *parts))
    return found


def _addends(f: Expr, kept: Container[Expr], inside: bool = False) -> tuple[Expr, ...]:
    """What a factor is a sum of: a sum of its terms, a scalar 1ᵀ(A − B)1 or a word as tr of what its product multiplies out to."""
    if is_word(f) and f.args[0].op.name == "matmul" and f not in kept:
        return tuple(canonical(rebuilt(f, (t,))) for t in _addends(f.args[0], kept, inside=True))
    if f.op.name == "matmul" and (f.is_scalar or inside):
        places = [_addends(a, kept) for a in f.args]
        count = prod(map(len, places))
        return tuple(build("matmul", *chosen) for chosen in product(*places)) if 1 < count <= MOST_TERMS else (f,)
    return f.args if f.op.name == "add" and f not in kept else (f,)
