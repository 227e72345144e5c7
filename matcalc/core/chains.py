"""Chains: the normal form of matrix products, inner products, traces and sums of all entries.

A product is cut where a size is 1, so that v (vᵀL) and (vᵀL) v are one node.  What is left of a column is normalised from the
right (diag(u) in front of a column is u ⊙), a row as the transpose of a column, and a scalar as one of

    pᵀ M₁…M_k q      p, q columns that are no chains, the direction chosen by keys
    1ᵀ(u ⊙ v ⊙ w)    sums of elementwise products of three and more; of two they are inner products
    tr(M₁…M_k)       the rotation, and the word or its transpose, chosen by keys
    ‖W‖²             where the word reads WᵀW, or WᴴW of what may be complex
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.core.expression import Expr, node
from matcalc.core.indices import UNIT_AT
from matcalc.core.leaves import IDENTITY, UNIT, identity, is_zero_leaf, number, zeros
from matcalc.core.notes import note
from matcalc.core.reality import all_real
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import Term, build, chain_node, combine, constructor, factors, is_column, is_ones, join, op, split
from matcalc.core.windows import WIDEST, operations_of, rewritten


def turn(e: Expr) -> Expr:
    """The canonical transpose."""
    return build("transpose", e)


def turned(chain: list[Expr]) -> tuple[Fraction, list[Expr]]:
    """The factors of the transposed chain, and the number that comes out: the transpose of a primitive sum need not be one."""
    return primitive_factors([turn(f) for f in reversed(chain)])


@constructor("matmul")
def matmul(*args: Expr) -> Expr:
    """The canonical product of canonical factors."""
    shape = (args[0].shape[0], args[-1].shape[1])
    if any(is_zero_leaf(a) for a in args):
        note("nothing times anything is nothing")
        return zeros(shape)
    term, rest = combine(args)
    chain = [f for r in rest for f in factors(r)]
    _reduce(chain, term)
    if any(is_zero_leaf(f) for f in chain):  # by a rule
        return zeros(shape)
    kept: list[list[Expr]] = []
    for segment in pieces(chain):
        if segment[0].shape[0] is ONE and segment[-1].shape[1] is ONE:
            term.take_scalar(_scalar(segment))
        else:
            kept.append(segment)
    for segment in kept:
        part = split(_one_sided(segment))
        term.coefficient *= part.coefficient
        for base, exponent in part.powers.items():
            term.take(base, exponent)
        term.chain += part.chain
    if not term.chain and shape != SCALAR:
        term.chain = [identity(shape[0])]
    return join(term, shape)


def _reduce(chain: list[Expr], term: Term) -> None:
    """Drop identities and apply the rules that rewrite a window of a product; scalars that come out go to the term."""
    if any(f.op is IDENTITY for f in chain) and len(chain) > 1:
        note("I is the unit of the product")
        chain[:] = [f for f in chain if f.op is not IDENTITY] or chain[:1]
    start, present = 0, operations_of(chain)
    while start < len(chain):
        found = rewritten(chain, start, present)
        if found is None:
            start += 1
            continue
        length, replacement = found
        rest = combine([replacement])
        inner_term, matrices = rest
        term.coefficient *= inner_term.coefficient
        for base, exponent in inner_term.powers.items():
            term.take(base, exponent)
        new = [f for m in matrices for f in factors(m)]
        if len(chain) > length and len(new) == 1 and new[0].op is IDENTITY:
            new = []
        chain[start : start + length] = new
        present |= operations_of(new)
        start = max(0, start - WIDEST)  # a rule for (PᵀP) (PᵀP)⁻¹ begins as far to the left as its product is long


def pieces(chain: Sequence[Expr]) -> list[list[Expr]]:
    """A chain cut at its inner sizes of 1."""
    found: list[list[Expr]] = []
    for f in chain:
        if found and f.shape[0] is not ONE:
            found[-1].append(f)
        else:
            found.append([f])
    return found


def _one_sided(chain: list[Expr]) -> Expr:
    """A chain without inner boundaries of size 1 that is no scalar."""
    if is_column(chain[-1]):
        return _column(chain)
    if chain[0].shape[0] is ONE:
        c, column = turned(chain)
        return build("scale", number(c), turn(_column(column)))
    return chain_node(chain)


def _column(chain: list[Expr]) -> Expr:
    """A column M₁…M_k q: the diagonal matrices in it act entry by entry."""
    at = max((i for i, f in enumerate(chain[:-1]) if f.op.name == "diag"), default=None)
    if at is None:
        return chain_node(chain)
    note("diag(u) v = u ⊙ v")
    inside = build("hadamard", chain[at].args[0], _column(chain[at + 1 :]))
    return build("matmul", *chain[:at], inside) if at else inside


def _scalar(chain: list[Expr]) -> Expr:
    """A chain of shape 1×1 as a canonical scalar."""
    if len(chain) == 1:
        return chain[0]
    ends = turn(chain[0]), chain[-1]
    if len(chain) == 2:
        units = [x.op in (UNIT, UNIT_AT) for x in ends]
        if all(units) and (ends[0] is ends[1] or ends[0].op is ends[1].op is UNIT):
            return number(int(ends[0] is ends[1]))
        if any(units) and any(map(is_ones, ends)):
            return number(1)
    term = Term()
    front, back = _unit(turn(chain[0]), term), chain[-1]
    middle, back = _opened(list(chain[1:-1]), back)
    c, from_behind = turned(middle)
    from_behind, front = _opened(from_behind, front)
    d, middle = turned(from_behind)
    term.coefficient *= c * d
    _reduce(middle, term)
    while middle and middle[-1].op.name == "diag":
        back = build("hadamard", middle.pop().args[0], back)
    while middle and middle[0].op.name == "diag":
        front = build("hadamard", middle.pop(0).args[0], front)
    if middle == [] or middle[0].op is IDENTITY:
        term.take_scalar(build("total", front, back))
        return join(term, SCALAR)
    if is_ones(front) and is_ones(back) and len(middle) == 1:
        term.take_scalar(build("total", *middle))
        return join(term, SCALAR)
    front, back = _unit(front, term), _unit(back, term)
    if len(factors(front)) > 1 or len(factors(back)) > 1:
        term.take_scalar(matmul(turn(front), *middle, back))
    else:
        term.take_scalar(word([turn(front), *middle, back]))
    return join(term, SCALAR)


def _unit(e: Expr, term: Term) -> Expr:
    """A matrix without its scalars, which go to the term."""
    part = split(e)
    term.coefficient *= part.coefficient
    for base, exponent in part.powers.items():
        term.take(base, exponent)
    return chain_node(part.chain)


def primitive_factors(chain: list[Expr]) -> tuple[Fraction, list[Expr]]:
    """The chain with every sum in it primitive and no number in front of a factor, and the number that comes out."""
    out = Fraction(1)
    units: list[Expr] = []
    for f in chain:
        part = split(f)
        out *= part.coefficient
        units += part.chain
    return out, units


def _opened(middle: list[Expr], back: Expr) -> tuple[list[Expr], Expr]:
    """The end of a scalar chain, with an elementwise product that holds one chain opened: u ⊙ (Bx) is diag(u) B x."""
    while True:
        part = split(back)
        if part.coefficient != 1 or part.powers or len(part.chain) != 1 or back.op.name != "hadamard":
            return middle, back
        chains = [h for h in back.args if h.op.name == "matmul"]
        if len(chains) != 1:
            return middle, back
        others = [h for h in back.args if h.op.name != "matmul"]
        middle = [*middle, build("diag", build("hadamard", *others)), *chains[0].args[:-1]]
        back = chains[0].args[-1]


def adjoined(chain: list[Expr]) -> tuple[Fraction, list[Expr]]:
    """The same for the conjugate transpose, which is the transpose where all is real."""
    return turned(chain if all_real(*chain) else [build("conj", f) for f in chain])


def word(chain: list[Expr]) -> Expr:
    """The better direction of a scalar chain pᵀ…q; ‖W‖² where it reads WᵀW."""
    c, word = primitive_factors(chain)
    d, other = turned(chain)
    if len(chain) % 2 == 0 and (other if all_real(*word) else adjoined(chain)[1]) == word:
        return square(c, word)
    if [f.key for f in other] < [f.key for f in word]:
        c, word = d, other
    return build("scale", number(c), node(op("matmul"), tuple(word), (), SCALAR))


def square(c: Fraction, word: list[Expr]) -> Expr:
    """c ‖W‖² for a word that reads WᵀW, up to a number."""
    note("XᵀX has trace ‖X‖²")
    half = word[len(word) // 2 :]
    d, front = adjoined(half)
    assert front == word[: len(word) // 2]
    return build("scale", number(c / d), build("power", build("norm", build("matmul", *half)), number(2)))


@constructor("outer")
def outer(x: Expr, y: Expr) -> Expr:
    """x yᵀ as a chain."""
    return matmul(x, turn(y))
