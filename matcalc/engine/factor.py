"""One factoring pass over the glue: common scalars, left factors, right factors and entrywise factors of a sum.

Greedy by reading cost.  A factor shared by all terms is taken whenever that is no longer to read; one that leaves terms outside
only where it saves a good deal, or book forms such as `XᵀXB + XᵀBᵀ + C` would come out half factored.  Products are never
expanded here, and sums inside the terms are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from matcalc.core.expression import Expr
from matcalc.core.indices import is_square
from matcalc.core.leaves import IDENTITY, identity, number, zeros
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import (
    Exponent,
    Term,
    as_exponent,
    build,
    chain_node,
    coefficient,
    exponent_node,
    join,
    power_node,
    primitive,
    split,
)
from matcalc.engine.cost import cost
from matcalc.engine.infer import by_facts
from matcalc.engine.powersums import gathered

Factoring: TypeAlias = Callable[[Expr], Expr]

GOOD_SAVING = 4
NEW_IDENTITY = 2
"""What an identity that was not there has to save: S⁻¹ − S⁻¹A S⁻¹ reads better than S⁻¹(I − A S⁻¹)."""
SCALARS_OUT = 2
"""A common scalar in front reads better even where it is no shorter: (1/‖v‖) (I − vvᵀ/‖v‖²)."""
MOST_TERMS = 200
FEW = 4
"""In sums of so many terms, what a factor leaves is factored before it is judged; in longer ones that would be exponential."""


@dataclass
class Candidate:
    """A factor, the terms that have it, and how to put it back."""

    side: str
    factor: Expr
    rest: dict[int, Expr]


def factored(e: Expr) -> Expr:
    """The canonical sum e in its cheapest factored form that this pass finds; canonical again, and found once."""
    if e.op.name == "scale" and e.args[-1].op.name == "add":
        return build("scale", *e.args[:-1], factored(e.args[-1]))
    if e.op.name != "add" or len(e.args) > MOST_TERMS:
        return e
    if "factored" not in e.memo:
        _, left = gathered(e.args)
        apart = [t for t in e.args if t not in left] if len(left) < len(e.args) else []
        if apart:
            e.memo["factored"] = build("add", *apart, *([factored(build("add", *left))] if left else []))
        else:
            e.memo["factored"] = _factored(e, _candidates, factored)
    found: Expr = e.memo["factored"]
    return found


def factored_in_pairs(e: Expr) -> Expr:
    """The canonical sum e with common scalars taken out, and factors on the left together with their transposes on the right."""
    if e.is_scalar:
        return factored(e)
    if e.op.name == "scale" and e.args[-1].op.name == "add":
        return build("scale", *e.args[:-1], factored_in_pairs(e.args[-1]))
    return _factored(e, _candidates_in_pairs, factored_in_pairs) if e.op.name == "add" else e


def _factored(e: Expr, candidates: Callable[[Expr], Iterator[Candidate]], factored: Factoring) -> Expr:
    e = _with_one_diagonal(e)
    if e.op.name != "add":
        return e
    best: tuple[int, int, Candidate, Expr] | None = None
    for order, candidate in enumerate(candidates(e)):
        if len(candidate.rest) < 2:
            continue
        inner = build("add", *candidate.rest.values())
        if cost(inner) >= cost(e):
            continue
        whole = len(candidate.rest) == len(e.args)
        if not whole and len(e.args) <= FEW:
            inner = factored(inner)
        saving = cost(e) - cost(_taken_out(e, candidate, inner)) + _preference(candidate, inner)
        if (saving >= 0 if whole else saving >= GOOD_SAVING) and (best is None or (-saving, order) < best[:2]):
            best = (-saving, order, candidate, inner)
    # What is left is factored for the chosen candidate only: trying all of them to the end is exponential.
    if best is None:
        return e
    new = _taken_out(e, best[2], factored(best[3]), factored)
    # (I + K) A − (I + K) B: what was taken out of some terms and of the others may be one factor.
    return factored(new) if new.op.name == "add" and len(new.args) < len(e.args) else new


def _with_one_diagonal(e: Expr) -> Expr:
    """diag(u) − diag(v) as diag(u − v), the vector factored."""
    parts = [split(t) for t in e.args]
    at = [i for i, t in enumerate(parts) if len(t.chain) == 1 and t.chain[0].op.name == "diag"]
    if len(at) < 2:
        return e
    vectors = [join(Term(parts[i].coefficient, parts[i].powers, [parts[i].chain[0].args[0]]), parts[i].chain[0].args[0].shape) for i in at]
    whole = build("diag", factored(build("add", *vectors)))
    return build("add", whole, *(t for i, t in enumerate(e.args) if i not in at))


def _preference(c: Candidate, inner: Expr) -> int:
    """What speaks for a candidate besides its length: a scalar in front, or a sum of a matrix and its transpose."""
    if c.side == "scalar":
        return SCALARS_OUT
    if c.side in ("before", "after"):
        return NEW_IDENTITY
    if any(coefficient(r)[1].op is IDENTITY for r in c.rest.values()):
        # Aᵀ(A − rrᵀA) is Aᵀ(I − rrᵀ)A: what is left in the middle is symmetric.
        return NEW_IDENTITY if ONE not in c.factor.shape and build("transpose", inner) is inner else -NEW_IDENTITY
    square = is_square(inner)
    twins = square and inner.op.name == "add" and len(inner.args) == 2 and inner.args[0] is build("transpose", inner.args[1])
    return GOOD_SAVING if twins else 0


def _taken_out(e: Expr, c: Candidate, inner: Expr, finish: Callable[[Expr], Expr] = lambda x: x) -> Expr:
    others = [t for i, t in enumerate(e.args) if i not in c.rest]
    if not others:
        return _put_back(c, inner)
    left = finish(build("add", *others))
    if c.side == "scalar":
        (a, inside), (b, outside) = _content(inner), _content(left)
        if inside is outside:  # s (A + B) + A + B is (s + 1) (A + B)
            return build("scale", build("add", c.factor, number(b / a)), inner)
    return build("add", _put_back(c, inner), left)


def _content(e: Expr) -> tuple[Fraction, Expr]:
    """The number in front, of a sum the common one, and the rest."""
    return primitive(e) if e.op.name == "add" else coefficient(e)


def _put_back(c: Candidate, inner: Expr) -> Expr:
    if c.side == "before":
        return build("kron", c.factor, inner)
    if c.side == "after":
        return build("kron", inner, c.factor)
    if c.side == "chain":
        return build("scale", inner, c.factor)
    if c.side == "left":
        return build("matmul", c.factor, inner)
    if c.side == "right":
        return build("matmul", inner, c.factor)
    if c.side == "both":
        return build("matmul", c.factor, inner, by_facts(build("transpose", c.factor))[0])
    return build("scale" if c.factor.is_scalar else "hadamard", c.factor, inner)


def _candidates(e: Expr) -> Iterator[Candidate]:
    terms = [split(t) for t in e.args]
    shape = e.shape
    yield from _scalars(terms, e)
    if e.is_scalar or len(e.shape) > 2:
        return
    for side, at in (("left", 0), ("right", -1)):
        groups: dict[Expr, dict[int, Expr]] = {}
        for i, t in enumerate(terms):
            ends = t.chain[at]
            remaining = t.chain[1:] if side == "left" else t.chain[:-1]
            new = Term(t.coefficient, dict(t.powers), remaining)
            size = ends.shape[1] if side == "left" else ends.shape[0]
            whole = (size, shape[1]) if side == "left" else (shape[0], size)
            if not remaining:
                # x + A x is (I + A) x, but I with scalars of its own is harder to read than the two terms.
                if whole[0] is not whole[1] or size is ONE or t.powers:
                    continue
                new.chain = [identity(size)]
            groups.setdefault(ends, {})[i] = join(new, whole)
        for factor, rest in groups.items():
            yield Candidate(side, factor, {**_opened(factor, side, e), **rest})
    yield from _entrywise(terms, e)
    yield from _kronecker(terms)
    yield from _whole_chains(terms)


def _candidates_in_pairs(e: Expr) -> Iterator[Candidate]:
    """What leaves a symmetric sum symmetric: scalars, and factors M … Mᵀ."""
    terms = [split(t) for t in e.args]
    yield from _scalars(terms, e)
    groups: dict[Expr, dict[int, Expr]] = {}
    for i, t in enumerate(terms):
        M, size = t.chain[0], t.chain[0].shape[1]
        if len(t.chain) > 1 and by_facts(build("transpose", M))[0] is t.chain[-1]:
            inner = Term(t.coefficient, dict(t.powers), t.chain[1:-1] or ([] if size is ONE else [identity(size)]))
            groups.setdefault(M, {})[i] = join(inner, (size, size))
    for factor, rest in groups.items():
        yield Candidate("both", factor, rest)


def _opened(factor: Expr, side: str, e: Expr) -> dict[int, Expr]:
    """The terms that are together a number times the factor, a sum: −M u + u beside Mᵀ(M u − u) is −I times M u − u."""
    size = factor.shape[1] if side == "left" else factor.shape[0]
    if factor.op.name != "add" or len(factor.args) >= len(e.args) or factor.shape != e.shape or size is ONE:
        return {}
    where = {unit: (i, c) for i, (c, unit) in enumerate(map(coefficient, e.args))}
    parts = [(where.get(unit), c) for c, unit in map(coefficient, factor.args)]
    ratios = {found[1] / c for found, c in parts if found is not None}
    if len(ratios) != 1 or any(found is None for found, _ in parts):
        return {}
    places = [found[0] for found, _ in parts if found is not None]
    one = identity(size)
    return {**{i: zeros(one.shape) for i in places}, places[0]: build("scale", number(ratios.pop()), one)}


def _scalars(terms: list[Term], e: Expr) -> Iterator[Candidate]:
    """Powers of a scalar that several terms share; the one nearest to none is common."""
    bases: dict[Expr, list[int]] = {}
    for i, t in enumerate(terms):
        for base in t.powers:
            bases.setdefault(base, []).append(i)
    for base, where in bases.items():
        exponents = [terms[i].powers[base] for i in where]
        common = _common(exponents)
        if common is None:
            continue
        rest = {}
        for i in where:
            new = Term(terms[i].coefficient, dict(terms[i].powers), list(terms[i].chain))
            new.take(base, _minus(common))
            rest[i] = join(new, e.shape)
        yield Candidate("scalar", power_node(base, common), rest)


def _minus(p: Exponent) -> Exponent:
    return -p if isinstance(p, Fraction) else as_exponent(build("scale", number(-1), p))


def _common(exponents: list[Exponent]) -> Exponent | None:
    """The power of one sign that all have; of p − 2 and p − 4 the larger: ‖x‖ᵖ⁻²(I + (p − 2) xxᵀ/‖x‖²)."""
    first = exponents[0]
    if all(p is first for p in exponents):
        return first
    numbers = [p for p in exponents if isinstance(p, Fraction)]
    if len(numbers) == len(exponents):
        return min(numbers, key=abs) if len({p > 0 for p in numbers}) == 1 else None
    if numbers:
        return None
    apart = [_difference(p, first) for p in exponents]
    known = [d for d in apart if d is not None]
    return exponents[apart.index(max(known))] if len(known) == len(apart) else None


def _difference(p: Exponent, q: Exponent) -> Fraction | None:
    """p − q, where that is a number."""
    d = as_exponent(build("add", exponent_node(p), build("scale", number(-1), exponent_node(q))))
    return d if isinstance(d, Fraction) else None


def _whole_chains(terms: list[Term]) -> Iterator[Candidate]:
    """The product that several terms are multiples of: s A x + t A x = (s + t) A x."""
    groups: dict[Expr, dict[int, Expr]] = {}
    for i, t in enumerate(terms):
        if len(t.chain) > 1:
            groups.setdefault(chain_node(t.chain), {})[i] = join(Term(t.coefficient, dict(t.powers)), SCALAR)
    for factor, rest in groups.items():
        yield Candidate("chain", factor, rest)


def _kronecker(terms: list[Term]) -> Iterator[Candidate]:
    """Factors of Kronecker products: A ⊗ B + A ⊗ C = A ⊗ (B + C)."""
    for at, side in enumerate(("before", "after")):
        groups: dict[Expr, dict[int, Expr]] = {}
        for i, t in enumerate(terms):
            if len(t.chain) == 1 and t.chain[0].op.name == "kron":
                other = t.chain[0].args[1 - at]
                scalars = join(Term(t.coefficient, dict(t.powers)), (ONE, ONE))
                groups.setdefault(t.chain[0].args[at], {})[i] = build("scale", scalars, other)
        for factor, rest in groups.items():
            if len({r.shape for r in rest.values()}) == 1:
                yield Candidate(side, factor, rest)


def _entrywise(terms: list[Term], e: Expr) -> Iterator[Candidate]:
    """Factors of elementwise products: a ⊙ x + a ⊙ y = a ⊙ (x + y)."""
    groups: dict[Expr, dict[int, Expr]] = {}
    for i, t in enumerate(terms):
        whole = join(Term(chain=t.chain), e.shape)
        parts = whole.args if whole.op.name == "hadamard" else (whole,)
        for h in parts:
            others = [o for o in parts if o is not h]
            ones = build("hadamard", *others) if others else build("power", h, number(0))
            new = build("scale", join(Term(t.coefficient, dict(t.powers)), (ONE, ONE)), ones)
            groups.setdefault(h, {})[i] = new
    for factor, rest in groups.items():
        if any(terms[i].chain[0].op.name == "hadamard" for i in rest):
            yield Candidate("entrywise", factor, rest)
