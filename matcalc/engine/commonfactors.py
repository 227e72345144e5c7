"""Common factors of a sum: scalars, factors on the left and on the right, entry by entry, of Kronecker products, whole products."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from matcalc.core.commuting import commute
from matcalc.core.expression import Expr
from matcalc.core.leaves import identity, number, zeros
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import (
    Exponent,
    Term,
    as_exponent,
    build,
    chain_node,
    coefficient,
    exponent_node,
    factors,
    join,
    power_node,
    split,
)
from matcalc.engine.infer import by_facts

LONGEST_WORD = 8
"""Products of more factors are not compared in all their rotations."""


@dataclass
class Candidate:
    """A factor, the terms that have it, and how to put it back."""

    side: str
    factor: Expr
    rest: dict[int, Expr]


def candidates(e: Expr) -> Iterator[Candidate]:
    """The factors that some terms of a canonical sum have in common."""
    terms = [split(t) for t in e.args]
    shape = e.shape
    yield from _scalars(terms, e)
    if e.is_scalar:
        yield from _traces(terms)
    if e.is_scalar or len(e.shape) > 2:
        return
    for side in ("left", "right"):
        groups: dict[Expr, dict[int, Expr]] = {}
        for i, t, ends, remaining in ((k, term, *found) for k, term in enumerate(terms) for found in _ends(term.chain, side)):
            new = Term(t.coefficient, dict(t.powers), remaining)
            size = ends.shape[1] if side == "left" else ends.shape[0]
            whole = (size, shape[1]) if side == "left" else (shape[0], size)
            if not remaining:
                # x + A x is (I + A) x, but I with scalars of its own is harder to read than the two terms.
                if whole[0] is not whole[1] or size is ONE or t.powers:
                    continue
                new.chain = [identity(size)]
            groups.setdefault(ends, {}).setdefault(i, join(new, whole))
        for factor, rest in groups.items():
            yield Candidate(side, factor, {**_opened(factor, side, e), **rest})
    yield from _entrywise(terms, e)
    yield from _kronecker(terms)
    yield from _whole_chains(terms)


def _ends(chain: list[Expr], side: str) -> Iterator[tuple[Expr, list[Expr]]]:
    """The factors that may stand at one end, and what is left: of A e^A B the exponential too."""
    first, *others = chain if side == "left" else chain[::-1]
    yield first, others if side == "left" else others[::-1]
    if others and any(map(_is_function, (first, others[0]))) and commute(first, others[0]):
        left = [first, *others[1:]]
        yield others[0], left if side == "left" else left[::-1]


def _is_function(f: Expr) -> bool:
    """Whether this is a function of a matrix, or the transpose of one."""
    return f.op.primary or (f.op.name == "transpose" and f.args[0].op.primary)


def candidates_in_pairs(e: Expr) -> Iterator[Candidate]:
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
        # (1 − p)^γ (γ p log(p) + p − 1), where the larger power would leave a denominator.
        for common in dict.fromkeys((_common(exponents), _common(exponents, min))):
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


def _common(exponents: list[Exponent], best: Callable[[list[Fraction]], Fraction] = max) -> Exponent | None:
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
    return exponents[apart.index(best(known))] if len(known) == len(apart) else None


def _difference(p: Exponent, q: Exponent) -> Fraction | None:
    """p − q, where that is a number."""
    d = as_exponent(build("add", exponent_node(p), build("scale", number(-1), exponent_node(q))))
    return d if isinstance(d, Fraction) else None


def _traces(terms: list[Term]) -> Iterator[Candidate]:
    """Traces of products that differ in one factor: tr(A M) + t tr(B M) = tr((A + t B) M)."""
    groups: dict[tuple[Expr, ...], dict[int, tuple[Expr, Expr]]] = {}
    for i, t in enumerate(terms):
        traces = [b for b, p in t.powers.items() if b.op.name == "tr" and p == 1]
        word = factors(traces[0].args[0]) if len(traces) == 1 else []
        if not 1 < len(word) <= LONGEST_WORD:
            continue
        front = join(Term(t.coefficient, {b: p for b, p in t.powers.items() if b is not traces[0]}), SCALAR)
        for w in (word, [build("transpose", f) for f in reversed(word)]):
            for k, f in enumerate(w):
                groups.setdefault((*w[k + 1 :], *w[:k]), {}).setdefault(i, (front, f))
    for common, found in groups.items():
        if len(found) > 1:
            yield Candidate("trace", build("matmul", *common), {i: build("scale", *parts) for i, parts in found.items()})


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
    yield from _entrywise_powers(terms, e)


def _entrywise_powers(terms: list[Term], e: Expr) -> Iterator[Candidate]:
    """Different powers of one thing entry by entry: x∘ᵖ⁺¹ + x∘ᵖ ⊙ y = x∘ᵖ ⊙ (x + y), x∘² ⊙ y + x = x ⊙ (x ⊙ y + 1)."""
    wholes = [join(Term(chain=t.chain), e.shape) for t in terms]
    entries = [whole.args if whole.op.name == "hadamard" else (whole,) for whole in wholes]
    bases = dict.fromkeys(h.args[0] for parts in entries for h in parts if h.op.name == "power")
    for base in bases:
        found = {i: p for i, parts in enumerate(entries) if (p := _exponent(base, parts)) is not None}
        common = _common(list(found.values()), min) if len({exponent_node(p) for p in found.values()}) > 1 else None
        if common is not None:
            by = build("power", base, exponent_node(_minus(common)))
            new = {
                i: build("scale", join(Term(terms[i].coefficient, dict(terms[i].powers)), (ONE, ONE)), build("hadamard", wholes[i], by))
                for i in found
            }
            yield Candidate("entrywise", build("power", base, exponent_node(common)), new)


def _exponent(base: Expr, parts: Sequence[Expr]) -> Exponent | None:
    """The power of something among the factors of an elementwise product; None where it is none of them."""
    found = next((h for h in parts if h is base or (h.op.name == "power" and h.args[0] is base)), None)
    return None if found is None else Fraction(1) if found is base else as_exponent(found.args[1])
