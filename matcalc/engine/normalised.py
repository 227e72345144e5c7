"""What sums to 1, as the values of a softmax do: a constant comes out of pᵀ(r + c 1).  Names are transparent here."""

from __future__ import annotations

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, NAMED, number, unnamed
from matcalc.core.terms import Term, build, is_column, is_ones, join, split
from matcalc.engine.simplify import simplified

LARGEST = 200
"""A column of more nodes than this is not looked at: what names stand for is written out."""


def with_constants_out(e: Expr) -> tuple[Expr, list[Expr]]:
    """The canonical e with pᵀ(r + c 1) as pᵀr + c, and the columns p that sum to 1."""
    found: list[Expr] = []
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if y.op in (NAMED, DIFFERENTIAL) else y.args):
        y = x if not x.args or x.op in (NAMED, DIFFERENTIAL) else canonical(rebuilt(x, tuple(new[a] for a in x.args)))
        if y.op.name == "matmul" and len(y.args) == 2 and y.is_scalar:
            y = _without_constants(y, found)
        new[x] = y
    return new[e], found


def _without_constants(word: Expr, found: list[Expr]) -> Expr:
    first, last = build("transpose", word.args[0]), word.args[1]
    for p, total in ((first, last), (last, first)):
        terms = total.args if total.op.name == "add" else (total,)
        parts = [split(t) for t in terms]
        constant = [len(part.chain) == 1 and is_ones(part.chain[0]) for part in parts]
        if not any(constant) or not normalised(p):
            continue
        if p not in found:
            found.append(p)
        rest = [t for t, c in zip(terms, constant, strict=True) if not c]
        numbers = [join(Term(part.coefficient, part.powers), word.shape) for part, c in zip(parts, constant, strict=True) if c]
        out = [*([build("inner", p, build("add", *rest) if len(rest) > 1 else rest[0])] if rest else []), *numbers]
        return build("add", *out) if len(out) > 1 else out[0]
    return word


def normalised(column: Expr) -> bool:
    """Whether the entries of a column are known to sum to 1."""
    known = column.memo.get("normalised")
    if known is None:
        known = is_column(column) and len(list(postorder(column))) <= LARGEST
        known = known and simplified(build("total", canonical(unnamed(column))))[0] is number(1)
        column.memo["normalised"] = known
    return bool(known)
