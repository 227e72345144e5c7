"""Words with unit vectors or ones at their ends, as the entries that they pick and the means that they are."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.core.canonical import transposes
from matcalc.core.expression import Expr, plain
from matcalc.core.leaves import UNIT, size_number
from matcalc.core.terms import Term, build, chain_node, is_ones, op
from matcalc.engine.signs import holds_differential


def entry_of(word: list[Expr], write: Callable[[Expr], Expr]) -> Expr | None:
    """e_iᵀx as the entry x_i, e_iᵀX e_j as X_ij; None for a word that is neither."""
    first = build("transpose", word[0])
    if first.op is not UNIT or len(word) > 3 or holds_differential(word[1]):
        return None
    if len(word) == 2:
        return plain(op("entry_of_vector"), write(word[1]), i=first["position"])
    if word[2].op is not UNIT or word[1].op.name == "transpose":
        return None
    return plain(op("entry"), write(word[1]), i=first["position"], j=word[2]["position"])


def with_means(term: Term) -> Term:
    """The term with mean(x) put where it has the sum of a column over its size."""
    for base, power in list(term.powers.items()):
        if power != 1 or base.op.name != "matmul" or not is_ones(base.args[0]) or is_ones(base.args[-1]):
            continue
        column = chain_node(list(base.args[1:]))
        size = size_number(column.shape[0])
        below = term.powers.get(size)
        if isinstance(below, Fraction) and below <= -1:
            del term.powers[base]
            term.take(size, Fraction(1))
            term.powers[plain(op("mean"), column)] = Fraction(1)
    return term


def rows_summed(f: Expr, write: Callable[[Expr], Expr]) -> Expr:
    """X 1 as the sums of the rows, Xᵀ1 as those of the columns."""
    mirror = build("transpose", f)
    if transposes(mirror) < transposes(f):
        return plain(op("column_sums"), write(mirror))
    return plain(op("row_sums"), write(f))
