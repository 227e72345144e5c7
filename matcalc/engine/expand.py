"""Expansion: products distributed over their sums, node by node, to see whether something cancels or collects.

Nothing is kept expanded for its own sake: at every node the factored form of what is there and of its expansion are tried, and the
shorter one to read is taken; so Aᵀ(AX − B) stays, and (c1 − y ⊘ p) ⊙ p becomes c p − y.  Sums that the user typed are expanded only
if nothing else helps: they are what the user thinks in.
"""

from __future__ import annotations

from collections.abc import Container
from fractions import Fraction
from itertools import product

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, NAMED, number
from matcalc.core.terms import build, power_node, split
from matcalc.engine.cost import cost
from matcalc.engine.factor import factored

MARGIN = 2
"""What an expansion must save besides: (1 − t²) ⊙ y reads better than y − t² ⊙ y, and shows where it comes from."""
MOST_TERMS = 40
LONGEST = 1000
"""An answer that costs more than this to read is factored at its head only."""
LARGEST = 400
"""Nodes that cost more than this to read are not expanded."""


def shortest(e: Expr, typed: Container[Expr] = ()) -> Expr:
    """The canonical e with every sum and product in the shortest form that factoring and expanding find."""
    if cost(e) > LONGEST:
        return factored(e)
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if y.op in (NAMED, DIFFERENTIAL) else y.args):
        args = x.args if x.op in (NAMED, DIFFERENTIAL) else tuple(new[a] for a in x.args)
        y = x if args == x.args else canonical(rebuilt(x, args))
        new[x] = y if y in typed else _here(y, typed)
    return new[e]


def _here(e: Expr, typed: Container[Expr]) -> Expr:
    """The shortest form of one node, its parts as they are."""
    if e.op.name not in ("add", "scale", "matmul", "hadamard"):
        return e
    best = factored(e)
    if cost(e) > LARGEST:
        return best
    for kept in (typed, ()):
        terms = [t for a in (best.args if best.op.name == "add" else (best,)) for t in distributed(a, kept)]
        if 1 < len(terms) <= MOST_TERMS:
            other = factored(build("add", *terms))
            if cost(other) < cost(best) - MARGIN:
                return _here(other, typed)
    return best


def distributed(t: Expr, kept: Container[Expr]) -> list[Expr]:
    """The terms of one product with the sums among its own factors multiplied out."""
    term = split(t)
    places: list[tuple[Expr, ...]] = [_addends(b, kept) if p == 1 else (power_node(b, p),) for b, p in term.powers.items()]
    scalars = len(places)
    entrywise = len(term.chain) == 1 and term.chain[0].op.name == "hadamard"
    places += [_addends(f, kept) for f in (term.chain[0].args if entrywise else term.chain)]
    count = 1
    for place in places:
        count *= len(place)
    if count == 1 or count > MOST_TERMS:
        return [t]
    found = []
    for chosen in product(*places):
        parts = [number(Fraction(term.coefficient)), *chosen[:scalars]]
        if term.chain:
            parts.append(build("hadamard" if entrywise else "matmul", *chosen[scalars:]))
        found.append(build("scale", *parts))
    return found


def _addends(f: Expr, kept: Container[Expr]) -> tuple[Expr, ...]:
    return f.args if f.op.name == "add" and f not in kept else (f,)
