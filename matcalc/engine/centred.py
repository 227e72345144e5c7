"""What is centred: a column whose entries sum to 0, such as x − mean(x) 1 and its multiples.  Names are transparent here."""

from __future__ import annotations

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, NAMED, is_zero_leaf, number, unnamed
from matcalc.core.terms import build, is_column, is_ones, split
from matcalc.engine.expand import expanded

LARGEST = 200
"""A column of more nodes than this is not looked at: what names stand for is written out."""


def without_centred(e: Expr) -> tuple[Expr, list[Expr]]:
    """The canonical e with sums of what is centred left away, and what was found to be centred."""
    found: list[Expr] = []
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if y.op in (NAMED, DIFFERENTIAL) else y.args):
        y = x if not x.args or x.op in (NAMED, DIFFERENTIAL) else canonical(rebuilt(x, tuple(new[a] for a in x.args)))
        if y.op.name == "matmul" and len(y.args) == 2 and y.is_scalar:
            y = _total(y, found)
        new[x] = y
    return new[e], found


def _total(word: Expr, found: list[Expr]) -> Expr:
    """1ᵀ(a + b + …) without the terms that are centred."""
    first, last = build("transpose", word.args[0]), word.args[1]
    if is_ones(last):
        first, last = last, first
    if not is_ones(first):
        return word
    terms = last.args if last.op.name == "add" else (last,)
    kept = [t for t in terms if not _is_centred(t, found)]
    if len(kept) == len(terms):
        return word
    return build("add", *(build("total", t) for t in kept)) if kept else number(0)


def _is_centred(t: Expr, found: list[Expr]) -> bool:
    chain = split(t).chain
    if len(chain) != 1 or not is_column(chain[0]) or not centred(chain[0]):
        return False
    if chain[0] not in found:
        found.append(chain[0])
    return True


def centred(column: Expr) -> bool:
    """Whether the entries of a column are known to sum to 0."""
    known = column.memo.get("centred")
    if known is None:
        known = False
        if len(list(postorder(column))) <= LARGEST:
            e = split(canonical(unnamed(column))).chain[0]
            e = expanded(e)
            total = build("add", *(build("total", t) for t in (e.args if e.op.name == "add" else (e,))))
            known = e.op.name == "add" and is_zero_leaf(total)
        column.memo["centred"] = known
    return bool(known)
