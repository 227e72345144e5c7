"""Products lifted: a column, a row or a scalar that is made by a product for every value of an index.

Inner sizes of 1 cut a chain into scalars and at most one column or row; each goes from the end that is no matrix, and so a matrix
for every i never stands alone.
"""

from __future__ import annotations

from matcalc.core.builders import call, times, turned
from matcalc.core.chains import pieces
from matcalc.core.expression import Expr
from matcalc.core.leaves import IDENTITY
from matcalc.engine.factors import NoMatrixForm, chain_of, entrywise_product, opened, product_of
from matcalc.engine.lifting import RULES, Lifting


def lifted_product(lifting: Lifting, e: Expr) -> Expr:
    """The lifted form of a product that is no matrix."""
    scalars, chain = opened(e)
    cut = pieces(chain)
    columns = [p for p in cut if not _is_scalar(p)]
    if len(columns) > 1:
        raise NoMatrixForm
    parts = [_scalar(lifting, p) for p in cut if _is_scalar(p)]
    parts += [lifting.lift(s) if lifting.varies(s) else s for s in scalars]
    constant = [p for p in parts if p.is_scalar]
    moving = [p for p in parts if not p.is_scalar]
    if columns:
        rest = _end(lifting, columns[0]) if any(map(lifting.varies, columns[0])) else lifting.spread(chain_of(columns[0]))
        for weights in moving:
            rest = call("diag", weights) @ rest
    else:
        rest = entrywise_product(moving)
    return times(product_of(constant), rest) if constant else rest


RULES["matmul"] = lifted_product


def _is_scalar(piece: list[Expr]) -> bool:
    return chain_of(piece).is_scalar


def _scalar(lifting: Lifting, piece: list[Expr]) -> Expr:
    """rᵀ A … c for each i."""
    varying = [k for k, f in enumerate(piece) if lifting.varies(f)]
    if not varying:
        return chain_of(piece)
    if len(piece) == 1:
        return lifting.of(piece[0])
    last = len(piece) - 1
    if varying == [last]:
        rows, fixed = lifting.of(piece[last]), turned(chain_of(piece[:last]))
        return fixed if rows.op is IDENTITY else rows @ fixed
    first = varying[0]
    rows = lifting.of(piece[0]) if first == 0 else lifting.spread(chain_of(piece[:first]))
    for f in piece[max(first, 1) : last]:
        rows = _times(lifting, rows, f)
    if not lifting.varies(piece[last]):
        return rows @ piece[last]
    return call("row_sums", entrywise_product([rows, lifting.of(piece[last])]))


def _times(lifting: Lifting, rows: Expr, factor: Expr) -> Expr:
    """The rows times a matrix; one for each i may be diagonal."""
    if not lifting.varies(factor):
        return rows @ factor
    if factor.op.name == "diag":
        return entrywise_product([rows, lifting.lift(factor.args[0])])
    if factor.op.name == "transpose" and factor.args[0].op.name == "diag":
        return _times(lifting, rows, factor.args[0])
    raise NoMatrixForm


def _end(lifting: Lifting, chain: list[Expr]) -> Expr:
    """A column A B … c, from its end; a row from its beginning."""
    if chain[-1].is_column:
        rows = lifting.of(chain[-1])
        for f in reversed(chain[:-1]):
            rows = _times(lifting, rows, turned(f))
        return rows
    rows = lifting.of(chain[0])
    for f in chain[1:]:
        rows = _times(lifting, rows, f)
    return rows
