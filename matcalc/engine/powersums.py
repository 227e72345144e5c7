"""Powers of matrices as they are written: X X X X is X⁴, and a sum of XⁱE Xᵏ⁻¹⁻ⁱ, from four terms on, Σ_(i<k) XⁱE X^(k−1−i)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from matcalc.core.builders import call
from matcalc.core.canonical import canonical, transposes
from matcalc.core.expression import Expr, node
from matcalc.core.leaves import IDENTITY, identity, number
from matcalc.core.size import ONE
from matcalc.core.terms import Term, build, factors, join, op, split

FEWEST = 4
"""Fewer terms are written one by one."""
SHORTEST = 3
"""So many equal factors side by side are a power."""


def in_powers(written: Sequence[Expr]) -> list[Expr]:
    """The factors of a product as they are written, equal ones side by side as a power: X X X X as X⁴."""
    found: list[Expr] = []
    for f, same in groupby(written):
        run = list(same)
        whole = call("matpow", f, number(len(run))) if len(run) >= SHORTEST else f
        found += [whole] if whole is not f and canonical(whole) is build("matmul", *map(canonical, run)) else run
    return found


def gathered(terms: Sequence[Expr]) -> tuple[list[Expr], list[Expr]]:
    """The sums of powers among the canonical terms of a sum, each as one node, and the terms that are left."""
    left = dict.fromkeys(terms)
    found = []
    if len(terms) >= FEWEST and not terms[0].is_scalar:
        for t in terms:
            for members, whole in _families(t) if t in left else ():
                if all(m in left for m in members):
                    found.append(whole)
                    left = {m: None for m in left if m not in members}
                    break
    return found, list(left)


def _families(t: Expr) -> Iterator[tuple[list[Expr], Expr]]:
    """The sums that a term may be the last of, their terms and themselves: for XᵏE, and for I ⊗ Xᵏ."""
    part = split(t)
    if not part.chain:
        return
    front = join(Term(part.coefficient, part.powers), (ONE, ONE))
    X, power = _run(part.chain)
    rest = part.chain[power:]
    if power >= FEWEST - 1 and rest and rest[-1] is not X:
        E = build("matmul", *rest)
        members = [build("matmul", *[X] * i, E, *[X] * (power - i)) for i in range(power + 1)]
        yield [build("scale", front, m) for m in members], build("scale", front, _sum(X, power + 1, E))
    if part.chain[0].op.name == "kron" and len(part.chain) == 1 and part.chain[0].args[0].op is IDENTITY:
        X, power = _run(factors(part.chain[0].args[1]))
        Y, one = build("transpose", X), identity(X.shape[0])
        pairs = [[build("matmul", one, *[Y] * (power - i)), build("matmul", one, *[X] * i)] for i in range(power + 1)]
        alone = power == len(factors(part.chain[0].args[1])) and X.op.name != "transpose"
        if power >= FEWEST - 1 and alone and one is part.chain[0].args[0]:
            whole = node(op("matpow_kronecker"), (X, number(power + 1)), (), t.shape)
            yield [build("scale", front, build("kron", *pair)) for pair in pairs], build("scale", front, whole)


def _run(chain: list[Expr]) -> tuple[Expr, int]:
    """The first factor, and how often it stands at the beginning."""
    return chain[0], len(list(takewhile(lambda f: f is chain[0], chain)))


def _sum(X: Expr, count: int, E: Expr) -> Expr:
    """The sum as one node, which stands for itself: in normal form it is written out.  Transposed where that reads better."""
    Y, F = build("transpose", X), build("transpose", E)
    if transposes(Y) + transposes(F) + 1 < transposes(X) + transposes(E):
        return node(op("transpose"), (_sum(Y, count, F),), (), X.shape)
    return node(op("matpow_frechet"), (X, number(count), E), (), X.shape)
