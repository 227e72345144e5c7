"""Totals: sums of all entries of elementwise products, and traces, as canonical scalars.

A sum of a product of two is an inner product, and of matrices a trace; of three and more it stays 1ᵀ(u ⊙ v ⊙ w)1.  A trace is the best
rotation of its word or of the transposed word.
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.core.chains import adjoined, matmul, primitive_factors, square, turn, turned, word
from matcalc.core.expression import Expr, node
from matcalc.core.index_sums import summed
from matcalc.core.indices import PLACE, UNIT_AT, counter, letter_of
from matcalc.core.leaves import IDENTITY, INDEX_SUM, UNIT, is_zero_leaf, number, ones, size_number
from matcalc.core.notes import note
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import build, chain_node, constructor, factors, is_column, is_ones, join, op, split


@constructor("total")
def total(*parts: Expr) -> Expr:
    """1ᵀ(u ⊙ v ⊙ …)1 for columns or matrices of one shape; of arrays their sum."""
    product = build("hadamard", *parts) if len(parts) > 1 else parts[0]
    part = split(product)
    if part.coefficient != 1 or part.powers:
        unit = total(chain_node(part.chain))
        part.chain = []
        part.take_scalar(unit)
        return join(part, SCALAR)
    if is_ones(product):
        return build("scale", *map(size_number, product.shape))
    if is_zero_leaf(product):
        return number(0)
    if product.op in (UNIT, UNIT_AT):
        return number(1)
    if len(product.shape) > 2:
        return _of_array(product)
    entries = _entries(product)
    chains = [h for h in entries if h.op.name == "matmul"]
    atoms = [h for h in entries if h.op.name != "matmul"]
    if len(chains) == 1 and not is_column(product) and chains[0].args and any(f.shape[0] is ONE for f in chains[0].args[1:]):
        return _weighted_by_outer(chains[0], atoms, product)
    if len(chains) == 1 and atoms:
        return _pairing(build("hadamard", *atoms), chains[0])
    if len(chains) == 2:
        weighted = [build("diag", build("hadamard", *atoms))] if atoms and is_column(product) else []
        if weighted or not atoms:
            return _pairing(chains[0], build("matmul", *weighted, chains[1]))
    if len(chains) == 1:
        return matmul(*(_row_of_ones(product), chains[0], *_column_of_ones(product)))
    if len(entries) == 2 and not chains:
        return _pairing(*entries)
    return _unopened(product)


def _unopened(product: Expr) -> Expr:
    """1ᵀX1 of what no law opens, X or its transpose chosen by keys."""
    other = split(turn(product)) if not is_column(product) else split(product)
    unit = chain_node(other.chain)
    c = Fraction(1)
    if unit.key < product.key:
        c, product = other.coefficient, unit
    total = node(op("matmul"), (_row_of_ones(product), product, *_column_of_ones(product)), (), SCALAR)
    return build("scale", number(c), total)


def _of_array(product: Expr) -> Expr:
    """The sum of all entries of an array of order three or more: of what stands in it at one place or at many, term by term."""
    if product.op.name == "add":
        return build("add", *map(total, product.args))
    if product.op is PLACE:
        return total(product.args[0])
    if product.op is INDEX_SUM:
        return summed(total(product.args[0]), counter(product), letter_of(product))
    return node(op("sum"), (product,), (), SCALAR)


def _entries(product: Expr) -> list[Expr]:
    """The factors of an elementwise product, a square counted as two."""
    listed: list[Expr] = []
    for h in product.args if product.op.name == "hadamard" else (product,):
        double = h.op.name == "power" and h.args[1].op.name == "number" and h.args[1]["value"] == 2
        listed += [h.args[0]] * 2 if double else [h]
    return listed


def _row_of_ones(m: Expr) -> Expr:
    return turn(ones((m.shape[0], ONE)))


def _column_of_ones(m: Expr) -> list[Expr]:
    return [] if is_column(m) else [ones((m.shape[1], ONE))]


def _weighted_by_outer(outer: Expr, atoms: list[Expr], product: Expr) -> Expr:
    """1ᵀ(R ⊙ u wᵀ)1 = uᵀ R w."""
    at = next(i for i, f in enumerate(outer.args) if i and f.shape[0] is ONE)
    u, w = build("matmul", *outer.args[:at]), turn(build("matmul", *outer.args[at:]))
    if not atoms:
        return build("scale", matmul(_row_of_ones(u), u), matmul(_row_of_ones(w), w))
    return matmul(turn(u), build("hadamard", *atoms), w)


def _pairing(a: Expr, b: Expr) -> Expr:
    """The inner product of two columns or matrices that are no further products of entries."""
    if is_column(a):
        chain = [*factors(turn(a)), *factors(b)]
        if len(chain) > 2:
            return matmul(*chain)
        return word(chain)
    return tr(matmul(turn(a), b))


@constructor("tr")
def tr(m: Expr) -> Expr:
    """The trace: linear, and of a product the best rotation of the word or its transpose."""
    if is_zero_leaf(m):
        return number(0)
    if m.is_scalar:
        return m
    if m.op.name == "add":
        return build("add", *(tr(t) for t in m.args))
    term = split(m)
    chain, term.chain = term.chain, []
    term.take_scalar(_trace(chain))
    return join(term, SCALAR)


def _trace(chain: list[Expr]) -> Expr:
    if len(chain) == 1:
        return _trace_of_one(chain[0])
    for i in range(1, len(chain)):
        if chain[i].shape[0] is ONE:
            note("tr(AB) = tr(BA)")
            return matmul(*chain[i:], *chain[:i])
    rotated = build("matmul", chain[-1], *chain[:-1])
    if factors(rotated) != [chain[-1], *chain[:-1]]:
        note("tr(AB) = tr(BA)")
        return tr(rotated)
    if len(chain) == 2 and sum(len(_entries(f)) for f in chain) > 2:
        return total(turn(chain[0]), chain[1])
    return _cycle(chain)


def _trace_of_one(m: Expr) -> Expr:
    if m.op.name == "add":
        return tr(m)
    if m.op is IDENTITY:
        return size_number(m.shape[0])
    if m.op.name == "diag":
        return build("sum", m.args[0])
    other = turn(m)
    best = min(m, other, key=lambda e: (e.op.name == "transpose", e.key))
    return node(op("tr"), (best,), (), SCALAR)


def _cycle(chain: list[Expr]) -> Expr:
    words = []
    for c, units in (primitive_factors(chain), turned(chain)):
        words += [(c, units[i:] + units[:i]) for i in range(len(units))]
    if len(chain) % 2 == 0:
        half = len(chain) // 2
        squares = [(c, w) for c, w in words if adjoined(w[half:])[1] == w[:half]]
        if squares:
            return square(*min(squares, key=lambda cw: [f.key for f in cw[1][half:]]))
    c, best = min(words, key=lambda cw: [f.key for f in cw[1]])
    return build("scale", number(c), node(op("tr"), (chain_node(best),), (), SCALAR))


@constructor("inner")
def inner(a: Expr, b: Expr) -> Expr:
    """A : B as a trace, a product of columns, or a product of scalars."""
    if a.is_scalar:
        return build("scale", a, b)
    if len(a.shape) > 2:
        return total(a, b)
    return matmul(turn(a), b) if is_column(a) else tr(matmul(turn(a), b))


@constructor("sum")
def sum_(m: Expr) -> Expr:
    """The sum of all entries, 1ᵀM1."""
    if m.is_scalar:
        return m
    if len(m.shape) > 2:
        return total(m)
    left = [] if m.shape[0] is ONE else [_row_of_ones(m)]
    return matmul(*left, m, *_column_of_ones(m))
